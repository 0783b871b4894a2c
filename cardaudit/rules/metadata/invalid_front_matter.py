"""The front matter is no valid YAML.

## What it does
Reports where reading the metadata block between the two `---` lines failed.

## Condition
The YAML parser reports an error, or the block is no mapping. The Hub shows no metadata for such a card.

## When it stays silent
Cards without front matter. Keys that stand twice, which duplicate-front-matter-key reports.

## Usual causes
A colon or a tab in an unquoted value; wrong indentation; a closing line that is missing.

## Example
`license: apache: 2.0`
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule


@rule(kind="suspicious", severity="error", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if card.front_matter_error is not None:
        error = card.front_matter_error
        yield Hit(error.text, (error.span,))
    elif card.front_matter is None:
        raise NotCheckable("the text has no front matter")
