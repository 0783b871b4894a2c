"""What a card says, each value with the place where it is printed."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple


class Span(NamedTuple):
    """Half-open range of characters of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A value as it stands in a text.

    `value` is None where the text is no number ("linear", "No log", "nan"). `slack` is half the width of the interval of numbers
    that print like this; 0 means that the print is exact. A percent sign is undone in `value` ("89.33%" is 0.8933), never in
    `text`. `label` is the name beside it, as printed.
    """

    text: str
    value: Decimal | None
    slack: Decimal
    span: Span
    label: str = ""

    @property
    def low(self) -> Decimal | None:
        return None if self.value is None else self.value - self.slack

    @property
    def high(self) -> Decimal | None:
        return None if self.value is None else self.value + self.slack


@dataclass(frozen=True, slots=True)
class Source:
    """Where a card comes from. `name` is a path, a Hub id or "-"; `sha256` is that of the bytes read."""

    name: str
    sha256: str
    dialect: str


@dataclass(frozen=True, slots=True)
class DatasetMention:
    """A data set that the card names: `id` as written there (not yet resolved), `text` the words it was taken from."""

    id: str
    config: str | None
    split: str | None
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Generator:
    """What wrote a card: the library's name ("transformers.Trainer", "sentence-transformers") and its version.

    `declared` is the version that the card itself prints. `earliest` and `latest` are the releases ("4.13", "4.39") between which
    alone the text's own features are possible, each None where nothing bounds it; `because` names those features.
    """

    name: str
    declared: Printed | None = None
    earliest: str | None = None
    latest: str | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """The front matter's words about the model. `base_models` holds all that are named, `base_model_relation` as printed."""

    license: Printed | None = None
    languages: tuple[Printed, ...] = ()
    tags: tuple[Printed, ...] = ()
    metrics: tuple[Printed, ...] = ()
    library_name: Printed | None = None
    pipeline_tag: Printed | None = None
    base_models: tuple[Printed, ...] = ()
    base_model_relation: Printed | None = None


@dataclass(frozen=True, slots=True)
class OptimizerLine:
    """The optimizer line: `name` in lower case without its class prefix ("adam", "adamw_torch_fused")."""

    text: str
    name: str
    betas: tuple[float, float] | None
    epsilon: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """The keys of transformers/modelcard.py; None means that the card does not say. Unknown keys are in `other`."""

    learning_rate: Printed | None = None
    train_batch_size: Printed | None = None
    eval_batch_size: Printed | None = None
    seed: Printed | None = None
    distributed_type: Printed | None = None
    num_devices: Printed | None = None
    gradient_accumulation_steps: Printed | None = None
    total_train_batch_size: Printed | None = None
    total_eval_batch_size: Printed | None = None
    lr_scheduler_type: Printed | None = None
    lr_scheduler_warmup_steps: Printed | None = None
    lr_scheduler_warmup_ratio: Printed | None = None
    num_epochs: Printed | None = None
    training_steps: Printed | None = None
    mixed_precision_training: Printed | None = None
    label_smoothing_factor: Printed | None = None
    other: Mapping[str, Printed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One line of the training table.

    A cell that prints "No log" is a Printed without value; an absent cell is None, or an absent key of `metrics`. `repair` says
    how a row that does not fit its header was read ("3 cells moved: ..."); None where it fits.
    """

    span: Span
    epoch: Printed | None
    step: Printed | None
    training_loss: Printed | None
    validation_loss: Printed | None
    metrics: Mapping[str, Printed]
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class IndexResult:
    """One metric of the front matter's `model-index`. `stderr` is what stands behind "+/-", as printed (an agent's rewards)."""

    task: str | None
    dataset_name: str | None
    dataset_type: str | None
    config: str | None
    split: str | None
    metric: str
    number: Printed
    verified: bool
    stderr: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Any other stated number: a cell of an evaluation table, a metric in a sentence.

    `metric` is "score" where a benchmark's number stands without a metric's name. `setting` is what else the row or column says
    of the measurement, as printed ("5-shot", "strict-match", "label B-PER").
    """

    metric: str
    number: Printed
    stderr: str | None = None
    dataset: str | None = None
    split: str | None = None
    model: str | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One model card, read. `text` is whole, so that every view can quote it; `line_starts` are the offsets of its lines."""

    source: Source
    text: str = field(repr=False)
    line_starts: tuple[int, ...] = field(repr=False)
    front_matter: Mapping[str, Any] | None = None
    front_matter_error: Printed | None = None
    model_name: Printed | None = None
    base_model: Printed | None = None
    task: Printed | None = None
    datasets: tuple[DatasetMention, ...] = ()
    hyperparameters: Hyperparameters = Hyperparameters()
    optimizer: OptimizerLine | None = None
    headline: Mapping[str, Printed] = field(default_factory=dict)
    epochs: tuple[EpochRow, ...] = ()
    elided: tuple[Span, ...] = ()
    model_index: tuple[IndexResult, ...] = ()
    results: tuple[Result, ...] = ()
    framework_versions: Mapping[str, Printed] = field(default_factory=dict)
    metadata: Metadata = Metadata()
    generator: Generator | None = None
    unread: tuple[Printed, ...] = ()

    @property
    def dialect(self) -> str:
        return self.source.dialect

    def line(self, span: Span) -> int:
        """1-based line of a span's start."""
        return bisect_right(self.line_starts, span.start)

    def column(self, span: Span) -> int:
        """1-based column of a span's start, in characters."""
        return span.start - self.line_starts[self.line(span) - 1] + 1
