"""Faults between a card and the files and commits of its repository.

Each record is made from the card itself, so that it agrees with it; then one of the two is changed.
"""

import random
import re
import struct
from collections.abc import Callable
from decimal import Decimal

from mutation_operators import Apply, Fault, another_digit, edited, is_trainer, pair

from cardaudit.evidence.history import Version, changes
from cardaudit.parse import read_card
from cardaudit.records import Card, Curve, Evidence, Fact, LoggedRow, Printed

ARGUMENTS, STATE, CONFIG, ADAPTER = "training_args.bin", "trainer_state.json", "config.json", "adapter_config.json"
SETTINGS = ("learning_rate", "train_batch_size", "eval_batch_size", "seed")
Beside = Callable[[Card], Evidence | None]
Texts = Callable[[Card, random.Random], str | None]


def _as_it_was(card: Card, _: random.Random) -> str:
    return card.text


def against(evidence: Beside, text: Texts, changed: Beside | None = None) -> Apply:
    """A card beside evidence that agrees with it, then with another text, other evidence, or both."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        agreeing = evidence(card) if is_trainer(card) else None
        after = changed(card) if changed and agreeing else agreeing
        words = text(card, rng) if agreeing else None
        if agreeing is None or after is None or words is None:
            return None
        return Fault(words, visible=True, evidence=after, honest=Fault(card.text, evidence=agreeing))

    return apply


def _arguments(card: Card) -> Evidence | None:
    stated = {key: getattr(card.hyperparameters, key) for key in SETTINGS}
    facts = tuple(Fact(key, float(each.value), ARGUMENTS, key) for key, each in stated.items() if each and each.value is not None)
    return Evidence(facts, looked_at=(ARGUMENTS,)) if len(facts) == len(SETTINGS) else None


def _with_more(card: Card) -> Evidence | None:
    own = _arguments(card)
    more = (Fact("weight_decay", 0.01, ARGUMENTS, "weight_decay"), Fact("max_grad_norm", 1.0, ARGUMENTS, "max_grad_norm"))
    return Evidence(own.facts + more, looked_at=own.looked_at) if own else None


def _other_seed(card: Card, rng: random.Random) -> str | None:
    seed = card.hyperparameters.seed
    return edited(card, (seed.span, str(5001 + rng.randrange(999)))) if seed else None


pair(
    "settings-contradict-arguments",
    "seed-of-another-run",
    against(_arguments, _other_seed),
    "arguments-that-say-more",
    against(_arguments, _as_it_was, _with_more),
)


def _log(off: float) -> Beside:
    """The log of the table's rows, each number `off` from its print, as a full float is."""

    def evidence(card: Card) -> Evidence | None:
        rows = []
        for row in card.epochs:
            cells = {"loss": row.validation_loss, **row.metrics}
            if row.step is None or row.step.value is None or row.repair or any(not _is_long(each) for each in cells.values()):
                return None
            metrics = {key: float(each.value or 0) + off for key, each in cells.items() if each}
            rows.append(LoggedRow(int(row.step.value), None, None, metrics))
        return Evidence(rows=tuple(rows), looked_at=(STATE,)) if len(rows) > 2 else None

    return evidence


def _is_long(number: Printed | None) -> bool:
    return number is not None and number.value is not None and re.fullmatch(r"\d+\.\d{4}", number.text) is not None


def cell_digit(card: Card, rng: random.Random) -> str | None:
    cell = rng.choice(card.epochs).validation_loss
    changed = another_digit(cell.text, rng) if cell else None
    return edited(card, (cell.span, changed[0])) if cell and changed else None


pair(
    "table-contradicts-log",
    "cell-changed-after-the-run",
    against(_log(0), cell_digit),
    "log-in-full-precision",
    against(_log(0), _as_it_was, _log(3e-5)),
)


def _curves(digits: str) -> Beside:
    """The curve of the validation loss in double ("d") or single ("f") precision."""

    def evidence(card: Card) -> Evidence | None:
        points = [(int(row.step.value), row.validation_loss) for row in card.epochs if row.step and row.step.value is not None]
        if len(points) < 3 or not all(_is_long(loss) for _, loss in points):
            return None
        values = tuple(
            (step, struct.unpack(digits, struct.pack(digits, float(loss.value or 0)))[0]) for step, loss in points if loss
        )
        return Evidence(curves=(Curve("eval/loss", "runs/events.out.tfevents.1", values),), looked_at=("runs",))

    return evidence


pair(
    "curve-contradicts-table",
    "cell-off-the-curve",
    against(_curves("d"), cell_digit),
    "curve-in-single-precision",
    against(_curves("d"), _as_it_was, _curves("f")),
)


def _results(factor: float) -> Beside:
    def evidence(card: Card) -> Evidence | None:
        values = {f"eval_{key}": float(each.value or 0) * factor for key, each in card.headline.items() if _is_long(each)}
        return Evidence(results={"eval_results.json": values}, looked_at=("eval_results.json",)) if len(values) > 1 else None

    return evidence


def _headline_digit(card: Card, rng: random.Random) -> str | None:
    number = rng.choice([each for each in card.headline.values() if _is_long(each)])
    changed = another_digit(number.text, rng)
    return edited(card, (number.span, changed[0])) if changed else None


