"""Why cards of a zoo cannot be retrained: a line a reason, not a line a card."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from cardaudit.errors import CardauditError
from cardaudit.plurals import count, listed
from cardaudit.records import Missing

FEW = 3  # cards that are told one by one, and that are named of a reason
MOST_REASONS = 20
OTHER_TASK = ": cardaudit trains token and text classification only, and they tell of another task"


def by_reason(lacking: Sequence[tuple[str, CardauditError]]) -> list[str]:
    """A sentence a reason with how many cards it holds back and the first three of them, the commonest reason first.

    `lacking`: the name of each card and what was raised when it was planned. Up to three cards get a sentence each.
    """
    if len(lacking) <= FEW:
        return [f"{name}: {error}" for name, error in lacking]
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for name, error in lacking:
        reasons[_reason(error)].append(name)
    ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
    lines = [_line(reason, names) for reason, names in ordered[:MOST_REASONS]]
    if rest := [name for _, names in ordered[MOST_REASONS:] for name in names]:
        lines.append(_line(" for other reasons", rest))
    return [*lines, "cardaudit plan CARD says for one of them what is missing and what is known of it"]


def _reason(error: CardauditError) -> str:
    missing: Sequence[Missing] = getattr(error, "missing", ())
    if not missing:
        return f": {error}"
    if any(fact.field == "task" and not fact.flag for fact in missing):
        return OTHER_TASK
    facts = sorted({(fact.field, _flag(fact)) for fact in missing})
    return " for want of " + listed([f"{field}{flag}" for field, flag in facts])


def _flag(fact: Missing) -> str:
    return f" ({fact.flag})" if fact.flag else ""


def _line(reason: str, names: Sequence[str]) -> str:
    shown = [Path(name).name if Path(name).stem.lower() not in ("readme", "card") else name for name in names[:FEW]]
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return f"{count(len(names), 'card')} ({', '.join(shown)}{more}) cannot be retrained{reason}"
