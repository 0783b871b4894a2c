"""cardaudit zoo export ZOO, cardaudit zoo diff OLD NEW"""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import emit
from cardaudit.errors import CardauditError
from cardaudit.plurals import count

if TYPE_CHECKING:
    from cardaudit.zoo.digest import Digest

TABLES = ("cards", "findings", "numbers", "verdicts")


@click.command("export", no_args_is_help=True)
@click.argument("zoo", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(("csv", "jsonl", "parquet")), help="[default: by the file's suffix]")
@click.option("--table", type=click.Choice(TABLES), default="cards", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE")
def export(zoo: Path, format_: str | None, table: str, output: Path) -> int:
    """Write a table of a zoo as CSV, JSON Lines or Parquet.

    ZOO is the folder that cardaudit zoo wrote, or its zoo.sqlite, which datasette and DuckDB also open as it is.
    """
    from cardaudit.zoo.export import FORMATS
    from cardaudit.zoo.export import export as write
    from cardaudit.zoo.reading import Reading

    chosen = next((each for each in FORMATS if each == (format_ or output.suffix[1:])), None)
    if chosen is None:
        raise CardauditError(f"{output} does not end with a format: give --format {', '.join(FORMATS)}")
    with Reading(_store(zoo)) as reading:
        rows = write(reading.connection, table, chosen, output)
    click.echo(f"{count(rows, 'row')} of {table}: {output}", err=True)
    return 0


@click.command("diff", no_args_is_help=True)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@click.option("--format", "format_", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file.")
def diff(old: Path, new: Path | None, format_: str, output: Path | None) -> int:
    """Tell what NEW has otherwise than OLD: findings that are new or fixed, claims that became contested, cards.

    OLD and NEW are folders that cardaudit zoo wrote, or their zoo.sqlite. With one of them: its last run against the one before.
    Markdown is a digest for a pull request or a chat. Exit code: 0, and 1 where NEW has an error that OLD has not.
    """
    from cardaudit.zoo.digest import digest_of, render_json, render_markdown, render_text
    from cardaudit.zoo.reading import Reading

    with Reading(_store(old)) as before, Reading(_store(new or old)) as after:
        digest: Digest = digest_of(before if new else after, after)
    if format_ == "json":
        emit(json.dumps(render_json(digest), indent=2, ensure_ascii=False) + "\n", output)
    else:
        emit(partial(render_markdown if format_ == "markdown" else render_text, digest), output)
    return int(digest.worse)


def _store(zoo: Path) -> Path:
    return zoo / "zoo.sqlite" if zoo.is_dir() else zoo
