"""cardaudit show TARGET"""

from pathlib import Path

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted

FORMATS = ("text", "json", "jsonl")


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
    quiet: bool,  # noqa: ARG001
    verbose: bool,  # noqa: ARG001
) -> int:
    """Print what was read from a card: every value with its place, and the lines whose numbers were not read."""
    import json

    from cardaudit.exchange import card_json
    from cardaudit.output.record import render
    from cardaudit.targets import Unreadable, read_targets

    settings = settings_for(config, offline, no_color)
    cards, unreadable = [], []
    for card in read_targets(targets, settings.offline):
        if isinstance(card, Unreadable):
            unreadable.append(card)
        else:
            cards.append(card)
    documents = [card_json(card) for card in cards]
    texts = {
        "text": lambda: "\n".join(render(card) for card in cards),
        "json": lambda: json.dumps(documents if len(documents) != 1 else documents[0], indent=2, ensure_ascii=False) + "\n",
        "jsonl": lambda: "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents),
    }
    for each in wanted(FORMATS, format_, output):
        emit(texts[each.format](), each.path)
    for bad in unreadable:
        click.secho(f"cardaudit: {bad.name}: {bad.because}", fg="red", err=True)
    return 2 if unreadable else 0
