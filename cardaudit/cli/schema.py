"""cardaudit schema [KIND]"""

from pathlib import Path

import click

from cardaudit.errors import CardauditError

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
ENDING = ".schema.json"


@click.command("schema")
@click.argument("kind", required=False)
def command(kind: str | None) -> int:
    """Print the JSON Schema of a document that cardaudit writes; without KIND, their names."""
    kinds = sorted(path.name.removesuffix(ENDING) for path in FOLDER.glob(f"*{ENDING}"))
    if kind is None:
        click.echo("\n".join(kinds))
        return 0
    if kind not in kinds:
        raise CardauditError(f"there is no schema {kind!r}: one of {', '.join(kinds)}")
    click.echo((FOLDER / f"{kind}{ENDING}").read_text(encoding="utf-8"), nl=False)
    return 0
