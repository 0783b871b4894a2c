"""Tables that authors write by hand from coherent counts are accused of nothing, whatever they call their averages.

The counts are made up, their arithmetic is not: each score is computed from true positives, predicted and gold examples, and
printed in percent or as a fraction, rounded to the nearest or truncated.
"""

import math
import random
from collections.abc import Iterator, Sequence

import pytest

from cardaudit.lint import check_card
from cardaudit.parse import read_card

TABLES = 40
NAMES = ("anger", "joy", "sadness", "fear", "love", "PER", "LOC", "ORG")
MICRO = ("micro avg", "Micro average", "Overall", "**Overall**", "ALL", "Total", "avg / total")
MACRO = ("macro avg", "macro average", "Macro Average", "Mean", "Average", "Average (macro)", "Unweighted mean")
WEIGHTED = ("weighted avg", "Weighted average", "weighted", "Average (weighted)")
Counts = tuple[int, int, int]


def counts(chance: random.Random) -> Iterator[Counts]:
    """True positives, predicted and gold examples of three to six classes."""
    for _ in range(chance.randint(3, 6)):
        gold = chance.randint(5, 900)
        right = max(1, int(gold * chance.uniform(0.4, 0.99)))
        yield right, int(right / chance.uniform(0.5, 0.99)), gold


def scores(right: int, predicted: int, gold: int) -> tuple[float, ...]:
    """Precision, recall and F1."""
    return right / predicted, right / gold, 2 * right / (predicted + gold)


def mean(rows: Sequence[tuple[float, ...]], weights: Sequence[int]) -> tuple[float, ...]:
    return tuple(sum(n * value for n, value in zip(weights, of, strict=True)) / sum(weights) for of in zip(*rows, strict=True))


def printed(chance: random.Random, rows: Sequence[tuple[str, tuple[float, ...], int]]) -> list[list[str]]:
    """The cells as one author prints all of them."""
    factor, places, sign = chance.choice(((1, 2, ""), (1, 3, ""), (1, 4, ""), (100, 1, ""), (100, 2, "%")))
    truncated = chance.random() < 0.3
    scale = factor * 10**places
    return [
        [name, *(f"{(math.floor if truncated else round)(value * scale) / 10**places:.{places}f}{sign}" for value in of), f"{n}"]
        for name, of, n in rows
    ]


def table_of_classes(chance: random.Random) -> str:
    """A table of classes with one row or more for all of them."""
    of_class = list(counts(chance))
    rows, golds = [scores(*each) for each in of_class], [gold for _, _, gold in of_class]
    total = sum(golds)
    listed = list(zip(chance.sample(NAMES, len(rows)), rows, golds, strict=True))
    averages = [
        (chance.choice(MICRO), scores(*(sum(of) for of in zip(*of_class, strict=True))), total),
        (chance.choice(MACRO), mean(rows, [1] * len(rows)), total),
        (chance.choice(WEIGHTED), mean(rows, golds), total),
    ]
    some = sorted(chance.sample(averages, chance.randint(1, 3)), key=averages.index)
    head = ["Class", "Precision", "Recall", "F1", chance.choice(("Support", "Count", "#"))]
    lines = [head, ["---"] * 5, *printed(chance, [*listed, *some])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


@pytest.mark.parametrize("seed", range(TABLES))
def test_a_table_of_classes_is_accused_of_nothing(seed: int) -> None:
    text = f"# some-model\n\n## Evaluation\n\n{table_of_classes(random.Random(seed))}\n"
    assert [each.message for each in check_card(read_card(text)).findings if each.kind in ("inconsistent", "suspicious")] == []
