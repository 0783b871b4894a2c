"""Data sets that a sentence or an item lists: "trained on the Pondish part of Wikipedia and OSCAR", "**Training data:** A, B"."""

import itertools
import re
from collections.abc import Iterator

from cardaudit.dialects.parts.base_guard import is_of_another, is_of_linked, sentence_begin
from cardaudit.dialects.parts.data_in_prose import ANOTHER, AROUND_VERB, DEVICE, VERB_BEGIN, has_other_subject, is_set
from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.named_data import OF_EVALUATION
from cardaudit.dialects.parts.signs import TRAINED_ON, signs_in
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

CORPUS = deferred(  # of text for pretraining, by names that are spelled as words are
    r"(?:Wikipedia|Wiki|Book ?Corpus|Books ?Corpus|Common ?Crawl|Oscar|Open ?Subtitles|Open ?Web ?Text|Stories"
    r"|Europarl|Tatoeba|C4|The Pile|Pile|Reddit|Twitter|News ?Crawl|Para ?[Cc]rawl|Conceptual 12M"
    r"|[Tt]he Pile|Wu[Dd]ao(?: [Cc]orpora| [Cc]orpus)?|LAION(?:-\d[BM](?:-en)?|-400M)?|Penn Tree ?[Bb]ank"
    r"|Conceptual Captions|PubMed(?: [Aa]bstracts)?|Webcorpus 2\.0)"
)
OF_PART = (
    r"(?:(?:[\w-]+ ){0,3}(?:part|portion|subset|version|mix|mixture|combination|concatenation|split|section|train set"
    r"|training set)s? (?:of|from) (?:the )?)?"
)
ADJECTIVE = (
    r"(?:(?:[A-Z][a-z]+(?:an|ish|ese|ic|ch)|Thai|Greek|Hebrew|Hindi|Urdu|Bengali|Telugu"
    r"|full|entire|whole|unlabell?ed|multilingual) )?"
)
NAME = r"[A-Z][\w+/-]*(?:\.\d\w*)?(?: (?:v?\d[\w]*(?:\.\d+)*|[A-Z][\w-]*)){0,3}"
MARK = r"[*_`\"“”]{0,3}"
CITED = r"(?:\\?\[\d{1,2}\\?\]| \([A-Z][^()\n]{3,40}\d{4}\))?"
SET = r"(?:(?: [a-z]{2,3}[A-Z]\w+)? (?:data ?sets?|corpus|corpora)\b)?"
MEMBER = rf"{ADJECTIVE}(?:\[{MARK}[^\]\[\n]{{2,60}}\]\([^()\s]{{1,200}}\)|{MARK}{NAME}{MARK}){CITED}{SET}"
LIST = rf"(?P<all>{MEMBER}(?:(?:, (?:and )?| and | ?\+ ?| & )(?:the )?{MEMBER}){{0,9}})"
END = (
    r"(?=[.;:!)]?[ ]{0,3}(?:\r?\n|\Z)|[.;,:)] |,? (?:for|using|with|by|to|in|which|that|and then|initially|described|released"
    r"|task|training|train|from|only|without|at|over|via|under|as|texts?|articles|dumps?)\b| \(| and (?:the |an? )?[a-z])"
)
TOLD = deferred(rf" {{0,2}}(?:on {{1,2}})?(?:the |an? )?{OF_PART}{LIST}{END}")
OF_PURPOSE = deferred(  # "fine-tuned for tagging on the X corpus", "trained for 3 epochs on X", and none of how well
    r" ?(?:for|to|in|as|via) (?:(?!(?:evaluat|test|result|perform|improv|well|better|best|achiev|scor|accura|work|compar)\w* )"
    rf"[\w`()/-]+ ){{1,6}}(?:on|using) (?:the |an? )?{OF_PART}{LIST}{END}"
)
FOR_SET = deferred(rf"[Pp]re-?trained [^.\n]{{0,60}}models? for the {LIST}(?<=dataset|.corpus)")
EACH = deferred(
    rf"(?:(?:, (?:and )?| and | ?\+ ?| & )(?:the )?)?{ADJECTIVE}(?:\[{MARK}(?:[Tt]he )?(?P<linked>[^\]\[\n]{{2,60}}?){MARK}"
    rf"(?: data ?set| [Cc]orpus)?\]\([^()\s]{{1,200}}\)|{MARK}(?P<bare>{NAME}){MARK}){CITED}{SET}"
)
ITEM = deferred(
    rf"^[ \t]{{0,8}}(?:[*+-][ \t]{{1,4}})?[*_]{{0,2}}(?:(?:[Tt]rain|[Ff]ine-?tun)ing [Dd]ata(?: ?set)?|[Dd]ata ?sets?)"
    rf"(?::[*_]{{0,2}}|[*_]{{0,2}}:)[ ]{{1,3}}{LIST}(?: (?:training|train|set|split|dataset))*(?: \([^()\n]{{1,30}}\))?[ \t.]*$",
    re.M,
)
SINGLE_TASK = deferred(r"task training on (?:the )?(?P<all>[A-Za-z][\w ]{2,60}?) dataset\b")
VERSION = deferred(
    r"e used (?:the |an? )?(?:[\w-]+ )?(?:version|subset|mix|mixture|combination|concatenation|dumps?) of (?:the )?" + LIST + END
)
AND_TUNED = deferred(r",? and (?:then )?fine-?tuned on (?:the )?(?:transcribed|labell?ed|annotated|same|its)\b")
SOURCE = deferred(
    r"raining data (?:is|was|were|are|has been|comes?|consists?|comprises?)(?: (?!not)\w+)? "
    r"(?:(?:taken|obtained|collected|sourced|drawn|extracted) )?(?:from|of) (?:the )?" + OF_PART + LIST + END
)
WE_TRAIN = deferred(
    r"[Ww]e (?:also |further |then )?(?:pre-?|fine-?)?(?:train|tune)d? "
    r"(?:(?!and\b|\w*[Tt]okeni[sz]er|\w*classifier|baseline)[^\s.]+ ){1,6}on (?:the )?" + OF_PART + LIST + END
)
WE_USE = deferred(
    rf"[Ww]e used? (?:the )?{LIST}(?: \([^()\n]{{1,40}}\))?(?: data)? (?:for (?:pre-?|fine-?)?|to (?:pre-?|fine-?)?)(?:train|tun)"
)
OBTAINED, BY = " fine-tuning ", (" by", " via", " through")
FRAMES = (  # a sign that is no more than a word or two, and what it begins
    *((sign, pattern) for sign in ("We ", "we ") for pattern in (WE_TRAIN, WE_USE)),
    (
        OBTAINED,
        deferred(
            r" fine-tuning (?:of )?(?:the |an? )?[`*\[]{0,3}[A-Za-z][\w./-]{3,60}[^\s.]*(?: model)?,? on (?:the )?"
            + OF_PART
            + LIST
            + END
        ),
    ),
    (
        "ataset used ",
        deferred(rf"ataset used (?:for|to) (?:train|fine-?tun)\w*(?: (?:the|this) model)? (?:is|was) (?:the )?{LIST}{END}"),
    ),
)
IS_A = deferred(
    r"(?:Specifically, )?(?:(?:This|It)(?: model)? is )?(?:an?|our|the) (?:(?!base )[*_`\w-]+ ){0,6}model (?:that|which)"
    r" (?:is|was|has been) [\w-]{0,6}[Tt]",
    re.I,
)
SIGNS_OF_PURPOSE = ("uned for ", "rained for ", "uned to ", "rained to ", "uned in ", "rained in ", "uned as ", "rained as ")
SIGNS_OF_MEANS = ("uned using ", "rained using ", "uned with ", "rained with ")  # a library's too: known names alone
NO_SET = deferred(
    r"(?:\w+ ){0,3}[A-Z]?[TG]PU|SD ?v?\d|Stable |Anything |Amazon|AWS|Google Colab"
    r"|.*\b(?i:loss|objective|optimi[sz]er|library)\b|(?:MLM|CLM|NSP|SOP|RTD|NLI|QA|NER|POS|ASR|LM)\b"
    r"|(?:\S+ ){0,4}[a-z]\S* (?:\S+ ){0,4}[a-z]|.*\.(?:gz|zip|csv|tsv|jsonl?|txt)\Z"
)
TUNED = deferred(
    r"(?<!be )(?<!be further )(?i:fine-?\s?tuned) (?:on|with|version of|using|for|from|by)\b"
    r"|\b(?:then|later|subsequently|finally|was|were|been) (?i:fine-?\s?tuned)\b"
)
DIGIT = re.compile(r"\d")
TITLES = deferred(r"(?:\s*#[^\n]*\n|\s){0,20}")
MOST = 12
MOST_FRAMED = 40
LONG = 3
AROUND_SET = 160
LOOKED_AT = 20_000
LABELS = ("ing data:", "ing Data:", "ataset:", "atasets:", "ing data**", "ing Data**", "ataset**", "atasets**")


