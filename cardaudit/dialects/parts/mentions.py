"""Names that a card mentions: what is one, and where it stands."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.document import Document, Heading
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

DATASET_SENTENCE = deferred(r" on (the (?:(?![.!?] ).){1,300}?) datasets?\.", re.I)
NEGATED = deferred(r"(?:\b(?:not|never)|n['’]t) (?:\w+ ){0,2}\w+\Z")  # "was not trained", "has never been evaluated"
BEFORE_NEGATION = 60
LINKED_NAME = deferred(r"\[([^\[\]]+)\]\((?:https://huggingface\.co/datasets/([\w.-]+(?:/[\w.-]+)?)|[^()\s]+)/?\)")
NAMED_DATASET = deferred(r"\bthe [`*]{0,3}([^,\n]{1,120}?)[`*]{0,3}(?=,? (?:and )?the |$)")
LOOKED_AT = 6_000
LONGEST_SENTENCE = 300
NO_NAME = deferred(
    r"none|unknown|unkown|undisclosed|unspecified|custom|generator|the|this|that|an?|our|your|its|same|following|specific|private|own|null|"
    r"input|training|train|test|validation|evaluation|eval|new|original|large|small|kaggle|github|here|link|csv|json|parquet|text|pandas|\W*",
    re.I,
)
NO_ID = deferred(r"(?:(?:this|that|the|our|my|an?) )?(?:\w+ )?(?:model|checkpoint|version|one|here|this|link)", re.I)
PHRASE = deferred(
    r"\s(?:of|other|another|with|from|in)(?: the)?\Z|\b(?:this|that|these|those|when|which|achieved|words)\b"
    r"|\b(?:column|part|split)s? of\b"
)
DEMONYM = deferred(r"[A-Z][a-z]+(?:ish|ese|ian)")  # "the Malaysian dataset" may be any
OF_OTHERS = deferred(
    r"\b(?:can|could|should|may|might|must|teachers?)\b"
    r"|\b(?!(?:It|This|Model)\b)[A-Z][A-Za-z-]+ (?:achieves|performs|outperforms)\b"
)
ADDRESS = deferred(r"https://huggingface\.co/([\w.-]+(?:/[\w.-]+)?)/?\)")


def is_name(text: str) -> bool:
    """Whether a data set's name names one."""
    return NO_NAME.fullmatch(text.strip()) is None


def is_phrase(name: str) -> bool:
    """Whether the words before "dataset" go on behind it or are a clause: "test split of the", "what it achieves on other"."""
    return " " in name and PHRASE.search(name) is not None


def is_heading(document: Document, name: str) -> bool:
    """Whether a name is a heading of its own, as a card's title is."""
    return any(isinstance(block, Heading) and block.text.strip("`* ") == name for block in document.blocks)


def printed_at(text: str, span: Span) -> Printed:
    """A word that stands in a span, without the blanks around it."""
    bare = text.strip()
    start = span.start + text.index(bare) if bare else span.start
    return Printed(bare, None, ZERO, Span(start, start + len(bare)))


def name_of_link(text: str, link: re.Match[str]) -> Printed:
    """The words of a link to a model, or the repository that it leads to where they are no name ("this model").

    `link` ends behind the link's "](", its first group is the words.
    """
    address = ADDRESS.match(text, link.end()) if NO_ID.fullmatch(link[1]) else None
    return printed_at(address[1], Span(*address.span(1))) if address else printed_at(link[1].strip("`* "), Span(*link.span(1)))


def _is_of_training(document: Document, at: int) -> bool:
    """Whether the sentence around an offset tells of what was done, and not of what may yet be, or of how well another does."""
    text = document.text
    begin = max(document.body_start, at - LONGEST_SENTENCE, text.rfind("\n", 0, at) + 1, text.rfind(". ", 0, at) + 2)
    return OF_OTHERS.search(text, begin, at) is None


def datasets_of_sentence(document: Document) -> Iterator[DatasetMention]:
    """ "on the a, the b and the c datasets." as the Trainer writes it."""
    found = DATASET_SENTENCE.search(document.text, document.body_start, document.body_start + LOOKED_AT)
    if found is None or "\n" in found[1] or NEGATED.search(document.text, max(0, found.start() - BEFORE_NEGATION), found.start()):
        return
    if not _is_of_training(document, found.start()):
        return
    for name in NAMED_DATASET.finditer(found[1]):
        start = found.start(1) + name.start(1)
        if linked := LINKED_NAME.match(name[1]):
            yield DatasetMention(
                linked[2] or linked[1], None, None, linked[1], Span(start + linked.start(1), start + linked.end(1))
            )
        elif "<" not in name[1] and not is_phrase(name[1]) and not DEMONYM.fullmatch(name[1]):
            yield DatasetMention(name[1].strip(), None, None, name[1], Span(start, start + len(name[1])))
