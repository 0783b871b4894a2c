"""The configuration was made from another model than the card names.

## What it does
Compares the card's base model with `_name_or_path` of config.json, where `from_pretrained` noted what it loaded.

## Condition
Both are Hub ids, and they differ in more than the owner (`bert-base-uncased` is `google-bert/bert-base-uncased` today).

## When it stays silent
Where the configuration holds a local path, the model's own name, or nothing (transformers 5 no longer writes it).

## Usual causes
A second fine-tuning on top of a first; a card copied from a sibling.

## Example
The card names distilbert-base-uncased, config.json roberta-base.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evidence import need_evidence, need_fact


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("evidence",))
def check(subject: Subject) -> Iterator[Hit]:
    evidence, card = need_evidence(subject), subject.card
    if card.base_model is None:
        raise NotCheckable("the card names no base model")
    fact = need_fact(evidence, "name_or_path", "config.json")
    loaded, named = _last(str(fact.value)), _last(card.base_model.text)
    if not loaded or str(fact.value).startswith((".", "/", "~")) or str(fact.value).count("/") > 1:
        raise NotCheckable("config.json was made from a local folder")
    if loaded != named and loaded != _last(card.source.name):
        message = f"the card names {card.base_model.text}, config.json was made from {fact.value}"
        yield Hit(message, (card.base_model.span,), {"card": card.base_model.text, "configuration": str(fact.value)})


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2].lower()
