"""The headline stands in no row of the training table.

## What it does
Looks for a table row that prints the headline's loss and metrics.

## Condition
The Trainer writes the last evaluation of its log as headline and every evaluation during training as a row
(transformers/modelcard.py, `parse_log_history`). The rule compares all quantities that headline and table share, as intervals,
row by row. Where a row has the loss, four digits that another evaluation seldom repeats, and one other number differs or no
more than agree, the finding is `suspicious`; else it is a `note`: on thousands of cards two losses are alike by chance. Metrics
of decoded text (WER, ROUGE, exact match) make no more than a `note`: decoding again with another beam or a language model
leaves the loss as it was. So do the means of preference training (rewards, log probabilities), which TRL takes over differing
numbers of examples. Two numbers that the row prints the other way round, while the rest agrees, are `suspicious` in any case: no
row of 20,231 cards has them.

## When it stays silent
Tables with rows left out ("..."). Masked language models, whose masks are drawn anew. A headline that differs in the loss alone
by less than 5 %. A headline printed in percent against a table of fractions, if the numbers agree.

## Usual causes
A last evaluation on another set, such as the test split (then every number differs); an evaluation after the last row; a
headline of another run; an edited number.

## Example
Headline `- F1: 0.9331` above a table that ends in `0.9133`, both with loss 0.0604.
"""

from collections.abc import Iterator, Mapping

from cardaudit.intervals import Interval, interval
from cardaudit.plurals import listed
from cardaudit.records import Card, EpochRow, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import cell, is_number, need_rows, row_name, spoken

DECODED = ("wer", "cer", "rouge", "bleu", "sacrebleu", "meteor", "chrf", "exact_match", "gen_len", "bertscore")
PREFERENCES = ("rewards", "logps", "logits")
MOST = 5


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("unlike-the-trainer", "short-print-not-exact", "cer-above-wer", "out-of-range-metric"),
    needs=("headline", "training table"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    shared = _shared(card)
    if any(_repeats(row, shared) for row in card.epochs):
        return
    agreed = [frozenset(key for key, number in shared.items() if _agree(number, cell(row, key))) for row in card.epochs]
    best = max(range(len(agreed)), key=lambda index: len(agreed[index]))
    if len(agreed[best]) == len(shared) or _masked(card) or _near(shared, card.epochs):
        return
    missing = [key for key in shared if key not in agreed[best]]
    printed = _few([f"{spoken(key)} {shared[key].text}" for key in missing])
    at = tuple(shared[key].span for key in missing)
    crossed = next((row for row in card.epochs if _crossed(shared, row)), None)
    if crossed is not None:
        yield _interchanged(card, shared, crossed)
        return
    by_chance = len(missing) > max(1, len(agreed[best]) - 1)
    if "loss" not in agreed[best] or by_chance or all(key.startswith(DECODED + PREFERENCES) for key in missing):
        yield Hit(
            f"no row of the table has the headline's {listed(printed)}", at, {"rows": len(agreed)}, "note", "info", "proven"
        )
        return
    others = [each.text for key in missing if (each := cell(card.epochs[best], key)) is not None]
    agreeing = listed([spoken(key) for key in shared if key in agreed[best]])
    message = f"headline {listed(printed)}, but {row_name(card, best)}, which has its {agreeing}, prints {listed(_few(others))}"
    at += tuple(each.span for key in missing if (each := cell(card.epochs[best], key)) is not None)
    yield Hit(message, at, {"agreeing": sorted(agreed[best])})


def _crossed(shared: Mapping[str, Printed], row: EpochRow) -> tuple[str, ...]:
    """The two quantities that a row prints the other way round, if it agrees in at least one other."""
    differing = tuple(key for key, number in shared.items() if not _agree(number, cell(row, key)))
    if len(differing) != 2 or len(shared) < 3:
        return ()
    first, second = differing
    return differing if _same(shared[first], cell(row, second)) and _same(shared[second], cell(row, first)) else ()


def _interchanged(card: Card, shared: Mapping[str, Printed], row: EpochRow) -> Hit:
    keys = _crossed(shared, row)
    stated = listed([f"{spoken(key)} {shared[key].text}" for key in keys])
    where = row_name(card, card.epochs.index(row))
    at = (*(shared[key].span for key in keys), *(each.span for key in keys if (each := cell(row, key)) is not None))
    agreeing = sorted(key for key in shared if key not in keys)
    return Hit(f"headline {stated}, but {where} prints the two the other way round", at, {"agreeing": agreeing})


def _few(words: list[str]) -> list[str]:
    return words if len(words) <= MOST else [*words[:MOST], f"{len(words) - MOST} more"]


def _shared(card: Card) -> Mapping[str, Printed]:
    rows = need_rows(card)
    if card.elided:
        raise NotCheckable("the table leaves rows out")
    shared = {
        key: number
        for key, number in card.headline.items()
        if is_number(number) and any((each := cell(row, key)) is not None and is_number(each) for row in rows)
    }
    if not shared:
        raise NotCheckable("headline and table share no quantity")
    return shared


def _repeats(row: EpochRow, shared: Mapping[str, Printed]) -> bool:
    """Whether a row prints all that the headline states."""
    for key, number in shared.items():  # noqa: SIM110 (asked for every row, where a generator costs more than the look)
        if not _same(number, cell(row, key)):
            return False
    return True


def _same(stated: Printed, printed: Printed | None) -> bool:
    return printed is not None and stated.text == printed.text


def _agree(stated: Printed, printed: Printed | None) -> bool:
    """Whether one number prints as both, in percent or not."""
    if _same(stated, printed):
        return True
    if printed is None or _far_apart(stated, printed):
        return False
    first, second = interval(stated), interval(printed)
    if first is None or second is None:
        return False
    in_percent = Interval(first.low / 100, first.high / 100), Interval(first.low * 100, first.high * 100)
    return any(each.meets(second) for each in (first, *in_percent))


def _far_apart(stated: Printed, printed: Printed) -> bool:
    """Whether floats tell already that the numbers agree in no unit."""
    first, second = float(stated.value or 0), float(printed.value or 0)
    width = 1.01 * (float(stated.slack) + float(printed.slack)) + 1e-9
    return all(abs(first * unit - second) > (width + 1e-9 * abs(second)) * max(unit, 1) for unit in (1, 0.01, 100))


def _near(shared: Mapping[str, Printed], rows: tuple[EpochRow, ...]) -> bool:
    if set(shared) != {"loss"}:
        return False
    stated = float(shared["loss"].value or 0)
    losses = [float(row.validation_loss.value) for row in rows if row.validation_loss and row.validation_loss.value is not None]
    return any(abs(loss - stated) <= 0.05 * abs(loss) for loss in losses)


def _masked(card: Card) -> bool:
    return bool(card.task and "mask" in card.task.text.lower()) or "fill-mask" in str(card.front_matter or {})
