"""YAML front matter with YAML 1.2 meaning and a place for every value.

PyYAML reads YAML 1.1, where `1e-05` is text, `no` is False and `2021-01-01` a date (yaml/pyyaml#173). Here plain scalars follow
the core schema of YAML 1.2.2, section 10.3.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cardaudit.document.plain_yaml import read_plain
from cardaudit.document.scalars import Path, Scalar, YamlError
from cardaudit.records import Span


class FrontMatter(NamedTuple):
    """`values`: JSON values only (`.nan` and `.inf` stay text). `scalars`: path -> scalar, e.g. ("datasets", 0)."""

    values: Mapping[str, Any]
    scalars: Mapping[Path, Scalar]


def read_front_matter(text: str, start: int, end: int) -> FrontMatter | None:
    """The YAML between two offsets of a text; None where it holds nothing.

    Raises YamlError: no YAML, more than one document, no mapping, nested too deep, too many aliases (limits: yaml_tree.py).
    """
    if plain := read_plain(text, start, end):
        return FrontMatter(*plain)
    values, scalars = _read_tree(text, start, end)
    if values is None:
        return None
    if not isinstance(values, dict):
        raise YamlError("holds no keys", Span(start, end))
    return FrontMatter(values, scalars)


def read_list(text: str) -> FrontMatter:
    """The YAML list that a whole text is: `values` maps "0", "1" ... to its items; paths begin with the item's number.

    Raises YamlError as `read_front_matter` does, and where the text is no list.
    """
    values, scalars = _read_tree(text, 0, len(text))
    if not isinstance(values, list):
        raise YamlError("holds no list", Span(0, len(text)))
    return FrontMatter({str(at): item for at, item in enumerate(values)}, scalars)


def _read_tree(text: str, start: int, end: int) -> tuple[Any, dict[Path, Scalar]]:
    from cardaudit.document.yaml_tree import read_tree  # importing PyYAML takes longer than to read a card

    return read_tree(text, start, end)