def listed_datasets(document: Document) -> Iterator[DatasetMention]:
    """The members of the first list, or the one corpus, that the card's model is said to be trained or tuned on."""
    text, start = document.text, document.body_start
    for members in itertools.chain(_named(text, start), _told(document)):
        if members:
            yield from members
            return


def _named(text: str, start: int) -> Iterator[list[DatasetMention]]:
    """In a labelled item, or in words that are of training alone."""
    signs = signs_in(text, start)
    for at in signs["task training on "][:MOST]:
        if (found := SINGLE_TASK.match(text, at)) and is_name(found["all"]):
            yield [DatasetMention(found["all"], None, None, found["all"], Span(*found.span("all")))]
    if any(label in text for label in LABELS):
        for found in itertools.islice(ITEM.finditer(text, start, start + LOOKED_AT), MOST):
            heading = text.rfind("\n#", start, found.start())
            if heading < 0 or not OF_EVALUATION.search(text, heading, text.find("\n", heading + 1)):
                yield _members(text, found)
    for at in signs["e used "][:MOST]:
        if (found := VERSION.match(text, at)) and not is_of_another(text, start, at):
            yield _members(text, found)
    for sign, pattern in FRAMES:
        for at in signs[sign][:MOST_FRAMED]:
            told = sign != OBTAINED or text.endswith(BY, start, at)
            if told and (found := pattern.match(text, at)) and not is_of_another(text, start, at):
                yield _members(text, found)
    for at in signs["raining data "][:MOST]:
        if (found := SOURCE.match(text, at)) and not is_of_another(text, start, at):
            yield _members(text, found)
    for at in (*signs["model for the "], *signs["models for the "])[:MOST]:
        if found := FOR_SET.search(text, sentence_begin(text, start, at), at + AROUND_SET):
            yield _members(text, found)


