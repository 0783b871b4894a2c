"""What code states: training arguments, and the names given to `from_pretrained` and `load_dataset`."""

import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.hyperparameters import ARGUMENTS, BY_SPELLING
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Line
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

ARGUMENT = deferred(  # also in a dict of its own: "'learning_rate': {'val': 3e-5}"
    r"""(?:--|['"]|\b)([a-z]\w{1,40})['"]?[ \t]*[:= ][ \t]*(?:\{['"]val(?:ue)?['"]:[ \t]*)?['"]?([\w.+-]{1,40}+)(?!,\d)"""
)
LOAD_DATASET = deferred(r"""load_dataset\(\s*['"]([\w./-]+)['"](?:\s*,\s*(?:name\s*=\s*)?['"]([\w./-]+)['"])?""")
SPLIT = deferred(r"""split\s*=\s*['"](\w+)['"]""")
FROM_PRETRAINED = deferred(
    r"""(\w*)\.from_pretrained\(\s*['"](?:\w+['"]\s*,\s*['"](?=[\w.-]+/))?([\w./-]+)['"]"""  # simplet5: a type, then the name
)
BEGINS_WITH = deferred(r"""--model_name(?:_or_path)?(?:=|[ \t]+)["']?([\w.-]+/[\w.-]+)""")
TRAINERS = (
    "LoraConfig(",
    "get_peft_model(",
    "get_scheduler(",
    "TrainingArguments(",
    "distill_classifier.py",
)  # they train, whatever stands beside them
SCHEDULE = deferred(r"""['"](linear|cosine|cosine_with_restarts|polynomial|constant|constant_with_warmup|inverse_sqrt)['"]""")
COMMENT = deferred(r"(?:^|\s)#")
CODE = deferred(
    r"\s*(?:from [\w.]+ import |import \w|\w+ = [\w.]+[({\[]|['\"]\w+['\"]\s*:|[})\]]+,?\s*$|--\w+[ =]"
    r"|\w+=[\w.'\"+-]+[,)]{1,3}\s*$)"
)
TRAINING = frozenset(
    ("learning_rate", "train_batch_size", "eval_batch_size", "num_epochs", "training_steps", "gradient_accumulation_steps")
)
SIGNS = (
    "learning_rate",
    "lr",
    "batch",
    "epoch",
    "step",
    "iterations",
    "accum",
    "lora_alpha",
)  # one in each English spelling of TRAINING
FEWEST = 2
ULTRALYTICS = deferred(r"\b(batch|lr0)[ \t]?=[ \t]?(\d[\d.]{0,9}(?:e-?\d)?)(?![\w.])")
RANK = deferred(r"\br[ \t]{0,3}=[ \t]{0,3}(\d{1,4})\b")  # of peft's LoraConfig and unsloth's get_peft_model
UNSET = frozenset(("null", "None"))
SIZED_BY_BINS = ("batch_type: numel", "batch_type: length")  # espnet's batches: then its batch_size is a default that is not used


def looks_like_code(line: str) -> bool:
    """Whether a line outside a fence is code: an import, an assignment of a call, a dict's item, a flag."""
    return CODE.match(line) is not None


def training_arguments(lines: Sequence[Line], own: str = "") -> list[Pair]:
    """Names and values as pairs, where at least two of them are a training's: one alone may be anything's.

    A command that begins with the card's `own` model tunes it further: its settings are another model's.
    """
    text = "\n".join([line.text for line in lines])
    signs = sum(map(text.count, SIGNS))
    if not signs or (signs < FEWEST and not any(map(text.__contains__, TRAINERS))) or _tunes(own, text):
        return []
    pairs = [
        Pair(found[1], found[2], line.start + found.start(2), line.start + found.start(1))
        for line in lines
        for found in ARGUMENT.finditer(line.text, 0, _code_end(line.text))
        if found[1] in ARGUMENTS and found[2] not in UNSET and not _is_call(found)
    ]
    if any(kind in text for kind in SIZED_BY_BINS):
        pairs = [pair for pair in pairs if pair.label != "batch_size"]
    if "imgsz" in text and "coco" not in text:  # whose documents train on that, as an example
        pairs += _of_ultralytics(lines)
    if "lora_alpha" in text and (rank := RANK.search(text)):
        start = next(line.start + found.start(1) for line in lines if (found := RANK.search(line.text)))
        pairs.append(Pair("lora_r", rank[1], start, start))
    pairs += _scheduler(lines)
    if " --" in text or "\n--" in text:
        from cardaudit.dialects.parts.shell import shell_settings  # its expressions take longer to compile than a card to read

        pairs += shell_settings(lines)
    enough = len({BY_SPELLING.get(pair.label) for pair in pairs} & TRAINING) >= FEWEST
    return pairs if enough or any(name in text for name in TRAINERS) else []


def _of_ultralytics(lines: Sequence[Line]) -> Iterator[Pair]:
    """The batch and the rate as `model.train(data="x.yaml", batch=16, lr0=0.01)` and `yolo train batch=16` have them."""
    for line in lines:
        for found in ULTRALYTICS.finditer(line.text, 0, _code_end(line.text)):
            label = "train_batch_size" if found[1] == "batch" else "learning_rate"
            yield Pair(label, found[2], line.start + found.start(2), line.start + found.start())


def _tunes(own: str, text: str) -> bool:
    """Whether each model that commands begin with is the one of this name, which stands with its owner or without."""
    named = BEGINS_WITH.findall(text) if own and "--model_name" in text else []
    return bool(named) and all(each == own or each.partition("/")[2] == own for each in named)


def _is_call(found: re.Match[str]) -> bool:
    """Whether a value is a function's name with its arguments behind it; an optimizer's class is its name."""
    return found.string.startswith("(", found.end(2)) and BY_SPELLING.get(found[1]) != "optimizer"


def _scheduler(lines: Sequence[Line]) -> Iterator[Pair]:
    """The schedule that `transformers.get_scheduler` is asked for, by its first argument."""
    for line, below in zip(lines, (*lines[1:], lines[-1]), strict=True):
        for each in (line, below) if "get_scheduler(" in line.text else ():
            if found := SCHEDULE.search(each.text):
                yield Pair("lr_scheduler_type", found[1], each.start + found.start(1), each.start + found.start())
                return


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
