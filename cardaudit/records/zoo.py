"""Many cards on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cardaudit.records.finding import Severity
from cardaudit.records.run import Outcome


@dataclass(frozen=True, slots=True)
class ZooRow:
    """One card of a zoo.

    `href` is the card's own page relative to the index, "" where it has none. `metric` is the headline metric with its `claimed`
    text as printed and `measured`, the mean of the seeds, None where nothing was trained; `outcome` is that of the primary
    verdict. `rules` are those that fired, each once. `error` says why a card could not be read; the rest is then empty.
    `year` is that of the card's last change. Cards that print the same numbers share `twins`, any word; "" without a table.
    `seconds` is roughly what training one seed takes on one data center GPU, None where the card does not tell.
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
    author: str = ""
    year: int | None = None
    twins: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """One rule over a zoo: `fired` cards have a finding of it, out of `checked` cards where it had something to look at.

    `severity` is that of its gravest finding, or its own where it has none; `graver`: in how many of the cards it is so grave.
    """

    rule: str
    severity: Severity
    fired: int
    checked: int
    graver: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a card has now and had not the last time, or the other way round.

    `kind` is "new" (a finding that was not there), "fixed" (one that is gone), or "contested" (a claim that retraining now speaks
    against). `rule` is the finding's, "" for a contested claim; `words` says the rest.
    """

    kind: Literal["new", "fixed", "contested"]
    name: str
    href: str = ""
    rule: str = ""
    severity: Severity = "info"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one device costs an hour. `currency` is a sign or a code, "" where the user did not say."""

    amount: float
    currency: str = ""

    def words(self, seconds: float) -> str:
        """What so many seconds cost, at least a hundredth."""
        cost = f"{max(self.amount * seconds / 3600, 0.01):,.2f}"
        return f"{cost} {self.currency}".strip() if self.currency.isalpha() else f"{self.currency}{cost}"


@dataclass(frozen=True, slots=True)
class Zoo:
    """Everything an index page shows. `rules` and `changes` come in any order: the page sorts them.

    `rows` can be gone through again and again, so a store may stand behind it; where `ordered`, they come in the page's order:
    downloads times the weight of what was found (cardaudit/report/zoo/rows.py). `since` is when the zoo was made the last time,
    "" for the first; without it there are no changes. `rate`: what a GPU costs, where the user said.
    """

    name: str
    rows: Iterable[ZooRow]
    rules: tuple[RuleCount, ...]
    made_at: str
    version: str
    command: str = ""
    since: str = ""
    changes: tuple[Change, ...] = ()
    ordered: bool = False
    rate: Rate | None = None
