"""CoNLL columns: one token a line, cells by tabs or blanks, a blank line between sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cardaudit.errors import CardauditError

DOCUMENT_START = "-DOCSTART-"


@dataclass(frozen=True, slots=True)
class Sentence:
    words: list[str]
    labels: list[str]


def read_columns(path: Path, token_column: int, label_column: int) -> list[Sentence]:
    """The sentences of a file, in its order. Columns are 0-based, negative ones count from the end.

    Only line feeds end a line and only tabs or blanks a cell: a token may hold U+0085, U+00A0 or U+2028, at which Python's str
    would cut. A -DOCSTART- line ends a sentence and is none. Raises CardauditError where a line has no such column.
    """
    try:
        return [sentence for sentence in _sentences(path, token_column, label_column) if sentence.words]
    except UnicodeDecodeError as error:
        raise CardauditError(f"{path.name} is not UTF-8 at byte {error.start}: convert it to UTF-8") from error


def _sentences(path: Path, token_column: int, label_column: int) -> Iterator[Sentence]:
    current = Sentence([], [])
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            text = line.rstrip("\r\n")
            cells = text.split("\t") if "\t" in text else [cell for cell in text.split(" ") if cell]
            if not text.strip() or cells[0] == DOCUMENT_START:
                yield current
                current = Sentence([], [])
                continue
            try:
                current.words.append(cells[token_column])
                current.labels.append(_label(cells, token_column, label_column))
            except IndexError:
                raise CardauditError(
                    f"line {number} of {path.name} has {_count(cells)}, so no label column {label_column} beside the token: "
                    "give another with --set label_column=N, counted from 0"
                ) from None
    yield current


def _label(cells: list[str], token_column: int, label_column: int) -> str:
    place = label_column if label_column >= 0 else len(cells) + label_column
    if place < 0 or place == token_column:
        raise IndexError
    return cells[place]


def _count(cells: list[str]) -> str:
    return "1 column" if len(cells) == 1 else f"{len(cells)} columns"
