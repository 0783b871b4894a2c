"""Numbers to print beside those of honest cards that contradict each other, each with a neighbour that does not."""

import random
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

import mutation_limits as limits
from mutation_operators import Apply, Fault, edited, is_trainer, pair
from mutation_settings import after_headline

from cardaudit.records import Card, Span

Lines = Callable[[random.Random], Sequence[tuple[str, str]]]


def lines_added(lines: Lines) -> Apply:
    """Further lines of the headline, a name and a number each, where the card has none of those names."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        at, told = after_headline(card), lines(rng)
        if at is None or any(name.lower() in card.text.lower() for name, _ in told):
            return None
        return Fault(edited(card, (at, "".join(f"- {name}: {number}\n" for name, number in told))), visible=True)

    return apply


def ordered(lower: str, upper: str, between: tuple[float, float], swapped: bool) -> Lines:
    """Two numbers of which the first may not exceed the second; the other way round where they are `swapped`."""

    def lines(rng: random.Random) -> Sequence[tuple[str, str]]:
        small, large = sorted(rng.uniform(*between) for _ in range(2))
        numbers = (large + 0.01, small) if swapped else (small, large + 0.01)
        return [(name, f"{number:.4f}") for name, number in zip((lower, upper), numbers, strict=True)]

    return lines


for rule, fault, lower, upper in (
    ("las-above-uas", "labelled-attachment-above-unlabelled", "Las", "Uas"),
    ("iou-above-accuracy", "mean-iou-above-mean-accuracy", "Mean Iou", "Mean Accuracy"),
    ("disordered-map", "map-above-map-50", "Map", "Map 50"),
):
    stated = [lines_added(ordered(lower, upper, (0.4, 0.9), swapped)) for swapped in (True, False)]
    pair(rule, fault, stated[0], f"{fault.replace('above', 'below')}", stated[1])


def _bits(factor: float) -> Lines:
    def lines(rng: random.Random) -> Sequence[tuple[str, str]]:
        bits = rng.uniform(0.5, 1.5)
        return [("Bits Per Byte", f"{bits:.4f}"), ("Byte Perplexity", f"{2**bits * factor:.4f}")]

    return lines


def _maximum(of_all: bool) -> Lines:
    def lines(rng: random.Random) -> Sequence[tuple[str, str]]:
        members = [f"{rng.uniform(0.7, 0.9):.4f}" for _ in range(3)]
        names = [f"Pearson {name}" for name in ("Cosine", "Dot", "Euclidean")]
        return [*zip(names, members, strict=True), ("Pearson Max", (max if of_all else min)(members))]

    return lines


pair(
    "bits-contradict-perplexity",
    "perplexity-of-other-bytes",
    lines_added(_bits(1.04)),
    "perplexity-of-the-bits",
    lines_added(_bits(1)),
)
pair(
    "wrong-maximum", "maximum-of-another-run", lines_added(_maximum(False)), "maximum-of-its-members", lines_added(_maximum(True))
)


def _penalty(factor: Decimal) -> Apply:
    """A brevity penalty below or above what the card's BLEU needs."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        at, bleu = after_headline(card), card.headline.get("bleu") or card.headline.get("sacrebleu")
        if at is None or bleu is None or not bleu.value or not 1 < bleu.value < 70 or "bp" in card.headline:
            return None
        return Fault(edited(card, (at, f"- Bleu-bp: {bleu.value / 100 * factor:.4f}\n")), visible=True)

    return apply


pair("bleu-above-brevity-penalty", "penalty-too-low", _penalty(Decimal("0.9")), "penalty-above-bleu", _penalty(Decimal("1.1")))


