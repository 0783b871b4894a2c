"""What an author says of one number beside its name: "(dev)", "at threshold 0.9", "on the test set". Not a rule."""

from collections.abc import Iterable

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed

PARENTHESES = deferred(r"\(([^()]*)\)")
ABBREVIATION = deferred(r"\W*[A-Z][A-Za-z0-9@-]*[A-Z0-9][A-Za-z0-9@-]*\W*")
SECOND = deferred(r"\([\s\d.,%±]*\)")
WORD = deferred(r"[^\W_]+|°")
PROGRAMS = ("trainer", "keras", "autotrain", "sentence-transformers")


def told_apart(card: Card, numbers: Iterable[Printed]) -> bool:
    """Whether an author's lines say different things of numbers that stand below each other; a program's lines say nothing.

    Compares what stands in parentheses and behind the number. Cells of a table, and numbers of one line, are not told apart.
    """
    if card.dialect.startswith(PROGRAMS):
        return False
    spans = {(number.span.start, number.span.end) for number in numbers}
    lines = {_line(card.text, start, end): (start, end) for start, end in spans}
    if len(lines) < 2 or any("|" in card.text[first:last] for first, last in lines):
        return False
    return len({_said(card.text, *line, *number) for line, number in lines.items()}) > 1


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    last = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, last if last >= 0 else len(text)


def _said(text: str, first: int, last: int, start: int, end: int) -> frozenset[str]:
    """The words in parentheses, abbreviations apart ("word error rate (WER)"), and those behind the number.

    A second number in parentheses ("0.0703 (0.0979)") says nothing.
    """
    before = (each for each in PARENTHESES.findall(text[first:start]) if not ABBREVIATION.fullmatch(each))
    return frozenset(WORD.findall(" ".join((*before, SECOND.sub("", text[end:last]))).lower()))
