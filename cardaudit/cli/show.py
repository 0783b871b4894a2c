"""cardaudit show TARGET"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import common, emit, outputs, said, settings_for, wanted
from cardaudit.cli.saying import tell

if TYPE_CHECKING:
    from cardaudit.records import Card

FORMATS = ("text", "marked", "json", "jsonl")


@click.command("show", no_args_is_help=True)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@outputs(FORMATS, "text")
@common
def command(
    targets: tuple[str, ...],
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Print what was read from a card: every value with its place, and the lines whose numbers were not read.

    --format marked prints the card itself with its numbers marked. Cards come as they are read: a Parquet file of a million takes
    no more memory than one of ten, unless the format is json, which is one document.
    """
    settings = settings_for(config, offline, no_color)
    asked = wanted(FORMATS, format_, output)
    failed: list[str] = []
    if len(asked) == 1 and asked[0].path is None and format_ != "json":
        for text in _texts(_cards(targets, settings.offline, quiet, failed), format_):
            click.echo(text, nl=False)
    else:
        cards = list(_cards(targets, settings.offline, quiet, failed))
        for each in asked:
            emit(partial(_text, cards, each.format), each.path)
    for line in failed:
        tell(line, "red")
    return 2 if failed else 0


def _cards(targets: tuple[str, ...], offline: bool, quiet: bool, failed: list[str]) -> "Iterator[Card]":
    from cardaudit.targets import Unreadable, read_targets

    for card in read_targets(targets, offline, said(quiet)):
        if isinstance(card, Unreadable):
            failed.append(f"{card.name}: {card.because}")
        else:
            yield card


def _text(cards: "list[Card]", format_: str) -> str:
    return "".join(_texts(iter(cards), format_))


def _texts(cards: "Iterator[Card]", format_: str) -> Iterator[str]:
    """The answer in pieces, one a card where the format allows it."""
    if format_ not in ("json", "jsonl"):
        render = _renderer(format_)
        for number, card in enumerate(cards):
            yield ("\n" if number else "") + render(card)
        return
    import json

    from cardaudit.exchange import card_json

    documents = map(card_json, cards)
    if format_ == "jsonl":
        yield from (json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
        return
    whole = list(documents)
    yield json.dumps(whole if len(whole) != 1 else whole[0], indent=2, ensure_ascii=False) + "\n"


def _renderer(format_: str) -> "Callable[[Card], str]":
    if format_ == "marked":
        import sys

        from cardaudit.output import marked

        plain = click.get_current_context().color is False or not sys.stdout.isatty()
        return partial(marked.render, colour=not plain)
    from cardaudit.output import record

    return record.render
