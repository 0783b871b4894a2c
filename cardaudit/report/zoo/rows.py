"""The rows of a zoo's page: as the template prints the first of them, and as the page's script gets them all."""

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cardaudit.escaping import visible
from cardaudit.plurals import count
from cardaudit.records import ZooRow
from cardaudit.report.words import OUTCOMES, SEVERITIES, Mark, beside, metric_words

WEIGHTS = {"errors": 100, "warnings": 10, "notes": 1}
DEVIATES = 1000
GRAVITY = {"error": "error", "warning": "warning", "note": "info", "none": "agrees", "unread": "open"}
OUTCOME_ORDER = ("deviates", "undecided", "not comparable", "not measured", "reproduced", "replayed")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One card as the page prints it, by the template and by zoo.js alike.

    `rank` orders by outcome; `gravity` and `tone` are classes; `changes` are the kinds of what is new since the last time.
    """

    name: str
    href: str
    title: str
    task: str
    base: str
    data: str
    author: str
    year: str
    downloads: int
    claimed: str
    measured: str
    outcome: str
    tone: str
    rank: int
    findings: str
    gravity: str
    severities: tuple[str, ...]
    rules: tuple[str, ...]
    read: str
    twins: str
    changes: tuple[str, ...]

    @property
    def about(self) -> str:
        """The second line under a card's name."""
        downloads = f"{self.downloads:,} downloads" if self.downloads else ""
        return " · ".join(filter(None, (self.title, self.task, self.base, self.data, self.year, downloads)))


def impact(row: ZooRow) -> tuple[int, int, str]:
    """The order of the cards: downloads times the weight of what was found; a card that cannot be read weighs like an error."""
    downloads = row.downloads or 0
    return -doubt(row) * (downloads + 1), -downloads, row.name


def doubt(row: ZooRow) -> int:
    """How much speaks against a card, in notes: a warning weighs 10, an error 100, a claim that retraining refutes 1,000."""
    weight = sum(WEIGHTS[name] * getattr(row, name) for name in WEIGHTS)
    return int(weight + DEVIATES * (row.outcome == "deviates") + WEIGHTS["errors"] * bool(row.error))


def shown(row: ZooRow, changes: Sequence[str] = ()) -> ShownRow:
    """The words of one row."""
    mark = OUTCOMES[row.outcome] if row.outcome else Mark("", "", "")
    found = severities(row)
    return ShownRow(
        name=visible(row.name),
        href=row.href,
        title=visible(row.title) if row.title != row.name.rpartition("/")[2] else "",
        task=visible(row.task or ""),
        base=visible(row.base_model or ""),
        data=visible(row.dataset or ""),
        author=visible(row.author),
        year=str(row.year or ""),
        downloads=row.downloads or 0,
        claimed=visible(f"{metric_words(row.metric)} {row.claimed}".strip()),
        measured="" if row.measured is None else beside(row.measured, row.claimed),
        outcome=f"{mark.sign} {mark.word}".strip(),
        tone=mark.tone,
        rank=OUTCOME_ORDER.index(row.outcome) if row.outcome else len(OUTCOME_ORDER),
        findings=visible(f"∅ {row.error}") if row.error else _found(row),
        gravity=GRAVITY[found[0] if found else "none"],
        severities=found or ("none",),
        rules=tuple(visible(rule) for rule in row.rules),
        read=f"{row.numbers_read:,} of {row.numbers_seen:,}" if row.numbers_seen else "",
        twins=row.twins,
        changes=tuple(changes),
    )


def severities(row: ZooRow) -> tuple[str, ...]:
    """The severities that a card has findings of, gravest first; `unread` where it could not be read."""
    if row.error:
        return ("unread",)
    return tuple(name for name, number in (("error", row.errors), ("warning", row.warnings), ("note", row.notes)) if number)


def _found(row: ZooRow) -> str:
    numbers = (("error", row.errors), ("warning", row.warnings), ("info", row.notes))
    marks = [(SEVERITIES[severity], number) for severity, number in numbers if number]  # type: ignore[index]
    return ", ".join(f"{mark.sign} {count(number, mark.word)}" for mark, number in marks) or "✓ nothing"


# Columns whose words repeat from card to card: each word once, and its place a card.
REPEATED = (
    "title", "task", "base", "data", "author", "year", "claimed", "measured", "outcome", "tone", "rank", "findings", "gravity",
    "severities", "rules", "read", "twins", "changes",
)  # fmt: skip
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # zoo.js has the same


def record(rows: Iterable[ShownRow], **more: int) -> str:
    """The rows by column, as JSON, with `more` beside them: what the page's script filters and shows.

    A column is a list, or `{"words": [...], "rows": [place of the word, ...]}`; where at most 64 words occur, `rows` is a text
    with one of LETTERS a card. A page of its own at the usual place is `true`. The rows are gone through once and not kept.
    """
    repeated = [(name, _Column({}, array("L"))) for name in REPEATED]
    names, downloads, pages = list[str](), list[int](), _Column({}, array("L"))
    for row in rows:
        for name, (numbers, places) in repeated:
            places.append(numbers.setdefault(getattr(row, name), len(numbers)))
        names.append(row.name)
        downloads.append(row.downloads)
        pages.places.append(pages.numbers.setdefault(row.href == f"cards/{row.name}/report.html" or row.href, len(pages.numbers)))
    columns: dict[str, Any] = {name: column.packed() for name, column in repeated}
    columns |= {"name": names, "downloads": downloads, "href": pages.packed()}
    return json.dumps({"count": len(names), **more, "columns": columns}, ensure_ascii=False, separators=(",", ":"))


class _Column(NamedTuple):
    """The words of a column by their place, and the place of each row's word."""

    numbers: dict[Any, int]
    places: "array[int]"

    def packed(self) -> dict[str, Any]:
        few = len(self.numbers) <= len(LETTERS)
        rows = "".join([LETTERS[place] for place in self.places]) if few else self.places.tolist()
        return {"rows": rows, "words": list(self.numbers)}
