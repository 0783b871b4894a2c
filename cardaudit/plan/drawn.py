"""Whether the card's evaluation examples can be those that a plan evaluates.

They cannot where the author drew them at random and tells no seed, or where the data has no evaluation split of its own and the
user cut another one. Nothing is concluded from an author's silence: most cards evaluate a split that their data ships.
"""

import re

from cardaudit.plan.files import TRAIN, find_splits
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.local import existing
from cardaudit.records import Card

CALL = re.compile(r"train_test_split\s*\(([^()]{0,300}(?:\([^()]{0,100}\)[^()]{0,100}){0,3})\)")
SEEDED = re.compile(r"\b(?:seed|random_state|random_seed)\s*(?:=|:|of|is)\s*(?!None\b)\w")
UNSHUFFLED = re.compile(r"\bshuffle\s*=\s*False\b")
IN_WORDS = re.compile(
    r"\b(?:(?:randomly (?:split|divided|partitioned)|(?:split|divided|partitioned) (?:\w+ ){0,4}?randomly)"
    r"(?=[^.\n]{0,80}\b(?:test|validation|evaluation|dev)\b)"
    r"|random (?:\d{1,2} ?[/:-] ?\d{1,2} (?:train\w*[-/ ]\w+ )?|train\w*[-/ ](?:test|validation|val|dev|eval) )split)\b",
    re.IGNORECASE,
)
NEARBY = 200  # characters in which a seed would be told


def plan_evaluation_set(ledger: Ledger) -> None:
    """Assumes same_evaluation=false where the runs' evaluation examples are surely others than the card's."""
    if ledger.given("same_evaluation") is not None:
        return
    reason = _drawn_by_author(ledger.card) or _cut_by_user(ledger)
    if reason is not None:
        ledger.assume("same_evaluation", False, f"{reason}: room is left for another draw", True)


def _drawn_by_author(card: Card) -> str | None:
    """How the card says that its examples were drawn at random; None where it does not, or tells the seed."""
    for call in CALL.finditer(card.text):
        if not SEEDED.search(call[1]) and not UNSHUFFLED.search(call[1]):
            return f"line {_line(card, call)} of the card draws them by train_test_split without a seed"
    for words in IN_WORDS.finditer(card.text):
        if not SEEDED.search(card.text, max(0, words.start() - NEARBY), words.end() + NEARBY):
            return f"line {_line(card, words)} of the card says {' '.join(words[0].split())!r} and no seed"
    return None


def _line(card: Card, found: re.Match[str]) -> int:
    return card.text.count("\n", 0, found.start()) + 1


def _cut_by_user(ledger: Ledger) -> str | None:
    """That the data has no evaluation split, so that the file given for it is another cut than the author's."""
    data, file = ledger.given("dataset"), ledger.given("eval_file")
    if data is None or file is None or not ledger.settings.resolve:
        return None
    folder = ledger.path("dataset", data).resolve()
    splits = find_splits(folder) if folder.is_dir() else {}
    inside = folder in existing(ledger, "eval_file", file, folder).parents  # the author may well have evaluated it
    if not splits or inside or any(split not in TRAIN for split in splits):
        return None
    return f"{folder.name} has no evaluation split, so the card's was cut off it, and eval_file is another cut"
