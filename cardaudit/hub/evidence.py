"""The small files of a model repository that tell how it was made, and the headers of its weights: nothing of it is run."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import NoSuchFile, ask
from cardaudit.hub.beginnings import Headers, fetch_headers, first_bytes, weight_files
from cardaudit.hub.cached import cached, files_below, is_offline
from cardaudit.hub.repositories import describe, download, sizes_of

MAX_FILE = 64 * 2**20
WEIGHTS = (".safetensors", ".bin")
MOST_EVENT_FILES = 20
MOST_VERSIONS = 10
MAX_CARD = 2**20
HISTORY_SECONDS = 60.0  # for all versions of a card together
HISTORY = "README.md (history)"
RESULTS = ("all_results.json", "eval_results.json", "train_results.json", "predict_results.json", "test_results.json")
SMALL_FILES = frozenset(
    (
        "README.md",
        "training_args.bin",
        "trainer_state.json",
        "config.json",
        "adapter_config.json",
        "tokenizer_config.json",
        *RESULTS,
    )
)
Reasons = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """A repository at one commit, its small files in `folder`.

    `headers`: the JSON of each weight file's header, by its name; empty where there are none, or at most in `folder`.
    `left_out`: what was not had, each with the reason. `bytes` is what the small files weigh, `weights_bytes` what all weights
    would. `asked`: whether the Hub was; else all of it is from the cache.
    """

    id: str
    revision: str
    folder: str
    files: tuple[str, ...]
    headers: Headers
    left_out: Reasons
    bytes: int
    weights_bytes: int = 0
    asked: bool = True


class CardVersion(NamedTuple):
    """A card as of a commit; `time` is ISO."""

    commit: str
    time: str
    text: str


def fetch_repository(name: str, revision: str | None = None, offline: bool = False) -> RepositoryFiles:
    """The evidence of a model's repository; raises CardauditError where the repository cannot be had."""
    if is_offline(offline):
        return _from_cache(name, revision)
    info = describe("model", name, revision)
    sizes = sizes_of(info)
    wanted, left_out = _choose(sizes)
    small = sum(sizes[each] for each in wanted)
    folder = download("model", info.id, info.sha, wanted, small)
    headers, untold = fetch_headers(info.id, info.sha, weight_files(sizes))
    return RepositoryFiles(info.id, info.sha, folder, tuple(sizes), headers, (*left_out, *untold), small, _weights(sizes))


def _from_cache(name: str, revision: str | None) -> RepositoryFiles:
    """What a snapshot in the cache holds, with what only the Hub could have told."""
    snapshot = cached("model", name, revision, lambda files: "README.md" in files)
    sizes = {file: Path(snapshot.path, file).stat().st_size for file in sorted(files_below(Path(snapshot.path)))}
    untold = [(HISTORY, "the Hub is switched off, and the cache does not hold it")]
    if not weight_files(sizes):
        untold.append(("model.safetensors (header)", "the weights are not in the cache, and the Hub is switched off"))
    return RepositoryFiles(
        snapshot.id, snapshot.revision, snapshot.path, tuple(sizes), (), tuple(untold), 0, _weights(sizes), asked=False
    )


def _weights(sizes: Mapping[str, int]) -> int:
    return sum(size for file, size in sizes.items() if file.endswith(WEIGHTS) and "/" not in file)


def _choose(sizes: Mapping[str, int]) -> tuple[list[str], list[tuple[str, str]]]:
    """The files worth having, and those that are too large, too many, or named outside the repository."""
    events = sorted(name for name in sizes if "tfevents" in name)
    wanted: list[str] = []
    left_out: list[tuple[str, str]] = []
    if len(events) > MOST_EVENT_FILES:
        left_out.append(("runs/", f"of {len(events)} event files the last {MOST_EVENT_FILES} are read"))
    for name in (*(each for each in sizes if each in SMALL_FILES), *events[-MOST_EVENT_FILES:]):
        if name.startswith("/") or ".." in name.split("/"):
            left_out.append((name, "it is named outside the repository"))
        elif sizes[name] > MAX_FILE:
            left_out.append((name, f"it has {sizes[name] / 2**20:,.0f} MB, more than {MAX_FILE // 2**20}"))
        else:
            wanted.append(name)
    return wanted, left_out


def commits(kind: str, name: str, revision: str) -> list[tuple[str, str]]:
    """Commits of a repository from the newest back, as (commit, ISO time); empty where the Hub does not list them.

    `kind`: "model" or "dataset".
    """
    try:
        return _commits(kind, name, revision)
    except CardauditError:
        return []


def card_versions(name: str, revision: str) -> tuple[tuple[CardVersion, ...], Reasons]:
    """The card's distinct versions from the oldest on, and what of its history was not read, with the reason.

    The newest MOST_VERSIONS commits are looked at, within HISTORY_SECONDS, and MAX_CARD bytes of each.
    """
    try:
        listed = _commits("model", name, revision)
    except CardauditError as error:
        return (), ((HISTORY, str(error)),)
    versions, left_out = list[CardVersion](), list[tuple[str, str]]()
    if len(listed) > MOST_VERSIONS:
        left_out.append((HISTORY, f"of {len(listed)} commits the last {MOST_VERSIONS} are read"))
    end = time.monotonic() + HISTORY_SECONDS
    for commit, when in listed[:MOST_VERSIONS]:
        if time.monotonic() > end:
            left_out.append((HISTORY, f"the Hub is slow: nothing from {when[:10]} back is read"))
            break
        try:
            versions.append(CardVersion(commit, when, _card_at(name, commit)))
        except NoSuchFile:
            continue
        except CardauditError as error:
            left_out.append((f"README.md of {when[:10]}", str(error)))
    return tuple(_distinct(reversed(versions))), tuple(left_out)


def _distinct(versions: Iterable[CardVersion]) -> Iterator[CardVersion]:
    before = None
    for version in versions:
        if version.text != before:
            yield version
        before = version.text


def _commits(kind: str, name: str, revision: str) -> list[tuple[str, str]]:
    listed = ask(kind, name, revision, lambda api: api.list_repo_commits(name, repo_type=kind, revision=revision))
    return [(commit.commit_id, commit.created_at.isoformat()) for commit in listed]


def _card_at(name: str, commit: str) -> str:
    data = first_bytes(name, commit, "README.md", MAX_CARD + 1)
    if len(data) > MAX_CARD:
        raise CardauditError(f"it has more than {MAX_CARD // 2**20} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CardauditError(f"it is no UTF-8: {error}") from error
