"""Text -> Card: the first dialect that knows the text reads it."""

import codecs
import hashlib

from cardaudit.dialects import DIALECTS
from cardaudit.document import read_document
from cardaudit.errors import CardauditError
from cardaudit.html_page import is_html, page_as_markdown
from cardaudit.patterns import deferred
from cardaudit.records import Card, Source

MAX_BYTES = 8 * 2**20
MAX_LINES = 40_000
MAX_NUMBERS = 120_000
NUMBER = deferred(r"\d[\d.,]*")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_card(text: str, name: str = "-") -> Card:
    """The card of any text. Offsets, lines and columns count characters of `text`.

    Raises CardauditError, and nothing else, for a text that is longer than any card: reading takes time for each line.
    """
    return _read(text, name, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def read_bytes(data: bytes, name: str) -> Card:
    """The card of a file's bytes: UTF-8, or UTF-16 with its byte order mark.

    A page of HTML is read as the Markdown that it is converted to, and its lines are those of the Markdown: the source's name
    says so. Raises CardauditError for a file that is empty, longer than a card, binary, or in another encoding.
    """
    demand_size(len(data), name)
    text = _decode(data, name)
    if not text.strip():
        raise CardauditError(f"{name} is empty: give a file that holds a card")
    sha256 = hashlib.sha256(data).hexdigest()
    if is_html(text, name):
        text, name = page_as_markdown(text, name), f"{name} (as Markdown)"
    return _read(text, name, sha256)


def demand_size(size: int, name: str) -> None:
    """Raises CardauditError where `size` bytes are more than a card has: asked before a file is read."""
    if size > MAX_BYTES:
        raise CardauditError(
            f"{name} has {size / 2**20:.0f} MB, a card has at most {MAX_BYTES // 2**20}: give the card's own file"
        )


def demand_lines(text: str, name: str) -> None:
    """Raises CardauditError where a text has more lines or numbers than a card: of 20,231, no card has over 34,098 and 24,867."""
    if len(text) <= MAX_LINES:
        return
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    if lines > MAX_LINES:
        raise CardauditError(f"{name} has {lines:,} lines, a card has at most {MAX_LINES:,}: give the card's own file")
    numbers = sum(1 for _ in NUMBER.finditer(text)) if len(text) > 2 * MAX_NUMBERS else 0
    if numbers > MAX_NUMBERS:
        raise CardauditError(f"{name} has {numbers:,} numbers, a card has at most {MAX_NUMBERS:,}: give the card's own file")


def _read(text: str, name: str, sha256: str) -> Card:
    demand_size(len(text), name)
    demand_lines(text, name)
    document = read_document(text)
    dialect = next(dialect for dialect in DIALECTS if dialect.recognises(document))
    return dialect.read(document, Source(name, sha256, dialect.name))


def _decode(data: bytes, name: str) -> str:
    wide = data.startswith(UTF16)
    if not wide and b"\0" in data:
        raise CardauditError(
            f"{name} is binary (a zero byte at offset {data.index(0)}): give the card's text, for example README.md"
        )
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        seen = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        encoding = "UTF-16" if wide else "UTF-8"
        raise CardauditError(f"{name} is not {encoding} ({seen}): save it as UTF-8") from error
