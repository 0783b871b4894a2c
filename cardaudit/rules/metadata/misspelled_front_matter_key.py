"""A key of the front matter is one that the Hub does not read.

## What it does
Holds the keys against the misspellings of the Hub's own that cards were seen to carry.

## Condition
A key of MEANT, in any case, where the key that is meant is not there. The keys that the Hub reads stand in modelcard.md of
huggingface/hub-docs. The fix renames the key; the value stays.

## When it stays silent
Keys of other tools, however named; a misspelling beside the right key; TRL's placeholder
`licence: license`.

## Usual causes
A hyphen for an underscore; singular for plural; British spelling.

## Example
`liscence: mit`
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cardaudit.records import Edit, Fix
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import top_keys

MEANT = {
    **dict.fromkeys(("licence", "licences", "licenses", "liscence", "lisence", "liscense", "lincense", "licese"), "license"),
    **dict.fromkeys(("language_", "languages", "lang", "langauge", "languague"), "language"),
    **dict.fromkeys(("dataset", "xdatasets", "data_sets", "data-sets"), "datasets"),
    **dict.fromkeys(("tag", "tages"), "tags"),
    **dict.fromkeys(("metric", "metrices"), "metrics"),
    **dict.fromkeys(("pipeline-tag", "pipeline-tags", "pipeline_tags", "pipeline tag", "pipelinetag"), "pipeline_tag"),
    **dict.fromkeys(("library-name", "library_names", "libraryname"), "library_name"),
    **dict.fromkeys(("base-model", "basemodel", "base_models", "base-models"), "base_model"),
}


@rule(kind="suspicious", severity="warning", confidence="proven", needs=("front matter",))
def check(subject: Subject) -> Iterator[Hit]:
    front = subject.card.front_matter or {}
    if not any_misspelled(front):
        return
    for key, span in top_keys(subject.card):
        meant = meant_by(key, front)
        if meant and meant not in front:
            fix = Fix(f"rename {key} to {meant}", (Edit(span, meant),), safe=True)
            yield Hit(f"the Hub does not read the key {key}; it reads {meant}", (span,), {"key": key, "meant": meant}, fix=fix)
            return


def any_misspelled(front: Mapping[str, Any]) -> bool:
    """Whether a key may be misspelled: a quick look."""
    return not MEANT.keys().isdisjoint(map(str.lower, front))


def meant_by(key: str, front: Mapping[str, Any]) -> str | None:
    """The Hub's key that a misspelling stands for; None for other keys, and where the value is the template's own word."""
    meant = MEANT.get(key.lower())
    return None if meant is None or str(front.get(key)).strip().lower() in (meant, "none", "") else meant
