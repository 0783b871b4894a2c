"""The front matter leaves out license, language or data sets.

## What it does
Names the missing keys in one line.

## Condition
`license` (or `license_name`), `language`, and, where the card names a data set, `datasets` are absent or empty. Source: the
Hub's documentation of model card metadata.

## When it stays silent
Texts without front matter. `language` for tasks on images, audio and tables. `datasets` where unnamed-dataset tells more.
Keys that are there and misspelled, which misspelled-front-matter-key reports.

## Usual causes
The Trainer does not know a license or language unless they are passed to it.

## Example
Front matter that holds only `tags: [generated_from_trainer]`.
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import WHOLE
from cardaudit.rules.metadata.misspelled_front_matter_key import any_misspelled, meant_by

NO_LANGUAGE = ("image", "audio", "video", "object-detection", "depth", "tabular", "reinforcement", "vision")


@rule(kind="missing", severity="info", confidence="proven", yields_to=("invalid-front-matter",), needs=("front matter",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if card.front_matter is None:
        raise NotCheckable("the text has no front matter")
    front = card.front_matter
    meant = {meant_by(key, front) for key in front} if any_misspelled(front) else set()
    lacking = [key for key in ("license", "language", "datasets") if not card.front_matter.get(key) and key not in meant]
    missing = [key for key in lacking if _wanted(card, key)]
    if missing:
        yield Hit(f"the front matter lacks {listed(missing)}", (WHOLE,), {"missing": missing})


def _wanted(card: Card, key: str) -> bool:
    if key == "license":
        return not (card.front_matter or {}).get("license_name")
    if key == "language":
        task = f"{card.task.text if card.task else ''} {(card.front_matter or {}).get('pipeline_tag', '')}"
        return not any(word in task for word in NO_LANGUAGE)
    return bool(card.datasets)
