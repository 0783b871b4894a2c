"""The distributions against scipy, and against tables where scipy is not installed."""

import pytest

from cardaudit.distributions import (
    chi2_cdf,
    chi2_quantile,
    normal_cdf,
    normal_quantile,
    student_t_cdf,
    student_t_quantile,
    student_t_sf,
)

DF = (1, 1.5, 2, 3, 4.2, 5, 7, 12, 21, 60, 200)
PROBABILITIES = (1e-6, 0.0006, 0.003, 0.05, 0.2, 0.5, 0.8, 0.95, 0.997, 0.9994)


@pytest.mark.parametrize(
    ("p", "df", "printed"), [(0.95, 5, 2.015), (0.975, 2, 4.303), (0.995, 10, 3.169), (0.75, 1, 1.0), (0.05, 5, -2.015)]
)
def test_student_t_as_in_printed_tables(p: float, df: float, printed: float) -> None:
    assert student_t_quantile(p, df) == pytest.approx(printed, abs=5e-4)


@pytest.mark.parametrize(("p", "df", "printed"), [(0.05, 2, 0.103), (0.95, 1, 3.841), (0.2, 4, 1.649), (0.05, 18, 9.390)])
def test_chi_squared_as_in_printed_tables(p: float, df: float, printed: float) -> None:
    assert chi2_quantile(p, df) == pytest.approx(printed, abs=5e-4)


def test_a_median_is_the_middle() -> None:
    assert (normal_cdf(0), normal_quantile(0.5), student_t_cdf(0, 5)) == (0.5, 0.0, 0.5)


@pytest.mark.parametrize("df", DF)
def test_student_t_agrees_with_scipy(df: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    for t in (-40, -3.2, -0.01, 0, 0.4, 1, 2.5, 8, 30, 100):
        assert student_t_cdf(t, df) == pytest.approx(stats.t.cdf(t, df), rel=1e-10, abs=1e-15)
        assert student_t_sf(abs(t), df) == pytest.approx(stats.t.sf(abs(t), df), rel=1e-10)
    for p in PROBABILITIES:
        assert student_t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("df", DF)
def test_chi_squared_agrees_with_scipy(df: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    for x in (1e-4, 0.1, 1, 4, 19, 80, 300):
        assert chi2_cdf(x, df) == pytest.approx(stats.chi2.cdf(x, df), rel=1e-10)
    for p in PROBABILITIES:
        assert chi2_quantile(p, df) == pytest.approx(stats.chi2.ppf(p, df), rel=1e-8, abs=1e-12)
