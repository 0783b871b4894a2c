"""The card holds what looks like a key or a token.

## What it does
Looks for access tokens and private keys by their published forms. The finding names the kind and the line, never the token, and
points at no text, so that no report prints it again.

## Condition
`hf_` with 34 letters, `api_` or `api_org_` with 34 letters (tokens of the Hub), `sk-` with 40 or more letters and digits,
`AKIA` or `ASIA` with 16, `ghp_` with 36, or the first line of a private key in PEM.

## When it stays silent
Placeholders: fewer than ten different characters, or words such as "your", "xxxx", "token", "example". Names of CSS classes.

## Usual causes
A snippet for the inference API copied with its header. A token that was published once is to be revoked, not only deleted.

## Example
`headers = {"Authorization": "Bearer hf_..."}` with the token in full.
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import WHOLE
from cardaudit.rules._text import holds_any

SIGNS = ("AKIA", "ASIA", "PRIVATE KEY-----")
PREFIXES = ("hf_", "ghp_", "api_")
TOKEN = deferred(r"_[A-Za-z0-9]{34}")
OPENAI = deferred(r"sk-[\w-]{40}")
SECRET = deferred(
    r"(?<![\w#.-])(?:(?P<hub>hf_[A-Za-z]{34}|api_(?:org_)?[A-Za-z]{34})(?!\w)"
    r"|(?P<openai>sk-(?:proj-|ant-)?[A-Za-z0-9_]{40,})|(?P<aws>(?:AKIA|ASIA)[A-Z0-9]{16})(?!\w)|(?P<github>ghp_[A-Za-z0-9]{36})(?!\w))"
    r"|(?P<pem>-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40})"
)
KINDS = {
    "hub": "a token of the Hub",
    "openai": "an API key (sk-)",
    "aws": "an access key of AWS",
    "github": "a token of GitHub",
    "pem": "a private key",
}
PLACEHOLDER = deferred(r"x{4}|your|token|example|placeholder|abcdef|123456", re.IGNORECASE)
FEWEST_CHARACTERS = 10


@rule(kind="suspicious", severity="error", confidence="likely")
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not _may_hold(card.text):
        return
    for found in SECRET.finditer(card.text):
        kind = found.lastgroup or ""
        if kind != "pem" and (len(set(found[0])) < FEWEST_CHARACTERS or PLACEHOLDER.search(found[0])):
            continue
        line = card.text.count("\n", 0, found.start()) + 1
        yield Hit(f"line {line} holds what looks like {KINDS[kind]}", (WHOLE,), {"line": line, "characters": len(found[0])})
        return


def _may_hold(text: str) -> bool:
    """A look that spares most cards a search for every kind of secret at every place."""
    if holds_any(text, SIGNS) or ("sk-" in text and OPENAI.search(text)):
        return True
    return TOKEN.search(text) is not None and holds_any(text, PREFIXES)
