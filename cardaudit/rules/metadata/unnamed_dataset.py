"""The card gives results and names no data set.

## What it does
Tells that nobody can know what the numbers were measured on.

## Condition
The card has a headline, a training table or other results, and no data set is named in front matter or text; "unknown", "None",
"undisclosed" and the like are no names, nor is a way to load files ("imagefolder"). Where the model's name holds a known data
set's name, the finding says so.

## When it stays silent
Cards without results. Cards written by hand, which may name their data in any words, unless they say that it is unknown. Cards
that name any data set, known or not, in front matter, text or a list ("dataset: opus").

## Usual causes
The Trainer knows no name for a data set made in memory or read from files and writes "unknown" or "None".

## Example
"on an unknown dataset."
"""

import re
from collections.abc import Iterator

from cardaudit.facts import dataset_splits, entry
from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import WHOLE

NO_NAME = deferred(
    r"(?<!\w)(?:[Aa]n? |[Tt]he )?(?:[Uu]nk?n?own|[Nn]one|[Nn]ull|[Uu]ndisclosed|[Uu]nspecified|[Uu]nnamed"
    r"|[Pp]rivate|[Cc]ustom|[Ss]pecific)"
    r"\s+[Dd]ata ?[Ss]et\b"
)
DATA_SET = deferred(r"ata ?[Ss]et")
UNNAMED = deferred(r"(?:own|one|ull|ndisclosed|nspecified|nnamed|rivate|ustom|pecific|^)\s*\Z")
IN_LIST = deferred(r"[Dd]ata ?[Ss]ets?[*_]{0,2}[ \t]*:[*_]{0,2}[ \t]*(?!(?i:none|unk|null|\[?more))[\w\[]")
FIXED_PLACE = ("trainer", "keras", "prose")
BULLET = deferred(r"[ \t]*[-*]?[ \t]*[*_]{0,2}(?:[Tt]raining[ _])?")
LOADERS = frozenset(
    ("imagefolder", "audiofolder", "csv", "json", "text", "parquet", "pandas", "arrow", "generator", "custom", "default")
)
AVERAGE = deferred(r"(?:avg|average|mean|overall|all|total)\b", re.IGNORECASE)
ANONYMOUS = frozenset(("", "none", "null", "unknown", "unkown", "undisclosed", "unspecified", "n/a", "-"))


@rule(kind="missing", severity="warning", confidence="proven", needs=("numbers",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not (card.headline or card.epochs or card.model_index or card.results):
        raise NotCheckable("the card states no results")
    if any(name.strip().lower() not in ANONYMOUS for name in _names(card)):
        return
    places = [found.start() - 1 for found in DATA_SET.finditer(card.text, 1)]
    if any(_in_list(card.text, at) for at in places):
        return
    phrase = NO_NAME.search(card.text) if any(UNNAMED.search(card.text[max(at - 40, 0) : at]) for at in places) else None
    if phrase is None and card.dialect not in FIXED_PLACE:
        raise NotCheckable("a hand-written card may name its data in any words")
    message = f'no data set is named: "{phrase[0]}"' if phrase else "no data set is named"
    held = _held_by_name(card)
    if held:
        message += f'; the model\'s name holds "{held}"'
    yield Hit(message, (Span(*phrase.span()) if phrase else _first_number(card),), {"in_model_name": held})


def _names(card: Card) -> Iterator[str]:
    """What text, front matter and results name as data sets. An average of results is none, and no way to load files."""
    yield from (mention.id for mention in card.datasets if mention.id.lower() not in LOADERS)
    yield from (
        name for each in card.model_index for name in (each.dataset_type, each.dataset_name) if name and name not in LOADERS
    )
    yield from (each.dataset for each in card.results if each.dataset and not AVERAGE.match(each.dataset))


def _first_number(card: Card) -> Span:
    first = next(iter(card.headline.values()), None)
    if first is not None:
        return first.span
    return card.epochs[0].span if card.epochs else WHOLE


def _held_by_name(card: Card) -> str | None:
    """A known data set's name among the words of the model's name."""
    if card.model_name is None:
        return None
    configs = {config for name in ("glue", "super_glue") for config in dataset_splits(name)}
    words = re.split(r"[-_/\s]+", card.model_name.text)
    return next(
        (word for word in words if len(word) > 3 and (word.lower() in configs or entry("datasets", word.lower()) is not None)),
        None,
    )


def _in_list(text: str, at: int) -> bool:
    """Whether the line that has the words at a place says "dataset: ..."."""
    return IN_LIST.match(text, at) is not None and BULLET.fullmatch(text, text.rfind("\n", 0, at) + 1, at) is not None
