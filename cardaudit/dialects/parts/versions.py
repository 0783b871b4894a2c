"""Library versions: "Transformers 4.24.0", "Transformers: 4.24.0", "Transformers (4.24.0)"."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

VERSION = deferred(
    r"\b(sentence[ _-]transformers|adapter[ _-]transformers|transformers|pytorch|torch|tensorflow|datasets|tokenizers|peft|trl"
    r"|accelerate"
    r"|setfit|span_?marker|pylate|axolotl|lerobot|mlx[_-]lm|safetensors|unsloth|python|jax|flax|optimum|spacy|keras|timm|diffusers|chainer)(?:\b|(?=_version))"
    r"[ \t_*`]{0,4}(?:versions?)?[ \t*`:=(|v]{1,8}(\d+(?:\.\d+){1,3}[\w.+-]*)",
    re.I,
)
ESPNET = deferred(r"\bespnet version[ \t*_`:]{1,6}espnet (\d{6}|\d+(?:\.\d+){1,3}\w*)")
INSTALLATION = deferred(r"\binstall|\bpre-?requisite|\brequirements?\b", re.I)
NEEDED = deferred(  # a version that some use needs, or may have: none that the model was trained with
    r">=|≥|\bat least\b|\b(?:is|are) required\b|\brequires?\b|\bolder versions?\b"
    r"|\b(?:have|need) to (?:use|install)\b|\b[Ss]tarting (?:with|from)\b|\bor installing\b"
)
NAMED = (  # one in each name
    *("torch", "former", "tensor", "dataset", "token", "peft", "trl", "setfit", "unsloth", "python", "jax", "flax"),
    *("accelerate", "axolotl", "optimum", "spacy", "keras", "timm", "diffusers", "chainer"),
    *("lerobot", "mlx", "spanmarker", "span_marker", "pylate"),
)
UNDER = ("framework versions", "package versions", "library versions")  # where any name beside a version is a library's
LISTED = deferred(
    r"[*_`]{0,3}(?P<name>[A-Za-z][\w.-]{0,30}(?: (?:[A-Z][\w.-]{0,20}|version))?)[*_`]{0,3}:?[*_`]{0,3} [*_`v]{0,3}"
    r"(?P<version>\d+(?:\.\d+){1,3}[\w.+-]{0,60})[*_`]{0,3}\s*"
)
VERSION_LIKE = deferred(r"\d\.\d")
AT_LEAST = deferred(r"\+(?:\s|$)|\s?[(,]?\s?(?:or|and) (?:higher|newer|later|above|greater|up|more)\b", re.I)
KEYS = {"torch": "pytorch", "spanmarker": "span_marker"}


def read_versions(text: str, start: int, heading: str = "") -> Iterator[tuple[str, Printed]]:
    """The versions that a line names, by library; one that is only asked for ("3.6 or higher", an installation's) is none."""
    if "espnet version" in text and (dated := ESPNET.search(text)):  # its releases are months: 202211
        yield "espnet", Printed(dated[1], None, ZERO, Span(start + dated.start(1), start + dated.end(1)), "espnet")
    if VERSION_LIKE.search(text) is None:
        return
    listed = LISTED.fullmatch(text) if heading.lower() in UNDER else None
    if not (listed or any(map(text.lower().__contains__, NAMED))) or INSTALLATION.search(heading):
        return
    if listed:
        name = re.sub(r"[ .-]", "_", listed["name"].lower()).removesuffix("_version")
        version = listed["version"].rstrip(".-+")
        span = Span(start + listed.start("version"), start + listed.start("version") + len(version))
        yield KEYS.get(name, name), Printed(version, None, ZERO, span, listed["name"])
        return
    found_any = VERSION.search(text)
    if found_any is None or NEEDED.search(text):
        return
    for found in VERSION.finditer(text, found_any.start()):
        name = re.sub(r"[ -]", "_", found[1].lower())
        version = found[2].rstrip(".-+")
        if AT_LEAST.match(text, found.start(2) + len(version)) or (name == "python" and version[:2] not in ("2.", "3.")):
            continue  # "Python 66.6" is a score on problems in it
        span = Span(start + found.start(2), start + found.start(2) + len(version))
        yield KEYS.get(name, name), Printed(version, None, ZERO, span, found[1])
