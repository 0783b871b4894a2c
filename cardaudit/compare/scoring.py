"""The published weights, scored again: each claimed number against one measurement, the difference counted in examples.

Nothing here is random: the same weights on the same examples give the same predictions, up to what another device or precision
moves. So there is no test; a claim is `replayed` where it prints like the measurement, `reproduced` within HANDFUL, else it
deviates. Before that the counts must be those of the claim: fractions with another denominator are of another protocol.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple

from cardaudit.compare.claims import Claim, Claims, at_full_length, read_claims
from cardaudit.compare.measured import Size, cell
from cardaudit.compare.replay import prints_as
from cardaudit.compare.scale import scale_of
from cardaudit.intervals import Interval, fraction_of_float, interval, possible_counts
from cardaudit.records import Card, Evaluation, Plan, Run, Verdict
from cardaudit.records.run import Outcome

HANDFUL = Fraction(1, 1000)
LEAST, MOST = 1, 25
"""What precision and hardware may move: one example in a thousand, at least 1 and at most 25. fp16 against fp32 flips those whose
two best logits are closer than about 1e-3."""
LOSS_MOVES = 0.01
"""The share by which an evaluation loss may move: it is a mean over batches, so that their size and padding count too."""
FULL_PRECISION = 12  # digits of a number that was written as a float
SINGLE = Fraction(1, 10**7)  # a count's share kept as a single-precision number


class Counted(NamedTuple):
    """What a metric counts: so many `unit`, one of which is worth `one` in the metric's own range; `exact`: precisely so much."""

    number: int
    unit: str
    one: float
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Explanation:
    """Another measurement that gives the claims: `because` says which, `outcome` what follows for the claims."""

    because: str
    outcome: Outcome
    rule: str = ""


def score_verdicts(card: Card, plan: Plan, run: Run, explained: Explanation | None = None) -> tuple[Verdict, ...]:
    """A verdict for each number that the card reports in the end, the leading one primary; table rows before it are not scored.

    `run`: one of a plan that only evaluates. `explained`: what else gives the claimed numbers, where the run does not.
    """
    claims = claims_of(card, plan)
    row = run.rows[-1] if run.rows else None
    mismatch = protocol_mismatch(claims, run, plan)
    stranger = _other_data(plan)
    verdicts = []
    for number, claim in enumerate(claim for claim in claims.endpoint if claim.column != "training_loss"):
        verdict = _verdict(claim, row, run, plan, primary=number == 0)
        if stranger or (mismatch and verdict.outcome != "not measured"):
            verdict = replace(verdict, outcome="not comparable", because=stranger or mismatch or "", direction=None)
        verdicts.append(verdict)
    return tuple(_agreeing(verdicts if explained is None else [_explain(each, explained) for each in verdicts]))


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
                f"the claimed {claim.metric} {_text(claim)} is {fraction.numerator:,}/{fraction.denominator:,}, "
                f"a share of {fraction.denominator:,} {counted.unit} or a multiple, and {there}"
            )
        return None
    factor = value / ((shares.low + shares.high) / 2) if value else Fraction(1)
    room = SINGLE if _is_full(claim) else Fraction(1, 10**9)
    possible = possible_counts(Interval(shares.low * factor - room, shares.high * factor + room), counted.number)
    if possible:
        return None
    return (
        f"the claimed {claim.metric} {_text(claim)} is no count over the {counted.number:,} {counted.unit} that were scored here"
    )


def _text(claim: Claim) -> str:
    return (claim.exact or claim.printed).text


def _exact(claim: Claim) -> Fraction | None:
    """The claim's number in the metric's own range, a percentage undone."""
    printed = claim.exact or claim.printed
    if printed.value is None:
        return None
    value = Fraction(printed.value)
    return value / 100 if abs(float(value) - claim.value) > 1e-9 * max(1.0, abs(claim.value)) else value


def _is_full(claim: Claim) -> bool:
    value = (claim.exact or claim.printed).value
    return value is not None and len(value.as_tuple().digits) >= FULL_PRECISION


def _verdict(claim: Claim, row: Evaluation | None, run: Run, plan: Plan, primary: bool) -> Verdict:
    value = cell(row, claim.column) if row else None
    counted = counted_by(claim.column, run, plan)
    if value is None or not isfinite(value):
        why = f"the published weights were not scored by {claim.column}" if row else f"nothing was scored: {run.outcome}"
        return Verdict(claim.metric, claim.where, claim.printed.text, (), None, "not measured", why, primary)
    gap = max(claim.low - value, 0.0) or min(claim.high - value, 0.0)
    equal = prints_as(claim, value)
    size = abs(gap) / counted.one if counted else abs(gap)
    if counted and size < 0.01:  # a single-precision number
        equal = True
    same = equal or (size <= allowed(counted) if counted else abs(gap) <= LOSS_MOVES * max(abs(value), 1e-3))
    outcome: Outcome = "replayed" if equal else "reproduced" if same else "deviates"
    return Verdict(
        metric=claim.metric,
        where=claim.where,
        claimed=claim.printed.text,
        measured=(value,),
        interval=None,
        outcome=outcome,
        because=_because(claim, value, gap, counted, outcome),
        primary=primary,
        direction=("above" if gap > 0 else "below") if outcome == "deviates" else None,
        arithmetic={
            "seeds": 1,
            "claimed": claim.value,
            "scored": value,
            "difference": gap,
            **(
                {"difference_in_units": size, "evaluation_size": counted.number, "evaluation_unit": counted.unit}
                if counted
                else {}
            ),
            **({"allowed_units": allowed(counted)} if counted else {}),
        },
    )


