"""ROUGE-2 or ROUGE-L exceeds ROUGE-1.

## What it does
Holds ROUGE-2 and ROUGE-L against the ROUGE-1 printed with them.

## Condition
A longest common subsequence uses each shared token once, so it is never longer than the overlap of unigrams, over the same
lengths: ROUGE-L <= ROUGE-1 for every pair of texts in precision, recall and F measure, hence in their means (Lin 2004). k
shared bigrams in r runs share at least k + r tokens, so ROUGE-2 <= ROUGE-1 but for texts that repeat tokens in alternation.
Reported where the one's interval lies above the other's by more than 0.5 % of the latter; a ROUGE-L above ROUGE-1 as a `note`,
because the package `rouge` weighs precision and recall of the two differently (9 of 182 real cards).

## When it stays silent
ROUGE-Lsum, which splits into sentences first and is bounded by neither. Differences up to 0.5 % of the value: bootstrapped
medians and separate roundings.

## Usual causes
Columns interchanged; precision of one variant beside the F measure of another.

## Example
`Rouge1 17.2` beside `Rouge2 19.4`.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.records import Kind
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, Tied, digits, same_scale, told
from cardaudit.rules._groups import tied as numbers_together

ROUGE1, ROUGE2, ROUGE_L = ("rouge1", "rogue_1"), ("rouge2", "rogue_2"), ("rougel", "rouge_l", "rogue_l")
LEEWAY = Fraction(1005, 1000)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", ROUGE1, ROUGE2 + ROUGE_L))
def check(subject: Subject) -> Iterator[Hit]:
    ties = [each for other in (ROUGE2, ROUGE_L) for each in numbers_together(subject.card, other, ROUGE1)]
    faults = [fault for each in ties if (fault := _fault(each))]
    for kind in ("suspicious", "note"):
        of_kind = [fault for fault in faults if fault.kind == kind]
        yield from told(of_kind, ["all variants score the same texts in the same way"])


def _fault(each: Tied) -> Fault | None:
    other, first = each.intervals
    if not same_scale(other, first) or other.low <= first.high * LEEWAY:
        return None
    label, rouge1 = each.numbers
    says = f"{label.label or each.keys[0]} {label.text} exceeds {rouge1.label or each.keys[1]} {rouge1.text}"
    kind: Kind = "suspicious" if "2" in each.keys[0] else "note"
    return Fault(each, says, {each.keys[0]: f"at most {digits(first.high, rouge1)}"}, kind)
