"""A quick look at words, before any part reads them: half of all paragraphs and items of a card say nothing that is read."""

from cardaudit.dialects.parts.numbers import has_digit
from cardaudit.dialects.parts.told_settings import SIGNS_OF_SETTINGS

SIGNS = (*SIGNS_OF_SETTINGS, ":", "=", "：", "--", "load_dataset(", ".from_pretrained(")
PARTICLES = ("を", "は", "微", "の", "数", "的", "率", "模", "了", "은", "는", "을", "를", "다")  # one stands in most sentences


def is_east_asian(text: str) -> bool:
    """Whether a text may have a sentence in Chinese, Japanese or Korean."""
    return not text.isascii() and any(map(text.__contains__, PARTICLES))


def says_nothing(text: str) -> bool:
    """Whether no part reads anything from words, whatever stands around them: no number, no name with a value, no code."""
    return not has_digit(text) and not any(map(text.__contains__, SIGNS))