def allowed(counted: Counted) -> int:
    """How many examples precision and hardware may move."""
    return min(max(LEAST, int(counted.number * HANDFUL)), MOST)


def _because(claim: Claim, value: float, gap: float, counted: Counted | None, outcome: Outcome) -> str:
    told = f"claimed {_text(claim)}, the published weights give {value:.6g}"
    if outcome == "replayed":
        return f"{told}: equal to the digit"
    if counted is None:
        return f"{told}: {abs(gap):.2g} apart, {'within' if outcome == 'reproduced' else 'more than'} 1 % of it"
    size = abs(gap) / counted.one
    about = "" if counted.exact else "about "
    shown = f"{max(round(size), 1):,}" if counted.exact or size >= 0.95 else "1"
    apart = f"{told}: {about}{shown} {_of(counted)}"
    room = f"{allowed(counted):,} {_of(counted)}, which is what another device or precision may move"
    return f"{apart}, within {room}" if outcome == "reproduced" else f"{apart}, more than {room}"


def _of(counted: Counted) -> str:
    return f"of {counted.number:,} {counted.unit}"


def _agreeing(verdicts: list[Verdict]) -> list[Verdict]:
    """A loss that differs where every count agrees is another mean over batches, no other model."""
    counts = [each for each in verdicts if not each.metric.endswith("loss")]
    if not counts or any(each.outcome not in ("replayed", "reproduced") for each in counts):
        return verdicts
    why = "; every count agrees, so that the batches or the loss were others: not the model"
    return [
        replace(each, outcome="not comparable", because=each.because + why, direction=None)
        if each.metric.endswith("loss") and each.outcome == "deviates"
        else each
        for each in verdicts
    ]


def _explain(verdict: Verdict, explained: Explanation) -> Verdict:
    if verdict.outcome not in ("deviates", "not comparable"):
        return verdict
    because = f"{verdict.because}; {explained.because}"
    if explained.outcome == "deviates":
        direction = verdict.direction or _direction(verdict)
        return replace(verdict, outcome="deviates" if direction else verdict.outcome, because=because, direction=direction)
    return replace(verdict, outcome=explained.outcome, because=because, direction=None)


def _direction(verdict: Verdict) -> Any:
    gap = verdict.arithmetic.get("difference") or 0.0
    return "above" if gap > 0 else "below" if gap < 0 else None


def _other_data(plan: Plan) -> str | None:
    if plan.dataset.same:
        return None
    return f"the weights were scored on the data {plan.dataset.id}, the card names {plan.dataset.claimed or 'no data set'}"


def gives(claims: Claims, metrics: Mapping[str, float], loss: float | None = None) -> bool:
    """Whether a measurement prints like every claim that it has a number for, of at least one metric that is no loss."""
    row = Evaluation(0.0, 0, None, float("nan") if loss is None else loss, metrics)
    told = [(c, cell(row, c.column)) for c in claims.endpoint if not c.column.endswith("loss")]
    known = [(claim, value) for claim, value in told if value is not None]
    return bool(known) and all(prints_as(claim, value) for claim, value in known)


def row_given(card: Card, claims: Claims, run: Run) -> int | None:
    """The 0-based row of the table, other than the reported one, whose every metric the scored weights give to the digit.

    Of several, one whose loss they give as well, else the last.
    """
    if not run.rows:
        return None
    given, with_loss = [], []
    for number in range(len(card.epochs)):
        cells = [c for c in claims.cells if c.row == number and c.column != "training_loss"]
        told = [(each, cell(run.rows[-1], each.column)) for each in cells]
        agree = {each.column for each, value in told if value is not None and prints_as(each, value)}
        metrics = {each.column for each in cells if not each.column.endswith("loss")}
        if number != claims.selection.row and metrics and metrics <= agree:
            given.append(number)
            with_loss += [number] if "validation_loss" in agree else []
    return (with_loss or given or [None])[-1]


__all__: Sequence[str] = ["Explanation", "claims_of", "fits", "gives", "protocol_mismatch", "row_given", "score_verdicts"]
