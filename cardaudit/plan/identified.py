"""Which config and which split of a known data set a card's numbers are those of, by its steps and its exact fractions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cardaudit.facts import dataset_splits, entity_counts, labellings, training_recipes
from cardaudit.lint import check_card
from cardaudit.plan.steps import Between
from cardaudit.records import Card
from cardaudit.rule import NotCheckable
from cardaudit.rules._entities import bert, fits, other_task, printed_triples
from cardaudit.rules._evaluations import NOT_FOR_EVALUATION, exact_fractions, whole_number_of

LEAST_DENOMINATOR = 50  # a smaller one divides too many sizes to tell
NARROW = 20  # a range of training sizes tells where it is at most a twentieth of them, or NEAR wide
NEAR = 32


REFUTED = ("dataset-refuted-by-counts", "inconsistent-f1", "zero-f1")


class Identified(NamedTuple):
    """A config or a split by its name, and the numbers that it is known by."""

    name: str
    because: str


def identified_config(card: Card, dataset: str, configs: Sequence[str], implied: Between | None) -> Identified | None:
    """The one config of a text data set whose sizes the steps and the accuracy's fraction fit; None where none or several do."""
    fitting = fitting_configs(card, dataset, configs, implied)
    if not fitting and implied is not None and _tells(implied):
        return _by_recipe(dataset, configs, implied)
    if len(fitting) != 1:
        return None
    reasons = []
    if _tells(implied):
        reasons.append(f"{implied} training examples, which the card's steps take")
    if (size := _denominator(card)) is not None:
        reasons.append(f"a split of a multiple of {size:,} examples, of which the accuracy is a fraction")
    return Identified(fitting[0], f"the only one with {' and '.join(reasons)}")


def _by_recipe(dataset: str, configs: Sequence[str], implied: Between) -> Identified | None:
    """The config that a well-known recipe trains on so many examples of."""
    rows = [row for row in training_recipes(dataset) if row.config in configs and implied.low <= row.examples <= implied.high]
    if len(rows) != 1 or rows[0].config is None:
        return None
    because = f"the card's steps take {implied} training examples, and {rows[0].recipe} takes {rows[0].part} of it"
    return Identified(rows[0].config, because)


def fitting_configs(card: Card, dataset: str, configs: Iterable[str], implied: Between | None) -> list[str]:
    """The configs whose known sizes the numbers allow; empty where the numbers or the facts say nothing."""
    known, size = dataset_splits(dataset), _denominator(card)
    if not _tells(implied) and size is None:
        return []
    found = []
    for config in configs:
        splits = known.get(config, {})
        takes = implied is None or not _tells(implied) or implied.low <= splits.get("train", 0) <= implied.high
        if splits and takes and (size is None or _evaluated(card, splits, size)):
            found.append(config)
    return found


def identified_eval_split(card: Card, task: str, dataset: str, counts: Mapping[str, int | None]) -> Identified | None:
    """The one split that the card's numbers can have been measured on; None where none or several can."""
    if task == "token_classification":
        return _by_labelling(card, dataset) or _by_entities(card, dataset)
    size = _denominator(card)
    if task != "text_classification" or size is None:
        return None
    found = _evaluated(card, {split: count for split, count in counts.items() if count}, size)
    if len(found) != 1:
        return None
    return Identified(found[0], f"the accuracy is a fraction of {size:,}, which divides its {counts[found[0]]:,} examples alone")


def other_tags(card: Card) -> tuple[tuple[str, ...], str] | None:
    """Whose whole numbers lie behind precision, recall and F1 where none of the entities do, and the finding that says so.

    The tasks are those of the same data that were counted beside ("POS", "chunk"); empty where none of them fits either. None
    where the entities fit, or the data was not counted.
    """
    found = {finding.rule: finding for finding in check_card(card, select=REFUTED).findings} if card.text else {}
    refuted = found.get(REFUTED[0])
    if refuted is None or len(found) > 1:
        return None
    return tuple(refuted.arithmetic["tasks_that_fit"]), refuted.message


def identified_train_split(counts: Mapping[str, int | None], implied: Between | None) -> Identified | None:
    """The one split that the steps take, where they do not take the training split."""
    train = counts.get("train")
    if implied is None or not _tells(implied) or not train or implied.low <= train <= implied.high:
        return None
    others = {split: count for split, count in counts.items() if count and not split.startswith(NOT_FOR_EVALUATION)}
    found = [split for split, count in others.items() if implied.low <= count <= implied.high]
    if len(found) != 1 or any(implied.low <= train + count <= implied.high for count in others.values()):
        return None
    because = f"its {counts[found[0]]:,} examples are what the card's steps take, and not the {counts['train']:,} of train"
    return Identified(found[0], because)


def _tells(implied: Between | None) -> bool:
    return implied is not None and implied.high - implied.low <= max(implied.high // NARROW, NEAR)


def _denominator(card: Card) -> int | None:
    """The examples that an exact accuracy over whole texts is a fraction of, in lowest terms."""
    found = [each.fraction.denominator for each in exact_fractions(card, "accuracy")]
    return found[0] if found and found[0] >= LEAST_DENOMINATOR else None


def _evaluated(card: Card, splits: Mapping[str, int], size: int) -> list[str]:
    made_for_it = {split: {count} for split, count in splits.items() if count and not split.startswith(NOT_FOR_EVALUATION)}
    return whole_number_of(size, made_for_it, card)


def _by_labelling(card: Card, dataset: str) -> Identified | None:
    """The split whose counted entities and tokens the exact recall and accuracy are fractions of (see identified-labelling)."""
    recalls, accuracies = exact_fractions(card, "recall"), exact_fractions(card, "accuracy")
    if not recalls or not accuracies:
        return None
    spans, tokens = recalls[0].fraction.denominator, accuracies[0].fraction.denominator
    rows = [row for row in labellings(dataset) if row.spans % spans == 0 and row.tokens % tokens == 0]
    if min(spans, tokens) < LEAST_DENOMINATOR or len({row.split for row in rows}) != 1:
        return None
    because = f"recall and accuracy are fractions of its {rows[0].spans:,} entities and {rows[0].tokens:,} tokens"
    return Identified(rows[0].split, because)


def _by_entities(card: Card, dataset: str) -> Identified | None:
    """The split whose counted entities leave whole numbers behind precision, recall and F1 (see identified-evaluation-split)."""
    try:
        triples = printed_triples(card)
    except NotCheckable:
        return None
    counts = [each for each in entity_counts(dataset) if each.task == "NER" and (bert(card) or "every" not in each.convention)]
    found = {each.split for each in counts if fits(each, triples)}
    if len(found) != 1 or len({each.split for each in counts}) == 1 or other_task(card):
        return None
    return Identified(found.pop(), "whole numbers of its entities lie behind precision, recall and F1, and of no other split's")
