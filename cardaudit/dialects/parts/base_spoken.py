"""A base model told in a sentence: "further trained from XLM-R large", "tuned on SD 1.5", "using x-base as the backbone"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.dialects.parts.base_guard import OTHERS, is_of_another, sentence_begin
from cardaudit.dialects.parts.mentions import is_heading, printed_at
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.dialects.parts.spoken_names import is_loaded, named_after
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

FINE = r"(?<![\w-])(?i:fined?-?\s?t)"
FURTHER = r"(?:[Ff]urther|[Cc]ontinued?|[Cc]ontinual(?:ly)?|[Aa]daptive(?:ly)?|[Aa]dditional(?:ly)?)[ -](?:pre-?)?t"
USING = r"\b(?:uses|used|using|utili[sz]es|utili[sz]ing|employs|leverages) (?:the |an? )?(?:original |(?:un)?cased )?[Pp]re-?t"


class Frame(NamedTuple):
    """A sign, what follows it, what must stand in front of it, and what behind the model's name."""

    sign: str
    words: re.Pattern[str]
    last: str  # letters of which one stands right in front
    before: re.Pattern[str]
    longest_before: int
    behind: re.Pattern[str] = deferred("")


TRAINED_SINCE = deferred(r"(?: model| checkpoint)?,? (?:after being |(?:further |then )?(?:fine-?)?(?:trained|tuned) )")
WE_TRAIN = deferred(r"(?: model| checkpoint| weights)?, we (?:further |then |continue\w* )?(?:fine-?\s?)?t(?:un|rain)")
TAUGHT = "taught to "  # of a template that says "this your model"
OF_DESIGN = ("ased ", "uilt ", "top ")
FRAMES = (
    Frame(
        "ned ",
        deferred(
            r"(?:downstream )?(?:version |variant |model |checkpoint )?"
            r"(?:of |from |on top of |upon |using |over |based on |with |on )?"
        ),
        "u",
        deferred(rf"{FINE}u\Z"),
        9,
    ),
    Frame(
        "ned ",
        deferred(
            r"(?:(?:the model|it) (?=from|on top))?(?:from|on top of|of|over|on|with|using|starting from) "
            r"(?:checkpoint (?:of )?)?"
        ),
        "i",
        deferred(rf"(?:{FURTHER}|{FINE}|(?<![\w-])[Tt]|(?<!\w)[Rr]e-?t)rai\Z"),
        24,
    ),
    Frame("ned ", deferred(""), "i", deferred(rf"{USING}rai\Z"), 44),
    Frame("ned ", deferred("(?!model )"), "i", deferred(rf"{FURTHER}rai\Z"), 24),  # "further trained model X" is what came of it
    Frame("ned ", deferred("from "), "i", deferred(r"(?<!\w)[Pp]re-?trai\Z"), 9),
    Frame("ned ", deferred(r"based on (?=Stable|stable|SD|Anything|`)"), "i", deferred(r"\b[Tt]rai\Z"), 6),
    Frame(
        "ning ",
        deferred(r"(?:(?:of|on top of|on|from|with|using|is) )?"),
        "u",
        deferred(
            r"(?:^|\b(?:by|via|through|of|after|from|with|model|is|is a|used for) (?:MLM |first )?)"
            r"(?i:fine-?\s?|adaptive-?\s?)tu\Z",
            re.M,
        ),
        24,
    ),
    Frame("ning ", deferred(r"(?:(?:from|on top of|of|on|with|using) )?"), "i", deferred(rf"{FURTHER}rai\Z"), 24),
    Frame("ased ", deferred(r"o[nf] (?:top of )?"), "bB", deferred(r"(?<!ained b)(?<!ained from scratch b)\Z"), 24),
    Frame("uilt ", deferred(r"(?:(?:up)?on (?:top of )?|using (?=\[))"), "bB", deferred(""), 1),
    Frame("top ", deferred("of "), " ", deferred(r"\bon \Z"), 4),
    *(
        Frame(
            sign,
            deferred(
                r"(?:(?:our |the |its )?(?:model )?weights )?(?:of (?:the|our) model )?"
                r"(?:with|from|using|on|by pruning (?:the )?weights of) "
            ),
            "iI",
            deferred(r"\b[Ii]\Z"),
            2,
        )
        for sign in ("nitialized ", "nitialised ")
    ),
    Frame("ase ", deferred("is "), "b", deferred(r"\b[Ii]t['’]?s b\Z"), 6),
    Frame("used: ", deferred(""), " ", deferred(r"\b(?:[Pp]re-?trained|[Bb]ase) [Mm]odel \Z"), 20),
    Frame("odel:", deferred(r"(?:\*\*)? "), "mM", deferred(r"\b(?:[Pp]re-?trained|[Bb]ase|[Pp]arent|[Ff]oundation) [Mm]\Z"), 14),
    Frame("odel is ", deferred(r"(?:an? |the )?"), "mM", deferred(r"\b[Bb]ase [Mm]\Z"), 14),
    Frame(
        "ersion of ",
        deferred(""),
        "vV",
        deferred(
            r"\b(?:[Tt]his|[Ii]t)(?: [Mm]odel)? is (?:an? |the )?(?:smaller|reduced|trimmed|pruned|[48]-?bit|quantized) [vV]\Z"
        ),
        34,
    ),
    Frame(TAUGHT, deferred(""), " ", deferred(r"\bconcept \Z"), 8),
    Frame("unes ", deferred(""), "t", deferred(r"\bmodel [Ff]ine-?t\Z"), 12),
    Frame("dapts ", deferred(""), "a", deferred(r"\b[Mm]odel a\Z"), 8),
    Frame("une ", deferred(""), "t", deferred(r"\b[Ww]e (?:(?:then|further) )?fine-?t\Z"), 24),
    Frame("rain ", deferred(""), "t", deferred(r"\b[Ww]e (?:(?:further|additionally|continue to) (?:pre-?)?|re-?)t\Z"), 30),
    Frame("heckpoint ", deferred("(?:was|is) "), "cC", deferred(r"\b[Ss]tarting [Cc]\Z"), 12),
    Frame("oint ", deferred("(?:was|is) "), "pP", deferred(r"\b[Ss]tarting [Pp]\Z"), 12),
    Frame("tarting ", deferred("(?:with|from) "), "sS", deferred(""), 1, WE_TRAIN),
    *(Frame(sign, deferred("(?:for|of) "), "cCi", deferred(""), 1, TRAINED_SINCE) for sign in ("heckpoint ", "nstance ")),
    Frame(
        "anguage ",
        deferred(r"model:(?:\*\*)? {1,3}(?=[*`]{0,2}\[)"),
        "lL",
        deferred(r"^[ \t]*(?:[-*+] )?[*_]{0,2}[Ll]\Z", re.M),
        12,
    ),
    Frame("originally ", deferred(""), " ", deferred(r"\b[Mm]odel (?:is|was) \Z"), 12),
    Frame("riginal ", deferred("model is from "), "oO", deferred(""), 1),
)
USED = deferred(
    r"\b(?:[Uu]ses?|[Uu]sed|[Uu]sing|[Uu]tili[sz]e[sd]?|[Uu]tili[sz]ing|[Ww]ith|[Oo]n|[Ee]mploys|[Ll]everages"
    r"|apply|took|takes?|taking) "
)
AS_BASE = re.compile(r" as (?:(?:the|an?|our) )?(?:base|backbone|starting|initial)")
TAKEN = (" and took ", " and take ", " and used ", " and use ")  # words that begin a statement of their own
MODEL = deferred(r"(?: pre-?trained)?(?: model| weights| checkpoint)?,?| pre-?trai")
TRAINED_MODEL = re.compile("ned model")
OPENS = deferred(
    r"(?:#{1,3} |[*+-] |\*)?(?:[A-Z][\w -]{1,40} \((?=[`\w])|"
    r"(?:Specifically, )?(?:[Tt]his|[Tt]he|Our|An?)(?: model)?(?: (?:is|was)(?: an?| the)?)? )?"
)
IS_A = deferred(
    r"\b(?:[Tt]his|[Ii]t|[Mm]odel|[Cc]heckpoint) is (?:the|an?) |^[A-Z][\w.-]{1,40} is (?:an?|the) |^[A-Z][\w.-]{1,40}, an? "
    r"|^#{1,3} [A-Z][\w .-]{2,50} is (?:an? )?(?=SD|Stable|Dreamlike)",
    re.M,
)
THEN = deferred(
    r"\)?(?: \(?(?:base |(?:un)?cased |language )?model\)?| checkpoint| transformer| (?:[Rr]e-?)?[Rr]anker| tagger| retriever"
    r"| \([^()\n]{1,40}\))?,?(?: (?:that|which))?"
    r"(?: (?:is|was|has been|have been|and))?(?: (?:further|then|later|first|subsequently|additionally))?"
    r" (?P<verb>(?i:fine-?\s?|further pre-?|re-?)?[Tt])(?:u|rai)"
)
OF_TUNING = ("on ", "for ", "to ", "with ", "using ", "it ", "version on ", "version for ")
NAME_MARKS = ("-", "/", "_", "BERT", "Bert", "base", "Base", "arge", "mall", "iffusion", "MuRIL", "BETO", "SD", "iny", "gpt2")
SHORTEST_VERB = 6
VERBS = ("tu", "Tu", "trai", "Trai")
NOT_SINCE = (" was trai", " been trai", " were trai", " are trai", "retrai", "re-trai")  # how the named model itself came to be
SINCE = deferred(r"(?:tun|train)(?:ed|ing)\b", re.I)
BEHIND = 120
MOST = 25


