"""The character error rate exceeds the word error rate.

## What it does
Holds CER against the WER printed with it.

## Condition
An error in a word counts as one error among the words and, on average, as a part of the word among the characters: a word
holds about five. CER above WER is possible (when the errors sit in the longest words, or whole texts are inserted) and rare in
real transcripts. Reported where min I(CER) > 1.05 max I(WER) and both are below 1. No bound of arithmetic, hence `suspicious`.
In a table whose last row is in order, and in any language, a row is reported whose two neighbours are in order and whose rates
are crossed: its CER lies nearer to their mean WER than to their mean CER, and its WER the other way round
(none of 1,623 real rows).

## When it stays silent
A rate of 1 or more, where texts are inserted or empty, unless the row is crossed. Other rows of a table whose last row is in
order: early checkpoints write anything. Languages written without spaces, where a word is a sentence: Chinese, Japanese, Thai,
Lao, Khmer, Burmese, Tibetan, Cantonese.

## Usual causes
The two columns interchanged; one in percent and the other not; a CER over normalised text beside a WER over another.

## Example
`WER 0.2214` beside `CER 0.6071`.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._groups import Fault, Tied, same_scale, told
from cardaudit.rules._groups import tied as numbers_together

CER, WER = ("cer",), ("wer",)
ROW = ("epoch", "row")
LEEWAY = Fraction(105, 100)
LEAST_ROWS = 4
UNSPACED = frozenset(("zh", "ja", "th", "lo", "km", "my", "bo", "yue", "zh-cn", "zh-tw", "zh-hk", "cmn"))


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", CER, WER))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    ties = list(numbers_together(card, CER, WER))
    if not ties:
        raise NotCheckable("no CER stands beside the WER of the same evaluation")
    unspaced = any(language.text.lower() in UNSPACED for language in card.metadata.languages)
    if unspaced and len(ties) < LEAST_ROWS:
        raise NotCheckable("a word of this language is a sentence")
    last = _last_row(card)
    faults = [] if unspaced else [fault for each in ties if (fault := _fault(each))]
    settled = [fault for fault in faults if not fault.tied.where.startswith(ROW) or fault.tied.where == last]
    yield from told(faults if settled else _crossed([each for each in ties if each.where.startswith(ROW)]))


def _fault(each: Tied) -> Fault | None:
    cer, wer = each.intervals
    if not same_scale(cer, wer) or max(wer.high, cer.high) >= (100 if wer.low > 3 else 1) or cer.low <= wer.high * LEEWAY:
        return None
    return _told(each)


def _told(each: Tied) -> Fault:
    says = f"CER {each.numbers[0].text} exceeds WER {each.numbers[1].text}"
    return Fault(each, says, {each.keys[0]: f"usually below {each.numbers[1].text}"}, "suspicious")


def _crossed(rows: Sequence[Tied]) -> Iterator[Fault]:
    """Rows whose two rates each stand where their neighbours print the other one."""
    for at, each in enumerate(rows if len(rows) >= LEAST_ROWS else ()):
        first = min(max(at - 1, 0), len(rows) - 3)
        beside = [_middles(other) for other in rows[first : first + 3] if other is not each]
        cer, wer = _middles(each)
        if cer <= wer or any(below >= above for below, above in beside):
            continue
        low, high = (sum(rates) / 2 for rates in zip(*beside, strict=True))
        if abs(cer - high) < abs(cer - low) and abs(wer - low) < abs(wer - high):
            yield _told(each)


def _middles(each: Tied) -> tuple[Fraction, Fraction]:
    cer, wer = (Fraction(low + high) / 2 for low, high in each.intervals)
    return cer, wer


def _last_row(card: Card) -> str | None:
    epoch = card.epochs[-1].epoch if card.epochs else None
    return f"epoch {epoch.text}" if epoch else f"row {len(card.epochs)}"
