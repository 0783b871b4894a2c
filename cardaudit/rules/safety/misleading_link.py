"""A link's text is one address and its target another.

## What it does
Compares the text of each Markdown link with its target, where the text is itself a web address or an id of the Hub.

## Condition
A text that is a whole web address of another host than the target's; or a text `owner/name` above a link into the Hub whose
last two parts are another name.

## When it stays silent
Pictures, whose text is no link; texts that are words; hosts that differ in "www." or belong to one site; ids whose owner alone
differs, for repositories move; names without a hyphen, which may be two words; redirections that carry the address; links to
files, data sets or pages inside the named repository.

## Usual causes
A link copied and its text edited, or the other way round; a lure.

## Example
`[owner/model](https://huggingface.co/somebody/other-model)`
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule

LINK = deferred(r"\[(?<!!\[)(?P<text>https?://[^\]\s]{4,300}|[\w.-]{2,60}/[\w.-]{2,96})\]\((?P<target>https?://[^\s)]{4,400})\)")
HUB = deferred(r"https?://(?:www\.)?huggingface\.co/(?:datasets/|spaces/)?([\w.-]+)(?:/([\w.-]+))?/?(?:[?#].*)?")
HOST = deferred(r"https?://(?:www\.)?([^/:?#\s]+)")
HUB_HOSTS = frozenset(("huggingface.co", "hf.co"))
PAGES = frozenset(("blog", "docs", "nlp", "spaces", "datasets", "models", "papers", "course", "learn", "collections"))
MOST = 3


@rule(kind="suspicious", severity="warning", confidence="likely", signs=("](http",))
def check(subject: Subject) -> Iterator[Hit]:
    found = [match for match in LINK.finditer(subject.card.text) if _misleads(match["text"], match["target"])]
    for match in found[:MOST]:
        worked = {"text": match["text"], "target": match["target"]}
        yield Hit(f'the text "{match["text"]}" links to {match["target"]}', (Span(*match.span()),), worked)


def _misleads(text: str, target: str) -> bool:
    if text.startswith("http"):
        first, second = HOST.match(text), HOST.match(target)
        if first is None or second is None or first[1].lower() in target[len(second[0]) :].lower():
            return False
        return not _one_site(first[1].lower(), second[1].lower())
    linked = HUB.fullmatch(target)
    if linked is None or linked[2] is None:
        return False
    owner, _, name = text.lower().partition("/")
    if linked[1].lower() in PAGES or ("-" not in name and "_" not in name):
        return False
    return name != linked[2].lower() and owner != linked[1].lower()


def _one_site(first: str, second: str) -> bool:
    return first.split(".")[-2:] == second.split(".")[-2:] or {first, second} <= HUB_HOSTS
