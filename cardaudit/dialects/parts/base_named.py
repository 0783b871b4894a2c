"""Base models in less common words: "This `x-base` model was fine-tuned", "is a finetune created using ACME's X 1.3B model"."""

import re

from cardaudit.dialects.parts.mentions import is_heading, printed_at
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

NAME = r"(?P<name>[A-Za-z][\w.+-]*(?:/[A-Za-z0-9][\w.+-]*)?\w)"
SPACED = r"(?P<name>[A-Z][\w-]*(?:[ -]\d+(?:\.\d+)?[BM])?)"
REPOSITORY = r"\(\[?[`*]{0,2}(?P<name>[A-Za-z][\w.-]*/[\w.-]*\w)[`*]{0,2}(?:\]\([^()\s]{1,200}\))?\)"
NO_OBJECT = r"(?:on|for|with|by|using|in|to|and|via)"
OWNER = r"(?:[A-Z][\w-]+['’]s )?"
TOLD = (  # signs, and what one of them must stand in
    (
        ("model was fine", "model is fine", "model has been fine"),
        deferred(rf"(?:[Tt]his|The|Our) [`*\"]{{1,2}}{NAME}[`*\"]{{1,2}} model (?:was|is|has been) (?i:fine-?\s?tuned)\b"),
    ),
    (
        (" finetune ", " fine-tune "),
        deferred(rf"\bis an? fine-?tune (?:(?:created|made|built) (?:using|from|with|on)|of) (?:the )?{OWNER}{SPACED} model\b"),
    ),
    (
        ("odel (",),
        deferred(rf"\b[Ff](?i:ine-?\s?tun)(?:ed|ing) (?:(?!{NO_OBJECT} )[\w-]+ ){{1,5}}?model {REPOSITORY}"),
    ),
    (
        ("odel (",),
        deferred(
            rf"\b(?:uses|is) an? (?:[\w.-]+ ){{1,4}}?model {REPOSITORY},? (?:(?:that|which) (?:is|was|has been) )?"
            r"(?:then |further )?(?i:fine-?\s?tuned)\b"
        ),
    ),
    (
        ("odel (",),
        deferred(
            rf"\b[Pp]re-?trained (?:[\w.-]+ ){{1,4}}?model {REPOSITORY}"
            r" (?:is|was) combined with [^.\n]{1,60} and (?i:fine-?\s?tuned)\b"
        ),
    ),
    (
        ("Dreambooth model trained ",),  # the Hub's training spaces
        deferred(r"\bDreambooth model trained (?:[^\n]{1,200} )?(?:with|on) {1,2}the (?P<name>v\d-(?:\d-)?\d{1,3}) base model\b"),
    ),
    (
        ("\nmodel: ",),  # in a listing of settings, one a line
        deferred(
            r"^(?i:learning rate|batch size|seed|(?:training )?epochs): ?[\d.e-]+[ ]{0,3}\r?\n"
            r"model: (?P<name>[a-z][\w.]*-[\w.-]*\w)[ ]*$",
            re.M,
        ),
    ),
    (
        ("` checkpoint",),
        deferred(rf"\b(?i:fine-?\s?tuned on [^.\n]{{1,60}}) from (?:the )?`{NAME}` checkpoint"),
    ),
    (
        ("heckpoints ",),
        deferred(rf"\b[Tt]rained from (?:[\w-]+ ){{0,3}}checkpoints (?:\w+ ){{0,3}}\(`{NAME}`\)"),
    ),
    (
        ("uned on ", "uned for ", "uned in "),
        deferred(
            rf"^(?:#{{1,3}} )?{OWNER}(?:<(?:i|b|em|code)>)?{NAME}(?:</\w{{1,4}}>)?(?: model,)? (?i:fined?-?tuned (?:on|for|in)) "
        ),
    ),
)
SIZED = deferred(
    r"/|[\w+][- ](?i:tiny|mini|small|medium|base|large|xl|xxl|\d+(?:\.\d+)?[bm]|\d{2,})(?![A-Za-z])|[-_](?:un)?cased\b"
)
OF_NO_SIZE = frozenset(("gpt2", "distilgpt2"))
RELEASE = deferred(r"v\d-[\d-]+")
AROUND = 240
MOST = 20


def named_base(document: Document) -> Printed | None:
    """The first that is told so and of a size, or a whole id ("gpt2"): no card's own title, and no mere family ("GPT-2")."""
    text, start = document.text, document.body_start
    for signs, pattern in TOLD:
        for sign in signs:
            for at in signs_in(text, start)[sign][:MOST]:
                line = max(start, text.rfind("\n", start, at) + 1)
                begin = max(line, at - AROUND)
                found = pattern.search(text[begin : at + AROUND])
                if found and _is_sure(found["name"]) and not is_heading(document, found["name"]):
                    return printed_at(found["name"], Span(begin + found.start("name"), begin + found.end("name")))
    return None


def _is_sure(name: str) -> bool:
    """Whether a name is of a size, or is the whole id of a model that has no other name."""
    return SIZED.search(name) is not None or name.lower() in OF_NO_SIZE or RELEASE.fullmatch(name) is not None
