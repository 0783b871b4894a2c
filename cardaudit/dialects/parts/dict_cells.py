"""A dict where one number is due: seqeval's entity types, "{'precision': 0.9, 'recall': 0.8, 'f1': 0.85, 'number': 28}".

The Trainer prints the dict's own repr, so its floats are whole; numpy 2 prints them as `np.float64(0.9)`.
"""

from collections.abc import Iterator

from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import printed
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

NUMBER = r"(?:np\.(?:float|int)\d{1,2}\()?(-?\d[\d.]{0,24}(?:e[-+]?\d{1,3})?|nan)(?=[,})])"
ITEM = deferred(rf"""['"]([\w -]{{1,40}})['"]: {NUMBER}""")
ARRAY = deferred(r"\[ *(?:[01](?:\.\d{0,20})?[, ]+){1,200}[01](?:\.\d{0,20})? *\]")
IN_ARRAY = deferred(r"[01](?:\.\d+)?")
BY_CLASS = frozenset(("f1", "precision", "recall", "iou", "dice", "jaccard"))
MAX_DICT = 2_000


def numbers_of_dict(text: str, start: int, label: str) -> Iterator[tuple[str, Printed]]:
    """Key and number of each item, "loc_precision" for a precision under "Loc"; nothing where the text is no dict."""
    if not text.startswith("{") or len(text) > MAX_DICT:
        return
    for found in ITEM.finditer(text):
        span = Span(start + found.start(2), start + found.end(2))
        yield _key(label, found[1]), printed(found[2], span, f"{label} {found[1]}")


def numbers_of_array(text: str, start: int, label: str) -> Iterator[Printed]:
    """The numbers of a metric taken for each class, as numpy and Python print an array: "[0.991 0.9915]", "[0.99, 0.98]"."""
    if not ARRAY.fullmatch(text) or metric_key(label).rpartition("_")[2] not in BY_CLASS:
        return
    for found in IN_ARRAY.finditer(text):
        yield printed(found[0], Span(start + found.start(), start + found.end()), label)


def _key(label: str, item: str) -> str:
    """Under "Rouge" an item "rouge1" needs no second name."""
    outer, inner = metric_key(label), metric_key(item)
    return inner if inner.startswith(outer) else metric_key(f"{label} {item}")
