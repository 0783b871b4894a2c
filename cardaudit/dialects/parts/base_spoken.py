"""A base model told in a sentence: "further trained from XLM-R large", "tuned on SD 1.5", "using x-base as the backbone"."""

import re
from collections.abc import Iterator, Set
from typing import NamedTuple

from cardaudit.dialects.parts.mentions import is_heading, printed_at
from cardaudit.dialects.parts.signs import places_of
from cardaudit.dialects.parts.spoken_names import is_loaded, named_after
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

FINE = r"(?<![\w-])(?i:fined?-?\s?t)"
FURTHER = r"(?:[Ff]urther|[Cc]ontinued?|[Cc]ontinual(?:ly)?|[Aa]daptive(?:ly)?|[Aa]dditional(?:ly)?)[ -](?:pre-?)?t"
USING = r"\b(?:uses|used|using|utili[sz]es|utili[sz]ing|employs|leverages) (?:the |an? )?(?:original |(?:un)?cased )?[Pp]re-?t"


class Frame(NamedTuple):
    """A stem that a card's words must have, signs, the words that begin at one, and what must stand in front and behind."""

    stem: str
    signs: tuple[str, ...]
    words: re.Pattern[str]
    before: re.Pattern[str]
    behind: re.Pattern[str] = deferred("")


