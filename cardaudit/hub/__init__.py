"""The only module that talks to the Hub: cards, and snapshots of models and data sets pinned to a commit.

huggingface_hub is imported inside functions. It honours HF_ENDPOINT, HF_HOME, HF_HUB_OFFLINE and the usual places of a token,
which is never printed. Everything is downloaded as files; nothing of a repository is ever run or unpickled here.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import NotFound, ask, endpoint
from cardaudit.hub.cached import NotCached, Snapshot, cached, files_below, is_offline
from cardaudit.hub.ids import canonical_dataset, canonical_model, is_repo_id, parse_target, split_revision

__all__ = [
    "DatasetRepo",
    "FetchedCard",
    "NotCached",
    "Snapshot",
    "canonical_dataset",
    "canonical_model",
    "conversion_files",
    "download_dataset",
    "fetch_card",
    "find_dataset",
    "is_repo_id",
    "resolve_model",
    "split_revision",
]

MODEL_FILES = (".safetensors", ".json", ".txt", ".model")
PICKLES = re.compile(r"pytorch_model(-\d+-of-\d+)?\.bin")
DATA_FILES = (".parquet", ".csv", ".tsv", ".json", ".jsonl", ".jsonl.gz", ".txt", ".conll", ".arrow", ".zip", ".gz", ".zst")
CONVERSION = "refs/convert/parquet"
COMMIT = re.compile(r"[0-9a-f]{40}")
MAX_CARD = 8 * 2**20  # as parse.py has it


class FetchedCard(NamedTuple):
    """A card from the Hub: its text, the commit it was read at, and the repository's id as the Hub spells it today."""

    text: str
    revision: str
    name: str


@dataclass(frozen=True, slots=True)
class DatasetRepo:
    """A data set on the Hub at one commit, not yet downloaded (or found in the cache: `folder`).

    `converted`: its own files are a loading script, which is never run, so the commit is that of its Parquet conversion.
    `configs`: their names; empty where the repository has just one without a name.
    """

    id: str
    revision: str
    converted: bool
    files: tuple[str, ...]
    configs: tuple[str, ...] = ()
    folder: str | None = None


def fetch_card(target: str, offline: bool = False) -> FetchedCard:
    """The card of `user/model`, `user/model@revision`, or a model's web address.

    Raises CardauditError where there is none, it is gated or private, or the Hub cannot be reached and nothing is cached.
    """
    name, revision = parse_target(target)
    if is_offline(offline):
        snapshot = cached("model", name, revision, lambda files: "README.md" in files)
        return FetchedCard(_read_card(Path(snapshot.path, "README.md")), snapshot.revision, name)
    from huggingface_hub import hf_hub_download

    info = _info("model", name, revision)
    _demand_card(info)
    path = ask("model", name, revision, lambda _: hf_hub_download(info.id, "README.md", revision=info.sha), file="README.md")
    return FetchedCard(_read_card(Path(path)), info.sha, info.id)


def resolve_model(name: str, revision: str | None = None, offline: bool = False, allow_pickle: bool = False) -> Snapshot:
    """A model's weights, config and tokenizer at one commit; safetensors only unless `allow_pickle`.

    Raises CardauditError where it cannot be had.
    """
    if is_offline(offline):
        return cached("model", name, revision, lambda files: "config.json" in files)
    info = _info("model", name, revision)
    names = [sibling.rfilename for sibling in info.siblings or ()]
    wanted = [n for n in names if "/" not in n and n.endswith(MODEL_FILES)]
    if not any(n.endswith(".safetensors") for n in wanted):
        pickles = [n for n in names if PICKLES.fullmatch(n)]
        if pickles and not allow_pickle:
            raise CardauditError(
                f"{info.id} has its weights as a pickle only, which can run code: --allow-pickle loads it with weights_only"
            )
        wanted += pickles
    return Snapshot(info.id, info.sha, _download("model", info.id, info.sha, wanted))


def find_dataset(name: str, revision: str | None = None, offline: bool = False) -> DatasetRepo:
    """A data set's commit, files and configs, nothing downloaded yet.

    A bare id is asked of the Hub, which redirects it; offline, and in another spelling, the shipped table knows it. A repository
    that is only a loading script stands for its Parquet conversion. Raises CardauditError where it cannot be had.
    """
    if is_offline(offline):
        return _cached_dataset(canonical_dataset(name), revision)
    info = _info("dataset", name, revision)
    names = _names(info)
    if not _is_script(info.id, names):
        card = info.card_data.to_dict() if info.card_data else {}
        return DatasetRepo(info.id, info.sha, False, names, _declared_configs(card))
    refs = ask("dataset", info.id, None, lambda api: api.list_repo_refs(info.id, repo_type="dataset"))
    commit = next((ref.target_commit for ref in refs.converts if ref.name == "parquet" or ref.ref == CONVERSION), None)
    if commit is None:
        raise CardauditError(
            f"{info.id} is a loading script, which cardaudit never runs, and the Hub has no Parquet conversion of it: "
            "give the data as files with --set dataset=PATH"
        )
    converted = _info("dataset", info.id, commit)
    return _converted(info.id, converted.sha, _names(converted))


