"""What the field knows, as data: each file beside this module says in its first entry where it comes from and of what date.

Everything is read on first use and kept.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from cardaudit.patterns import deferred

TIMING = deferred(
    r"(?:\w+_)?(?:runtime|(?:samples|steps|tokens)_per_second|(?:model_)?preparation_time|jit_compilation_time|total_flos"
    r"|num_input_tokens_seen|epochs?|steps?)"
)


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


def is_timing(key: str) -> bool:
    """Whether a value printed among metrics says how long or how far something ran, and nothing of the model."""
    return TIMING.fullmatch(key) is not None


@lru_cache(maxsize=1024)
def metric_facts(key: str) -> MetricFacts | None:
    """Facts on a metric key; an average's or a data set's affix ("macro_f1", "overall_precision") does not matter."""
    entries = load("metrics")["metrics"]
    if key in entries:
        return MetricFacts(*entries[key])
    words = [word for word in key.split("_") if word not in AFFIXES]
    stem = "_".join(words)
    return MetricFacts(*entries[stem]) if stem != key and stem in entries else None


class Baseline(NamedTuple):
    """How often the commonest class of a split occurs: `commonest` of `size`; `label` says which, `source` how it is known."""

    config: str | None
    split: str
    commonest: int
    size: int
    label: str
    source: str

    @property
    def share(self) -> Fraction:
        return Fraction(self.commonest, self.size)


class Benchmark(NamedTuple):
    """An evaluation harness task: how many examples it scores, and the accuracy of guessing evenly ("1/4"), if it has one."""

    examples: int
    split: str
    dataset: str | None
    config: str | None
    chance: str | None
    source: str


class TrainingRecipe(NamedTuple):
    """A well-known recipe by the number of examples it trains on."""

    dataset: str
    config: str | None
    split: str
    examples: int
    part: str
    recipe: str


class Labelling(NamedTuple):
    """A way of labelling sub-tokens by the gold spans and labelled tokens that it leaves of a split."""

    dataset: str
    split: str
    spans: int
    tokens: int
    vocabulary: str | None
    recipe: str


def dataset_splits(dataset: str) -> Mapping[str, Mapping[str, int]]:
    """Config -> split -> examples of a data set by its id, legacy or canonical; empty where it is not known."""
    known: Mapping[str, Mapping[str, int]] = entry("datasets", known_name(dataset)) or {}
    return known


def label_counts(dataset: str, config: str | None) -> Mapping[str, int]:
    """Label column -> number of classes of a config, or of all configs where it is None and they agree; else empty."""
    configs: Mapping[str, Mapping[str, int]] = entry("labels", known_name(dataset)) or {}
    if "*" in configs:
        return configs["*"]
    if config is not None:
        return configs.get(config, {})
    return next(iter(configs.values())) if len(configs) == 1 else {}


def baselines(dataset: str, config: str | None) -> tuple[Baseline, ...]:
    """Shares of the commonest class by split, of this config; empty where they are not known."""
    rows = entry("baselines", known_name(dataset)) or ()
    return tuple(Baseline(*row) for row in rows if row[0] in (None, config))


def benchmark(task: str) -> Benchmark | None:
    """Facts on an evaluation harness task by its name ("arc_challenge", "mmlu_anatomy"); None where it is not known."""
    row = entry("benchmarks", task)
    return Benchmark(*row) if row else None


def training_recipes(dataset: str) -> tuple[TrainingRecipe, ...]:
    """Well-known recipes on a data set."""
    rows = (TrainingRecipe(*row) for row in load("recipes")["training"])
    return tuple(row for row in rows if row.dataset == known_name(dataset))


def labellings(dataset: str) -> tuple[Labelling, ...]:
    """Well-known ways of labelling the sub-tokens of a data set."""
    rows = (Labelling(*row) for row in load("recipes")["labelling"])
    return tuple(row for row in rows if row.dataset == known_name(dataset))


def known_name(dataset: str) -> str:
    """The name under which the facts hold a data set: its bare legacy id where it has one, else the id as it is."""
    return legacy_id(dataset) or dataset


def facts_version() -> str:
    """The version of the facts: the newest of all files that carry one."""
    return max(str(load(path.stem).get("facts_version", "")) for path in Path(__file__).parent.glob("*.json"))


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
    """One facts file, parsed whole."""
    document: Mapping[str, Any] = json.loads(_text(name))
    return document


@lru_cache(10_000)
def entry(name: str, key: str) -> Any | None:
    """One entry of a facts file that holds one on a line; None where there is none.

    Only that line is parsed: datasets.json takes 20 ms as a whole and 0.3 ms to read and search.
    """
    text = _text(name)
    mark = f"\n{json.dumps(key, ensure_ascii=False)}: "
    start = text.find(mark, text.index(": {\n"))
    if start < 0:
        return None
    start += len(mark)
    return json.loads(text[start : text.index("\n", start)].rstrip(","))


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")


AFFIXES = frozenset(
    ("overall", "macro", "micro", "weighted", "samples", "binary", "eval", "test", "validation", "val", "mean", "average", "avg")
)
