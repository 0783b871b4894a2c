"""What is to be trained, what was measured, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cardaudit.records.card import Card
from cardaudit.records.evidence import Evidence
from cardaudit.records.finding import Checkup

Outcome = Literal["replayed", "reproduced", "deviates", "undecided", "not comparable", "not measured"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that the card does not state: `reason` says why this one, `alternatives` what else it could have been."""

    field: str
    value: str
    reason: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact without which nothing can run, and the flag that gives it.

    `implied`: what the card's numbers say about it, "training set: 9 to 16 examples, by 2 steps an epoch".
    """

    field: str
    because: str
    flag: str
    implied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """The base model: `id` as resolved, `revision` a commit or None for a local folder, `path` the local snapshot.

    `claimed` is the card's own word for it; `same` is False when the user put another model in its place, so that the runs are
    not comparable. `sha256`: of a local folder's files, or "" where the revision says what they are.
    """

    id: str
    revision: str | None
    path: str
    claimed: str | None
    same: bool
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class DatasetPlan:
    """The data: where it lies, how it is read, which columns and splits are used.

    `format`: "hub" (a snapshot folder for datasets.load_dataset), "parquet", "csv", "json" (JSON or JSONL), or "conll" (one token
    a line, columns by blanks or tabs, a blank line between sentences). `path` is a folder; `files` maps a split to a path in it,
    which may be a glob; empty means that the format finds them. `text_columns`: one, or two for sentence pairs. `label_column`: a
    name, or for CoNLL the 0-based column as text ("-1" is the last). `labels`: their order; empty means as the training data give
    it. `same` as in ModelPlan. `sha256` is that of local files, "" where a revision pins the data.
    """

    id: str
    revision: str | None
    path: str
    claimed: str | None
    same: bool
    format: str
    config: str | None
    train_split: str
    eval_split: str
    text_columns: tuple[str, ...]
    label_column: str
    files: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    train_limit: int | None = None
    eval_limit: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """Every hyperparameter resolved. Batch sizes are per device and step; `precision`: fp32, tf32, fp16 or bf16."""

    learning_rate: float
    train_batch_size: int
    eval_batch_size: int
    gradient_accumulation_steps: int
    num_epochs: float | None
    max_steps: int | None
    optimizer: str
    adam_beta1: float
    adam_beta2: float
    adam_epsilon: float
    weight_decay: float
    max_grad_norm: float
    lr_scheduler_type: str
    warmup_steps: int
    warmup_ratio: float
    label_smoothing_factor: float
    precision: str
    max_length: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the card's run evaluated and logged: `strategy` "epoch" or "steps"; `eval_steps` only for steps.

    `logging_steps` sets the windows of "Training Loss" (mean over the steps since the last log).
    """

    strategy: Literal["epoch", "steps"]
    eval_steps: int | None
    logging_steps: int


@dataclass(frozen=True, slots=True)
class Best:
    """Which evaluation a card reports where that is the best one: the first whose `metric` no other beats.

    `metric`: "loss" or a metric's key, as the Trainer's metric_for_best_model without "eval_".
    """

    metric: str
    greater_is_better: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What the engine does. Holds no claimed number, so that a card whose numbers were edited uses the same runs.

    `task_options`: the recipe's own choices, JSON values ("label_all_tokens": bool, "problem_type": ..., "average": ...,
    "metrics": [...]). `seeds` are tried in order; `replay_seed` is the card's own seed or None. `semantics`: the transformers
    version whose arithmetic of steps holds ("4.24"; of 4.6 to 4.26 the order of the examples too), "5.x" where the card does not
    say. `origins`: field -> where its value is from, in words; an assumed field has none. `best`: what the headline's evaluation
    was chosen by (load_best_model_at_end); None where it is the last one, or nothing tells.
    """

    mode: Literal["train", "evaluate"]
    recipe: str
    model: ModelPlan
    dataset: DatasetPlan
    training: Training
    schedule: Schedule
    task_options: Mapping[str, Any]
    seeds: tuple[int, ...]
    replay_seed: int | None
    semantics: str
    assumptions: tuple[Assumption, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)
    estimate: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    best: Best | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One measured row, full floats. `training_loss` is None where nothing was logged yet ("No log")."""

    epoch: float
    step: int
    training_loss: float | None
    validation_loss: float
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One seed, trained: its rows, where it ran, and how it ended ("finished", "failed: ...", "stopped")."""

    plan_digest: str
    seed: int
    rows: tuple[Evaluation, ...]
    outcome: str
    seconds: float
    environment: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claimed number against the measured ones. `interval`: where an honest run's number would lie; None if not computed."""

    metric: str
    where: str
    claimed: str
    measured: tuple[float, ...]
    interval: tuple[float, float] | None
    outcome: Outcome
    because: str
    primary: bool = False
    direction: Literal["above", "below"] | None = None
    seeds_needed: int | None = None
    arithmetic: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the evidence ladder: 1 the card against itself, 2 against its repository, 3 the published weights scored
    again, 4 retraining.

    `outcome` in words, `details` a line for each thing that was found; `seconds` and `bytes` are what it cost (downloads only).
    """

    number: int
    title: str
    outcome: str
    seconds: float
    bytes: int = 0
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything known about one card: the only argument of a report."""

    name: str
    card: Card
    checkup: Checkup
    plan: Plan | None
    missing: tuple[Missing, ...]
    runs: tuple[Run, ...]
    verdicts: tuple[Verdict, ...]
    made_at: str
    version: str
    command: str = ""
    evidence: Evidence | None = None
    rungs: tuple[Rung, ...] = ()