def section(words: Callable[[random.Random], str]) -> Apply:
    """A section at the end, of one card in five."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        return Fault(card.text.rstrip("\n") + f"\n\n{words(rng)}\n", visible=True) if rng.random() < 0.2 else None

    return apply


def _report(off: int) -> Callable[[random.Random], str]:
    """A classification report of counts; the support of all is `off` by some examples."""

    def words(rng: random.Random) -> str:
        golds = [rng.randrange(61, 99) for _ in range(rng.randint(3, 6))]
        found = [(gold - rng.randrange(1, 40), rng.randrange(0, 30), gold) for gold in golds]
        rows = [(hits / (hits + false), hits / gold, 2 * hits / (hits + false + gold)) for hits, false, gold in found]
        total = sum(golds)
        means = [sum(gold * row[at] for gold, row in zip(golds, rows, strict=True)) / total for at in range(3)]
        named = [(f"class {at}", row, gold) for at, (row, gold) in enumerate(zip(rows, golds, strict=True))]
        lines = [
            f"| {name} | {' | '.join(f'{score:.2f}' for score in row)} | {gold} |"
            for name, row, gold in [*named, ("weighted avg", means, total + off)]
        ]
        head = ["## Evaluation by class", "", "| Class | Precision | Recall | F1-score | Support |", "| --- |" + " --- |" * 4]
        return "\n".join([*head, *lines])

    return words


pair("supports-do-not-sum", "support-of-all-too-low", section(_report(-13)), "support-of-all-classes", section(_report(0)))


def _benchmark(low: float, high: float) -> Callable[[random.Random], str]:
    def words(rng: random.Random) -> str:
        score = f"{rng.uniform(low, high):.4f}"
        return f"## Harness\n\n| Task | Metric | Value |\n| --- | --- | --- |\n| winogrande | acc | {score} |"

    return words


pair(
    "benchmark-at-chance",
    "guessed-benchmark",
    section(_benchmark(0.49, 0.51)),
    "learned-benchmark",
    section(_benchmark(0.6, 0.8)),
)


def _reward(factor: Decimal) -> Apply:
    """The deviation of rewards between known bounds, times a factor."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        found = next((result for result in card.model_index if result.metric == "mean_reward"), None)
        near = re.compile(r"\s*\+/-\s*(\d+\.\d+)").match(card.text, found.number.span.end) if found else None
        if found is None or near is None or not (found.dataset_name or "").startswith(("CartPole", "MountainCar-v0", "Acrobot")):
            return None
        span = Span(*near.span(1))
        return Fault(edited(card, (span, f"{(Decimal(near[1]) + 1) * factor:.2f}")), visible=True) if Decimal(near[1]) else None

    return apply


pair(
    "reward-contradicts-deviation",
    "deviation-beyond-rewards",
    _reward(Decimal(900)),
    "deviation-a-little-less",
    _reward(Decimal("0.5")),
)


def _size(fits: bool) -> Apply:
    """A sentence with a number of test examples of which the accuracy is a share, or is not."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        at, accuracy = after_headline(card), card.headline.get("accuracy")
        if at is None or accuracy is None or not accuracy.value or not Decimal("0.1") < accuracy.value < Decimal("0.99"):
            return None
        if len(accuracy.text) < 6 or card.results or "test set of" in card.text:
            return None
        sizes = [n for n in range(150, 2000) if limits.is_a_count(accuracy, (n,)) == fits]
        batch = card.hyperparameters.eval_batch_size
        tails = int(batch.value) if batch and batch.value else 1
        sizes = sizes if fits else [n for n in sizes if not limits.is_a_count(accuracy, (n // tails * tails,))]
        if not sizes:
            return None
        return Fault(edited(card, (at, f"\nMeasured on a test set of {rng.choice(sizes)} examples.\n")), visible=True)

    return apply


pair("impossible-fraction", "accuracy-of-no-count", _size(False), "accuracy-of-a-count", _size(True))


def _everywhere(card: Card, key: str, number: str) -> str:
    """A metric set to one number in the headline, in all rows and in the front matter."""
    places = [card.headline.get(key), *(row.metrics.get(key) for row in card.epochs)]
    places += [result.number for result in card.model_index if result.metric == key]
    return edited(card, *((each.span, number) for each in places if each is not None))


def share_everywhere(share: Callable[[Card], float | None], off: float) -> Apply:
    """The accuracy set to a share that is known of the named data set, or to one `off` from it."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        known = share(card) if "accuracy" in card.headline and is_trainer(card) else None
        return Fault(_everywhere(card, "accuracy", f"{known + off:.4f}"), visible=True) if known is not None else None

    return apply
