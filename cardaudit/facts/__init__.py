"""What the field knows, as data: each file beside this module says in its first entry where it comes from and of what date.

Everything is read on first use and kept.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class MetricFacts(NamedTuple):
    """A metric's range on its own scale (None: unbounded), whether it may be printed in percent, and its direction."""

    low: float | None
    high: float | None
    percent: bool
    higher_is_better: bool


class EntityCount(NamedTuple):
    """How many gold spans a split holds under one way of labelling sub-tokens, and how many tokens are labelled."""

    split: str
    task: str
    convention: str
    spans: int
    tokens: int | None


def metric_facts(key: str) -> MetricFacts | None:
    """Facts on a metric key; an average's or a data set's affix ("macro_f1", "overall_precision") does not matter."""
    entries = load("metrics")["metrics"]
    if key in entries:
        return MetricFacts(*entries[key])
    words = [word for word in key.split("_") if word not in AFFIXES]
    stem = "_".join(words)
    return MetricFacts(*entries[stem]) if stem != key and stem in entries else None


def dataset_splits(dataset: str) -> Mapping[str, Mapping[str, int]]:
    """Config -> split -> examples of a data set by its id, legacy or canonical; empty where it is not known."""
    known: Mapping[str, Mapping[str, Mapping[str, int]]] = load("datasets")["datasets"]
    return known.get(legacy_id(dataset) or dataset, {})


def canonical_id(dataset: str) -> str | None:
    """The repository that a bare legacy id stands for today ("imdb" -> "stanfordnlp/imdb"), None where it is none."""
    entry: str | None = load("legacy_ids")["canonical"].get(dataset)
    return entry


def legacy_id(dataset: str) -> str | None:
    """The bare id of a data set, however it is written ("CoNLL-2003", "eriktks/conll2003"); None where it never had one."""
    return _bare_ids().get(_letters(dataset))


def entity_counts(dataset: str) -> tuple[EntityCount, ...]:
    """Counted gold spans of a data set by split, task and labelling convention; empty where not counted."""
    return tuple(EntityCount(*row) for row in load("entity_counts")["datasets"].get(legacy_id(dataset) or dataset, ()))


@cache
def _bare_ids() -> Mapping[str, str]:
    canonical: Mapping[str, str] = load("legacy_ids")["canonical"]
    bare = {*canonical, *load("entity_counts")["datasets"]}
    return {_letters(name): old for old in bare for name in (old, canonical.get(old, old))}


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower())) if "/" not in name else name.lower()


@cache
def load(name: str) -> Mapping[str, Any]:
    """One facts file, parsed."""
    document: Mapping[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return document


AFFIXES = frozenset(
    ("overall", "macro", "micro", "weighted", "samples", "binary", "eval", "test", "validation", "val", "mean", "average", "avg")
)
