"""Data sets that a sentence on training calls so, wherever in it: "trained with a loss (MNRL) on the Iris dataset"."""

import itertools
import re
from collections.abc import Iterator

from cardaudit.dialects.parts.base_guard import OTHERS, is_of_another, sentence_begin
from cardaudit.dialects.parts.data_listed import is_of_card
from cardaudit.dialects.parts.set_phrases import OF_HUB, S, sets_at
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

NO_STATEMENT = deferred(  # "after fine-tuning on X the scores are higher"
    r"\b(?:after|before|when|while|for|during|upon|without|of|if|between)(?: further| additional)? [\w-]{0,8}\Z", re.I
)
VERBS = ("uned ", "rained ", "uned\n", "rained\n", "uning ", "raining ")
OF_US = ("une ", "rain ")
WE = deferred(r"\b(?:[Ww]e|I)(?: [a-z]+){0,2} (?:(?:[Pp]re|[Ff]ine|[Rr]e)-?\s?)?t\Z")
BEFORE_WE = 40
NOUNS = (
    "raining data ",
    "raining corpus ",
    "raining set ",
    "raining dataset ",
    "uning data ",
    "uning dataset ",
    "ataset used ",
    "ata used ",
)
IS = deferred(
    r"[^.,:;\n]{0,60}?\b(?:is|was|were|are|comes?|consists?|consisted|comprises?|contains?|includes?|has been|have been)\b"
    rf"(?! (?:not|available|provided|released|split|also)\b)"
    rf"(?:{S}(?:a subset|mainly|mostly|primarily|based|taken|obtained|collected|sourced|drawn|extracted"
    rf"|composed|made up|derived|built|created|scraped|generated)){{0,2}}(?:{S}(?:from|of|on|by|using))?{S}"
)
USED = (
    "used to train",
    "used to fine",
    "used for train",
    "used for fine",
    "used as train",
    "used as Train",
    "used as the train",
    "used to pre-t",
)
IS_USED = deferred(rf"(?:{S}\([^()\n]{{1,80}}\))?{S}(?:(?:is|was|were|are|has been|have been|being)(?:{S}[a-z]+)?{S})?\Z")
OPENING = deferred(r"(?:[-*+>][ ]|\d+[.)][ ]|\*\*)?")
SENTENCE = deferred(r"[.!?](?=\s|\Z)(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)|\n\s*(?:\n|[#|>+-]|\*(?!\*)|\d+[.)] )|<br")
PREPOSITION = deferred(rf"(?<![\w-])(?P<word>on|over|using|with|from|upon){S}")
STOPS = deferred(
    r"\b(?:evaluat\w*|test(?:ed|ing)|achiev\w*|compar\w*|perform\w*|results?|which|instead|than|before|whose|prior|but|scor\w+"
    r"|outperform\w*|improv\w*|when|while|to (?:be|predict|generate|detect|extract|answer)|tokeni[sz]\w*"
    r"|vocab\w*|pre-?trained|initiali[sz]ed|except"
    r"|without|based|followed|similar|then|available|provided|released)\b"
)
STRICT = ("using", "with", "from")
SECTION = deferred(
    r"^#{1,4}[ \t]+(?:[Tt]rain(?:ing)? |[Ff]ine-?tuning )?[Dd]ata(?: ?[Ss]ets?)?(?: [Uu]sed)?[ \t]*:?[ \t]*\r?\n\s*"
    r"(?:[^\n#|\[]{0,80})\[(?P<name>[^\]\[\n]{2,80})\]\((?P<address>https://huggingface\.co/datasets/[^\s()]{2,100})\)",
    re.M,
)
LABELLED = deferred(
    r"^[ \t*_-]{0,6}(?:[Tt]rain(?:ing)? |[Ff]ine-?tuning )?[Dd]ata ?[Ss]et(?: used)?[*_]{0,2} ?:[*_]{0,2} ?`?"
    r"(?P<id>[\w.-]+/[\w.-]*\w)`?[ \t]*(?:<br/?>)?[ \t]*\r?$",
    re.M,
)
LONGEST = 320
MOST = 12


