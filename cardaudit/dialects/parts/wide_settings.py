"""Settings as the columns of a table of one row: "name | learning_rate | decay | beta_1 | ..." as Keras examples print them."""

import re

from cardaudit.dialects.parts.hyperparameters import BY_SPELLING, FAMILIAR, hyperparameter_key
from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.pairs import LABEL_MARKS, Pair
from cardaudit.document import Cell, Document, Heading, Table
from cardaudit.patterns import deferred

FEWEST = 3
FEWEST_SURE = 2
MOST_LOOKED_AT = 8
SURE = frozenset(("num_epochs", "train_batch_size", "training_steps", "learning_rate", "seed"))
OWN = deferred(r"\(this (?:one|model|checkpoint)\)", re.I)
OF_KERAS = frozenset(("name", "beta_1", "beta_2", "epsilon", "amsgrad", "decay", "momentum", "nesterov", "rho", "clipnorm"))


def own_settings(table: Table, document: Document) -> list[Pair]:
    """The settings that a table of models or of results gives beside all else, in its one row, or the card's own model.

    Its column or its row is that headed "(this model)", or by the card's title.
    """
    header, rows = table.header.cells, table.rows
    if len(rows) == 1 and len(rows[0].cells) == len(header):
        named = list(zip(header, rows[0].cells, strict=True))
    else:
        title = _title(document)
        columns = [at for at, cell in enumerate(header) if at > 0 and _is_own(cell, title)]
        own = [row for row in rows if row.cells and len(row.cells) == len(header) and _is_own(row.cells[0], title)]
        named = [(row.cells[0], row.cells[columns[0]]) for row in rows if len(columns) == 1 and len(row.cells) > columns[0]]
        named = named or [each for row in own if len(own) == 1 for each in zip(header, row.cells, strict=True)]
    pairs = [Pair(name.text.strip(LABEL_MARKS), cell.text, cell.start, cell.start) for name, cell in named]
    told = {key: pair for pair in pairs if pair.value and (key := hyperparameter_key(pair.label)) in SURE}
    return list(told.values()) if len(told) >= FEWEST_SURE else []


def _title(document: Document) -> str:
    """The card's first heading, in small letters; "" where it is no model's id: several words may be any table's column."""
    title = next((block.text for block in document.blocks[:MOST_LOOKED_AT] if isinstance(block, Heading)), "").strip(LABEL_MARKS)
    return title.lower() if "-" in title and " " not in title else ""


def _is_own(cell: Cell, title: str) -> bool:
    return OWN.search(cell.text) is not None or (title != "" and cell.text.strip(LABEL_MARKS).lower() == title)


def pairs_of_row(table: Table) -> list[Pair]:
    """The pairs of a header and its one row; none where fewer than half of the columns are known settings, or one is a metric."""
    if len(table.rows) != 1 or len(table.header.cells) < FEWEST:
        return []
    labels, cells = [cell.text.strip(LABEL_MARKS) for cell in table.header.cells], table.rows[0].cells
    keys = [hyperparameter_key(label) for label in labels]
    known = sum(key in BY_SPELLING or key in FAMILIAR or key in OF_KERAS for key in keys)
    if "learning_rate" not in keys or known * 2 < len(keys) or len(cells) != len(keys) or len(set(keys)) < len(keys):
        return []
    if any(is_metric_label(metric_key(label)) and not label.endswith("precision") for label in labels):
        return []
    return [
        Pair(label, cell.text, cell.start, cell.start) for label, cell in zip(labels, cells, strict=True) if label and cell.text
    ]
