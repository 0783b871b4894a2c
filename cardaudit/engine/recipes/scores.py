"""Metrics of text classification, by the snake case names that cards print them under."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy import stats
from sklearn import metrics as sklearn

from cardaudit.engine.task import Tell

AVERAGED: dict[str, Callable[..., float]] = {
    "precision": sklearn.precision_score,
    "recall": sklearn.recall_score,
    "f1": sklearn.f1_score,
}
AVERAGES = ("macro", "micro", "weighted")
PLAIN: dict[str, Callable[[Any, Any], float]] = {
    "accuracy": lambda truth, guess: (truth == guess).mean() if truth.ndim == 1 else (truth == guess).all(axis=1).mean(),
    "balanced_accuracy": sklearn.balanced_accuracy_score,
    "matthews_correlation": sklearn.matthews_corrcoef,
    "cohen_kappa": sklearn.cohen_kappa_score,
    "hamming_loss": sklearn.hamming_loss,
}
NUMBERS: dict[str, Callable[[Any, Any], float]] = {
    "mse": sklearn.mean_squared_error,
    "rmse": lambda truth, guess: np.sqrt(sklearn.mean_squared_error(truth, guess)),
    "mae": sklearn.mean_absolute_error,
    "r2": sklearn.r2_score,
    "pearson": lambda truth, guess: stats.pearsonr(truth, guess).statistic,
    "spearmanr": lambda truth, guess: stats.spearmanr(truth, guess).statistic,
}


PAIRED = ("pearson", "spearmanr")


def known(wanted: Sequence[str], regression: bool, tell: Tell) -> list[str]:
    """The metrics that can be measured, in the plan's order; the others are told, so that nothing is silently left out."""
    able = set(NUMBERS) if regression else {*PLAIN, *AVERAGED, *(f"{name}_{a}" for name in AVERAGED for a in AVERAGES), "roc_auc"}
    for name in wanted:
        if name not in able:
            tell(f"the recipe text_classification does not measure {name!r}; here it measures {', '.join(sorted(able))}")
    return [name for name in wanted if name in able]


def of_numbers(guess: Any, truth: Any, names: Sequence[str]) -> dict[str, float]:
    """guess, truth: (texts,) float. pearson and spearmanr are NaN where either side is constant or one number.

    All are NaN where a guess is no finite number, those of weights that diverged: sklearn 1.9 would refuse them.
    """
    if not np.isfinite(guess).all():
        return dict.fromkeys(names, float("nan"))
    with _quiet():
        return {name: float("nan") if name in PAIRED and len(truth) < 2 else float(NUMBERS[name](truth, guess)) for name in names}


def of_labels(logits: Any, guess: Any, truth: Any, names: Sequence[str], average: str) -> dict[str, float]:
    """guess, truth: (texts,) ids, or (texts, labels) of 0 and 1. `average` is for a metric whose name has none."""
    with _quiet():
        return {name: float(_of_labels(name, logits, guess, truth, average)) for name in names}


def _of_labels(name: str, logits: Any, guess: Any, truth: Any, average: str) -> float:
    if name == "roc_auc":
        return _roc_auc(logits, truth, average)
    if name in PLAIN:
        return PLAIN[name](truth, guess)
    base, _, own = name.partition("_")
    return AVERAGED[base](truth, guess, average=own or average, zero_division=0)


def _roc_auc(logits: Any, truth: Any, average: str) -> float:
    """NaN where a class has no example in the truth, or the logits are no finite numbers."""
    try:
        return _area(logits, truth, average) if np.isfinite(logits).all() else float("nan")
    except ValueError:  # sklearn 1.9, of classes without an example
        return float("nan")


def _area(logits: Any, truth: Any, average: str) -> float:
    average = average if average in AVERAGES else "macro"
    if truth.ndim == 2:
        return float(sklearn.roc_auc_score(truth, logits, average=average))
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = odds / odds.sum(axis=1, keepdims=True)
    if chances.shape[1] == 2:
        return float(sklearn.roc_auc_score(truth, chances[:, 1]))
    return float(sklearn.roc_auc_score(truth, chances, average=average, multi_class="ovr"))


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
