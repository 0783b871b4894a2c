"""Edits of honest cards that bring a fact to light or plant a coincidence, each with a neighbour that does not.

Most of these rules tell a fact and no fault: what the numbers say of the evaluation set, the split, the recipe.
"""

import math
import random
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from mutation_beside import lines_added, share_everywhere
from mutation_operators import Apply, Fault, edited, is_trainer, pair
from mutation_settings import after_headline

from cardaudit.facts import Baseline, baselines, dataset_splits
from cardaudit.records import Card, Span

FOUR = ("accuracy", "precision", "recall", "f1")


def _known_share(of_guessing: bool) -> Callable[[Card], float | None]:
    """The share of the commonest class of the one named data set, of equally common ones where `of_guessing`."""

    def share(card: Card) -> float | None:
        named = {(mention.id, mention.config) for mention in card.datasets}
        if (
            len(named) != 1
            or card.epochs == ()
            or len({each.text for row in card.epochs for each in [*row.metrics.values()]}) < 2
        ):
            return None
        ((dataset, config),) = named
        found = [each for each in baselines(dataset, config) if _is_for_evaluation(each)]
        even = [each for each in found if (each.label in ("any", "either")) == of_guessing]
        return float(even[0].share) if even else None

    return share


def _is_for_evaluation(each: Baseline) -> bool:
    return not each.split.startswith(("train", "unsupervised")) and each.label[:1] != "O"


pair(
    "majority-accuracy",
    "accuracy-of-the-commonest",
    share_everywhere(_known_share(False), 0),
    "accuracy-beside-the-commonest",
    share_everywhere(_known_share(False), 0.08),
)
pair(
    "chance-accuracy",
    "accuracy-of-guessing",
    share_everywhere(_known_share(True), 0),
    "accuracy-above-guessing",
    share_everywhere(_known_share(True), 0.2),
)


def _index_value(words: Callable[[float], str]) -> Apply:
    """The full-precision accuracy of the front matter in other digits."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        found = [each.number for each in card.model_index if each.metric == "accuracy" and len(each.number.text) > 13]
        value = float(found[0].value) if found and found[0].value is not None else 1.0
        return Fault(edited(card, (found[0].span, words(value))), visible=True) if value < 1 else None

    return apply


pair(
    "single-precision-metric",
    "accuracy-in-single-precision",
    _index_value(lambda value: repr(struct.unpack("<f", struct.pack("<f", value))[0])),
    "accuracy-of-one-more",
    _index_value(lambda value: repr(Fraction(value).limit_denominator(10_000) * 1.0)),
)


def _speed(seconds: float, a_second: float) -> Apply:
    return lines_added(lambda _: [("Runtime", f"{seconds:.4f}"), ("Samples Per Second", f"{a_second:g}")])


pair("implied-evaluation-size", "time-of-so-many", _speed(120.5431, 26.97), "time-too-coarse", _speed(88_120.5, 2.1))


def _headline_f1(precision: str, recall: str, f1: str) -> Apply:
    """A tagger's F1 beside a high accuracy over tokens."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        if not set(FOUR) <= set(card.headline) or not card.task or card.task.text != "token-classification":
            return None
        numbers = zip(("precision", "recall", "f1", "accuracy"), (precision, recall, f1, "0.9411"), strict=True)
        return Fault(edited(card, *((card.headline[key].span, number) for key, number in numbers)), visible=True)

    return apply


pair(
    "accuracy-beside-low-f1",
    "tokens-right-and-entities-wrong",
    _headline_f1("0.4512", "0.3818", "0.4136"),
    "tokens-and-entities-right",
    _headline_f1("0.7512", "0.6818", "0.7148"),
)


def _middle_row(reported: bool) -> Apply:
    """The accuracy of one of the middle rows far above that of the last, which the headline repeats, or does not."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        cells = [row.metrics.get("accuracy") for row in card.epochs]
        stated = card.headline.get("accuracy")
        values = [each.value for each in cells if each and each.value is not None]
        if len(values) != len(cells) or len(cells) < 4 or "f1" in card.headline or stated is None or not is_trainer(card):
            return None
        if cells[-1] is None or stated.text != cells[-1].text or not Decimal("0.3") < max(values) < Decimal("0.8"):
            return None
        cell, better = rng.choice(cells[:-1]), f"{max(values) + Decimal('0.18'):.4f}"
        told = [(stated.span, better)] if reported else []
        return Fault(edited(card, (cell.span, better), *told), visible=True) if cell else None

    return apply


pair("best-epoch-not-reported", "better-epoch-made-up", _middle_row(False), "better-epoch-reported", _middle_row(True))


def _split(older: bool) -> Apply:
    """`split: train` beside a result that was one of `validation`, in cards of transformers up to 4.25 or of later ones."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        version = card.framework_versions.get("transformers")
        parts = re.fullmatch(r"4\.(\d+)\.\d+", version.text) if version else None
        places = [Span(*each.span(1)) for each in re.finditer(r"^ +split: (train|validation|test)$", card.text, re.MULTILINE)]
        if parts is None or not places or (int(parts[1]) <= 25) != older or card.dialect != "trainer":
            return None
        honest, fault = (edited(card, *((place, name) for place in places)) for name in ("validation", "train"))
        return Fault(fault, visible=True, honest=Fault(honest))

    return apply


