"""A card's record for people: what was read, with the line of each value, and what was not read."""

from collections.abc import Iterator
from dataclasses import fields

import click

from cardaudit.coverage import coverage
from cardaudit.escaping import one_line
from cardaudit.records import Card, EpochRow, Printed

MOST_UNREAD = 20
NAME_WIDTH = 30


def render(card: Card) -> str:
    """The record as lines of text: identity, hyperparameters, results, the epoch table, versions, and the lines not read."""
    read, seen = coverage(card)
    lines = [f"{click.style(one_line(card.source.name), bold=True)}  {card.dialect}, {read} of {seen} numbers read"]
    for title, rows in (
        ("model", list(_identity(card))),
        ("hyperparameters", list(_hyperparameters(card))),
        ("reported", [_row(card, name, printed) for name, printed in card.headline.items()]),
        ("model-index", [_row(card, result.metric, result.number) for result in card.model_index]),
        ("other results", [_row(card, result.metric, result.number) for result in card.results]),
        ("versions", [_row(card, name, printed) for name, printed in card.framework_versions.items()]),
    ):
        if rows:
            lines += ["", click.style(title, bold=True), *rows]
    if card.epochs:
        lines += ["", click.style("epochs", bold=True), *_table(card)]
    return "\n".join([*lines, *_unread(card)]) + "\n"


def _row(card: Card, name: str, printed: Printed) -> str:
    place = click.style(f"line {card.line(printed.span)}", dim=True)
    return f"  {one_line(name):<{NAME_WIDTH}} {one_line(printed.text)}  {place}"


def _identity(card: Card) -> Iterator[str]:
    for name, printed in (("name", card.model_name), ("base_model", card.base_model), ("task", card.task)):
        if printed is not None:
            yield _row(card, name, printed)
    for mention in card.datasets:
        more = "".join(f", {key} {value}" for key, value in (("config", mention.config), ("split", mention.split)) if value)
        place = click.style(f"line {card.line(mention.span)}", dim=True)
        yield f"  {'dataset':<{NAME_WIDTH}} {one_line(mention.id + more)}  {place}"


def _hyperparameters(card: Card) -> Iterator[str]:
    for field in fields(card.hyperparameters):
        value = getattr(card.hyperparameters, field.name)
        if isinstance(value, Printed):
            yield _row(card, field.name, value)
    if card.optimizer is not None:
        place = click.style(f"line {card.line(card.optimizer.span)}", dim=True)
        yield f"  {'optimizer':<{NAME_WIDTH}} {one_line(card.optimizer.text)}  {place}"
    for name, printed in card.hyperparameters.other.items():
        yield _row(card, name, printed)


def _table(card: Card) -> Iterator[str]:
    metrics = list(dict.fromkeys(name for row in card.epochs for name in row.metrics))
    names = ["epoch", "step", "training_loss", "validation_loss", *metrics]
    rows = [[_cell(row, name) for name in names] for row in card.epochs]
    widths = [max(len(name), *(len(row[i]) for row in rows)) for i, name in enumerate(names)]
    yield "  line  " + "  ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    for row, cells in zip(card.epochs, rows, strict=True):
        yield f"  {card.line(row.span):>4}  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        if row.repair:
            yield f"        {click.style('read as above: ' + row.repair, fg='yellow')}"


def _cell(row: EpochRow, name: str) -> str:
    fixed = {"epoch": row.epoch, "step": row.step, "training_loss": row.training_loss, "validation_loss": row.validation_loss}
    printed = fixed[name] if name in fixed else row.metrics.get(name)
    return one_line(printed.text) if printed is not None else ""


def _unread(card: Card) -> Iterator[str]:
    if not card.unread:
        return
    yield ""
    yield click.style("lines with a number that was not read", bold=True)
    for line in card.unread[:MOST_UNREAD]:
        yield f"  {card.line(line.span):>4}  {one_line(line.text.strip())[:110]}"
    if len(card.unread) > MOST_UNREAD:
        yield f"        and {len(card.unread) - MOST_UNREAD} more (--format json has them all)"