TRAINED_SINCE = deferred(r"(?: model| checkpoint)?,? (?:after being |(?:further |then )?(?:fine-?)?(?:trained|tuned) )")
OF_DESIGN = ("ased on ", "ased of ", "uilt on ", "uilt upon ", "top of ")
FRAMES = (
    Frame(
        "uned",
        ("uned ",),
        deferred(
            r"uned (?:version |variant |model |checkpoint )?(?:of |from |on top of |upon |using |over |based on |with |on )?"
        ),
        deferred(rf"{FINE}\Z"),
    ),
    Frame(
        "uning",
        ("uning ",),
        deferred(r"uning (?:(?:of|on top of|on|from|with|using|is) )?"),
        deferred(r"(?:^|\b(?:by|via|through|of|after|from|with|model|is|used for) )(?i:fine-?\s?|adaptive-?\s?)t\Z", re.M),
    ),
    Frame(
        "rained",
        ("rained ",),
        deferred(
            r"rained (?:(?:the model|it) (?=from|on top))?(?:from|on top of|of|over|on|with|using|starting from) "
            r"(?:checkpoint (?:of )?)?"
        ),
        deferred(rf"(?:{FURTHER}|{FINE}|(?<![\w-])[Tt]|(?<!\w)[Rr]e-?t)\Z"),
    ),
    Frame("rained", ("rained ",), deferred(r"rained "), deferred(rf"(?:{FURTHER}|{USING})\Z")),
    Frame("rained", ("rained from ",), deferred(r"rained from "), deferred(r"(?<!\w)[Pp]re-?t\Z")),
    Frame("raining", ("raining ",), deferred(r"raining (?:(?:from|on top of|of|on|with|using) )?"), deferred(rf"{FURTHER}\Z")),
    Frame(
        "of",
        OF_DESIGN,
        deferred(r"(?:ased o[nf]|uilt (?:up)?on|top of) (?:top of )?"),
        deferred(r"(?<!ained b)(?<!ained from scratch b)\Z"),
    ),
    Frame("rained", ("rained based on ",), deferred(r"rained based on (?=Stable|stable|SD|Anything|`)"), deferred(r"\b[Tt]\Z")),
    Frame(
        "niti",
        ("nitialized ", "nitialised ", "nitialize "),
        deferred(r"nitiali[sz]ed?(?: (?:our |the |its )?(?:model )?weights)?(?: of (?:the|our) model)?(?: with| from| using) "),
        deferred(r"\b[Ii]\Z"),
    ),
    Frame(
        "label",
        ("ase is ", "ase: ", "odel used: ", "odel: ", "ackbone: ", "odel:** ", "odel used:** "),
        deferred(r"(?:ase is|ase:|(?:odel used|odel|ackbone):(?:\*\*)?) "),
        deferred(
            r"(?:\b[Ii]t['’]?s b|^[ \t]*(?:[-*+] )?[*_]{0,2}(?:[Bb]|(?:[Pp]re-?trained|[Bb]ase|[Pp]arent|[Ff]oundation) [Mm]))\Z",
            re.M,
        ),
    ),
    Frame(
        "copy",
        ("heckpoint for ", "heckpoint of ", "nstance of "),
        deferred(r"(?:heckpoint (?:for|of)|nstance of) "),
        deferred(""),
        TRAINED_SINCE,
    ),
    Frame("copy", ("copy of ", "orked from "), deferred(r"(?:copy of|orked from) "), deferred("")),
    Frame(
        "language",
        ("anguage model:",),
        deferred(r"anguage model:(?:\*\*)? {1,3}(?=[*`]{0,2}\[)"),
        deferred(r"^[ \t]*(?:[-*+] )?[*_]{0,2}[Ll]\Z", re.M),
    ),
    Frame("copy", ("originally ",), deferred(r"originally "), deferred(r"\b[Mm]odel (?:is|was) \Z")),
    Frame("copy", ("riginal model is from ",), deferred(r"riginal model is from "), deferred("")),
)
USED = deferred(
    r"\b(?:[Uu]ses?|[Uu]sed|[Uu]sing|[Uu]tili[sz]e[sd]?|[Uu]tili[sz]ing|[Ww]ith|[Oo]n|[Ee]mploys|[Ll]everages|apply) "
)
AS_BASE = (
    " as the ba",
    " as a ba",
    " as our ba",
    " as ba",
    " as the starting",
    " as a starting",
    " as starting",
)
MODEL = deferred(r"(?: pre-?trained)?(?: model| weights| checkpoint)?,?| pre-?t")
OPENS = deferred(
    r"(?:#{1,3} |[*+-] |\*)?(?:[A-Z][\w -]{1,40} \((?=[`\w])|"
    r"(?:Specifically, )?(?:[Tt]his|[Tt]he|Our|An?)(?: model)?(?: (?:is|was)(?: an?| the)?)? )?"
)
IS_A = deferred(r"\b(?:this|it|model|checkpoint) is (?:the|an?) ", re.I)
THEN = deferred(
    r"\)?(?: \(?(?:base |(?:un)?cased |language )?model\)?| checkpoint| transformer| \([^()\n]{1,40}\))?,?(?: (?:that|which))?"
    r"(?: (?:is|was|has been|have been|and))?(?: (?:further|then|later|first|subsequently|additionally))?"
    r" (?P<verb>(?i:fine-?\s?|further pre-?|re-?)?[Tt])"
)
OF_TUNING = (
    "uned on ",
    "uned for ",
    "uned to ",
    "uned with ",
    "uned using ",
    "uned it ",
    "rained on ",
    "rained for ",
    "rained with ",
)
OTHERS = deferred(
    r"\b(?:can|could|should|may|might|must|would|will|cannot|teachers?|students?|compar\w+|baselines?|unlike|outperform\w*|than"
    r"|similar|likewise|like|instead(?! of (?:pre-?)?training)|others?|another|you|your|they|example|e\.g|such|inspired|also|not|never|n['’]t|tokeni[sz]e\w*"
    r"|vocabulary|embeddings?|scored?|label(?:l?ed)?|if|when|how|paper|follow\w*|scripts?|support\w*|notebook|code|card"
    r"|replicat\w*|evaluat\w*|results?|generated|annotated|translated|inference|discriminator|compet\w+|while|whereas|versus|vs"
    r"|to be|same|classifier|reward|critic|filter\w*|both|plan|distill(?:ed|ation|ing)|todo|soon)\b",
    re.I,
)
SINCE = deferred(r"\b(?:tun|train)(?:ed|ing)\b", re.I)
SENTENCE_ENDS = (". ", "! ", "? ", ".<br>")
LONGEST_SENTENCE = 260
BEFORE_SIGN = 64
BEHIND = 120
MOST = 25
LOOKED_AT = 8_000
STEMS = {
    "uned": "fine-tuned finetuned Fine-tuned Finetuned Fine-Tuned FineTuned tuned Tuned fined-tuned",
    "uning": "fine-tuning finetuning Fine-tuning Finetuning adaptive-tuning tuning",
    "rained": "trained Trained pre-trained pretrained Pre-trained Pretrained retrained re-trained",
    "raining": "training pre-training pretraining",
    "of": "based Based built Built top",
    "niti": "initialized Initialized initialised Initialised initialize",
    "label": "base base: Base: model: Model: model:** Model:** used: used:** Backbone: backbone: Backbone:** backbone:**",
    "copy": "checkpoint instance copy forked originally original",
    "language": "Language **Language",
    "as": "as",
}
WORD_STEMS = {word: stem for stem, words in STEMS.items() for word in words.split()}
WORDS = frozenset(WORD_STEMS)


