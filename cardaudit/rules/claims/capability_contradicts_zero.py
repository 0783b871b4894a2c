"""The text praises what the numbers say the model cannot do.

## What it does
Holds sentences on the model's skill at finding entities, classes or words against a score of zero for just that.

## Condition
F1, precision and recall (or whichever of them are printed), or BLEU, or exact match, print as 0 in the headline, or in all that
tables and lines of "name: value" state for this model, or WER prints as 1 there; and a sentence says that the model excels at, is
capable of, proficient or effective in identifying, recognising, extracting, classifying, transcribing or translating.

## When it stays silent
Sentences on what a model of this kind may be used for ("can be employed", "designed to"), on failure ("fails to", "lack of"),
on BERT or fine-tuning in general; cards whose scores are above zero.

## Usual causes
A text written without a look at the numbers.

## Example
"allowing it to excel at identifying entities" above `F1: 0.0`.
"""

import re
from collections.abc import Iterator, Mapping

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Printed, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._prose import sentences
from cardaudit.rules._stated import HEADLINE, stated

PRAISE = deferred(
    r"\b(?:excel(?:s|led|ling)?|proficien\w+|adept|skil(?:led|ful)|capable|effective(?:ly)?|accurate(?:ly)?|reliabl[ey]|success\w*|great|"
    r"outstanding|strong|impressive(?:ly)?|highly|good|well)\b[^.\n]{0,50}?"
    r"\b(?:identif|recogni[sz]|extract|detect|classif|transcrib|translat|tagg|answer)\w*",
    re.IGNORECASE,
)
NO_CLAIM = deferred(
    r"\b(?:lack\w*|fail\w*|not|n't|unable|struggl\w*|poor\w*|zero|designed|should|could|may|might|would|if|aim\w*|intended|employed|"
    r"crucial|essential|vital|learn how|how to|can be used|in general|typically)\b",
    re.IGNORECASE,
)
ZERO_IS_NOTHING = ("f1", "precision", "recall", "bleu", "sacrebleu", "exact_match")
WORDS = ("identif", "recogni", "extract", "detect", "classif", "transcrib", "translat", "tagg", "answer")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("stated results",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    place = next((each for each in stated(card) if _nothing(each.numbers)), None)
    if place is None or (place.where != HEADLINE and not all(_nothing(each.numbers) for each in stated(card))):
        raise NotCheckable("neither headline nor table states scores of zero for this model throughout")
    nothing = _nothing(place.numbers)
    if not any(word in card.text for word in WORDS):
        return
    for start, sentence in sentences(card.text):
        found = PRAISE.search(sentence)
        if found and not NO_CLAIM.search(sentence):
            scores = listed([f"{spoken(key)} {number.text}" for key, number in nothing.items()])
            span = Span(start + found.start(), start + found.end())
            at = (span, *(number.span for number in nothing.values()))
            yield Hit(f'"{" ".join(found[0].split())}": {scores} in {place.where}', at, {"scores": sorted(nothing)})
            return


def _nothing(numbers: Mapping[str, Printed]) -> dict[str, Printed]:
    """The scores that say that nothing was found; empty where one of their kind is above zero."""
    scores = {key: number for key, number in numbers.items() if key in ZERO_IS_NOTHING and is_number(number)}
    wer = numbers.get("wer")
    if wer is not None and is_number(wer) and wer.low is not None and wer.low >= 1 and wer.text in ("1", "1.0", "1.0000"):
        scores["wer"] = wer
    zero = {key: number for key, number in scores.items() if key == "wer" or number.value == 0}
    return zero if len(zero) == len(scores) else {}
