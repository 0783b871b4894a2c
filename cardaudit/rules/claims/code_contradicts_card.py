"""The training code starts from a checkpoint that is already fine-tuned, or trains with other values than the card.

## What it does
Reads the card's code blocks: where one trains, it looks at which model is loaded, and which values `TrainingArguments` gets.

## Condition
The code holds a training call or training arguments, and a `from_pretrained` whose id says "finetuned" or is the card's own
model; or a call of `TrainingArguments` gives learning_rate, num_train_epochs, per_device_train_batch_size or seed another value
than the card's list of hyperparameters.

## When it stays silent
Usage examples, which load the finished model and do not train. Cards that name that checkpoint as their base. Code that is not
part of the text. Hyperparameter lists are not code. Values that the card states in code alone; several calls with different
values, which are several runs.

## Usual causes
A usage example and a training recipe put together; a recipe that cannot reproduce the card, because it begins at its end.

## Example
`DistilBertForTokenClassification.from_pretrained("distilbert-base-uncased-finetuned-ner")` above `training_args`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._text import holds_any

FENCED = deferred(r"^(```|~~~)[^\n]*\n(.*?)^\1", re.DOTALL | re.MULTILINE)
PYTHON_LINE = deferred(
    r"^(?:from \w[\w.]* import .*|import \w.*|\w+ ?= ?[\w.]*[({].*|[ \t]*['\"]\w+['\"]: .*|\w+\.\w+\(.*)$", re.MULTILINE
)
LOADS = deferred(r"from_pretrained\(\s*[\"']([^\"']+)[\"']")
TRAINS = deferred(
    r"\btraining_args\b|\bTrainingArguments\(|\bTrainer\(|\.train\(\)|\.fit\(|[\"']learning_rate[\"']\s*:|\bbackward\(\)"
)
SIGNS = ("training_args", "TrainingArguments(", "Trainer(", ".train()", ".fit(", "learning_rate'", 'learning_rate"', "backward()")
FINISHED = deferred(r"fine-?_?tuned", re.IGNORECASE)


ARGUMENT = deferred(
    r"\b(learning_rate|num_train_epochs|per_device_train_batch_size|seed)\s*=\s*(\d+(?:\.\d*)?(?:e-?\d+)?|\.\d+)(?![\w.*/])"
)
KEYS = {"num_train_epochs": "num_epochs", "per_device_train_batch_size": "train_batch_size"}


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("loading code",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not holds_any(card.text, SIGNS):
        raise NotCheckable("the card has no code that trains")
    code = _code(card.text)
    others = list(_other_values(card, code))
    yield from others
    trains = next((match for block in code for match in TRAINS.finditer(card.text, *block)), None)
    loads = [match for block in code for match in LOADS.finditer(card.text, *block)]
    if others:
        return
    if trains is None or not loads:
        raise NotCheckable("the card has no code that trains")
    for match in loads:
        if _finished(card, match[1]):
            message = f'the training code loads "{match[1]}", which is fine-tuned already'
            yield Hit(message, (Span(*match.span(1)), Span(*trains.span())), {"loads": match[1]})
            return


def _code(text: str) -> list[Span]:
    """Fenced blocks; in a text without fences, the lines that are Python by their look."""
    fenced = [Span(*match.span(2)) for match in FENCED.finditer(text)]
    return fenced or [Span(*match.span()) for match in PYTHON_LINE.finditer(text)]


def _finished(card: Card, loaded: str) -> bool:
    base = card.base_model
    stated = base is not None and not LOADS.search(card.text, max(base.span.start - 40, 0), base.span.end + 2)
    if base is not None and stated and loaded.rpartition("/")[2] == base.text.rpartition("/")[2]:
        return False
    own = card.model_name.text if card.model_name else ""
    return bool(FINISHED.search(loaded)) or (own != "" and loaded.rpartition("/")[2] == own.rpartition("/")[2])


def _other_values(card: Card, code: list[Span]) -> Iterator[Hit]:
    """Arguments of the one training call that differ from the list of hyperparameters."""
    given: dict[str, list[re.Match[str]]] = {}
    for block in code:
        call = card.text.find("TrainingArguments(", *block)
        if call >= 0:
            for match in ARGUMENT.finditer(card.text, call, block.end):
                given.setdefault(KEYS.get(match[1], match[1]), []).append(match)
    for key, matches in given.items():
        stated = getattr(card.hyperparameters, key)
        if stated is None or stated.value is None or any(block.start <= stated.span.start < block.end for block in code):
            continue
        if len({Decimal(match[2]) for match in matches}) == 1 and Decimal(matches[0][2]) != stated.value:
            message = f"{matches[0][0]} in the code, {stated.text} in the list of hyperparameters"
            at = (Span(*matches[0].span(2)), stated.span)
            yield Hit(message, at, {"code": matches[0][2], "stated": stated.text, "hyperparameter": key})
