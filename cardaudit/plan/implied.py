"""What a card's numbers imply about the data that it does not name, in words: sizes, labels, known data sets, the tutorial."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, exp, log
from typing import NamedTuple

from cardaudit.facts import Labelling, TrainingRecipe, known_name, label_counts, load
from cardaudit.hub.ids import OWNERS, canonical_model
from cardaudit.lint import check_card
from cardaudit.plan.columns import LABELS, TAGS
from cardaudit.plan.recipes import recipe_of, title_of
from cardaudit.plan.steps import Between
from cardaudit.records import Card, Evidence, Finding, Printed
from cardaudit.rules._evaluations import exact_fractions

SIZED = ("small-evaluation-set", "implied-evaluation-size", "confusion-matrix-recovered", "chance-level-loss")
SHOWN = 4
FEWEST = 200  # of a smaller training set, too many known ones would fit by chance
NARROW = 50  # a range of sizes tells where it is at most a fiftieth of them
LEAST_DENOMINATOR = 50
POOR = Fraction(1, 2)  # an accuracy below it makes the loss that of a model that has learned little
MOST_LOSS = 6  # beyond e ** 6 = 403 labels it is a language model's
FAMILIES = ("glue", "super_glue", "tweet_eval", "xtreme", "xglue", "indonlu")


class Known(NamedTuple):
    """A config of a data set of known sizes, by the id that the facts have for it."""

    dataset: str
    config: str
    splits: Mapping[str, int]

    @property
    def words(self) -> str:
        """ "glue/sst2 (67,349 train, 872 validation, 1,821 test)"."""
        name = self.dataset if self.config in ("default", "plain_text", self.dataset) else f"{self.dataset}/{self.config}"
        ordered = sorted(self.splits.items(), key=lambda item: item[0] != "train")
        sizes = ", ".join(f"{size:,} {split}" for split, size in ordered if size)
        return f"{name} ({sizes})"

    @property
    def flags(self) -> str:
        config = "" if self.config in ("default", "plain_text", self.dataset) else f" --set dataset_config={self.config}"
        return f"--dataset {self.dataset}{config}"


def implied_by_numbers(card: Card, task: str | None, implied: Between | None, evidence: Evidence | None) -> tuple[str, ...]:
    """Sentences on data that the card does not name, beside the training sizes `implied` by its steps.

    What follows by arithmetic comes first, what is only alike last; empty where the numbers say nothing.
    """
    found = {finding.rule: finding for finding in check_card(card, select=SIZED).findings} if card.text else {}
    told = [
        *_evaluation(card, found),
        *_labels(card, found, evidence),
        *_alike(card, task, implied, found),
    ]
    return tuple(f"{what}: {words}" for what, words in told)


def likely_base(card: Card) -> str | None:
    """The base model that the model's name begins with ("bert-base-cased-finetuned-ner"), None where it is no known one."""
    names = sorted((name for names in OWNERS.values() for name in names.split()), key=len, reverse=True)
    title = title_of(card)
    found = next((name for name in names if title.startswith(name)), None)
    return canonical_model(found) if found else None


def _evaluation(card: Card, found: Mapping[str, Finding]) -> Iterator[tuple[str, str]]:
    for metric in ("accuracy", "recall"):
        for exact in exact_fractions(card, metric)[:1]:
            counted = f"{exact.result.number.text} is {exact.fraction.numerator:,}/{exact.fraction.denominator:,}"
            of = "gold entities or examples" if metric == "recall" else "examples or tokens"
            yield "evaluation set", f"{metric} {counted}: a multiple of {exact.fraction.denominator:,} {of}"
    labelling = _labelling(card)
    if labelling is not None:
        vocabulary = f", {labelling.vocabulary} vocabulary" if labelling.vocabulary else ""
        where = f"{labelling.split} of {labelling.dataset}{vocabulary}, {labelling.recipe}"
        yield "evaluation set", f"{labelling.spans:,} gold entities and {labelling.tokens:,} tokens, as has {where}"
    for rule in ("small-evaluation-set", "implied-evaluation-size", "confusion-matrix-recovered"):
        if rule in found:
            yield "evaluation set", found[rule].message


def _labelling(card: Card) -> Labelling | None:
    """The one counted split and labelling that the exact fractions of recall and accuracy fit."""
    recalls, accuracies = exact_fractions(card, "recall"), exact_fractions(card, "accuracy")
    if not recalls or not accuracies:
        return None
    spans, tokens = recalls[0].fraction.denominator, accuracies[0].fraction.denominator
    if min(spans, tokens) < LEAST_DENOMINATOR:
        return None
    rows = [Labelling(*row) for row in load("recipes")["labelling"]]
    fitting = [row for row in rows if row.spans % spans == 0 and row.tokens % tokens == 0]
    return fitting[0] if len(fitting) == 1 else None


def _labels(card: Card, found: Mapping[str, Finding], evidence: Evidence | None) -> Iterator[tuple[str, str]]:
    fact = evidence.first("labels") if evidence else None
    if fact is not None and isinstance(fact.value, list | tuple):
        names = [str(name) for name in fact.value]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield "labels", f"{len(names)}, by {fact.file}: {', '.join(names[:SHOWN])}{more}"
    elif "chance-level-loss" in found:
        yield "labels", found["chance-level-loss"].message
    else:
        yield from _least_labels(card)


