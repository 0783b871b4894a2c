"""Data sets that a list or a table enumerates behind words on training: "trained on these corpora:", "## Training data"."""

import itertools
import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.data_listed import CORPUS
from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.table_labels import bare, is_split, is_task, metric_of
from cardaudit.document import Block, Bullet, Document, Heading, Paragraph, Table
from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

SET = r"(?:data ?sets?|corpora|corpus|data sources|training data|text sources)\b"
TRAIN = r"\b(?:pre-?|re-?|fine-?\s?)?(?:train|tun)(?:ed|ing)\b"
TELLS = deferred(rf"{TRAIN}[^.\n]{{0,160}}{SET}|\b{SET}[^.\n]{{0,160}}{TRAIN}|\btraining data\b", re.I)
TRAINED = deferred(TRAIN, re.I)
SETS = deferred(r"^(?:(?!\b(?:other|not|evaluat\w+|test\w*)\b)[^.:])*\b(?:data ?sets|corpora|sources):\Z", re.I)
TITLE = deferred(
    r"(?:the )?(?:(?:pre-?|fine-?\s?)?(?:train|tun)(?:ing)? (?:and evaluation )?(?:data(?: ?sets?)?|corpora|corpus|sources?)"
    r"|corpora|corpus)(?: (?:used|statistics|details|sources?))?\W*",
    re.I,
)
NOT_OWN = deferred(
    r"\b(?:evaluat\w*|test(?:ed|ing|s)?|benchmarks?|compar\w+|perform\w*|results?|downstream|baselines?|can|could|should|other|not|never"
    r"|tokeni[sz]\w*|vocab\w*|teachers?|scripts?|code|you|your|examples?|limit\w*|tasks?|annotat\w*|filter\w*|removed|metrics?"
    r"|scores?|models? (?:were|are)|augment\w*)\b",
    re.I,
)
NAMES = deferred(
    r"(?:(?:training|source|sub-?) ?)?(?:data ?sets?|corpus|corpora|data sources?|sources?|tables?)(?: names?)?", re.I
)
SIZES = deferred(
    r"(?:#|№|(?:no\.?|num\.?|number|total|amount|avg\.?|raw|unique|original|final)(?: of)? )?\W*"
    r"(?:size|lines?|words?|chars?|characters?|tokens?|texts?|sentences?|documents?|docs?|samples?|hours?|images?|pairs?"
    r"|rows?|[kmg]b|bytes|duration|tuples|articles|pages)\b.*",
    re.I,
)
ABOUT = deferred(
    r"(?:links?|url|download|genres?|domains?|description|languages?|licen[sc]e|format|period|version|type|kind|proportion|percent\w*"
    r"|weights?|ratio|date|years?|style|speakers?|epochs?|sampling|notes?|content|category)\b.*",
    re.I,
)
TOTAL = deferred(r"\W*(?:total|sum|all|overall|average|combined|others?|misc\w*|mixed)\b.*", re.I)
LINK = r"\[[*_`]{0,3}(?:[Tt]he )?(?P<linked>[^\]\[\n]{2,60}?)[*_`]{0,3}\]\( ?(?!https://(?:huggingface\.co/(?!datasets/)))[^()\s]{1,300}\)"
WORDS = (
    r"[*_`]{0,3}(?P<bare>[A-Z][\w+/.-]*(?:['’]s)?(?: (?:v?\d[\w.]*|[A-Z][\w-]*|(?:of|in|the|and)(?= [A-Z]))){0,5}?)[*_`:]{0,3}"
)
PART = r"(?:[\w-]+ ){1,4}(?:version|subset|part|portion|dump|split)s? (?:of|from) (?:the )?(?:[A-Z][a-z]+ (?=\[))?"
ITEM = deferred(
    rf"(?:The |the |{PART})?(?:{LINK}|{WORDS})"
    r"(?=[*_`]*\s*$|\s*[:(–—,;]|\.\s*$| [-~] | \[|,? (?:and|&) subsets\b| (?i:data ?sets?|corpus)\b)"
)
SENTENCE = deferred(r"[^()\[\]]{0,60}\b(?:is|was|are|were|we|has|have|trained|used|following)\b", re.I)
FEWEST_ROWS = 2
MOST = 60
LONGEST_LEAD = 400


