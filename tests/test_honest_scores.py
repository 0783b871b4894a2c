"""The cards of benchmarks/honest_cards.py: scores are those of scikit-learn, steps the loop's, and nobody is accused."""

import math
import random
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import honest_cards  # noqa: E402
import honest_runs  # noqa: E402
from honest_scores import accuracy, averaged, by_class, confusion  # noqa: E402

from cardaudit.lint import check_card  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402

CARDS = 150


@pytest.mark.parametrize("average", ["binary", "macro", "weighted", "micro"])
def test_averages_are_those_of_scikit_learn(average: str) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    for seed in range(20):
        rng = random.Random(seed)
        matrix = confusion(rng, rng, 2 if average == "binary" else 5, 400, rng.uniform(0.1, 0.95))
        gold = np.repeat(np.arange(len(matrix)), matrix.sum(1))
        guess = np.concatenate([np.repeat(np.arange(len(matrix)), row) for row in matrix])
        expected = metrics.precision_recall_fscore_support(gold, guess, average=average, zero_division=0)[:3]
        assert averaged(matrix, average) == pytest.approx(expected)
        assert accuracy(matrix) == pytest.approx(metrics.accuracy_score(gold, guess))
        each = metrics.precision_recall_fscore_support(gold, guess, average=None, labels=range(len(matrix)), zero_division=0)[:3]
        assert by_class(matrix) == pytest.approx(np.array(each))


def run(release: tuple[int, int], **options: object) -> honest_runs.Run:
    made = honest_runs.drawn(random.Random(1), release)
    return made._replace(examples=100, batch=10, devices=1, grouped=4, epochs=2, drop_last=False, **options)


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ((4, 24), [(1, 0.4, False), (2, 0.8, True), (3, 1.4, False), (4, 1.8, True)]),
        ((4, 40), [(1, 0.4, False), (2, 0.8, True), (3, 1.2, False), (4, 1.6, True)]),
        ((4, 53), [(1, 0.4, False), (2, 0.8, False), (3, 1.0, True), (4, 1.4, False), (5, 1.8, False), (6, 2.0, True)]),
    ],
)
def test_ten_batches_in_groups_of_four_by_release(release: tuple[int, int], expected: list[tuple[int, float, bool]]) -> None:
    found = list(honest_runs.updates(run(release)))
    assert [(step, round(epoch, 9), ends) for step, epoch, ends in found] == expected
    assert all(math.isclose(epoch, other) for (_, epoch, _), (_, other, _) in zip(found, expected, strict=True))


@pytest.mark.parametrize("at", range(CARDS))
def test_honest_card_is_accused_of_nothing(at: int) -> None:
    _, text = honest_cards.drawn(f"specified {at}")
    checkup = check_card(read_card(text, "card.md"))
    assert [each for each in checkup.findings if each.kind in honest_cards.ACCUSING] == [], text
    assert [each for each in checkup.unchecked if each.because.startswith("internal error")] == []
