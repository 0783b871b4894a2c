"""The same training table stands on a card of another data set or another base model.

## What it does
Tells that a public card names another data set, config or base model above a table that is this one, number for number.

## Condition
All rows are equal as in identical-table: at least 2 rows, and 4 different numbers of at least 3 digits. Both cards name one data
set, or one config of it, or a base model, and the names differ; one that contains the other ("zeroth_korean" and
"zeroth_korean_asr") does not, nor one that this card's text names too.

## When it stays silent
Where one of the two names nothing, or several data sets. A card read from a file does not say whose it is: one card of its own
name is taken for itself.

## Usual causes
A card used as a template whose numbers stayed; a base model's name changed by hand; a table pasted from another run.

## Example
Fifteen rows under a BERT model that an XLM-R model's card prints too.
"""

from collections.abc import Iterator

from cardaudit.census import twins
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import counted


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = twins(card, subject.census)
    if not found:
        return
    from cardaudit.census.recipe import recipe_of

    own = recipe_of(card)
    for twin in found:
        names = (
            ("base model", own.base_model, twin.recipe.base_model),
            ("data set", own.dataset, twin.recipe.dataset),
            ("config", own.config if own.dataset == twin.recipe.dataset else None, twin.recipe.config),
        )
        for what, here, there in names:
            if here and there and _differ(here, there) and _bare(there.rpartition("/")[2]) not in _bare(card.text):
                message = (
                    f"the training table, {counted(len(card.epochs), 'row')}, is that of {twin.id}, whose {what} is {there}: "
                    f"here it is {here}"
                )
                whole = Span(card.epochs[0].span.start, card.epochs[-1].span.end)
                yield Hit(message, (whole,), {"card": twin.id, "differs": what, "here": here, "there": there})
                return


def _differ(here: str, there: str) -> bool:
    """Whether two names stand for different things, whoever the owner is and however they are spelled."""
    first, second = (_bare(name.rpartition("/")[2]) for name in (here, there))
    return first not in second and second not in first


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
