"""What a scored claim counts: examples, tokens or entities, and whether its digits can be a share of as many as were scored."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from cardaudit.compare.claims import Claim, Claims, at_full_length, read_claims
from cardaudit.compare.measured import Size
from cardaudit.compare.scale import scale_of
from cardaudit.intervals import Interval, fraction_of_float, interval, possible_counts
from cardaudit.records import Card, Plan, Run

FULL_PRECISION = 12  # digits of a number that was written as a float
MOST_PIECES = 4  # sub-tokens of a word, on average: the most that another labelling counts instead of one
TOGETHER = 1e-12
SINGLE = Fraction(1, 10**7)  # a count's share kept as a single-precision number


class Counted(NamedTuple):
    """What a metric counts: so many `unit`, one of which is worth `one` in the metric's own range; `exact`: precisely so much."""

    number: int
    unit: str
    one: float
    exact: bool = True


def claims_of(card: Card, plan: Plan) -> Claims:
    """The claims with all their digits."""
    return at_full_length(card, read_claims(card, plan))


def protocol_mismatch(claims: Claims, run: Run, plan: Plan) -> str | None:
    """Why the claims were not counted over what was scored here; None where their fractions fit."""
    for claim in claims.endpoint:
        counted = counted_by(claim.column, run, plan)
        if counted is None or not counted.exact or claim.column not in ("accuracy", "recall"):
            continue
        reason = _unlike(claim, counted)
        if reason:
            return f"protocol mismatch: {reason}"
    return None


def other_fraction(claims: Claims, run: Run, plan: Plan) -> str | None:
    """Why claims in all their digits are fractions of other counts than were scored here; None where that is not sure.

    One exact fraction alone may as well be a wrong number. So accuracy and recall must both say so, or recall beside a precision
    and an F1 that go with it to the last digit; and no fraction may be of more entities than there can be.
    """
    most = MOST_PIECES * int(run.facts.get("evaluation_tokens", 0)) or None
    exact = [claim for claim in claims.endpoint if _is_full(claim) and _is_fraction(claim, most)]
    apart = {claim.column: why for claim in exact if (why := protocol_mismatch(replace(claims, endpoint=(claim,)), run, plan))}
    sure = len(apart) > 1 or ("recall" in apart and _go_together(claims))
    return next(iter(apart.values())) if sure else None


def _go_together(claims: Claims) -> bool:
    """Whether precision, recall and F1 are given in all their digits, and are one computation's."""
    told = {claim.column: claim.value for claim in claims.endpoint if _is_full(claim)}
    if not {"precision", "recall", "f1"} <= told.keys() or not told["precision"] + told["recall"]:
        return False
    return abs(2 * told["precision"] * told["recall"] / (told["precision"] + told["recall"]) - told["f1"]) < TOGETHER


def fits(claims: Claims, counts: Mapping[str, int]) -> bool:
    """Whether the claims' accuracy and recall can be fractions of so many tokens and entities."""
    units = {"accuracy": ("tokens", "tokens"), "recall": ("entities", "entities")}
    return not any(
        _unlike(claim, Counted(counts[units[claim.column][0]], units[claim.column][1], 1.0))
        for claim in claims.endpoint
        if claim.column in units
    )


def counted_by(column: str, run: Run, plan: Plan) -> Counted | None:
    """What a metric of a scored run counts; None for losses and for metrics that count nothing."""
    facts: Mapping[str, Any] = run.facts
    if column.endswith("loss"):
        return None
    token = "token" in plan.recipe
    if token and column in ("precision", "recall", "f1"):
        return _harmonic(column, int(facts.get("gold_entities", 0)), int(facts.get("predicted_entities", 0)), "entities")
    number = int(facts.get("evaluation_tokens" if token else "evaluation_examples", 0))
    unit = "tokens" if token else "examples"
    if column == "accuracy":
        return Counted(number, unit, 1 / number) if number else None
    gold, found = facts.get("gold"), facts.get("predicted")
    if column in ("precision", "recall", "f1") and facts.get("average") == "binary" and gold and found:
        counted = _harmonic(column, gold[-1], found[-1], unit)
        return counted and counted._replace(number=number, exact=False)
    scale = scale_of(column, Size(number, unit)) if number else None
    return Counted(number, unit, scale.one, exact=False) if scale and scale.one else None


def _harmonic(column: str, gold: int, found: int, unit: str) -> Counted | None:
    """Precision is over what was found, recall over what there is, F1 = 2 TP / (both)."""
    number = {"precision": found, "recall": gold}.get(column, gold)
    one = {"precision": found, "recall": gold}.get(column, (gold + found) / 2)
    return Counted(number, unit, 1 / one) if one else None


def _unlike(claim: Claim, counted: Counted) -> str | None:
    """How a claim is no fraction of `counted`; None where it is, or where that cannot be told."""
    value, shares = _exact(claim), interval(claim.exact or claim.printed)
    if value is None or shares is None or not 0 <= value <= 1:
        return None
    there = f"{counted.number:,} {counted.unit} were scored here"
    fraction = fraction_of_float(value) if _is_full(claim) else None
    if fraction is not None:
        if counted.number % fraction.denominator:
            return (
                f"the claimed {claim.metric} {text_of(claim)} is {fraction.numerator:,}/{fraction.denominator:,}, "
                f"a share of {fraction.denominator:,} {counted.unit} or a multiple, and {there}"
            )
        return None
    factor = value / ((shares.low + shares.high) / 2) if value else Fraction(1)
    room = SINGLE if _is_full(claim) else Fraction(1, 10**9)
    possible = possible_counts(Interval(shares.low * factor - room, shares.high * factor + room), counted.number)
    if possible:
        return None
    return (
        f"the claimed {claim.metric} {text_of(claim)} is no count over the {counted.number:,} {counted.unit} "
        "that were scored here"
    )


def text_of(claim: Claim) -> str:
    return (claim.exact or claim.printed).text


def _exact(claim: Claim) -> Fraction | None:
    """The claim's number in the metric's own range, a percentage undone."""
    printed = claim.exact or claim.printed
    if printed.value is None:
        return None
    value = Fraction(printed.value)
    return value / 100 if abs(float(value) - claim.value) > 1e-9 * max(1.0, abs(claim.value)) else value


def _is_fraction(claim: Claim, most: int | None) -> bool:
    value = _exact(claim)
    found = fraction_of_float(value) if value is not None and 0 < value < 1 else None
    return found is not None and (most is None or found.denominator <= most)


def _is_full(claim: Claim) -> bool:
    value = (claim.exact or claim.printed).value
    return value is not None and len(value.as_tuple().digits) >= FULL_PRECISION
