"""How far authors spread: the robust deviation, the limit, and the variance pooled over recipes."""

import random
from statistics import fmean

import pytest

from cardaudit.census.pooling import Measured, digamma, inverse_trigamma, pooled, trigamma
from cardaudit.census.spread import BEYOND, deviation_of, limit_of
from cardaudit.distributions import student_t_quantile


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 9, 10, 11, 20, 35])
def test_qn_is_the_standard_deviation_of_normal_numbers(n: int) -> None:
    chance = random.Random(n)
    found = fmean(deviation_of(tuple(chance.gauss(0, 1) for _ in range(n))) for _ in range(4000))
    assert found == pytest.approx(1, abs=0.05)


def test_qn_bears_nearly_half_of_the_numbers_being_wild() -> None:
    honest = [0.93 + 0.001 * i for i in range(11)]
    assert deviation_of(tuple(honest + [9.0 + 7 * i for i in range(9)])) < 0.05


@pytest.mark.parametrize(("peers_", "share"), [(8, 0.01), (15, 0.004), (40, 0.002)])
def test_honest_runs_are_seldom_atypical(peers_: int, share: float) -> None:
    """One-sided, normal runs, without the floor under the scale: the limit leaves room for heavier tails."""
    chance, above, draws = random.Random(7), 0, 4000
    for _ in range(draws):
        values = sorted(chance.gauss(0, 1) for _ in range(peers_))
        middle = (values[(peers_ - 1) // 2] + values[peers_ // 2]) / 2
        above += chance.gauss(0, 1) - middle > limit_of(peers_) * deviation_of(tuple(values))
    assert above / draws < share


def test_the_limit_is_that_of_a_heavy_tail() -> None:
    assert student_t_quantile(1 - 0.005, 3) == pytest.approx(BEYOND)
    assert limit_of(8) == pytest.approx(BEYOND * 1.0938, rel=1e-3)


def test_polygamma_functions() -> None:
    assert digamma(1) == pytest.approx(-0.5772156649015329, abs=1e-9)
    assert trigamma(1) == pytest.approx(1.6449340668482264, abs=1e-8)
    assert trigamma(inverse_trigamma(0.37)) == pytest.approx(0.37)


def test_pooling_finds_the_deviation_and_how_far_recipes_differ() -> None:
    chance = random.Random(1)
    rows = []
    for number in range(1000):
        own = 0.7 * (6 / chance.gammavariate(3, 2)) ** 0.5  # an inverse chi-squared variance of 6 degrees of freedom
        values = tuple(chance.gauss(0, own) for _ in range(21))
        rows.append(Measured(str(number), "f1", 21, 0.9, deviation_of(values), None, "share", 1.0))
    (found,) = pooled(rows)
    assert found.deviation == pytest.approx(0.7, rel=0.05)
    assert found.degrees == pytest.approx(6, rel=0.3)
    assert found.low < 0.7 < found.high
    assert found.recipes == 1000
