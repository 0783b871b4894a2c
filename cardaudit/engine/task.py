"""What a recipe hands to a loop, and what the recipes share about labels."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cardaudit.engine.base import load_config
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

Tell = Callable[[str], None]
Features = dict[str, Any]


class Score(NamedTuple):
    """One evaluation: metrics by the Trainer's names, in [0, 1] unless the metric says otherwise, and counts worth keeping."""

    metrics: dict[str, float]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One plan's data, ready for a loop.

    `train` and `evaluation`: tokenised examples with their labels; `train` is empty where the plan only evaluates. `collator`
    makes a batch of them. `auto` is the AutoModelFor... class, `model_options` its configuration (labels, problem type).
    `score` takes logits and label ids, both numpy arrays as transformers' EvalPrediction holds them.
    """

    train: list[Features]
    evaluation: list[Features]
    tokenizer: Any
    collator: Any
    auto: Any
    model_options: Mapping[str, Any]
    score: Callable[[Any, Any], Score]
    facts: Mapping[str, Any]


def order_labels(plan: Plan, declared: Sequence[str], seen: Callable[[], list[str]]) -> list[str]:
    """The labels by id: the plan's, else the model's own (where it is only evaluated), else the data set's, else `seen()`."""
    if plan.dataset.labels:
        return list(plan.dataset.labels)
    if plan.mode == "evaluate":
        config = load_config(plan)
        return [str(config.id2label[i]) for i in range(config.num_labels)]
    return list(declared) or seen()


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
