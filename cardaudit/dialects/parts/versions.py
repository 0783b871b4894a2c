"""Library versions: "Transformers 4.24.0", "Transformers: 4.24.0", "Transformers (4.24.0)"."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.records import Printed, Span

VERSION = re.compile(
    r"\b(sentence[ _-]transformers|adapter[ _-]transformers|transformers|pytorch|torch|tensorflow|datasets|tokenizers|peft|trl"
    r"|accelerate"
    r"|setfit|safetensors|unsloth|python|jax|flax|optimum|spacy|keras|timm|diffusers)(?:\b|(?=_version))"
    r"[ \t_*`]{0,4}(?:versions?)?[ \t*`:=(|v]{1,8}(\d+(?:\.\d+){1,3}[\w.+-]*)",
    re.I,
)
VERSION_LIKE = re.compile(r"\d\.\d")
KEYS = {"torch": "pytorch"}


def read_versions(text: str, start: int) -> Iterator[tuple[str, Printed]]:
    """The versions that a line names, by library."""
    if VERSION_LIKE.search(text) is None:
        return
    for found in VERSION.finditer(text):
        name = re.sub(r"[ -]", "_", found[1].lower())
        version = found[2].rstrip(".-+")
        span = Span(start + found.start(2), start + found.start(2) + len(version))
        yield KEYS.get(name, name), Printed(version, None, ZERO, span, found[1])
