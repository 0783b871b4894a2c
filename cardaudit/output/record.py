"""A card's record for people: what was read, with the line of each value, and what was not read."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

import click

from cardaudit.coverage import coverage
from cardaudit.escaping import one_line
from cardaudit.output.columns import cells, cut, fold, table, terminal_columns
from cardaudit.patterns import deferred
from cardaudit.records import Card, EpochRow, IndexResult, Printed, Result, Span

MOST_UNREAD = 20
NAME_WIDTH = 30
WIDEST = 48
LONGEST = 100
MOST_COLUMNS = 118
LINE = deferred(r"line (?=\d+)")
HELD = "\xa0"  # holds words together


def render(card: Card) -> str:
    """The record as lines of text: identity, hyperparameters, results, the epoch table, versions, and the lines not read."""
    read, seen = coverage(card)
    head = f"{click.style(one_line(card.source.name), bold=True)}  {card.dialect}, {read} of {seen} numbers read"
    lines = [fold(head, terminal_columns())]
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
    return _pair(one_line(name), f"{cut(one_line(printed.text), LONGEST)}  {_place(card, printed.span)}")


def _pair(name: str, value: str) -> str:
    """A name and its value beside it; where a terminal has no room for its longest word there, below it."""
    width = terminal_columns()
    line = f"  {name}{' ' * (NAME_WIDTH - cells(name))} {value}"
    if width is None or cells(click.unstyle(line)) <= width:
        return line
    value = LINE.sub(f"line{HELD}", value)
    if max(map(cells, click.unstyle(value).split(" "))) <= width - NAME_WIDTH - 3:
        return fold(line[: -len(value)] + value, width, " " * (NAME_WIDTH + 3)).replace(HELD, " ")
    return f"  {name}\n{fold(f'    {value}', width, '    ').replace(HELD, ' ')}"


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
        yield _pair("dataset", f"{one_line(mention.id + more)}  {_place(card, mention.span)}")
    if about.languages:
        named = ", ".join(one_line(each.text) for each in about.languages)
        yield _pair("language", f"{named}  {_place(card, about.languages[0].span)}")
    if card.generator is not None:
        yield _pair("written by", _generator(card))


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
        yield _pair("optimizer", f"{one_line(card.optimizer.text)}  {_place(card, card.optimizer.span)}")
    for name, printed in card.hyperparameters.other.items():
        yield _row(card, name, printed)


def _epochs(card: Card) -> Iterator[str]:
    if not card.epochs:
        return
    metrics = list(dict.fromkeys(name for row in card.epochs for name in row.metrics))
    names = ["epoch", "step", "training_loss", "validation_loss", *metrics]
    rows = [[str(card.line(row.span)), *(_cell(row, name) for name in names)] for row in card.epochs]
    yield from _aligned(["line", *names], rows, keys=3, numbers=True)
    for row in card.epochs:
        if row.repair:
            told = f"line {card.line(row.span)} read as above: {one_line(row.repair)}"
            yield click.style(fold(f"  {told}", terminal_columns(), "    "), fg="yellow")


def _cell(row: EpochRow, name: str) -> str:
    fixed = {"epoch": row.epoch, "step": row.step, "training_loss": row.training_loss, "validation_loss": row.validation_loss}
    printed = fixed[name] if name in fixed else row.metrics.get(name)
    return one_line(printed.text) if printed is not None else ""


def _model_index(card: Card) -> Iterator[str]:
    rows = [
        [each.metric, _value(each), each.dataset_type or each.dataset_name or "", each.config or "", each.split or "", line]
        for each in card.model_index
        for line in (str(card.line(each.number.span)),)
    ]
    yield from _aligned(["metric", "value", "dataset", "config", "split", "line"], rows, keys=2)


def _results(card: Card) -> Iterator[str]:
    rows = [
        [each.metric, _value(each), each.dataset or "", each.split or "", each.model or "", each.setting or "", line]
        for each in card.results
        for line in (str(card.line(each.number.span)),)
    ]
    yield from _aligned(["metric", "value", "dataset", "split", "model", "setting", "line"], rows, keys=2)


def _value(result: Result | IndexResult) -> str:
    return f"{result.number.text} ±{result.stderr}" if result.stderr else result.number.text


def _aligned(names: Sequence[str], rows: Sequence[Sequence[str]], keys: int, numbers: bool = False) -> Iterator[str]:
    """A table without its empty columns; long texts are cut. `keys`: columns that stay where the others do not fit."""
    if not rows:
        return
    shown = [at for at in range(len(names)) if any(row[at] for row in rows)]
    texts = [[cut(one_line(row[at]), WIDEST) for at in shown] for row in rows]
    yield from table([names[at] for at in shown], texts, terminal_columns(), sum(at < keys for at in shown), numbers)


def _unread(card: Card) -> Iterator[str]:
    width = terminal_columns() or MOST_COLUMNS
    for line in card.unread[:MOST_UNREAD]:
        yield f"  {card.line(line.span):>4}  {cut(one_line(line.text.strip()), min(width, MOST_COLUMNS) - 8)}"
    if len(card.unread) > MOST_UNREAD:
        more = f"and {len(card.unread) - MOST_UNREAD} more (--format marked or json has them all)"
        yield fold(" " * 8 + more, width, " " * 8)
