"""Which model a card is about, what it was made from, on which data, for which task.

What only prose needs is in identity_in_prose.py and imported where it is asked for: its expressions take longer to compile than a
card to read.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from cardaudit.dialects.parts.base_guard import is_of_linked
from cardaudit.dialects.parts.mentions import datasets_of_sentence, is_name, name_of_link, printed_at
from cardaudit.dialects.parts.model_index import index_entries
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document, FrontMatter, Heading
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

TUNED_FROM_LINK = deferred(r"[Ff](?i:ine-?\s?tun(?:ed|ing)(?: version| model)? (?:of|from) (?:the )?)\[([^\]\n]+)\]\(")
SIGNS_OF_BASE = (
    "uned ", "ase model", "ase Model", "uning ", " version of ", "rained model", "rained Model", "riginal model",
    "anguage model", "merge_method", "from `", "top of", " https://huggingface.co/", "ased on ", "nitialized ", "nitialised ",
    "learning of ", "--do_train",
)  # fmt: skip
WORDS_OF_TUNING = ("uned ", "uning ", "TUN")
ADDRESS = deferred(r"\]\((?:https://huggingface\.co/datasets/([\w.-]+(?:/[\w.-]+)?)|[^()\s]+)/?\)( data ?set| corpus)?", re.I)
SET_WORD = deferred(r" (?:data ?set|corpus)\Z", re.I)
IN_FRONT = deferred(r"(?:the )?[`*]{0,3}")
FOLDERS = frozenset(("imagefolder", "audiofolder"))  # loaders of files: a name in the text says more
LOADERS = FOLDERS | {"generator", "csv", "json", "text", "parquet", "pandas", "arrow"}  # as the Trainer lists them
GENERIC_TITLE = deferred(
    r"(?:model card(?: (?:for|of) )?|model description|overview|readme|introduction|description|table of contents)\s*:?", re.I
)
OF_TEMPLATES = frozenset(  # first headings that a template or a section has, in small letters: none names the model
    ("about", "amazing!", "citation", "downloading the model", "dreambooth trained by autotrain", "evaluation",
     "evaluation results", "example", "examples", "getting started", "how does it work?", "how to use", "how to use it",
     "intended uses", "intended uses & limitations", "license", "model details", "model trained using autotrain",
     "quick start", "quickstart", "textattack", "todo: fill this", "training data", "training params", "training procedure",
     "uploaded finetuned model", "uploaded model", "usage", "what's this?")
)  # fmt: skip
CARD = deferred(r"[ \t]+model card[ \t]*\Z", re.I)
OPEN = frozenset(("model id", "model name", "none"))  # what a template leaves to be filled in, behind "Model Card for"
TRAINED = deferred(r"\b(?:re-?|fine-?\s?)?(?:train|tun)(?:ed|ing)\b(?:(?![.!?]\s)[^\n])*\Z", re.I)
ACHIEVED = deferred(r"\b(?:achiev\w*|results|(?:out)?performs?|performance|scor\w*|accuracy)\b")
USED = deferred(  # "the data set used to train this model is available [here](...)"
    r"(?:^|[.!?:\n] ?)(?![^.\n]*\b(?:base model|evaluat\w+|test\w*|benchmark|examples?|similar|other|translat\w+)\b)"
    r"[^.\n]{0,60}\b(?:data ?sets?|corpus|data)`? (?:that (?:was|is) )?(?:used (?:to|for|in)|for train|for fine)\w*\b[^.\n]*\Z",
    re.I,
)
TUNED_ON = deferred(r"(?i:fine-?\s?tuned on (?:the )?)\Z")
BEFORE_LINK = 320
LONGEST_LINK = 120
LONGEST_SET_OF = 30
ID_LIKE = deferred(r"[A-Z0-9_/]")
PLAIN_NAME = deferred(  # "[small pond reviews dataset](...)"
    r"(?!(?:an?|the|this|our|my|your|custom|own|new|train\w*|fine|follow\w*|original|same|full|large|small|big|public|private|open|text)\b)"
    r"[a-z]{3,}(?: (?!train\w*|test|data)[a-z]{3,}){1,3}"
)
SET_SIGNS = ("dataset", " data set", " corpus", " Corpus", " Dataset")
SET_OF = deferred(r"\b(?:data ?set|corpus)\s{1,2}(?:of|called|named)\s{1,2}(?:the\s{1,2})?\Z")
LOOKED_AT = 6_000


def from_front_matter(front: FrontMatter, key: str) -> Printed | None:
    """A key's text, or the first of its list."""
    for path in ((key,), (key, 0)):
        if path in front.scalars and front.scalars[path].text.strip():
            return printed_at(front.scalars[path].text, front.scalars[path].span)
    return None


