"""A number of the card was replaced by a later commit.

## What it does
Compares each version of the card in its repository with the next, number by number.

## Condition
Between two commits a number of the headline, the front matter or the table was replaced by one that it cannot round to, while at
least two numbers, and at least as many as changed, stayed the same, and the table has the same steps.

## When it stays silent
Where the history was not looked at or has one version; where most numbers changed, as after another run; where a number only
gained or lost digits.

## Usual causes
A correction by the author, or an edit; the commit's own message may say which.

## Example
`f1 of the headline` 0.8731 until 2023-01-02, 0.9331 since 2023-01-05.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cardaudit.records import Card, Printed, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evidence import need_evidence

if TYPE_CHECKING:
    from cardaudit.records import Changed


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("evidence",))
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    if not evidence.history and "README.md (history)" not in evidence.looked_at:
        raise NotCheckable("the repository's history has no other version of the card")
    for change in evidence.history:
        message = (
            f"{change.name} was {change.before} until {change.until} (commit {change.commits[0][:8]}) and is "
            f"{change.after} since {change.since} (commit {change.commits[1][:8]}); {change.kept} other numbers stayed"
        )
        worked = {"before": change.before, "after": change.after, "commits": list(change.commits), "kept": change.kept}
        yield Hit(message, (_place(subject.card, change),), worked)


def _place(card: Card, change: "Changed") -> Span:
    """Where the new number stands today; the card's start where it is gone."""
    metric = change.name.partition(" ")[0]
    rows = (number for row in card.epochs for number in (row.validation_loss, row.training_loss, *row.metrics.values()))
    index = (result.number for result in card.model_index)
    candidates: list[Printed | None] = [card.headline.get(metric), *index, *rows]
    return next((number.span for number in candidates if number is not None and number.text == change.after), Span(0, 0))
