"""One card of a zoo: bytes in, rows for the store out. Runs wherever there is a core, so both ends are plain values."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from cardaudit.coverage import coverage
from cardaudit.errors import CardauditError
from cardaudit.facts import is_timing
from cardaudit.lint import check_card
from cardaudit.parse import read_bytes, read_card
from cardaudit.plan.price import rough_seconds
from cardaudit.records import Card, Checkup, Finding, Place, Printed, Span
from cardaudit.rules._suppressions import suppressions
from cardaudit.zoo.checks import Checks, checks_of

Form = Literal["file", "row"]
MOST_NUMBERS = 100  # of one card that are kept for comparisons between cards
MOST_TOLD = 20_000  # digests that a process keeps; of the Hub's cards every sixth has checks of its own
TELLING_NUMBERS = 4  # so many printed metrics hardly come about twice


class Task(NamedTuple):
    """A card to be checked. `form` "file": the bytes of a file in any encoding; "row": a text of a list, as UTF-8.

    `again`: only these rules, of a card that was checked before; `prior` are its other findings, as `finding_row` writes them.
    """

    ticket: int
    name: str
    form: Form
    data: bytes
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    prior: tuple[tuple[Any, ...], ...] = ()


class Linted(NamedTuple):
    """What came of a task. `error` says why the card could not be read; the rest is then empty.

    `header`: values of HEADER; `findings`: rows of FINDING; `numbers`: rows of NUMBER; `text`: the bytes, deflated.
    """

    ticket: int
    error: str = ""
    header: tuple[Any, ...] = ()
    findings: tuple[tuple[Any, ...], ...] = ()
    numbers: tuple[tuple[Any, ...], ...] = ()
    checks: Checks | None = None
    text: bytes = b""


HEADER = (
    *("dialect", "title", "task", "base_model", "dataset", "metric", "claimed", "claimed_value", "generator"),
    *("numbers_digest", "numbers_read", "numbers_seen", "suppressing", "rough_seconds"),
)
FINDING = (
    *("rule", "kind", "severity", "confidence", "message", "line", "col", "places", "printed", "arithmetic", "allowed_because"),
)
NUMBER = ("nth", "place", "metric", "text", "value", "dataset", "split")


def lint(task: Task, told: set[str]) -> Linted:
    """Reads and checks one card. Never raises; `told` are digests of checks that the receiver has, and grows to MOST_TOLD."""
    try:
        return _linted(task, told)
    except CardauditError as error:
        return Linted(task.ticket, str(error))
    except Exception as error:  # one card must not stop the others
        return Linted(task.ticket, f"internal error: {type(error).__name__}: {error}")


def _linted(task: Task, told: set[str]) -> Linted:
    card = read(task.name, task.form, task.data)
    checkup = _checked(card, task)
    check, findings = checks_of(checkup.clear, checkup.unchecked), tuple(finding_rows(card, checkup))
    if task.again:
        return Linted(task.ticket, "", (), findings, (), check)
    if check.digest in told:
        check = check._replace(clear="", unchecked="")
    if len(told) >= MOST_TOLD:
        told.clear()  # told once more, they cost a message and no memory
    told.add(check.digest)
    return Linted(task.ticket, "", _header(card), findings, tuple(_numbers(card)), check, zlib.compress(task.data, 1))


def read(name: str, form: Form, data: bytes) -> Card:
    """The card of stored bytes. Raises CardauditError where they are none."""
    if form == "file":
        return read_bytes(data, name)
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise CardauditError(f"{name} is not UTF-8 (offset {error.start})") from error
    if not text.strip():
        raise CardauditError("the card is empty")
    return read_card(text, name)


def _checked(card: Card, task: Task) -> Checkup:
    if not task.again:
        return check_card(card, task.select, task.ignore)
    return check_card(card, task.again, prior=tuple(finding_of(row) for row in task.prior))


def finding_of(row: tuple[Any, ...]) -> Finding:
    """The finding of a row of FINDING, exact but for its fix."""
    rule, kind, severity, confidence, message, _, _, places, _, arithmetic, _ = row
    at = tuple(Place(Span(start, end), file) for start, end, file in json.loads(places))
    return Finding(rule, kind, severity, confidence, message, at, json.loads(arithmetic))


def finding_rows(card: Card, checkup: Checkup) -> Iterator[tuple[Any, ...]]:
    """Rows of FINDING of all findings, with the reason where the card's own author allows one: the keeper's word is not kept."""
    for finding in (*checkup.findings, *checkup.known):
        yield _finding_row(card, finding, None)
    for each in checkup.suppressed:
        yield _finding_row(card, each.finding, None if each.external else each.reason)


def _finding_row(card: Card, finding: Finding, allowed_because: str | None) -> tuple[Any, ...]:
    first = finding.at[0].span
    places = [(place.span.start, place.span.end, place.file) for place in finding.at]
    printed = [" ".join(card.text[start:end].split()) for start, end, file in places if not file]
    return (
        finding.rule,
        finding.kind,
        finding.severity,
        finding.confidence,
        _encodable(finding.message),
        card.line(first),
        card.column(first),
        _json(places),
        _json(printed),
        _json(dict(finding.arithmetic)),
        allowed_because and _encodable(allowed_because),
    )


def _header(card: Card) -> tuple[Any, ...]:
    metric, number = headline(card)
    read_, seen = coverage(card)
    return (
        card.dialect,
        _text(card.model_name),
        _text(card.task),
        _text(card.base_model),
        _encodable(card.datasets[0].id) if card.datasets else None,
        metric,
        _text(number),
        float(number.value) if number and number.value is not None else None,
        card.generator.name if card.generator else None,
        _numbers_digest(card),
        read_,
        seen,
        int(any(True for _ in suppressions(card))),
        rough_seconds(card),
    )


def headline(card: Card) -> tuple[str, Printed | None]:
    """The metric that a card leads with: F1 before accuracy before any other, a loss last; never how long something took."""
    reported = card.headline or (card.epochs[-1].metrics if card.epochs else {})
    names = [name for name in ("f1", "accuracy", *reported) if name in reported and not is_timing(name)]
    losses = [name for name in ("loss", *names) if name in reported and name.endswith("loss")]
    name = next((name for name in names if not name.endswith("loss")), losses[0] if losses else "")
    return name, reported.get(name)


def _numbers_digest(card: Card) -> str | None:
    """Equal for cards that print the same metrics in headline and table; None where they print too few to tell."""
    printed = [f"{key} {number.text}" for key, number in card.headline.items()]
    for row in card.epochs:
        printed += [f"{key} {number.text}" for key, number in row.metrics.items()]
        printed += [number.text for number in (row.training_loss, row.validation_loss) if number is not None]
    if len(set(printed)) < TELLING_NUMBERS:
        return None
    return hashlib.sha256("\n".join(printed).encode("utf-8", "replace")).hexdigest()[:16]


def _numbers(card: Card) -> Iterator[tuple[Any, ...]]:
    """What cards are compared by: the headline, or the last row of the table without one, and the front matter's model-index."""
    last = card.epochs[-1].metrics if card.epochs and not card.headline else {}
    stated = [("headline", key, number) for key, number in card.headline.items()]
    stated += [("last row", key, number) for key, number in last.items()]
    rows: list[tuple[Any, ...]] = [(place, key, _text(number), _float(number), None, None) for place, key, number in stated]
    for each in card.model_index:
        dataset = each.dataset_type or each.dataset_name
        rows.append(("model-index", each.metric, _text(each.number), _float(each.number), dataset, each.split))
    for nth, row in enumerate(rows[:MOST_NUMBERS]):
        yield nth, *row


def _float(number: Printed) -> float | None:
    return None if number.value is None else float(number.value)


def _text(printed: Printed | None) -> str | None:
    return None if printed is None else _encodable(printed.text)


def _encodable(text: str) -> str:
    """SQLite takes UTF-8 only; half a surrogate pair of a card becomes an escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


_json = json.JSONEncoder(separators=(",", ":")).encode