pair("split-train-result", "result-of-train", _split(True), "result-of-train-in-later-releases", _split(False))


def _ratio(grouped: bool) -> Apply:
    """Training losses that are the validation losses times the accumulation steps, or nearly those losses themselves."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        steps = card.hyperparameters.gradient_accumulation_steps
        pairs = [(row.training_loss, row.validation_loss) for row in card.epochs if row.training_loss and row.validation_loss]
        numbers = [(a, b.value) for a, b in pairs if a.value and b.value]
        if not steps or not steps.value or steps.value < 4 or len(numbers) < 3 or len(numbers) != len(card.epochs):
            return None
        factor = float(steps.value) if grouped else 1.0
        edits = [(a.span, f"{float(b) * factor * rng.uniform(0.95, 1.2):.4f}") for a, b in numbers]
        return Fault(edited(card, *edits), visible=True)

    return apply


pair("accumulation-inflated-loss", "loss-times-accumulation", _ratio(True), "loss-of-a-batch", _ratio(False))


def _steps_of(part: float) -> Apply:
    """The steps of a run on a part of the data set's training split."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        batch = card.hyperparameters.train_batch_size
        splits = [each.get("train") for mention in card.datasets for each in dataset_splits(mention.id).values()]
        epochs = [int(row.epoch.value) for row in card.epochs if row.epoch and row.epoch.value and row.epoch.value % 1 == 0]
        if len(splits) != 1 or not splits[0] or not batch or not batch.value or epochs != list(range(1, len(card.epochs) + 1)):
            return None
        if card.hyperparameters.total_train_batch_size or card.hyperparameters.num_devices or not is_trainer(card):
            return None
        length = math.ceil(int(splits[0] * part) / int(batch.value))
        edits = [(row.step.span, str(length * at)) for at, row in enumerate(card.epochs, 1) if row.step]
        return Fault(edited(card, *edits), visible=True) if len(edits) == len(epochs) else None

    return apply


pair("recognised-training-set", "steps-of-half-the-set", _steps_of(0.5), "steps-of-the-whole-set", _steps_of(1.0))


def _batch_size_told(rows: bool) -> Apply:
    """The batch size told to a card that lacked it; without its rows it tells no size."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        batch = card.hyperparameters.train_batch_size
        if batch is None or len(card.epochs) < 3 or not is_trainer(card) or card.hyperparameters.total_train_batch_size:
            return None
        start = card.text.rfind("\n", 0, batch.span.start)
        cut = [] if rows else [(row.step.span, "") for row in card.epochs if row.step]
        lacking = edited(card, (Span(start, batch.span.end), ""), *cut)
        return Fault(edited(card, *cut), visible=True, honest=Fault(lacking))

    return apply


pair("implied-training-size", "batch-size-told", _batch_size_told(True), "batch-size-told-without-steps", _batch_size_told(False))


def _config_cut(lines: int) -> Apply:
    """The config of the data set left out of the front matter; one of the two lines that name it is enough."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        places = list(re.finditer(r"^ +(?:config|args): .*\n", card.text, re.MULTILINE))
        if (
            len({mention.id for mention in card.datasets}) != 1
            or len(dataset_splits(card.datasets[0].id)) < 2
            or len(places) != 2
        ):
            return None
        name = card.model_name.text.lower() if card.model_name else ""
        told = any(config.lower() in name for config in dataset_splits(card.datasets[0].id))
        return Fault(edited(card, *((Span(*each.span()), "") for each in places[:lines])), visible=lines == 2 and not told)

    return apply


pair("unnamed-config", "config-cut", _config_cut(2), "config-named-once", _config_cut(1))


def _disclosed(words: str) -> Apply:
    """Results stated for the first time: a card without its headline gets one, and a sentence beside it."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        at = after_headline(card)
        if at is None or not set(card.headline) & {"accuracy", "f1"} or card.results:
            return None
        lines = [card.text.rfind("\n", 0, number.span.start) for number in card.headline.values()]
        lacking = edited(card, (Span(min(lines) + 1, at.end), ""))
        return Fault(edited(card, (at, words)), visible=True, honest=Fault(lacking))

    return apply


TOLD = "\nMacro averages over 1,234 test examples, mean and standard deviation over 5 seeds.\n"
pair("undisclosed-evaluation", "results-without-a-word", _disclosed("\n"), "results-explained", _disclosed(TOLD))
