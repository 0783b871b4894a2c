"""A rule's page, which is its module's docstring, as blocks that a template can print."""

import re
from typing import Literal, NamedTuple

CODE = re.compile(r"(`[^`]+`)")


class Piece(NamedTuple):
    text: str
    code: bool


class Block(NamedTuple):
    """A heading, a paragraph (its lines joined) or an example kept line by line."""

    kind: Literal["heading", "text", "example"]
    pieces: tuple[Piece, ...]


def page_blocks(page: str) -> tuple[Block, ...]:
    """The blocks of a docstring: "## " begins a heading, four blanks or a table's bar an example; blank lines separate them."""
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", page.strip()):
        head, _, rest = chunk.partition("\n") if chunk.startswith("#") else ("", "", chunk)
        if head:
            blocks.append(Block("heading", (Piece(head.lstrip("# "), False),)))
        if rest:
            blocks.append(_example(rest) if rest.startswith(("    ", "|")) else _paragraph(rest))
    return tuple(blocks)


def _example(chunk: str) -> Block:
    return Block("example", (Piece("\n".join(line.removeprefix("    ") for line in chunk.splitlines()), True),))


def _paragraph(chunk: str) -> Block:
    parts = CODE.split(" ".join(line.strip() for line in chunk.splitlines()))
    return Block("text", tuple(Piece(part.strip("`"), part.startswith("`")) for part in parts if part))
