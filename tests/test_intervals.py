"""Arithmetic on printed numbers, held against brute force, against true runs, and against scipy where it is installed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardaudit.intervals import (
    Interval,
    accidental_sizes,
    confusion_matrices,
    entity_counts,
    fraction_of_float,
    harmonic,
    interval,
    possible_counts,
    possible_sizes,
    proportion,
    telling_size,
)
from cardaudit.records import Printed, Span
from cardaudit.step_law import RowTime, epoch_length, row_fits, training_sizes, updates_per_epoch


def printed(text: str) -> Printed:
    """A number as four-decimal prose states it: half a unit of its last place."""
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Printed(text, value, Decimal(5).scaleb(exponent - 1), Span(0, len(text)))


def of(text: str) -> Interval:
    possible = interval(printed(text))
    assert possible is not None
    return possible


def whole_epochs(*steps: int, slack: Fraction = Fraction(1, 200)) -> list[RowTime]:
    return [RowTime(step, Interval(epoch - slack, epoch + slack)) for epoch, step in enumerate(steps, 1)]


def test_a_print_is_the_closed_interval_of_what_rounds_to_it() -> None:
    assert of("0.9126") == Interval(Fraction("0.91255"), Fraction("0.91265"))
    assert interval(Printed("No log", None, Decimal(0), Span(0, 6))) is None
    assert interval(Printed("nan", Decimal("nan"), Decimal(0), Span(0, 3))) is None


@pytest.mark.parametrize(
    ("precision", "recall", "f1", "possible"),
    [
        ("0.8995", "0.9026", "0.9011", True),
        ("0.9091", "0.9104", "0.9098", True),
        ("0.9109", "0.9144", "0.9126", True),
        ("0.9109", "0.9144", "0.9136", False),
        ("0.9109", "0.9144", "0.9128", False),
        ("0.0", "0.0", "0.0", True),
    ],
)
def test_harmonic_mean_of_prints(precision: str, recall: str, f1: str, possible: bool) -> None:
    assert harmonic(of(precision), of(recall)).meets(of(f1)) is possible


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6), st.integers(2, 5))
def test_no_average_over_classes_exceeds_the_harmonic_bound(classes: list[tuple[int, int, int]], decimals: int) -> None:
    """Macro averages of true counts (hits, false positives, misses), rounded, are never called inconsistent."""

    def share(part: int, whole: int) -> Fraction:
        return Fraction(part, whole) if whole else Fraction(0)

    def mean(values: list[Fraction]) -> Interval:
        text = f"{float(sum(values, Fraction(0)) / len(values)):.{decimals}f}"
        return of(text)

    precision = mean([share(hits, hits + false) for hits, false, _ in classes])
    recall = mean([share(hits, hits + missed) for hits, _, missed in classes])
    f1 = mean([share(2 * hits, 2 * hits + false + missed) for hits, false, missed in classes])
    assert f1.low <= harmonic(precision, recall).high


@given(st.integers(1, 400), st.integers(0, 400), st.integers(1, 4))
def test_the_true_count_is_always_possible(n: int, k: int, decimals: int) -> None:
    k = min(k, n)
    share = of(f"{k / n:.{decimals}f}")
    assert k in possible_counts(share, n)
    assert n in possible_sizes([share], n)


def test_size_inversion_of_source_texts() -> None:
    subset = [of("0.6600"), of("0.8667"), of("0.8400"), of("0.8933")]
    assert possible_sizes(subset, 900) == (150, 300, 450, 600, 750, 900)
    assert [possible_counts(share, 150)[0] for share in subset] == [99, 130, 126, 134]
    assert 225 in possible_sizes([of("0.66"), *subset[1:]], 900)
    tokens = [of("0.2347"), of("0.2632"), of("0.2605")]
    assert possible_sizes(tokens, 2000) == (737, 1474, 1858, 1862, 1896, 1900)
    assert accidental_sizes([Fraction(1, 10**4)] * 3, 737) == pytest.approx(0.074, abs=0.0005)
    assert accidental_sizes([Fraction(1, 10**4)] * 4, 872) == pytest.approx(0.010, abs=0.0005)


def test_telling_size_is_the_last_below_the_chance() -> None:
    widths = [Fraction(1, 10**4)] * 3
    largest = telling_size(widths, 0.05, 2000)
    assert accidental_sizes(widths, largest) <= 0.05 < accidental_sizes(widths, largest + 1)


@given(st.integers(2, 1_000_000), st.data())
def test_a_full_precision_float_gives_its_fraction_back(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, n - 1))
    share = Fraction(k, n)
    dyadic = share.denominator > 4096 and share.denominator.bit_count() == 1
    assert fraction_of_float(Fraction(repr(k / n))) == (None if dyadic else share)


def test_a_rounded_float_is_no_fraction() -> None:
    assert fraction_of_float(Fraction("0.8933333158493042")) is None


def test_wilson_interval_of_source_4() -> None:
    estimate = proportion(134, 150)
    assert [round(x, 3) for x in (estimate.standard_error, estimate.low, estimate.high)] == [0.025, 0.834, 0.933]


@pytest.mark.parametrize(("k", "n"), [(0, 5), (134, 150), (192, 737), (7, 7)])
def test_wilson_interval_against_scipy(k: int, n: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert proportion(k, n)[3:] == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_step_law_of_source_texts() -> None:
    length = epoch_length(whole_epochs(878, 1756, 2634))
    assert length is not None
    assert length.low <= 878 <= length.high
    assert training_sizes(epoch_length(whole_epochs(2, 4, 6)) or pytest.fail("no length"), 8) == (9, 16)
    rows = [RowTime(step, of(epoch)) for epoch, step in (("0.12", 50), ("0.23", 100), ("0.46", 200))]
    early = epoch_length(rows)
    assert early is not None
    assert (early.low, early.high) == (431, 434)
    assert training_sizes(early, 16) == (6881, 6944)
    assert epoch_length(whole_epochs(1956, 3800, 5868)) is None


@given(st.integers(1, 300), st.integers(1, 8), st.booleans(), st.integers(1, 4), st.data())
def test_a_true_run_is_never_impossible(batches: int, accumulation: int, ceiling: bool, epochs: int, data: st.DataObject) -> None:
    """Rows logged as transformers counts them, epochs rounded to 2 or 4 decimals, always leave the true length."""
    updates = updates_per_epoch(batches, accumulation, ceiling)
    decimals = data.draw(st.sampled_from((2, 4)))
    steps = sorted(data.draw(st.sets(st.integers(1, epochs * updates), min_size=1, max_size=4)))
    rows = []
    for step in steps:
        whole, rest = divmod(step, updates)
        exact = whole + Fraction(rest * accumulation, batches) if rest else Fraction(whole)
        slack = Fraction(1, 2 * 10**decimals)
        logged = Fraction(round(exact, decimals))
        rows.append(RowTime(step, Interval(logged - slack, logged + slack)))
    rows = [row for row in rows if row.epoch.high > 0]
    assert all(row_fits(row, batches, accumulation, ceiling) for row in rows)
    try:
        length = epoch_length(rows, accumulation)
    except OverflowError:
        return
    assert length is not None
    assert length.low <= batches <= length.high


def test_one_early_row_says_too_little() -> None:
    with pytest.raises(OverflowError, match="dataloader lengths are possible"):
        epoch_length([RowTime(500, of("0.01"))], accumulation=4)


def test_entity_counts_of_source_2_are_unique_on_validation_and_refute_test() -> None:
    numbers = of("0.9288"), of("0.9374"), of("0.9331")
    assert list(entity_counts(*numbers, 5942)) == [(5570, 5997)]
    assert list(entity_counts(*numbers, 5648)) == []
    assert list(entity_counts(*numbers, 8426)) == []
    assert {gold: len(list(entity_counts(*numbers, gold))) for gold in (8939, 11146)} == {8939: 1, 11146: 1}


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_entity_counts_hold_the_truth_and_agree_with_brute_force(hits: int, missed: int, false: int) -> None:
    gold, predicted = hits + missed, hits + false
    precision, recall = of(f"{hits / predicted:.3f}"), of(f"{hits / gold:.3f}")
    f1 = of(f"{2 * hits / (gold + predicted):.3f}")
    found = set(entity_counts(precision, recall, f1, gold))
    brute = {
        (h, p)
        for h in range(1, gold + 1)
        for p in range(h, 4 * predicted + 2)
        if recall.low <= Fraction(h, gold) <= recall.high
        and precision.low <= Fraction(h, p) <= precision.high
        and f1.low <= Fraction(2 * h, gold + p) <= f1.high
    }
    assert (hits, predicted) in found
    assert found == brute


def test_four_metrics_of_sst2_leave_one_matrix_and_agree_with_brute_force() -> None:
    prints = [of(text) for text in ("0.9106", "0.8978", "0.9302", "0.9137")]
    assert {n: list(confusion_matrices(*prints, n)) for n in (871, 872, 1821)} == {871: [], 872: [(413, 31, 47)], 1821: []}
    loose = [of(text) for text in ("0.85", "0.80", "0.89", "0.84")]
    n = 41
    brute = {
        (hits, missed, false)
        for hits in range(1, n + 1)
        for missed in range(n - hits + 1)
        for false in range(n - hits - missed + 1)
        if all(
            low <= Fraction(k, of) <= high
            for (low, high), (k, of) in zip(
                loose,
                ((n - missed - false, n), (hits, hits + false), (hits, hits + missed), (2 * hits, 2 * hits + missed + false)),
                strict=True,
            )
        )
    }
    assert set(confusion_matrices(*loose, n)) == brute != set()
