"""What the evaluation does not say about itself.

## What it does
Lists in one line what a reader needs to judge the numbers and does not find.

## Condition
The card gives an evaluation metric and no number of examples; precision, recall or F1 without a word on averaging or on
entities; no spread over seeds or examples.

## When it stays silent
Cards without a metric. The averaging of a binary task, where the card says so; the number of examples where a rule has inferred
it and prints it.

## Usual causes
The Trainer writes none of the three.

## Example
"not said: the number of evaluation examples, how F1 is averaged, any spread"
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._front_matter import front_span
from cardaudit.rules._text import holds_any, lowered

SIZE = deferred(
    r"\d[ \t]?k?[ \t]+(?=[a-z])(?:[a-z]{1,20}[ \t]+){0,2}"
    r"(?:examples?|samples?|sentences?|images?|rows?|documents?|utterances?|questions?|pairs?|"
    r"texts?|tweets?|reviews?|articles?|hours?|tokens?|records?|instances?|clips?|items?|lines?)\b"
)
SUPPORT = deferred(r"support(?<!\wsupport)\b")
AVERAGING = deferred(r"\b(?:macro|micro|weighted|averag\w+|seqeval|binary|per[- ]class|entity[- ]level|classification_report)")
SPREAD = ("±", "+/-", "stdev", "stderr", "standard deviation", "standard error", "confidence interval", "variance")
SPREAD_WORDS = tuple(deferred(rf"{word}(?<!\w{word})\b") for word in ("std", "seeds", "ci"))  # a literal first: searched fast
AVERAGING_SIGNS = (
    *("macro", "micro", "weighted", "averag", "seqeval", "binary", "per-class", "per class", "entity-level", "entity level"),
    "classification_report",
)
AVERAGED = ("precision", "recall", "f1")


@rule(kind="missing", severity="info", confidence="proven", needs=("headline",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    first = next((number for key, number in card.headline.items() if key != "loss" and is_number(number)), None)
    if first is None:
        raise NotCheckable("the card states no metric on an evaluation set")
    missing = list(_missing(card))
    if missing:
        yield Hit(f"not said: {listed(missing)}", (first.span,), {"missing": missing})


def _missing(card: Card) -> Iterator[str]:
    lower = lowered(card)
    if not _states_size(lower[front_span(card).end :]):
        yield "the number of evaluation examples"
    averaged = [key for key in AVERAGED if key in card.headline]
    if averaged and not _averages(lower) and not (card.task and "token" in card.task.text):
        yield (
            f"how {listed([spoken(key) for key in averaged])} are averaged"
            if len(averaged) > 1
            else (f"how {spoken(averaged[0])} is averaged")
        )
    if not holds_any(lower, SPREAD) and not any(word.search(lower) for word in SPREAD_WORDS):
        yield "any spread over seeds or examples"


def _states_size(text: str) -> bool:
    """Whether a text in lower case prints a number of examples."""
    return SIZE.search(text) is not None or "num_examples" in text or SUPPORT.search(text) is not None


def _averages(text: str) -> bool:
    """Whether a text in lower case says how a score is averaged; a look for parts of the words spares most searches."""
    return holds_any(text, AVERAGING_SIGNS) and AVERAGING.search(text) is not None
