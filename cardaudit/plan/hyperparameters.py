"""Every hyperparameter of a run: given, printed on the card, or the Trainer's default with its reason."""

from dataclasses import dataclass
from decimal import Decimal

from cardaudit.plan.ledger import Ledger
from cardaudit.plan.recipes import Recipe, recipe_of
from cardaudit.plan.settings import SCHEDULERS
from cardaudit.plan.steps import version_of
from cardaudit.records import Printed, Training

NEVER_PRINTED = "the Trainer never prints it; its default"
MIXED = ("native amp", "apex", "fp16", "amp", "float16")
LONGEST = 512


@dataclass(frozen=True, slots=True)
class _Batches:
    train: int
    evaluation: int
    accumulation: int


def plan_training(ledger: Ledger, longest: int | None) -> Training:
    """Every value resolved. `longest`: the tokens that tokenizer and model hold, or None where the model was not looked at."""
    recipe = recipe_of(ledger.card)
    batches = _batches(ledger)
    epochs, steps = _length(ledger)
    beta1, beta2, epsilon = _adam(ledger)
    warmup_steps, warmup_ratio = _warmup(ledger)
    return Training(
        learning_rate=_learning_rate(ledger),
        train_batch_size=batches.train,
        eval_batch_size=batches.evaluation,
        gradient_accumulation_steps=batches.accumulation,
        num_epochs=epochs,
        max_steps=steps,
        optimizer=_optimizer(ledger),
        adam_beta1=beta1,
        adam_beta2=beta2,
        adam_epsilon=epsilon,
        weight_decay=_unprinted(ledger, "weight_decay", 0.0, recipe.weight_decay if recipe else None, recipe),
        max_grad_norm=_unprinted(ledger, "max_grad_norm", 1.0),
        lr_scheduler_type=_scheduler(ledger),
        warmup_steps=warmup_steps,
        warmup_ratio=warmup_ratio,
        label_smoothing_factor=_label_smoothing(ledger),
        precision=_precision(ledger),
        max_length=_max_length(ledger, longest, recipe),
    )


def card_seed(ledger: Ledger) -> int | None:
    """The card's own seed, or None where it does not say."""
    printed = ledger.card.hyperparameters.seed
    given: int | None = ledger.given("seed", printed)
    if given is None and printed is None:
        told: int | None = ledger.told("seed")
        return told
    if given is not None or printed is None:
        return given
    value = _whole(printed, 0)
    return value if value is None else ledger.read("seed", value, printed)


def _whole(printed: Printed, low: int = 1) -> int | None:
    value = printed.value
    return int(value) if value is not None and value >= low and value == value.to_integral_value() else None


def _count(ledger: Ledger, field: str, printed: Printed | None, default: int, reason: str) -> int:
    given: int | None = ledger.given(field, printed)
    if given is not None:
        return given
    if printed is None:
        return ledger.assume(field, default, reason)
    value = _whole(printed)
    if value is None:
        ledger.lack(field, f"the card prints {printed.text!r}, no whole number above 0", f"--set {field}=N")
        return default
    return ledger.read(field, value, printed)


def _batches(ledger: Ledger) -> _Batches:
    said = ledger.card.hyperparameters
    accumulation = _count(
        ledger, "gradient_accumulation_steps", said.gradient_accumulation_steps, 1, "the Trainer prints it only where it is not 1"
    )
    devices = (_whole(said.num_devices) if said.num_devices else None) or 1
    total = _whole(said.total_train_batch_size) if said.total_train_batch_size else None
    if said.train_batch_size is None and total is not None:
        train = _from_total(ledger, total, accumulation)
    else:
        train = _count(ledger, "train_batch_size", said.train_batch_size, 8, "the card does not say; the Trainer's default")
        train = _one_device(ledger, train, devices)
    evaluation = _count(ledger, "eval_batch_size", said.eval_batch_size, 8, "the card does not say; the Trainer's default")
    return _Batches(train, evaluation, accumulation)


