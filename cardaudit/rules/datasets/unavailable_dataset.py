"""The named data set was withdrawn or asks for consent.

## What it does
Names data sets that a retraining cannot simply load.

## Condition
The id is among the data sets whose data were withdrawn, or whose repository opens after consent only (facts/legacy_ids.json).

## When it stays silent
Ids that the facts do not hold. Numbered releases of Common Voice, whose ids say which one.

## Usual causes
None is needed: this is a fact, and what stands between the card and a retraining.

## Example
`amazon_reviews_multi` was withdrawn by Amazon.
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
    gone, gated = facts["gone"], facts["gated"]
    found = {mention.id: mention for mention in mentions if known_name(mention.id) in gone or known_name(mention.id) in gated}
    if found:
        words = [f"{name}: {gone.get(known_name(name), 'its repository opens after consent only')}" for name in found]
        yield Hit(listed(words), tuple(mention.span for mention in found.values()), {"data_sets": sorted(found)})
