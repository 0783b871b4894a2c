"""Metrics that sentences in other languages than English tell."""

from collections.abc import Iterator

from cardaudit.dialects.parts import european
from cardaudit.dialects.parts.quick_look import is_east_asian
from cardaudit.records import Result


def foreign_claims(text: str, start: int) -> Iterator[Result]:
    """The metrics of a line's sentences in Chinese, Japanese or Korean, and in German, French, Spanish, Portuguese or Italian."""
    if is_east_asian(text):
        from cardaudit.dialects.parts.east_asian import told_metrics  # its expressions take longer to compile than a card to read

        yield from told_metrics(text, start)
    yield from european.told_metrics(text, start)
