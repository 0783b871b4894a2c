"""Tables whose cells name the metric of their number themselves: "37.61 eval acc"."""

from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_labels import Role, metric_of, read_label
from cardaudit.patterns import deferred

NAMED = deferred(r"[*_ ]{0,4}\d[\d.,]*[*_ ]{0,4}%?[ ]{1,3}([A-Za-z][\w@ -]{1,20}?)[*_ ]{0,4}")


def metric_in_cells(grid: Grid) -> str | None:
    """The metric that each cell of a table's numbers names behind its number; None where one names another, or none."""
    columns, named = grid.numbers(), set[str]()
    for row in grid.rows:
        for at in columns:
            text = row.cells[at].text if at < len(row.cells) else ""
            if not text.strip("-–— "):
                continue
            found = NAMED.fullmatch(text) if text[-1].isalpha() else None
            if found is None:
                return None
            named.add(found[1])
    return metric_of(named.pop()) if len(named) == 1 else None


def roles_of_named(grid: Grid, metric: str) -> dict[int, Role]:
    """The columns of such a table: what a header does not name is a setting ("10k train steps")."""
    roles = {at: read_label(grid.columns[at].label) for at in grid.numbers()}
    return {
        at: role._replace(metric=metric) if role.known and not role.metric else Role(metric, setting=grid.columns[at].label)
        for at, role in roles.items()
    }
