"""Findings as SARIF 2.1.0, for code-scanning services.

Deterministic: no times. A result's fingerprint is made of the card's name, the rule and the numbers, not of the line, so that an
alert survives edits elsewhere in the card.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from cardaudit import __version__
from cardaudit.output import Checked, by_severity
from cardaudit.records import Card, Finding, Place

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(checked: Sequence[Checked]) -> str:
    """One SARIF log with one run; the driver lists only the rules that fired."""
    results = [_result(each, finding) for each in checked for finding in by_severity(each.checkup)]
    driver = {
        "name": "cardaudit",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [{"id": rule, "name": rule, "shortDescription": {"text": title}} for rule, title in _titles(results)],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _titles(results: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    from cardaudit.rules import RULES

    fired = {result["ruleId"] for result in results}
    return [(rule.name, rule.title) for rule in RULES if rule.name in fired]


def _result(checked: Checked, finding: Finding) -> dict[str, Any]:
    key = json.dumps([checked.name, finding.rule, finding.message], ensure_ascii=False)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(checked, place) for place in finding.at[:1]],
        "partialFingerprints": {"cardaudit/v1": hashlib.sha256(key.encode()).hexdigest()[:32]},
        "properties": {"kind": finding.kind, "confidence": finding.confidence},
    }
    if finding.at[1:]:
        result["relatedLocations"] = [_location(checked, place) for place in finding.at[1:]]
    return result


def _location(checked: Checked, place: Place) -> dict[str, Any]:
    uri = (place.file or checked.name).replace("\\", "/")
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": _region(checked.card, place)}}


def _region(card: Card, place: Place) -> dict[str, int]:
    start, end = place.span
    last = place.span._replace(start=max(start, end - 1))
    return {
        "startLine": card.line(place.span),
        "startColumn": card.column(place.span),
        "endLine": card.line(last),
        "endColumn": card.column(last) + 1,
    }
