"""F1 cannot come from the precision and recall beside it.

## What it does
Holds every printed F1 against the precision and the recall that are printed with it: in the headline, in each table row, in the
front matter, in the rows and columns of evaluation tables (classes, models, data sets).

## Condition
With I(x) the interval of numbers that print as x and H(p, r) = 2pr / (p + r): min I(F1) > H(max I(P), max I(R)). H is concave
and increasing, so by Jensen no average over classes or samples exceeds H of the averaged precision and recall: this is
impossible for binary, micro, macro, weighted and samples averages alike (scikit-learn, "Precision, recall and F-measures";
seqeval 1.2.2). F1 = 0 with precision and recall both above 0 is impossible likewise. From below, max I(F1) < H(min I(P), min
I(R)) contradicts only an F1 made from this very precision and recall; it is reported where the columns say so: seqeval's
`overall_*` and `micro_*`. In a column of any other name one row may lie below as well (`suspicious`): F1 fits H in all other
rows, and two of them have precision and recall 0.02 or more apart, which hardly an average over classes would hit; where spans
are counted, which seqeval averages by counts, one of them is enough. In a text not written by the Trainer, which may truncate,
that row lies 0.01 or more below H. An F1 in such a text that fits once truncated prints are allowed (twice the slack) is
`suspicious`, not `inconsistent`; so is one in a text that names two averages in one sentence, and a `micro_*` column from
below, whose name is its author's word.
Full-precision numbers of the front matter get a slack of 1e-6, more than single-precision arithmetic loses.

## When it stays silent
F1 below the harmonic mean in any other column: macro and weighted averages lie there lawfully (71 of 533 real columns). Prints
that agree as intervals although the rounded harmonic mean differs in the last digit: precision 0.8995 and recall 0.9026 allow
F1 0.9011. Numbers on different scales (0.91 beside 91.4). Precision, recall and F1 whose names or lines carry different
averages ("F1 (weighted)" below "Precision (macro)"). Numbers below each other of which an author says different things ("F1:
0.85 (dev)", "Recall: 0.70 (test)"), and the row of the best of each column. Medians, to which the bound does not apply.

## Usual causes
A digit mistyped or edited; F1 of one averaging mode under precision and recall of another; values of different runs in one
line.

## Example
`F1 0.9136` beside `Precision 0.9109` and `Recall 0.9144`, which give at most 0.9127.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from cardaudit.intervals import Interval, harmonic, interval
from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Card, Kind, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._averages import counts_tokens
from cardaudit.rules._columns import Triple, counted, spoken, triples
from cardaudit.rules._entities import names_extraction
from cardaudit.rules._groups import result_triples
from cardaudit.rules._qualifiers import told_apart

MICRO = ("overall", "micro")
AVERAGING = deferred(r"micro|macro|weighted|samples|\btoken\b|\bspan\b", re.IGNORECASE)
BEST = deferred(r"^[\s|*]*(?:best|max(?:imum)?)[\s|*]*\|", re.IGNORECASE)
NO_AVERAGES = frozenset(("median", "std", "min", "max"))
SINGLE_PRECISION = Fraction(1, 10**6)
FLOAT_NOISE = 1e-9
LEAST_TELLING = 2
LEAST_LACK, APART = 0.01, 0.02


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", ("f1",), ("precision",), ("recall",)))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    by_name: dict[str, list[Triple]] = {}
    for triple in (*triples(card), *result_triples(card)):
        if NO_AVERAGES.isdisjoint(triple.name.split("_")):
            by_name.setdefault(triple.name, []).append(triple)
    if not by_name:
        raise NotCheckable("precision, recall and F1 are nowhere stated together")
    for of_name in by_name.values():
        faults = [
            (triple, fault) for triple in of_name if (fault := _fault(card, triple)) and not _averaged_otherwise(card, triple)
        ]
        if not faults:
            faults = _lone_row(card, of_name)
        if faults:
            yield _hit(faults)


def _fault(card: Card, triple: Triple) -> tuple[Kind, str] | None:
    """Kind, and what precision and recall give in words; None where the three agree."""
    if _is_plain(triple):
        return None
    intervals = [interval(number, SINGLE_PRECISION) for number in (triple.precision, triple.recall, triple.f1)]
    precision, recall, f1 = (each for each in intervals if each is not None)
    if not _same_scale(precision, recall, f1):
        return None
    possible = harmonic(precision, recall)
    above, below = f1.low > possible.high, f1.high < possible.low and triple.name.split("_")[0] in MICRO
    nought = f1.high <= SINGLE_PRECISION and precision.low > 0 and recall.low > 0
    if not (above or below or nought):
        return None
    wide = [Interval(2 * low - (low + high) / 2, 2 * high - (low + high) / 2) for low, high in (precision, recall, f1)]
    loose = harmonic(wide[0], wide[1])
    truncated = not nought and wide[2].low <= loose.high and (above or wide[2].high >= loose.low)
    by_author = below and triple.name.startswith("micro")
    by_hand = not card.dialect.startswith("trainer") and (truncated or _tells_averages_apart(card.text))
    kind: Kind = "suspicious" if by_author or by_hand else "inconsistent"
    low, high = _rounded(possible.low, triple.f1), _rounded(possible.high, triple.f1)
    if below:
        return kind, low if low == high else f"{low} to {high}"
    return kind, "a value above 0" if nought else f"at most {high}"


def _tells_averages_apart(text: str) -> bool:
    """Whether a sentence outside tables names two averages ("precision is a macro average, F1 is weighted")."""
    lines = (line for line in text.splitlines() if "|" not in line)
    return any(len({word.lower() for word in AVERAGING.findall(line)}) > 1 for line in lines)


def _averaged_otherwise(card: Card, triple: Triple) -> bool:
    """Whether the lines of the three numbers name several averages, or only some of them do, or say they are of other sets."""
    if told_apart(card, triple[2:]):
        return True
    said = set()
    for number in triple[2:]:
        before, after = card.text.rfind("\n", 0, number.span.start), card.text.find("\n", number.span.end)
        line = card.text[before + 1 : after if after >= 0 else None]
        if BEST.match(line):
            return True
        said.add(frozenset(word.lower() for word in AVERAGING.findall(line)))
    return len(said) > 1 or len(said.pop()) > 1


def _lone_row(card: Card, of_name: list[Triple]) -> list[tuple[Triple, tuple[Kind, str]]]:
    """The one row below the harmonic mean of a column that is made of it, at most one; none where the column tells too little."""
    rows = [triple for triple in of_name if not triple.where.startswith(("the ", "line"))]
    lacks = [_lack(triple) for triple in rows] if len(rows) > 1 else []
    below = [triple for triple, lack in zip(rows, lacks, strict=False) if lack > FLOAT_NOISE]
    if len(below) != 1 or (max(lacks) < LEAST_LACK and not card.dialect.startswith("trainer")):
        return []
    others = [each for each in rows if each is not below[0] and min(each.precision.value or 0, each.recall.value or 0) > 0]
    telling = [each for each in others if abs(float(each.precision.value or 0) - float(each.recall.value or 0)) >= APART]
    intervals = [each for number in below[0][2:4] if (each := interval(number, SINGLE_PRECISION))]
    needed = 1 if counts_tokens(card) or names_extraction(card) else LEAST_TELLING
    if len(telling) < needed or len(intervals) < 2:
        return []
    low, high = (_rounded(each, below[0].f1) for each in harmonic(*intervals))
    return [(below[0], ("suspicious", f"{low if low == high else f'{low} to {high}'} as in every other row"))]


def _lack(triple: Triple) -> float:
    """How far F1 lies below the least harmonic mean that the prints allow; negative where it does not."""
    precision, recall = (float(number.value or 0) - float(number.slack) for number in triple[2:4])
    if precision <= 0 or recall <= 0:
        return 0.0
    return 2 * precision * recall / (precision + recall) - float(triple.f1.value or 0) - float(triple.f1.slack)


def _is_plain(triple: Triple) -> bool:
    """Whether floats tell already that F1 is above 0, not above the mean and, where it has to be the mean, not below it."""
    (p, p_slack), (r, r_slack), (f1, slack) = ((float(each.value or 0), max(float(each.slack), 1e-6)) for each in triple[2:])
    if f1 <= slack or p <= p_slack or r <= r_slack or not f1 - slack < _mean(p + p_slack, r + r_slack) - FLOAT_NOISE:
        return False
    return triple.name.split("_")[0] not in MICRO or f1 + slack > _mean(p - p_slack, r - r_slack) + FLOAT_NOISE


def _mean(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


def _hit(faults: list[tuple[Triple, tuple[Kind, str]]]) -> Hit:
    (triple, (_, possible)), *others = faults
    places = [
        fault.where for fault, _ in others if (fault.f1.text, fault.precision.text) != (triple.f1.text, triple.precision.text)
    ]
    names = [spoken(triple.name.replace("f1", word)) for word in ("precision", "recall")]
    message = (
        f"{spoken(triple.name)} {triple.f1.text}, but {names[0]} {triple.precision.text} and {names[1]} {triple.recall.text} "
        f"give {possible}"
    )
    if places:
        message += f"; likewise in {listed(places) if len(places) < 4 else counted(len(places), 'other place')}"
    precise = all(kind == "inconsistent" for _, (kind, _) in faults)
    at = (triple.f1.span, triple.precision.span, triple.recall.span, *(fault.f1.span for fault, _ in others))
    worked = {
        "where": triple.where,
        "f1": triple.f1.text,
        "precision": triple.precision.text,
        "recall": triple.recall.text,
        "possible_f1": possible,
    }
    return Hit(message, at, worked) if precise else Hit(message, at, worked, "suspicious", "warning", "likely")


def _same_scale(*intervals: Interval) -> bool:
    return len({each.low > 1 for each in intervals if each.high > 0}) <= 1


def _rounded(value: Fraction, like: Printed) -> str:
    """A possible value with as many decimals as the claim."""
    exponent = (like.value or Decimal(0)).as_tuple().exponent
    places = max(-exponent if isinstance(exponent, int) else 4, 4)
    return str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))
