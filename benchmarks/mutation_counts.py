"""Scores of honest cards drawn anew from counts of their own, which then tell the counts, and others that tell nothing."""

import random
import re
from collections.abc import Callable

from mutation_operators import Apply, Fault, edited, pair

from cardaudit.facts import dataset_splits, entity_counts, labellings
from cardaudit.records import Card, Span

FOUR = ("accuracy", "precision", "recall", "f1")
Scores = dict[str, float]


def _drawn(n: int, rng: random.Random) -> Scores:
    """Two classes, 42 % of them positive."""
    positives = round(0.42 * n)
    hits, false = round(positives * rng.uniform(0.7, 0.95)), round((n - positives) * rng.uniform(0.05, 0.2))
    right = hits + n - positives - false
    return dict(
        zip(FOUR, (right / n, hits / (hits + false), hits / positives, 2 * hits / (hits + false + positives)), strict=True)
    )


def _averaged(n: int, rng: random.Random) -> Scores:
    """The macro averages of two such problems side by side, which no share of positives explains."""
    first, second = _drawn(n, rng), _drawn(n // 3, rng)
    return {key: (first[key] + second[key]) / 2 - (0.02 if key == "f1" else 0) for key in FOUR}


def _scored(scores: Callable[[int, random.Random], Scores], n: int) -> Apply:
    """Accuracy, precision, recall and F1 of headline and rows drawn anew."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        places = [row.metrics for row in card.epochs]
        if len(places) < 2 or not all(set(FOUR) <= set(each) for each in (card.headline, *places)) or "token" in card.text:
            return None
        if any(dataset_splits(mention.id) for mention in card.datasets):
            return None
        drawn = [scores(n, rng) for _ in places]
        cells = [(of[key].span, f"{score[key]:.4f}") for of, score in zip(places, drawn, strict=True) for key in FOUR]
        cells += [(card.headline[key].span, f"{drawn[-1][key]:.4f}") for key in FOUR]
        index = [(each.number.span, repr(drawn[-1][each.metric])) for each in card.model_index if each.metric in FOUR]
        return Fault(edited(card, *cells, *index), visible=True)

    return apply


pair("implied-prevalence", "counts-of-two-classes", _scored(_drawn, 30_011), "averages-of-classes", _scored(_averaged, 30_011))
pair(
    "confusion-matrix-recovered", "counts-of-a-small-set", _scored(_drawn, 211), "averages-of-small-sets", _scored(_averaged, 211)
)


def _rounded(value: float) -> str:
    return f"{value:.4f}"


def _entities(gold: int, tokens: int) -> Apply:
    """Recall and accuracy of the front matter as fractions of so many gold spans and tokens."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        index = {each.metric: each.number for each in card.model_index}
        if {mention.id for mention in card.datasets} != {"conll2003"} or not {"recall", "accuracy"} <= set(index):
            return None
        shares = {"recall": (gold - 1 - 2 * rng.randrange(200), gold), "accuracy": (tokens - 2 - 3 * rng.randrange(300), tokens)}
        rounded, exact = (
            edited(card, *((index[key].span, words(k / n)) for key, (k, n) in shares.items())) for words in (_rounded, repr)
        )
        return Fault(exact, visible=True, honest=Fault(rounded))

    return apply


KNOWN = next(row for row in labellings("conll2003") if row.split == "validation")
pair(
    "identified-labelling",
    "fractions-of-a-labelling",
    _entities(KNOWN.spans, KNOWN.tokens),
    "fractions-of-no-labelling",
    _entities(KNOWN.spans + 17, KNOWN.tokens + 31),
)


WORDS = next(
    each
    for each in entity_counts("conll2003")
    if each.task == "NER" and each.split == "validation" and "every" not in each.convention
)


def _triple(gold: int, least: int) -> Apply:
    """The front matter cut, and precision, recall and F1 of headline and rows of so many gold spans."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        places = [card.headline, *(row.metrics for row in card.epochs)]
        whole = len(places) > least and all(set(FOUR) <= set(each) for each in places)
        if {mention.id for mention in card.datasets} != {"conll2003"} or not whole:
            return None
        edits = []
        for each in places:
            hits = round(gold * rng.uniform(0.88, 0.95))
            predicted = round(hits / rng.uniform(0.88, 0.95))
            scores = {"precision": hits / predicted, "recall": hits / gold, "f1": 2 * hits / (gold + predicted)}
            edits += [(each[key].span, f"{score:.4f}") for key, score in scores.items()]
        index = re.compile(r"^model-index:\n(?:[ -].*\n)*", re.MULTILINE).search(card.text)
        return Fault(edited(card, *edits, *([(Span(*index.span()), "")] if index else [])), visible=True)

    return apply


pair("identified-evaluation-split", "counts-of-validation", _triple(WORDS.spans, 2), "counts-of-no-split", _triple(777, 5))
