"""Text classification: one label for a text or a pair of texts, several, or a number."""

from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, DataCollatorWithPadding

from cardaudit.engine.base import load_tokenizer
from cardaudit.engine.recipes import scores
from cardaudit.engine.splits import Split, read_split
from cardaudit.engine.task import Features, Score, Tally, Task, Tell, better_order, demand_known, label_options, order_labels
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

SINGLE, MULTI, REGRESSION = "single_label_classification", "multi_label_classification", "regression"
DEFAULT_METRICS = {SINGLE: ["accuracy"], MULTI: ["f1"], REGRESSION: ["mse"]}


def prepare(plan: Plan, tell: Tell) -> Task:
    """The plan's texts, tokenised, with a label id, an indicator row or a number each."""
    dataset, options = plan.dataset, plan.task_options
    problem = options.get("problem_type") or SINGLE
    if problem not in DEFAULT_METRICS:
        raise CardauditError(
            f"the problem type {problem!r} is none of {', '.join(DEFAULT_METRICS)}: give one with --set problem_type="
        )
    tokenizer = load_tokenizer(plan, words=False)
    train = read_split(dataset, dataset.train_split, dataset.train_limit) if plan.mode == "train" else None
    evaluation = read_split(dataset, dataset.eval_split, dataset.eval_limit)
    labels = (
        []
        if problem == REGRESSION
        else order_labels(plan, (train or evaluation).names, lambda: _seen(train or evaluation, problem), tell)
    )
    names = scores.known(options.get("metrics") or DEFAULT_METRICS[problem], problem == REGRESSION, tell)
    average = options.get("average") or ("binary" if problem == SINGLE and len(labels) == 2 else "weighted")
    if average == "binary" and problem == SINGLE and len(labels) != 2 and set(names) & set(scores.AVERAGED):
        raise CardauditError(
            f"the average 'binary' is of two labels, {dataset.id} has {len(labels)}: give another with --set average=macro"
        )
    threshold = float(options.get("threshold", 0.5))
    trained = _encode(train, tokenizer, labels, problem, plan) if train else []
    evaluated = _encode(evaluation, tokenizer, labels, problem, plan)
    return Task(
        train=trained,
        evaluation=evaluated,
        tokenizer=tokenizer,
        collator=DataCollatorWithPadding(tokenizer, padding="max_length" if options.get("padding") == "max_length" else True),
        auto=AutoModelForSequenceClassification,
        model_options={"num_labels": 1} if problem == REGRESSION else {**label_options(labels), "problem_type": problem},
        score=lambda logits, label_ids: _score(
            logits, label_ids, problem, names, average, threshold, reorder=plan.mode == "evaluate"
        ),
        facts={"labels": labels, "problem_type": problem, "average": average},
        tally=partial(_tally, evaluated, len(labels), names, average) if problem == SINGLE and "roc_auc" not in names else None,
    )


def _seen(split: Split, problem: str) -> list[str]:
    """The labels of a split that declares none: sorted, numbers by size (sorted() of the values, then their text)."""
    if problem == MULTI and _are_indicators(split.labels):
        return [str(i) for i in range(len(split.labels[0]))]
    values = {value for row in split.labels for value in row} if problem == MULTI else set(split.labels)
    if any(value is None or isinstance(value, list | dict) for value in values):
        raise CardauditError(f"the split {split.name!r} has rows without a label: name the column with --set label_column=")
    kinds = {type(value) for value in values}
    return list(dict.fromkeys(str(value) for value in (sorted(values) if len(kinds) == 1 else sorted(values, key=str))))


def _are_indicators(rows: Sequence[Any]) -> bool:
    lengths = {len(row) for row in rows}
    return (
        len(lengths) == 1
        and lengths != {1}
        and all(value in (0, 1) and not isinstance(value, str) for row in rows for value in row)
    )


def _encode(split: Split, tokenizer: Any, labels: Sequence[str], problem: str, plan: Plan) -> list[Features]:
    """Tokenised texts, cut at the tokenizer's model_max_length, each with "labels": int, list of floats, or float."""
    if len(split.inputs) > 2:
        raise CardauditError(
            f"a model takes one or two texts, the plan names {len(split.inputs)} columns: --set text_columns=A,B"
        )
    for number, texts in enumerate(zip(*split.inputs, strict=True)):
        if not all(isinstance(text, str) for text in texts):
            where = f"row {number} of the split {split.name!r} of {plan.dataset.id}"
            raise CardauditError(f"{where} has no text: name the column with --set text_columns=")
    if not any(text.strip() for column in split.inputs for text in column):
        raise CardauditError(
            f"the split {split.name!r} of {plan.dataset.id} has only empty texts: name the column with --set text_columns="
        )
    targets = _targets(split, labels, problem, plan)
    encoded = tokenizer(*split.inputs, truncation=True)
    return [{**{key: encoded[key][i] for key in encoded}, "labels": target} for i, target in enumerate(targets)]


