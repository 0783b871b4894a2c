"""A file of a repository's `.eval_results` folder: YAML without a card around it."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.eval_results import read_eval_results
from cardaudit.document import Document, YamlError, read_list
from cardaudit.patterns import deferred
from cardaudit.records import Card, Source, Span

STARTS = deferred(r"\s*(?:#[^\n]*\n\s*)*- (?:dataset|value|source|date|notes|verifyToken):")
MAX_FILE = 100_000


def recognises(document: Document) -> bool:
    """By its first item, and a data set and a value somewhere in it."""
    text = document.text
    return len(text) < MAX_FILE and STARTS.match(text) is not None and "value:" in text and "dataset:" in text


def read(document: Document, source: Source) -> Card:
    """The scores as results. YAML that is broken reads as nothing, and its lines stay unread."""
    draft = Draft(document)
    try:
        listed = read_list(document.text)
    except YamlError:
        return draft.card(source)
    draft.results.extend(read_eval_results(listed))
    draft.also_read.extend(Span(*scalar.span) for path, scalar in listed.scalars.items() if path[-1] != "value")
    return draft.card(source)
