"""Cards that authors write by hand around drawn predictions, for benchmarks/honest_cards.py.

Tables of classes, reports of scikit-learn, harness output with standard errors, comparisons of models, sentences, front matter of
other libraries: every number comes from counts, and one author prints all numbers of a card in one way (`Prints`).
"""

import math
import random
from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
from honest_scores import TASKS, Matrix, accuracy, averaged, by_class, confusion

ROUNDINGS = (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN)
NAMES = ("anger", "joy", "sadness", "fear", "love", "PER", "LOC", "ORG", "spam", "news")
HARNESS = {
    "arc_challenge": (1172, 4),
    "arc_easy": (2376, 4),
    "boolq": (3270, 2),
    "hellaswag": (10042, 4),
    "openbookqa": (500, 4),
    "piqa": (1838, 2),
    "winogrande": (1267, 2),
}
LEADERBOARD = ("ARC", "HellaSwag", "MMLU", "TruthfulQA", "Winogrande", "GSM8K")


class Prints(NamedTuple):
    """How one author prints shares: the factor (100 for percent), decimals, what becomes of the rest, sign, single precision."""

    factor: int
    places: int
    rounding: str
    sign: str
    single: bool

    def share(self, value: float) -> str:
        kept = float(np.float32(value) if self.single else value)
        scaled = Decimal(repr(kept)) * self.factor
        return f"{scaled.quantize(Decimal(1).scaleb(-self.places), self.rounding)}{self.sign}"


def author(rng: random.Random) -> Prints:
    factor, places, sign = rng.choice(
        ((1, 2, ""), (1, 3, ""), (1, 4, ""), (1, 6, ""), (100, 1, ""), (100, 2, ""), (100, 2, "%"), (100, 1, "%"))
    )
    return Prints(factor, places, rng.choice(ROUNDINGS), sign, rng.random() < 0.2)


