"""BLEU exceeds its own brevity penalty.

## What it does
Holds BLEU against the brevity penalty that is printed with it.

## Condition
BLEU = BP * exp(mean of the logarithms of n-gram precisions), and no precision exceeds 1, so BLEU <= BP in fractions and BLEU
<= 100 BP in percent (Papineni et al. 2002; sacrebleu 2, `BLEUScore.bp`). Reported where min I(BLEU) exceeds that whatever the
rounding. A penalty above 1 is impossible too.

## When it stays silent
Where no brevity penalty is printed. A BLEU of at most 1 may be a fraction or a poor percentage: it is read as the latter.

## Usual causes
The penalty of another evaluation; a ratio of lengths printed as penalty.

## Example
`BLEU 41.2` beside `brevity penalty 0.379`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, digits, told
from cardaudit.rules._groups import together as numbers_together

PENALTY = ("bleu_bp", "brevity_penalty", "bp")
BLEU = ("bleu", "sacrebleu", "bleu_score")


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", PENALTY, BLEU))
def check(subject: Subject) -> Iterator[Hit]:
    faults = []
    for each in numbers_together(subject.card, PENALTY, BLEU):
        penalty, bleu = each.intervals
        bound = penalty.high * 100
        if 0 <= penalty.low <= 1 and bleu.low > bound:
            most = digits(bound, each.numbers[1])
            says = f"BLEU {each.numbers[1].text}, but the brevity penalty {each.numbers[0].text} allows at most {most}"
            faults.append(Fault(each, says, {each.keys[1]: f"at most {most}"}))
    yield from told(faults, ["the penalty belongs to this BLEU"])
