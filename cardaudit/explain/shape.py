"""Which column of the data a card's numbers are of, where its own base model or data was not at hand.

No number of a stand-in is the card's. But how many spans are lost for each wrong token, (1 - F1) / (1 - accuracy), hangs on the
labels far more than on the model: on conll2003 our own runs of two small models give 5.7 and 6.1 for entities, 1.9 for chunks and
1.3 for part-of-speech tags, and 34 authors of DistilBERT a median of 4.2 for entities. Before any training the data refute a
column for which no whole numbers of its spans print like the card's precision, recall and F1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, log
from pathlib import Path
from statistics import fmean
from typing import Any

from cardaudit.compare.claims import Claims, read_claims
from cardaudit.errors import CardauditError
from cardaudit.explain.alternatives import Alternative, alternatives
from cardaudit.explain.search import Search
from cardaudit.facts import EntityCount
from cardaudit.records import Card, Plan, Run, Rung
from cardaudit.rule import NotCheckable
from cardaudit.rules._entities import fits, printed_triples

TITLE = "Which labels give the card's shape"
NEAR = 1.35
"""How far a run's ratio may lie from the card's, as a factor: chunks lie 1.5 from part-of-speech tags, two models 1.1 apart."""
FRESH, SHOWN = 2, 4


@dataclass(frozen=True, slots=True)
class Tried:
    """One column: its labels in words, why the data refute it ("" where they do not), its seeds' ratios, what kept it back."""

    name: str
    labels: str = ""
    refuted: str = ""
    ratios: tuple[float, ...] = ()
    ended: str = ""

    @property
    def ratio(self) -> float | None:
        """The geometric mean of the seeds' ratios."""
        return exp(fmean(log(each) for each in self.ratios)) if self.ratios else None

    def near(self, claimed: float) -> bool:
        return bool(self.ratios) and all(abs(log(each / claimed)) < log(NEAR) for each in self.ratios)

    def told(self, claimed: float) -> str:
        """One line of the rung."""
        parts = [f"{self.name}{self.labels}"]
        if self.refuted:
            parts.append(f"refuted without training: {self.refuted}")
        if self.ratio is not None:
            seeds = f"{len(self.ratios)} seed{'' if len(self.ratios) == 1 else 's'}"
            parts.append(f"{self.ratio:.2f} spans lost for each wrong token with {seeds}, the card {claimed:.2f}")
        if self.ended or not self.ratios:
            parts.append(self.ended or "not trained")
        else:
            parts.append("another shape" if not self.near(claimed) else "not possible" if self.refuted else "compatible")
        return ": ".join(parts)


def shape(metrics: Mapping[str, float]) -> float | None:
    """Spans lost for each wrong token, as shares of either; None without both, or where nothing is wrong."""
    f1, accuracy = metrics.get("f1"), metrics.get("accuracy")
    if f1 is None or accuracy is None or not 0 < f1 < 1 or not 0 < accuracy < 1:
        return None
    return (1 - f1) / (1 - accuracy)


def claimed_shape(claims: Claims) -> float | None:
    """The ratio of the reported row."""
    return shape({claim.column: claim.value for claim in reversed(claims.endpoint)})


def shape_rung(search: Search) -> Rung:
    """Tries the columns that could hold the labels: on the data, then with one seed, then the nearest with fresh ones."""
    claimed = claimed_shape(read_claims(search.card, search.plan))
    columns = [each for each in alternatives(search.plan, search.settings) if each.settings.keys() == {"label_column"}]
    if claimed is None or not columns:
        return Rung(5, TITLE, "no other column of the data could hold the labels, or the card prints no F1 with an accuracy", 0.0)
    columns = [replace(each, name=f"label column {each.settings['label_column']}") for each in columns]
    stated = Alternative(f"label column {search.plan.dataset.label_column}, as assumed", {}, 1.0)
    tried = [_tried(search, each, 1) for each in (stated, *columns)]
    best = min((each for each in tried if each.near(claimed) and not each.refuted), key=lambda t: _away(t, claimed), default=None)
    if best is not None:
        place = tried.index(best)
        tried[place] = _tried(search, (stated, *columns)[place], 1 + FRESH)
    return Rung(5, TITLE, _outcome(tried, claimed), search.spent, 0, tuple(each.told(claimed) for each in tried))


def _away(tried: Tried, claimed: float) -> float:
    return abs(log((tried.ratio or 1e9) / claimed))


