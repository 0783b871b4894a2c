"""Rung 3: the published weights on the claimed split, and where they do not give the claims, what else does."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cardaudit.compare.counting import claims_of, fits, protocol_mismatch
from cardaudit.compare.scoring import Explanation, as_averaged, gives, row_given, score_verdicts
from cardaudit.errors import CardauditError, EngineFailed, NotScored
from cardaudit.ladder.looking import TITLES
from cardaudit.ladder.repository import Repository, published
from cardaudit.plan import PlanSettings
from cardaudit.plan.scoring import make_scoring_plan
from cardaudit.records import Assumption, Evidence, Plan, Run, Rung, Verdict
from cardaudit.runs import read_runs, require_extra, start_engine

Tell = Callable[[dict[str, Any]], None]
MOST_TRAINING_EXAMPLES = 100_000
LABELLINGS = {
    "first": {"label_all_tokens": False},
    "all": {"label_all_tokens": True, "b_to_i": False},
    "all, B to I": {"label_all_tokens": True, "b_to_i": True},
}
AGREES = ("replayed", "reproduced")


@dataclass(frozen=True, slots=True)
class Scored:
    """What rung 3 gave: the plan that its numbers identified, its run, the verdicts, and the rung."""

    plan: Plan
    run: Run
    verdicts: tuple[Verdict, ...]
    rung: Rung


def score(repository: Repository, evidence: Evidence | None, settings: PlanSettings, folder: Path, on_event: Tell) -> Scored:
    """Scores the weights; what was scored before in `folder` is not scored again.

    Raises NotScored for an adapter, MissingExtra, NotEnoughFacts, EngineFailed, and CardauditError where weights or data are not
    to be had.
    """
    adapter = evidence.first("adapter_base_model") or evidence.first("peft_type") if evidence else None
    if adapter is not None and not (repository.folder / "config.json").is_file():
        of = f" of {adapter.value}" if adapter.key == "adapter_base_model" else ""
        raise NotScored(f"{repository.name} holds an adapter{of}, no whole model: its weights are not scored")
    require_extra()
    began = time.monotonic()
    refused = evidence.first("auto_map") if evidence else None
    if refused is not None:
        raise CardauditError(
            f"{repository.name} needs code of its own (auto_map in config.json), which cardaudit never runs: it is not scored"
        )
    model = published(repository, settings.offline, settings.allow_pickle)
    settings = replace(settings, evidence=evidence)
    plan = make_scoring_plan(repository.card, model, settings)
    climb = _Climb(repository, evidence, settings, folder, on_event)
    plan, run, verdicts, tried = climb.to_verdicts(plan)
    size = repository.weights_bytes if repository.revision is not None else 0
    details = (*(_line(verdict) for verdict in verdicts), *tried)
    return Scored(plan, run, verdicts, Rung(3, TITLES[3], _outcome(verdicts), time.monotonic() - began, size, details))


@dataclass(slots=True)
class _Climb:
    """One scoring with its second looks."""

    repository: Repository
    evidence: Evidence | None
    settings: PlanSettings
    folder: Path
    on_event: Tell

    def to_verdicts(self, plan: Plan) -> tuple[Plan, Run, tuple[Verdict, ...], list[str]]:
        """The plan that counts, its run, its verdicts, and a line for each other reading that was tried."""
        card, tried = self.repository.card, list[str]()
        run = self.run(plan)
        for other, why in self.labellings(plan, run):
            plan, run = other, self.run(other)
            tried.append(why)
        run, average = as_averaged(card, run, plan)
        tried += [f"precision, recall and F1 are {average}: the claims are equal to it"] if average else []
        verdicts = score_verdicts(card, plan, run)
        if _agrees(verdicts):
            return plan, run, verdicts, tried
        for other, why in self.other_labellings(plan, verdicts):
            again = self.run(other)
            if _replayed(found := score_verdicts(card, other, again)):
                return other, again, found, [*tried, why]
            tried.append(f"{why}: tried, and not equal")
        for other, why in self.earlier_data(plan):
            again = self.run(other)
            if _agrees(score_verdicts(card, other, again)):
                return other, again, score_verdicts(card, other, again), [*tried, why]
            tried.append(f"{why}: the claims are not given there either")
        explained = self.explained(plan, run, tried)
        return plan, run, score_verdicts(card, plan, run, explained), tried

    def run(self, plan: Plan) -> Run:
        """The one run of a plan that only evaluates."""
        seed = plan.seeds[0]
        done = next((run for run in read_runs(self.folder, plan) if run.seed == seed), None)
        if done is None:
            for event in start_engine(plan, self.folder, (seed,), checkpoints=False):
                self.on_event(event)
            done = next((run for run in read_runs(self.folder, plan) if run.seed == seed), None)
        if done is None:
            raise EngineFailed(f"the engine ended without scoring {plan.model.id}")
        return replace(done, facts={**done.facts, "scored": True})

    def labellings(self, plan: Plan, run: Run) -> Iterator[tuple[Plan, str]]:
        """The one other way to label sub-tokens whose counts the claims fit, where the assumed one's do not."""
        counts, card = run.facts.get("labellings") or {}, self.repository.card
        assumed = any(each.field == "label_all_tokens" for each in plan.assumptions)
        claims = claims_of(card, plan)
        if not assumed or not counts or protocol_mismatch(claims, run, plan) is None:
            return
        fitting = {name: LABELLINGS[name] for name in counts if fits(claims, counts[name])}
        if len(fitting) != 1:
            return
        (name, options), found = next(iter(fitting.items())), counts[next(iter(fitting))]
        reason = "the claims' fractions are counts over this labelling alone"
        why = f"{reason}: {name} ({found['tokens']:,} tokens, {found['entities']:,} entities)"
        yield _labelled(plan, options, reason), why

    def other_labellings(self, plan: Plan, verdicts: tuple[Verdict, ...]) -> Iterator[tuple[Plan, str]]:
        """The other ways to label sub-tokens, where the card does not say and the assumed one gives no claim to the digit."""
        assumed = any(each.field == "label_all_tokens" for each in plan.assumptions)
        known = any(each.outcome == "replayed" and not each.metric.endswith("loss") for each in verdicts)
        if "token" not in plan.recipe or not assumed or known or all(each.outcome == "not comparable" for each in verdicts):
            return
        for name, options in LABELLINGS.items():
            if any(plan.task_options.get(key, False) != value for key, value in options.items()):
                yield _labelled(plan, options, "the claims are equal to the digit under this labelling"), f"sub-tokens: {name}"

    def explained(self, plan: Plan, run: Run, tried: list[str]) -> Explanation | None:
        """What else gives the claimed numbers, to the digit; None where nothing that was tried does."""
        claims = claims_of(self.repository.card, plan)
        again = run.facts.get("relabelled")
        if again and gives(claims, again["metrics"]):
            reason = "with the labels of config.json in another order they give the claims to the digit"
            return Explanation(reason, "not comparable")
        number = row_given(self.repository.card, claims, run)
        last = len(self.repository.card.epochs) - 1
        if number is not None and number < last:
            return self.of_a_row(number)
        other = self.on_training_split(plan)
        if other is not None:
            split = plan.dataset.train_split
            tried.append(f"tried: the split {split!r}")
            if other.rows and gives(claims, other.rows[-1].metrics):
                return Explanation(f"on the training split {split!r} the weights give the claims to the digit", "deviates")
        if number is not None:
            return Explanation("they give the last row of the table to the digit: the reported numbers are others", "deviates")
        return None

    def of_a_row(self, number: int) -> Explanation:
        """The weights are of an earlier checkpoint: the Trainer's own doing where it kept the best one."""
        loads = self.evidence.first("load_best_model_at_end") if self.evidence else None
        where = f"they give row {number + 1} of the table to the digit: the published weights are of that checkpoint"
        known = loads is not None and loads.value is False
        return Explanation(where, "deviates" if known else "not comparable")

    def on_training_split(self, plan: Plan) -> Run | None:
        data, examples = plan.dataset, plan.estimate.get("train_examples")
        if not data.train_split or data.train_split == data.eval_split or not examples or examples > MOST_TRAINING_EXAMPLES:
            return None
        try:
            return self.run(replace(plan, dataset=replace(data, eval_split=data.train_split, eval_limit=None)))
        except EngineFailed:
            return None

    def earlier_data(self, plan: Plan) -> Iterator[tuple[Plan, str]]:
        """The data as it was when the model was published, where it has changed since."""
        data = plan.dataset
        model = self.repository.revision if self.repository.asked else None
        if data.revision is None or model is None or "dataset" in self.settings.overrides:
            return
        from cardaudit.hub.evidence import commits

        published_at = [time_ for _, time_ in commits("model", self.repository.name, model)]
        known = commits("dataset", data.id, data.revision)
        if not published_at or not known or known[0][1] <= published_at[0]:
            return
        before = next(((commit, time_) for commit, time_ in known if time_ <= published_at[0]), None)
        if before is None or before[0] == data.revision:
            return
        overrides = {**self.settings.overrides, "dataset": f"{data.id}@{before[0]}", "same_dataset": "true"}
        try:
            earlier = make_scoring_plan(self.repository.card, plan.model, replace(self.settings, overrides=overrides))
        except CardauditError:
            return
        when = f"the data {data.id} has changed since the model was published; as of {before[1][:10]} (commit {before[0][:8]})"
        yield replace(earlier, overrides=plan.overrides), when


