"""Tables of results: which of its numbers measures what, by the names around them; where these are unclear, nothing is read."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cardaudit.dialects.parts.comparison_tables import read_comparison
from cardaudit.dialects.parts.corner_tables import placed_by_corner, read_corner
from cardaudit.dialects.parts.data_columns import with_bracketed, with_data
from cardaudit.dialects.parts.epoch_table import Known, columns_of, is_epoch_table, read_epoch_table
from cardaudit.dialects.parts.further_training import is_timed, results_of
from cardaudit.dialects.parts.harness_tables import read_harness
from cardaudit.dialects.parts.joined_cells import are_metrics, metric_behind, results_of_cell
from cardaudit.dialects.parts.lone_numbers import read_lone_number
from cardaudit.dialects.parts.named_cells import metric_in_cells, roles_of_named
from cardaudit.dialects.parts.numbers import has_digit
from cardaudit.dialects.parts.scoring_reports import error_columns, scoring_report
from cardaudit.dialects.parts.split_rows import with_split_rows
from cardaudit.dialects.parts.table_grid import Grid, filled_down, grid_of, is_number
from cardaudit.dialects.parts.table_headers import DATASET, METRIC, MODEL, SHOTS, SPLIT, STDERR, VERSION
from cardaudit.dialects.parts.table_labels import COMPARED, SCORE, Role, bare, metric_of, read_label
from cardaudit.dialects.parts.table_rows import (
    AVERAGES,
    DELTAS,
    RECOVERED,
    RECOVERY,
    counts_column,
    is_accuracy,
    kinds_of,
    name_benchmarks,
    row_role,
)
from cardaudit.dialects.parts.twin_rows import told_apart
from cardaudit.document import Block, Cell, Row, Table
from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

AMBIGUOUS = frozenset(("sar", "sir", "per", "ap", "em", "rouge1"))  # also names of tasks, of entities, of places
FEWEST_OTHERS = 3
FEWEST_STACKED = 2
NAMED = deferred(r"[A-Z][A-Za-z]*[A-Z]|[A-Za-z]{2,}\d")
MOST_CELLS = 60_000


class TableReading(NamedTuple):
    """Results of a table, and the places of the further cells that they took: names, errors, shots."""

    results: tuple[Result, ...]
    also_read: tuple[Span, ...]


def read_results(table: Table, heading: str = "", above: Block | None = None) -> TableReading:
    """Every number of a results table that its labels explain, in the order of the text.

    `heading`: the words above the table, which name the metric where no label does ("### WER"); `above`: the block above, whose
    last sentence may name it.
    """
    table = _with_header_as_row(table)
    if not table.rows or len(table.rows) * len(table.header.cells) > MOST_CELLS or not _any_digit(table):
        return TableReading((), ())
    if is_epoch_table(columns_of([cell.text for cell in table.header.cells])) and is_timed(table):
        rows = read_epoch_table(table, Known()).rows
        return TableReading(tuple(results_of(rows, heading)), (table.header.line.span, *(row.span for row in rows)))
    grid = grid_of(with_split_rows(table))
    found = told_apart(grid, read_lone_number(grid, above) or list(_read(grid, heading, above)))
    found = placed_by_corner(grid, _unambiguous(grid, [*found, *_recoveries(grid, found)]))
    headers = [row.line.span for row in grid.header_rows] if found else []
    return TableReading(tuple(found), (*headers, *_names_of(grid, found)))


def _with_header_as_row(table: Table) -> Table:
    """The table; where its header is a metric with its number ("| F1 | 0.83 |"), that is its first row, under no header."""
    cells = table.header.cells
    if len(cells) != 2 or not has_digit(cells[1].text) or not is_number(cells[1]) or metric_of(bare(cells[0].text)) is None:
        return table
    blank = tuple(Cell(cell.start, "") for cell in cells)
    return table._replace(header=Row(table.header.line, blank), rows=(table.header, *table.rows))


def _unambiguous(grid: Grid, found: list[Result]) -> list[Result]:
    """Without the numbers of a row of which nothing tells one from another: some label was not understood."""
    starts = sorted(row.line.start for row in grid.rows)
    keys = [
        (bisect_right(starts, each.number.span.start), each.metric, each.dataset, each.split, each.model, each.setting)
        for each in found
    ]
    times = Counter(keys)
    return [each for each, key in zip(found, keys, strict=True) if times[key] == 1]


def _recoveries(grid: Grid, found: Sequence[Result]) -> Iterator[Result]:
    """The shares of its first model's scores that a row's last keeps ("Recovery"): of what the row's other numbers measure."""
    columns = [at for at, column in enumerate(grid.columns) if RECOVERY.fullmatch(column.label)] if found else []
    if not columns:
        return
    measured = {each.number.span.start: each for each in found}
    for row in grid.rows:
        numbers = [(at, number) for at in grid.numbers() if (number := grid.number(row, at))]
        about = [measured[each.printed.span.start] for _, each in numbers if each.printed.span.start in measured][:1]
        for number in (number for at, number in numbers if at in columns and about):
            yield replace(about[0], metric=RECOVERED, number=number.printed, stderr=number.stderr, model=None)


