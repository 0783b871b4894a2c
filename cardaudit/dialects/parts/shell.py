"""Flags of shell commands that train: every one with a number is a setting, with the shell's variables put in."""

import re
from collections.abc import Iterator, Mapping, Sequence

from cardaudit.dialects.parts.hyperparameters import ARGUMENTS, BY_SPELLING, hyperparameter_key
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Line
from cardaudit.patterns import deferred

VALUE = r"[\w.+-]{1,40}"
PART_OF = r"(?:(?:policy|optimizer|optim|model|trainer|training|train)\.)?"  # as LeRobot's and Hydra's flags have it
FLAG = deferred(rf"(?<![\w-])--{PART_OF}([A-Za-z][\w-]{{1,40}})(?:=|[ \t]+)([\"']?)(\$\{{?\w{{1,40}}\}}?|{VALUE})\2(?=\s|$)")
NUMBER = deferred(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.I)
ASSIGNED = deferred(rf"\s*(?:export[ \t]+)?([A-Za-z_]\w{{0,40}})=([\"']?)({VALUE})\2[ \t]*;?[ \t]*(?:#.*)?$")
COMMENT = deferred(r"(?:^|\s)#")
TRAINS = frozenset(("learning_rate", "train_batch_size", "num_epochs", "training_steps", "gradient_accumulation_steps"))
OF_TRAINING = {"steps": "training_steps", "optimizer_lr": "learning_rate", "optimizer_weight_decay": "weight_decay"}
OF_MACHINE = deferred(  # what a launcher, a machine or a decoding is told
    r"nproc_\w+|processes_num|\w+_per_process|nnodes|world_size|(?:num_)?beams?(?:_size)?|avg|version"
    r"|(?:\w+_)?(?:ranks?|port|workers|threads|gpus?|nodes|machines|cores|processes)",
    re.I,
)


def shell_settings(lines: Sequence[Line]) -> Iterator[Pair]:
    """The flags of the commands that train: those with a number, and known ones whose value a variable of the block holds."""
    variables = _variables(lines)
    for command in _commands(lines):
        flags = [(line, found) for line in command for found in FLAG.finditer(line.text, 0, _code_end(line.text))]
        if not any(hyperparameter_key(OF_TRAINING.get(found[1], found[1])) in TRAINS for _, found in flags):
            continue
        for line, found in flags:
            pair = _pair(line, found, variables)
            if pair is not None and not OF_MACHINE.fullmatch(pair.label):
                yield pair


def _pair(line: Line, found: re.Match[str], variables: Mapping[str, tuple[str, int]]) -> Pair | None:
    """A flag as a pair of its name in snake case and its value, which stands where its variable was set."""
    label, value, start = found[1].replace("-", "_"), found[3], line.start + found.start(3)
    label = OF_TRAINING.get(label, label)
    is_variable = value.startswith("$")
    if is_variable:
        value, start = variables.get(value.strip("${}"), ("", 0))
    known = label in ARGUMENTS or label in BY_SPELLING
    if not (NUMBER.fullmatch(value) or (is_variable and known and value)):
        return None
    return Pair(label, value, start, start if is_variable else line.start + found.start(1))


def _variables(lines: Sequence[Line]) -> dict[str, tuple[str, int]]:
    """What a block's lines "NAME=2" or "export NAME=2" set, with its place; nothing for a name that is set to two values."""
    found = [(line, ASSIGNED.match(line.text)) for line in lines if "=" in line.text and not line.text.lstrip().startswith("-")]
    values: dict[str, tuple[str, int]] = {}
    for line, each in found:
        if each and each[3] != values.setdefault(each[1], (each[3], line.start + each.start(3)))[0]:
            values[each[1]] = "", 0
    return values


def _commands(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of a block by command: one goes on behind a backslash, and where a line begins with a flag."""
    command: list[Line] = []
    for line in lines:
        goes_on = command and (command[-1].text.rstrip().endswith("\\") or line.text.lstrip().startswith("--"))
        if command and not goes_on:
            yield command
            command = []
        command.append(line)
    if command:
        yield command


def _code_end(line: str) -> int:
    found = COMMENT.search(line) if "#" in line else None
    return found.start() if found else len(line)
