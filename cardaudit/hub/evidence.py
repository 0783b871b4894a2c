"""The small files of a model repository that tell how it was made, and the header of its weights: nothing of it is run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import ask
from cardaudit.hub.cached import cached, is_offline

MAX_FILE = 64 * 2**20
WEIGHTS = (".safetensors", ".bin")
MOST_EVENT_FILES = 20
MOST_COMMITS = 20
MAX_CARD = 2**20
RESULTS = ("all_results.json", "eval_results.json", "train_results.json", "predict_results.json", "test_results.json")
SMALL_FILES = frozenset(
    ("README.md", "training_args.bin", "trainer_state.json", "config.json", "tokenizer_config.json", *RESULTS)
)


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """A repository at one commit, its small files in `folder`.

    `header`: tensors of the weights as (name, dtype, shape), None where they are no safetensors. `left_out`: files that were not
    downloaded, each with the reason. `bytes` is what the small files weigh, `weights_bytes` what all
    weights would.
    """

    id: str
    revision: str
    folder: str
    files: tuple[str, ...]
    header: tuple[tuple[str, str, tuple[int, ...]], ...] | None
    left_out: tuple[tuple[str, str], ...]
    bytes: int
    weights_bytes: int = 0


def fetch_repository(name: str, revision: str | None = None, offline: bool = False) -> RepositoryFiles:
    """The evidence of a model's repository; raises CardauditError where the repository cannot be had."""
    if is_offline(offline):
        snapshot = cached("model", name, revision, lambda files: "README.md" in files)
        return RepositoryFiles(snapshot.id, snapshot.revision, snapshot.path, (), None, (), 0)
    info = ask("model", name, revision, lambda api: api.model_info(name, revision=revision, files_metadata=True))
    sizes = {sibling.rfilename: sibling.size or 0 for sibling in info.siblings or ()}
    wanted, left_out = _choose(sizes)
    from cardaudit.hub import _download

    folder = _download("model", info.id, info.sha, wanted)
    header = _header(info.id, info.sha) if "model.safetensors" in sizes else None
    weights = sum(size for file, size in sizes.items() if file.endswith(WEIGHTS) and "/" not in file)
    small = sum(sizes[each] for each in wanted)
    return RepositoryFiles(info.id, info.sha, folder, tuple(sizes), header, tuple(left_out), small, weights)


def _choose(sizes: dict[str, int]) -> tuple[list[str], list[tuple[str, str]]]:
    """The files worth having, and those that are too large or named outside the repository."""
    events = sorted(name for name in sizes if "tfevents" in name)[-MOST_EVENT_FILES:]
    wanted: list[str] = []
    left_out: list[tuple[str, str]] = []
    for name in (*(each for each in sizes if each in SMALL_FILES), *events):
        if name.startswith("/") or ".." in name.split("/"):
            left_out.append((name, "it is named outside the repository"))
        elif sizes[name] > MAX_FILE:
            left_out.append((name, f"it has {sizes[name] / 2**20:,.0f} MB, more than {MAX_FILE // 2**20}"))
        else:
            wanted.append(name)
    return wanted, left_out


def _header(name: str, revision: str) -> tuple[tuple[str, str, tuple[int, ...]], ...] | None:
    """The tensors of model.safetensors, by a few kilobytes of it; None where the Hub or the file does not give them."""

    def question(api: Any) -> Any:
        return api.parse_safetensors_file_metadata(name, "model.safetensors", revision=revision)

    try:
        metadata = ask("model", name, revision, question, file="model.safetensors")
    except CardauditError:
        return None
    return tuple((key, str(tensor.dtype), tuple(map(int, tensor.shape))) for key, tensor in metadata.tensors.items())


def commits(kind: str, name: str, revision: str, most: int = MOST_COMMITS) -> list[tuple[str, str]]:
    """Commits of a repository from the newest back, as (commit, ISO time); empty where the Hub does not list them.

    `kind`: "model" or "dataset".
    """
    try:
        listed = ask(kind, name, revision, lambda api: api.list_repo_commits(name, repo_type=kind, revision=revision))
    except CardauditError:
        return []
    return [(commit.commit_id, commit.created_at.isoformat()) for commit in listed[:most]]


def card_at(name: str, commit: str) -> str | None:
    """The card as of a commit; None where that commit has none, or it cannot be had."""
    from huggingface_hub import hf_hub_download

    try:
        path = ask("model", name, commit, lambda _: hf_hub_download(name, "README.md", revision=commit), file="README.md")
        return Path(path).read_text(encoding="utf-8-sig")[:MAX_CARD]
    except (CardauditError, OSError, UnicodeDecodeError):
        return None
