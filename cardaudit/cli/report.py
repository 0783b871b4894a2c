"""cardaudit report AUDIT..."""

from pathlib import Path

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted
from cardaudit.errors import CardauditError

FORMATS = ("html", "markdown", "json")


@click.command("report", no_args_is_help=True)
@click.argument("audits", nargs=-1, required=True, metavar="AUDIT...", type=click.Path(path_type=Path))
@outputs(FORMATS, "html")
@common
def command(
    audits: tuple[Path, ...],
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Render saved audits again.

    AUDIT is an audit folder, its audit.json, or a report.html (which holds its own record). Without -o an HTML report is written
    beside the audit; Markdown and JSON go to standard output.
    """
    from cardaudit.report import load_audit, render_html, render_json, render_markdown

    settings_for(config, offline, no_color)
    asked = wanted(FORMATS, format_, output)
    if len(audits) > 1 and any(each.path is not None for each in asked):
        raise CardauditError("several audits do not fit into one file: render them one at a time, or leave out -o")
    renders = {"html": render_html, "markdown": render_markdown, "json": render_json}
    for path in audits:
        file = path / "audit.json" if path.is_dir() else path
        try:
            audit = load_audit(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CardauditError(
                f"{file} cannot be read: {error.strerror or error}; give an audit folder, its audit.json or its report.html"
            ) from error
        except UnicodeDecodeError as error:
            raise CardauditError(f"{file} is no saved audit: it is not UTF-8 text") from error
        for each in asked:
            where = each.path or (file.parent / "report.html" if each.format == "html" else None)
            emit(renders[each.format](audit), where)
            if where is not None and not quiet:
                click.echo(f"report: {where.resolve().as_uri()}", err=True)
    return 0
