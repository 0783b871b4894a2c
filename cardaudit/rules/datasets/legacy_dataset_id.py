"""A data set is named by an id that has moved.

## What it does
Names the repository that a bare data set id stands for.

## Condition
The id is one of the canonical data sets without a namespace (facts/legacy_ids.json). datasets 5 finds no bare ids and runs no
loading scripts (huggingface/datasets#8612).

## When it stays silent
Ids with a namespace, bare ids that the facts do not hold, and those that moved without their files (script-only-dataset).

## Usual causes
Cards written before the canonical data sets moved under their owners' names.

## Example
`imdb` is `stanfordnlp/imdb` today.
"""

from collections.abc import Iterator, Mapping

from cardaudit.facts import canonical_id, known_name, load
from cardaudit.plurals import listed
from cardaudit.records import Card, Edit, Fix, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule


@rule(kind="note", severity="info", confidence="likely", needs=("data set",))
def check(subject: Subject) -> Iterator[Hit]:
    mentions = subject.card.datasets
    if not mentions:
        raise NotCheckable("no data set is named")
    scripts = load("legacy_ids")["script_only"]
    moved = {
        mention.id: new for mention in mentions if (new := canonical_id(mention.id)) and known_name(mention.id) not in scripts
    }
    if moved:
        spans = tuple(mention.span for mention in mentions if mention.id in moved)
        message = listed([f"{old} is {new} today" for old, new in moved.items()])
        yield Hit(message, spans, {"canonical": moved}, fix=_fix(subject.card, moved))


def _fix(card: Card, moved: Mapping[str, str]) -> Fix | None:
    """The ids in the front matter's list, where only programs read them; what the text says stays."""
    listed_ids = (each for each in card.datasets if each.id in moved and _in_list(card, each.span))
    edits = tuple(Edit(each.span, moved[each.id]) for each in listed_ids)
    return Fix("name the data sets by their ids of today", edits, safe=True) if edits else None


def _in_list(card: Card, span: Span) -> bool:
    """Whether an item of a YAML list in the front matter stands there, by itself."""
    start = card.line_starts[card.line(span) - 1]
    alone = card.text[start : span.start].strip() in ("-", "- '", '- "')
    return alone and card.front_matter is not None and span.end <= card.text.find("\n---", 3)
