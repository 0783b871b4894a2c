"""One search: what the data refute, one seed of a recipe, fresh seeds of one that looks good, and what may still be spent."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from cardaudit.compare.counting import claims_of, other_fraction, protocol_mismatch
from cardaudit.compare.likelihood import Fit, fit_of, log_ratio
from cardaudit.compare.measured import sort_runs
from cardaudit.errors import CardauditError, EngineFailed
from cardaudit.explain.alternatives import Alternative
from cardaudit.explain.words import Attempt
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.records import Card, Plan, Run
from cardaudit.runs import read_runs

Tell = Callable[[dict[str, Any]], None]
Engine = Callable[[Plan, Path, Sequence[int], bool], Iterable[dict[str, Any]]]
FRESH = 3
TO_CHOOSE = 0.6  # the part of the budget after which nothing new is begun, so that something is left to confirm
OVERHEAD_SECONDS = 15.0  # of an engine that starts


@dataclass(slots=True)
class Search:
    """One search and what it may spend."""

    card: Card
    plan: Plan
    settings: PlanSettings
    folder: Path
    budget: float
    on_event: Tell
    engine: Engine
    began: float

    def chosen(self, alternative: Alternative) -> Attempt:
        """An alternative after its gate and its first seed."""
        attempt = Attempt(alternative.name, by_counts=self.counted_elsewhere())
        if attempt.by_counts and not alternative.counts:
            return replace(attempt, ended="refuted without training: it counts what the stated recipe does")
        if self.spent + self.seconds(1) * alternative.cost > TO_CHOOSE * self.budget:
            return replace(attempt, ended="not tried within the budget")
        try:
            plan = self.planned(alternative)
            if alternative.counts and (refuted := self.refuted(plan)):
                return replace(attempt, ended=f"refuted without training: {refuted}")
            fit = self.fit(plan, plan.seeds[:1])
        except CardauditError as error:
            return replace(attempt, ended=f"could not be tried: {error}")
        if fit is None:
            return replace(attempt, ended="gave no run")
        return replace(attempt, plan=plan, ratio=log_ratio(fit, self.stated(0, 1)), fits=_shares(fit), seeds=fit.seeds)

    def confirmed(self, attempt: Attempt) -> Attempt:
        """A promising alternative held against fresh seeds, which the choice has not seen."""
        plan = attempt.plan
        assert plan is not None
        fresh = plan.seeds[1 : 1 + FRESH]
        if self.spent + self.seconds(len(fresh)) > self.budget:
            return replace(attempt, ended="not confirmed within the budget")
        try:
            fit = self.fit(plan, fresh)
        except EngineFailed as error:
            return replace(attempt, ended=f"could not be confirmed: {error}")
        if fit is None or fit.seeds < len(fresh) or len(fresh) < FRESH:
            return replace(attempt, ended="gave too few fresh runs")
        return replace(
            attempt, fresh_ratio=log_ratio(fit, self.stated(1)), fits=_shares(fit), whole=fit.whole, fresh_seeds=fit.seeds
        )

    def planned(self, alternative: Alternative) -> Plan:
        overrides = {**self.settings.overrides, **alternative.settings}
        return replace(make_plan(self.card, replace(self.settings, overrides=overrides)), replay_seed=None)

    def refuted(self, plan: Plan) -> str | None:
        """Why the card's fractions cannot be counted over what this plan evaluates."""
        runs = self.probed(plan)
        reason = protocol_mismatch(claims_of(self.card, plan), runs[0], plan) if runs else None
        return reason and reason.removeprefix("protocol mismatch: ")

    def probed(self, plan: Plan) -> list[Run]:
        """One step of training, which tells what a plan counts."""
        training = replace(plan.training, max_steps=1, num_epochs=None)
        probe = replace(plan, training=training, schedule=replace(plan.schedule, strategy="steps", eval_steps=1))
        return self.runs(probe, probe.seeds[:1])

    def counted_elsewhere(self) -> bool:
        """Whether the card's exact fractions are of other counts than the stated recipe's."""
        runs = read_runs(self.folder, self.plan)
        return bool(runs) and other_fraction(claims_of(self.card, self.plan), runs[-1], self.plan) is not None

    def stated(self, first: int, end: int | None = None) -> Fit:
        """How the stated recipe's own runs fit: those of its seeds from `first` on, about as many as are held against them."""
        seeds, runs = self.plan.seeds[first:end], read_runs(self.folder, self.plan)
        return fit_of(self.card, self.plan, [run for run in runs if run.seed in seeds] or runs)

    def fit(self, plan: Plan, seeds: Sequence[int]) -> Fit | None:
        runs = self.runs(plan, seeds)
        return fit_of(self.card, plan, runs) if runs else None

    def runs(self, plan: Plan, seeds: Sequence[int]) -> list[Run]:
        """The finished runs of these seeds, trained where they are not there yet."""
        absent = set(seeds) - {run.seed for run in read_runs(self.folder, plan)}
        if absent:
            for event in self.engine(plan, self.folder, [seed for seed in seeds if seed in absent], False):
                self.on_event(event)
        return [run for run in read_runs(self.folder, plan) if run.seed in seeds and run.outcome == "finished" and run.rows]

    def has_a_gpu(self) -> bool:
        """Whether the stated recipe's runs had one; half precision is not tried without."""
        runs = read_runs(self.folder, self.plan)
        return any((run.environment.get("device") or {}).get("kind") == "cuda" for run in runs)

    @property
    def spent(self) -> float:
        return time.monotonic() - self.began

    def seconds(self, trainings: int) -> float:
        """About how long so many trainings take, by the runs of the stated recipe."""
        done = sort_runs(self.card, self.plan, read_runs(self.folder, self.plan), False).seeds
        each = median(run.seconds for run in done) if done else 0.0
        return OVERHEAD_SECONDS + trainings * each


def _shares(fit: Fit) -> tuple[int, int]:
    return fit.fitting, len(fit.cells)
