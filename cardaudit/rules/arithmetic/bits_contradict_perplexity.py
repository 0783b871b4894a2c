"""Bits per byte and byte perplexity contradict each other.

## What it does
Computes the byte perplexity again from the bits per byte that stand beside it.

## Condition
byte perplexity = 2 ^ (bits per byte) and bits per byte = log2(byte perplexity), both from one sum of log likelihoods over one
count of bytes (lm-evaluation-harness, `bits_per_byte` and `weighted_perplexity`). Reported where the intervals share no
number, once 0.1 % is allowed.

## When it stays silent
Perplexity per word or per token, whose unit is another.

## Usual causes
Numbers of two models in one table; an edited digit.

## Example
`byte_perplexity 1.6012` beside `bits_per_byte 0.7412`, which gives 1.6716.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, Tied, told
from cardaudit.rules._groups import together as numbers_together

PERPLEXITY, BITS = ("byte_perplexity",), ("bits_per_byte",)
LEEWAY = 1.001
MOST_BITS = 64


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", PERPLEXITY, BITS))
def check(subject: Subject) -> Iterator[Hit]:
    ties = numbers_together(subject.card, PERPLEXITY, BITS)
    yield from told((fault for each in ties if (fault := _fault(each))), ["both are taken over the same bytes"])


def _fault(each: Tied) -> Fault | None:
    perplexity, bits = each.intervals
    if bits.low < 0 or bits.high > MOST_BITS:
        return None
    low, high = 2 ** float(bits.low) / LEEWAY, 2 ** float(bits.high) * LEEWAY
    if low <= float(perplexity.high) and float(perplexity.low) <= high:
        return None
    right = f"{2 ** float(sum(bits) / 2):.4f}"
    says = f"byte perplexity {each.numbers[0].text}, but {each.numbers[1].text} bits per byte give {right}"
    return Fault(each, says, {each.keys[0]: right})
