"""An audit as Markdown, for a discussion, a pull request or a step summary. Text of the card is escaped and shown as text."""

import re
from collections.abc import Iterator, Sequence

from cardaudit.escaping import as_markdown, visible
from cardaudit.plurals import count
from cardaudit.records import Audit
from cardaudit.report.comparison import Block, compare_blocks
from cardaudit.report.findings import Group, group_findings, unchecked_by_reason
from cardaudit.report.headline import headline_of
from cardaudit.report.ladder import ladder_rows
from cardaudit.report.peers import PeerSection, peer_section
from cardaudit.report.setting import seed_rows
from cardaudit.report.words import SEVERITIES, plain

FENCE_RUN = re.compile(r"`{3,}")


def render_markdown(audit: Audit) -> str:
    """The report of one card without its text: verdict, findings, claims beside measurements, and what was not checked."""
    headline = headline_of(audit)
    mark = f"**{headline.mark.sign} {headline.mark.word}** " if headline.mark else ""
    parts = [
        f"## {as_markdown(audit.name)}",
        f"{mark}{as_markdown(headline.sentence)}",
        f"Found: {headline.findings}. Looked at: {headline.looked_at}. Measured: {as_markdown(headline.measured)}.",
        *_findings(group_findings(audit.card, audit.checkup.findings)),
        *_comparison(compare_blocks(audit)),
        *_peers(peer_section(audit.card)),
        *_ladder(audit),
        *_evidence(audit),
        *_assumptions(audit),
        *_unchecked(audit),
        *_again(audit),
        f"<sub>cardaudit {as_markdown(audit.version)}, {as_markdown(audit.made_at)}, "
        f"card sha256 `{audit.card.source.sha256[:16]}`</sub>",
    ]
    return "\n\n".join(parts) + "\n"


def _findings(groups: Sequence[Group]) -> Iterator[str]:
    if not groups:
        return
    yield "### Findings"
    rows = [
        [f"{SEVERITIES[e.severity].sign} {SEVERITIES[e.severity].word}", g.rule, ", ".join(s.words for s in e.sites), e.message]
        for g in groups
        for e in g.entries
    ]
    yield _table(("", "rule", "where", "what"), rows)
    for group in groups:
        if group.left_out:
            more = f"{count(group.left_out, 'more finding')} of {as_markdown(group.rule)}"
            yield f"{more} {'is' if group.left_out == 1 else 'are'} in the JSON record."


def _comparison(blocks: Sequence[Block]) -> Iterator[str]:
    blocks = [block for block in blocks if block.cells]
    if not blocks:
        return
    yield "### Claimed and measured"
    for block in blocks:
        yield f"**{as_markdown(block.words)}**" + (" (primary)" if block.primary else "")
        own = (block.own_seed,) if block.own_seed else ()
        rows = [
            [c.place, c.claimed, *[c.own for _ in own], *c.measured, c.interval, f"{c.mark.sign} {c.mark.word}", c.because]
            for c in block.cells
        ]
        yield _table(("where", "claimed", *own, *block.columns, "honest runs", "outcome", "because"), rows)


def _peers(section: PeerSection | None) -> Iterator[str]:
    if section is None:
        return
    yield "### Other authors"
    if section.same_table:
        yield f"The same training table, number for number: {as_markdown(', '.join(section.same_table))}."
    if section.metrics:
        yield f"{as_markdown(section.recipe)}. The spread is one between authors, no seed variance."
        yield _table(("metric", "where the claim stands"), [[metric.words, metric.sentence] for metric in section.metrics])


def _ladder(audit: Audit) -> Iterator[str]:
    if audit.rungs:
        yield "### Evidence ladder"
        rows = [[row.name, row.outcome, row.cost] for row in ladder_rows(audit)]
        yield _table(("rung", "found", "cost"), rows)
        details = [f"- {row.number}: {as_markdown(detail)}" for row in ladder_rows(audit) for detail in row.details]
        if details:
            yield "\n".join(details)


def _evidence(audit: Audit) -> Iterator[str]:
    if audit.runs:
        yield "### Evidence"
        rows = [[str(s.seed), s.role, str(s.rows), s.outcome, s.seconds] for s in seed_rows(audit)]
        yield _table(("seed", "", "evaluations", "ended", "time"), rows)


def _assumptions(audit: Audit) -> Iterator[str]:
    if audit.plan and (audit.plan.assumptions or audit.plan.overrides):
        yield "### Assumptions"
        rows = [[a.field, a.value, a.reason, ", ".join(a.alternatives)] for a in audit.plan.assumptions]
        rows += [[name, plain(value), "given by the user", ""] for name, value in audit.plan.overrides.items()]
        yield _table(("what", "taken as", "because", "or else"), rows)


def _unchecked(audit: Audit) -> Iterator[str]:
    reasons = unchecked_by_reason(audit.checkup)
    if not (reasons or audit.missing):
        return
    yield "### Not checked"
    lines = []
    for fact in audit.missing:
        lines.append(
            f"- {as_markdown(fact.field)}: {as_markdown(fact.because)}" + (f" (`{visible(fact.flag)}`)" if fact.flag else "")
        )
        lines += [f"  - {as_markdown(known)}" for known in fact.implied]
    lines += [f"- {as_markdown(reason)}: {', '.join(map(as_markdown, rules))}" for reason, rules in reasons]
    yield "\n".join(lines)


def _again(audit: Audit) -> Iterator[str]:
    if audit.command:
        yield "### Run it again"
        fence = "`" * max([3, *(len(run) + 1 for run in FENCE_RUN.findall(audit.command))])
        yield f"{fence}\n{visible(audit.command)}\n{fence}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(map(as_markdown, row))} |" for row in rows)])
