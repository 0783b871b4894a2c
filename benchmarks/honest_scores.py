"""Scores of drawn predictions, for benchmarks/honest_cards.py: what evaluation scripts compute, from counts of right and wrong.

Nothing here knows the linter's formulas: predictions are drawn as confusion matrices, spans, words, ranks or values, and every
score is computed from them as scikit-learn, seqeval, jiwer, evaluate and TRL do. Each task gives a whole evaluation's metrics by
the names its scripts print (`wrong_decisions` is for the loss, and not printed). It takes what draws the evaluation set, which
stays the same through a run (seeded anew each time), what draws the predictions, and the progress in [0, 1], which makes later
evaluations better.
"""

import math
import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Metrics = dict[str, float]
Matrix = NDArray[np.int64]
Task = Callable[[random.Random, random.Random, float], Metrics]


def confusion(of_set: random.Random, rng: random.Random, classes: int, n: int, right: float) -> Matrix:
    """Gold by predicted: classes of unequal sizes, wrong answers spread unequally."""
    generator, golds = (np.random.default_rng(each.getrandbits(64)) for each in (rng, of_set))
    gold = golds.multinomial(n, golds.dirichlet(np.full(classes, 3.0)))
    rows = []
    for label, count in enumerate(gold):
        shares = golds.dirichlet(np.full(classes, 1.0))
        shares[label] = 0
        shares *= (1 - right) / shares.sum()
        shares[label] = right
        rows.append(generator.multinomial(count, shares))
    return np.array(rows)


def by_class(matrix: Matrix) -> NDArray[np.float64]:
    """Precision, recall and F1 of each class; 0 where nothing is predicted or there, as scikit-learn has it."""
    hits, gold, predicted = np.diag(matrix).astype(float), matrix.sum(1), matrix.sum(0)
    precision = np.divide(hits, predicted, out=np.zeros_like(hits), where=predicted > 0)
    recall = np.divide(hits, gold, out=np.zeros_like(hits), where=gold > 0)
    f1 = np.divide(2 * hits, gold + predicted, out=np.zeros_like(hits), where=gold + predicted > 0)
    return np.stack([precision, recall, f1])


def averaged(matrix: Matrix, average: str) -> tuple[float, float, float]:
    """Precision, recall and F1 as scikit-learn averages them; "binary" is class 1."""
    scores = by_class(matrix)
    if average == "binary":
        found = scores[:, 1]
    elif average == "micro":
        found = np.full(3, np.trace(matrix) / matrix.sum())
    else:
        present = (matrix.sum(1) + matrix.sum(0)) > 0
        found = np.average(scores[:, present], axis=1, weights=matrix.sum(1)[present] if average == "weighted" else None)
    precision, recall, f1 = (float(each) for each in found)
    return precision, recall, f1


def accuracy(matrix: Matrix) -> float:
    return float(np.trace(matrix) / matrix.sum())


