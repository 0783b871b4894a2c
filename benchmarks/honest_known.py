"""Evaluations on whole splits of well-known data sets, for benchmarks/honest_cards.py: their gold counts, drawn answers.

Class counts and span counts are facts of the data sets (facts/*.json says where from); the training sets have their real size.
"""

import random
from typing import NamedTuple

import numpy as np
from honest_scores import Metrics, Task, accuracy, averaged


class Known(NamedTuple):
    """A split that was evaluated on, with its examples of each class; `spans` and `tokens` for data sets of entities."""

    dataset: str
    config: str
    task: str
    train: int
    split: str
    golds: tuple[int, ...] = ()
    spans: int = 0
    tokens: int = 0


SETS = (
    Known("rotten_tomatoes", "default", "text-classification", 8530, "validation", (533, 533)),
    Known("glue", "sst2", "text-classification", 67_349, "validation", (428, 444)),
    Known("glue", "mrpc", "text-classification", 3668, "validation", (129, 279)),
    Known("imdb", "plain_text", "text-classification", 25_000, "test", (12_500, 12_500)),
    Known("ag_news", "default", "text-classification", 120_000, "test", (1900, 1900, 1900, 1900)),
    Known("conll2003", "conll2003", "token-classification", 14_041, "validation", spans=5942, tokens=51_362),
    Known("wnut_17", "wnut_17", "token-classification", 3394, "test", spans=1079, tokens=23_394),
)


def task(known: Known) -> Task:
    return _spans(known) if known.spans else _classes(known)


def _classes(known: Known) -> Task:
    """Accuracy, and of two classes the scores of the second."""

    def scores(_: random.Random, rng: random.Random, progress: float) -> Metrics:
        right, classes = 0.75 + 0.15 * progress, len(known.golds)
        generator = np.random.default_rng(rng.getrandbits(64))
        shares = np.full((classes, classes), (1 - right) / (classes - 1))
        np.fill_diagonal(shares, right)
        matrix = np.array([generator.multinomial(gold, share) for gold, share in zip(known.golds, shares, strict=True)])
        if classes > 2:
            return {"accuracy": accuracy(matrix)}
        precision, recall, f1 = averaged(matrix, "binary")
        return {"accuracy": accuracy(matrix), "precision": precision, "recall": recall, "f1": f1}

    return scores


def _spans(known: Known) -> Task:
    """seqeval's scores; a missed span has a wrong token or two, a spurious one too."""

    def scores(_: random.Random, rng: random.Random, progress: float) -> Metrics:
        hits = round(known.spans * (0.6 + 0.3 * progress + 0.02 * rng.random()))
        predicted = hits + round(known.spans * (0.05 + 0.02 * rng.random()))
        wrong = round((known.spans - hits) * 1.4 + (predicted - hits) * 0.5)
        f1 = 2 * hits / (known.spans + predicted)
        return {"precision": hits / predicted, "recall": hits / known.spans, "f1": f1, "accuracy": 1 - wrong / known.tokens}

    return scores
