"""Claimed against measured: one block a metric, with its chart and the table behind it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cardaudit.records import Audit, Card, EpochRow, Printed, Verdict
from cardaudit.report.chart import Chart, Sample, draw
from cardaudit.report.reading import Reading, reading_of, seed_columns
from cardaudit.report.words import Mark, metric_words, outcome_mark, plain

ROW = re.compile(r"row (\d+)")
MOST_CHARTS = 12
LEAST_SEEDS = 3  # from so many on that give one number, there is nothing to draw a band from
ROW_FIELDS = ("training_loss", "validation_loss")
SAME_COLUMN = {"loss": "validation_loss", "eval_loss": "validation_loss"}  # what a headline calls it, and the table


@dataclass(frozen=True, slots=True)
class Cell:
    """One claimed number and what became of it. `measured` has one text a column of the block."""

    anchor: str
    place: str
    href: str
    claimed: str
    own: str
    measured: tuple[str, ...]
    interval: str
    mark: Mark
    because: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One metric. `own_seed` heads the card's own seed, `columns` the independent ones; `worked`: the primary number's steps.

    `remark`: why the chart has no band, empty where it has one or needs none. `protocol`: how often its protocol is right, in a
    sentence; empty where that is not known.
    """

    words: str
    primary: bool
    chart: Chart | None
    remark: str
    summary: str
    x_name: str
    own_seed: str
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    worked: tuple[tuple[str, str], ...]
    protocol: str


def compare_blocks(audit: Audit) -> tuple[Block, ...]:
    """One block a metric that is claimed row by row or has a verdict; the primary endpoint's metric first."""
    by_metric: dict[str, list[Verdict]] = {}
    for verdict in sorted(audit.verdicts, key=lambda v: not v.primary):
        by_metric.setdefault(SAME_COLUMN.get(verdict.metric, verdict.metric), []).append(verdict)
    metrics = dict.fromkeys([*by_metric, *_claimed_metrics(audit.card)])
    blocks = [_block(audit, metric, by_metric.get(metric, [])) for metric in metrics]
    return tuple(block for block in blocks if block.cells or block.chart)[: max(MOST_CHARTS, len(by_metric))]


def verdict_line(card: Card, verdict: Verdict) -> int | None:
    """The card's line of a verdict's claim, None where it is not known."""
    row = row_of(card, verdict.where)
    printed = _cell(row, verdict.metric) if row else card.headline.get(verdict.metric) if verdict.where == "headline" else None
    if printed is None:
        return card.line(row.span) if row else None
    return card.line(printed.span)


def row_of(card: Card, where: str) -> EpochRow | None:
    """The table row that a verdict's `where` ("row 3") names."""
    match = ROW.fullmatch(where)
    number = int(match[1]) if match else 0
    return card.epochs[number - 1] if 1 <= number <= len(card.epochs) else None


def anchor_of(verdict: Verdict) -> str:
    """A cell's address on the page: `cell-3-f1`, `cell-headline-f1`."""
    where = verdict.where.removeprefix("row ")
    return "cell-" + re.sub(r"[^\w.-]+", "-", f"{where}-{verdict.metric}")


def _claimed_metrics(card: Card) -> list[str]:
    named = dict.fromkeys(name for row in card.epochs for name in row.metrics)
    return [*named, *(name for name in reversed(ROW_FIELDS) if any(_cell(row, name) for row in card.epochs))]


def _block(audit: Audit, metric: str, verdicts: Sequence[Verdict]) -> Block:
    readings = [reading_of(verdict) for verdict in verdicts]
    x_name, samples = _samples(audit.card, metric, verdicts)
    claims = [printed for row in audit.card.epochs if (printed := _cell(row, metric)) and printed.value is not None]
    last = next((v for v in reversed(_in_rows(audit.card, verdicts)) if v.measured), None)
    here = reading_of(last) if last else None
    remark = _without_spread(samples, here)
    samples = [sample._replace(interval=None) for sample in samples] if remark else samples
    chart = draw(samples, claims[-1].text if claims else "", here.text(here.typical) if here else "")
    own = next((reading.own_seed for reading in readings if reading.own_seed is not None), None)
    apart = {own, audit.plan.replay_seed if audit.plan else None}
    columns = seed_columns(readings, [run.seed for run in audit.runs if run.rows and run.seed not in apart])
    if audit.plan is not None and audit.plan.mode == "evaluate":
        columns = columns and ("published weights",)
    return Block(
        words=metric_words(metric),
        primary=any(verdict.primary for verdict in verdicts),
        chart=chart,
        remark=remark,
        summary=_summary(metric, x_name, claims, last),
        x_name=x_name,
        own_seed="" if own is None else f"own seed {own}",
        columns=columns,
        cells=tuple(_verdict_cell(audit.card, verdict, x_name, len(columns)) for verdict in sorted(verdicts, key=_place_order)),
        worked=tuple(
            (metric_words(k), plain(v)) for verdict in verdicts if verdict.primary for k, v in verdict.arithmetic.items()
        ),
        protocol=next((_protocol(verdict) for verdict in verdicts if verdict.primary), ""),
    )


