"""Data files on disk: their format, their splits, their columns and how many examples they hold.

Reads the first lines only, but to count; never imports datasets. Parquet is looked into where pyarrow is installed.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from cardaudit.errors import CardauditError

SUFFIXES = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".conll": "conll",
    ".iob": "conll",
    ".iob2": "conll",
    ".bio": "conll",
    ".txt": "conll",
}
TRAIN = ("train", "training")
EVALUATION = ("validation", "valid", "val", "dev", "eval", "validation_matched", "test", "testing")
SPLIT_NAMES = (*TRAIN, *EVALUATION)
SHARD = re.compile(r"[-_.]?\d{5}-of-\d{5}.*|-\d+")
PEEKED = 200
TOKENS_PER_WORD = 1.4  # sub-tokens of a BERT vocabulary to a word of English news text


@dataclass(frozen=True, slots=True)
class Look:
    """What the first rows of a file show. `columns`: name -> first value; for CoNLL "0", "1", ... -> the first line's cells.

    Empty where the file could not be looked into. `tokens`: about how many sub-tokens an example has, or None.
    """

    columns: Mapping[str, Any] = field(default_factory=dict)
    tokens: float | None = None


def format_of(path: PurePath) -> str | None:
    """The DatasetPlan.format of a file by its name, or None."""
    return SUFFIXES.get(path.suffix.lower())


def find_splits(folder: Path) -> dict[str, str]:
    """Split -> file of a folder, relative to it, as `splits_among` has it."""
    folders = [folder, folder / "data", *(folder / name for name in SPLIT_NAMES)]
    paths = [p for f in folders if f.is_dir() for p in f.iterdir() if p.is_file()]
    return splits_among(path.relative_to(folder).as_posix() for path in paths)


def splits_among(names: Iterable[str]) -> dict[str, str]:
    """Split -> file of these; shards of one split become a glob.

    Looks at `train.*`, `train-00000-of-00002.*`, `data/train.*` and `train/*.*`; of several formats the first of SUFFIXES wins.
    """
    found: dict[str, str] = {}
    order = list(SUFFIXES)
    paths = [
        path for path in map(PurePosixPath, names) if format_of(path) and path.parent.as_posix() in (".", "data", *SPLIT_NAMES)
    ]
    for path in sorted(paths, key=lambda p: (order.index(p.suffix.lower()), len(p.parts), p.as_posix())):
        split = _split_of(path)
        if split is not None and split not in found:
            found[split] = _pattern(path, split)
    return found


def _split_of(path: PurePosixPath) -> str | None:
    stem = path.stem.lower()
    for name in sorted(SPLIT_NAMES, key=len, reverse=True):
        if stem == name or (stem.startswith(name) and SHARD.fullmatch(stem[len(name) :])):
            return name
    parent = path.parent.name.lower()
    return parent if parent in SPLIT_NAMES else None


def _pattern(relative: PurePosixPath, split: str) -> str:
    if relative.stem.lower() == split:
        return relative.as_posix()
    if relative.stem.lower().startswith(split):
        return (relative.parent / f"{relative.stem[: len(split)]}*{relative.suffix}").as_posix()
    return (relative.parent / f"*{relative.suffix}").as_posix()


def configs_of(folder: Path) -> tuple[str, ...]:
    """The sub-folders of a folder that hold splits of their own."""
    return tuple(
        sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name not in (*SPLIT_NAMES, "data") and find_splits(p))
    )


def look(path: Path, kind: str) -> Look:
    """The columns and the length of the first examples. Raises CardauditError where the file is not of its kind, or empty."""
    try:
        rows = list(islice(_rows(path, kind), PEEKED))
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise CardauditError(f"{path} cannot be read as {kind}: {error}") from error
    if not rows:
        if kind == "parquet":
            return Look()
        raise CardauditError(f"{path} holds no examples")
    lengths = [sum(map(_words, row.values())) if kind != "conll" else row["length"] for row in rows]
    first = rows[0]["cells"] if kind == "conll" else rows[0]
    return Look(first, TOKENS_PER_WORD * sum(lengths) / len(lengths))


def count(path: Path, kind: str) -> int | None:
    """The examples of a file, or None where counting needs a library that is not there."""
    if kind == "parquet":
        parquet = _parquet(path)
        return None if parquet is None else int(parquet.metadata.num_rows)
    return sum(1 for _ in _rows(path, kind))


def _words(value: Any) -> int:
    if isinstance(value, list):
        return len(value) if value and isinstance(value[0], str) else 0
    return len(value.split()) if isinstance(value, str) else 0


def _rows(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    readers = {"json": _json_rows, "csv": _csv_rows, "conll": _conll_rows, "parquet": _parquet_rows}
    return readers[kind](path)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        first = next((line for line in lines if line.strip()), "")
        if first.lstrip().startswith("[") or first.strip() == "{":
            whole = json.loads(path.read_text(encoding="utf-8-sig"))
            rows = whole if isinstance(whole, list) else next((v for v in whole.values() if isinstance(v, list)), [])
            yield from (_object(row) for row in rows)
            return
        for line in (first, *lines) if first else ():
            if line.strip():
                yield _object(json.loads(line))


def _object(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError(f"expected one object an example, found {str(row)[:40]!r}")
    return row


def _csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")


def _conll_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Sentences: lines of at least two cells, ended by any other line; `-DOCSTART-` lines are no sentences."""
    length, first = 0, dict[str, str]()
    with path.open(encoding="utf-8-sig") as lines:
        for line in (*lines, ""):
            cells = line.rstrip("\n").split("\t") if "\t" in line else line.split()
            if len(cells) >= 2:
                first = first or {str(i): cell for i, cell in enumerate(cells)}
                length += 1
                continue
            if len(cells) == 1 and cells[0]:
                raise ValueError(f"expected a token and its label a line, found {line.strip()[:40]!r}")
            if length and first["0"] != "-DOCSTART-":
                yield {"cells": first, "length": length}
            length, first = 0, dict[str, str]()


def holds_features(path: Path) -> bool:
    """Whether a Parquet file keeps the types and class names that datasets wrote into it; true where pyarrow is not installed."""
    parquet = _parquet(path)
    return parquet is None or b"huggingface" in (parquet.schema_arrow.metadata or {})


def _parquet(path: Path) -> Any:
    try:
        import pyarrow.parquet as pq
    except ImportError:
        return None
    try:
        return pq.ParquetFile(path)
    except Exception as error:  # pyarrow raises many kinds for a file that is no Parquet
        raise CardauditError(f"{path} is no Parquet file: {str(error).splitlines()[0]}") from error


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    parquet = _parquet(path)
    for batch in parquet.iter_batches(PEEKED) if parquet is not None else ():
        yield from batch.to_pylist()