def _least_labels(card: Card) -> Iterator[tuple[str, str]]:
    """At least so many labels, where a model that has learned little costs more than guessing among fewer: loss <= ln K."""
    losses = [row.validation_loss for row in card.epochs] or [card.headline.get("loss")]
    costs = [(cost, loss.text) for loss in losses if loss is not None and (cost := _value(loss)) is not None]
    accuracy = _value(card.headline.get("accuracy"))
    if not costs or accuracy is None or accuracy >= POOR:
        return
    lowest, text = min(costs)
    least = ceil(exp(min(float(lowest), MOST_LOSS)))
    if lowest < MOST_LOSS and least > 2:
        because = f"the lowest validation loss, {text}, is above ln {least - 1} = {log(least - 1):.4f}"
        yield "labels", f"at least {least} if the model does no worse than guessing evenly: {because}"


def _value(number: Printed | None) -> Fraction | None:
    if number is None or number.value is None or not number.value.is_finite():
        return None
    return Fraction(number.value)


def _alike(card: Card, task: str | None, implied: Between | None, found: Mapping[str, Finding]) -> Iterator[tuple[str, str]]:
    named = _named_in_title(card)
    for known in named[:SHOWN]:
        yield "the model's name", f"it holds that of {known.words}{_fit(known, implied)}"
    sized = [known for known in fitting_sets(card, task, implied, found) if known not in named]
    if sized and not any(_takes(known, implied) for known in named):
        more = f" and {len(sized) - SHOWN} more" if len(sized) > SHOWN else ""
        words = "; ".join(known.words for known in sized[:SHOWN])
        only = f" ({sized[0].flags})" if len(sized) == 1 else ""
        yield "known sets of that size", f"{words}{more}{only}; a size alone proves nothing"
    for recipe in _recipes(implied) if task else ():
        where = recipe.dataset if recipe.config is None else f"{recipe.dataset}/{recipe.config}"
        yield "a known recipe of that size", f"{recipe.examples:,}: {recipe.part} of {where} ({recipe.recipe})"
    tutorial = recipe_of(card)
    if tutorial is not None:
        yield "the model's name", f"it is one that {tutorial.name} gives"


def _takes(known: Known, implied: Between | None) -> bool:
    return implied is not None and implied.low <= known.splits.get("train", 0) <= implied.high


def _fit(known: Known, implied: Between | None) -> str:
    if implied is None or not known.splits.get("train"):
        return ""
    return f", and the steps take that many ({known.flags})" if _takes(known, implied) else f", and the steps take {implied}"


def fitting_sets(card: Card, task: str | None, implied: Between | None, found: Mapping[str, Finding]) -> list[Known]:
    """Known data sets for the task whose training split the steps take, and one of whose splits the accuracies fit."""
    if not _telling(implied) or task is None:
        return []
    sets = [known for known in _known() if _takes(known, implied) and _has_labels(known, task)]
    size = _evaluated(card, found) if task == "text_classification" else None
    return [known for known in sets if size is None or any(n and n % size == 0 for n in known.splits.values())]


def _evaluated(card: Card, found: Mapping[str, Finding]) -> int | None:
    """A number of which the evaluated examples are a multiple."""
    exact = [each.fraction.denominator for each in exact_fractions(card, "accuracy")]
    small = found.get("small-evaluation-set")
    return exact[0] if exact else int(small.arithmetic["n"]) if small and small.severity == "warning" else None


def _telling(implied: Between | None) -> bool:
    return implied is not None and implied.low >= FEWEST and (implied.high - implied.low) * NARROW <= implied.high


def _recipes(implied: Between | None) -> list[TrainingRecipe]:
    if implied is None or not _telling(implied):
        return []
    rows = [TrainingRecipe(*row) for row in load("recipes")["training"]]
    return [row for row in rows if implied.low <= row.examples <= implied.high and not row.part.startswith("the full")]


def _has_labels(known: Known, task: str) -> bool:
    """Whether a data set has a column of classes for the task, as far as the facts know its columns."""
    columns = label_counts(known.dataset, known.config)
    return any(column in columns for column in (TAGS if task == "token_classification" else LABELS))


def _named_in_title(card: Card) -> list[Known]:
    """Known data sets, and configs of families such as GLUE, whose name is a word of the model's name."""
    words = {_letters(word) for word in re.split(r"[-_/\s.]+", title_of(card)) if len(word) > 3}
    if not words:
        return []
    found = [
        known
        for known in _known()
        if (_letters(known.config) in words and known.dataset in FAMILIES)
        or (_letters(known.dataset) in words and len(load("datasets")["datasets"][known.dataset]) == 1)
    ]
    alone = {tuple(sorted(known.splits.items())): known for known in reversed(found)}  # sst2 is glue/sst2
    return list(alone.values())[::-1]


def _known() -> Iterator[Known]:
    for dataset, configs in load("datasets")["datasets"].items():
        for config, splits in configs.items():
            yield Known(known_name(dataset), config, splits)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