def enumerated_datasets(document: Document) -> Iterator[DatasetMention]:
    """The first table of corpora and their sizes, or the first list of which each item begins with a name."""
    headings: dict[int, str] = {}
    lead, before = "", None
    for at, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            headings = {level: text for level, text in headings.items() if level < block.level} | {block.level: block.text}
            lead = ""
        elif isinstance(block, Paragraph):
            lead = " ".join(line.text.strip() for line in block.lines)[-LONGEST_LEAD:]
        elif isinstance(block, Table | Bullet) and not isinstance(before, Bullet) and _is_of_training(headings, lead, block):
            found = _in_table(block) if isinstance(block, Table) else _in_list(document.blocks[at : at + MOST])
            if found:
                yield from found
                return
        before = block


def _is_of_training(headings: dict[int, str], lead: str, block: Table | Bullet) -> bool:
    """Whether the words above a list or a table, or its heading, say that what follows is what the model was trained on."""
    if lead and (isinstance(block, Table) or lead.endswith(":")) and TELLS.search(lead):
        return NOT_OWN.search(lead) is None
    if any(NOT_OWN.search(text) for level, text in headings.items() if level > 1):
        return False
    titled = any(TITLE.fullmatch(text) for text in headings.values())
    said = not lead or SETS.search(lead) or (lead.endswith(":") and TRAINED.search(lead) and not NOT_OWN.search(lead))
    return titled and (isinstance(block, Table) or bool(said))


def _in_table(table: Table) -> list[DatasetMention]:
    """The names of the column of corpora, where the others are sizes and what else is told of a corpus; none of splits."""
    at = _column_of_names(table)
    if at is None:
        return []
    found = [_named(row.cells[at].text, row.cells[at].start) for row in table.rows[:MOST] if len(row.cells) > at]
    names = [each for each in found if each]
    return names if len(names) >= (FEWEST_ROWS if at == 0 else 1) and not any(is_split(each.id) for each in names) else []


def _column_of_names(table: Table) -> int | None:
    """The column that is headed so: the first beside sizes, or one of links beside what is told of them."""
    labels = [bare(cell.text) for cell in table.header.cells]
    at = next((at for at, label in enumerate(labels) if NAMES.fullmatch(label)), None)
    if at is None or any(map(metric_of, labels)):
        return None
    others = labels[:at] + labels[at + 1 :]
    if not all(not label or SIZES.fullmatch(label) or ABOUT.fullmatch(label) for label in others):
        return None
    linked = any(len(row.cells) > at and row.cells[at].text.startswith("[") for row in table.rows)
    return at if (any(map(SIZES.fullmatch, others)) if at == 0 else linked) else None


def _named(text: str, start: int) -> DatasetMention | None:
    """A cell's words or its link's, without what stands in brackets behind them; None for a total."""
    words = text.partition("](")[0].lstrip("[") if text.startswith("[") else text.partition(" (")[0]
    name = bare(words)
    at = text.find(name)
    if not name or at < 0 or TOTAL.fullmatch(name) or not is_name(name):
        return None
    return DatasetMention(name, None, None, name, Span(start + at, start + at + len(name)))


def _in_list(blocks: Sequence[Block]) -> list[DatasetMention]:
    """The names that the items begin with; none where one item begins with anything else."""
    names: list[DatasetMention] = []
    items = list(itertools.takewhile(lambda block: isinstance(block, Bullet), blocks))
    for item, after in zip(items, [*items[1:], None], strict=True):
        if not isinstance(item, Bullet) or (isinstance(after, Bullet) and after.indent > item.indent):
            continue  # what the items under it are of
        found = ITEM.match(item.text)
        group = found.lastgroup if found else None
        if found is None or group is None or not _may_be_set(found[group]) or (group == "bare" and SENTENCE.match(item.text)):
            return []
        span = Span(item.start + found.start(group), item.start + found.end(group))
        names.append(DatasetMention(found[group], None, None, found[group], span))
    return names


def _may_be_set(name: str) -> bool:
    if CORPUS.fullmatch(name):
        return True
    if "|" in name or name == "Name" or NAMES.fullmatch(name) or ABOUT.fullmatch(name):
        return False
    if not (is_name(name) and is_name(name.split(" ")[0])):
        return False
    if is_model(name) or is_split(name) or is_task(name) or metric_of(name):
        return False
    return not all(word.lower().strip(",") in load("languages")["names"] for word in name.split(" "))