def classes_of(average: str, named: bool = False) -> Task:
    """Accuracy, precision, recall and F1 of two or more classes; with the averaging in the names where `named`."""

    def scores(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
        classes = 2 if average == "binary" else of_set.randint(3, 9)
        matrix = confusion(of_set, rng, classes, of_set.randint(300, 4000), 0.55 + 0.35 * progress)
        of_average = averaged(matrix, average)
        suffix = f"_{average}" if named else ""
        names = [f"{name}{suffix}" for name in ("precision", "recall", "f1")]
        return {"accuracy": accuracy(matrix), **dict(zip(names, of_average, strict=True))}

    return scores


def two_classes(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """What medical cards print of two classes."""
    matrix = confusion(of_set, rng, 2, of_set.randint(300, 3000), 0.6 + 0.3 * progress)
    (tn, fp), (fn, tp) = ((int(each) for each in row) for row in matrix)
    root = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    precision, recall, f1 = averaged(matrix, "binary")
    return {
        "accuracy": accuracy(matrix),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "specificity": tn / max(tn + fp, 1),
        "matthews_correlation": (tp * tn - fp * fn) / root if root else 0.0,
    }


def pairs(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """GLUE's MRPC and QQP: accuracy, F1 and their mean."""
    matrix = confusion(of_set, rng, 2, of_set.randint(300, 3000), 0.6 + 0.3 * progress)
    f1 = averaged(matrix, "binary")[2]
    return {"accuracy": accuracy(matrix), "f1": f1, "combined_score": (accuracy(matrix) + f1) / 2}


def entities(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """seqeval: spans found, predicted and gold; the accuracy is of tokens."""
    gold = of_set.randint(80, 6000)
    hits = round(gold * (0.5 + 0.4 * progress + 0.05 * rng.random()))
    predicted = hits + rng.randrange(gold // 8 + 1)
    tokens = gold * of_set.randint(5, 12)
    wrong = (gold - hits) * of_set.uniform(0.8, 1.6) + (predicted - hits) * of_set.uniform(0.3, 1)
    f1 = 2 * hits / (gold + predicted)
    return {
        "precision": hits / max(predicted, 1),
        "recall": hits / gold,
        "f1": f1,
        "accuracy": 1 - min(round(wrong), tokens) / tokens,
    }


def entities_by_type(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """Types of entities one by one, and all together."""
    found: Metrics = {}
    total = np.zeros(3, dtype=int)
    for name in of_set.sample(["loc", "org", "per", "misc", "date"], of_set.randint(2, 5)):
        gold = of_set.randint(20, 900)
        hits = max(1, round(gold * (0.4 + 0.4 * progress + 0.1 * rng.random())))
        predicted = hits + rng.randrange(gold // 8 + 1)
        total += (hits, predicted, gold)
        scores = hits / predicted, hits / gold, 2 * hits / (predicted + gold)
        found |= {f"{name}_{metric}": score for metric, score in zip(("precision", "recall", "f1"), scores, strict=True)}
        found[f"{name}_number"] = gold
    hits, predicted, gold = (int(each) for each in total)
    overall = {"overall_precision": hits / predicted, "overall_recall": hits / gold, "overall_f1": 2 * hits / (predicted + gold)}
    return found | overall | {"overall_accuracy": 1 - (gold - hits + predicted - hits) / (gold * 9)}


def speech(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """WER and CER of drawn edits; a wrong word has some wrong characters, rarely more than it is long."""
    words = of_set.randint(800, 20_000)
    edits = round(words * rng.uniform(0.05, 0.25) * (1.6 - progress))
    characters = words * 5 + of_set.randrange(words)
    return {"wer": edits / words, "cer": sum(rng.choice((1, 1, 2, 3)) for _ in range(edits)) / characters}


def speech_in_full(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """jiwer's measures of hits, substitutions, deletions and insertions."""
    gold = of_set.randint(700, 9000)
    sub, dele, ins = (round(gold * rng.uniform(0.01, 0.12) * (1.5 - progress)) for _ in range(3))
    hits = gold - sub - dele
    errors, said = sub + dele + ins, hits + sub + ins
    wil = 1 - hits / gold * hits / said
    return {"wer": errors / gold, "mer": errors / (errors + hits), "wil": wil, "wip": 1 - wil}


def answers(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """SQuAD's exact match and F1 in percent: a matching answer has F1 1, others overlap in part."""
    n = of_set.randint(300, 3000)
    exact = round(n * (0.3 + 0.5 * progress))
    overlap = sum(rng.choice((0.0, 0.4, 0.5, 2 / 3)) for _ in range(n - exact))
    return {"exact_match": 100 * exact / n, "f1": 100 * (exact + overlap) / n}


def summaries(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """ROUGE of drawn overlaps in percent: a shared bigram has two shared words, and a common subsequence may hold it."""
    found = []
    for _ in range(40):
        words = of_set.randint(20, 60)
        shared = round(words * (0.15 + 0.3 * progress * rng.random()))
        bigrams = rng.randint(0, max(shared - 1, 0))
        longest = rng.randint(min(bigrams + 1, shared), shared) if shared else 0
        made = words + rng.randint(-8, 8)
        found.append([200 * shared / (words + made), 200 * bigrams / (words + made - 2), 200 * longest / (words + made)])
    one, two, longest_of_all = (float(each) for each in np.mean(found, axis=0))
    return {"rouge1": one, "rouge2": two, "rougeL": longest_of_all, "rougeLsum": longest_of_all, "gen_len": rng.uniform(15, 60)}


def translation(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """BLEU of drawn n-gram counts, with its brevity penalty."""
    said, wanted = rng.randint(3000, 9000), of_set.randint(3000, 9000)
    shares = [0.3 + 0.4 * progress]
    for _ in range(3):
        shares.append(shares[-1] * rng.uniform(0.5, 0.8))
    penalty = min(1.0, math.exp(1 - wanted / said))
    counted = [round(share * (said - n)) / (said - n) for n, share in enumerate(shares)]
    return {"bleu": 100 * penalty * math.exp(sum(map(math.log, counted)) / 4), "gen_len": rng.uniform(10, 60)}


def values(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """Errors of drawn values."""
    generator, golds = (np.random.default_rng(each.getrandbits(64)) for each in (rng, of_set))
    gold = golds.normal(3, 1, of_set.randint(50, 2000))
    off = gold * 0 + generator.normal(0.05, 1.1 - 0.8 * progress, len(gold))
    mse = float((off**2).mean())
    return {"mse": mse, "rmse": math.sqrt(mse), "mae": float(abs(off).mean()), "r2": 1 - mse / float(gold.var())}


def segments(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """Pixels of a few classes: IoU and accuracy by class and in the mean (evaluate, mean_iou)."""
    matrix = confusion(of_set, rng, of_set.randint(2, 6), 40_000, 0.5 + 0.4 * progress)
    hits, gold, predicted = np.diag(matrix), matrix.sum(1), matrix.sum(0)
    iou, share = hits / (gold + predicted - hits), hits / gold
    means = {"mean_iou": float(iou.mean()), "mean_accuracy": float(share.mean()), "overall_accuracy": accuracy(matrix)}
    return means | {f"iou_class_{at}": float(each) for at, each in enumerate(iou)}


def ranked(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """The place of the one right answer: top-1 and top-5 accuracy and the mean reciprocal rank."""
    ranks = [1 + int(rng.expovariate(0.3 + progress)) for _ in range(of_set.randint(300, 2000))]
    top = {f"top_{k}_accuracy": sum(rank <= k for rank in ranks) / len(ranks) for k in (1, 5)}
    return top | {"mrr": sum(1 / rank for rank in ranks) / len(ranks)}


def preferences(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """DPO: rewards of chosen and rejected answers, single precision, averaged over batches."""
    generator, n = np.random.default_rng(rng.getrandbits(64)), of_set.randint(64, 900)
    chosen, rejected = (generator.normal(shift * progress, 1, n).astype(np.float32) for shift in (0.7, -0.4))
    margins, better = float((chosen - rejected).mean()), float((chosen > rejected).mean())
    rewards = {"rewards/chosen": float(chosen.mean()), "rewards/rejected": float(rejected.mean())}
    return rewards | {"rewards/accuracies": better, "rewards/margins": margins}


def several_labels(of_set: random.Random, rng: random.Random, progress: float) -> Metrics:
    """Micro and macro F1 and subset accuracy of several labels at once."""
    generator, golds = (np.random.default_rng(each.getrandbits(64)) for each in (rng, of_set))
    gold = golds.random((of_set.randint(300, 1500), 6)) < 0.25
    guess = np.where(generator.random(gold.shape) < 0.7 + 0.25 * progress, gold, ~gold)
    hits, said, there = (gold & guess).sum(0), guess.sum(0), gold.sum(0)
    macro = float((2 * hits / np.maximum(said + there, 1)).mean())
    micro = float(2 * hits.sum() / (said.sum() + there.sum()))
    right = gold == guess
    return {"f1": micro, "f1_macro": macro, "accuracy": float(right.all(1).mean()), "wrong_decisions": float(1 - right.mean())}


TASKS: dict[str, tuple[str, Task]] = {
    "two classes": ("text-classification", classes_of("binary")),
    "two classes, in full": ("text-classification", two_classes),
    "macro averages": ("text-classification", classes_of("macro")),
    "macro averages, named": ("image-classification", classes_of("macro", named=True)),
    "weighted averages": ("text-classification", classes_of("weighted")),
    "micro averages": ("image-classification", classes_of("micro")),
    "pairs of sentences": ("text-classification", pairs),
    "several labels": ("text-classification", several_labels),
    "entities": ("token-classification", entities),
    "entities by type": ("token-classification", entities_by_type),
    "speech": ("automatic-speech-recognition", speech),
    "speech, in full": ("automatic-speech-recognition", speech_in_full),
    "answers": ("question-answering", answers),
    "summaries": ("summarization", summaries),
    "translation": ("translation", translation),
    "values": ("text-classification", values),
    "segments": ("image-segmentation", segments),
    "ranks": ("image-classification", ranked),
    "preferences": ("text-generation", preferences),
}
