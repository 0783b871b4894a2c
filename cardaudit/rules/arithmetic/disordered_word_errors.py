"""WER, MER, WIL and WIP do not go together.

## What it does
Holds the match error rate, word information lost and word information preserved against each other and against WER.

## Condition
With hits H, substitutions S, deletions D, insertions I (jiwer; Morris, Maier and Green 2004): WER = (S + D + I) / (H + S + D),
MER = (S + D + I) / (H + S + D + I), WIP = H / (H + S + D) * H / (H + S + I), WIL = 1 - WIP. MER has the larger denominator, so
MER <= WER; (H + S + D)(H + S + I) >= H (H + S + D + I), so WIP <= 1 - MER and MER <= WIL. Reported where the intervals break
one of these.

## When it stays silent
Rates on different scales; where no two of them stand together.

## Usual causes
Columns interchanged; a digit edited; a mean over sentences of one rate beside the rate over all words of another.

## Example
`WIL 0.3275` beside `WIP 0.6911`, which is 1 - 0.3089.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval
from cardaudit.records import Card
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, between, exceeding, percent, same_scale, told
from cardaudit.rules._groups import tied as numbers_together

WER, MER, WIL, WIP = ("wer",), ("mer",), ("wil",), ("wip",)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", MER + WIL))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    disordered = [
        *exceeding(numbers_together(card, MER, WER), ", which has the smaller denominator"),
        *exceeding(numbers_together(card, MER, WIL), ", which it never does"),
    ]
    yield from told([*_lost(card), *disordered], ["all rates are counted over all words at once"])


def _lost(card: Card) -> Iterator[Fault]:
    for each in numbers_together(card, WIL, WIP):
        lost, preserved = each.intervals
        scale = percent(lost, preserved)
        complement = Interval(scale - preserved.high, scale - preserved.low)
        if same_scale(lost, preserved) and not lost.meets(complement):
            words = between(complement, each.numbers[0])
            says = f"WIL {each.numbers[0].text}, but WIP {each.numbers[1].text} leaves {words}"
            yield Fault(each, says, {each.keys[0]: words})
