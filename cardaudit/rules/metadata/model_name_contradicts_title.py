"""The model index names another model than the card's title.

## What it does
Holds `name` of `model-index` against the card's first heading.

## Condition
The Trainer writes both from one value (transformers/modelcard.py, `to_model_card`), so in its cards they differ only where one
was edited. Letters and digits are compared, not case or marks.

## When it stays silent
Cards of other generators; titles with words beside the name; several models in the index.

## Usual causes
A renamed repository; a card copied from another model, its numbers with it.

## Example
`name: bert-base-cased-finetuned-ner` above `# roberta-finetuned-ner`.
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._front_matter import front_span

TITLE = deferred(r"^# ([^\n#]{2,100}?)[ \t]*\r?$", re.MULTILINE)
MARKS = deferred(r"[\W_]+")


@rule(kind="note", severity="info", confidence="smell", needs=("front matter", "index of one model"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    assert card.model_name is not None
    title, named = TITLE.search(card.text, front_span(card).end), card.model_name
    if title is None or " " in title[1].strip():
        raise NotCheckable("the card's title is no name")
    first, second = _letters(named.text), _letters(title[1])
    if first and second and not first.endswith(second) and not second.endswith(first):
        message = f"{named.text} in the model index, {title[1]} as title"
        yield Hit(message, (named.span, Span(*title.span(1))), {"index": named.text, "title": title[1]})


def _letters(name: str) -> str:
    return MARKS.sub("", name).lower()
