"""What the front matter says about the model, each word with its place; every shape that cards of the Hub have."""

from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.document import FrontMatter, Scalar
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
        languages=tuple(_texts(front, LANGUAGES)),
        tags=tuple(_texts(front, ("tags", "tag"))),
        metrics=tuple(_metrics(front)),
        library_name=_first(front, ("library_name",)),
        pipeline_tag=_first(front, ("pipeline_tag",)),
        base_models=tuple(_texts(front, ("base_model", "base_models"))),
        base_model_relation=_first(front, ("base_model_relation",)),
    )


def _first(front: FrontMatter, keys: tuple[str, ...]) -> Printed | None:
    return next(_texts(front, keys), None)


def _texts(front: FrontMatter, keys: tuple[str, ...]) -> Iterator[Printed]:
    """The texts of the first of the keys that is there."""
    for key in keys:
        if key not in front.values:
            continue
        listed = front.values[key]
        paths: list[Path] = [(key, at) for at in range(len(listed))] if isinstance(listed, list) else [(key,)]
        for path in paths:
            if path in front.scalars and front.scalars[path].text.strip().lower() not in EMPTY:
                yield _printed(front.scalars[path], key)
        return


def _metrics(front: FrontMatter) -> Iterator[Printed]:
    yield from _texts(front, ("metrics", "metric"))
    listed = front.values.get("metrics")
    for at, item in enumerate(listed if isinstance(listed, list) else ()):
        key = next((key for key in NAMES_OF_METRIC if isinstance(item, dict) and ("metrics", at, key) in front.scalars), None)
        if key:
            yield _printed(front.scalars["metrics", at, key], key)


def _printed(scalar: Scalar, label: str) -> Printed:
    return Printed(scalar.text, None, ZERO, scalar.span, label)
