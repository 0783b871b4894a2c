"""What the names at the head of a results table's row say of its numbers."""

import re

from cardaudit.dialects.parts.counted_labels import counts
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.table_grid import Column, Grid, filled_down, role_of_rows
from cardaudit.dialects.parts.table_headers import INTERVAL, LINK_HEADER, MODEL, SHOTS
from cardaudit.dialects.parts.table_labels import Role, is_benchmark, is_split, read_dataset, read_label
from cardaudit.dialects.parts.table_sections import section_role
from cardaudit.document import Cell, Row
from cardaudit.patterns import deferred

AVERAGES = deferred(
    r"(?:micro|macro|weighted|samples)[ _-]?(?:avg|average|f1)?|(?:avg|average)(?: ?/ ?total)?|overall|all|total|平均[分值]?|평균"
    r"|(?:m[ée]dia|promedio|moyenne) (?:macro|micro|ponderad[ao]|pond[eé]r[eé]e|pesata|pesada)"
    r"|(?:makro|mikro|gewichtete[rs]?)[ -]?(?:durchschnitt|mittel|avg)"
    r"|(?:gesamt|insgesamt|totaal|totale|ensemble)(?: \(.{1,20}\))?",
    re.I,
)
GROUP = deferred(r"categor(?:y|ies)|types?|topics?", re.I)
TRAINED_ON = deferred(r"(?:pre-?|fine-?)?(?:train|tun)\w*(?: |_|-)(?:data|set|corpus|on)|pre-?train(?:ed|ing)?\Z", re.I)
DELTAS = deferred(
    r"gap\b.*|Δ.*|vs\.? (?:the )?(?:base|baseline|original|previous|prior|sota)\b.*|variations?|delta\b.*|diff(?:erence)?\b.*"
    r"|(?:relative )?(?:improvement|change|gain)s?\b.*|\w+ [-–−] \w+",
    re.I,
)
RECOVERY = deferred(r"(?:accuracy |average |score )?recover(?:y|ed)(?: rate)?(?: ?[(\[]?%[)\]]?)?", re.I)
SIZE = deferred(r"#? ?(?:num(?:ber)?\.? (?:of )?)?(?:model )?param(?:eter)?s?\.?(?: ?[(\[][^)\]]{1,10}[)\]])?", re.I)
EFFORT = deferred(  # "Time" alone may be a class
    r"(?:(?:[a-z]+ ?/ ?s(?:ec(?:ond)?)?|latency|throughput|(?:model|file|index|disk) size|param(?:eter)?s)"
    r"(?: ?[(\[].{1,30}[)\]])?"
    r"|[a-z ]+ ?[(\[](?:ms|[gmk]i?b|sec(?:onds)?)[)\]])",
    re.I,
)
FACTOR = deferred(r"\d+(?:\.\d+)?[x×]", re.I)  # a speed-up
SPLIT_LIKE = deferred(r"test|dev|val|train|hold|held|eval", re.I)
PART = deferred(r" \([A-Z]\w*\)\Z")
TASKS = deferred(r"tasks?(?: (?:name|category|type))?", re.I)
DATA_SETS = deferred(r"(?:data ?-?sets?|bench(?:marks?)?|corpus|corpora|test ?-?sets?)(?: ?\((?:metrics?|shots?)\))?", re.I)
RECOVERED = "recovery"  # a quantised model's score over that of the model it was made from


def row_role(
    grid: Grid, row: Row, names: dict[int, tuple[str, Cell]], kinds: dict[int, str | None], *, report: bool = False
) -> Role | None:
    """What a row's names and its section say together; None for a row of differences, of counts, or of effort.

    `report`: rows without another role are labels.
    """
    role = shots_of(grid, row)
    for at, (text, cell) in sorted(names.items()):
        if SHOTS.fullmatch(grid.columns[at].label):
            continue
        if RECOVERY.fullmatch(text):
            role = role.with_(Role(RECOVERED))
            continue
        if DELTAS.fullmatch(text) or EFFORT.fullmatch(text) or text.lower() == "support":
            return None
        if at > 0 and (_is_aside(grid.columns[at].label, text) or (is_split(text) and cell.text.startswith("["))):
            continue
        role = role.with_(_of_name(grid.columns[at], text, kinds.get(at), report))
    return role.with_(section_role(grid.sections.get(row.line.start))) if grid.sections else role


