"""What a recipe hands to a loop, and what the recipes share about labels."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from scipy.optimize import linear_sum_assignment

from cardaudit.engine.base import load_config
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

Tell = Callable[[str], None]
Features = dict[str, Any]
GENERIC = re.compile(r"LABEL_\d+")


class Score(NamedTuple):
    """One evaluation: metrics by the Trainer's names, in [0, 1] unless the metric says otherwise, and counts worth keeping."""

    metrics: dict[str, float]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """A score by whole numbers that a device can count.

    `count`: of the best label ids on the device, one for each token or text of the evaluation in their order, (n,) int64 there.
    `score`: of these numbers, what Task.score gives of the logits.
    """

    count: Callable[[Any], Any]
    score: Callable[[Sequence[int]], Score]


@dataclass(frozen=True, slots=True)
class Task:
    """One plan's data, ready for a loop.

    `train` and `evaluation`: tokenised examples with their labels; `train` is empty where the plan only evaluates. `collator`
    makes a batch of them. `auto` is the AutoModelFor... class, `model_options` its configuration (labels, problem type).
    `score` takes logits and label ids, both numpy arrays as transformers' EvalPrediction holds them; `tally`, of a device, gives
    the same of the best label ids alone, where these are all that the metrics need.
    """

    train: list[Features]
    evaluation: list[Features]
    tokenizer: Any
    collator: Any
    auto: Any
    model_options: Mapping[str, Any]
    score: Callable[[Any, Any], Score]
    facts: Mapping[str, Any]
    tally: Callable[[Any], Tally] | None = None


def order_labels(plan: Plan, declared: Sequence[str], seen: Callable[[], list[str]], tell: Tell) -> list[str]:
    """The labels by id: the plan's, else the model's own (where it is only evaluated), else the data set's, else `seen()`."""
    if plan.dataset.labels:
        return list(plan.dataset.labels)
    if plan.mode == "evaluate":
        return match_labels(own_labels(plan), list(declared) or seen(), plan.dataset.id, tell)
    return list(declared) or seen()


def own_labels(plan: Plan) -> list[str]:
    """The labels that the model's config.json names, by id."""
    config = load_config(plan)
    return [str(config.id2label[i]) for i in range(config.num_labels)]


def match_labels(own: Sequence[str], names: Sequence[str], data: str, tell: Tell) -> list[str]:
    """The model's labels by id, in the words of the data: `own` are config.json's names by id, `names` the data's in their order.

    By name where they are the same names, whatever their order; by position where either side has only numbers; renamed where
    only case and punctuation differ. What is not plain is told. Raises CardauditError where the names are others.
    """
    if set(names) <= set(own):
        if [name for name in own if name in names] != list(names):
            tell("config.json has the labels in another order than the data: they are matched by name")
        return list(own)
    if all(GENERIC.fullmatch(name) for name in own) and len(own) == len(names):
        tell(f"config.json names no labels ({own[0]} ...): the data's are taken in their order, {', '.join(names)}")
        return list(names)
    if all(name.isdecimal() and int(name) < len(own) for name in names):
        tell(f"the data numbers its labels: config.json's names are taken in their order, {', '.join(own)}")
        return list(own)
    plain = {_plain(name): name for name in names}
    if len(plain) == len(names) and set(plain) <= set(map(_plain, own)):
        tell(f"the labels of config.json ({', '.join(own)}) are those of the data in another spelling ({', '.join(names)})")
        return [plain.get(_plain(name), name) for name in own]
    raise CardauditError(
        f"config.json names the labels {_some(own)}, the data {data} has {_some(names)}: "
        "give the data's in the order of the model's ids with --set labels=A,B,C"
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:5])) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def better_order(confusion: Any) -> list[int] | None:
    """For each predicted id the gold id it stands for, where that names clearly more rightly than the ids as they are; else None.

    confusion: (gold ids, predicted ids) counts. The assignment is the one with the most right (Kuhn 1955, by scipy); "clearly" is
    a twentieth of all and more than 2.
    """
    rows, columns = linear_sum_assignment(-confusion)
    gain = confusion[rows, columns].sum() - confusion.trace()
    if gain <= max(2, confusion.sum() // 20):
        return None
    meaning = dict(zip(columns.tolist(), rows.tolist(), strict=True))
    return [meaning[i] for i in range(len(confusion))]


def demand_known(plan: Plan, split: str, labels: Sequence[str], used: Iterable[str]) -> None:
    """Raises CardauditError where a split uses a label without an id."""
    unknown = sorted(set(used) - set(labels))
    if unknown:
        shown = ", ".join(map(repr, unknown[:5])) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        raise CardauditError(
            f"the split {split!r} of {plan.dataset.id} has the label {shown}, which is not among the {len(labels)} known from "
            f"{'the plan' if plan.dataset.labels else 'training'}: give all labels in their order with --set labels=A,B,C"
        )


def label_options(labels: Sequence[str]) -> dict[str, Any]:
    """Labels as a model configuration names them."""
    return {
        "num_labels": len(labels),
        "id2label": dict(enumerate(labels)),
        "label2id": {label: i for i, label in enumerate(labels)},
    }