def spoken_base(document: Document) -> Printed | None:
    """The first model that words of descent name, with its size or under its own name; no card's own, and no other's."""
    text, start = document.text, document.body_start
    for find in (_behind_words, _as_base, _tuned_subject):
        for found in find(text, start):
            group = "id" if found["id"] else "name"
            name = found[group]
            if (found["id"] or not is_loaded(text, name)) and not is_heading(document, name):
                return printed_at(name, Span(*found.span(group)))
    return None


def _behind_words(text: str, start: int) -> Iterator[re.Match[str]]:
    """What stands behind the words of a frame."""
    signs = signs_in(text, start)
    for frame in FRAMES:
        for at in signs[frame.sign][:MOST]:
            if text[at - 1] not in frame.last:
                continue
            words = frame.words.match(text, at + len(frame.sign))
            if words is None or not frame.before.search(text, max(start, at - frame.longest_before), at):
                continue
            found = named_after(text, words.end())
            if found is None or (frame.sign != TAUGHT and is_of_another(text, start, at)):
                continue
            if frame.behind.match(text, found.end()) and _is_since(text, found, frame.sign):
                yield found


def _is_since(text: str, found: re.Match[str], sign: str) -> bool:
    """Whether a name that may be that of a way to build models was tuned since: "based on FinBERT and fine-tuned"."""
    return not (found["own"] and sign in OF_DESIGN) or SINCE.search(text, found.end(), found.end() + BEHIND) is not None


