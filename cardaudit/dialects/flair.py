"""Cards of Flair: an F1 with its data set in brackets, the number of tags, and the script of the training.

`F1-Score: **92,16** (CoNLL-03 English), **87,33** (CoNLL-03 German revised)`, with a comma or a point.
"""

from collections.abc import Iterator

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.mentions import printed_at
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.spoken_identity import use_spoken
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Block, Bullet, Code, Document, Line, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, Result, Source, Span

SCORED = deferred(r"\*\*(?P<number>\d{1,3}[.,]\d{1,2})\*\* \((?P<data>[^()\n]{2,250})\)")
AVERAGED = deferred(r"F-score \((?P<average>micro|macro)\) (?P<number>[01]\.\d{1,6})")
TAGS = deferred(r"Predicts (?P<number>\d{1,4}) tags?:")
TRANSFORMER = deferred(
    r"Transformer(?:Word|Document)Embeddings\(\s{0,40}(?:model\s?=\s?)?['\"](?P<name>[\w.-]+(?:/[\w.-]+)?)['\"]"
)
NAMED_EMBEDDINGS = deferred(r"Transformer(?:Word|Document)Embeddings (?:-|–|:|\(|with) ?`?(?P<name>[a-z][\w.-]*(?:/[\w.-]+)?\w)")
ARGUMENT = deferred(
    r"\b(?P<key>learning_rate|mini_batch_size|mini_batch_chunk_size|max_epochs|weight_decay|hidden_size|patience|anneal_factor)"
    r"\s?=\s?(?P<value>[\w.+-]{1,20})"
)
OWN_WORDS = "-class NER model for "  # how many classes, which the tags below tell, and of how many languages
TRAINED = "rainer.train("


def read(document: Document, source: Source) -> Card:
    """The card. Flair's mini batch is that of the optimizer: it is the `train_batch_size`."""
    draft = begin(document)
    use_spoken(draft)
    loose = LooseReader(draft)
    for block in document.blocks:
        if not _take(draft, block):
            loose.read(block)
    loose.finish()
    _take_named_embeddings(draft)
    use_tagged_task(draft)
    if "mini_batch_size" in draft.settings:
        draft.settings.setdefault("train_batch_size", draft.settings.pop("mini_batch_size"))
    return draft.card(source)


def _take(draft: Draft, block: Block) -> bool:
    if isinstance(block, Code) and block.lines and TRAINED in draft.document.text[block.lines[0].start : block.lines[-1].end]:
        _take_script(draft, block)
        return False  # the rest of it is read as any code
    if isinstance(block, Bullet) and (found := AVERAGED.fullmatch(block.text)):
        span = Span(block.start + found.start("number"), block.start + found.end("number"))
        draft.results.append(Result("f1", printed(found["number"], span, "F-score"), setting=f"{found['average']} avg"))
        return True
    lines = block.lines if isinstance(block, Paragraph) else ()
    return len(lines) == 1 and _take_line(draft, lines[0])


def _take_line(draft: Draft, line: Line) -> bool:
    if line.text.startswith("F1-Score: **"):
        scores = list(_scores(line))
        draft.results.extend(scores)
        draft.also_read.extend([line.span] if scores else [])
        return bool(scores)
    if OWN_WORDS in line.text:
        draft.also_read.append(line.span)
    if found := TAGS.fullmatch(line.text.strip()):
        start = line.start + line.text.index(found[0]) + found.start("number")
        draft.put_setting(Pair("num_labels", found["number"], start, start), known_only=False)
    return False


def _take_named_embeddings(draft: Draft) -> None:
    """The transformer that a sentence names: "using Flair TransformerWordEmbeddings - x-base"."""
    text, start = draft.document.text, draft.document.body_start
    if draft.base_model is not None or "Embeddings " not in text:
        return
    found = list(NAMED_EMBEDDINGS.finditer(text, start))
    if len({each["name"] for each in found}) == 1:
        draft.base_model = printed_at(found[0]["name"], Span(*found[0].span("name")))


def _scores(line: Line) -> Iterator[Result]:
    for found in SCORED.finditer(line.text):
        span = Span(line.start + found.start("number"), line.start + found.end("number"))
        yield Result("f1", printed(found["number"], span, "F1-Score", comma=True), dataset=found["data"].removesuffix(" dataset"))


def _take_script(draft: Draft, block: Code) -> None:
    """The arguments of the training, and the one transformer whose embeddings were tuned."""
    text, start = draft.document.text, block.lines[0].start
    for line in block.lines:
        code = line.text.partition("#")[0]
        for found in ARGUMENT.finditer(code):
            pair = Pair(found["key"], found["value"], line.start + found.start("value"), line.start + found.start("key"))
            draft.put_setting(pair, known_only=False)
    models = list(TRANSFORMER.finditer(text, start, block.lines[-1].end))
    if draft.base_model is None and len({each["name"] for each in models}) == 1:
        draft.base_model = printed_at(models[0]["name"], Span(*models[0].span("name")))
