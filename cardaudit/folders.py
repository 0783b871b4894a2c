"""The cards of a folder: of a model's repository its own, of a collection every one at any depth, and nothing left out unsaid.

A folder with a README.md or card.md and files of a model beside it is a repository: one card, with its .eval_results. Every other
folder is a collection. Hidden folders, installed packages, what cardaudit itself wrote, and files such as LICENSE.md or vocab.txt
hold no cards.
"""

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.patterns import deferred

SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm")
MARKDOWN = (".md", ".markdown")
OWN = ("README.md", "card.md")
MODEL_FILES = {
    *("config.json", "adapter_config.json", "model_index.json", "modules.json", "config_sentence_transformers.json"),
    *("generation_config.json", "preprocessor_config.json", "tokenizer_config.json", "tokenizer.json", "trainer_state.json"),
    *("all_results.json", "eval_results.json", "train_results.json", "config.cfg", ".eval_results"),
}
WEIGHTS = (".safetensors", ".bin", ".gguf", ".ggml", ".pt", ".pth", ".ckpt", ".onnx", ".h5", ".keras", ".msgpack", ".tflite")
PACKAGES = {"node_modules", "__pycache__", "site-packages"}
METADATA = (".egg-info", ".dist-info")
NO_CARD = deferred(
    r"(?i:change[-_]?log|contributing|contributors|code[-_]of[-_]conduct|authors|maintainers|codeowners|governance|citation"
    r"|copying|licen[sc]e|notice|release[-_]?notes|third[-_]party[-_](?:notices?|licen[sc]es?)|(?:acceptable[-_])?use[-_]policy"
    r"|pull[-_]request[-_]template|issue[-_]template|security)"
    r"|(?:LICEN[SC]E|NOTICE|COPYING|CHANGELOG)[-_.].+"
)  # of any kind; a card may well be called license-plates.md
NO_TEXT = deferred(
    r"(?i:(?:\w+[-_])?vocab(?:ulary)?|merges|labels|classes|tokens|special[-_]tokens|(?:\w+[-_])?requirements(?:[-_.].+)?|constraints"
    r"|cmakelists|robots|top_level|entry_points|sources|dependency_links)"
)  # of .txt only
OUR_PAGE = b'<meta name="generator" content="cardaudit'
OUR_TABLE, OUR_REPORT = b"**cardaudit**: ", b"\n<sub>cardaudit "
BEGINNING, ENDING = 4096, 256  # bytes; within them a page or a report says who made it


class Step(NamedTuple):
    """What a folder holds: a "card", Markdown that is "left" out, a "folder", or one "inside" a repository."""

    path: str
    kind: Literal["card", "left", "folder", "inside"]
    linked: bool = False


def cards_in(folder: Path, tell: Callable[[str], None] = lambda _: None) -> Iterator[Path]:
    """Every card of a folder, once and in order of path, as soon as it is found; after a repository's its .eval_results.

    `tell` hears at the end of Markdown files that stay unread because they lie in a model's repository. A folder or a link that
    cannot be opened comes as a card, so that reading it says why. Raises CardauditError for a folder without any card.
    """
    found, left_out, first = 0, 0, Path()
    for step in _walk(str(folder)):
        if step.kind == "card":
            found += 1
            yield Path(step.path)
        else:
            left_out += 1
            first = first if left_out > 1 else Path(step.path)
    if not found:
        raise CardauditError(
            f"{folder} holds no card: expected README.md, card.md, or other .md, .txt or .html files in it or in its folders"
        )
    if left_out:
        files = "1 other Markdown file is" if left_out == 1 else f"{left_out:,} other Markdown files are"
        way_out = f"name a file or a folder to read it, such as {first}"
        tell(f"{files} not read, for a folder with a model's files is one card: {way_out}")


def own_card(folder: Path) -> Path | None:
    """The card of a folder that is a model's repository; None where it is none."""
    names = {entry.name for entry in _entries(str(folder))}
    return folder / next(name for name in OWN if name in names) if _is_repository(names) else None


