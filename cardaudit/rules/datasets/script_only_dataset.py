"""The named data set exists as a loading script only.

## What it does
Names data sets that the datasets library can no longer load, and a mirror that holds the same files where one is known.

## Condition
The id is among the data sets without data files in their repository (facts/legacy_ids.json; transformers pull requests 49017 and
49018). datasets 4.0 and later run no loading scripts.

## When it stays silent
Data sets that were withdrawn or ask for consent (unavailable-dataset); ids that the facts do not hold.

## Usual causes
Cards written while loading scripts ran.

## Example
`conll2003` has a script only; tomaarsen/conll2003 holds its files.
"""

from collections.abc import Iterator

from cardaudit.facts import known_name, load
from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule


@rule(kind="note", severity="info", confidence="likely", needs=("data set",))
def check(subject: Subject) -> Iterator[Hit]:
    mentions = subject.card.datasets
    if not mentions:
        raise NotCheckable("no data set is named")
    facts = load("legacy_ids")
    elsewhere = {*facts["gone"], *facts["gated"]}
    found = {
        mention.id: mention
        for mention in mentions
        if (name := known_name(mention.id)) in facts["script_only"] and name not in elsewhere
    }
    if found:
        words = [_words(name, facts["script_only"][known_name(name)]) for name in found]
        yield Hit(listed(words), tuple(mention.span for mention in found.values()), {"data_sets": sorted(found)})


def _words(name: str, mirror: str | None) -> str:
    return f"{name} has a loading script only" + (f", and {mirror} holds its files" if mirror else "")
