"""A sentence states another value of a metric than the card's results.

## What it does
Reads sentences such as "an accuracy of 89.33% with a loss of 0.4125" and looks for the number among the printed ones.

## Condition
The sentence speaks of the evaluation of this model, the metric is in headline, table or front matter, and none of its values
there rounds to the stated one, in percent or as a fraction. A "training loss" that is in no row, but the evaluation loss of the
headline, is told as such.

## When it stays silent
Sentences that name a test set, another model, a benchmark, a language model for decoding or a class; lines of lists; macro or
micro averages that the results do not tell apart; results of several sets. Losses of masked language models within 5 %: each
evaluation masks anew.

## Usual causes
A text kept from an earlier run; rounding by hand; validation and training loss mixed up.

## Example
"It achieves an accuracy of 91.3%" above `- Accuracy: 0.8933`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._prose import is_of_others, printed_values, prose, sentences

VERBS = deferred(
    r"\b(?:achiev\w+|reach\w+|attain\w+|obtain\w+|yield\w+|scor(?:es|ed)|ha[sd]|with|shows?|gives?)\b", re.IGNORECASE
)
SIGN = deferred(r"[ (](?:of|is|was|reached|at) [*_`~≈]{0,3}\d")
ELSEWHERE = deferred(r"\b(?:test|benchmark|split|fold|dev(?:elopment)?|per[- ]class)\b", re.IGNORECASE)
AVERAGED = deferred(r"\b(?:macro|micro|weighted|average)\b", re.IGNORECASE)
HUNDRED = Decimal(100)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", "own results"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not SIGN.search(prose(card)):
        raise NotCheckable("no sentence states a metric's value")
    held, told = False, _told(card)
    for start, sentence in sentences(card.text):
        if sentence[:1] in "-*•|>" or not VERBS.search(sentence) or ELSEWHERE.search(sentence) or is_of_others(sentence):
            continue
        for key, stated in _stated_in(told, start, start + len(sentence)):
            if key not in ("loss", "accuracy") and AVERAGED.search(sentence):
                continue
            values = [value for value in printed_values(card, key) if is_number(value) and value.span != stated.span]
            held = held or bool(values)
            if values and is_number(stated) and not any(_agree(stated, value) for value in values):
                if not (key in ("loss", "perplexity") and _masked_anew(card, stated, values)):
                    yield _hit(card, key, stated, values)
            elif "train" in stated.label.lower() and _is_evaluation_loss(card, stated):
                yield _misnamed(card, stated)
    if not held:
        raise NotCheckable("no sentence states a metric that the results print")


def _told(card: Card) -> list[tuple[str, Printed]]:
    """The metrics that the reader found outside the training table, of no named data set or model, in the text's order."""
    own = [(each.metric, each.number) for each in card.results if not (each.dataset or each.model or each.setting)]
    return sorted([*card.headline.items(), *own], key=lambda each: each[1].span.start)


def _stated_in(told: list[tuple[str, Printed]], start: int, end: int) -> list[tuple[str, Printed]]:
    first = bisect_left(told, start, key=lambda each: each[1].span.start)
    return told[first : bisect_left(told, end, lo=first, key=lambda each: each[1].span.start)]


def _hit(card: Card, key: str, stated: Printed, values: list[Printed]) -> Hit:
    own = card.headline.get(key) or values[-1]
    message = f"{spoken(key)} {stated.text} in the text, {own.text} in the results"
    return Hit(message, (stated.span, own.span), {"stated": stated.text, "printed": [value.text for value in values[:20]]})


def _masked_anew(card: Card, stated: Printed, values: list[Printed]) -> bool:
    """Whether the text speaks of masked language modelling and some value lies within 5 % of the stated one."""
    if "mask" not in card.text.lower() or stated.value is None:
        return False
    return any(value.value is not None and abs(value.value - stated.value) <= abs(value.value) / 20 for value in values)


def _misnamed(card: Card, stated: Printed) -> Hit:
    loss = card.headline["loss"]
    message = f"the text calls {stated.text} a training loss; it is the loss on the evaluation set"
    return Hit(message, (stated.span, loss.span), {"stated": stated.text}, "note", "info")


def _is_evaluation_loss(card: Card, stated: Printed) -> bool:
    loss = card.headline.get("loss")
    training = [row.training_loss for row in card.epochs if row.training_loss is not None and is_number(row.training_loss)]
    if loss is None or loss.span == stated.span or not training or not _agree(stated, loss):
        return False
    return not any(_agree(stated, each) for each in training)


def _agree(stated: Printed, value: Printed) -> bool:
    if stated.low is None or stated.high is None or value.low is None or value.high is None:
        return True
    scales = (Decimal(1), HUNDRED, 1 / HUNDRED)
    return any(value.low * scale <= stated.high and value.high * scale >= stated.low for scale in scales)
