"""A metric of the front matter was computed in single precision.

## What it does
Tells a full-precision value that is a 32-bit float printed as a double, and the small fraction that it stands for.

## Condition
The value is exactly representable with 24 significant bits, prints 12 digits or more, and is no fraction with a denominator below
2 million in double precision. As 32-bit floats in [0.5, 1) lie 6e-8 apart, the fraction k / n with the smallest n up to 1,000
within half of that is named: two such fractions lie at least 1e-6 apart.

## When it stays silent
The loss, which the model computes in 32 bits anyway; short values, values of 0 and 1, and values that a double prints as a
fraction.

## Usual causes
None is needed: torchmetrics and PyTorch Lightning average in 32 bits, the Trainer's metrics in 64. An accuracy so computed is
often a mean over batches.

## Example
`value: 0.9285714030265808` is the 32-bit float next to 13 / 14.
"""

import struct
from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import fraction_of_float
from cardaudit.records import IndexResult
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._evaluations import FULL_PRECISION

LARGEST = 1_000


@rule(kind="note", severity="info", confidence="proven", needs=("model index",))
def check(subject: Subject) -> Iterator[Hit]:
    precise = [result for result in subject.card.model_index if _is_precise(result)]
    if not precise:
        raise NotCheckable("no full-precision metric stands in the front matter")
    for result in precise:
        value = float(result.number.value or 0)
        exact = Fraction(result.number.value or 0)
        if struct.unpack("<f", struct.pack("<f", value))[0] != value or fraction_of_float(exact) is not None:
            continue
        half_a_unit = Fraction(value) * Fraction(1, 2**24)
        nearest = Fraction(value).limit_denominator(LARGEST)
        message = f"{spoken(result.metric)} {result.number.text} is a 32-bit float"
        worked = {"value": result.number.text}
        if abs(nearest - Fraction(value)) <= half_a_unit and nearest.denominator > 1:
            message += f", the nearest to {nearest.numerator}/{nearest.denominator}"
            worked["fraction"] = str(nearest)
        yield Hit(message, (result.number.span,), worked)
        return


def _is_precise(result: IndexResult) -> bool:
    value = result.number.value
    return (
        result.metric != "loss"
        and value is not None
        and is_number(result.number)
        and 0 < value < 1
        and len(value.as_tuple().digits) >= FULL_PRECISION
    )
