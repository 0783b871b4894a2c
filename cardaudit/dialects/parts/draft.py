"""A card in the making: parts put in what they read, the card is made of it at the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cardaudit.dialects.parts.generator import Written, read_generator
from cardaudit.dialects.parts.hyperparameters import KEYS, read_optimizer, read_setting, setting_key
from cardaudit.dialects.parts.keras_optimizer import keras_settings
from cardaudit.dialects.parts.numbers import ANY_NUMBER, ZERO, has_digit
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.printed_output import printed_lines
from cardaudit.dialects.parts.remembered import remembered
from cardaudit.dialects.parts.versions import read_versions
from cardaudit.document import BULLET, Bullet, Code, Document, Heading, Line, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import (
    Card,
    DatasetMention,
    EpochRow,
    Hyperparameters,
    IndexResult,
    Metadata,
    OptimizerLine,
    Printed,
    Result,
    Source,
    Span,
)

CITED = deferred(r"\bet al\.?,? ?[(\[]?\d{4}[a-z]?\b")  # the year of a paper
ADDRESS = deferred(r"</?[A-Za-z][^<>]*>|https?://[^\s)>\]]+")


@dataclass(slots=True, eq=False, repr=False)
class Draft:
    """Fields as in Card. What is put in first stays: a card's second word on the same thing is no correction."""

    document: Document
    model_name: Printed | None = None
    base_model: Printed | None = None
    task: Printed | None = None
    datasets: tuple[DatasetMention, ...] = ()
    settings: dict[str, Printed] = field(default_factory=dict)
    optimizer: OptimizerLine | None = None
    headline: dict[str, Printed] = field(default_factory=dict)
    epochs: tuple[EpochRow, ...] = ()
    elided: tuple[Span, ...] = ()
    model_index: tuple[IndexResult, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    results: list[Result] = field(default_factory=list)
    versions: dict[str, Printed] = field(default_factory=dict)
    also_read: list[Span] = field(default_factory=list)
    name: str = ""  # the card's own, as its source gives it

    def put_setting(self, pair: Pair, known_only: bool = True) -> bool:
        """Takes a hyperparameter; False where the label is none. `known_only`: no label beyond the Trainer's keys."""
        if "ersion" in pair.label and self.put_versions(self._versions_in(pair)):
            return True
        key = setting_key(pair.label, pair.value)
        if key == "optimizer":
            return self._put_optimizer(pair)
        if pair.label == "Schedule" and not known_only:
            key = "lr_scheduler_type"  # in small letters it is a key of Keras's optimizers
        elif key == "epoch" and not known_only and pair.value.strip(" `*").isdigit():
            key = "num_epochs"  # among settings; beside results it is the one that they were measured after
        if not key or (known_only and key not in KEYS):
            return False
        value = read_setting(key, pair.value, pair.start, pair.label)
        if value is None:
            return False
        self.settings.setdefault(key, value)
        self.also_read.append(Span(pair.begin, value.span.end))
        return True

    def put_versions(self, versions: Iterable[tuple[str, Printed]]) -> bool:
        """Takes library versions; False where there are none."""
        any_read = False
        for key, version in versions:
            self.versions.setdefault(key, version)
            any_read = True
        return any_read

    def _versions_in(self, pair: Pair) -> Iterator[tuple[str, Printed]]:
        """A row or an item of settings that is a library's version."""
        return read_versions(self.document.text[pair.begin : pair.start + len(pair.value)], pair.begin)

    def _put_optimizer(self, pair: Pair) -> bool:
        optimizer = read_optimizer(pair.value, pair.start)
        if optimizer is None:
            return False
        if self.optimizer is None or _says_less(self.optimizer, optimizer):
            self.optimizer = optimizer
        for setting in keras_settings(pair.value, pair.start) if pair.value.startswith("{") else ():
            self.put_setting(setting, known_only=False)
        return True

    def card(self, source: Source) -> Card:
        """The card, with the lines that nothing was read from."""
        known = {key: value for key, value in self.settings.items() if key in KEYS}
        other = {key: value for key, value in self.settings.items() if key not in KEYS}
        hyperparameters = Hyperparameters(**known, other=other)
        document, error = self.document, self.document.front_matter_error
        front = document.front_matter.values if document.front_matter else None
        return Card(
            source,
            document.text,
            document.line_starts,
            front,
            Printed(f"the front matter {error}", None, ZERO, error.span) if error else None,
            self.model_name,
            self.base_model,
            self.task,
            self._data(),
            hyperparameters,
            self.optimizer,
            self.headline,
            self.epochs,
            self.elided,
            self.model_index,
            tuple(self.results),
            self.versions,
            self.metadata,
            read_generator(
                Written(source.dialect, document.text, front, hyperparameters, self.optimizer, self.epochs, self.versions)
            ),
            tuple(_unread(document, self._read_spans())),
        )

    def _data(self) -> tuple[DatasetMention, ...]:
        """The data sets: what the front matter calls a base model is none ("controlnet weights trained on x")."""
        bases = {base.text for base in self.metadata.base_models} if self.datasets else ()
        return tuple(mention for mention in self.datasets if mention.id not in bases) if bases else self.datasets

    def _read_spans(self) -> list[Span]:
        """The place of everything that was read."""
        taken = [self.model_name, self.base_model, self.task]
        for prints in (self.settings, self.headline, self.versions):
            taken += prints.values()
        for row in self.epochs:
            taken += (row.epoch, row.step, row.training_loss, row.validation_loss, *row.metrics.values())
        spans = [printed.span for printed in taken if printed is not None]
        spans += [result.number.span for result in self.model_index]
        spans += [result.number.span for result in self.results]
        spans += [mention.span for mention in self.datasets]
        return [*spans, *self.also_read, self.optimizer.span] if self.optimizer else [*spans, *self.also_read]


def _says_less(optimizer: OptimizerLine, other: OptimizerLine) -> bool:
    """Whether an optimizer is told by its name alone, and another of the same name with its numbers."""
    bare = optimizer.betas is None and optimizer.epsilon is None
    return bare and optimizer.name == other.name and other.betas is not None


def _unread(document: Document, read: list[Span]) -> Iterator[Printed]:
    """Lines outside code, comments and front matter with a number that lies in no span; what a program printed is no code."""
    behind = len(document.text) + 1
    spans, at = sorted([*read, Span(behind, behind)]), 0
    begin, end = spans[0]
    for line in _readable(document):
        offset, text = line
        for start, stop in numbers_in(text) if has_digit(text) else ():
            while end <= offset + start:
                at += 1
                begin, end = spans[at]
            if begin >= offset + stop:
                yield _whole(line)
                break


def _whole(line: Line) -> Printed:
    bare = line.text.strip()
    begin = line.start + line.text.index(bare)
    return Printed(bare, None, ZERO, Span(begin, begin + len(bare)))


@remembered
def numbers_in(text: str) -> list[tuple[int, int]]:
    """Where the numbers of a line stand: not those of addresses and tags, nor a list's "1."."""
    mark = BULLET.match(text) if text.lstrip()[:1].isdigit() else None
    if "://" in text or "<" in text:
        text = ADDRESS.sub(lambda found: " " * len(found[0]), text)
    if "et al" in text:
        text = CITED.sub(lambda found: " " * len(found[0]), text)
    return [found.span() for found in ANY_NUMBER.finditer(text, mark.end() if mark else 0)]


def _readable(document: Document) -> Iterator[Line]:
    """The lines outside code and comments, and those that a program printed."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from block.lines
        elif isinstance(block, Bullet) or isinstance(block, Heading):  # noqa: SIM101 - a union takes four times as long
            yield block.line
        elif isinstance(block, Table):
            yield block.header.line
            for row in block.rows:
                yield row.line
        elif isinstance(block, Code):
            yield from printed_lines(block)
