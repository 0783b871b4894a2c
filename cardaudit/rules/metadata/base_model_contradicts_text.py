"""The front matter names another base model than the text.

## What it does
Holds `base_model` against the link in "fine-tuned version of [x](...)".

## Condition
The text's id is none of the front matter's, the owner left aside: `bert-base-uncased` is `google-bert/bert-base-uncased`. The
Trainer writes both from one value (transformers/modelcard.py since 4.32).

## When it stays silent
Cards that lack one of the two; paths on a disk; a base model that is said to be an adapter's, a merge's or a quantised one's.

## Usual causes
One of the two was edited; front matter kept from another model.

## Example
`base_model: roberta-base` above "fine-tuned version of [bert-base-cased](...)".
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule

LINK = deferred(r"fine-?tuned version of (?:the )?\[`?([\w.-]+(?:/[\w.-]+)?)`?\]\(https://huggingface\.co/")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("front matter", "listed base model"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    bases = card.metadata.base_models
    found = LINK.search(card.text)
    if found is None or card.metadata.base_model_relation or any(base.text[:1] in "./~" for base in bases):
        raise NotCheckable("the text names no base model beside the front matter's")
    if _name(found[1]) not in {_name(base.text) for base in bases}:
        named = listed([base.text for base in bases])
        message = f"base_model {named} in the front matter, {found[1]} in the text"
        yield Hit(message, (bases[0].span, Span(*found.span(1))), {"front_matter": named, "text": found[1]})


def _name(model: str) -> str:
    return model.rpartition("/")[2].lower()
