"""Findings as SARIF 2.1.0, for code-scanning services.

Deterministic: no times. A result's fingerprint is made of the card's name, the rule and the values at its places (baseline.py),
not of lines or wording, so that an alert survives edits elsewhere in the card and new versions of this program.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from cardaudit import __version__
from cardaudit.baseline import Known, known_by
from cardaudit.output import Checked, by_gravity
from cardaudit.records import Card, Finding, Fix, Place

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(checked: Sequence[Checked]) -> str:
    """One SARIF log with one run; the driver lists only the rules that fired."""
    results = [result for each in checked for result in _results(each)]
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


def _results(checked: Checked) -> Iterator[dict[str, Any]]:
    """All findings; those that are allowed or known too, marked as SARIF has it, so that services close their alerts."""
    alike: Counter[Known] = Counter()
    for finding in by_gravity(checked.checkup):
        yield _result(checked, finding, alike) | ({"baselineState": "new"} if checked.checkup.known else {})
    for finding in checked.checkup.known:
        yield _result(checked, finding, alike) | {"baselineState": "unchanged"}
    for each in checked.checkup.suppressed:
        kind = "external" if each.external else "inSource"
        yield _result(checked, each.finding, alike) | {"suppressions": [{"kind": kind, "justification": each.reason}]}


def _result(checked: Checked, finding: Finding, alike: Counter[Known]) -> dict[str, Any]:
    known = known_by(checked.card, finding)
    alike[known] += 1
    key = json.dumps([*known, alike[known]], ensure_ascii=False)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(checked, place) for place in finding.at[:1]],
        "partialFingerprints": {"cardaudit/v2": hashlib.sha256(key.encode()).hexdigest()[:32]},
        "properties": {"kind": finding.kind, "confidence": finding.confidence},
    }
    if finding.at[1:]:
        result["relatedLocations"] = [_location(checked, place) for place in finding.at[1:]]
    if finding.fix:
        result["fixes"] = [_fix(checked, finding.fix)]
    return result


def _fix(checked: Checked, fix: Fix) -> dict[str, Any]:
    """Replacements by character offsets (SARIF 2.1.0, 3.30.9: counted as `columnKind` says)."""
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.span.start, "charLength": edit.span.end - edit.span.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": {"uri": _uri(checked.name)}, "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _location(checked: Checked, place: Place) -> dict[str, Any]:
    uri = _uri(place.file or checked.name)
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": _region(checked.card, place)}}


def _uri(name: str) -> str:
    """A file's name as a relative URI reference (RFC 3986), which SARIF 2.1.0, 3.4.3, demands."""
    return quote(name.replace("\\", "/"), safe="/@+,;=!$&'()*~")


def _region(card: Card, place: Place) -> dict[str, int]:
    start, end = place.span
    last = place.span._replace(start=max(start, end - 1))
    return {
        "startLine": card.line(place.span),
        "startColumn": card.column(place.span),
        "endLine": card.line(last),
        "endColumn": card.column(last) + 1,
    }