def _labelled(plan: Plan, options: Mapping[str, bool], reason: str) -> Plan:
    """The plan with another labelling of sub-tokens, noted as assumed for a reason."""
    kept = tuple(each for each in plan.assumptions if each.field not in options)
    noted = tuple(Assumption(key, str(value).lower(), reason) for key, value in options.items())
    return replace(plan, task_options={**plan.task_options, **options}, assumptions=(*kept, *noted))


def _replayed(verdicts: tuple[Verdict, ...]) -> bool:
    return any(verdict.primary and verdict.outcome == "replayed" for verdict in verdicts)


def _agrees(verdicts: tuple[Verdict, ...]) -> bool:
    primary = next((verdict for verdict in verdicts if verdict.primary), None)
    return primary is None or primary.outcome in AGREES


def _outcome(verdicts: tuple[Verdict, ...]) -> str:
    primary = next((verdict for verdict in verdicts if verdict.primary), None)
    if primary is None:
        return "the card claims no number that could be scored"
    direction = f" ({primary.direction})" if primary.direction else ""
    return f"{primary.metric} {primary.claimed}: {primary.outcome}{direction}"


def _line(verdict: Verdict) -> str:
    return f"{verdict.where} {verdict.metric}: {verdict.outcome}: {verdict.because}"
