"""Reports of speech scoring programs (sclite): rates of words right, replaced, left out and put in."""

from collections.abc import Iterator

from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.table_grid import Grid, is_number
from cardaudit.records import Result

ERROR_COLUMNS = ("corr", "sub", "del", "ins", "err")
ERROR_RATES = frozenset(("wer", "cer", "ter", "mer"))


def error_columns(grid: Grid) -> dict[str, int]:
    """The columns of a speech scoring report (sclite: Corr, Sub, Del, Ins, Err), by key; none where it is no such report."""
    keys = {metric_key(column.label): at for at, column in enumerate(grid.columns)}
    if not all(key in keys for key in ERROR_COLUMNS):
        return {}
    return {key: keys[key] for key in (*ERROR_COLUMNS, "s_err") if key in keys}


def scoring_report(grid: Grid, columns: dict[str, int], heading: str) -> Iterator[Result]:
    """Rates of words right, replaced, left out and put in. The error rate is that of the heading: WER, CER or TER."""
    rate = next((key for key in ERROR_RATES if key in metric_key(heading).split("_")), None)
    for row in grid.rows:
        name = row.cells[0].text if row.cells and not is_number(row.cells[0]) else None
        for key, at in columns.items():
            number = grid.number(row, at)
            if number:
                metric = rate if key == "err" and rate else key
                yield Result(metric, number.printed, number.stderr, name, setting=rate and rate.upper() if key != "err" else None)
