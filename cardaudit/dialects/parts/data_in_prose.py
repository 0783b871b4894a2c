"""The data sets that a sentence says a model was trained on: "on the ABC-2 corpus", "tuned with the *Four Words* dataset"."""

from collections.abc import Iterator

from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.spoken_names import STEM as FAMILY
from cardaudit.document import Document, Heading
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

FURTHER = r"(?:(?:further|first|jointly|entirely|mainly|mostly|again|then|purely|specifically|predominantly|from scratch) )?"
WORDS = r"[A-Z0-9][\w+/-]*(?:\.\d[\w]*)?(?: [A-Z0-9][\w+/.-]*){0,3}?(?: version \d[\d.]*)?"
SET = r"(?:[Dd]ata ?[Ss]et|[Cc]orpus)\b(?! of\b)"
BETWEEN = r"(?: (?!and\b|with\b|using\b|for\b|of\b|to\b|in\b|on\b|from\b|model\b|which\b|by\b|s\b|set\b)[a-z]{3,16}){0,1}"
TRAINED_ON = deferred(
    rf"(?:rain|un)ed {FURTHER}(?:on|with|using|by using) (?:the |a |an )?(?:"
    rf"[`*\"“]{{1,3}}(?P<marked>[A-Za-z0-9][\w+/.-]*(?: [\w+/.()-]+){{0,12}}?)(?: {SET}[`*\"”]{{1,3}}|[`*\"”]{{1,3}} ?{SET})"
    rf"|(?:[A-Z][a-z]+-to-[A-Z][a-z]+ )?[`*\"'“]{{0,3}}(?P<name>{WORDS})[`*\"'”]{{0,3}}{BETWEEN} {SET}"
    rf"|(?P<id>[a-z][\w.-]*/[\w.-]*\w|[a-z]+\d+(?:-[A-Za-z]+)?) {SET})"
)
STEM = deferred(FAMILY)
VERBS = ("rained ", "uned ")
VERB_BEGIN = deferred(r"(?:^|[^\w-])(?P<pre>[Pp]re-?)?(?i:re-?|fined?-?\s?)?[Tt]\Z")
ANOTHER = deferred(  # another model's verb, one denied, or one of what may yet be done
    r"\b(?:base|original|teacher|which|baseline|pretrained)(?: models?)? (?:is|was|are|were)(?: \w+)? [\w-]{0,6}[Tt]\Z"
    r"|\b(?:can|could|should|may|might|must|to) be (?:\w+ )?[\w-]{0,6}[Tt]\Z"
    r"|\b(?:not|never|when|if|once|models|[Tt]okenizers?|[Ee]ncoders?|[Vv]ocabulary|classifiers?|language model)"
    r" (?:is |was |were |are |been )?(?:\w+ )?[\w-]{0,6}[Tt]\Z"
)
OF_ANOTHER = deferred(
    r"(?<!\b[Mm]odel)(?<!\b[Ii]t)(?<!\b[Tt]his)(?<!heckpoint)(?<!, and) (?:was|were|are|is)(?: \w+)? [\w-]{0,6}[Tt]\Z"
)
SUBJECT = deferred(
    r"(?:^|[\s(*_`\[])(?P<name>[A-Z][\w.+-]{3,40})[*_`]{0,3}(?: models?| version)? (?:was|were|are|is)(?: \w+)? [\w-]{0,6}[Tt]\Z"
)
IN_BRACKETS = deferred(r"\b(?:[Tt]his|[Tt]he|[Oo]ur) (?:model|checkpoint) \([^()\n]{1,60}\) (?:was|is|has been) [\w-]{0,6}[Tt]\Z")
AROUND_SUBJECT = 100
SHORTEST_TITLE = 5
SET_LIKE = deferred(r"[A-Z]{2}[A-Z]|[A-Za-z]\d|\w_\w|[a-z][A-Z]|[A-Z]{2}[a-z]|\w-\d|[A-Za-z] \d|/")
NAME_LIKE = deferred(r"[A-Z0-9_/-]")
DEVICE = deferred(r"(?:[A-Z]?TPU|GPU|CPU|NVIDIA|AWS|A100|V100|T4|JAX|HF)\b|\d")
AROUND_VERB = 40
LOOKED_AT = 6_000


def told_datasets(document: Document) -> Iterator[DatasetMention]:
    """Each data set that a hand-written card says the model was trained on, where it is spelled as a name is.

    Known ones are told by their name, others by how they are written: "ABC-2", "MultiWords", "user/words", or set in marks.
    """
    text, start = document.text, document.body_start
    tuned, end = "tuned" in text, start + LOOKED_AT
    for verb in VERBS:
        at = text.find(verb, start, end)
        while at >= 0:
            found, before = TRAINED_ON.match(text, at), max(start, at - AROUND_VERB)
            begun = VERB_BEGIN.search(text, before, at) if found else None
            if found and begun and not (tuned and begun["pre"]) and not ANOTHER.search(text, before, at):
                group = found.lastgroup or "name"
                name = found[group]
                if is_name(name.split(" ")[0]) and (NAME_LIKE.search(name) if group == "marked" else is_set(name)):
                    yield DatasetMention(name, None, None, name, Span(*found.span(group)))
            at = text.find(verb, at + 1, end)


def has_other_subject(document: Document, begin: int, at: int) -> bool:
    """Whether a verb of training at an offset has a subject that is neither "the model" nor what the card's title begins with."""
    text = document.text
    if OF_ANOTHER.search(text, begin, at) is None or IN_BRACKETS.search(text, max(0, at - AROUND_SUBJECT), at):
        return False
    found = SUBJECT.search(text, begin, at)
    title = next((block.text for block in document.blocks if isinstance(block, Heading)), "").strip("*_` ")
    if len(title) > SHORTEST_TITLE and text.endswith((f"{title} was ", f"{title} is "), 0, text.rfind(" ", 0, at) + 1):
        return False
    if found is None or not title.startswith(found["name"]):
        return True
    return STEM.fullmatch(found["name"]) is not None


def is_set(name: str) -> bool:
    """Whether words of which each has a capital or a digit name a data set, and no language, model or machine."""
    from cardaudit.dialects.parts.model_names import is_model  # the expressions of both take long to compile
    from cardaudit.dialects.parts.table_labels import is_benchmark, metric_of

    if DEVICE.match(name) or is_model(name) or metric_of(name):
        return False
    return SET_LIKE.search(name) is not None or is_benchmark(name)
