"""Which words name a model: a repository, a size, a word of a known family."""

import re
from functools import cache, lru_cache

from cardaudit.facts import load
from cardaudit.patterns import deferred

WORDS = deferred(r"[^\W_]+")
SIZED_MODEL = deferred(r"\d+(?:\.\d+)? ?[BM](?: params)?|.*\b\d+(?:\.\d+)?x?\d*[BM]\b.*", re.I)
REPOSITORY = deferred(r"[\w.-]+/[\w.-]*[A-Za-z][\w.-]*")
OF_MODEL = deferred(r"\bmodel (?:size|params?|parameters|type)\b", re.I)  # what a model has
SIZE = r"(?:tiny|mini|small|base|large|medium|xl|xxl|uncased|cased|distilled|finetuned)"
MODEL_ID = deferred(rf"[a-z][\w.]*-(?:[\w.]+-)*{SIZE}(?:-[\w.]+)*")

RELEASE = deferred(
    r"(?:our |the )?(?:prev(?:ious|\.)?|old(?:er)?|new(?:er)?|earlier|last|first|v\d+(?:\.\d+)*)(?: (?:release|version|model))?",
    re.I,
)


@lru_cache(maxsize=8192)
def is_model(label: str) -> bool:
    """Whether a label names a model: a repository, a size, or a word of a known family ("mBERT", "Llama 3 8B")."""
    if REPOSITORY.fullmatch(label) and any(c in label for c in "-_"):
        return True
    if OF_MODEL.search(label):
        return False
    if SIZED_MODEL.fullmatch(label) or is_model_id(label):
        return True
    words = WORDS.findall(label.lower())
    if not words or len(words) > 12:
        return False
    families = _families()
    return any(
        word in families
        or word.rstrip("0123456789") in families
        or word.endswith(("bert", "llama", "roberta"))
        or word.startswith("yolo")
        for word in words
    )


def is_model_id(label: str) -> bool:
    """Whether a label is spelled as a model's id is, whatever data set it was tuned on ("small-transformer-base-imdb")."""
    return label.count("-") > 1 and MODEL_ID.fullmatch(label) is not None


def is_release(remark: str) -> bool:
    """Whether words in brackets behind a model's name tell which of several of that name it is ("prev.", "v2")."""
    return RELEASE.fullmatch(remark) is not None


@cache
def _families() -> frozenset[str]:
    return frozenset(load("table_words")["models"])