def _outcome(tried: list[Tried], claimed: float) -> str:
    found = [each for each in tried if each.near(claimed) and not each.refuted]
    told = [f"{each.ratio:.2f} with {each.name}" for each in tried if each.ratio is not None and each not in found]
    others = f"; {'; '.join(told)}" if told else ""
    lost = f"{claimed:.2f} spans are lost for each wrong token"
    if not found:
        return f"of {len(tried)} label columns none gives the card's shape, in which {lost}{others}"
    best = min(found, key=lambda each: _away(each, claimed))
    return f"compatible in shape with {best.name}{best.labels}: {lost} on the card, {best.ratio:.2f} with it{others}"


def _tried(search: Search, alternative: Alternative, seeds: int) -> Tried:
    """A column with its first `seeds` seeds, as many as the budget allows."""
    attempt = Tried(alternative.name)
    if search.spent + search.seconds(seeds) > search.budget:
        return replace(attempt, ended="not tried within the budget")
    try:
        plan, runs = _trained(search, alternative, seeds)
    except CardauditError as error:
        return replace(attempt, ended=f"could not be tried: {error}")
    if not runs:
        return replace(attempt, ended="gave no run")
    found = tuple(ratio for run in runs if (ratio := shape(run.rows[-1].metrics)) is not None)
    ended = "" if found else "its runs found no span, or made no mistake"
    return replace(attempt, labels=_labels(runs[0].facts), refuted=_refuted(search, plan, runs[0]), ratios=found, ended=ended)


def _trained(search: Search, alternative: Alternative, seeds: int) -> tuple[Plan, list[Run]]:
    """The first seeds of a column; where its evaluation split has labels that its training split lacks, with all told."""
    plan = search.planned(alternative)
    try:
        return plan, search.runs(plan, plan.seeds[:seeds])
    except CardauditError as error:
        labels = _all_labels(plan)
        if "labels=" not in str(error) or not labels or any("," in label for label in labels):
            raise
        plan = search.planned(replace(alternative, settings={**alternative.settings, "labels": ",".join(labels)}))
        return plan, search.runs(plan, plan.seeds[:seeds])


def _all_labels(plan: Plan) -> list[str]:
    """Every label of a column of CoNLL files, sorted; none of other formats."""
    column, found = plan.dataset.label_column, set()
    if plan.dataset.format != "conll" or not column.removeprefix("-").isdecimal():
        return []
    for name in plan.dataset.files.values():
        for line in Path(plan.dataset.path, name).read_text(encoding="utf-8").splitlines():
            cells = line.split()
            if cells and cells[0] != "-DOCSTART-" and -len(cells) <= int(column) < len(cells):
                found.add(cells[int(column)])
    return sorted(found)


def _refuted(search: Search, plan: Plan, run: Run) -> str:
    """Why no whole numbers of a column's spans print like the card, however the words' pieces are labelled; "" where some do."""
    if plan.dataset.eval_limit is not None:
        return ""
    try:
        triples = printed_triples(search.card)
    except NotCheckable:
        return ""
    counts = []
    for labelling in ({"label_all_tokens": "false"}, {"label_all_tokens": "true", "b_to_i": "false"}):
        facts = run.facts if _is(plan, labelling) else _probed(search, plan, labelling)
        spans, tokens = (int(facts.get(key, 0)) for key in ("gold_entities", "evaluation_tokens"))
        if not spans or fits(EntityCount("", "", "", spans, tokens or None), triples):
            return ""
        counts.append(f"{spans:,}")
    return f"no whole numbers of {' or '.join(dict.fromkeys(counts))} spans print like the card's precision, recall and F1"


def _is(plan: Plan, labelling: Mapping[str, str]) -> bool:
    return all(str(plan.task_options.get(key, False)).lower() == value for key, value in labelling.items())


def _probed(search: Search, plan: Plan, labelling: Mapping[str, str]) -> Mapping[str, Any]:
    """What one step of training tells of a labelling; nothing where it ends badly."""
    column = {"label_column": plan.dataset.label_column}
    try:
        runs = search.probed(search.planned(Alternative("", {**column, **labelling}, 1.0)))
    except CardauditError:
        return {}
    return runs[0].facts if runs else {}


def _labels(facts: Mapping[str, Any]) -> str:
    """Some of a column's labels, so that a reader knows what it holds."""
    names = [name for name in facts.get("labels") or () if any(map(str.isalpha, name)) and name != "O"]
    return f" ({', '.join(names[:SHOWN])} ...)" if names else ""


def shape_asked(card: Card, plan: Plan) -> bool:
    """Whether only the shape can be compared: something was put in the place of the card's model or data."""
    return bool(card.epochs or card.headline) and "token" in plan.recipe and not (plan.model.same and plan.dataset.same)
