"""Audits as pages: HTML for people, Markdown for a discussion, JSON for programs, and the index page of a zoo.

A page's data is computed first, into small records; the templates print them and do no arithmetic. A section is a template in
templates/sections and a line in `SECTIONS`.
"""

from pathlib import Path

from cardaudit.records import Audit
from cardaudit.report.comparison import compare_blocks
from cardaudit.report.findings import allowed_by_card, group_findings, unchecked_by_reason
from cardaudit.report.headline import headline_of
from cardaudit.report.ladder import ladder_rows
from cardaudit.report.markdown import render_markdown
from cardaudit.report.marked import marked_lines
from cardaudit.report.pages import render_page, write_whole
from cardaudit.report.peers import peer_section
from cardaudit.report.saved import load_audit, record, render_json
from cardaudit.report.setting import environment_rows, planned_values, seed_rows
from cardaudit.report.words import SEVERITIES
from cardaudit.report.zoo import render_zoo, save_zoo
from cardaudit.runs import write_plan

__all__ = ["load_audit", "render_html", "render_json", "render_markdown", "render_zoo", "save_audit", "save_zoo"]

SECTIONS = {
    "findings": "Findings",
    "card": "The card",
    "peers": "Other authors",
    "comparison": "Claimed and measured",
    "ladder": "Evidence ladder",
    "evidence": "Evidence",
    "assumptions": "Assumptions",
    "again": "Run it again",
    "unchecked": "Not checked",
    "environment": "Environment",
}
"""In the order of the evidence: the card by itself, beside what others print, then what was measured, what that hangs on, and
what was left."""


def render_html(audit: Audit) -> str:
    """The report of one card: a single file that needs neither network nor script and holds its own record."""
    groups = group_findings(audit.card, audit.checkup.findings)
    others = peer_section(audit.card)
    absent = {name for name, there in (("ladder", audit.rungs), ("peers", others)) if not there}
    return render_page(
        "audit.html.j2",
        audit=audit,
        sections={name: title for name, title in SECTIONS.items() if name not in absent},
        peers=others,
        rungs=ladder_rows(audit),
        headline=headline_of(audit),
        groups=groups,
        allowed=allowed_by_card(audit.checkup.suppressed),
        blocks=compare_blocks(audit),
        lines=marked_lines(audit, groups),
        planned=planned_values(audit),
        seeds=seed_rows(audit),
        unchecked=unchecked_by_reason(audit.checkup),
        environment=environment_rows(audit),
        severities=SEVERITIES,
        record=record(audit),
    )


def save_audit(audit: Audit, folder: Path) -> None:
    """Writes audit.json, report.html and, where there is a plan, plan.json into an audit folder; each is whole or absent."""
    write_whole(folder / "audit.json", render_json(audit))
    write_whole(folder / "report.html", render_html(audit))
    if audit.plan is not None:
        write_plan(audit.plan, folder / "plan.json")
