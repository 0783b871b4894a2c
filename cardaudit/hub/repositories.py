"""A repository of the Hub at one commit: what the Hub says of it, and its files, downloaded into the usual cache."""

import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import NotFound, ask, endpoint
from cardaudit.hub.ids import canonical_dataset, canonical_model, is_repo_id

COMMIT = re.compile(r"[0-9a-f]{40}")
AT_ONCE = 4  # files


def describe(kind: str, name: str, revision: str | None) -> Any:
    """What the Hub says of a "model" or "dataset" at a revision: its id today, commit, files with sizes, front matter.

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


def sizes_of(info: Any) -> dict[str, int]:
    """File -> bytes of what `describe` gave; 0 where the Hub does not say."""
    return {sibling.rfilename: sibling.size or 0 for sibling in info.siblings or ()}


def download(kind: str, name: str, commit: str, wanted: Sequence[str], size: int) -> str:
    """The folder of a snapshot that holds the wanted files, of `size` bytes together.

    Raises CardauditError for a name outside the repository, for want of room, and where they cannot be had.
    """
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    if not sys.stderr.isatty():
        disable_progress_bars()
    for file in wanted:
        if file.startswith("/") or ".." in file.split("/"):
            raise CardauditError(f"{name} names a file outside its folder ({file!r}): it is not downloaded")
    _demand_room(name, size)
    ask(kind, name, commit, lambda _: _fetch(kind, name, commit, wanted), download=size)
    folder = Path(constants.HF_HUB_CACHE, repo_folder_name(repo_id=name, repo_type=kind), "snapshots", commit)
    folder.mkdir(parents=True, exist_ok=True)  # of no file at all, it is empty
    return str(folder)


def _fetch(kind: str, name: str, commit: str, wanted: Sequence[str]) -> None:
    """Some files at a time, in threads that end with the process: those of snapshot_download outlive a Ctrl-C and a deadline."""
    from huggingface_hub import hf_hub_download

    left, failed = SimpleQueue[str](), SimpleQueue[Exception]()
    for file in wanted:
        left.put(file)

    def work() -> None:
        with suppress(Empty):
            while failed.empty():
                file = left.get_nowait()
                try:
                    hf_hub_download(name, file, repo_type=kind, revision=commit)
                except Exception as error:
                    failed.put(error)

    threads = [Thread(target=work, daemon=True) for _ in range(min(AT_ONCE, len(wanted)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not failed.empty():
        raise failed.get()


def _demand_room(name: str, size: int) -> None:
    from huggingface_hub import constants

    folder = Path(constants.HF_HUB_CACHE)
    there = next((each for each in (folder, *folder.parents) if each.is_dir()), Path("/"))
    free = shutil.disk_usage(there).free
    if size > free:
        raise CardauditError(f"{name} takes {size / 2**30:,.1f} GB, and {free / 2**30:,.1f} GB are free beside {there}")