def grid(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its first line the header."""
    head, *body = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0]), *body])


def table_of_classes(rng: random.Random) -> str:
    matrix, prints = confusion(rng, rng, rng.randint(2, 7), rng.randint(100, 5000), rng.uniform(0.5, 0.97)), author(rng)
    golds = [str(count) for count in matrix.sum(1)]
    names = rng.sample(NAMES, len(matrix))
    rows = [[name, *map(prints.share, of), gold] for name, of, gold in zip(names, by_class(matrix).T, golds, strict=True)]
    averages = [
        (rng.choice(("micro avg", "Overall", "**Overall**", "ALL", "Total")), "micro"),
        (rng.choice(("macro avg", "Macro Average", "Mean", "Average")), "macro"),
        (rng.choice(("weighted avg", "Weighted average", "weighted")), "weighted"),
    ]
    for name, average in rng.sample(averages, rng.randint(0, 3)):
        rows.append([name, *map(prints.share, averaged(matrix, average)), str(matrix.sum())])
    return grid([["Class", "Precision", "Recall", rng.choice(("F1", "F1-score")), rng.choice(("Support", "Count"))], *rows])


def report(rng: random.Random) -> str:
    """scikit-learn's `classification_report`."""
    matrix, digits = confusion(rng, rng, rng.randint(2, 7), rng.randint(60, 5000), rng.uniform(0.5, 0.97)), rng.choice((2, 2, 4))
    names, total = rng.sample(NAMES, len(matrix)), int(matrix.sum())
    lines = [f"{'':>14}{'precision':>10}{'recall':>10}{'f1-score':>10}{'support':>10}", ""]
    for name, of, gold in zip(names, by_class(matrix).T, matrix.sum(1), strict=True):
        lines.append(f"{name:>14}" + "".join(f"{share:>10.{digits}f}" for share in of) + f"{gold:>10}")
    lines += ["", f"{'accuracy':>14}{'':>20}{accuracy(matrix):>10.{digits}f}{total:>10}"]
    for average in ("macro", "weighted"):
        lines.append(
            f"{average + ' avg':>14}" + "".join(f"{x:>10.{digits}f}" for x in averaged(matrix, average)) + f"{total:>10}"
        )
    return "```\n" + "\n".join(lines) + "\n```"


def harness(rng: random.Random) -> str:
    """lm-evaluation-harness: value and standard error of right answers among a task's examples."""
    lines = [["Tasks", "Version", "Filter", "n-shot", "Metric", "", "Value", "", "Stderr"]]
    for task in rng.sample(list(HARNESS), rng.randint(2, 6)):
        n, choices = HARNESS[task]
        for metric in ("acc", "acc_norm")[: rng.randint(1, 2)]:
            p = round(n * rng.uniform(1 / choices, 0.9)) / n
            lines.append([task, "1", "none", "0", metric, "↑", f"{p:.4f}", "±", f"{math.sqrt(p * (1 - p) / (n - 1)):.4f}"])
    return grid(lines)


def leaderboard(rng: random.Random) -> str:
    """The Open LLM Leaderboard's six scores and their mean."""
    scores = [100 * rng.uniform(0.25, 0.85) for _ in LEADERBOARD]
    lines = [["Metric", "Value"], ["Avg.", f"{sum(scores) / 6:.2f}"]]
    shots = ("25-shot", "10-shot", "5-shot", "0-shot", "5-shot", "5-shot")
    return grid([*lines, *([f"{n} ({s})", f"{x:.2f}"] for n, s, x in zip(LEADERBOARD, shots, scores, strict=True))])


def comparison(rng: random.Random) -> str:
    """Several models, each with its own predictions, by one averaging."""
    prints, average = author(rng), rng.choice(("binary", "macro", "weighted"))
    classes, n = 2 if average == "binary" else rng.randint(3, 6), rng.randint(100, 4000)
    lines = [["Model", "Accuracy", "Precision", "Recall", "F1"]]
    for at in range(rng.randint(2, 6)):
        matrix = confusion(rng, rng, classes, n, rng.uniform(0.5, 0.95))
        lines.append([f"model-{at}", prints.share(accuracy(matrix)), *map(prints.share, averaged(matrix, average))])
    return grid(lines)


def splits(rng: random.Random) -> str:
    """One model on validation and test, metrics down the side."""
    prints = author(rng)
    found = [confusion(rng, rng, 2, rng.randint(100, 3000), rng.uniform(0.6, 0.95)) for _ in range(2)]
    scores = [(accuracy(matrix), *averaged(matrix, "binary")) for matrix in found]
    names = ("Accuracy", "Precision", "Recall", "F1")
    lines = [[name, *(prints.share(score[at]) for score in scores)] for at, name in enumerate(names)]
    return grid([["Metric", "Validation", "Test"], *lines])


def sentences(rng: random.Random) -> str:
    """The scores told, and those of a second set."""
    prints = author(rng)
    told = [confusion(rng, rng, 2, rng.randint(100, 3000), rng.uniform(0.6, 0.95)) for _ in range(2)]
    (acc, precision, recall, f1), second = [[prints.share(x) for x in (accuracy(m), *averaged(m, "binary"))] for m in told]
    return (
        f"The model reaches an accuracy of {acc} and an F1 of {f1} on the validation set (precision {precision}, recall "
        f"{recall}).\nOn the test set the accuracy is {second[0]}."
    )


def several_tasks(name: str) -> Callable[[random.Random], str]:
    """A task's scores for some subsets in one table, printed as one author does."""

    def words(rng: random.Random) -> str:
        prints, percent = author(rng), name in ("answers", "summaries", "translation")
        of_set = rng.getrandbits(32)
        rows = [TASKS[name][1](random.Random(of_set), rng, rng.uniform(0.2, 1)) for _ in range(rng.randint(1, 4))]
        keys = [key for key in rows[0] if key not in ("gen_len", "wrong_decisions")]
        lines = [[f"subset-{at}", *(_printed(prints, key, row[key], percent) for key in keys)] for at, row in enumerate(rows)]
        return grid([["Set", *(key.replace("_", " ").title() for key in keys)], *lines])

    return words


def _printed(prints: Prints, key: str, value: float, percent: bool) -> str:
    if percent or key in ("mse", "rmse", "mae", "r2", "matthews_correlation", "mrr"):
        return f"{value:.{max(prints.places, 2)}f}"
    return prints.share(value)


def _front(metrics: dict[str, object], dataset: str, task: str, library: str) -> str:
    listed = "\n".join(f"    - type: {key}\n      value: {value}\n      name: {key}" for key, value in metrics.items())
    return (
        f"---\nlibrary_name: {library}\nlicense: mit\nmodel-index:\n- name: some-model\n  results:\n  - task:\n"
        f"      type: {task}\n      name: {task}\n    dataset:\n      name: {dataset}\n      type: {dataset}\n    metrics:\n"
        f"{listed}\n---\n\n# some-model\n"
    )


def rewards(rng: random.Random) -> str:
    """stable-baselines3: mean and standard deviation of drawn episodes."""
    name = rng.choice(("FrozenLake-v1-4x4", "CartPole-v1", "Acrobot-v1", "MountainCar-v0"))
    draws = {
        "FrozenLake-v1-4x4": lambda p: float(rng.random() < p),
        "CartPole-v1": lambda p: min(500.0, rng.expovariate(1 / (900 * p))),
    }
    draw = draws.get(name, lambda p: -float(min(200 if "Car" in name else 500, 70 + rng.expovariate(p / 20))))
    share = rng.uniform(0.2, 1)
    episodes = [draw(share) for _ in range(rng.choice((10, 20, 100)))]
    value = f"{np.mean(episodes):.2f} +/- {np.std(episodes):.2f}"
    return _front({"mean_reward": value}, name, "reinforcement-learning", "stable-baselines3")


def similarity(rng: random.Random) -> str:
    """sentence-transformers: correlations by similarity function and the largest of them."""
    found: dict[str, object] = {}
    for metric in ("pearson", "spearman"):
        members = {f"{metric}_{name}": rng.uniform(0.6, 0.9) for name in ("cosine", "dot", "euclidean", "manhattan")}
        found |= members | {f"{metric}_max": max(members.values())}
    return _front(found, "sts-dev", "semantic-similarity", "sentence-transformers")


def parser(rng: random.Random) -> str:
    """spaCy: entities, arcs and labelled arcs in full precision."""
    matrix: Matrix = confusion(rng, rng, 2, rng.randint(100, 4000), rng.uniform(0.6, 0.95))
    precision, recall, f1 = averaged(matrix, "binary")
    words = rng.randint(3000, 9000)
    right = round(words * rng.uniform(0.7, 0.95))
    labelled = right - rng.randrange(right // 8)
    scores = {"ents_p": precision, "ents_r": recall, "ents_f": f1, "dep_uas": right / words, "dep_las": labelled / words}
    return _front(dict(scores), "our_data", "token-classification", "spacy")


def language_model(rng: random.Random) -> str:
    """Loss of tokens, its perplexity, and bits over bytes."""
    tokens = rng.randint(10_000, 90_000)
    total = tokens * rng.uniform(1.5, 4)
    count, places = tokens * rng.uniform(3.5, 4.8), rng.choice((2, 3, 4))
    loss, per_byte = total / tokens, total / count
    cells = [loss, math.exp(loss), per_byte / math.log(2), math.exp(per_byte)]
    head = ["Loss", "Perplexity", "bits_per_byte", "byte_perplexity"]
    return grid([["Model", *head], ["base", *(f"{value:.{places}f}" for value in cells)]])


PAGES: dict[str, Callable[[random.Random], str]] = {
    "rewards": rewards,
    "correlations": similarity,
    "spaCy": parser,
}
SECTIONS: dict[str, Callable[[random.Random], str]] = {
    "table of classes": table_of_classes,
    "scikit-learn's report": report,
    "harness": harness,
    "leaderboard": leaderboard,
    "comparison of models": comparison,
    "validation and test": splits,
    "sentences": sentences,
    "language model": language_model,
    **{f"table, {name}": several_tasks(name) for name in TASKS if name not in ("preferences", "entities by type")},
}


def card(rng: random.Random) -> tuple[str, str]:
    """The shape's name and a whole card."""
    name = rng.choice([*SECTIONS, *PAGES])
    if name in PAGES:
        return f"library, {name}", PAGES[name](rng)
    front = "---\nlicense: mit\nlanguage: en\n---\n\n" if rng.random() < 0.7 else ""
    return f"by hand, {name}", f"{front}# some-model\n\nA model of ours.\n\n## Evaluation\n\n{SECTIONS[name](rng)}\n"