def _as_base(text: str, start: int) -> Iterator[re.Match[str]]:
    """ "using X as the base model", "utilizes the X pre-trained model"."""
    for sign, pattern in ((" as ", AS_BASE), ("ned ", TRAINED_MODEL)):
        for at in signs_in(text, start)[sign][:MOST]:
            if not pattern.match(text, at):
                continue
            begin = sentence_begin(text, start, at)
            begin = max(begin, *(text.rfind(taken, begin, at) for taken in TAKEN))
            for used in USED.finditer(text, begin, at):
                found = named_after(text, used.end())
                if found and MODEL.fullmatch(text, found.end(), at) and not OTHERS.search(text, begin, used.start()):
                    yield found


def _tuned_subject(text: str, start: int) -> Iterator[re.Match[str]]:
    """ "X fine-tuned on", "this is an X model that was further trained for" at the beginning of a sentence."""
    for at in signs_in(text, start)["ned "][:MOST]:
        if not text.startswith(OF_TUNING, at + 4) or not text.endswith(VERBS, at - 4, at):
            continue
        if text.endswith(NOT_SINCE, 0, at) and not text.endswith(("further pre-trai", "further pretrai"), 0, at):
            continue
        begin = sentence_begin(text, start, at)
        if not any(map(text[begin : at - SHORTEST_VERB].__contains__, NAME_MARKS)):
            continue
        for lead in (
            OPENS.match(text, begin),
            *(IS_A.finditer(text, begin, at) if " is " in text[begin:at] or ", a" in text[begin:at] else ()),
        ):
            found = named_after(text, lead.end()) if lead else None
            then = THEN.fullmatch(text, found.end(), at) if found else None
            if found and then and _is_tuned(text, found, then) and not OTHERS.search(text, begin, found.start()):
                yield found


def _is_tuned(text: str, found: re.Match[str], then: re.Match[str]) -> bool:
    """Whether the verb tells of a model that was there before; "X trained on" does of an id alone, "X was trained on" never."""
    if then["verb"] not in ("t", "T") or then[0].endswith("u"):
        return True
    if "was" in then[0] or "been" in then[0] or "," in then[0]:
        return False
    if found["id"] or "/" in found["name"] or found["name"].islower():
        return True
    return found["name"][0] == "S" and text.endswith(" is a ", 0, found.start("name"))
