"""The long form of evaluation programs: a metric's name in one column and its value in another.

lm-evaluation-harness 0.3 prints Task, Version, Metric, Value and Stderr; 0.4 adds Filter and n-shot, and leaves a task's name out
of its further rows. Leaderboard blocks are of the same form with benchmarks in the metric's column.
"""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.counted_labels import counts
from cardaudit.dialects.parts.joined_cells import results_of_cell
from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.table_grid import Grid, filled_down
from cardaudit.dialects.parts.table_headers import DATASET, INTERVAL, LABEL, METRIC, MODEL, SHOTS, SPLIT, STDERR, VALUE, VERSION
from cardaudit.dialects.parts.table_labels import (
    COMPARED,
    SHOT,
    Role,
    averaged_role,
    bare,
    is_benchmark,
    is_split,
    metric_of,
    read_dataset,
    read_label,
)
from cardaudit.dialects.parts.table_rows import AVERAGES, DELTAS, RECOVERED, RECOVERY, is_task_beside_data
from cardaudit.dialects.parts.table_sections import section_role
from cardaudit.document import Row
from cardaudit.patterns import deferred
from cardaudit.records import Result

NO_FILTER = frozenset(("none", "n/a", "-", "–", "—", ""))
KIND = deferred(r"type", re.I)
ORIGINAL = deferred(r"(?:# ?)?Original(?: \([^()]{1,60}\))?")
FILTER = deferred(r"filters?", re.I)
OF_LIGHTEVAL = deferred(  # "leaderboard:arc:challenge:25": a suite, a task, its shots
    r"(?:(?:bigbench|community|custom|extended|harness|helm|leaderboard|lighteval|multilingual|original|test):)?"
    r"(?P<task>[A-Za-z][\w.:-]{0,80}):(?P<shots>\d{1,2})"
)


def read_harness(grid: Grid) -> tuple[Result, ...] | None:
    """The results of a table with a metric's column before that of its values; None where it is of another form."""
    labels = [column.label for column in grid.columns]
    values = [at for at, label in enumerate(labels) if VALUE.fullmatch(label) and label]
    metric_at = next((at for at, label in enumerate(labels) if METRIC.fullmatch(label) and grid.columns[at].is_words), None)
    if metric_at is None and len(labels) == 2 and values == [1] and KIND.fullmatch(labels[0]):
        metric_at = 0
    if metric_at is None:
        return None
    value_columns = [(at, Role()) for at in values if at > metric_at][:1] or _compared(grid, metric_at)
    if not value_columns:
        return None
    if values:
        value_columns += [
            (at, Role(model="Original")) for at in grid.numbers() if at > values[0] and ORIGINAL.fullmatch(labels[at])
        ]
    return tuple(_results(grid, metric_at, value_columns))


def _compared(grid: Grid, metric_at: int) -> list[tuple[int, Role]]:
    """The columns behind the metric's that hold numbers: of models, splits or data sets.

    Where nothing stands left of the metric, each of them must name one: "Metric | Base model | This adapter".
    """
    found = []
    for at in grid.numbers():
        label = grid.columns[at].label
        role = read_label(label)
        if at < metric_at or STDERR.fullmatch(label) or (counts(label) and role.model is None) or not label or _compares(label):
            continue
        if metric_at == 0 and not (role.model or role.split or COMPARED.fullmatch(label)):
            return []
        found.append((at, role if role.known else Role(model=label)))
    return found if metric_at or len(found) > 1 else []


def _compares(label: str) -> bool:
    """Whether a column holds no scores, but what comes of two others."""
    return DELTAS.fullmatch(label) is not None or RECOVERY.fullmatch(label) is not None


def _results(grid: Grid, metric_at: int, values: list[tuple[int, Role]]) -> Iterator[Result]:
    stderr_at = next((at for at, column in enumerate(grid.columns) if STDERR.fullmatch(column.label)), None)
    words = [at for at in grid.words() if at not in (stderr_at, *(at for at, _ in values))]
    context = [at for at in range(len(grid.columns)) if at != metric_at and at not in dict(values) and at != stderr_at]
    tasks = [at for at in context if DATASET.fullmatch(grid.columns[at].label)]
    declared, listed = _is_declared(grid, metric_at), _lists_benchmarks(grid, metric_at)
    for row, names in filled_down(grid.rows, [at for at in words if _is_carried(grid, at, metric_at)]):
        if metric_at in names:
            name = names[metric_at][0]
            measure = _measure(name, declared) if not listed or _is_measured(name) else read_dataset(name)
        else:
            measure = Role() if any(at in names for at in tasks) else None
        if measure is None:
            continue
        about = measure.with_(section_role(grid.sections.get(row.line.start)))
        for at in context:
            about = about.with_(_context(grid, row, at, names[at][0] if at in names else ""))
        for at, role in values:
            number = grid.number(row, at)
            if number:
                whole = about.with_(role)
                error = _error(row, stderr_at) or number.stderr
                yield Result(
                    whole.metric or "score", number.printed, error, whole.dataset, whole.split, whole.model, whole.setting
                )
            elif at < len(row.cells) and "/" in row.cells[at].text and metric_at in names:
                joined = Role(setting=names[metric_at][0]).with_(about.with_(role))._replace(metric=None)
                yield from results_of_cell(grid, row.cells[at], at, joined)


