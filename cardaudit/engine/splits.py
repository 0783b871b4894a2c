"""The two splits of a plan's data set, as Python lists, whatever the format on disk."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets

from cardaudit.engine.columns import read_columns
from cardaudit.errors import CardauditError
from cardaudit.records import DatasetPlan

# What a format's files end in, and what datasets calls their reader.
SUFFIXES = {
    "parquet": (".parquet",),
    "csv": (".csv", ".tsv"),
    "json": (".json", ".jsonl"),
    "conll": (".conll", ".txt", ".tsv", ".bio", ".iob", ".iob2"),
}


NO_EXAMPLE = "the split {name} of {id} holds no example: name another with --set train_split= or eval_split="


@dataclass(frozen=True, slots=True)
class Split:
    """Rows of one split. `inputs`: one list for each text column; `labels`: the label column, ClassLabel ids as their names.

    `names` is the label order that the data set itself declares, empty where it declares none.
    """

    name: str
    inputs: tuple[list[Any], ...]
    labels: list[Any]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


def read_split(dataset: DatasetPlan, name: str, limit: int | None) -> Split:
    """One split, its first `limit` rows. Raises CardauditError where files, split or columns are absent, or no row is left."""
    split = _read_conll(dataset, name) if dataset.format == "conll" else _read_table(dataset, name)
    if limit is not None:
        split = Split(name, tuple(column[:limit] for column in split.inputs), split.labels[:limit], split.names)
    if not len(split):
        raise CardauditError(NO_EXAMPLE.format(name=repr(name), id=dataset.id))
    return split


def _read_conll(dataset: DatasetPlan, name: str) -> Split:
    token_column = int(dataset.text_columns[0]) if dataset.text_columns and _is_number(dataset.text_columns[0]) else 0
    if not _is_number(dataset.label_column):
        raise CardauditError(
            f"the label column of CoNLL data is a number counted from 0 (-1 is the last), not {dataset.label_column!r}"
        )
    sentences = [s for path in _files(dataset, name) for s in read_columns(path, token_column, int(dataset.label_column))]
    return Split(name, ([s.words for s in sentences],), [s.labels for s in sentences])


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _read_table(dataset: DatasetPlan, name: str) -> Split:
    with tempfile.TemporaryDirectory(prefix="cardaudit-") as cache:
        table = _load(dataset, name, cache)
        absent = [column for column in (*dataset.text_columns, dataset.label_column) if column not in table.column_names]
        if absent:
            raise CardauditError(
                f"the split {name!r} of {dataset.id} has no column {', '.join(map(repr, absent))}, it has "
                f"{', '.join(table.column_names)}: name others with --set label_column= or text_columns="
            )
        names = _declared_names(table.features[dataset.label_column])
        labels = [_named(value, names) for value in table[dataset.label_column][:]]
        return Split(name, tuple(list(table[column][:]) for column in dataset.text_columns), labels, names)


def _load(dataset: DatasetPlan, name: str, cache: str) -> Any:
    """A datasets.Dataset held in memory, so that the cache folder can go."""
    options: dict[str, Any] = {"cache_dir": cache, "keep_in_memory": True}
    if dataset.format == "hub" and not dataset.files:
        return _call(dataset, name, lambda: datasets.load_dataset(dataset.path, dataset.config, split=name, **options))
    files = [str(path) for path in _files(dataset, name)]
    reader = _reader_of(files) if dataset.format == "hub" else dataset.format
    if reader == "csv" and files[0].endswith((".tsv", ".tsv.gz")):
        options["delimiter"] = "\t"
    if reader == "json" and (field := _json_field(Path(files[0]))):
        options["field"] = field
    return _call(dataset, name, lambda: datasets.load_dataset(reader, data_files=files, split="train", **options))


def _call(dataset: DatasetPlan, name: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except Exception as error:  # datasets raises whatever its readers do: pandas, pyarrow, fsspec
        cause: BaseException = error
        while cause.__cause__:
            cause = cause.__cause__
        words = str(cause).strip().splitlines() or [type(cause).__name__]
        if isinstance(cause, StopIteration) or "corresponds to no data" in words[0]:  # datasets 5.2, of empty and of "[]" files
            raise CardauditError(NO_EXAMPLE.format(name=repr(name), id=dataset.id)) from error
        where = f"the split {name!r} of {dataset.id}"
        raise CardauditError(f"{where} cannot be read as {dataset.format}: {words[0][:300]}") from error


def _reader_of(files: Sequence[str]) -> str:
    suffix = Path(files[0].removesuffix(".gz")).suffix
    for reader in ("parquet", "csv", "json"):
        if suffix in SUFFIXES[reader]:
            return reader
    raise CardauditError(f"{Path(files[0]).name} is no Parquet, CSV, TSV, JSON or JSONL file")


def _json_field(path: Path) -> str | None:
    """The key that holds the rows where a JSON file is one object around a list ({"version": ..., "data": [...]})."""
    if path.suffix != ".json":
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    lists = [key for key, value in document.items() if isinstance(value, list)] if isinstance(document, dict) else []
    return lists[0] if len(lists) == 1 else None


def _files(dataset: DatasetPlan, name: str) -> list[Path]:
    root = Path(dataset.path)
    pattern = dataset.files.get(name)
    if pattern is None and not root.is_dir():
        found = [root]
    elif pattern is None:
        found = sorted(path for path in root.glob(f"{name}[.-]*") if path.suffix in SUFFIXES.get(dataset.format, ()))
    else:
        found = sorted(root.glob(pattern)) if any(c in pattern for c in "*?[") else [root / pattern if pattern else root]
    missing = [path for path in found if not path.is_file()]
    if missing or not found:
        raise CardauditError(f"the split {name!r} of {dataset.id} has no file {missing[0] if missing else root / f'{name}.*'}")
    return found


def _declared_names(feature: Any) -> tuple[str, ...]:
    while hasattr(feature, "feature"):
        feature = feature.feature
    return tuple(getattr(feature, "names", ()))


def _named(value: Any, names: Mapping[int, str] | tuple[str, ...]) -> Any:
    """ClassLabel ids as their names; -1 is the Hub's mark for a hidden label and stays."""
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    return names[value] if names and isinstance(value, int) and 0 <= value < len(names) else value
