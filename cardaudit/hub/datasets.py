"""Data sets on the Hub: which repository and commit stands for an id, its configs, and the files of it that are needed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import ask
from cardaudit.hub.cached import Snapshot, cached, files_below, is_offline
from cardaudit.hub.ids import canonical_dataset
from cardaudit.hub.repositories import describe, download, sizes_of

DATA_FILES = (".parquet", ".csv", ".tsv", ".json", ".jsonl", ".jsonl.gz", ".txt", ".conll", ".arrow", ".zip", ".gz", ".zst")
CONVERSION = "refs/convert/parquet"
MAX_README = 8 * 2**20


@dataclass(frozen=True, slots=True)
class DatasetRepo:
    """A data set on the Hub at one commit, not yet downloaded (or found in the cache: `folder`).

    `converted`: its own files are a loading script, which is never run, so the commit is that of its Parquet conversion.
    `configs`: their names; empty where the repository has just one without a name. `front`: its README's front matter. `sizes`:
    bytes of each file.
    """

    id: str
    revision: str
    converted: bool
    sizes: Mapping[str, int]
    configs: tuple[str, ...] = ()
    front: Mapping[str, Any] = field(default_factory=dict)
    folder: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.sizes)


def find_dataset(name: str, revision: str | None = None, offline: bool = False) -> DatasetRepo:
    """A data set's commit, files and configs, nothing but its README downloaded.

    A bare id is asked of the Hub, which redirects it; offline, and in another spelling, the shipped table knows it. A repository
    that is only a loading script stands for its Parquet conversion. Raises CardauditError where it cannot be had.
    """
    if is_offline(offline):
        return _cached(canonical_dataset(name), revision)
    info = describe("dataset", name, revision)
    sizes = sizes_of(info)
    if f"{info.id.rsplit('/', 1)[-1]}.py" not in sizes:
        front = _fetched_front(info.id, info.sha, sizes)
        return DatasetRepo(info.id, info.sha, False, sizes, _declared_configs(front), front)
    refs = ask("dataset", info.id, None, lambda api: api.list_repo_refs(info.id, repo_type="dataset"))
    commit = next((ref.target_commit for ref in refs.converts if ref.name == "parquet" or ref.ref == CONVERSION), None)
    if commit is None:
        raise CardauditError(
            f"{info.id} is a loading script, which cardaudit never runs, and the Hub has no Parquet conversion of it: "
            "give the data as files with --set dataset=PATH"
        )
    converted = describe("dataset", info.id, commit)
    return _converted(info.id, converted.sha, sizes_of(converted))


def download_dataset(repo: DatasetRepo, files: Sequence[str] | None = None) -> Snapshot:
    """These files of a data set; None: its README and all that hold data."""
    if repo.folder is not None:
        return Snapshot(repo.id, repo.revision, repo.folder)
    wanted = [name for name in repo.files if name == "README.md" or name.endswith(DATA_FILES)] if files is None else list(files)
    size = sum(repo.sizes[name] for name in wanted)
    return Snapshot(repo.id, repo.revision, download("dataset", repo.id, repo.revision, wanted, size))


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


def _converted(name: str, commit: str, sizes: Mapping[str, int], folder: str | None = None) -> DatasetRepo:
    configs = tuple(dict.fromkeys(n.split("/")[0] for n in sizes if n.endswith(".parquet") and "/" in n))
    return DatasetRepo(name, commit, True, sizes, configs, {}, folder)


def _cached(name: str, revision: str | None) -> DatasetRepo:
    snapshot = cached("dataset", name, revision, lambda files: any(file.endswith(DATA_FILES) for file in files))
    folder = Path(snapshot.path)
    sizes = {file: (folder / file).stat().st_size for file in sorted(files_below(folder))}
    if "README.md" not in sizes and all("/" in n for n in sizes if n.endswith(".parquet")):
        return _converted(name, snapshot.revision, sizes, snapshot.path)
    front = _front_matter(folder / "README.md")
    return DatasetRepo(name, snapshot.revision, False, sizes, _declared_configs(front), front, snapshot.path)


def _fetched_front(name: str, commit: str, sizes: Mapping[str, int]) -> dict[str, Any]:
    if not 0 < sizes.get("README.md", 0) <= MAX_README:
        return {}
    return _front_matter(Path(download("dataset", name, commit, ["README.md"], sizes["README.md"]), "README.md"))


def _front_matter(path: Path) -> dict[str, Any]:
    """The YAML object that a README begins with; empty where there is none, or it cannot be read."""
    import yaml

    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if not text.startswith("---"):
        return {}
    try:
        front = yaml.safe_load(text.split("\n---", 1)[0])
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return front if isinstance(front, dict) else {}


def _declared_configs(front: Mapping[str, Any]) -> tuple[str, ...]:
    configs = front.get("configs") or front.get("dataset_info") or ()
    entries = [configs] if isinstance(configs, dict) else configs if isinstance(configs, list) else []
    return tuple(str(entry["config_name"]) for entry in entries if isinstance(entry, dict) and "config_name" in entry)
