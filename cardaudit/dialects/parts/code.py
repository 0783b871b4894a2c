"""What code states: training arguments, and the names given to `from_pretrained` and `load_dataset`."""

import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.hyperparameters import BY_SPELLING, FAMILIAR
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Line
from cardaudit.records import DatasetMention, Printed, Span

ARGUMENT = re.compile(r"""(?:--|['"]|\b)([a-z]\w{1,40})['"]?[ \t]*[:= ][ \t]*['"]?([\w.+-]{1,40})""")
LOAD_DATASET = re.compile(r"""load_dataset\(\s*['"]([\w./-]+)['"](?:\s*,\s*(?:name\s*=\s*)?['"]([\w./-]+)['"])?""")
SPLIT = re.compile(r"""split\s*=\s*['"](\w+)['"]""")
FROM_PRETRAINED = re.compile(
    r"""(\w*)\.from_pretrained\(\s*['"](?:\w+['"]\s*,\s*['"](?=[\w.-]+/))?([\w./-]+)['"]"""  # simplet5: a type, then the name
)
COMMENT = re.compile(r"(?:^|\s)#")
CODE = re.compile(r"\s*(?:from [\w.]+ import |import \w|\w+ = [\w.]+[({\[]|['\"]\w+['\"]\s*:|[})\]]+,?\s*$|--\w+[ =])")
TRAINING = frozenset(
    ("learning_rate", "train_batch_size", "eval_batch_size", "num_epochs", "training_steps", "gradient_accumulation_steps")
)
SIGNS = ("learning_rate", "lr", "batch", "epoch", "step", "iterations", "accum")  # one in each English spelling of TRAINING
FEWEST = 2
UNSET = frozenset(("null", "None"))


def looks_like_code(line: str) -> bool:
    """Whether a line outside a fence is code: an import, an assignment of a call, a dict's item, a flag."""
    return CODE.match(line) is not None


def training_arguments(lines: Sequence[Line]) -> list[Pair]:
    """Names and values as pairs, where at least two of them are a training's: one alone may be anything's."""
    text = "\n".join([line.text for line in lines])
    if not any(sign in text for sign in SIGNS):
        return []
    pairs = [
        Pair(found[1], found[2], line.start + found.start(2), line.start + found.start(1))
        for line in lines
        for found in ARGUMENT.finditer(line.text, 0, _code_end(line.text))
        if (found[1] in BY_SPELLING or found[1] in FAMILIAR) and found[2] not in UNSET
    ]
    return pairs if len({BY_SPELLING.get(pair.label) for pair in pairs} & TRAINING) >= FEWEST else []


def _code_end(line: str) -> int:
    """Where a line's comment begins, else its end: what is commented out was not used."""
    found = COMMENT.search(line) if "#" in line else None
    return found.start() if found else len(line)


def loaded_datasets(line: Line) -> Iterator[DatasetMention]:
    """The data sets that a line of code loads."""
    for found in LOAD_DATASET.finditer(line.text) if "load_dataset(" in line.text else ():
        split = SPLIT.search(line.text, found.end())
        span = Span(line.start + found.start(1), line.start + found.end(1))
        yield DatasetMention(found[1], found[2], split[1] if split else None, found[1], span)


def loaded_models(line: Line) -> Iterator[Printed]:
    """The models that a line of code loads; `label` is the class."""
    for found in FROM_PRETRAINED.finditer(line.text) if ".from_pretrained(" in line.text else ():
        yield Printed(found[2], None, ZERO, Span(line.start + found.start(2), line.start + found.end(2)), found[1])
