"""Markdown with positions: front matter, headings, bullets, tables, code and paragraphs, each as offsets into the text.

A line scanner, not a CommonMark parser: blocks do not nest, so a table right under a bullet stays a table, where CommonMark lets
the bullet swallow it. Everything is linear in the length of the text.
"""

from cardaudit.document.blocks import (
    BULLET,
    Block,
    Bullet,
    Cell,
    Code,
    Comment,
    Heading,
    Line,
    Paragraph,
    Row,
    Table,
    scan,
    split_row,
)
from cardaudit.document.front_matter import FrontMatter, read_front_matter, read_list
from cardaudit.document.misplaced_front_matter import misplaced_front_matter
from cardaudit.document.reading import Document, read_document
from cardaudit.document.scalars import Scalar, YamlError

__all__ = [
    "BULLET",
    "Block",
    "Bullet",
    "Cell",
    "Code",
    "Comment",
    "Document",
    "FrontMatter",
    "Heading",
    "Line",
    "Paragraph",
    "Row",
    "Scalar",
    "Table",
    "YamlError",
    "misplaced_front_matter",
    "read_document",
    "read_front_matter",
    "read_list",
    "scan",
    "split_row",
]
