"""Findings that the keeper of a zoo allows in a file of their own, where the cards are other people's.

[[allow]]
card = "someone/model"          # a card's name, or a pattern such as "someone/*"
rule = "zero-f1"
because = "the evaluation split holds no entity"
until = 2027-06-30              # optional: the day after which it no longer counts
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError

KEYS = ("card", "rule", "because", "until")


@dataclass(frozen=True, slots=True)
class Allowance:
    """One entry. `until` is the last day on which it counts, None for ever."""

    card: str
    rule: str
    because: str
    until: date | None = None

    def covers(self, card: str) -> bool:
        """Whether it speaks of the card of that name."""
        return fnmatchcase(card.replace("\\", "/").removeprefix("./"), self.card)

    def expired(self, today: date) -> bool:
        return self.until is not None and today > self.until


def read_allowances(path: Path, rules: Sequence[str]) -> tuple[Allowance, ...]:
    """The entries of a file. Raises CardauditError where it is no TOML, or an entry lacks a key or names an unknown rule."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CardauditError(f"{path} does not exist: give a TOML file with [[allow]] entries") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardauditError(f"{path} cannot be read as TOML: {error}") from error
    entries = document.get("allow")
    if set(document) - {"allow"} or not isinstance(entries, list):
        raise CardauditError(f"{path}: expected [[allow]] entries with {', '.join(KEYS[:3])}, and until where they end")
    return tuple(_allowance(f"{path}, entry {number}", entry, rules) for number, entry in enumerate(entries, 1))


def _allowance(where: str, entry: Any, rules: Sequence[str]) -> Allowance:
    if not isinstance(entry, dict) or set(entry) - set(KEYS):
        raise CardauditError(f"{where}: expected the keys {', '.join(KEYS)}, found {entry!r}")
    for key in KEYS[:3]:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise CardauditError(f"{where}: {key} is missing: every allowance names its card, its rule and its reason")
    until = entry.get("until")
    if until is not None and type(until) is not date:
        raise CardauditError(f"{where}: until is {until!r}, expected a day such as 2027-06-30 without quotes")
    if entry["rule"] not in rules:
        raise CardauditError(f"{where}: there is no rule {entry['rule']!r}: cardaudit rules lists them")
    return Allowance(entry["card"], entry["rule"], entry["because"].strip(), until)