def _any_digit(table: Table) -> bool:
    return any(has_digit(cell.text) for row in table.rows for cell in row.cells)


def _read(grid: Grid, heading: str, above: Block | None) -> Iterable[Result]:
    errors = error_columns(grid)
    if errors:
        return scoring_report(grid, errors, heading)
    harness = read_harness(grid)
    if harness is not None:
        return harness
    if (of_corner := read_corner(grid)) is not None:
        return of_corner
    if in_cells := metric_in_cells(grid):
        return _metrics_as_columns(grid, roles_of_named(grid, in_cells))
    roles = column_roles(grid)
    names = grid.words()
    first = names[0] if names else 0
    texts = [name[first][0] for _, name in filled_down(grid.rows, [first]) if first in name]
    measured = sum(_is_measure(text) for text in texts)
    by_chance = sum(role.metric is not None for role in roles.values())
    if by_chance and by_chance * 2 < len(roles) and measured == len(texts) > 1:
        labels = {at: Role(setting=grid.columns[at].label) if role.metric else role for at, role in roles.items()}
        return _metrics_as_rows(grid, labels, first)  # "PER" and "AP" beside other columns are a class and a place
    if by_chance == 1 and len(roles) > FEWEST_OTHERS and any(role.metric in AMBIGUOUS for role in roles.values()):
        roles = {at: Role(setting=grid.columns[at].label, known=False) if role.metric else role for at, role in roles.items()}
        by_chance = 0  # "SAR" among names of tasks is one of them
    if by_chance or any(are_metrics(grid.columns[at].label) for at in roles):
        return _metrics_as_columns(grid, with_bracketed(grid, with_data(grid, roles)))
    named = METRIC.fullmatch(grid.columns[first].label) is not None
    if measured and (named or sum(_is_measure(text) or counts_column(text) for text in texts) * 2 > len(texts)):
        return _metrics_as_rows(grid, roles, first)
    return read_comparison(grid, roles, heading, above)


def column_roles(grid: Grid) -> dict[int, Role]:
    """The role of each column of numbers; columns of counts, sizes and differences are left out."""
    labels = {at: grid.columns[at].labels for at in grid.numbers()}
    single = _single_letters([each[0] for each in labels.values()])
    report = {"precision", "recall"} <= {metric_of(each[0]) for each in labels.values()}
    roles = {}
    firsts = Counter(each[0] for each in labels.values())
    for at, stacked in labels.items():
        if report and (counted := load("table_words")["of_classes"].get(stacked[0].lower())):
            roles[at] = Role(counted)
            continue
        if (
            DELTAS.fullmatch(stacked[0])
            or RECOVERY.fullmatch(stacked[0])
            or counts_column(stacked[0])
            or VERSION.fullmatch(stacked[0])
            or _signed(grid, at)
        ):
            continue
        role = Role(single[stacked[0]]) if stacked[0] in single else read_label(stacked[0])
        for group in stacked[1:]:
            role = role.with_(_of_group(group))
        if len(stacked) == FEWEST_STACKED and firsts[stacked[0]] > 1 and not (role.known or role.dataset):
            role = _under_set(role, *stacked)
        roles[at] = role
    return roles


def _signed(grid: Grid, at: int) -> bool:
    """Whether a column holds differences: each of its numbers is printed with its sign, and some with a plus."""
    signs = [number.printed.text[0] for row in grid.rows if (number := grid.number(row, at))]
    return "+" in signs and all(sign in "+-−" for sign in signs)


def _under_set(role: Role, label: str, group: str) -> Role:
    """A column of a label that stands under several groups, of which its own is spelled as a data set."""
    setting = read_label(label).setting if role.metric else label
    return Role(role.metric, group, setting=setting, known=False) if NAMED.match(group) else role


def _is_measure(text: str) -> bool:
    return metric_of(text) is not None or read_label(text).metric is not None


def _of_group(group: str) -> Role:
    if any(kind.fullmatch(group) for kind in (METRIC, DATASET, MODEL, SPLIT)):
        return Role()
    said = read_label(group)
    return said._replace(dataset=None, setting=said.dataset) if said.dataset and AVERAGES.fullmatch(said.dataset) else said


def _single_letters(labels: Sequence[str]) -> dict[str, str]:
    """ "P", "R" and "F" name precision, recall and F1 where the three stand together, the first two also beside mAP50."""
    letters = {label.upper(): label for label in labels}
    f1 = next((letters[name] for name in ("F1", "F", "F-SCORE") if name in letters), None)
    if "P" not in letters or "R" not in letters or not (f1 or {"MAP50", "F0.5", "F2"} & letters.keys()):
        return {}
    return {letters["P"]: "precision", letters["R"]: "recall"} | ({f1: "f1"} if f1 else {})