def _walk(root: str) -> Iterator[Step]:
    """Cards and what is left out, in the order of their paths. Each folder is listed once, however deep it lies."""
    waiting, seen = [_steps(root, _entries(root), inside=False)], _Seen(root)
    while waiting:
        step = next(waiting[-1], None)
        if step is None:
            waiting.pop()
        elif step.kind in ("card", "left"):
            yield step
        else:
            try:
                entries = _entries(step.path) if seen.is_new(step) else []
            except (CardauditError, OSError):
                yield Step(step.path, "card")
                continue
            if not any(entry.name == "pyvenv.cfg" for entry in entries):
                waiting.append(_steps(step.path, entries, step.kind == "inside"))


def _steps(folder: str, entries: list[os.DirEntry[str]], inside: bool) -> Iterator[Step]:
    """What one folder holds; `inside` a repository, where Markdown is left out."""
    names = {entry.name for entry in entries}
    repository = not inside and _is_repository(names)
    if repository:
        yield from _own(folder, names)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            if entry.name not in PACKAGES and not entry.name.endswith(METADATA) and not _is_runs(entry.name, names):
                yield Step(entry.path, "inside" if inside or repository else "folder", entry.is_symlink())
        elif inside or repository:
            if _is_text(entry, MARKDOWN) and not (repository and entry.name in OWN):
                yield Step(entry.path, "left")
        elif _is_text(entry, SUFFIXES) and not _is_ours(entry, names):
            yield Step(entry.path, "card")


def _own(folder: str, names: Collection[str]) -> Iterator[Step]:
    """A repository's cards: its README.md, a card.md beside it, and each evaluation of .eval_results, with its own lines."""
    yield from (Step(os.path.join(folder, name), "card") for name in OWN if name in names)
    results = os.path.join(folder, ".eval_results")
    if os.path.isdir(results):
        try:
            yield from (Step(e.path, "card") for e in _entries(results) if e.name.endswith((".yaml", ".yml")) and e.is_file())
        except (CardauditError, OSError):
            yield Step(results, "card")


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise CardauditError(f"{folder} cannot be read: {error.strerror or error}") from error


def _is_repository(names: Collection[str]) -> bool:
    """Whether a card and files of a model lie side by side."""
    return any(name in names for name in OWN) and any(name in MODEL_FILES or name.endswith(WEIGHTS) for name in names)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_text(entry: os.DirEntry[str], suffixes: tuple[str, ...]) -> bool:
    """Whether a file can be a card by its name; a link that leads nowhere can, and reading it will say so."""
    stem, suffix = os.path.splitext(entry.name)
    suffix = suffix.lower()
    if suffix not in suffixes or NO_CARD.fullmatch(stem) or (suffix == ".txt" and NO_TEXT.fullmatch(stem)):
        return False
    if entry.is_symlink():
        return os.path.isfile(entry.path) or not os.path.exists(entry.path)
    return entry.is_file()


def _is_ours(entry: os.DirEntry[str], names: Collection[str]) -> bool:
    """Whether cardaudit wrote a file: a page, the table of `lint --format markdown`, or the report of an audit."""
    if (entry.name == "index.html" and "zoo.sqlite" in names) or (entry.name == "report.html" and "audit.json" in names):
        return True
    if entry.name in OWN or entry.name.endswith(".txt"):
        return False
    try:
        with open(entry.path, "rb") as file:
            if entry.name.lower().endswith(MARKDOWN):
                head = file.read(len(OUR_TABLE))
                return head == OUR_TABLE or (head.startswith(b"## ") and OUR_REPORT in _end(file))
            return OUR_PAGE in file.read(BEGINNING)
    except OSError:
        return False


def _end(file: BinaryIO) -> bytes:
    file.seek(max(0, file.seek(0, os.SEEK_END) - ENDING))
    return file.read()


def _is_runs(name: str, names: Collection[str]) -> bool:
    """Whether a folder holds the runs of an audit beside it."""
    return name == "runs" and ("audit.json" in names or "plan.json" in names)


class _Seen:
    """The folders that were entered, also through links, so that each card comes once.

    A link is followed where it leads out of the root: what lies in it comes at its own place. One to a folder above is not.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.join(os.path.realpath(root), "")
        self.entered = {_identity(root)}

    def is_new(self, step: Step) -> bool:
        if step.linked:
            path = os.path.join(os.path.realpath(step.path), "")
            if path.startswith(self.root) or self.root.startswith(path):
                return False
        identity = _identity(step.path)
        if identity in self.entered:
            return False
        self.entered.add(identity)
        return True


def _identity(folder: str) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino
