"""Tables of benchmarks and models, either way round, whose numbers are scores of a metric that no label names."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from cardaudit.dialects.parts.corner_tables import is_language
from cardaudit.dialects.parts.data_columns import with_remarks_apart
from cardaudit.dialects.parts.heading_metrics import (
    EVALUATED,
    metric_in_brackets,
    metric_of_corner,
    metric_of_title,
    plain,
    title,
)
from cardaudit.dialects.parts.joined_cells import metric_behind, results_of_cell
from cardaudit.dialects.parts.lead_words import metric_told, tells_results
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.numbers import is_integer
from cardaudit.dialects.parts.own_columns import as_models, compares_models
from cardaudit.dialects.parts.split_columns import with_splits
from cardaudit.dialects.parts.table_grid import Grid, Number, filled_down, role_of_rows
from cardaudit.dialects.parts.table_headers import DATASET, MODEL
from cardaudit.dialects.parts.table_labels import SCORE, Role, is_benchmark, read_label
from cardaudit.dialects.parts.table_rows import AVERAGES, RECOVERY, counts_column, kinds_of, row_role
from cardaudit.document import Block, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Result

HIGHEST_SCORE = Decimal(100)
FEWEST_COLUMNS = 2
ERROR_RATES = frozenset(("wer", "cer"))  # of speech: what they are compared over are data sets
NO_NAME = deferred(
    r"[^A-Za-z]+|\d+[ -]?shots?\b.*|[a-z]{2}(?:-[a-zA-Z]{2,4})?|[A-Z][a-z]-[A-Z][a-z]|[A-Z]{2} ?(?:-|to) ?[A-Z]{2}|\w+ ?= ?[\d.]+"
)  # a size, a language's code, a setting
NAME_LIKE = deferred(r"\d|[A-Z].*[A-Z]|[a-z][A-Z]")
HUB_DATA = "huggingface.co/datasets/"
SCORED = deferred(r"\b(?:scores?|metrics?|results?)\b", re.I)
COUNTED_ROW = deferred(
    r"(?:\w+ )?(?:speed|latency|throughput|runtime|(?:training |inference )?time|memory|v?ram|size|params|parameters|flops)"
    r"(?: ?\(.*)?",
    re.I,
)


def read_comparison(grid: Grid, roles: dict[int, Role], heading: str, above: Block | None = None) -> tuple[Result, ...]:
    """The results of a comparison; none where neither rows nor columns are known as benchmarks.

    The metric is that of the heading or of the table's corner where one of them is a metric's name and no more, else the one that
    the sentence above the table tells, else "score".
    A chapter's "Accuracy" above several benchmarks is no metric's name: some of them are scored otherwise.
    """
    names, told = grid.words(), metric_told(above)
    corner = grid.columns[0].label
    of_heading = metric_of_title(heading) if heading.lower() != "accuracy" or not _known_rows(_row_names(grid)) else None
    joined = told.split("/") if told and "/" in told else ()
    metric = metric_of_corner(corner) or of_heading or (None if joined else told) or metric_in_brackets(heading)
    evaluated = metric is not None or _tells_results(grid, heading, above)
    roles = with_splits(grid, roles) if metric else roles
    columns = _joined(grid, roles, joined) or _columns(grid, roles, metric, evaluated) or _of_heading(grid, roles, heading)
    columns = columns or (_of_sentence(grid, roles, above) if evaluated else {})
    if not columns and not names and len(grid.rows) == 1 and metric:
        columns = _ways(grid, roles)
    if not columns:
        return ()
    return tuple(_results(grid, columns, names, metric or "score", joined))


def _tells_results(grid: Grid, heading: str, above: Block | None) -> bool:
    """Whether the words above a table, or a column of supports, say that it holds results."""
    told = EVALUATED.search(heading) is not None or is_benchmark(title(heading)) or tells_results(above)
    return told or any(column.label.lower() == "support" for column in grid.columns)


def _joined(grid: Grid, roles: dict[int, Role], metrics: Sequence[str]) -> dict[int, Role]:
    """The columns whose cells hold a number for each metric told above, beside names: of models where rows are data sets."""
    if not metrics or not grid.words():
        return {}
    of_data = role_of_rows(grid.columns[_naming(grid)], _row_names(grid)) == "dataset"
    parts = len(metrics) - 1
    full = [at for at in roles if any(at < len(row.cells) and row.cells[at].text.count("/") == parts for row in grid.rows)]
    return {at: Role(model=roles[at].setting) if of_data and not roles[at].known else roles[at] for at in full}


def _ways(grid: Grid, roles: dict[int, Role]) -> dict[int, Role]:
    """The columns of a lone row without a name, where each is a score: ways to run one model ("Without LM | With LM")."""
    labels = [role.setting for role in roles.values() if not role.known]
    all_scored = all(_scores(grid, at, False) for at in roles)
    return roles if all_scored and len(labels) == len(set(labels)) == len(grid.columns) else {}


def _columns(grid: Grid, roles: dict[int, Role], metric: str | None, evaluated: bool) -> dict[int, Role]:
    """The columns of scores, each with its role; none where it is unclear what their rows or they themselves are."""
    names = grid.words()
    first, texts = _naming(grid), _row_names(grid)
    benchmarks = [at for at, role in roles.items() if role.dataset]
    kind = role_of_rows(grid.columns[first], texts) if names else None
    if any(RECOVERY.fullmatch(column.label) for column in grid.columns) and not _known_rows(texts):
        return {}  # only models are compared so, as columns
    if kind != "model" and not benchmarks and names and compares_models(grid, roles, told=metric is not None):
        measured = metric is not None or _with_errors(grid, list(roles))
        if (evaluated or measured) and all(_scores(grid, at, measured, measured) for at in roles):
            return as_models(grid, roles)
    models = sum(role.model is not None for role in roles.values())
    of_models = kind == "dataset" and not benchmarks and (all(role.known for role in roles.values()) or models * 2 > len(roles))
    if _known_rows(texts) or (of_models and roles):
        return {
            at: role if role.known or NO_NAME.fullmatch(role.setting or "") else _as_model(role.setting or "")
            for at, role in roles.items()
            if _scores(grid, at, _known_rows(texts))
        }
    if len(benchmarks) * 2 >= len(roles) > 0 and (len(benchmarks) > 1 or kind == "model"):
        if kind == "dataset" and not grid.columns[first].label:
            return {}  # the rows hold a benchmark's name, the columns too
        return {at: _as_dataset(role) for at, role in roles.items() if at in benchmarks or _scores(grid, at, False)}
    scored = {at: role for at, role in roles.items() if _scores(grid, at, False)}
    scored = with_remarks_apart(grid, scored) if metric and kind == "model" else scored
    if names and kind == "model" and _compares(grid, roles, first):
        named = any(not AVERAGES.fullmatch(str(roles[at].dataset)) for at in benchmarks)
        spelled = metric in ERROR_RATES and any(NAME_LIKE.search(role.setting or "") for role in scored.values())
        measured = spelled or _axes_named(grid) or _with_errors(grid, list(scored))
        sure = bool(benchmarks) or measured
        complete = (sure or evaluated) and len(scored) == len(roles) and (sure or _alike(grid, list(scored)))
        linked = {at for at in scored if any(HUB_DATA in row.cells[at].text for row in grid.header_rows if at < len(row.cells))}
        return {at: _as_column(grid, role, named or measured or at in linked) for at, role in scored.items()} if complete else {}
    if not names or len(scored) < max(len(roles), FEWEST_COLUMNS) or not (evaluated or _with_errors(grid, list(scored))):
        return scored if metric and kind else {}
    compared = models * 2 > len(roles) or (models > 1 and _with_errors(grid, list(scored)))
    return _of_unknown_rows(grid, scored, kind, compared, told=metric is not None)


def _as_model(name: str) -> Role:
    return Role() if SCORED.search(name) else Role(model=name)


def _of_unknown_rows(grid: Grid, roles: dict[int, Role], kind: str | None, of_models: bool, *, told: bool) -> dict[int, Role]:
    """The columns of scores of a table that shows results, beside rows that no list knows: of models, or ways of measuring."""
    if not _alike(grid, list(roles)):
        return roles if told and kind else {}
    if of_models and kind != "model":
        return {at: role if role.known else Role(model=role.setting) for at, role in roles.items()}
    roles = {at: _without_average(role) for at, role in roles.items()}
    headed = DATASET.fullmatch(grid.columns[_naming(grid)].label) is not None
    others = sum(role.dataset is not None for role in roles.values())
    of_others = others * 4 > len(roles) or any(map(is_model, _row_names(grid)))
    return roles if kind == "split" or (kind == "dataset" and headed and not of_others) or (told and kind != "dataset") else {}


def _without_average(role: Role) -> Role:
    """An average over other columns than benchmarks is a setting."""
    averaged = role.dataset is not None and AVERAGES.fullmatch(role.dataset.rstrip("."))
    return role._replace(dataset=None, setting=role.dataset) if averaged else role


def _naming(grid: Grid) -> int:
    """The column whose names tell the rows apart: the one headed as benchmarks or models, else the first."""
    names = grid.words()
    headed = [at for at in names if DATASET.fullmatch(grid.columns[at].label) or _is_model_header(grid.columns[at].label)]
    return (headed or names or [0])[0]


def _row_names(grid: Grid) -> list[str]:
    first = _naming(grid)
    return [name[first][0] for _, name in filled_down(grid.rows, [first]) if first in name] if grid.words() else []


def _of_heading(grid: Grid, roles: dict[int, Role], heading: str) -> dict[int, Role]:
    """The one column of scores of a table of models under a heading that is a benchmark's name ("### MT-Bench")."""
    name, names = plain(heading), grid.words()
    scores = [at for at in roles if SCORE.fullmatch(grid.columns[at].label) and _scores(grid, at, False)]
    if len(scores) != 1 or len(name.split()) > 3 or is_model(name) or not is_benchmark(name) or not names:
        return {}
    return {scores[0]: Role(dataset=name)} if _is_model_header(grid.columns[names[0]].label) else {}


def _of_sentence(grid: Grid, roles: dict[int, Role], above: Block | None) -> dict[int, Role]:
    """The one column of scores of a table of models, under the name of what the line above tells results of ("on BUSTM:")."""
    text = above.lines[-1].text if isinstance(above, Paragraph) else ""
    at, name = next(((at, role.setting or role.dataset or "") for at, role in roles.items()), (0, ""))
    if len(roles) != 1 or not NAME_LIKE.search(name) or f" on {name}" not in text or not grid.words() or is_model(name):
        return {}
    of_models = _is_model_header(grid.columns[grid.words()[0]].label) and _scores(grid, at, False)
    return {at: Role(dataset=name)} if of_models else {}


def _compares(grid: Grid, roles: dict[int, Role], names: int) -> bool:
    """Whether models are named by their header and the columns are several and no models."""
    several = len(roles) >= FEWEST_COLUMNS or (_axes_named(grid) and len(roles) == 1)
    header = grid.columns[names].label
    return several and not all(role.model for role in roles.values()) and (not header or _is_model_header(header))


def _axes_named(grid: Grid) -> bool:
    """Whether the corner names columns and rows: "Language / Model"."""
    return "/" in grid.columns[0].label


def _as_column(grid: Grid, role: Role, sure: bool) -> Role:
    """A column of scores as a data set; one that only its heading tells to be of scores, by a name that is no plain word."""
    name = role.setting or role.dataset
    if _axes_named(grid) or is_language(name or "") or not (sure or role.known or NAME_LIKE.search(role.setting or "")):
        return Role(setting=name)
    return _as_dataset(role)


def _with_errors(grid: Grid, columns: Sequence[int]) -> bool:
    """Whether most numbers have a standard error, as only measurements do."""
    errors = [number.stderr for at in columns for number in _numbers(grid, at)]
    return sum(error is not None for error in errors) * 2 > len(errors)


def _known_rows(texts: Sequence[str]) -> bool:
    """Whether at least half of the rows are known benchmarks, and more than one, or all of them."""
    known = sum(is_benchmark(text) and read_label(text).dataset is not None and " + " not in text for text in texts)
    return known * 2 >= len(texts) > 0 and (known > 1 or known == len(texts))


def _is_model_header(label: str) -> bool:
    return MODEL.fullmatch(label) is not None and DATASET.fullmatch(label) is None


def _as_dataset(role: Role) -> Role:
    """A column of an unknown name among benchmarks, or beside models, is a data set of its own name."""
    if role.setting and NO_NAME.fullmatch(role.setting):
        return role._replace(known=True)
    if role.known or role.dataset:
        return role
    name, _, remark = (role.setting or "").partition(", ")
    return Role(role.metric, dataset=name or None, setting=remark or None)


def _scores(grid: Grid, at: int, of_benchmarks: bool, of_any_size: bool = False) -> bool:
    """Whether a column's numbers look like scores: up to 100, and not all integers where no benchmark is named."""
    numbers = _numbers(grid, at)
    if not numbers or counts_column(grid.columns[at].label):
        return False
    if of_any_size:
        return True
    if any(number.printed.value is not None and abs(number.printed.value) > HIGHEST_SCORE for number in numbers):
        return of_benchmarks and not all(is_integer(number.printed) for number in numbers)
    whole = [number for number in numbers if is_integer(number.printed)]
    return of_benchmarks or len(whole) * 2 <= len(numbers)


def _alike(grid: Grid, columns: Sequence[int]) -> bool:
    """Whether the columns' numbers are of one size, as scores of one kind are: no mean beyond 12 times another."""
    sizes = [[abs(float(number.printed.value or 0)) for number in _numbers(grid, at)] for at in columns]
    means = [sum(each) / max(len(each), 1) for each in sizes]
    return min(means) * 12 >= max(means)


def _numbers(grid: Grid, at: int) -> list[Number]:
    return [number for row in grid.rows if (number := grid.number(row, at))]


def _results(
    grid: Grid, columns: dict[int, Role], names: Sequence[int], metric: str, joined: Sequence[str] = ()
) -> Iterator[Result]:
    kinds = kinds_of(grid)
    for row, found in filled_down(grid.rows, names):
        name = found[names[0]][0] if names and names[0] in found else ""
        of_row = None if _is_counted(name) else row_role(grid, row, found, kinds)
        for at, role in columns.items():
            number = grid.number(row, at)
            if number and of_row is not None:
                whole = of_row.with_(role)
                key = whole.metric or metric_behind(row.cells[at].text) or metric
                yield Result(key, number.printed, number.stderr, whole.dataset, whole.split, whole.model, whole.setting)
            elif of_row is not None and at < len(row.cells) and "/" in row.cells[at].text:
                yield from results_of_cell(grid, row.cells[at], at, of_row.with_(role), joined)


def _is_counted(name: str) -> bool:
    """Whether a row counts or times something: "Model size (MB)", "speed (text/sec, CPU)"."""
    return COUNTED_ROW.fullmatch(name) is not None
