"""What is in the cache: snapshots of repositories by their commits, with the Hub switched off."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.hub.ids import canonical_dataset, canonical_model


class NotCached(CardauditError):
    """A repository is not in the cache, and the Hub may not be asked."""


class Snapshot(NamedTuple):
    """A repository's files on this disk: `id` as the Hub spells it today, `revision` the commit, `path` the folder."""

    id: str
    revision: str
    path: str


def is_offline(offline: bool) -> bool:
    """Whether the Hub may not be asked: by the caller or by HF_HUB_OFFLINE."""
    return offline or os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")


def cached(kind: str, name: str, revision: str | None, usable: Callable[[set[str]], bool]) -> Snapshot:
    """The cached snapshot of a repository that `usable` accepts: of `revision`, else what "main" was, else the newest.

    Files of a pinned commit leave no ref in the cache, so the commits themselves are looked through. Raises NotCached where there
    is none.
    """
    today = canonical_model(name) if kind == "model" else canonical_dataset(name)
    found = [(r, path) for r, path in _cached_revisions(kind, {name, today}) if usable(files_below(path))]
    for revised, path in found:
        if revision is None or revised.commit_hash.startswith(revision) or revision in revised.refs:
            return Snapshot(today, revised.commit_hash, str(path))
    what = f"{name} at {revision}" if revision else name
    raise NotCached(f"{what} is not in the cache and the Hub is switched off: run once without --offline, or give a local folder")


def _cached_revisions(kind: str, names: set[str]) -> list[tuple[Any, Path]]:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repos = scan_cache_dir().repos
    except CacheNotFound:
        return []
    revisions = [r for repo in repos if repo.repo_type == kind and repo.repo_id in names for r in repo.revisions]
    revisions.sort(key=lambda r: ("main" in r.refs, r.last_modified), reverse=True)
    return [(r, Path(r.snapshot_path)) for r in revisions]


def files_below(folder: Path) -> set[str]:
    """The files of a folder and its sub-folders, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
