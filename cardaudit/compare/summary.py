"""What a report says first: the primary verdict in one sentence, made from that verdict alone."""

from collections.abc import Mapping, Sequence

from cardaudit.compare.claims import LOSSES
from cardaudit.compare.words import amount, further, seeds_of
from cardaudit.records import Verdict
from cardaudit.records.run import Outcome


def summary_sentence(verdicts: Sequence[Verdict]) -> str:
    """What a report says first: the primary endpoint, in one sentence."""
    primary = next((verdict for verdict in verdicts if verdict.primary), None)
    if primary is None:
        return "The card claims no number that a run could be compared with."
    words = {"claim": f"{primary.metric} {primary.claimed} ({primary.where})", **_summary_words(primary)}
    scored = "scored" in primary.arithmetic
    sentence = (SCORED if scored else SUMMARY)[primary.outcome].format(**words)
    others = len({_subject(v) for v in verdicts if v.outcome == "deviates"} - {_subject(primary)})
    if others:
        sentence += " 1 other claim of the card deviates." if others == 1 else f" {others} other claims of the card deviate."
    return sentence


SUMMARY: Mapping[Outcome, str] = {
    "replayed": "The claimed {claim} is replayed: the card's own seed gives its numbers to the digit.",
    "reproduced": "The claimed {claim} is reproduced by {seeds}{mean}{passing}.",
    "deviates": "The claimed {claim} deviates: it lies {direction} what {seeds} of the same recipe give{mean}{understated}.",
    "undecided": "Whether {claim} is what the recipe gives is undecided after {seeds}{further}.",
    "not comparable": "The claimed {claim} is not comparable: {reason}.",
    "not measured": "The claimed {claim} was not measured: {reason}.",
}


SCORED: Mapping[Outcome, str] = {
    **SUMMARY,
    "replayed": "The claimed {claim} is replayed: the published weights give it to the digit.",
    "reproduced": "The claimed {claim} is reproduced by the published weights{apart}.",
    "deviates": "The claimed {claim} deviates: it lies {direction} what the published weights give{apart}.",
    "undecided": "Whether {claim} was counted over what was scored here is undecided{apart}.",
}


def _subject(verdict: Verdict) -> tuple[str, bool]:
    """What a verdict is about: the headline and the row that it reports make one claim."""
    return LOSSES.get(verdict.metric, verdict.metric), verdict.where == "curve"


def _summary_words(verdict: Verdict) -> dict[str, str]:
    mean, needed = verdict.arithmetic.get("mean"), verdict.seeds_needed
    flattering = verdict.arithmetic.get("p_flattering", 1.0) < verdict.arithmetic.get("p_modest", 1.0)
    return {
        "seeds": seeds_of(verdict.arithmetic.get("seeds", len(verdict.measured))),
        "mean": f" (mean {mean:.4f})" if isinstance(mean, float) else "",
        "direction": verdict.direction or "",
        "understated": "" if flattering else ", to the model's disadvantage",
        "further": f": {further(needed)}" if needed else "",
        "reason": verdict.because,
        "apart": _apart(verdict),
        "passing": _passing(verdict),
    }


def _passing(verdict: Verdict) -> str:
    """What a reproduced claim may be inflated by all the same."""
    noticed = verdict.arithmetic.get("least_inflation_noticed")
    return f"; one inflated by less than {amount(noticed)} would have been as well" if noticed else ""


def _apart(verdict: Verdict) -> str:
    """The distance of a scored claim in what its metric counts."""
    told, size = verdict.arithmetic, verdict.arithmetic.get("difference_in_units")
    if size is None:
        return ""
    return f", {max(round(size), 1):,} of {told['evaluation_size']:,} {told['evaluation_unit']} apart"
