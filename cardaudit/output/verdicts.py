"""Verdicts for people: one line a claimed number, the primary one marked."""

from collections.abc import Sequence

import click

from cardaudit.escaping import one_line
from cardaudit.records import Verdict

COLOURS = {
    "replayed": "green",
    "reproduced": "green",
    "deviates": "red",
    "undecided": "yellow",
    "not comparable": "yellow",
    "not measured": "yellow",
}
SIGNS = {"replayed": "=", "reproduced": "=", "deviates": "x", "undecided": "?", "not comparable": "/", "not measured": "-"}


def render(verdicts: Sequence[Verdict]) -> str:
    """A line a verdict: where, metric, the claim, what was measured, the outcome; reasons below the primary and the contested."""
    if not verdicts:
        return ""
    widest = max(len(f"{v.where} {v.metric}") for v in verdicts)
    lines = []
    for verdict in verdicts:
        name = f"{f'{verdict.where} {verdict.metric}':<{widest}}"
        sign = click.style(f"{SIGNS[verdict.outcome]} {verdict.outcome}", fg=COLOURS[verdict.outcome], bold=verdict.primary)
        lines.append(f"  {name}  {one_line(verdict.claimed):>8} claimed  {_measured(verdict.measured):<22} {sign}")
        if verdict.primary or verdict.outcome == "deviates":
            lines.append(f"    {one_line(verdict.because)}")
    return "\n".join(lines) + "\n"


def _measured(measured: Sequence[float]) -> str:
    if not measured:
        return "not measured"
    low, high = min(measured), max(measured)
    return f"{low:.4f} here" if f"{low:.4f}" == f"{high:.4f}" else f"{low:.4f} to {high:.4f} here"
