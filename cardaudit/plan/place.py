"""Where a plan's data lies: what is known of it before its splits and columns are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.hub import DatasetRepo
from cardaudit.plan.files import TRAIN, format_of, look
from cardaudit.plan.ledger import Ledger

FLAG = "--set dataset=ID-OR-PATH"


@dataclass(frozen=True, slots=True)
class Place:
    """The data before its splits and columns are chosen.

    `splits`: split -> file or glob below `path` ("" where the format finds it); empty where they are not known. `counts`: split
    -> examples as declared. `columns`: name -> the first example's value; empty where the data was not looked into. `repo`: the
    data set on the Hub whose files are still to be had.
    """

    id: str
    revision: str | None = None
    path: Path | None = None
    format: str = "hub"
    config: str | None = None
    splits: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int | None] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    repo: DatasetRepo | None = None


def paths_of(root: Path, pattern: str) -> list[Path]:
    """The files that a split's pattern names."""
    return sorted(root.glob(pattern)) if "*" in pattern else [root / pattern]


def seen(ledger: Ledger, place: Place) -> Place:
    """A place of files with their format and columns."""
    root = place.path or Path()
    first = next((place.splits[split] for split in TRAIN if split in place.splits), next(iter(place.splits.values())))
    file = paths_of(root, first)[0]
    kind = ledger.given("format") or ledger.found("format", format_of(file), f"the name of {file.name}")
    if kind is None or kind == "hub":
        raise CardauditError(f"{file} is of no known format: name it with --set format=parquet, csv, json or conll")
    return replace(place, path=root, format=kind, columns=look(file, kind).columns)