def spoken_base(document: Document) -> Printed | None:
    """The first model that words of descent name, with its size or under its own name; no card's own, and no other's."""
    text, start = document.text, document.body_start
    told = WORDS.intersection(text[start : start + LOOKED_AT].split())
    stems = {WORD_STEMS[word] for word in told}
    for find in (_behind_words, _as_base, _tuned_subject):
        for found in find(text, start, stems):
            group = "id" if found["id"] else "name"
            name = found[group]
            if not is_loaded(text, name) and not is_heading(document, name):
                return printed_at(name, Span(*found.span(group)))
    return None


def _behind_words(text: str, start: int, stems: Set[str]) -> Iterator[re.Match[str]]:
    """What stands behind the words of a frame."""
    for frame in FRAMES:
        for sign in frame.signs if frame.stem in stems else ():
            for at in places_of(sign, text, start, MOST):
                words = frame.words.match(text, at)
                if words is None or not frame.before.search(text, max(start, at - BEFORE_SIGN), at):
                    continue
                found = named_after(text, words.end())
                if found is None or OTHERS.search(text, _sentence(text, start, at), at):
                    continue
                if frame.behind.match(text, found.end()) and _is_since(text, found, sign):
                    yield found


def _is_since(text: str, found: re.Match[str], sign: str) -> bool:
    """Whether a name that may be that of a way to build models was tuned since: "based on FinBERT and fine-tuned"."""
    return not (found["own"] and sign in OF_DESIGN) or SINCE.search(text, found.end(), found.end() + BEHIND) is not None


def _as_base(text: str, start: int, stems: Set[str]) -> Iterator[re.Match[str]]:
    """ "using X as the base model", "utilizes the X pre-trained model"."""
    for sign in (*(AS_BASE if "as" in stems else ()), *(("rained model",) if "rained" in stems else ())):
        for at in places_of(sign, text, start, MOST):
            begin = _sentence(text, start, at)
            for used in USED.finditer(text, begin, at):
                found = named_after(text, used.end())
                if found and MODEL.fullmatch(text, found.end(), at) and not OTHERS.search(text, begin, used.start()):
                    yield found


def _tuned_subject(text: str, start: int, stems: Set[str]) -> Iterator[re.Match[str]]:
    """ "X fine-tuned on", "this is an X model that was further trained for" at the beginning of a sentence."""
    for sign in OF_TUNING if "uned" in stems or "rained" in stems else ():
        for at in places_of(sign, text, start, MOST):
            begin = _sentence(text, start, at)
            for lead in (OPENS.match(text, begin), *IS_A.finditer(text, begin, at)):
                found = named_after(text, lead.end()) if lead else None
                then = THEN.fullmatch(text, found.end(), at) if found else None
                if found and then and _is_tuned(text, found, then) and not OTHERS.search(text, begin, found.start()):
                    yield found


def _is_tuned(text: str, found: re.Match[str], then: re.Match[str]) -> bool:
    """Whether the verb tells of a model that was there before; "X trained on" does of an id alone, "X was trained on" never."""
    if then["verb"] not in ("t", "T"):
        return True
    if "was" in then[0] or "been" in then[0] or "," in then[0]:
        return False
    if found["id"] or "/" in found["name"] or found["name"].islower():
        return True
    return found["name"][0] == "S" and text.endswith(" is a ", 0, found.start("name"))


def _sentence(text: str, start: int, at: int) -> int:
    """Where the sentence around an offset begins."""
    begin = max(start, at - LONGEST_SENTENCE)
    begin = max(begin, text.rfind("\n", begin, at) + 1)
    return max(begin, *(found + 2 if (found := text.rfind(end, begin, at)) >= 0 else begin for end in SENTENCE_ENDS))
