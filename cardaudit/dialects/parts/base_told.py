"""A base model told in the plainest words: "`x` model fine-tuned on the y task", "transfer learning of x", a training command."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.mentions import is_heading, printed_at
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

NAME = r"([A-Za-z][\w.+-]*(?:/[A-Za-z0-9][\w.+-]*)?\w)"
MARKED = rf"[`*\[]{{0,4}}{NAME}[`*]{{0,3}}(?:\]\([^()\n]{{1,200}}\))?"
TOLD = (  # signs, and what one of them must stand in
    (
        ("uned on ", "uned for "),
        deferred(rf"^(?:#{{1,3}} |This is (?:an? |the )?)?{MARKED} (?:(?:base )?model )?(?i:fined?-?\s?tuned (?:on|for)) ", re.M),
    ),
    (("learning of ",), deferred(rf"\b[Tt]ransfer[ -]learning of (?:the )?{MARKED}(?: model)? (?:on|for|to) ")),
    (("rained from ", "rained on top of "), deferred(rf"\b[Pp]ost-trained (?:from|on top of) (?:the )?{MARKED}")),
    (("nitialized ", "nitialised "), deferred(r"\b[Ii]nitiali[sz]ed (?:from|with) (?:the )?\[?`([A-Za-z][\w.+/-]*\w)`")),
)
NO_FAMILY = deferred(r"/|[\w+]-(?i:tiny|mini|small|medium|base|large|xl|xxl|\d+[bm]|\d{2,})(?![A-Za-z])")
COMMAND = deferred(r"--model_name_or_path[ =]{1,3}[\"']?([A-Za-z0-9][\w-]*/[\w.-]*\w)(?=[\"'\s\\])")
HEADING = deferred(r"^#{1,6}[ \t]+(.*)$", re.M)
OF_TRAINING = deferred(r"\b(?:re-?)?train(?:ing|ed)?\b|\bmodel creation\b", re.I)
ANY_TASK = deferred(r"\$\{?TASK", re.I)
LONGEST_COMMAND = 3_000
LOOKED_BACK = 4_000
AROUND = 250
MOST = 20


def told_base(document: Document) -> Printed | None:
    """The first that is told so, else the one of the training commands; no card's own title, and no mere family ("GPT-2")."""
    text, start = document.text, document.body_start
    for signs, pattern in TOLD:
        for found in (each for sign in signs for each in _around(sign, pattern, text, start)):
            if NO_FAMILY.search(found[1]) and not is_heading(document, found[1]):
                return printed_at(found[1], Span(*found.span(1)))
    return _base_in_training(text, start)


def _around(sign: str, pattern: re.Pattern[str], text: str, start: int) -> Iterator[re.Match[str]]:
    """What a pattern finds in the lines that hold a sign, near it."""
    for at in signs_in(text, start)[sign][:MOST]:
        begin = text.rfind("\n", max(start, at - AROUND), at) + 1 or max(start, at - AROUND)
        if found := pattern.search(text, begin, at + AROUND):
            yield found


def _base_in_training(text: str, start: int) -> Printed | None:
    """The repository that all of a card's training commands start from, where they stand under a heading on training."""
    found = list(_starts(text, start)) if "--do_train" in text else []
    if len({each[1] for each in found}) != 1 or ANY_TASK.search(text, start):
        return None
    return printed_at(found[0][1], Span(*found[0].span(1)))


def _starts(text: str, start: int) -> Iterator[re.Match[str]]:
    """The models of the commands that train, under a heading that says so."""
    for found, _ in zip(COMMAND.finditer(text, start), range(MOST), strict=False):
        command = text[max(start, found.start() - LONGEST_COMMAND) : found.end() + LONGEST_COMMAND]
        at = min(found.start() - start, LONGEST_COMMAND)
        begin, end = command.rfind("\n\n", 0, at) + 2, command.find("\n\n", at)
        if "--do_train" not in command[max(begin, 0) : end if end >= 0 else None]:
            continue
        above = [each[1] for each in HEADING.finditer(text, max(start, found.start() - LOOKED_BACK), found.start())]
        if above and OF_TRAINING.search(above[-1]):
            yield found