def _told(document: Document) -> Iterator[list[DatasetMention]]:
    """Behind a verb of training: "on X", "for tagging on X", and with a known name "using X"."""
    text, start = document.text, document.body_start
    for sign in (*TRAINED_ON, *SIGNS_OF_PURPOSE, *SIGNS_OF_MEANS):
        for at in signs_in(text, start)[sign][:MOST]:
            purpose = sign in SIGNS_OF_PURPOSE
            found = OF_PURPOSE.match(text, at + sign.index(" ")) if purpose else TOLD.match(text, at + len(sign) - 1)
            if found is None or is_of_another(text, start, at):
                continue
            members = _members(text, found)
            if sign in SIGNS_OF_MEANS and not all(_is_known(each.id) for each in members):
                continue
            if is_of_card(document, at, len(members) >= LONG, AND_TUNED.match(text, found.end()) is not None):
                yield members


def is_of_card(document: Document, at: int, is_long: bool, tuned_too: bool = False) -> bool:
    """Whether the verb at an offset tells of the card's own model, and not of what it was before it was tuned.

    "X was trained on" does where a card begins so and its list is long.
    """
    text, start = document.text, document.body_start
    before = max(start, at - AROUND_VERB)
    begun = VERB_BEGIN.search(text, before, at)
    if begun is None or (begun["pre"] and not tuned_too and TUNED.search(text, start, start + LOOKED_AT)):
        return False
    if ANOTHER.search(text, before, at) or is_of_linked(text, start, at):
        return False
    if not has_other_subject(document, before, at) or IS_A.fullmatch(text, sentence_begin(text, start, at), at):
        return True
    return is_long and _opens(text, start, at)


def _opens(text: str, start: int, at: int) -> bool:
    """Whether the sentence around an offset is the first that a card says, behind its title."""
    return TITLES.fullmatch(text, start, sentence_begin(text, start, at)) is not None


def _members(text: str, found: re.Match[str]) -> list[DatasetMention]:
    """Each of the list, where one alone is known and two of several are; none where one is a language, model or machine."""
    each: list[DatasetMention] = []
    at, known = found.start("all"), 0
    while at < found.end("all"):
        member = EACH.match(text, at, found.end("all"))
        if member is None or member.end() == at:
            return []
        at, group = member.end(), "linked" if member["linked"] else "bare"
        name = member[group]
        if not _may_be_set(name):
            return []
        known += _is_corpus(name) or (is_set(name) and not _is_task(name))
        each.append(DatasetMention(name, None, None, name, Span(*member.span(group))))
    return each if each and known >= min(2, len(each)) else []


def _may_be_set(name: str) -> bool:
    from cardaudit.dialects.parts.model_names import is_model  # its expressions take long to compile

    return (
        is_name(name)
        and is_name(name.split(" ")[0])
        and not (DEVICE.match(name) or NO_SET.match(name) or is_model(name) or _is_language(name))
    )


def _is_known(name: str) -> bool:
    from cardaudit.dialects.parts.table_labels import is_benchmark

    return CORPUS.fullmatch(name) is not None or is_benchmark(name)


def _is_language(name: str) -> bool:
    from cardaudit.facts import load

    if _is_corpus(name):
        return False
    return not DIGIT.search(name) and any(word.lower() in load("languages")["names"] for word in name.split(" "))


def _is_corpus(name: str) -> bool:
    """Whether a name is a known corpus's, alone or with a language behind it ("Oscar Tamil")."""
    from cardaudit.facts import load

    first, *rest = name.split(" ")
    if CORPUS.fullmatch(name) or not CORPUS.fullmatch(first):
        return CORPUS.fullmatch(name) is not None
    return all(word.lower() in load("languages")["names"] for word in rest)


def _is_task(name: str) -> bool:
    from cardaudit.dialects.parts.table_labels import is_task

    return is_task(name)
