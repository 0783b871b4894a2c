"""The card has no front matter.

## What it does
Tells that no program finds license, task, language or data set of the model.

## Condition
The text does not begin with YAML between two lines of three hyphens (huggingface_hub 2.4, repocard.py, REGEX_YAML_BLOCK).

## When it stays silent
Prose about a model, which is no card; files of scores; front matter that is there and broken, which invalid-front-matter reports.

## Usual causes
A README written for another site; a line above the first hyphens.

## Example
A card that begins with `# my-model`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import WHOLE
from cardaudit.rules._front_matter import front_span, later_front_matter

NO_CARD = ("prose", "eval-results", "eval_results", "text")


@rule(kind="missing", severity="warning", confidence="proven", yields_to=("invalid-front-matter",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if card.dialect in NO_CARD or not card.text.strip():
        raise NotCheckable("the text is no card")
    if card.front_matter is None and front_span(card) == WHOLE:
        below = later_front_matter(card)
        if below:
            line = card.line(below)
            yield Hit(f"the front matter stands below other text (line {line}), where the Hub does not read it", (below,))
        else:
            yield Hit("the card has no front matter", (WHOLE,))
