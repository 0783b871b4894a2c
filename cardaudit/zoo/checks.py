"""What became of the rules that found nothing in a card, as JSON that many cards share: clear, or nothing to look at and why."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from cardaudit.records import Unchecked

_json = json.JSONEncoder(separators=(",", ":")).encode


class Checks(NamedTuple):
    """`clear`: a JSON list of rules; `unchecked`: a JSON object of reason and rules, with their number.

    Both are "" where the digest was told before.
    """

    digest: str
    clear: str
    unchecked: str
    unchecked_rules: int


@lru_cache(maxsize=256)
def checks_of(clear: tuple[str, ...], unchecked: tuple[Unchecked, ...]) -> Checks:
    """Of a checkup; equal ones are equal texts."""
    reasons: dict[str, list[str]] = {}
    for each in unchecked:
        reasons.setdefault(each.because, []).append(each.rule)
    return _checks(clear, reasons)


def merged(old: Checks, new: Checks | None, renewed: Iterable[str]) -> Checks:
    """`old` without the rules that were `renewed` or are gone, and with what `new` says of them."""
    gone = frozenset(renewed)
    clear = [rule for rule in json.loads(old.clear) if rule not in gone]
    reasons = {because: [rule for rule in rules if rule not in gone] for because, rules in json.loads(old.unchecked).items()}
    if new is not None:
        clear += json.loads(new.clear)
        for because, rules in json.loads(new.unchecked).items():
            reasons.setdefault(because, []).extend(rules)
    return _checks(clear, reasons)


def _checks(clear: Iterable[str], reasons: Mapping[str, list[str]]) -> Checks:
    clear_json = _json(sorted(clear))
    ordered = {because: sorted(reasons[because]) for because in sorted(reasons) if reasons[because]}
    unchecked_json = _json(ordered)
    digest = hashlib.sha256(f"{clear_json}\n{unchecked_json}".encode()).hexdigest()[:16]
    return Checks(digest, clear_json, unchecked_json, sum(map(len, ordered.values())))
