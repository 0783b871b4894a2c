"""Where each value of a plan is from: given by the user, printed on the card, told by the files beside it, found in the data,
assumed, or missing.
"""

from pathlib import Path
from typing import Any, TypeVar

from cardaudit.plan.settings import OVERRIDES, PlanSettings, read_overrides
from cardaudit.records import Assumption, Card, Fact, Missing, Printed

Value = TypeVar("Value")
NO_ARGUMENTS = ("trainer_state.json", "config.json", "tokenizer_config.json", "model.safetensors")


class Ledger:
    """Collects, while a plan is made, the origin of every value, the assumptions, and what is missing."""

    def __init__(self, card: Card, settings: PlanSettings) -> None:
        self.card = card
        self.settings = settings
        self.origins: dict[str, str] = {}
        self.assumptions: list[Assumption] = []
        self.missing: list[Missing] = []
        table = read_overrides(settings.table, "the [plan] table")
        flags = read_overrides(settings.overrides, "--set")
        self._givers = dict.fromkeys(table, "the [plan] table") | dict.fromkeys(flags, "--set")
        self._given = table | flags

    def given(self, field: str, printed: Printed | None = None) -> Any:
        """The user's value, typed, or None; `printed` is what the card says instead, if it does."""
        if field not in self._given:
            return None
        against = f", against {printed.text} on line {self.card.line(printed.span)} of the card" if printed else ""
        self.origins[field] = f"given by {self._givers[field]}{against}"
        return self._given[field]

    def read(self, field: str, value: Value, printed: Printed | None = None) -> Value:
        """Notes that `value` is what the card says."""
        self.origins[field] = f"from the card, line {self.card.line(printed.span)}" if printed else "from the card"
        return value

    def found(self, field: str, value: Value, where: str) -> Value:
        """Notes that `value` was read elsewhere, for example off the table or in the data."""
        self.origins[field] = where
        return value

    def assume(self, field: str, value: Value, reason: str, *alternatives: Any) -> Value:
        """Notes that nothing says so; where a file beside the card does, its value is taken instead."""
        told = self.told(field) if field not in self.origins else None
        if told is not None:
            return told  # type: ignore[no-any-return]
        self.origins.pop(field, None)
        others = tuple(spell(other) for other in alternatives if spell(other) != spell(value))
        self.assumptions.append(Assumption(field, spell(value), reason, others))
        return value

    def told(self, field: str) -> Any:
        """What a file beside the card says of a field, typed as `--set` types it, with its origin noted; None where none does."""
        for fact in self._facts(field):
            try:
                value = OVERRIDES[field](spell(fact.value))
            except ValueError:  # -1 for "no bound", "no" for "never", a share where a number of steps is meant
                continue
            return self.found(field, value, f"{fact.file} says {fact.where} {spell(value)}")
        return None

    def _facts(self, field: str) -> list[Fact]:
        """The facts of a field from files of arguments; trainer_state.json repeats some with another meaning."""
        evidence = self.settings.evidence
        if evidence is None or field not in OVERRIDES:
            return []
        if field == "precision":
            return [
                Fact(field, fact.key, fact.file, field)
                for fact in evidence.facts
                if fact.key in ("fp16", "bf16") and fact.value is True
            ]
        named = [fact for fact in evidence.facts if fact.key == field and fact.value is not None]
        return [fact for fact in named if fact.file not in NO_ARGUMENTS]

    def lack(self, field: str, because: str, flag: str, implied: tuple[str, ...] = ()) -> None:
        """Notes that without this nothing can run; `implied`: what the card's numbers say about it."""
        self.missing.append(Missing(field, because, flag, implied))

    def path(self, field: str, text: str) -> Path:
        """A path that the user gave: relative to the folder of the [plan] table where it stands in one, else to here."""
        path = Path(text).expanduser()
        folder = self.settings.folder
        return folder / path if folder is not None and self._givers[field] != "--set" else path


def spell(value: Any) -> str:
    """A value as `--set` spells it: true, 0.01, a,b."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(spell, value)) if isinstance(value, tuple | list) else str(value)