def download_dataset(repo: DatasetRepo, config: str | None) -> Snapshot:
    """The files of one config of a data set (all of them where it is not known which belong to it)."""
    if repo.folder is not None:
        return Snapshot(repo.id, repo.revision, repo.folder)
    if repo.converted:
        wanted = [n for n in repo.files if n.startswith(f"{config}/") and "/partial-" not in n]
    else:
        wanted = [n for n in repo.files if n == "README.md" or n.endswith(DATA_FILES)]
    return Snapshot(repo.id, repo.revision, _download("dataset", repo.id, repo.revision, wanted))


def conversion_files(names: Iterable[str], config: str) -> dict[str, str]:
    """Split -> glob of one config of a Parquet conversion. Truncated splits ("partial-train") are left out."""
    found: dict[str, str] = {}
    for name in sorted(names):
        parts = name.split("/")
        if parts[0] != config or not name.endswith(".parquet"):
            continue
        if len(parts) == 3 and not parts[1].startswith("partial-"):
            found[parts[1]] = f"{config}/{parts[1]}/*.parquet"
        elif len(parts) == 2 and (match := re.fullmatch(r".*?-(\w+?)(?:-\d+-of-\d+)?\.parquet", parts[1])):
            found[match[1]] = f"{config}/*-{match[1]}*.parquet"
    return found


def _info(kind: str, name: str, revision: str | None) -> Any:
    """What the Hub says of a repository at a revision: its id today, commit, files with sizes, front matter.

    A bare id is asked as it stands, because the Hub knows all that were moved; where a server does not, under its owner of the
    shipped table. Raises CardauditError where it cannot be had.
    """
    spelled = canonical_model(name) if kind == "model" else canonical_dataset(name)
    if not name.islower():  # "CoNLL-2003" is a name, and no id
        name = spelled

    def about(each: str) -> Any:
        at = revision or "main"  # some mirrors answer for a revision only
        return ask(kind, each, revision, lambda api: api.repo_info(each, repo_type=kind, revision=at, files_metadata=True))

    try:
        info = about(name)
    except NotFound:
        if spelled == name:
            raise
        info = about(spelled)
    if not is_repo_id(str(info.id)) or not COMMIT.fullmatch(str(info.sha)):
        raise CardauditError(f"the Hub at {endpoint()} names no repository and commit for {name}: check HF_ENDPOINT")
    return info


def _converted(name: str, commit: str, names: tuple[str, ...]) -> DatasetRepo:
    configs = tuple(dict.fromkeys(n.split("/")[0] for n in names if n.endswith(".parquet") and "/" in n))
    return DatasetRepo(name, commit, True, names, configs)


def _declared_configs(card: dict[str, Any]) -> tuple[str, ...]:
    configs = card.get("configs") or card.get("dataset_info") or ()
    entries = [configs] if isinstance(configs, dict) else configs
    return tuple(str(entry["config_name"]) for entry in entries if isinstance(entry, dict) and "config_name" in entry)


def _names(info: Any) -> tuple[str, ...]:
    return tuple(sibling.rfilename for sibling in info.siblings or ())


def _is_script(name: str, files: Iterable[str]) -> bool:
    return f"{name.rsplit('/', 1)[-1]}.py" in files


def _demand_card(info: Any) -> None:
    """Raises CardauditError where the repository's README.md is larger than any card, before it is downloaded."""
    size = next((sibling.size or 0 for sibling in info.siblings or () if sibling.rfilename == "README.md"), 0)
    if size > MAX_CARD:
        raise CardauditError(f"the README.md of {info.id} has {size / 2**20:,.0f} MB, a card has at most {MAX_CARD // 2**20}")


def _read_card(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CardauditError(f"{path} cannot be read as UTF-8: {error}") from error


def _download(kind: str, name: str, commit: str, wanted: Sequence[str]) -> str:
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    if not sys.stderr.isatty():
        disable_progress_bars()
    for file in wanted:
        if file.startswith("/") or ".." in file.split("/"):
            raise CardauditError(f"{name} names a file outside its folder ({file!r}): it is not downloaded")
    exact = [re.sub(r"([*?\[])", r"[\1]", file) for file in wanted]
    return str(
        ask(
            kind,
            name,
            commit,
            lambda _: snapshot_download(name, repo_type=kind, revision=commit, allow_patterns=exact or ["README.md"]),
            files=True,
        )
    )


def _cached_dataset(name: str, revision: str | None) -> DatasetRepo:
    snapshot = cached("dataset", name, revision, lambda files: any(file.endswith(DATA_FILES) for file in files))
    names = tuple(sorted(files_below(Path(snapshot.path))))
    if "README.md" not in names and all("/" in n for n in names if n.endswith(".parquet")):
        converted = _converted(name, snapshot.revision, names)
        return DatasetRepo(name, snapshot.revision, True, names, converted.configs, snapshot.path)
    return DatasetRepo(name, snapshot.revision, False, names, (), snapshot.path)
