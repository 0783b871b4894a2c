"""The other recipes that a card leaves room for, each as settings of a plan, in the order in which they are worth trying."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cardaudit.facts import load
from cardaudit.plan import PlanSettings
from cardaudit.records import Plan

DATA_FIELDS = frozenset(("label_column", "label_all_tokens", "b_to_i", "eval_split", "eval_file", "average", "text_columns"))
"""What changes which numbers are counted; it can be refuted by the card's fractions, with hardly any training."""
NOT_A_RECIPE = frozenset(
    (
        *("dataset", "same_dataset", "same_base", "same_evaluation", "base_model", "task", "metrics", "logging_steps"),
        *("eval_batch_size", "problem_type"),
    )
)
RATES = (10.0, 0.1, 2.0, 0.5, 5.0, 0.2)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another recipe: `name` in words, the `--set` pairs that make it, its cost in trainings of the stated recipe."""

    name: str
    settings: Mapping[str, str]
    odds: float
    cost: float = 1.0

    @property
    def counts(self) -> bool:
        """Whether it changes what is counted."""
        return bool(DATA_FIELDS & self.settings.keys())


def odds(field: str) -> float:
    """How often a card that leaves a field open means something else: by cards that do say, else by judgement.

    The facts are in facts/explain_odds.json. They order the trials and weigh no evidence.
    """
    facts = load("explain_odds")
    if field in facts["measured"]:
        hits, told = facts["measured"][field]
        return float(hits / told)
    return float(facts["judged"].get(field, facts["rest"]))


def order_told() -> str:
    """What the order of trial goes by, in words."""
    facts = load("explain_odds")
    told = ", ".join(f"{field.replace('_', ' ')} {hits} of {cards}" for field, (hits, cards) in facts["measured"].items())
    return f"tried in the order of how often cards that tell do otherwise ({told}); for the rest that is a judgement"


def alternatives(plan: Plan, settings: PlanSettings) -> tuple[Alternative, ...]:
    """What could be tried beside `plan`: what was assumed for it, and what cards state wrongly; the most promising first."""
    found = [*_assumed(plan), *_evaluated(plan, settings), *_longer(plan), *_faster(plan)]
    once = {tuple(sorted(each.settings.items())): each for each in reversed(found)}
    return tuple(sorted(once.values(), key=lambda each: (-each.odds / each.cost, each.name)))


def _assumed(plan: Plan) -> Iterator[Alternative]:
    """The other values of what the card does not say."""
    for assumption in plan.assumptions:
        field = assumption.field
        if field in NOT_A_RECIPE or field == "b_to_i":
            continue
        if field == "label_all_tokens":
            yield from _labellings(plan)
            continue
        for value in assumption.alternatives:
            yield Alternative(f"{field} {value} instead of {assumption.value}", {field: value}, odds(field))


def _labellings(plan: Plan) -> Iterator[Alternative]:
    """The ways to label the sub-tokens of a word; a card never says which."""
    known = {
        "the first sub-token of a word labelled": {"label_all_tokens": "false"},
        "every sub-token labelled like its word": {"label_all_tokens": "true", "b_to_i": "false"},
        "every sub-token labelled, B- turned into I-": {"label_all_tokens": "true", "b_to_i": "true"},
    }
    for name, settings in known.items():
        if any(str(plan.task_options.get(key, False)).lower() != value for key, value in settings.items()):
            yield Alternative(name, settings, odds("label_all_tokens"))


def _evaluated(plan: Plan, settings: PlanSettings) -> Iterator[Alternative]:
    data, given = plan.dataset, {**settings.table, **settings.overrides}
    if data.train_split == data.eval_split:
        return
    where = {"eval_file": given["train_file"]} if "train_file" in given else {"eval_split": data.train_split}
    yield Alternative("evaluated on the training split", where, odds("training split"))


def _longer(plan: Plan) -> Iterator[Alternative]:
    epochs = plan.training.num_epochs
    if epochs is None or plan.training.max_steps is not None:
        return
    for factor in (2.0, 0.5):
        if (factor * epochs).is_integer():
            name = f"num_epochs {factor * epochs:g} instead of {epochs:g}"
            yield Alternative(name, {"num_epochs": f"{factor * epochs:g}"}, odds("num_epochs"), factor)


def _faster(plan: Plan) -> Iterator[Alternative]:
    rate = plan.training.learning_rate
    for factor in RATES:
        name = f"learning_rate {factor * rate:.3g} instead of {rate:.3g}"
        yield Alternative(name, {"learning_rate": f"{factor * rate:.6g}"}, odds("learning_rate") / (1 + RATES.index(factor) / 10))
