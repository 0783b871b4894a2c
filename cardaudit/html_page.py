"""A saved web page as Markdown: a model's page of the Hub, or an article that tells of a training.

BeautifulSoup reads the page and markdownify (1.2) writes the Markdown; tables stay tables, scripts, styles and menus go.
"""

import re
from typing import Any

from cardaudit.errors import CardauditError, MissingExtra
from cardaudit.patterns import deferred

SUFFIXES = (".html", ".htm")
BEGINS = deferred(r"\ufeff?\s*(?:<!--[^>]{0,2000}-->\s*|<\?xml[^>]{0,200}>\s*){0,5}<(?:!doctype\s+html|html)\b", re.I)
DECLARATION = deferred(r"<[!?][^<>]{0,300}>?")
TAG = deferred(r"<(/?)([a-z][a-z0-9]{0,12})\b", re.I)
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "path", "source", "track", "wbr")
)
DROPPED = ("script", "style", "nav", "header", "footer", "noscript", "template", "svg", "form", "button", "iframe", "aside")
CONTENT = (".model-card-content", "article", "main", "body")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLANK_LINES = deferred(r"\n[ \t]*(?:\n[ \t]*){2,}")
MOST_CHARACTERS = 2 * 2**20
MOST_TAGS = 60_000
DEEPEST = 150


def is_html(text: str, name: str = "") -> bool:
    """Whether a text is a whole page: by its first tag, or by the name's suffix where it begins with a tag at all."""
    return BEGINS.match(text) is not None or (name.lower().endswith(SUFFIXES) and text.lstrip("\ufeff \t\r\n").startswith("<"))


def page_as_markdown(text: str, name: str) -> str:
    """The page's main part as Markdown: what carries the Hub's card, else its one article, its main element or its body.

    Raises MissingExtra without the extra `html`, CardauditError for a page that is too long or nested too deeply.
    """
    if len(text) > MOST_CHARACTERS:
        size = f"{len(text) / 2**20:.1f} MB"
        raise CardauditError(f"{name} has {size} of HTML, at most {MOST_CHARACTERS // 2**20} are read: give the card's text")
    text = _without_comments(text)
    tags = sum(1 for _ in TAG.finditer(text))
    if tags > MOST_TAGS or text.count("<") > 2 * MOST_TAGS:
        raise CardauditError(f"{name} has {tags:,} tags of HTML, at most {MOST_TAGS:,} are read: give the card's text")
    if _depth(text) > DEEPEST:
        raise CardauditError(f"{name} nests over {DEEPEST} elements of HTML in each other: give the card's text")
    try:
        from bs4 import BeautifulSoup
        from markdownify import ATX, MarkdownConverter
    except ImportError as error:
        raise MissingExtra(f"reading the HTML page {name} needs markdownify: pip install 'cardaudit[html]'") from error
    soup = BeautifulSoup(text, "html.parser")
    part = _main_part(soup)
    writer = MarkdownConverter(
        heading_style=ATX,
        bullets="-",
        table_infer_header=True,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
    )
    return BLANK_LINES.sub("\n\n", str(writer.convert_soup(part))).strip() + "\n"


def _without_comments(text: str) -> str:
    """Without comments and declarations: the standard library's parser takes quadratic time over those that never close."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(text)
    return DECLARATION.sub("", "".join([*kept, text[at:]]))


def _main_part(soup: Any) -> Any:
    """The element with the content, without what is no content; links in headings are their own anchors."""
    for element in soup(DROPPED):
        element.decompose()
    for heading in soup(HEADINGS):
        for link in heading("a"):
            link.unwrap()
    for selector in CONTENT:
        found = soup.select(selector)
        if len(found) == 1:
            return found[0]
    return soup


def _depth(text: str) -> int:
    """How many elements are open at most, those that are never closed included."""
    depth = deepest = 0
    for tag in TAG.finditer(text):
        if tag[2].lower() in VOID:
            continue
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest
