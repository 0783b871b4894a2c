"""The results that a card states for its own model, wherever they stand: headline, table, list. Not a rule."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Result
from cardaudit.rules._columns import is_number
from cardaudit.rules._remembered import remembered

HEADLINE = "the headline"
OURS = ("ours", "our model", "this model", "this", "our")
OF_ALL_CLASSES = ("label all",)
OTHERS = deferred(
    r"\b(?:baselines?|teacher|student|compar\w+|others?|original\w*|before|previous\w*|prior|similar|pre-?train\w*|zero-?shot|"
    r"state[- ]of|sota|related|parent|upstream|vs|versus|ablation\w*|benchmark\w*|leaderboard|paper|published|reported|random|"
    r"untrained|vanilla|without|out-?of-?domain|ood|train(?:ing)?[- ](?:set|data|split))\b",
    re.IGNORECASE,
)
SPLITS = {
    "training": "train",
    "dev": "validation",
    "eval": "validation",
    "evaluation": "validation",
    "valid": "validation",
    "val": "validation",
}
OTHER_NAMES = {"acc": "accuracy", "em": "exact_match", "exact": "exact_match"}
PARTING, MARKS = ":=>\t", " -*+_`\"'#{[(\u200b"
LONGEST_NAME, LONGEST_LINE, FARTHEST = 48, 2_000, 4_000


class Stated(NamedTuple):
    """What one evaluation of the card's own model states; `where` in words ("the headline", "the table").

    `dataset` and `split` are None where card and place do not tell them.
    """

    where: str
    numbers: Mapping[str, Printed]
    dataset: str | None = None
    split: str | None = None


@remembered
def stated(card: Card) -> tuple[Stated, ...]:
    """The headline, then what tables and lines of "name: value" say of this model over all classes.

    Left out: other models' numbers, and those that stand under a heading or caption that speaks of others; those of the training
    data; numbers with a setting (a class, a threshold, a number of shots); sentences, which tell of baselines and of papers as
    well; a metric that one evaluation gives twice.
    """
    headline = (Stated(HEADLINE, card.headline),) if card.headline else ()
    return (*headline, *(_in_results(card) if card.results else ()))


def beside_headline(card: Card) -> tuple[Stated, ...]:
    """As `stated`, without the headline."""
    return tuple(each for each in stated(card) if each.where != HEADLINE)


def summed_up(card: Card, key: str) -> Printed | None:
    """The number at which the card sums up: the headline's; without a headline the one that tables and lines state.

    None where these state none or several, or where other results of the card print this metric too.
    """
    if card.headline or not card.results:
        return card.headline.get(key)
    numbers = [place.numbers[key] for place in beside_headline(card) if key in place.numbers]
    alone = sum(each.metric == key for each in card.results) == len(numbers) and len({each.text for each in numbers}) == 1
    return numbers[0] if alone else None


def is_own(card: Card, result: Result) -> bool:
    """Whether a result is of the card's own model: told as such, or of no model at all."""
    if not result.model:
        return True
    named = card.model_name.text.split("/")[-1] if card.model_name is not None else ""
    return result.model.lower() in OURS or (bool(named) and letters(result.model) == letters(named))


def over_all_classes(result: Result) -> bool:
    """Whether a result has no setting but that of a table of classes in its last row."""
    return not result.setting or result.setting.lower() in OF_ALL_CLASSES


def split_of(name: str | None) -> str | None:
    """A split by the one name that the Hub has for it."""
    word = (name or "").lower().strip()
    return SPLITS.get(word, word) or None


def metric_of(key: str) -> str:
    """A metric's key, one for those that mean the same."""
    return OTHER_NAMES.get(key, key)


def in_table(card: Card, number: Printed) -> bool:
    """Whether a number is the cell of a table with bars."""
    return "|" in _before(card, number)


def _in_results(card: Card) -> Iterator[Stated]:
    blocks: dict[tuple[int, str | None, str | None], list[Result]] = {}
    last, block = -9, 0
    for result in card.results:
        if not over_all_classes(result) or not is_number(result.number):
            continue
        if split_of(result.split) == "train" or not is_own(card, result) or not _stands_apart(card, result.number):
            continue
        line = card.line(result.number.span)
        block += line - last > 2
        last = line
        blocks.setdefault((block, result.dataset, split_of(result.split)), []).append(result)
    for (_, dataset, split), results in blocks.items():
        numbers = _given_once(results)
        if numbers and not _of_others(card, results[0].number):
            where = "the table" if in_table(card, results[0].number) else f"line {card.line(results[0].number.span)}"
            yield Stated(where, numbers, dataset, split)


def _given_once(results: list[Result]) -> dict[str, Printed]:
    names = [result.metric for result in results]
    return {each.metric: each.number for each in results if names.count(each.metric) == 1 and each.number.text[:1] not in "+±"}


def _stands_apart(card: Card, number: Printed) -> bool:
    """Whether a number is a table's cell, or the value of a "name: value" at its line's start or after others of these."""
    before = _before(card, number)
    if "|" in before:
        return True
    *pairs, last = before.split(", ")
    return _names(last) and all(":" in pair or "=" in pair for pair in pairs)


def _names(text: str) -> bool:
    """Whether a text is a short name and what parts it from its value: "- **F1 (micro)**: "."""
    name = text.rstrip(PARTING + MARKS)
    if not any(mark in text[len(name) :] for mark in PARTING):
        return False
    name = name.strip(MARKS)
    name = name.rpartition("(")[0] if name.endswith(")") else name
    return 0 < len(name) <= LONGEST_NAME and not any(mark in name for mark in "|.!?")


def _before(card: Card, number: Printed) -> str:
    """What stands before a number on its line, its last part where that is long."""
    start = card.line_starts[card.line(number.span) - 1]
    return card.text[max(start, number.span.start - LONGEST_LINE) : number.span.start]


def _of_others(card: Card, number: Printed) -> bool:
    """Whether the heading or the caption above says that the numbers may be another model's, or those of training."""
    above = card.text[max(number.span.start - FARTHEST, 0) : number.span.start]
    at = max(above.rfind("\n#"), 0)
    heading = above[at:].lstrip("\n").partition("\n")[0]
    captions = [line for line in above[at:].split("\n")[1:-1] if line.strip() and "|" not in line]
    return any(OTHERS.search(line) for line in (heading, *captions[-1:]) if len(line) < 400)


def letters(name: str) -> str:
    """A name's letters and digits alone, by which its spellings are one."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