def model_name(document: Document, prose: bool = False, other_than: Printed | None = None) -> Printed | None:
    """From the model index, the first heading, or in prose the words "known as X", "the X model"."""
    front = document.front_matter
    if front is not None:
        for path, entry in index_entries(front):
            if entry.get("name") and (*path, "name") in front.scalars:
                scalar = front.scalars[(*path, "name")]
                return printed_at(scalar.text, scalar.span)
    heading = next((block for block in document.blocks if isinstance(block, Heading)), None)
    if heading is not None and not prose:
        title = GENERIC_TITLE.match(heading.text)
        rest = CARD.sub("", heading.text[title.end() :] if title else heading.text)
        name = rest.strip("*_` ")
        if name and " ".join(name.lower().rstrip(":").split()) not in (OPEN if title else OF_TEMPLATES):
            start = heading.start + heading.text.index(name)
            return printed_at(name, Span(start, start + len(name)))
    if not prose:
        return None
    from cardaudit.dialects.parts.identity_in_prose import model_in_prose

    return model_in_prose(document, other_than)


def base_model(document: Document, prose: bool = False) -> Printed | None:
    """From the front matter, the Trainer's sentence, or in prose any of its paraphrases that gives a name and no mere family."""
    if document.front_matter is not None and (stated := from_front_matter(document.front_matter, "base_model")):
        return stated
    tells = any(map(document.text.__contains__, WORDS_OF_TUNING))
    linked = TUNED_FROM_LINK.search(document.text, document.body_start) if tells else None
    if linked and is_name(linked[1]):
        return name_of_link(document.text, linked)
    from cardaudit.dialects.parts.base_stated import stated_base  # its expressions take long to compile

    if stated := stated_base(document):
        return stated
    if not (prose or any(map(signs_in(document.text, document.body_start).__getitem__, SIGNS_OF_BASE))):
        return None
    from cardaudit.dialects.parts.identity_in_prose import base_in_prose, tuned_base

    if prose:
        return base_in_prose(document)
    from cardaudit.dialects.parts.base_told import told_base

    return tuned_base(document) or told_base(document)


def task(document: Document, prose: bool = False) -> Printed | None:
    """The Hub's tag of the task as `text`, the words that it was taken from as `label`."""
    front = document.front_matter
    if front is not None:
        if stated := from_front_matter(front, "pipeline_tag"):
            return replace(stated, label=stated.text)
        for path, entry in index_entries(front):
            results = entry.get("results")
            for at, result in enumerate(results if isinstance(results, list) else ()):
                for key in () if _is_of_benchmark(result) else ("type", "name"):
                    scalar = front.scalars.get((*path, "results", at, "task", key))
                    if scalar and scalar.text.strip():
                        tag = scalar.text.strip().lower().replace(" ", "-")
                        return Printed(tag, None, ZERO, scalar.span, scalar.text)
    if not prose:
        return None
    from cardaudit.dialects.parts.identity_in_prose import task_in_words

    return task_in_words(document.text)


def _is_of_benchmark(result: Any) -> bool:
    """Whether a result of the index is one of MTEB's, whose tasks ("STS", "Retrieval") are none of the model's."""
    dataset = result.get("dataset") if isinstance(result, dict) else None
    return isinstance(dataset, dict) and str(dataset.get("name")).startswith("MTEB ")


def _is_of_evaluator(result: Mapping[str, Any], library: Any) -> bool:
    """Whether a result of the index is under the name of an evaluator, which is no data set: "pond dev", of the type "pond-dev".

    sentence-transformers (base/model_card.py 3.0) prints both so.
    """
    name, kind = str(result["dataset"].get("name")), str(result["dataset"].get("type"))
    return library == "sentence-transformers" and name != kind == name.replace(" ", "-")


def datasets(document: Document, prose: bool = False) -> tuple[DatasetMention, ...]:
    """The data sets that the card names, each once; "None", "unknown" and "undisclosed" are no names."""
    found: dict[str, DatasetMention] = {}
    for mention in _in_index(document.front_matter):
        _add(found, mention)
    for mention in _in_front_matter(document.front_matter):
        _add(found, mention, LOADERS)
    folders = [] if prose or not found.keys() <= LOADERS else [found.pop(name) for name in tuple(found)]
    if not found and not prose:
        for mention in list(datasets_of_sentence(document)) or _linked(document):
            _add(found, mention)
        if not found and any(sign in document.text for sign in SET_SIGNS):
            from cardaudit.dialects.parts.data_in_prose import told_datasets

            for mention in told_datasets(document):
                _add(found, mention)
        if not found and "umber of " in document.text:
            from cardaudit.dialects.parts.data_tables import tabled_datasets

            for mention in tabled_datasets(document.blocks):
                _add(found, mention)
    for mention in folders:
        _add(found, mention, LOADERS)
    if not found and prose:
        from cardaudit.dialects.parts.identity_in_prose import datasets_in_prose

        for mention in (*datasets_in_prose(document), *_linked(document)):
            _add(found, mention)
    return tuple(found.values())


