"""A card's record for people: what was read, with the line of each value, and what was not read."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

import click

from cardaudit.coverage import coverage
from cardaudit.escaping import one_line
from cardaudit.records import Card, EpochRow, Printed, Result, Span

MOST_UNREAD = 20
NAME_WIDTH = 30
WIDEST = 48
LONGEST = 100


def render(card: Card) -> str:
    """The record as lines of text: identity, hyperparameters, results, the epoch table, versions, and the lines not read."""
    read, seen = coverage(card)
    lines = [f"{click.style(one_line(card.source.name), bold=True)}  {card.dialect}, {read} of {seen} numbers read"]
    for title, rows in (
        ("model", list(_identity(card))),
        ("hyperparameters", list(_hyperparameters(card))),
        ("reported", [_row(card, name, printed) for name, printed in card.headline.items()]),
        ("epochs", list(_epochs(card))),
        ("model-index", list(_model_index(card))),
        ("other results", list(_results(card))),
        ("versions", [_row(card, name, printed) for name, printed in card.framework_versions.items()]),
        ("lines with a number that was not read", list(_unread(card))),
    ):
        if rows:
            lines += ["", click.style(title, bold=True), *rows]
    return "\n".join(lines) + "\n"


def _row(card: Card, name: str, printed: Printed) -> str:
    return f"  {one_line(name):<{NAME_WIDTH}} {_cut(one_line(printed.text), LONGEST)}  {_place(card, printed.span)}"


def _place(card: Card, span: Span) -> str:
    return click.style(f"line {card.line(span)}", dim=True)


def _identity(card: Card) -> Iterator[str]:
    about = card.metadata
    for name, printed in (
        ("name", card.model_name),
        ("base_model", card.base_model),
        ("task", card.task),
        ("license", about.license),
        ("library", about.library_name),
    ):
        if printed is not None:
            yield _row(card, name, printed)
    for mention in card.datasets:
        more = "".join(f", {key} {value}" for key, value in (("config", mention.config), ("split", mention.split)) if value)
        yield f"  {'dataset':<{NAME_WIDTH}} {one_line(mention.id + more)}  {_place(card, mention.span)}"
    if about.languages:
        named = ", ".join(one_line(each.text) for each in about.languages)
        yield f"  {'language':<{NAME_WIDTH}} {named}  {_place(card, about.languages[0].span)}"
    if card.generator is not None:
        yield f"  {'written by':<{NAME_WIDTH}} {_generator(card)}"


def _generator(card: Card) -> str:
    """The generator with its declared version, and the releases that the text's own features leave where they say more."""
    generator = card.generator
    if generator is None:
        return ""
    declared = f" {generator.declared.text}" if generator.declared else ""
    if not generator.earliest and not generator.latest:
        return one_line(generator.name + declared)
    span = " to ".join(each for each in (generator.earliest, generator.latest) if each)
    edge = "" if generator.earliest and generator.latest else " or later" if generator.earliest else " or earlier"
    return one_line(f"{generator.name}{declared}") + click.style(f"  by its features {span}{edge}", dim=True)


def _hyperparameters(card: Card) -> Iterator[str]:
    for field in fields(card.hyperparameters):
        value = getattr(card.hyperparameters, field.name)
        if isinstance(value, Printed):
            yield _row(card, field.name, value)
    if card.optimizer is not None:
        yield f"  {'optimizer':<{NAME_WIDTH}} {one_line(card.optimizer.text)}  {_place(card, card.optimizer.span)}"
    for name, printed in card.hyperparameters.other.items():
        yield _row(card, name, printed)


def _epochs(card: Card) -> Iterator[str]:
    if not card.epochs:
        return
    metrics = list(dict.fromkeys(name for row in card.epochs for name in row.metrics))
    names = ["epoch", "step", "training_loss", "validation_loss", *metrics]
    rows = [[str(card.line(row.span)), *(_cell(row, name) for name in names)] for row in card.epochs]
    head, *lines = _aligned(["line", *names], rows, numbers=True)
    yield head
    for row, line in zip(card.epochs, lines, strict=True):
        yield line
        if row.repair:
            yield f"        {click.style('read as above: ' + row.repair, fg='yellow')}"


def _cell(row: EpochRow, name: str) -> str:
    fixed = {"epoch": row.epoch, "step": row.step, "training_loss": row.training_loss, "validation_loss": row.validation_loss}
    printed = fixed[name] if name in fixed else row.metrics.get(name)
    return one_line(printed.text) if printed is not None else ""


def _model_index(card: Card) -> Iterator[str]:
    rows = [
        [each.metric, each.number.text, each.dataset_type or each.dataset_name or "", each.config or "", each.split or "", line]
        for each in card.model_index
        for line in (str(card.line(each.number.span)),)
    ]
    yield from _aligned(["metric", "value", "dataset", "config", "split", "line"], rows)


def _results(card: Card) -> Iterator[str]:
    rows = [
        [each.metric, _value(each), each.dataset or "", each.split or "", each.model or "", each.setting or "", line]
        for each in card.results
        for line in (str(card.line(each.number.span)),)
    ]
    yield from _aligned(["metric", "value", "dataset", "split", "model", "setting", "line"], rows)


def _value(result: Result) -> str:
    return f"{result.number.text} ±{result.stderr}" if result.stderr else result.number.text


def _aligned(names: Sequence[str], rows: Sequence[Sequence[str]], numbers: bool = False) -> Iterator[str]:
    """A table without its empty columns; long texts are cut."""
    if not rows:
        return
    shown = [at for at in range(len(names)) if any(row[at] for row in rows)]
    cells = [[_cut(one_line(row[at])) for at in shown] for row in rows]
    heads = [names[at] for at in shown]
    widths = [max(len(head), *(len(row[i]) for row in cells)) for i, head in enumerate(heads)]
    side = ">" if numbers else "<"
    yield "  " + click.style(
        "  ".join(f"{head:{side}{width}}" for head, width in zip(heads, widths, strict=True)).rstrip(), dim=True
    )
    for row in cells:
        yield "  " + "  ".join(f"{cell:{side}{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _cut(text: str, width: int = WIDEST) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _unread(card: Card) -> Iterator[str]:
    for line in card.unread[:MOST_UNREAD]:
        yield f"  {card.line(line.span):>4}  {one_line(line.text.strip())[:110]}"
    if len(card.unread) > MOST_UNREAD:
        yield f"        and {len(card.unread) - MOST_UNREAD} more (--format marked or json has them all)"
