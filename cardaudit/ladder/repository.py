"""A model's repository at hand: a folder that holds one, or the small files of one on the Hub, at one commit."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from cardaudit.errors import CardauditError
from cardaudit.evidence.repository import demand_inside
from cardaudit.hub.evidence import SMALL_FILES
from cardaudit.parse import demand_size, read_bytes
from cardaudit.records import Card, ModelPlan
from cardaudit.runs import files_sha256

CARD_FILES = ("README.md", "card.md")
SIGNS = (
    "config.json",
    "adapter_config.json",
    "model.safetensors",
    "pytorch_model.bin",
    "training_args.bin",
    "trainer_state.json",
)
LOADED = (".safetensors", ".json", ".txt", ".model")
BESIDE = SMALL_FILES - {"config.json", "tokenizer_config.json"}  # they change no score
MOST_WEIGHTS = 32 * 2**30


@dataclass(frozen=True, slots=True)
class Repository:
    """`name`: the id on the Hub or the folder as given; `revision`: the commit, None for a folder of the user's own.

    `headers`, `left_out`: as hub.evidence.RepositoryFiles has them. `bytes` and `seconds` are what fetching it cost. `asked`:
    whether the Hub may be asked for more.
    """

    name: str
    revision: str | None
    folder: Path
    card: Card
    headers: tuple[tuple[str, bytes], ...]
    left_out: tuple[tuple[str, str], ...]
    weights_bytes: int
    bytes: int
    seconds: float
    asked: bool = False


def is_repository(target: str) -> bool:
    """Whether a path is a folder with a card and files of a model beside it."""
    folder = Path(target)
    return folder.is_dir() and any((folder / name).is_file() for name in CARD_FILES) and any((folder / n).exists() for n in SIGNS)


def open_repository(target: str, offline: bool = False) -> Repository:
    """The repository of a Hub id, a web address or a folder. Raises CardauditError where it cannot be had or has no card."""
    if Path(target).exists():
        return _folder(target)
    from cardaudit.hub.evidence import fetch_repository
    from cardaudit.hub.ids import parse_target

    began = time.monotonic()
    name, revision = parse_target(target)
    files = fetch_repository(name, revision, offline)
    folder = Path(files.folder)
    return Repository(
        files.id,
        files.revision,
        folder,
        _card(folder, files.id, files.id),
        files.headers,
        files.left_out,
        files.weights_bytes,
        files.bytes,
        time.monotonic() - began,
        files.asked,
    )


def published(repository: Repository, offline: bool, allow_pickle: bool) -> ModelPlan:
    """The weights as a plan's model, downloaded where they lie on the Hub. Raises CardauditError where they cannot be had."""
    if repository.revision is None:
        wanted = [p for p in sorted(repository.folder.iterdir()) if p.suffix in (*LOADED, ".bin") and p.is_file()]
        for path in wanted:
            demand_inside(repository.folder, path)
        _demand_room(repository, sum(path.stat().st_size for path in wanted), None)
        told = files_sha256(path for path in wanted if path.name not in BESIDE)
        path = repository.folder.resolve()
        return ModelPlan(path.name, None, str(path), None, True, told)
    from cardaudit.hub import resolve_model

    _demand_room(repository, repository.weights_bytes, repository.folder)
    snapshot = resolve_model(repository.name, repository.revision, offline=offline, allow_pickle=allow_pickle)
    return ModelPlan(snapshot.id, snapshot.revision, snapshot.path, None, True)


def _folder(target: str) -> Repository:
    began, folder = time.monotonic(), Path(target)
    if not is_repository(target):
        raise CardauditError(
            f"{target} holds no repository of a model: expected README.md beside config.json, adapter_config.json or weights, "
            "or give a Hub id"
        )
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors") if path.is_file())
    card = _card(folder, str(folder / _card_file(folder)), target)
    return Repository(target, None, folder, card, (), (), weights, 0, time.monotonic() - began)


def _card_file(folder: Path) -> str:
    return next((name for name in CARD_FILES if (folder / name).is_file()), CARD_FILES[0])


def _card(folder: Path, name: str, shown: str) -> Card:
    path = folder / _card_file(folder)
    if not path.is_file():
        raise CardauditError(f"{shown} has no README.md: there is no card to verify")
    demand_inside(folder, path)
    demand_size(path.stat().st_size, name)
    return read_bytes(path.read_bytes(), name)


def _demand_room(repository: Repository, size: int, folder: Path | None) -> None:
    """Raises CardauditError for weights that are too large to be scored, or to be downloaded here."""
    if size > MOST_WEIGHTS:
        raise CardauditError(
            f"{repository.name} has {size / 2**30:,.0f} GB of weights, more than {MOST_WEIGHTS // 2**30}: not scored"
        )
    if folder is not None and size > (free := shutil.disk_usage(folder).free):
        raise CardauditError(
            f"{repository.name} has {size / 2**30:,.1f} GB of weights, and {free / 2**30:,.1f} GB of disk are free"
        )