def _from_total(ledger: Ledger, total: int, accumulation: int) -> int:
    given: int | None = ledger.given("train_batch_size", ledger.card.hyperparameters.total_train_batch_size)
    if given is not None:
        return given
    where = "total_train_batch_size" + (f" over {accumulation} accumulated batches" if accumulation > 1 else "")
    return ledger.found("train_batch_size", max(total // accumulation, 1), where)


def _one_device(ledger: Ledger, train: int, devices: int) -> int:
    """The batch of all devices, on one: the same examples to an update, but for an epoch's last one, which several devices fill
    up (tests/test_devices.py). A token weighs there as much as any of its device, here as any of the batch. An evaluation batch
    stays what one device held.
    """
    if devices == 1 or ledger.origins.get("train_batch_size", "").startswith("given"):
        return train
    reason = f"{train} on each of the card's {devices} devices; one device takes the batch of all, the same examples to an update"
    return ledger.assume("train_batch_size", train * devices, reason)


def _length(ledger: Ledger) -> tuple[float | None, int | None]:
    said = ledger.card.hyperparameters
    epochs, steps = ledger.given("num_epochs", said.num_epochs), ledger.given("max_steps", said.training_steps)
    if epochs is not None or steps is not None:
        return (None, steps) if steps is not None else (epochs, None)
    if said.training_steps is not None and (count := _whole(said.training_steps)) is not None:
        return None, ledger.read("max_steps", count, said.training_steps)
    if said.num_epochs is not None and said.num_epochs.value is not None and said.num_epochs.value > 0:
        return ledger.read("num_epochs", float(said.num_epochs.value), said.num_epochs), None
    if (bound := ledger.told("max_steps")) is not None:
        return None, bound
    if (whole := ledger.told("num_epochs")) is not None:
        return whole, None
    last = ledger.card.epochs[-1].epoch if ledger.card.epochs else None
    if last is not None and last.value is not None and last.value == last.value.to_integral_value() and last.value > 0:
        reason = f"the card does not say; the last row of its table is at epoch {last.text}"
        return ledger.assume("num_epochs", float(last.value), reason), None
    ledger.lack(
        "num_epochs", "the card says neither how many epochs nor how many steps", "--set num_epochs=N or --set max_steps=N"
    )
    return None, None


def _learning_rate(ledger: Ledger) -> float:
    printed = ledger.card.hyperparameters.learning_rate
    given: float | None = ledger.given("learning_rate", printed)
    if given is not None:
        return given
    if printed is None:
        return ledger.assume("learning_rate", 5e-05, "the card does not say; the Trainer's default", 2e-05, 3e-05)
    if printed.value is None or printed.value <= 0:
        ledger.lack("learning_rate", f"the card prints {printed.text!r}, no number above 0", "--set learning_rate=X")
        return 5e-05
    return ledger.read("learning_rate", float(printed.value), printed)


def _optimizer(ledger: Ledger) -> str:
    """A TrainingArguments.optim name. Up to 4.45 the card's writer prints "Adam" whatever the optimizer, adafactor excepted."""
    line = ledger.card.optimizer
    given: str | None = ledger.given("optimizer")
    if given is not None:
        return given
    if line is None:
        return ledger.assume(
            "optimizer", "adamw_torch", "the card does not say; the Trainer's default", "adamw_torch_fused", "adafactor"
        )
    if line.name not in ("adam", "adamw"):
        ledger.origins["optimizer"] = f"from the card, line {ledger.card.line(line.span)}"
        return line.name
    version = version_of(ledger.card)
    period = "adamw_hf" if version is not None and version < (4, 32) else "adamw_torch"
    reason = 'up to transformers 4.45 the card\'s writer prints "Adam" for nearly every optimizer; AdamW was the default'
    if period == "adamw_hf":
        reason += ", as adamw_hf, which adds epsilon before the bias correction and decays the weights after the step"
    return ledger.assume("optimizer", period, reason, "adamw_hf", "adamw_torch", "adamw_torch_fused", "adafactor", "sgd")


def _adam(ledger: Ledger) -> tuple[float, float, float]:
    line = ledger.card.optimizer
    betas, epsilon = (line.betas, line.epsilon) if line else (None, None)
    said = {"adam_beta1": betas and betas[0], "adam_beta2": betas and betas[1], "adam_epsilon": epsilon}
    values = []
    for (field, value), default in zip(said.items(), (0.9, 0.999, 1e-08), strict=True):
        given: float | None = ledger.given(field)
        if given is not None:
            values.append(given)
        elif value is None or line is None:
            values.append(ledger.assume(field, default, "the card does not say; the Trainer's default"))
        else:
            values.append(ledger.found(field, value, f"from the card, line {ledger.card.line(line.span)}"))
    return values[0], values[1], values[2]


def _scheduler(ledger: Ledger) -> str:
    printed = ledger.card.hyperparameters.lr_scheduler_type
    given: str | None = ledger.given("lr_scheduler_type", printed)
    if given is not None:
        return given
    if printed is None:
        return ledger.assume("lr_scheduler_type", "linear", "the card does not say; the Trainer's default", "cosine", "constant")
    name = printed.text.strip().lower().removeprefix("schedulertype.").replace(" ", "_").replace("-", "_")
    if name not in SCHEDULERS:
        ledger.lack(
            "lr_scheduler_type", f"the card prints {printed.text!r}, no scheduler of the Trainer", "--set lr_scheduler_type=NAME"
        )
    return ledger.read("lr_scheduler_type", name, printed)


def _warmup(ledger: Ledger) -> tuple[int, float]:
    """Steps and ratio. Since 5.0 the line of warmup steps may print a ratio (0.1)."""
    said = ledger.card.hyperparameters
    steps, ratio = said.lr_scheduler_warmup_steps, said.lr_scheduler_warmup_ratio
    given_steps: int | None = ledger.given("warmup_steps", steps)
    given_ratio: float | None = ledger.given("warmup_ratio", ratio)
    if given_steps is not None or given_ratio is not None:
        return given_steps or 0, given_ratio or 0.0
    if steps is not None and (count := _whole(steps, 0)) is not None:
        return ledger.read("warmup_steps", count, steps), 0.0
    fraction = next((line for line in (steps, ratio) if line and line.value is not None and 0 <= line.value <= 1), None)
    if fraction is not None:
        return 0, ledger.read("warmup_ratio", float(fraction.value or 0), fraction)
    if (share := ledger.told("warmup_ratio")) and not ledger.told("warmup_steps"):
        ledger.origins.pop("warmup_steps", None)
        return 0, share
    ledger.origins.pop("warmup_ratio", None)
    return ledger.assume("warmup_steps", 0, "the Trainer prints warmup only where there is some"), 0.0


def _label_smoothing(ledger: Ledger) -> float:
    printed = ledger.card.hyperparameters.label_smoothing_factor
    given: float | None = ledger.given("label_smoothing_factor", printed)
    if given is not None:
        return given
    if printed is not None and printed.value is not None and 0 <= printed.value <= 1:
        return ledger.read("label_smoothing_factor", float(printed.value), printed)
    return ledger.assume("label_smoothing_factor", 0.0, "the Trainer prints it only where it is not 0")


def _precision(ledger: Ledger) -> str:
    printed = ledger.card.hyperparameters.mixed_precision_training
    given: str | None = ledger.given("precision", printed)
    if given is not None:
        return given
    if printed is not None and any(word in printed.text.lower() for word in MIXED):
        return ledger.read("precision", "fp16", printed)
    return ledger.assume(
        "precision", "fp32", "the card has no mixed precision line, which the Trainer prints for fp16 but never for bf16", "bf16"
    )


def _max_length(ledger: Ledger, longest: int | None, recipe: Recipe | None) -> int:
    given: int | None = ledger.given("max_length")
    if given is not None:
        return given
    others = (128,) + ((recipe.max_length,) if recipe and recipe.max_length else ())
    if longest is None:
        reason = "the Trainer never prints it; most tokenizers hold this many tokens, and a shorter tokenizer's length wins"
        return ledger.assume("max_length", LONGEST, reason, *others)
    return ledger.assume("max_length", longest, "the Trainer never prints it; what the tokenizer and the model hold", *others)


def _unprinted(ledger: Ledger, field: str, default: float, other: float | None = None, recipe: Recipe | None = None) -> float:
    given: float | None = ledger.given(field)
    if given is not None:
        return given
    if other is None or recipe is None:
        return ledger.assume(field, default, NEVER_PRINTED)
    return ledger.assume(
        field, default, f"{NEVER_PRINTED}; the title is that of {recipe.name}, which sets {other:g}", Decimal(str(other))
    )