pair(
    "headline-contradicts-results",
    "headline-changed-after-the-run",
    against(_results(1), _headline_digit),
    "results-in-percent",
    against(_results(1), _as_it_was, _results(100)),
)


def _kept(last: bool) -> Beside:
    """The best checkpoint, kept: that of the headline's row, or of the row before."""

    def evidence(card: Card) -> Evidence | None:
        losses = [row.validation_loss.text for row in card.epochs if row.validation_loss and row.step]
        stated = card.headline.get("loss")
        if len(losses) < 3 or len(losses) != len(card.epochs) or stated is None or losses.count(stated.text) != 1:
            return None
        at = losses.index(stated.text)
        step = card.epochs[at if last else at - 1].step
        best = Fact("best_model_checkpoint", f"out/checkpoint-{step.text}", STATE, "") if step else None
        return Evidence((best, Fact("load_best_model_at_end", True, ARGUMENTS, "")), looked_at=(STATE,)) if best else None

    return evidence


def _padded(card: Card, _: random.Random) -> str:
    return card.text.rstrip("\n") + "\n\n## Contact\n\nWrite to the maintainers.\n"


pair(
    "published-checkpoint-is-not-the-last",
    "another-checkpoint-kept",
    against(_kept(True), _as_it_was, _kept(False)),
    "headline-of-the-checkpoint",
    against(_kept(True), _padded),
)


def _loaded(name: Callable[[str], str]) -> Beside:
    def evidence(card: Card) -> Evidence | None:
        base = card.base_model.text if card.base_model else ""
        known = re.fullmatch(r"[\w.-]+(?:/[\w.-]+)?", base)
        return Evidence((Fact("name_or_path", name(base), CONFIG, "_name_or_path"),), looked_at=(CONFIG,)) if known else None

    return evidence


pair(
    "base-model-contradicts-configuration",
    "configuration-of-another-model",
    against(_loaded(str), _as_it_was, _loaded(lambda _: "some-org/some-other-base")),
    "base-of-a-renamed-owner",
    against(_loaded(str), _as_it_was, _loaded(lambda base: f"moved-org/{base.rpartition('/')[2]}")),
)


def _adapter(rank: int) -> Beside:
    facts = Fact("peft_type", "LORA", ADAPTER, "peft_type"), Fact("lora_r", rank, ADAPTER, "r")
    return lambda _: Evidence(facts, looked_at=(ADAPTER,))


def _with_rank(card: Card, _: random.Random) -> str | None:
    """The card with a rank of 16 below its seed."""
    seed = card.hyperparameters.seed
    return edited(card, (seed.span, f"{seed.text}\n- lora_r: 16")) if seed else None


pair(
    "adapter-contradicts-configuration",
    "adapter-of-another-rank",
    against(_adapter(16), _with_rank, _adapter(8)),
    "adapter-of-the-stated-rank",
    against(_adapter(8), _with_rank, _adapter(16)),
)


def _head(names: list[str], rows: int) -> Beside:
    labels, head = Fact("labels", names, CONFIG, "id2label"), Fact("head_labels", rows, "model.safetensors", "header")
    return lambda _: Evidence((labels, head), looked_at=(CONFIG,))


NAMED, NUMBERED = ["negative", "neutral", "positive"], ["LABEL_0", "LABEL_1", "LABEL_2"]


def _with_legend(card: Card, _: random.Random) -> str:
    return card.text.rstrip("\n") + "\n\n## Labels\n\n0: negative, 1: neutral, 2: positive\n"


pair(
    "unnamed-labels",
    "labels-numbered",
    against(_head(NAMED, 3), _as_it_was, _head(NUMBERED, 3)),
    "labels-numbered-and-explained",
    against(_head(NAMED, 3), _with_legend, _head(NUMBERED, 3)),
)
pair(
    "labels-contradict-head",
    "head-of-another-task",
    against(_head(NAMED, 3), _as_it_was, _head(NAMED, 7)),
    "head-and-labels-of-another-task",
    against(_head(NAMED, 3), _as_it_was, _head([*NAMED, "mixed"], 4)),
)


def _history(text: Texts) -> Apply:
    """The card's text replaced by a later commit."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        later = text(card, rng) if is_trainer(card) and len(card.headline) > 3 and card.epochs else None
        if later is None:
            return None
        versions = (Version("1f2e3d4c", "2023-01-02", card), Version("5b6a7988", "2023-01-05", read_card(later, "later")))
        beside = Evidence(history=changes(versions), looked_at=("README.md (history)",))
        return Fault(later, visible=True, evidence=beside, honest=Fault(card.text, evidence=Evidence(looked_at=beside.looked_at)))

    return apply


def _raised(card: Card, _: random.Random) -> str | None:
    number = card.headline.get("f1") or card.headline.get("accuracy")
    value = number.value if number else None
    if number is None or value is None or not 0 < value < Decimal("0.9") or not _is_long(number):
        return None
    return edited(card, (number.span, f"{value + Decimal('0.0311'):.4f}"))


def _shortened(card: Card, _: random.Random) -> str | None:
    number = card.headline.get("f1") or card.headline.get("accuracy")
    return edited(card, (number.span, f"{number.value or 0:.3f}")) if number and _is_long(number) else None


pair("number-changed-since", "number-raised-by-a-commit", _history(_raised), "number-shortened-by-a-commit", _history(_shortened))
