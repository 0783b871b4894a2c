"""A score's source has a name and no address.

## What it does
Looks at the `source` of each entry of an `.eval_results` file.

## Condition
`source` with `name`, `user` or `org` and without `url`. huggingface_hub 2.4 (_eval_results.py, `EvalResultEntry`) refuses such an
entry.

## When it stays silent
Entries without a source; front matter, which has no such rule.

## Usual causes
The badge's text was given and the link forgotten.

## Example
`source:` with `name: Model Card` alone.
"""

from collections.abc import Iterator

from cardaudit.document import YamlError, read_list
from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted

STARTS = deferred(r"\s*(?:#[^\n]*\n\s*)*- (?:dataset|value|source|date|notes|verifyToken):")


@rule(kind="missing", severity="error", confidence="proven", needs=("file of scores",))
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    if not STARTS.match(text):
        raise NotCheckable("the text is no file of scores with sources")
    try:
        entries = read_list(text)
    except YamlError as error:
        raise NotCheckable(f"the file {error}") from error
    numbers, spans = [], []
    for at, entry in entries.values.items():
        source = entry.get("source") if isinstance(entry, dict) else None
        if isinstance(source, dict) and not source.get("url") and any(source.get(key) for key in ("name", "user", "org")):
            numbers.append(int(at) + 1)
            spans += [Span(*scalar.span) for path, scalar in entries.scalars.items() if path[:2] == (int(at), "source")][:1]
    if numbers:
        message = f"{counted(len(numbers), 'source')} without url: entry {listed([str(number) for number in numbers])}"
        yield Hit(message, tuple(spans) or (Span(0, 0),), {"entries": numbers})