def _add(found: dict[str, DatasetMention], mention: DatasetMention, besides: Set[str] = frozenset()) -> None:
    """Puts in a mention that is a name, or one of the words `besides`."""
    if is_name(mention.id) or mention.id.lower() in besides:
        found.setdefault(mention.id.lower(), mention)


def _in_index(front: FrontMatter | None) -> Iterator[DatasetMention]:
    for path, entry in index_entries(front) if front else ():
        results = entry.get("results")
        for at, result in enumerate(results if isinstance(results, list) else ()):
            dataset = result.get("dataset") if isinstance(result, dict) else None
            if not isinstance(dataset, dict) or front is None or _is_of_benchmark(result):
                continue
            if _is_of_evaluator(result, front.values.get("library_name")):
                continue
            key = "type" if _is_text(dataset.get("type")) else "name"
            scalar = front.scalars.get((*path, "results", at, "dataset", key))
            if scalar and scalar.text.strip():
                config, split = dataset.get("config", dataset.get("args")), dataset.get("split")
                yield DatasetMention(scalar.text.strip(), _text(config), _text(split), scalar.text, scalar.span)


def _in_front_matter(front: FrontMatter | None) -> Iterator[DatasetMention]:
    for key in ("datasets", "dataset"):
        listed: Any = front.values.get(key) if front else None
        for path in [(key,), *(((key, at)) for at in range(len(listed) if isinstance(listed, list) else 0))]:
            scalar = front.scalars.get(path) if front else None
            if scalar and scalar.text.strip() and scalar.text.lower() not in ("null", "~"):
                yield DatasetMention(scalar.text.strip(), None, None, scalar.text, scalar.span)


def _linked(document: Document) -> Iterator[DatasetMention]:
    """Data sets that a sentence on training links: "trained on the train split of [Common Voice](...)".

    They are told by an address of the Hub, or by the word "dataset" in the link or behind it.
    """
    text, start = document.text, document.body_start
    for found in ADDRESS.finditer(text, start, start + LOOKED_AT):
        opened = text.rfind("[", max(start, found.start() - LONGEST_LINK), found.start()) + 1
        if not opened:
            continue
        words = text[opened : found.start()].lstrip()
        opened = found.start() - len(words)
        before = text[max(start, opened - BEFORE_LINK) : opened - 1].lower()
        if not any(map(before.__contains__, ("train", "tun", "used"))):
            continue
        begin = IN_FRONT.match(text, opened).end()  # type: ignore[union-attr]  # it matches nothing too
        words = text[begin : found.start()].rstrip("`*")
        name = SET_WORD.sub("", words)
        named = ID_LIKE.search(name) or (name != words and PLAIN_NAME.fullmatch(name))
        told = (named and _is_of_set(text, start, opened, name != words or bool(found[2]))) or (
            " / " not in name and TUNED_ON.search(text, max(start, opened - BEFORE_LINK), opened - 1) and _is_known_set(name)
        )
        if not name or not (found[1] or told):
            continue
        begun = max(start, opened - BEFORE_LINK)
        trained = TRAINED.search(text, begun, opened - 1)
        if trained and (ACHIEVED.search(trained[0]) or is_of_linked(text, begun, opened - 1)):
            continue
        if trained or (found[1] and USED.search(text, begun, opened - 1)):
            yield DatasetMention(found[1] or name, None, None, name, Span(begin, begin + len(name)))


def _is_of_set(text: str, start: int, opened: int, is_said: bool) -> bool:
    """Whether the link that opens at an offset says that it is a data set's, or the words in front of it do."""
    return is_said or SET_OF.search(text, max(start, opened - LONGEST_SET_OF), opened - 1) is not None


def _is_known_set(name: str) -> bool:
    from cardaudit.dialects.parts.model_names import is_model  # the expressions of both take long to compile
    from cardaudit.dialects.parts.table_labels import is_benchmark

    return is_benchmark(name) and not is_model(name)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and value != "None" else None
