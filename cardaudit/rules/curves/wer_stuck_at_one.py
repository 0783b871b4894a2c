"""The word error rate stays at 1.

## What it does
Points at speech models whose word error rate is within 0.02 of 1 in the headline and in every row.

## Condition
All word error rates printed lie in [0.98, 1.02]. WER = (S + D + I) / N with N words in the reference: a model that writes nothing
deletes every word and has exactly 1, one that writes one word for each sentence is near it.

## When it stays silent
Any row or headline outside that band; columns in percent, where 1 is excellent: a headline or row above 2 shows them, and a card
whose character error rate is below 0.5 contradicts the reading.

## Usual causes
Blank output of a CTC model that has not left its first plateau; a vocabulary of another case or script than the references; too
few steps.

## Example
Wer 1.0 in all of 8 rows.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, is_number
from cardaudit.rules._stated import summed_up

NEAR = 0.02


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("nan-loss",), needs=("metric wer",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = column(card, "wer").cells
    stated = summed_up(card, "wer")
    rates = (*rows, stated) if stated is not None and is_number(stated) else rows
    if not rates:
        raise NotCheckable("neither headline nor table states a word error rate")
    if any(abs(float(rate.value or 0) - 1) > NEAR or rate.text.endswith("%") for rate in rates):
        return
    characters = (*column(card, "cer").cells, summed_up(card, "cer"))
    if any(each is not None and is_number(each) and float(each.value or 0) < 0.5 for each in characters):
        return
    where = (
        ("in its only row" if len(rows) == 1 else f"in all of {len(rows)} rows")
        if rows
        else ("in the headline" if card.headline else "where the card sums up")
    )
    lowest, highest = (pick(rates, key=lambda rate: rate.value or 0).text for pick in (min, max))
    printed = lowest if float(lowest) == float(highest) else f"{lowest} to {highest}"
    yield Hit(f"word error rate {printed} {where}", tuple(rate.span for rate in rates[-3:]), {"rows": len(rows)})
