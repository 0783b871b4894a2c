"""The supports of the classes do not add up.

## What it does
Adds up the supports of all classes and holds the sum against the support printed for the averages, and the supports of each
class against each other over the rows of a table.

## Condition
Each example of a single-label problem belongs to one class: the supports add up to the support of "macro avg" and "weighted
avg" (scikit-learn, `classification_report`). The gold labels of one evaluation set do not change while a model is trained: a
class has one support in all rows. Reported where the classes have more together than such an average (`inconsistent`) or fewer
(`suspicious` in an author's own table, which may leave a class out), and where a class's support changes between rows
(`suspicious`: the set may be drawn anew). Beside "overall", "average" or "mean", an author's own words, both are `suspicious`:
an example may have several labels.

## When it stays silent
Where a class lacks its support. Where the averages print none, or an "average" prints the classes' mean support. Tables with a
row that may be one of all classes together ("total", a support that is the sum of all others).

## Usual causes
A class left out of the list; another evaluation set in one row; an edited digit.

## Example
Supports 120, 95 and 60 beside `weighted avg support 285`.
"""

from collections.abc import Iterator

from cardaudit.records import Card, Kind
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._classes import TABLE, Report, reports
from cardaudit.rules._columns import integer, metric_keys
from cardaudit.rules._groups import PROGRAMS, Fault, Tied, possible, told

SUPPORT = ("support", "number")
BY_ANYBODY = frozenset(("overall", "mean", "average", "avg"))


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", SUPPORT))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = [report for report in reports(card) if all(each.support is not None for each in report.classes)]
    if not found:
        raise NotCheckable("no supports are printed for all classes")
    sums = [fault for report in found for fault in _sums(card, report)]
    yield from told(sums or list(_changing(card)), ["each example has one label", "all classes are listed"])


def _sums(card: Card, report: Report) -> Iterator[Fault]:
    total = sum(each.support or 0 for each in report.classes)
    for name, scores in report.averages.items():
        number = scores.get("support")
        if number is not None and (printed := integer(number)) and printed != total and not _is_mean(name, printed, report):
            spoken_name = name.replace("_", " ")
            says = f"support {printed:,} of {spoken_name}, but its {len(report.classes)} classes have {total:,} together"
            key = f"{name}_support"
            proven = name not in BY_ANYBODY and (printed < total or _is_complete(card, report))
            kind: Kind = "inconsistent" if proven else "suspicious"
            yield Fault(Tied(report.where, (key,), (number,), (possible(card, number),)), says, {key: str(total)}, kind)


def _is_complete(card: Card, report: Report) -> bool:
    """Whether a program printed the classes, which leaves none out."""
    return card.dialect.startswith(PROGRAMS) and not report.where.startswith(TABLE)


def _is_mean(name: str, printed: int, report: Report) -> bool:
    total = sum(each.support or 0 for each in report.classes)
    return name in BY_ANYBODY and abs(printed * len(report.classes) - total) < len(report.classes)


def _changing(card: Card) -> Iterator[Fault]:
    for key in metric_keys(card):
        if not key.endswith(tuple(f"_{name}" for name in SUPPORT)):
            continue
        cells = [row.metrics[key] for row in card.epochs if key in row.metrics and not row.repair]
        texts = list(dict.fromkeys(cell.text for cell in cells if integer(cell)))
        if len(texts) > 1:
            other = next(cell for cell in cells if cell.text == texts[1])
            says = f"{key.replace('_', ' ')} is {texts[0]} in one row and {texts[1]} in another"
            yield Fault(Tied("the table", (key,), (other,), (possible(card, other),)), says, {key: texts[0]}, "suspicious")