def _metrics_as_columns(grid: Grid, roles: dict[int, Role]) -> Iterator[Result]:
    report = {role.metric for role in roles.values()} >= {"precision", "recall"}
    columns = [(at, role) for at, role in roles.items() if role.metric or role.dataset or SCORE.fullmatch(grid.columns[at].label)]
    kinds = kinds_of(grid)
    numbered = None if grid.words() else _numbering(grid, roles)
    for row, names in filled_down(grid.rows, grid.words()):
        of_row = row_role(grid, row, names, kinds, report=report)
        if of_row is None:
            continue
        if numbered is not None:
            of_row = of_row.with_(_numbered(grid, row, numbered))
        for at, role in columns:
            number = grid.number(row, at)
            metric = _metric_of_row(role, names, report) or (metric_behind(row.cells[at].text) if number else None) or "score"
            if number:
                whole = _apart(role, of_row).with_(of_row) if role.metric else of_row.with_(role)
                yield Result(metric, number.printed, number.stderr, whole.dataset, whole.split, whole.model, whole.setting)
            elif at < len(row.cells) and "/" in row.cells[at].text:
                yield from results_of_cell(grid, row.cells[at], at, of_row.with_(role))


def _apart(role: Role, of_row: Role) -> Role:
    """A column of averages beside rows of data sets, as a setting."""
    averaged = role.dataset is not None and of_row.dataset is not None and AVERAGES.fullmatch(role.dataset.rstrip("."))
    return role._replace(dataset=None, setting=role.dataset) if averaged else role


def _metric_of_row(role: Role, names: dict[int, tuple[str, Cell]], report: bool) -> str | None:
    """A classification report prints the accuracy as a row of its own, under F1."""
    first = names[min(names)][0].lower() if names else ""
    return "accuracy" if report and role.metric == "f1" and is_accuracy(first) else role.metric


def _numbering(grid: Grid, roles: dict[int, Role]) -> int | None:
    """The column of numbers that tells rows apart where no column names them ("K | Recall@K")."""
    return 0 if len(grid.rows) > 1 and not (roles.get(0) or Role()).metric and grid.columns[0].label else None


def _numbered(grid: Grid, row: Row, at: int) -> Role:
    number = grid.number(row, at)
    return Role(setting=f"{grid.columns[at].label} {number.printed.text}") if number else Role()


def _metrics_as_rows(grid: Grid, roles: dict[int, Role], first: int) -> Iterator[Result]:
    others = [at for at in grid.words() if at != first]
    kinds, roles = kinds_of(grid), _told_columns(grid, roles, first)
    of_sets = name_benchmarks(grid, first)
    for row, names in filled_down(grid.rows, grid.words()):
        measure = read_label(names[first][0]) if first in names else Role()
        if measure.metric is None and of_sets and measure.dataset and measure.known:
            measure = measure._replace(metric="score")  # "IFEval (Prompt Strict)" below "MMLU (EM)"
        if measure.metric is None:
            continue
        of_row = row_role(grid, row, {at: names[at] for at in others if at in names}, kinds)
        for at, role in roles.items():
            number = grid.number(row, at)
            if number and of_row is not None:
                whole = measure.with_(role).with_(of_row)
                stated = replace(number.printed, label=names[first][0])
                yield Result(str(whole.metric), stated, number.stderr, whole.dataset, whole.split, whole.model, whole.setting)


def _told_columns(grid: Grid, roles: dict[int, Role], first: int) -> dict[int, Role]:
    """The columns beside rows of metrics, those of unknown names as what their fellows are: data sets, or models."""
    benchmarks = sum(role.dataset is not None and not AVERAGES.fullmatch(role.dataset) for role in roles.values())
    if not benchmarks:
        roles = {at: _apart(role, Role(dataset="")) for at, role in roles.items()}
    models = sum(role.model is not None for role in roles.values())
    of_benchmarks = name_benchmarks(grid, first)
    told = {}
    for at, role in roles.items():
        name = role.setting if not role.known else None
        if name and benchmarks * 2 > len(roles):
            role = Role(dataset=name)
        elif name and ((of_benchmarks and not benchmarks) or models * 2 >= len(roles) or COMPARED.fullmatch(name)):
            role = Role(model=name)
        told[at] = role
    return told


def _names_of(grid: Grid, found: Sequence[Result]) -> Iterator[Span]:
    """The cells that results took beside their numbers: names, errors, shots, and what follows a number in its own cell."""
    starts = sorted(result.number.span.start for result in found)
    beside = [each.is_words or any(kind.fullmatch(each.label) for kind in (SHOTS, STDERR, VERSION)) for each in grid.columns]
    for row in grid.rows:
        holding = [_holds(starts, cell) for cell in row.cells[: len(grid.columns)]]
        if any(holding):
            for cell, holds, is_beside in zip(row.cells, holding, beside, strict=False):
                if holds or is_beside:
                    yield cell.span


def _holds(starts: Sequence[int], cell: Cell) -> bool:
    at = bisect_left(starts, cell.start)
    return at < len(starts) and starts[at] < cell.start + len(cell.text)
