"""What a project asks of its cards: which rules for which card, what is allowed and why, what is known already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from cardaudit.config import PerFile
from cardaudit.lint import check_card
from cardaudit.records import Card, Checkup, Finding

if TYPE_CHECKING:
    from cardaudit.allowances import Allowance
    from cardaudit.baseline import Known
    from cardaudit.records import Census, Evidence, Run


@dataclass(slots=True, eq=False, repr=False)
class Policy:
    """`select` and `ignore` are names of rules or groups. `baseline` None: nothing is known. `census` None: the shipped one.

    Remembers what was of use.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: tuple[PerFile, ...] = ()
    allowances: "tuple[Allowance, ...]" = ()
    baseline: "Counter[Known] | None" = None
    today: date = field(default_factory=date.today)
    census: "Census | None" = None
    _used: "set[Allowance]" = field(default_factory=set)
    _seen: "Counter[Known]" = field(default_factory=Counter)

    def check(self, card: Card, runs: "Sequence[Run]" = (), evidence: "Evidence | None" = None) -> Checkup:
        """The checkup of one card under this policy; known findings stand apart."""
        name = card.source.name
        select, ignore = self.chosen(name)
        allowed = {each.rule: each for each in self.allowances if not each.expired(self.today) and each.covers(name)}
        reasons = {rule: each.because for rule, each in allowed.items()}
        checkup = check_card(card, select, ignore, runs, reasons, evidence, census=self.census)
        self._used.update(allowed[each.finding.rule] for each in checkup.suppressed if each.finding.rule in allowed)
        return self._without_known(card, checkup)

    def remember(self, used: "Iterable[Allowance]", seen: "Counter[Known]") -> None:
        """Takes note of what had an effect where findings came from a store, and not from `check`."""
        self._used.update(used)
        self._seen.update(seen)

    def leftovers(self) -> list[str]:
        """What had no effect on the cards checked so far: allowances unused or ended, known findings gone; a sentence each."""
        lines = [
            f"the allowance of {each.rule} for {each.card} ended on {each.until}: renew or remove it"
            if each.expired(self.today)
            else f"the allowance of {each.rule} for {each.card} allows nothing: remove it"
            for each in self.allowances
            if each not in self._used
        ]
        gone = sum(((self.baseline or Counter()) - self._seen).values())
        if gone:
            lines.append(
                f"{gone} known {'finding is' if gone == 1 else 'findings are'} gone: --write-baseline drops what is gone"
            )
        return lines

    def chosen(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """`select` and `ignore` for the card of that name."""
        select, ignore = self.select, self.ignore
        for each in self.per_file:
            if fnmatchcase(_below(name, each.base), each.pattern):
                select, ignore = each.select or select, (*ignore, *each.ignore)
        return select, ignore

    def _without_known(self, card: Card, checkup: Checkup) -> Checkup:
        if not self.baseline:
            return checkup
        from cardaudit.baseline import known_by

        left = self.baseline.copy()
        new: list[Finding] = []
        known: list[Finding] = []
        for finding in checkup.findings:
            key = known_by(card, finding)
            (known if left[key] > 0 else new).append(finding)
            left[key] -= 1
            self._seen[key] += 1
        return replace(checkup, findings=tuple(new), known=tuple(known))


def _below(name: str, base: Path) -> str:
    """A file's name relative to the folder of the settings, with forward slashes; Hub ids and files elsewhere as they are."""
    path = Path(name)
    if path.exists() and path.resolve().is_relative_to(base):
        return path.resolve().relative_to(base).as_posix()
    return path.as_posix()
