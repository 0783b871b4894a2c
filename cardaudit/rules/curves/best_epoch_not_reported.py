"""An earlier row is better than the one that the headline reports.

## What it does
Compares the headline's row with the table's best row by the card's own metric.

## Condition
The headline is the table's last row, and an earlier row has a better F1 (else accuracy, else the first metric of known
direction, else validation loss). The lead must exceed twice the median change between consecutive rows, the noise band of one
run; for a share also one standard error at 1,000 examples, sqrt(p (1 - p) / 1000). transformers writes the last evaluation into
the card even where load_best_model_at_end restored another checkpoint (huggingface/transformers#15547).

## When it stays silent
Fewer than three rows; headlines that are not the last row; leads inside the noise; metrics of unknown direction; by loss alone
where rising-validation-loss or run-stopped-early tells the same.

## Usual causes
Training went on after the best checkpoint; the best checkpoint was restored and the card still reports the last evaluation.

## Example
Accuracy 0.912 at epoch 2, headline 0.871 from epoch 10.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import sqrt

from cardaudit.facts import metric_facts
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import Column, cell, column, higher_is_better, metric_keys, need_rows, row_name, spoken

PREFERRED = ("f1", "overall_f1", "macro_f1", "weighted_f1", "f1_macro", "matthews_correlation", "accuracy")

TELLING = ("rising-validation-loss", "run-stopped-early")


@rule(kind="note", severity="info", confidence="likely", yields_to=("zero-f1",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 3)
    key = _primary(card)
    if key == "validation_loss" and (told := [each.rule for each in subject.findings if each.rule in TELLING]):
        raise NotCheckable(f"{told[0]} already explains it")
    values = column(card, key)
    if len(values.cells) < len(card.epochs):
        raise NotCheckable(f"some rows print no {spoken(key)}")
    stated = card.headline.get("loss" if key == "validation_loss" else key)
    if stated is None or stated.value != values.cells[-1].value:
        raise NotCheckable(f"the headline's {spoken(key)} is not that of the last row")
    sign = 1 if higher_is_better(key) else -1
    numbers = values.values
    best = max(range(len(numbers)), key=lambda index: sign * numbers[index])
    lead = float(sign * (numbers[best] - numbers[-1]))
    noise = _noise(key, values)
    if lead > noise:
        yield _hit(card, key, best, stated, {"lead": lead, "noise": noise})


def _hit(card: Card, key: str, best: int, stated: Printed, worked: dict[str, float]) -> Hit:
    better = cell(card.epochs[best], key)
    at = (stated.span, better.span) if better else (stated.span,)
    text = better.text if better else ""
    return Hit(f"{spoken(key)} {stated.text} is that of the last row; {row_name(card, best)} has {text}", at, worked)


def _primary(card: Card) -> str:
    keys = metric_keys(card)
    for key in (*PREFERRED, *keys):
        if key in keys and key in card.headline and higher_is_better(key) is not None:
            return key
    return "validation_loss"


def _noise(key: str, values: Column) -> float:
    changes = sorted(abs(float(b - a)) for a, b in pairwise(values.values))
    band = 2 * changes[len(changes) // 2]
    facts = metric_facts(key)
    share = float(max(values.values))
    if facts and facts.percent:
        scale = 1 if share <= 1 else 100
        share = min(max(share / scale, 0.0), 1.0)
        return max(band, scale * sqrt(share * (1 - share) / 1000))
    return band
