"""cardaudit census build SOURCE, and cardaudit census show [KEY|TARGET]"""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted
from cardaudit.errors import CardauditError
from cardaudit.plurals import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardaudit.census.stored import StoredCensus
    from cardaudit.records import Card, Cell

FORMATS = ("text", "json")
KEY = re.compile(r"[0-9a-f]{12}")
EVERY = 500
census_file = click.option(
    "--census", "file", type=click.Path(path_type=Path), metavar="FILE", help="Another census than the one that is shipped."
)


@click.group("census")
def command() -> None:
    """What everyone else got with the same recipe."""


@command.command("build", no_args_is_help=True)
@click.argument("source")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where it goes (default: standard output).")
@click.option("--about", default="", metavar="TEXT", help="Where the cards are from, as the census will say (default: SOURCE).")
@click.option("--date", metavar="YYYY-MM-DD", help="The date of the cards (default: today).")
@common
def build(
    source: str,
    output: Path | None,
    about: str,
    date: str | None,
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Read cards into a census: recipes, ids and printed numbers, no text.

    SOURCE is a folder, a Parquet or JSONL file of cards, a text file with Hub ids, a zoo, author:NAME or search:WORDS. Cards are
    read one at a time, and only numbers are kept: one run an author and recipe, identical tables once.
    """
    from datetime import UTC, datetime

    from cardaudit.census.build import Building
    from cardaudit.census.stored import census_lines

    settings = settings_for(config, offline, no_color)
    building = Building()
    failed: list[str] = []
    for card in _cards(source, settings.offline, quiet, failed):
        building.add(card)
        if building.cards % EVERY == 0 and not quiet:
            click.echo(f"{building.cards:,} cards read", err=True)
    made = {"source": about or Path(source).name, "date": date or datetime.now(UTC).date().isoformat(), "version": 1}
    cells = list(building.cells())
    emit("".join(census_lines(cells, made | {"cards": building.cards})), output)
    if not quiet:
        runs = sum(len(cell.runs) for cell in cells)
        recipes = count(len(cells), "recipe")
        unread = f"; {len(failed)} could not be read" if failed else ""
        click.echo(f"{count(building.cards, 'card')}: {count(runs, 'run')} of {recipes}{unread}", err=True)
    return 0


@command.command("show")
@click.argument("what", required=False, metavar="[KEY|TARGET]")
@census_file
@outputs(FORMATS, "text")
@common
def show(
    what: str | None,
    file: Path | None,
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,  # noqa: ARG001
    verbose: bool,  # noqa: ARG001
) -> int:
    """Print a card's recipe with its peers, or a recipe by its key; without either, the recipes that most authors ran.

    Exit code 3 where the card states no whole recipe, or nobody else ran it.
    """
    from cardaudit.census.stored import StoredCensus, shipped
    from cardaudit.output import census as rendering

    settings = settings_for(config, offline, no_color)
    census = StoredCensus(file) if file else shipped()
    if what is None:
        document = rendering.listing(census)
    elif KEY.fullmatch(what) and not Path(what).exists():
        document = rendering.of_cell(_cell(census, what), census.source)
    else:
        document = rendering.of_card(_one(what, settings.offline), census)
    texts = {"text": rendering.text, "json": rendering.machine}
    for each in wanted(FORMATS, format_, output):
        emit(partial(texts[each.format], document), each.path)
    return 0 if document.get("recipe") or what is None else 3


def _cards(source: str, offline: bool, quiet: bool, failed: list[str]) -> "Iterator[Card]":
    from cardaudit.zoo.linting import read
    from cardaudit.zoo.sources import read_source

    def tell(sentence: str) -> None:
        if not quiet:
            click.echo(sentence, err=True)

    for item in read_source(source, offline, tell=tell):
        try:
            if item.error:
                raise CardauditError(item.error)
            yield read(item.name, item.form, item.data)
        except CardauditError as error:
            failed.append(f"{item.name}: {error}")


def _cell(census: "StoredCensus", key: str) -> "Cell":
    cell = census.cell(key)
    if cell is None:
        raise CardauditError(f"the census has no recipe {key} that two authors ran: cardaudit census show lists recipes")
    return cell


def _one(target: str, offline: bool) -> "Card":
    from cardaudit.targets import read_one

    return read_one(target, offline)
