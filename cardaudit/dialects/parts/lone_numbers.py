"""Tables of one column and one number, under a sentence that says what it measures: "evaluated using [MMLU](...):"."""

import re

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_labels import Role, bare, is_benchmark, metric_of, read_label
from cardaudit.dialects.parts.table_rows import AVERAGES
from cardaudit.document import Block, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Result

USING = deferred(
    r"\b[Ee]valuated (?:using|on|with) (?:the )?(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,5})(?: benchmark| data ?set)?:?\Z"
)
LIBRARY = deferred(r"harness|lighteval|opencompass|helm\b", re.I)
SHOTS = deferred(r"\b(?:\d{1,2}|zero|few|one)[ -]shot\b", re.I)
CODE = deferred(r"human-?eval|mbpp|live ?code ?bench|evalplus|bigcodebench", re.I)
P_AT = deferred(r"p@(\d{1,3})", re.I)
LONGEST_LINE = 1_000


def read_lone_number(grid: Grid, above: Block | None) -> list[Result]:
    """The number as a result, an average's without a metric's name as a score; nothing where the sentence names no benchmark."""
    if len(grid.columns) != 1 or len(grid.rows) != 1 or not isinstance(above, Paragraph):
        return []
    line = above.lines[-1].text
    found = USING.search(bare(line)) if "valuated " in line and len(line) <= LONGEST_LINE else None
    number, label = grid.number(grid.rows[0], 0), grid.columns[0].label
    if found is None or number is None or not _names_data(name := found["name"]):
        return []
    role = _role(label, name)
    if role is None:
        return []
    shots = SHOTS.search(bare(line))
    setting = role.setting or (shots[0] if shots else None)
    return [Result(role.metric or "score", number.printed, number.stderr, name, role.split, None, setting)]


def _names_data(name: str) -> bool:
    several = len(name.split()) > 1 and not LIBRARY.search(name)
    return (is_benchmark(name) or several) and not is_model(name)


def _role(label: str, name: str) -> Role | None:
    """What the column's header says: an average, or a metric with its setting; "p@1" is "pass@1" of what writes programs."""
    if AVERAGES.fullmatch(label):
        return Role()
    main, _, setting = label.partition(", ")
    if (of_code := P_AT.fullmatch(main)) and CODE.search(name):
        return Role(f"pass_{of_code[1]}", setting=setting or None)
    if key := metric_of(main):
        return Role(key, setting=setting or None)
    said = read_label(label)
    return said if said.metric and not said.dataset and not said.model else None
