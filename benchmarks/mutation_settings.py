"""Faults to plant in a card's hyperparameters, versions and data sets."""

import random
import re
from decimal import Decimal
from fractions import Fraction

import mutation_limits as limits
from mutation_operators import OPERATORS, Apply, Fault, Operator, another_whole_digit, edited, is_trainer, operator
from mutation_tables import line_of

from cardaudit.facts import dataset_splits
from cardaudit.records import Card, Printed, Span

OTHER_DATASETS = {
    "conll2003": "wnut_17",
    "wnut_17": "conll2003",
    "imdb": "rotten_tomatoes",
    "glue": "super_glue",
    "emotion": "imdb",
}


def _whole(number: Printed | None) -> int:
    return int(number.value) if number and number.value is not None and number.value % 1 == 0 else 0


def _hyperparameter(key: str, changed: str) -> Apply:
    """One hyperparameter times two, three or half. Visible: the total batch size or the table's end contradicts it."""
    factor = {"doubled": Fraction(2), "halved": Fraction(1, 2), "tripled": Fraction(3)}[changed]

    def apply(card: Card, _: random.Random) -> Fault | None:
        parameters = card.hyperparameters
        number: Printed | None = getattr(parameters, key)
        value = _whole(number) * factor
        if number is None or value < 1 or value.denominator != 1 or not is_trainer(card):
            return None
        text = edited(card, (number.span, str(value)))
        if key == "num_epochs":
            last = max((row.epoch.value for row in card.epochs if row.epoch and row.epoch.value is not None), default=Decimal(0))
            return Fault(text, visible=last > value or (factor > 1 and last >= _whole(number))) if last else None
        total = _whole(parameters.total_train_batch_size)
        return Fault(text, visible=bool(total)) if total or key == "train_batch_size" else None

    return apply


OPERATORS += [
    Operator("batch-size-doubled", _hyperparameter("train_batch_size", "doubled"), ("recognised-training-set",)),
    Operator("accumulation-doubled", _hyperparameter("gradient_accumulation_steps", "doubled")),
    Operator("total-batch-size-tripled", _hyperparameter("total_train_batch_size", "tripled")),
    Operator("epochs-halved", _hyperparameter("num_epochs", "halved")),
    Operator("epochs-doubled", _hyperparameter("num_epochs", "doubled"), ("run-stopped-early",)),
]


@operator()
def learning_rate_exponent_lost(card: Card, _: random.Random) -> Fault | None:
    rate = card.hyperparameters.learning_rate
    if rate is None or "e-" not in rate.text or not is_trainer(card):
        return None
    return Fault(edited(card, (rate.span, rate.text.partition("e")[0])), visible=True)


@operator()
def betas_swapped(card: Card, _: random.Random) -> Fault | None:
    text = card.text.replace("betas=(0.9,0.999)", "betas=(0.999,0.9)")
    return Fault(text, visible=True) if text != card.text else None


@operator("epoch-print-contradicts-version", "generator-contradicts-version")
def version_renamed(card: Card, _: random.Random) -> Fault | None:
    """A version that came years after the card's own way of writing."""
    version = card.framework_versions.get("transformers")
    if version is None or not is_trainer(card) or not re.match(r"4\.(?:[4-9]|1\d|2[0-6])\.", version.text):
        return None
    return Fault(edited(card, (version.span, "4.52.1")), visible=None)


@operator("throughput-contradicts-batch-size")
def throughput_digit(card: Card, rng: random.Random) -> Fault | None:
    rate = card.headline.get("samples_per_second")
    if rate is None or not {"runtime", "steps_per_second"} <= set(card.headline) or "." not in rate.text:
        return None
    changed = another_whole_digit(rate.text.partition(".")[0], rng)
    return Fault(edited(card, (rate.span, changed[0] + rate.text[rate.text.index(".") :])), changed[1])


@operator()
def dataset_renamed(card: Card, _: random.Random) -> Fault | None:
    """Visible: the accuracies are no counts over, or the entities no whole numbers of, the other data set."""
    named = {mention.id for mention in card.datasets}
    if len(named) != 1 or not is_trainer(card):
        return None
    (own,) = named
    other = OTHER_DATASETS.get(own)
    triple = [card.headline.get(name) for name in ("precision", "recall", "f1")]
    if other is None:
        return None
    text = re.sub(rf"(?<![\w-]){re.escape(own)}(?![\w-])", other, card.text)
    if all(triple) and "entity" not in card.text and other in ("conll2003", "wnut_17"):
        precision, recall, f1 = (number for number in triple if number)
        return Fault(text, visible=not limits.has_whole_entities(precision, recall, f1, other))
    accuracy = next((result.number for result in card.model_index if result.metric == "accuracy"), card.headline.get("accuracy"))
    known = limits.sizes(other, None)
    return Fault(text, visible=bool(known) and not limits.is_a_count(accuracy, known)) if accuracy else None


@operator()
def validation_called_test(card: Card, _: random.Random) -> Fault | None:
    """Visible: the full-precision accuracy is a fraction of the validation split's size and not of the test split's."""
    accuracy = next((result.number for result in card.model_index if result.metric == "accuracy"), None)
    if accuracy is None or accuracy.value is None or len(accuracy.text) < 14 or not card.datasets or not is_trainer(card):
        return None
    splits = dataset_splits(card.datasets[0].id)
    of = splits.get(card.datasets[0].config or "") or (next(iter(splits.values())) if len(splits) == 1 else {})
    denominator = Fraction(accuracy.value).limit_denominator(100_000).denominator
    fits = {split for split, size in of.items() if size and size % denominator == 0}
    at = after_headline(card)
    if not fits or "test" not in of or at is None or re.search(r"\b(?:validation|dev)[- ](?:set|split)", card.text):
        return None
    return Fault(
        edited(card, (at, "\nThese are the results on the test set.\n")), visible="test" not in fits and denominator >= 20
    )


def after_headline(card: Card) -> Span | None:
    """The empty range below the headline's last line."""
    if not card.headline or not is_trainer(card):
        return None
    end = line_of(card, max(number.span for number in card.headline.values())).end
    return Span(end, end)