def counts_column(label: str) -> bool:
    """Whether a column's label names what is counted, and no metric, model or part of a data set ("i2b2 2012 (Time)")."""
    if not counts(label):
        return False
    said, name = read_label(label), label.partition(" (")[0]
    of_part = PART.search(label) is not None and any(letter.isdigit() for letter in name) and not counts(name)
    return said.metric is None and said.model is None and not of_part


def shots_of(grid: Grid, row: Row) -> Role:
    """The number of examples in the prompt, where a column of the table gives it ("# Shots")."""
    for at, column in enumerate(grid.columns):
        if "shot" in column.label.lower() and SHOTS.fullmatch(column.label) and at < len(row.cells):
            shots = row.cells[at].text.strip("* ")
            return Role(setting=f"{shots}-shot" if shots.isdigit() else shots) if shots[:1].isdigit() else Role()
    return Role()


def _is_aside(label: str, text: str) -> bool:
    """A link, a size or a time says nothing of what the row's numbers measure."""
    is_speed = "speed" in label.lower() and FACTOR.fullmatch(text) is not None
    is_aside = (
        is_speed
        or (counts(label) and MODEL.fullmatch(label) is None)
        or INTERVAL.fullmatch(label) is not None
        or LINK_HEADER.fullmatch(label) is not None
    )
    return is_aside or "://" in text or not any(c.isalpha() for c in text)


def _of_name(column: Column, text: str, kind: str | None, report: bool) -> Role:
    if (text.lower() in ("-", "none", "n/a", "✓", "✗") and not (report and text.isalpha())) or len(text) > 120:
        return Role()
    if kind != "model" and TRAINED_ON.match(column.label):
        return Role(setting=text)
    if kind in ("model", "dataset"):
        return Role(model=text) if kind == "model" else read_dataset(text)
    if is_split(text):
        return Role(split=text)
    if report and (not column.label or kind == "label") and not is_benchmark(text):
        if is_accuracy(text):
            return Role()
        return Role(setting=text if AVERAGES.fullmatch(text) else f"label {text}")
    if kind == "split":
        return Role(split=text) if SPLIT_LIKE.search(text) or "split" in column.label.lower() else Role(setting=text)
    if kind == "label" or column.label:
        is_class = kind == "label" and not GROUP.fullmatch(column.label)
        return Role(setting=f"label {text}" if is_class else text)
    said = read_label(text)
    return Role(setting=text) if said.metric else said


def is_task_beside_data(grid: Grid, at: int) -> bool:
    """Whether a column names tasks in a table where another names the data sets."""
    labels = [column.label for column in grid.columns]
    return TASKS.fullmatch(labels[at]) is not None and any(DATA_SETS.fullmatch(label) for label in labels)


def is_accuracy(name: str) -> bool:
    """Whether a row of a classification report is that of the accuracy, in any language."""
    return metric_key(name) in ("accuracy", "acc")


def name_benchmarks(grid: Grid, first: int) -> bool:
    """Whether most rows name a benchmark in a column."""
    rows = [read_label(names[first][0]) for _, names in filled_down(grid.rows, [first]) if first in names]
    return sum(role.dataset is not None for role in rows) * 2 > len(rows)


def kinds_of(grid: Grid) -> dict[int, str | None]:
    """What each column of names names (see role_of_rows)."""
    kinds = {
        at: role_of_rows(grid.columns[at], [text for _, name in filled_down(grid.rows, [at]) for text, _ in name.values()])
        for at in grid.words()
    }
    for at in [at for at, kind in kinds.items() if kind == "dataset" and is_task_beside_data(grid, at)]:
        kinds[at] = None
    if kinds.get(0, "") is None and not grid.columns[0].label and any(SIZE.fullmatch(each.label) for each in grid.columns):
        kinds[0] = "model"  # only models have so many parameters
    return kinds