def _targets(split: Split, labels: Sequence[str], problem: str, plan: Plan) -> list[Any]:
    if problem == REGRESSION:
        return [_number(value, split, plan) for value in split.labels]
    if problem == SINGLE:
        values = [_label(value, split, labels) for value in split.labels]
        demand_known(plan, split.name, labels, values)
        ids = {label: i for i, label in enumerate(labels)}
        return [ids[value] for value in values]
    if _are_indicators(split.labels) and len(split.labels[0]) == len(labels):
        return [[float(value) for value in row] for row in split.labels]
    rows = [{_label(value, split, labels) for value in row} for row in split.labels]
    demand_known(plan, split.name, labels, (value for row in rows for value in row))
    return [[float(label in row) for label in labels] for row in rows]


def _label(value: Any, split: Split, labels: Sequence[str]) -> str:
    """A label as text; a bare id becomes the plan's name for it where the data set declares no names."""
    if isinstance(value, bool):
        value = int(value)
    bare = isinstance(value, int) and not split.names and str(value) not in labels
    return labels[value] if bare and 0 <= value < len(labels) else str(value)


def _number(value: Any, split: Split, plan: Plan) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not isfinite(number):
        raise CardauditError(f"the split {split.name!r} of {plan.dataset.id} has the label {value!r}, regression needs a number")
    return number


def _score(
    logits: Any, label_ids: Any, problem: str, names: Sequence[str], average: str, threshold: float, reorder: bool = False
) -> Score:
    """logits: (texts, labels) float, alone or first of a tuple; label_ids: (texts,), for several labels (texts, labels).

    `reorder`: also look whether another order of the labels would name more texts rightly.
    """
    logits = logits[0] if isinstance(logits, tuple) else logits
    facts: dict[str, Any] = {"evaluation_examples": len(label_ids)}
    if problem == REGRESSION:
        return Score(scores.of_numbers(np.squeeze(logits, axis=-1), label_ids, names), facts)
    if problem == SINGLE:
        guess = np.argmax(logits, axis=1)
        size = logits.shape[1]
        confusion = np.bincount(label_ids.astype(int) * size + guess, minlength=size * size).reshape(size, size)
        facts.update(_counted(confusion))
        if reorder and (order := better_order(confusion)):
            meant = np.argsort(order)[label_ids.astype(int)]  # the gold labels by the ids that the weights give them
            metrics = scores.of_labels(logits, guess, meant, names, average)
            facts["relabelled"] = {"order": order, "correct": int((guess == meant).sum()), "metrics": metrics}
        return Score(scores.of_labels(logits, guess, label_ids, names, average), facts)
    guess = (1 / (1 + np.exp(-logits)) >= threshold).astype(int)
    facts["predicted"] = guess.sum(axis=0).tolist()
    return Score(scores.of_labels(logits, guess, label_ids.astype(int), names, average), facts)


def _counted(confusion: Any) -> dict[str, Any]:
    """What is worth keeping of confusion (gold ids, predicted ids)."""
    return {
        "correct": int(confusion.trace()),
        "predicted": confusion.sum(axis=0).tolist(),
        "gold": confusion.sum(axis=1).tolist(),
        "right": confusion.diagonal().tolist(),
    }


def _tally(evaluation: Sequence[Features], size: int, names: Sequence[str], average: str, device: Any) -> Tally:
    """The table of gold and predicted ids, and the metrics, which see no more of the guesses than how often a pair is there."""
    gold = torch.tensor([features["labels"] for features in evaluation], device=device)

    def count(guesses: torch.Tensor) -> torch.Tensor:
        return torch.zeros(size * size, dtype=torch.long, device=device).index_add_(
            0, gold * size + guesses, torch.ones_like(gold)
        )

    def score(counts: Sequence[int]) -> Score:
        confusion = np.array(counts).reshape(size, size)
        truth, guess = np.divmod(np.repeat(np.arange(size * size), counts), size)
        facts = {"evaluation_examples": len(evaluation), **_counted(confusion)}
        return Score(scores.of_labels(None, guess, truth, names, average), facts)

    return Tally(count, score)
