"""An audit as a JSON document, and back: the contract's shapes for programs, with what an exact round trip needs beside them.

A card is not stored as a record but as its text, and read again by `parse.read_card`: the text is what was audited.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cardaudit.codec import pack, unpack
from cardaudit.errors import CardauditError
from cardaudit.exchange import card_json, checkup_json, verdict_json
from cardaudit.parse import read_card
from cardaudit.records import Audit, Card, Checkup, Evidence, Finding, Missing, Plan, Run, Rung, Suppressed, Unchecked, Verdict

SCHEMA = "cardaudit.audit/1"
EMBEDDED = re.compile(r'<script type="application/json" id="audit">(.*?)</script>', re.DOTALL)
WAY_OUT = "give an audit folder, its audit.json or its report.html"


def render_json(audit: Audit) -> str:
    """The document `cardaudit.audit/1`. Characters that UTF-8 cannot carry are written as JSON escapes."""
    return _encodable(json.dumps(_document(audit), indent=1, ensure_ascii=False, allow_nan=False)) + "\n"


def record(audit: Audit) -> str:
    """The same document on one line, as a page holds it."""
    return _encodable(json.dumps(_document(audit), separators=(",", ":"), ensure_ascii=False, allow_nan=False))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def load_audit(text: str) -> Audit:
    """The audit that `render_json` wrote, or that a report page holds. Raises CardauditError where `text` is neither."""
    document = _parsed(text)
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        seen = document.get("schema") if isinstance(document, dict) else None
        raise CardauditError(f'this is no saved audit: "schema" is {seen!r}, not {SCHEMA!r}; {WAY_OUT}')
    try:
        return _audit(document)
    except (KeyError, TypeError, ValueError) as error:
        raise CardauditError(f"this saved audit cannot be read: {error!r}; make it again with cardaudit") from error


def _parsed(text: str) -> Any:
    embedded = EMBEDDED.search(text) if text.lstrip()[:1] == "<" else None
    try:
        return json.loads(embedded[1] if embedded else text)
    except (ValueError, RecursionError) as error:
        raise CardauditError(f"this is no saved audit: {error}; {WAY_OUT}") from error


def _document(audit: Audit) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "name": audit.name,
        "made_at": audit.made_at,
        "version": audit.version,
        "command": audit.command,
        "card": card_json(audit.card),
        "text": audit.card.text,
        "lint": _lint(audit),
        "plan": pack(audit.plan),
        "missing": pack(audit.missing),
        "runs": pack(audit.runs),
        "verdicts": [pack(verdict_json(verdict)) for verdict in audit.verdicts],
        "evidence": pack(audit.evidence),
        "rungs": pack(audit.rungs),
    }


def _lint(audit: Audit) -> dict[str, Any]:
    """The contract's entry of a card, each finding with its exact places besides."""
    entry, checkup = checkup_json(audit.name, audit.card, audit.checkup), audit.checkup
    allowed = [each.finding for each in checkup.suppressed]
    return entry | {"findings": _placed(entry["findings"], checkup.findings), "suppressed": _placed(entry["suppressed"], allowed)}


def _placed(shown: Sequence[dict[str, Any]], findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [each | {"at": pack(finding.at)} for each, finding in zip(shown, findings, strict=True)]


def _audit(document: dict[str, Any]) -> Audit:
    return Audit(
        name=_string(document, "name"),
        card=_card(document),
        checkup=_checkup(document["lint"]),
        plan=None if document["plan"] is None else unpack(Plan, document["plan"]),
        missing=tuple(unpack(Missing, each) for each in document["missing"]),
        runs=tuple(unpack(Run, each) for each in document["runs"]),
        verdicts=tuple(_verdict(each) for each in document["verdicts"]),
        made_at=_string(document, "made_at"),
        version=_string(document, "version"),
        command=_string(document, "command"),
        evidence=unpack(Evidence, document["evidence"]) if document.get("evidence") is not None else None,
        rungs=tuple(unpack(Rung, each) for each in document.get("rungs", ())),
    )


def _card(document: dict[str, Any]) -> Card:
    """The card, read from its text. The hash is that of the bytes first read, which the text may not give back (UTF-16)."""
    card = read_card(_string(document, "text"), document["card"]["source"]["name"])
    return replace(card, source=replace(card.source, sha256=document["card"]["source"]["sha256"]))


def _checkup(entry: dict[str, Any]) -> Checkup:
    return Checkup(
        findings=tuple(_finding(each) for each in entry["findings"]),
        clear=tuple(entry["clear"]),
        unchecked=tuple(Unchecked(each["rule"], each["because"]) for each in entry["unchecked"]),
        suppressed=tuple(Suppressed(_finding(each), each["reason"]) for each in entry["suppressed"]),
    )


def _finding(entry: dict[str, Any]) -> Finding:
    kept = ("rule", "kind", "severity", "confidence", "message", "at", "arithmetic")
    return unpack(Finding, {name: entry[name] for name in kept})


def _verdict(entry: dict[str, Any]) -> Verdict:
    claim = entry["claim"]
    rest = {name: value for name, value in entry.items() if name != "claim"}
    return unpack(Verdict, {"metric": claim["metric"], "where": claim["where"], "claimed": claim["text"], **rest})


def _string(document: dict[str, Any], name: str) -> str:
    value = document[name]
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected text, found {str(value)[:60]!r}")
    return value
