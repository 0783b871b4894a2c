"""HTML from templates: one file that needs no network, no script to be read, and trusts no text of a card."""

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardaudit.escaping import visible

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGE = Path(__file__).resolve().parent.parent
CANDIDATES = (PACKAGE / "templates", PACKAGE.parent / "templates")  # a wheel, a checkout


def render_page(template: str, script: str = "", beside: bool = False, **values: Any) -> str:
    """A whole page. Only the style sheet and `script`, files of our own, may act: the page's policy names their hashes.

    `beside`: scripts out of the page's own place may act too, which hold the data of a large zoo.
    """
    from markupsafe import Markup

    style = _source("style.css")
    program = _source(script) if script else ""
    return _environment().get_template(template).render(
        style=Markup(style), script=Markup(program), policy=_policy(style, program, beside), **values
    )  # fmt: skip


def _source(name: str) -> str:
    return (_folder() / name).read_text(encoding="utf-8")


@cache
def _folder() -> Path:
    return next(folder for folder in CANDIDATES if folder.is_dir())


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.policies["json.dumps_function"] = _json
    environment.policies["json.dumps_kwargs"] = {}
    return environment


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    return visible(value) if type(value) is str else value


def _json(value: Any, **_: Any) -> str:
    """JSON text as it is: a page embeds the very document that is written beside it; jinja2's `tojson` escapes it for HTML."""
    return str(value)


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that it is whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _policy(style: str, script: str, beside: bool) -> str:
    sources = f"style-src '{_hash(style)}'"
    if script:
        sources += f"; script-src '{_hash(script)}'" + (" 'self' file:" if beside else "")
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
