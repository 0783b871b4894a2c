"""The text states a number of training examples that the steps and epochs exclude.

## What it does
Reads sentences such as "fine-tuned on 50k reviews" or "the training set contains 8,000 sentences", and compares the number with
the training examples that steps, epochs and batch size imply.

## Condition
With L batches an epoch (step law, see impossible-steps) of B examples on all devices the run had (L - 1) B + 1 to L B examples,
up to L B + B - 1 where the last batch is dropped. A stated number stands for its rounding interval ("70k" for 69,500 to
70,500), 5 % around it after "about" and its like. The rule fires where no stated number of examples in the text meets the
range. Where the card has no training table and no program wrote it, the rule needs batch size, epochs and total steps beside the
number, as settings or in a sentence, and fires where the steps need more than 1.1 times the largest stated number: gradient
accumulation, several devices, early stopping and a part held out all make fewer steps, none of them makes more.
The banner of the Trainer or of Unsloth in a log is held against the Trainer's own arithmetic: E "Num Epochs" plan more than
(E - 1) U and at most E U "Total optimization steps", with U updates an epoch: "Num examples" / (total batch / accumulation) /
accumulation, each quotient rounded up or down. Whether max_steps or num_train_epochs was set, this holds; where nothing makes it
hold, the finding is inconsistent.

## When it stays silent
Cards in which one of the stated numbers fits; sentences that speak of pretraining, of a split or of a percentage; tasks that
cut or group their examples (language models, question answering, summaries in chunks); numbers below 100; cards that no length
fits (impossible-steps). Without a table also: texts that speak of augmenting, sampling, windows, pairs, stages, resuming, or of
accumulated, effective or per-device batches, where steps may be micro-batches. Banners: where there are two; beside loaders of
other loops (GRPO, sample packing, SetFit, sentence-transformers) and several GPUs; steps of a whole number of copies of the data.

## Usual causes
A number of the whole data set before it was split; a run on a part of it; a batch size found or edited later.

## Example
"fine-tuned on 50,000 reviews" beside 313 steps an epoch of 16.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._banner import Plan, fewest_steps, fits, most_steps, planned
from cardaudit.rules._columns import counted, integer
from cardaudit.rules._steps import all_devices_batch, refuse_pairs, solve, spread
from cardaudit.step_law import training_sizes

NOUNS = (
    *("examples", "samples", "sentences", "images", "tweets", "documents", "reviews", "records", "rows", "articles"),
    *("utterances", "pairs", "instances", "posts", "comments"),
)
ABOUT = deferred(r"(?:about|approximately|around|roughly|over|nearly|almost|more than|approx\.?|[~∼≈])\s?\Z")
SIZE = deferred(
    rf"(?<![\w.,-])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)\s?(?P<unit>k|K|thousand|million|M)?\+?\s+(?:[\w-]+\s+){{0,2}}(?:{'|'.join(NOUNS)})\b"
)
TRAINING = deferred(r"\b(?:fine-?\s?tun\w+|train\w*)\b(?! on the)", re.I)
OTHER = deferred(r"pre-?\s?train|\bsplit|%|percent|\btest\b|valid|evaluat|\bdev\b|total|out of|whole|corpus", re.I)
GROUPED = ("fill-mask", "text-generation", "question-answering", "causal-lm", "automatic-speech-recognition")
UNITS = {"k": 1_000, "K": 1_000, "thousand": 1_000, "M": 1_000_000, "million": 1_000_000}
LEAST = 100
BY_HAND = ("handwritten", "prose")
MARGIN = Decimal("1.1")
EXAMPLES = frozenset(
    f"{train}_{noun}" for train in ("training", "train", "num_train", "num_training") for noun in (*NOUNS, "size", "set_size")
)
MORE = deferred(
    r"augment|sampl(?:ing|ed)\b|resampl|repeat|window|strid|chunk|slid|crop|pack|pairs|triplet|negativ|stage|phase|resum|continu|"
    r"accumul|effective|micro-?batch|per[- _]?device|pre-?train\w* (?:for|from scratch)|max_steps|curriculum|"
    r"translat(?:ed|ion) back|back-?translat|duplicat",
    re.I,
)


class Stated(NamedTuple):
    """A stated number of examples, `low` to `high` by its print; `training` is whether its sentence speaks of training on it."""

    text: str
    low: Decimal
    high: Decimal
    training: bool
    span: Span


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("impossible-steps",), needs=("step",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    plan = planned(card)
    if plan is not None and not fits(plan):
        yield _of_banner(plan)
        return
    if not card.epochs:
        if plan is not None:
            return
        refuse_pairs(card)
        yield from _by_settings(card)
        return
    if not any(map(card.text.__contains__, NOUNS)):
        raise NotCheckable("no sentence states a number of training examples")
    stated = [each for each in _stated(card.text) if each.low >= LEAST]
    if not any(each.training for each in stated):
        raise NotCheckable("no sentence states a number of training examples")
    if card.task and card.task.text in GROUPED:
        raise NotCheckable("the task cuts or groups its examples")
    refuse_pairs(card)
    fewest, most = _implied(card)
    if any(each.low <= most and each.high >= fewest for each in stated):
        return
    first = next(each for each in stated if each.training)
    message = f"{first.text!r}, but steps, epochs and batch size imply {spread(fewest, most)} training examples"
    yield Hit(message, (first.span,), {"stated": [float(first.low), float(first.high)], "training_examples": [fewest, most]})


def _of_banner(plan: Plan) -> Hit:
    """The finding on a banner whose total steps do not follow from the rest."""
    fewest, most = fewest_steps(plan), most_steps(plan)
    between = f"{most:,} steps" if plan.epochs == 1 else f"{fewest:,} to {most:,} steps"
    examples, epochs = counted(plan.examples, "example"), counted(plan.epochs, "epoch")
    message = (
        f"{examples} in batches of {plan.total:,} have {'at most ' if plan.epochs == 1 else ''}{between} in {epochs}; "
        f"the banner prints {plan.steps:,}"
    )
    worked: dict[str, object] = {"examples": plan.examples, "epochs": plan.epochs, "total_train_batch_size": plan.total}
    worked |= {"gradient_accumulation_steps": plan.accumulation, "steps": plan.steps, "possible_steps": [fewest, most]}
    return Hit(message, (plan.spans[-1], *plan.spans[:-1]), worked, "inconsistent", "error", "proven")


def _by_settings(card: Card) -> Iterator[Hit]:
    """The finding on a card without a training table, whose settings state steps, epochs and batch size."""
    parameters = card.hyperparameters
    steps, epochs, batch = (
        integer(number) for number in (parameters.training_steps, parameters.num_epochs, parameters.train_batch_size)
    )
    if not steps or not epochs or not batch or card.dialect not in BY_HAND:
        raise NotCheckable("batch size, epochs and total steps are not all stated by an author")
    if (card.task and card.task.text in GROUPED) or MORE.search(card.text):
        raise NotCheckable("the card speaks of what multiplies, cuts or groups examples")
    stated = [each for each in (*_settings(card), *_stated(card.text)) if each.low >= LEAST]
    if not any(each.training for each in stated):
        raise NotCheckable("no number of training examples is stated")
    fewest = (steps // epochs - 1) * batch + 1
    if any(each.high * MARGIN >= fewest for each in stated):
        return
    first = next(each for each in stated if each.training)
    most = -(-int(first.high) // batch) * epochs
    message = (
        f"{first.text!r}, but {steps:,} steps in {counted(epochs, 'epoch')} at batch size {batch} need at least {fewest:,} "
        f"examples; this number has at most {most:,} steps"
    )
    at = (first.span, *(number.span for number in (parameters.training_steps, parameters.num_epochs) if number))
    yield Hit(message, at, {"stated": [float(first.low), float(first.high)], "training_examples_at_least": fewest, "steps": most})


def _settings(card: Card) -> Iterator[Stated]:
    """The numbers of training examples among the settings."""
    for key, number in card.hyperparameters.other.items():
        if key in EXAMPLES and number.low is not None and number.high is not None:
            yield Stated(f"{number.label}: {number.text}", number.low, number.high, True, number.span)


def _implied(card: Card) -> tuple[int, int]:
    length, batch = solve(card), all_devices_batch(card)
    if length is None or batch is None:
        raise NotCheckable("steps, epochs and batch size give no number of examples")
    fewest, most = training_sizes(length, batch)
    return fewest, most + batch - 1


def _stated(text: str) -> Iterator[Stated]:
    for found in SIZE.finditer(text):
        start = (
            max(text.rfind(".\n", 0, found.start()), text.rfind(". ", 0, found.start()), text.rfind("\n", 0, found.start())) + 1
        )
        stops = [at for at in (text.find(". ", found.end()), text.find("\n", found.end())) if at >= 0]
        sentence = text[start : min(stops, default=len(text))]
        number = Decimal(found["number"].replace(",", ""))
        unit = UNITS.get(found["unit"] or "", 1)
        slack = max(_slack(found["number"]), Decimal(1 if unit > 1 else 0) / 2) * unit
        if ABOUT.search(text, max(found.start() - 14, 0), found.start()):
            slack = max(slack, number * unit / 20)
        training = bool(TRAINING.search(sentence)) and not OTHER.search(sentence) and "|" not in sentence
        yield Stated(found[0], number * unit - slack, number * unit + slack, training, Span(found.start(), found.end()))


def _slack(digits: str) -> Decimal:
    """Half a unit of the last digit printed; 0 for a whole number without trailing zeros, which is a count."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    if fraction:
        return Decimal(5).scaleb(-len(fraction) - 1)
    zeros = len(whole) - len(whole.rstrip("0"))
    return Decimal(5).scaleb(zeros - 1) if zeros else Decimal(0)
