"""What holds for every text, however broken: it reads without an error, and what was read stands where it says."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from cardaudit.coverage import numbers
from cardaudit.document import Bullet, Code, Comment, Document, Heading, Line, Paragraph, Table, read_document
from cardaudit.exchange import card_json
from cardaudit.parse import read_card
from cardaudit.records import Card, Printed, Span

FOLDED = ("\n", "\r", "\\", "''", "|", ">", "&", "!", "\x85", "\u2028", "\u2029")  # what the text of a YAML scalar is without
SCHEMAS = Path(__file__).resolve().parents[1] / "cardaudit" / "schemas"


def check_document(text: str) -> Document:
    """Every piece of a document is the text between its own offsets, and blocks follow each other."""
    document = read_document(text)
    assert document.line_starts[0] == 0
    assert all(a < b <= len(text) for a, b in zip(document.line_starts, document.line_starts[1:], strict=False))
    assert 0 <= document.body_start <= len(text)
    for start, piece in _pieces(document):
        assert text[start : start + len(piece)] == piece
    begins = [_first_line(block).start for block in document.blocks]
    assert begins == sorted(begins)
    for scalar in document.front_matter.scalars.values() if document.front_matter else ():
        assert _inside(scalar.span, text)
        stands = text[slice(*scalar.span)]
        assert stands == scalar.text or any(mark in stands for mark in FOLDED), scalar
    return document


def check_card(text: str) -> Card:
    """Every number of a card is the text at its span, all else lies inside the text, and the JSON is valid."""
    card = read_card(text)
    for number in (*numbers(card), *card.unread):
        assert text[slice(*number.span)] == number.text or _is_unescaped(card, number), number
    for word in (card.model_name, card.base_model, card.task, card.front_matter_error, *card.hyperparameters.other.values()):
        assert word is None or _inside(word.span, text)
    for mention in (*card.datasets, *([card.optimizer] if card.optimizer else ())):
        assert _inside(mention.span, text)
    document = json.loads(json.dumps(card_json(card), allow_nan=False))
    errors = [error.message for error in _validator("card").iter_errors(document)]
    assert errors == []
    return card


def _is_unescaped(card: Card, number: Printed) -> bool:
    """A YAML scalar may be folded over lines or hold escapes: then its text stands nowhere as it is."""
    return card.front_matter is not None and _inside(number.span, card.text) and number in [r.number for r in card.model_index]


def _inside(span: Span, text: str) -> bool:
    return 0 <= span.start <= span.end <= len(text)


def _first_line(block: Any) -> Line:
    if isinstance(block, Table):
        return block.header.line
    line: Line = block.lines[0] if isinstance(block, Comment | Paragraph) else block.line
    return line


def _pieces(document: Document) -> Iterator[tuple[int, str]]:
    for block in document.blocks:
        if isinstance(block, Heading | Bullet):
            yield from (block.line, (block.start, block.text))
        elif isinstance(block, Table):
            yield block.rule
            for row in (block.header, *block.rows):
                yield from (row.line, *row.cells)
        elif isinstance(block, Paragraph | Comment | Code):
            yield from block.lines


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")))
