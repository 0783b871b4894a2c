"""What the front matter says about the model, each word with its place; every shape that cards of the Hub have."""

from collections.abc import Iterator
from typing import Any

from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.document import Document, FrontMatter, Scalar, misplaced_front_matter
from cardaudit.document.scalars import Path
from cardaudit.records import Metadata, Printed

LANGUAGES = ("language", "languages", "lang")
LICENSES = ("license", "licence", "licenses")
NAMES_OF_METRIC = ("type", "name")
EMPTY = frozenset(("", "~", "null", "none", "license"))


def read_metadata(front: FrontMatter) -> Metadata:
    """Licence, languages, tags, metrics, library, task, bases; a key with a text, a list, or for metrics a list of mappings."""
    return Metadata(
        license=_first(front, LICENSES),
        languages=_texts(front, LANGUAGES),
        tags=_texts(front, ("tags", "tag")),
        metrics=tuple(_metrics(front)),
        library_name=_first(front, ("library_name",)),
        pipeline_tag=_first(front, ("pipeline_tag",)),
        base_models=_texts(front, ("base_model", "base_models")),
        base_model_relation=_first(front, ("base_model_relation",)),
    )


def misplaced_metadata(document: Document) -> Metadata:
    """The same of front matter that stands where the Hub reads none; empty where there is none, or where it is broken."""
    meant = misplaced_front_matter(document.text) if document.front_matter_error is None else None
    return read_metadata(meant) if meant else Metadata()


def _first(front: FrontMatter, keys: tuple[str, ...]) -> Printed | None:
    texts = _texts(front, keys)
    return texts[0] if texts else None


def _texts(front: FrontMatter, keys: tuple[str, ...]) -> tuple[Printed, ...]:
    """The texts of the first of the keys that is there."""
    for key in keys:
        if key in front.values:
            return _texts_of(front, key, front.values[key])
    return ()


def _texts_of(front: FrontMatter, key: str, listed: Any) -> tuple[Printed, ...]:
    paths: list[Path] = [(key, at) for at in range(len(listed))] if isinstance(listed, list) else [(key,)]
    scalars = [front.scalars.get(path) for path in paths]
    return tuple([_printed(scalar, key) for scalar in scalars if scalar is not None and scalar.text.strip().lower() not in EMPTY])


def _metrics(front: FrontMatter) -> Iterator[Printed]:
    yield from _texts(front, ("metrics", "metric"))
    listed = front.values.get("metrics")
    for at, item in enumerate(listed if isinstance(listed, list) else ()):
        key = next((key for key in NAMES_OF_METRIC if isinstance(item, dict) and ("metrics", at, key) in front.scalars), None)
        if key:
            yield _printed(front.scalars["metrics", at, key], key)


def _printed(scalar: Scalar, label: str) -> Printed:
    return Printed(scalar.text, None, ZERO, scalar.span, label)
