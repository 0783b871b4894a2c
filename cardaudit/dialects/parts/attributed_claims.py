"""What a sentence says beside a metric's number: another model's, decoded with a language model, or on two splits."""

from cardaudit.dialects.parts.decoding import around, is_told
from cardaudit.dialects.parts.two_splits import results_of_both
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result

ON_SPLIT = deferred(r" and [*_`]{0,3}\d[\d.]{0,6} ?%?[*_`]{0,3} (?:on|for) ")
SIGNS = ("omparison, ", "paper ", "utperform", "urpass")  # one in each match of the next
HAS = r"(?:reach|achiev|obtain|attain|scor|get|ha[ds])"
OTHER = r"(?:the |an? |our )?(?P<{0}>[^,;.:\n]{{2,60}}?)"
OF_OTHER = deferred(
    rf"(?:\b[Ff]or comparison, {OTHER.format('compared')}(?: version| model)? {HAS}"
    rf"|\b(?:[Oo]utperform|[Ss]urpass)\w* {OTHER.format('beaten')},? (?:which|that) {HAS}"
    r"|\b[Tt]he (?:original )?(?P<paper>paper) (?:reports?|reported|states?|claims?|achieve[sd]?|gives?))[^.;\n]{0,60}\Z"
)
LOOKED_BACK = 200


def tells_attributes(text: str) -> bool:
    """A quick look: whether a sentence may say more of its numbers than their metrics."""
    return is_told(text) or any(map(text.__contains__, SIGNS)) or ON_SPLIT.search(text) is not None


def attributed(metric: str, number: Printed, text: str, start: int) -> list[Result]:
    """The results of a number that a text (at offset `start`) gives with its metric; none where it says no more of it."""
    begin, end = number.span.start - start, number.span.end - start
    if way := around(text, begin, end) if is_told(text) else None:
        return [Result(metric, number, setting=way)]
    return _of_other(metric, number, text, start) or results_of_both(metric, number, text, start)


def _of_other(metric: str, number: Printed, text: str, start: int) -> list[Result]:
    """ "(for comparison, frog-base reaches an F1 of 90)": a model that is told to be another than the card's."""
    at = number.span.start - start
    found = OF_OTHER.search(text, max(0, at - LOOKED_BACK), at) if any(map(text.__contains__, SIGNS)) else None
    if found is None:
        return []
    return [Result(metric, number, model=found["compared"] or found["beaten"] or found["paper"])]