def _is_carried(grid: Grid, at: int, metric_at: int) -> bool:
    """Whether a column's names are told: of versions and blank headers (arrows, plus-minus signs) they are not."""
    label = grid.columns[at].label
    return at == metric_at or not (VERSION.fullmatch(label) or (not label and at > 0))


def _is_declared(grid: Grid, metric_at: int) -> bool:
    """Whether a metric's cell names a metric whatever its words: beside a task's column, or as the only names of the table."""
    return (metric_at == 0 and len(grid.columns) > 2) or any(DATASET.fullmatch(column.label) for column in grid.columns)


def _lists_benchmarks(grid: Grid, metric_at: int) -> bool:
    """Whether most names of the metric's column are benchmarks: then a name that is not known is one too."""
    names = [bare(row.cells[metric_at].text) for row in grid.rows if metric_at < len(row.cells) and row.cells[metric_at].text]
    return len(names) > 2 and sum(read_label(name).dataset is not None for name in names) * 2 > len(names)


def _is_measured(name: str) -> bool:
    """Whether a name is known, as a benchmark, a metric, a mean or a count."""
    said = read_label(name)
    known = said.dataset or (said.metric and said.known) or said.split or said.model
    aside = any(kind.fullmatch(name) for kind in (AVERAGES, RECOVERY, DELTAS))
    return bool(known) or aside or averaged_role(name) is not None or counts(name)


def _measure(name: str, has_task: bool) -> Role | None:
    """What a metric's cell says: a metric, a benchmark (then its number is a score), or a number of shots."""
    if RECOVERY.fullmatch(name):
        return Role(RECOVERED)
    if averaged := averaged_role(name):
        return averaged
    if has_task and AVERAGES.fullmatch(name) and metric_of(name) is None:
        return Role(setting=name)
    said = read_label(name)
    if said.dataset and "(" in name:
        return Role(setting=name) if AVERAGES.fullmatch(said.dataset) else said
    metric, _, way = name.partition(",")
    if SHOT.fullmatch(name):
        return Role(setting=name)
    if "(" in metric and ")" in way:  # "mean(Accuracy,F1)"
        return Role(metric_key(re.sub(r"\W", " ", name)))
    key = metric_of(metric)
    if key and (is_metric_label(key) or has_task or key.rsplit("_", 1)[-1].isdigit()):
        said = read_label(name) if not way else Role(key, setting=None if way.strip() in NO_FILTER else way.strip())
        return said if said.metric else Role(key)
    said = read_label(name)
    if said.dataset or said.metric:
        return said
    plain = metric_key(metric)
    return (
        Role(plain, setting=way.strip() or None)
        if has_task and plain and not name[:1].isdigit() and len(plain) < 40 and not counts(name)
        else None
    )


def _context(grid: Grid, row: Row, at: int, name: str) -> Role:
    """What another cell of the row adds."""
    label = grid.columns[at].label
    if SHOTS.fullmatch(label) and at < len(row.cells):
        shots = row.cells[at].text.strip("* ")
        return Role(setting=f"{shots}-shot") if shots.isdigit() else Role(setting=shots) if SHOT.fullmatch(shots) else Role()
    if not name or VERSION.fullmatch(label) or INTERVAL.fullmatch(label) or DELTAS.fullmatch(label) or name.lower() in NO_FILTER:
        return Role()
    of_task = "/" in label and DATASET.fullmatch(label.partition("/")[0].strip()) is not None and is_benchmark(name)
    if of_task or DATASET.fullmatch(label) or (at == 0 and not label):
        return Role(setting=name) if is_task_beside_data(grid, at) else _task(name)
    if MODEL.fullmatch(label):
        return Role(model=name)
    if SPLIT.fullmatch(label) or is_split(name):
        return Role(split=name)
    if LABEL.fullmatch(label):
        return Role(setting=f"label {name}" if label.lower().startswith(("label", "class", "entit")) else name)
    return Role(setting=name) if FILTER.fullmatch(label) or label else Role()


def _task(name: str) -> Role:
    """A task's cell: its dash for a group's member is no part of its name; "(25-shot)" is a setting."""
    plain = name.lstrip("-–• ").strip()
    if plain == "all":  # lighteval's mean of all tasks
        return Role(setting=plain)
    if ":" in plain and (found := OF_LIGHTEVAL.fullmatch(plain)):
        return Role(dataset=found["task"], setting=f"{found['shots']}-shot")
    said = read_label(plain)
    if said.dataset and said.metric is None and said.setting:
        return said
    return Role(dataset=plain)


def _error(row: Row, at: int | None) -> str | None:
    text = row.cells[at].text.strip("*_`± ") if at is not None and at < len(row.cells) else ""
    return text if text[:1].isdigit() or text[:1] == "." else None
