"""The published weights, scored again: each claimed number against one measurement, the difference counted in examples.

Nothing here is random: the same weights on the same examples give the same predictions, up to what another device or precision
moves. So there is no test; a claim is `replayed` where it prints like the measurement, `reproduced` within HANDFUL, else it
deviates. Before that the counts must be those of the claim: fractions with another denominator are of another protocol.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Any

from cardaudit.compare.claims import Claim, Claims
from cardaudit.compare.counting import Counted, claims_of, counted_by, protocol_mismatch, text_of
from cardaudit.compare.measured import cell
from cardaudit.compare.replay import prints_as
from cardaudit.records import Card, Evaluation, Plan, Run, Verdict
from cardaudit.records.run import Outcome

HANDFUL = Fraction(1, 1000)
LEAST, MOST = 1, 25
"""What precision and hardware may move: one example in a thousand, at least 1 and at most 25. fp16 against fp32 flips those whose
two best logits are closer than about 1e-3."""
LOSS_MOVES = 0.01
"""The share by which an evaluation loss may move: it is a mean over batches, so that their size and padding count too."""
TELLING_DIGITS, CHANCE = 3, 0.05
AVERAGED, AVERAGES = ("precision", "recall", "f1"), ("macro", "weighted", "micro")


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
    if explained is not None:
        verdicts = [_explain(each, explained) for each in verdicts]
    elif not _confirmed(claims, verdicts, run, plan):
        verdicts = [_undecided(each) for each in verdicts]
    return tuple(_agreeing(verdicts))


def _confirmed(claims: Claims, verdicts: Sequence[Verdict], run: Run, plan: Plan) -> bool:
    """Whether it is known that the claims were counted over what was scored: another number of them came out to the digit, or
    their digits would hardly fit these counts by chance.
    """
    counts = [each for each in verdicts if not each.metric.endswith("loss")]
    if any(each.outcome == "replayed" and len(each.claimed.partition(".")[2]) >= TELLING_DIGITS for each in counts):
        return True
    chance = 1.0
    for claim in claims.endpoint:
        counted = counted_by(claim.column, run, plan)
        if counted is not None and claim.column in ("accuracy", "recall"):
            chance *= min(1.0, counted.number * max(claim.high - claim.low, 1e-12))
    return chance <= CHANCE


def _undecided(verdict: Verdict) -> Verdict:
    """A difference that may be one of protocol: the digits do not show what was counted."""
    if verdict.outcome != "deviates":
        return verdict
    why = "; no digit of the card shows that it was counted over the same examples, cut and labelled alike: nothing follows"
    return replace(verdict, outcome="undecided", because=verdict.because + why, direction=None)


def as_averaged(card: Card, run: Run, plan: Plan) -> tuple[Run, str | None]:
    """A scored run with precision, recall and F1 averaged as the claims were, where the card does not say how; and in words how.

    The run has each average under its own name ("f1_macro"). Taken is the one that gives more of the claims to the digit.
    """
    if not run.rows or not any(each.field == "average" for each in plan.assumptions):
        return run, None
    row, claims = run.rows[-1], claims_of(card, plan)
    told = [claim for claim in claims.endpoint if claim.column in AVERAGED]

    def given(metrics: Mapping[str, float]) -> int:
        return sum(claim.column in metrics and prints_as(claim, metrics[claim.column]) for claim in told)

    readings = {
        name: {**row.metrics, **{key: row.metrics[f"{key}_{name}"] for key in AVERAGED if f"{key}_{name}" in row.metrics}}
        for name in AVERAGES
    }
    name = max(AVERAGES, key=lambda each: given(readings[each]))
    if given(readings[name]) <= given(row.metrics):
        return run, None
    facts = {**run.facts, "average": name}
    return replace(run, rows=(*run.rows[:-1], replace(row, metrics=readings[name])), facts=facts), f"the {name} average"


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
    told = f"claimed {text_of(claim)}, the published weights give {value:.6g}"
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
    found = with_loss or given
    return found[-1] if found else None