def _without_spread(samples: Sequence[Sample], last: Reading | None) -> str:
    """What to say where every seed gives the claimed number in each row: the interval is then all assumption."""
    measured = [sample for sample in samples if sample.measured]
    if last is None or last.interval is None or not measured:
        return ""
    if any(len(each.measured) < LEAST_SEEDS or {*each.measured} != {each.claimed} for each in measured):
        return ""
    return (
        "No band: every seed gives the claimed number exactly, in each row. The interval in the table below comes from what is "
        "assumed of seeds before any is seen."
    )


def _protocol(verdict: Verdict) -> str:
    from cardaudit.compare import error_rates

    version = verdict.arithmetic.get("protocol")
    return error_rates(version) if isinstance(version, int) else ""


def _place_order(verdict: Verdict) -> tuple[bool, bool, int]:
    """The primary number first, then the rows in their order, then what stands off the table."""
    match = ROW.fullmatch(verdict.where)
    return not verdict.primary, match is None, int(match[1]) if match else 0


def _in_rows(card: Card, verdicts: Sequence[Verdict]) -> list[Verdict]:
    return sorted((v for v in verdicts if row_of(card, v.where)), key=lambda v: _place_order(v)[1:])


def _cell(row: EpochRow, metric: str) -> Printed | None:
    if metric in ROW_FIELDS:
        return row.training_loss if metric == "training_loss" else row.validation_loss
    return row.metrics.get(metric)


def _samples(card: Card, metric: str, verdicts: Sequence[Verdict]) -> tuple[str, list[Sample]]:
    x_name, xs = _x_axis(card.epochs)
    by_row = {verdict.where: verdict for verdict in verdicts}
    rows = enumerate(zip(xs, card.epochs, strict=True), 1)
    return x_name, [_sample(x, _cell(row, metric), by_row.get(f"row {number}")) for number, (x, row) in rows]


def _sample(x: float, claimed: Printed | None, verdict: Verdict | None) -> Sample:
    value, low, high = (None, None, None) if claimed is None else (claimed.value, claimed.low, claimed.high)
    here = reading_of(verdict) if verdict else None
    return Sample(
        x=x,
        claimed=_finite(value),
        low=_finite(low),
        high=_finite(high),
        interval=here.interval if here else None,
        measured=here.values if here else (),
        typical=here.typical if here else None,
    )


def _finite(value: object) -> float | None:
    number = None if value is None else float(value)  # type: ignore[arg-type]
    return number if number is not None and math.isfinite(number) else None


def _x_axis(rows: Sequence[EpochRow]) -> tuple[str, list[float]]:
    """Epochs where every row prints a later one than the row before, else steps, else the rows' numbers."""
    for name in ("epoch", "step"):
        values = [_finite(cell.value) if (cell := getattr(row, name)) else None for row in rows]
        known = [value for value in values if value is not None]
        if len(known) == len(rows) and all(a < b for a, b in pairwise(known)):
            return name, known
    return "row", [float(i) for i in range(1, len(rows) + 1)]


def _verdict_cell(card: Card, verdict: Verdict, x_name: str, columns: int) -> Cell:
    line, here = verdict_line(card, verdict), reading_of(verdict)
    return Cell(
        anchor=anchor_of(verdict),
        place=_place(card, verdict.where, x_name),
        href=f"#L{line}" if line else "",
        claimed=verdict.claimed,
        own=here.text(here.own),
        measured=here.texts(columns),
        interval=" to ".join(here.text(end) for end in here.interval or ()),
        mark=outcome_mark(verdict),
        because=verdict.because,
        primary=verdict.primary,
    )


def _place(card: Card, where: str, x_name: str) -> str:
    """A verdict's place in the words of the chart's axis: "epoch 3.0", "step 200", "headline"."""
    row = row_of(card, where)
    if row is None:
        return "mean of the earlier rows" if where == "curve" else where
    cell = getattr(row, x_name) if x_name != "row" else None
    return f"{x_name} {cell.text}" if cell else where


def _summary(metric: str, x_name: str, claims: Sequence[Printed], last: Verdict | None) -> str:
    """The chart in words, for those who do not see it."""
    parts = []
    if claims:
        parts.append(f"claimed {claims[0].text} in the first row, {claims[-1].text} in the last")
    if last:
        here = reading_of(last)
        parts.append(f"measured {here.text(here.typical)} in the last: {last.outcome}")
    return f"{metric_words(metric)} by {x_name}: " + "; ".join(parts) if parts else metric_words(metric)
