"""The front matter's `model-index` in its shapes: `model_index` with one `metric` (to 4.9), `metrics`, args or config."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, read_value, stderr_after
from cardaudit.document import FrontMatter, Scalar
from cardaudit.patterns import deferred
from cardaudit.records import IndexResult, Printed

Path = tuple[str | int, ...]
NO_NUMBER = deferred(
    r"(?:\.?nan|-?\.?inf)(?: \+/- (?:\.?nan|\.?inf))?", re.I
)  # "nan +/- nan" as reinforcement learning prints it


def index_entries(front: FrontMatter) -> list[tuple[Path, Mapping[str, Any]]]:
    """The models of the index with their paths."""
    for key in ("model-index", "model_index"):
        entries = front.values.get(key)
        if isinstance(entries, list):
            return [((key, at), entry) for at, entry in enumerate(entries) if isinstance(entry, dict)]
    return []


def read_model_index(front: FrontMatter) -> tuple[IndexResult, ...]:
    """Every metric that has a number, with half a unit of its last digit as slack."""
    return tuple(
        result
        for path, entry in index_entries(front)
        for at, item in enumerate(_items(entry.get("results")))
        if isinstance(item, dict)
        for result in _results((*path, "results", at), item, front)
    )


def _results(path: Path, item: Mapping[str, Any], front: FrontMatter) -> Iterator[IndexResult]:
    task, dataset = _mapping(item.get("task")), _mapping(item.get("dataset"))
    config = dataset.get("config", dataset.get("args"))
    for metric_path, metric in _metrics(path, item):
        found = front.scalars.get((*metric_path, "value"))
        label = str(metric.get("name") or metric.get("type") or "")
        number = _number(found, label) if found else None
        if number is None or not label:
            continue
        yield IndexResult(
            _text(task.get("type")) or _text(task.get("name")),
            _text(dataset.get("name")),
            _text(dataset.get("type")),
            _text(config) if isinstance(config, str) else None,
            _text(dataset.get("split")),
            _metric(metric),
            number,
            (metric.get("verified") or metric.get("verifyToken")) not in (None, False),
            _behind(found, number) if found and number.text != found.text else None,
        )


def _metrics(path: Path, item: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for key in ("metrics", "metric"):
        value = item.get(key)
        if isinstance(value, dict):
            yield (*path, key), value
        for at, metric in enumerate(_items(value)):
            if isinstance(metric, dict):
                yield (*path, key, at), metric


def _metric(metric: Mapping[str, Any]) -> str:
    """By its type, but by its name where that says more ("rouge", "Rouge1")."""
    kind, name = metric_key(str(metric.get("type") or "")), metric_key(str(metric.get("name") or ""))
    return name if not kind or (name.startswith(kind) and len(name.split("_")) == 1) else kind


def _number(scalar: Scalar, label: str) -> Printed | None:
    number = read_value(scalar.text, scalar.span.start, label, whole=True)
    if number is None and NO_NUMBER.fullmatch(scalar.text):
        return Printed(scalar.text, None, ZERO, scalar.span, label)
    return number


def _behind(scalar: Scalar, number: Printed) -> str | None:
    """The standard error or deviation that follows a value ("7.56 +/- 2.70")."""
    return stderr_after(scalar.text[number.span.end - scalar.span.start :])


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return (
        str(value)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value) not in ("", "None")
        else None
    )
