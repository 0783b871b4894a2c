"""Many cards on one page."""

from dataclasses import dataclass

from cardaudit.records.finding import Severity
from cardaudit.records.run import Outcome


@dataclass(frozen=True, slots=True)
class ZooRow:
    """One card of a zoo.

    `href` is the card's own page relative to the index, "" where it has none. `metric` is the headline metric with its `claimed`
    text as printed and `measured`, the mean of the seeds, None where nothing was trained; `outcome` is that of the primary
    verdict. `rules` are those that fired, each once. `error` says why a card could not be read; the rest is then empty.
    """

    name: str
    href: str = ""
    title: str = ""
    task: str | None = None
    base_model: str | None = None
    dataset: str | None = None
    metric: str = ""
    claimed: str = ""
    measured: float | None = None
    outcome: Outcome | None = None
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    rules: tuple[str, ...] = ()
    unchecked: int = 0
    numbers_read: int = 0
    numbers_seen: int = 0
    downloads: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """One rule over a zoo: `fired` cards have a finding of it, out of `checked` cards where it had something to look at."""

    rule: str
    severity: Severity
    fired: int
    checked: int


@dataclass(frozen=True, slots=True)
class Zoo:
    """Everything an index page shows. `rows` and `rules` come in any order: the page sorts them."""

    name: str
    rows: tuple[ZooRow, ...]
    rules: tuple[RuleCount, ...]
    made_at: str
    version: str
    command: str = ""
