"""The step law against the loops it describes: each simulated micro-batch by micro-batch, as transformers/trainer.py runs it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardaudit.intervals import Interval
from cardaudit.parse import read_card
from cardaudit.rules._steps import tails
from cardaudit.step_law import TAILS, RowTime, Tail, epoch_length, law_holds


def run(batches: int, accumulation: int, epochs: int, tail: Tail) -> list[tuple[int, Fraction]]:
    """Step and epoch at each update of a run.

    "dropped" is 4.26 (`(step + 1) % accumulation == 0 or steps_in_epoch <= accumulation and step + 1 == steps_in_epoch`),
    "carried" 4.27 to 4.46 (the same with `total_batched_samples`), "kept" 4.47 and later (`or step + 1 == steps_in_epoch`).
    """
    step = total = 0
    stamps = []
    for epoch in range(epochs):
        for batch in range(1, batches + 1):
            total += 1
            count = total if tail == "carried" else batch
            ends = batch == batches and (tail == "kept" or batches <= accumulation)
            if count % accumulation == 0 or ends:
                step += 1
                stamps.append((step, epoch + Fraction(batch, batches)))
    return stamps


def printed(epoch: Fraction, decimals: int) -> Interval:
    half = Fraction(1, 2 * 10**decimals)
    middle = Fraction(round(epoch * 10**decimals), 10**decimals)
    return Interval(middle - half, middle + half)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 60), st.integers(1, 12), st.integers(1, 4), st.sampled_from(TAILS), st.sampled_from((2, 4)))
def test_every_update_of_a_run_fits_its_own_law(batches: int, accumulation: int, epochs: int, tail: Tail, decimals: int) -> None:
    rows = [RowTime(step, printed(epoch, decimals)) for step, epoch in run(batches, accumulation, epochs, tail)]
    assert all(law_holds(row, batches, accumulation, tail) for row in rows)
    late = [row for row in rows if row.epoch.low > 0][-5:]
    length = epoch_length(late, accumulation, tails=(tail,))
    assert length is not None
    assert length.low <= batches <= length.high


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("4.24.0", ("dropped",)),
        ("4.26.1", ("dropped",)),
        ("4.27.0.dev0", ("dropped", "carried")),
        ("4.27.4", ("carried",)),
        ("4.46.3", ("carried",)),
        ("4.47.0.dev0", ("carried", "kept")),
        ("4.47.1", ("kept",)),
        ("5.23.0", ("kept",)),
    ],
)
def test_the_stated_version_chooses_the_law(version: str, expected: tuple[Tail, ...]) -> None:
    assert tails(read_card(f"# some-model\n\n### Framework versions\n\n- Transformers {version}\n", "card.md")) == expected


def test_without_a_version_every_law_is_allowed() -> None:
    assert tails(read_card("# some-model\n", "card.md")) == TAILS
