"""A data set is named by an id that has moved.

## What it does
Names the repository that a bare data set id stands for.

## Condition
The id is one of the canonical data sets without a namespace (facts/legacy_ids.json). datasets 5 finds no bare ids and runs no
loading scripts (huggingface/datasets#8612).

## When it stays silent
Ids with a namespace, and bare ids that the facts do not hold.

## Usual causes
Cards written before the canonical data sets moved under their owners' names.

## Example
`imdb` is `stanfordnlp/imdb` today.
"""

from collections.abc import Iterator

from cardaudit.facts import canonical_id
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import listed


@rule(kind="note", severity="info", confidence="likely")
def check(subject: Subject) -> Iterator[Hit]:
    mentions = subject.card.datasets
    if not mentions:
        raise NotCheckable("no data set is named")
    moved = {mention.id: new for mention in mentions if (new := canonical_id(mention.id))}
    if moved:
        spans = tuple(mention.span for mention in mentions if mention.id in moved)
        yield Hit(listed([f"{old} is {new} today" for old, new in moved.items()]), spans, {"canonical": moved})
