"""Names that a card mentions: what is one, and where it stands."""

import re

from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.records import Printed, Span

NO_NAME = re.compile(
    r"none|unknown|unkown|undisclosed|unspecified|custom|generator|the|this|that|an?|our|your|its|same|following|specific|private|own|null|"
    r"input|training|train|test|validation|evaluation|eval|new|original|large|small|kaggle|github|here|link|csv|json|parquet|text|pandas|\W*",
    re.I,
)


def is_name(text: str) -> bool:
    """Whether a data set's name names one."""
    return NO_NAME.fullmatch(text.strip()) is None


def printed_at(text: str, span: Span) -> Printed:
    """A word that stands in a span, without the blanks around it."""
    bare = text.strip()
    start = span.start + text.index(bare) if bare else span.start
    return Printed(bare, None, ZERO, Span(start, start + len(bare)))
