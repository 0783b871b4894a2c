"""The perplexity is not the exponential of the loss.

## What it does
Computes perplexity again from the evaluation loss that is printed with it.

## Condition
Perplexity = exp(loss) for a mean negative log likelihood in nats (transformers/examples, run_clm.py and run_mlm.py:
`math.exp(eval_loss)`). Reported where I(perplexity) and exp(I(loss)) are more than 0.5 % apart, also in bits (2 ^ loss).
`suspicious`, because a loss may be the sum of several heads. In a table the loss is the column whose exponential the perplexity
is in most rows and in two at least, under whatever name ("Lm Loss"); rows that break it are reported (16 real tables: none).

## When it stays silent
Under label smoothing, which raises the evaluation loss too. Where the perplexity is far below exp(loss) and the card speaks of
several losses (further "..._loss" numbers). Where it is above exp(loss) and the card speaks of folds or several runs: a mean of
exponentials is (Jensen). A headline of masked language models, which mask anew at each evaluation, gets 5
%.

## Usual causes
Perplexity of one checkpoint beside the loss of another; a mean of perplexities per batch; an edited digit.

## Example
`Perplexity 18.02` beside `Loss 2.7912`, which gives 16.30.
"""

from collections.abc import Iterator, Sequence
from math import exp

from cardaudit.facts import AFFIXES as KNOWN_AFFIXES
from cardaudit.records import Card, EpochRow
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import cell, is_number, row_name
from cardaudit.rules._groups import Fault, Tied, possible, told
from cardaudit.rules._groups import tied as numbers_together
from cardaudit.rules._text import speaks_of_means

PERPLEXITY, LOSS = ("perplexity",), ("loss",)
LEEWAY, MASKED_LEEWAY = 1.005, 1.05
LARGEST = 50.0
LEAST_ROWS = 2
AFFIXES = KNOWN_AFFIXES | {"perplexity"}


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", PERPLEXITY, LOSS))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    yield from told([*_of_one_evaluation(card), *_of_rows(card)], ["the loss is a mean negative log likelihood"])


def _of_one_evaluation(card: Card) -> Iterator[Fault]:
    if card.hyperparameters.label_smoothing_factor is not None or _several_losses(card):
        return
    leeway = MASKED_LEEWAY if card.task and "fill" in card.task.text.lower() else LEEWAY
    ties = (each for each in numbers_together(card, PERPLEXITY, LOSS) if AFFIXES.issuperset(each.keys[0].split("_")))
    means = speaks_of_means(card.text)
    yield from (fault for each in ties if (fault := _fault(each, leeway)) and not (means and _is_above(each)))


def _of_rows(card: Card) -> Iterator[Fault]:
    """Rows that break what ties perplexity to one of the losses in most of the others."""
    rows = [(row_name(card, at), row) for at, row in enumerate(card.epochs) if not row.repair and "perplexity" in row.metrics]
    columns = {key for _, row in rows for key in row.metrics if key.endswith("loss")}
    judged = [_judged(card, rows, key) for key in ("validation_loss", *sorted(columns))]
    kept, broken = max(judged, key=lambda each: each[0])
    if kept >= LEAST_ROWS and kept > 2 * len(broken):
        yield from broken


def _judged(card: Card, rows: Sequence[tuple[str, EpochRow]], key: str) -> tuple[int, list[Fault]]:
    """How many rows print the exponential of this column as perplexity, and the faults of the others."""
    kept, broken = 0, []
    for where, row in rows:
        perplexity, loss = row.metrics["perplexity"], cell(row, key)
        if loss is None or not is_number(loss) or not is_number(perplexity):
            continue
        fault = _fault(
            Tied(where, ("perplexity", key), (perplexity, loss), (possible(card, perplexity), possible(card, loss))), LEEWAY
        )
        if fault:
            broken.append(fault)
        else:
            kept += 1
    return kept, broken


def _fault(each: Tied, leeway: float) -> Fault | None:
    perplexity, loss = each.intervals
    if perplexity.low <= 0 or not 0 < loss.low <= loss.high < LARGEST:
        return None
    low, high = float(perplexity.low) / leeway, float(perplexity.high) * leeway
    if any(base ** float(loss.low) <= high and low <= base ** float(loss.high) for base in (exp(1), 2.0)):
        return None
    right = f"{exp(float(sum(loss) / 2)):.4g}"
    says = f"perplexity {each.numbers[0].text}, but loss {each.numbers[1].text} gives {right}"
    return Fault(each, says, {each.keys[0]: right}, "suspicious")


def _is_above(each: Tied) -> bool:
    perplexity, loss = each.intervals
    return float(perplexity.low) > exp(float(loss.high))


def _several_losses(card: Card) -> bool:
    keys = {*card.headline, *(key for row in card.epochs for key in row.metrics)}
    return any(key.endswith("_loss") and key not in ("train_loss", "validation_loss", "training_loss") for key in keys)
