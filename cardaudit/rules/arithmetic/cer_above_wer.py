"""The character error rate exceeds the word error rate.

## What it does
Holds CER against the WER printed with it.

## Condition
An error in a word counts as one error among the words and, on average, as a part of the word among the characters: a word
holds about five. CER above WER is possible (when the errors sit in the longest words, or whole texts are inserted) and rare in
real transcripts. Reported where min I(CER) > 1.05 max I(WER) and both are below 1. No bound of arithmetic, hence `suspicious`.

## When it stays silent
A rate of 1 or more, where texts are inserted or empty. Rows of a table whose last row is in order: early checkpoints write
anything. Languages written without spaces, where a word is a sentence: Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan,
Cantonese.

## Usual causes
The two columns interchanged; one in percent and the other not; a CER over normalised text beside a WER over another.

## Example
`WER 0.2214` beside `CER 0.6071`.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.records import Card
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, Tied, same_scale, told
from cardaudit.rules._groups import tied as numbers_together

CER, WER = ("cer",), ("wer",)
LEEWAY = Fraction(105, 100)
UNSPACED = frozenset(("zh", "ja", "th", "lo", "km", "my", "bo", "yue", "zh-cn", "zh-tw", "zh-hk", "cmn"))


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", CER, WER))
def check(subject: Subject) -> Iterator[Hit]:
    if any(language.text.lower() in UNSPACED for language in subject.card.metadata.languages):
        return
    ties = list(numbers_together(subject.card, CER, WER))
    last = _last_row(subject.card)
    faults = [fault for each in ties if (fault := _fault(each))]
    settled = [fault for fault in faults if not fault.tied.where.startswith(("epoch", "row")) or fault.tied.where == last]
    yield from told(faults if settled else ())


def _fault(each: Tied) -> Fault | None:
    cer, wer = each.intervals
    if not same_scale(cer, wer) or max(wer.high, cer.high) >= (100 if wer.low > 3 else 1) or cer.low <= wer.high * LEEWAY:
        return None
    says = f"CER {each.numbers[0].text} exceeds WER {each.numbers[1].text}"
    return Fault(each, says, {each.keys[0]: f"usually below {each.numbers[1].text}"}, "suspicious")


def _last_row(card: Card) -> str | None:
    epoch = card.epochs[-1].epoch if card.epochs else None
    return f"epoch {epoch.text}" if epoch else f"row {len(card.epochs)}"
