"""Findings that are known: a project can start with what it has today and be told of new ones only.

A finding is known by its card, its rule and the values printed at its places, never by lines: it stays known when the card is
edited elsewhere, and is new again when one of its numbers changes. Two alike in one card count twice.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.records import Card, Finding

SCHEMA = "cardaudit.baseline/1"


class Known(NamedTuple):
    """What a finding is known by; `values` are the texts at its places."""

    card: str
    rule: str
    values: tuple[str, ...]


def known_by(card: Card, finding: Finding) -> Known:
    """The identity of a finding that survives edits elsewhere in its card."""
    values = tuple(" ".join(card.text[place.span.start : place.span.end].split()) for place in finding.at if not place.file)
    return Known(card.source.name.replace("\\", "/").removeprefix("./"), finding.rule, values)


def read_baseline(path: Path) -> Counter[Known]:
    """The known findings of a file, with how often each. Raises CardauditError where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CardauditError(f"{path} does not exist: write it with --write-baseline {path}") from error
    except (OSError, ValueError) as error:
        raise CardauditError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise CardauditError(f'{path} is no baseline: expected "schema": "{SCHEMA}"; write one with --write-baseline {path}')
    try:
        return Counter(
            Known(str(each["card"]), str(each["rule"]), tuple(map(str, each["values"]))) for each in document["findings"]
        )
    except (KeyError, TypeError) as error:
        raise CardauditError(f"{path} has a finding without card, rule or values: write it anew with --write-baseline") from error


def baseline_json(known: Iterable[Known]) -> str:
    """The file's text: sorted, one finding a line, so that its differences read well."""
    lines = [json.dumps(each._asdict(), ensure_ascii=False) for each in sorted(known)]
    body = ",\n".join(f"  {line}" for line in lines)
    return f'{{"schema": "{SCHEMA}", "findings": [\n{body}\n]}}\n' if lines else f'{{"schema": "{SCHEMA}", "findings": []}}\n'
