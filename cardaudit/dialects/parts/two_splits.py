"""A metric told once for two splits: "an F1 of 82.6% on dev and 85.2% on test", "of 82.6 and 85.2 on the dev and test sets"."""

from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import printed
from cardaudit.document import Line
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

SPLIT = (
    r"(?:the )?(?P<{0}>test|dev|development|validation|valid|eval|evaluation|train|training)(?:/\w+)?"
    r"(?:[ -](?:sets?|splits?|data ?sets?|data))?\b"
)
NUMBER = r"\d{1,3}\.\d+ ?%?|\d{1,3} ?%"
BOTH = deferred(
    rf"[*_`]{{0,3}},? (?:on|for) {SPLIT.format('first')},? and [*_`]{{0,3}}(?P<n>{NUMBER})[*_`]{{0,3}} "
    rf"(?:on|for) {SPLIT.format('second')}"
)
IN_ORDER = deferred(
    rf"[*_`]{{0,3}} and [*_`]{{0,3}}(?P<n>{NUMBER})[*_`]{{0,3}},?(?: respectively,?)? (?:on|for) "
    rf"{SPLIT.format('first')} and {SPLIT.format('second')}(?<=s)\b"
)
NAMELESS = deferred(rf"(?:^|\s)[*_`]{{0,3}}(?P<n>{NUMBER})(?=[*_`]{{0,3}},? (?:on|for) )")
MARKUP = "*_`: "


def results_of_both(metric: str, number: Printed, text: str, start: int) -> list[Result]:
    """The results of a metric that a sentence gives two numbers of, the first of which is known; none where it gives one."""
    end = number.span.end - start
    found = BOTH.match(text, end) or IN_ORDER.match(text, end)
    if found is None or found["first"] == found["second"]:
        return []
    stands = found["n"].rstrip()
    span = Span(start + found.start("n"), start + found.start("n") + len(stands))
    second = printed(stands, span, number.label)
    return [Result(metric, number, split=found["first"]), Result(metric, second, split=found["second"])]


def results_under(heading: str, line: Line) -> list[Result]:
    """The same where the metric is the heading alone: "## Accuracy" above "We reach 83% on dev and 84% on test"."""
    if " and " not in line.text or not is_metric_label(metric := metric_key(heading.strip(MARKUP))):
        return []
    found = NAMELESS.search(line.text)
    if found is None:
        return []
    stands = found["n"].rstrip()
    begin = line.start + found.start("n")
    return results_of_both(metric, printed(stands, Span(begin, begin + len(stands)), heading), line.text, line.start)