def phrased_datasets(document: Document) -> Iterator[DatasetMention]:
    """Those of the first sentence that tells any."""
    for found in itertools.chain(_of_verbs(document), _of_nouns(document), _of_subjects(document), _headed(document)):
        if found and document.text.count("```", document.body_start, found[0].span.start) % 2 == 0:
            yield from found
            return


def _of_verbs(document: Document) -> Iterator[list[DatasetMention]]:
    text, start = document.text, document.body_start
    signs = signs_in(text, start)
    for verb in VERBS:
        yield from (_behind(document, at, at + len(verb) - 1) for at in signs[verb][:MOST])
    for verb in OF_US:
        for at in signs[verb][:MOST]:
            if WE.search(text, max(start, at - BEFORE_WE), at):
                yield _behind(document, at, at + len(verb) - 1)


def _behind(document: Document, verb: int, at: int) -> list[DatasetMention]:
    """What the prepositions behind a verb lead to, up to the words that begin another statement."""
    text, start = document.text, document.body_start
    if is_of_another(text, start, verb) or NO_STATEMENT.search(text, max(start, verb - BEFORE_WE), verb):
        return []
    end = _end(text, start, at)
    for found in PREPOSITION.finditer(text, at, end):
        between = text[at : found.start()]
        if STOPS.search(between) or OTHERS.search(between):
            return []
        if between.count("(") > between.count(")") or between.count("[") > between.count("]"):
            continue
        sets = sets_at(text, found.end(), end + 1, found["word"] not in STRICT)
        if sets and is_of_card(document, verb, len(sets) > 2):
            return sets
    return []


def _end(text: str, start: int, at: int) -> int:
    """Where the sentence around an offset ends, or the heading."""
    ended = SENTENCE.search(text, at, at + LONGEST)
    end = ended.start() if ended else min(len(text), at + LONGEST)
    if text.startswith("#", text.rfind("\n", start, at) + 1):
        line = text.find("\n", at)
        return min(end, line) if line >= 0 else end
    return end


def _of_nouns(document: Document) -> Iterator[list[DatasetMention]]:
    """ "The training data is based on X and Y"."""
    text, start = document.text, document.body_start
    signs = signs_in(text, start)
    for noun in NOUNS:
        for at in signs[noun][:MOST]:
            found = IS.match(text, at + len(noun) - 1)
            if found and not is_of_another(text, start, at) and not OTHERS.search(found[0]):
                yield sets_at(text, found.end(), _end(text, start, found.end()) + 1, False)


def _of_subjects(document: Document) -> Iterator[list[DatasetMention]]:
    """ "The X dataset (115 rows) was used to train the model"."""
    text, start = document.text, document.body_start
    signs = signs_in(text, start)
    for sign in USED:
        for at in signs[sign][:MOST]:
            begin = OPENING.match(text, sentence_begin(text, start, at)).end()  # type: ignore[union-attr]  # it matches nothing too
            if (found := IS_USED.search(text, begin, at)) and not OTHERS.search(text, begin, at):
                sets = sets_at(text, begin, found.start() + 1, False)
                yield [each for each in sets if found.start() - each.span.end < BEFORE_WE] and sets


def _headed(document: Document) -> Iterator[list[DatasetMention]]:
    """ "Dataset : acme/ponds", and the data set of the Hub that a section on training data links first."""
    text, start = document.text, document.body_start
    if "](https://huggingface.co/datasets/" in text and (found := SECTION.search(text, start)):
        hosted = OF_HUB.fullmatch(found["address"])
        if hosted:
            yield [DatasetMention(hosted["id"], None, None, found["name"], Span(*found.span("name")))]
    if "ataset :" in text and (found := LABELLED.search(text, start)):
        yield [DatasetMention(found["id"], None, None, found["id"], Span(*found.span("id")))]
