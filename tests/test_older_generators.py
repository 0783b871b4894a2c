"""The generator as an oracle: random histories, written by the `modelcard.py` of old releases of transformers, are read back.

The releases are those around every change of what a card looks like (facts/generator.json). Their wheels come from PyPI, once,
and the four modules needed are kept in `.older_generators/`, which git ignores; without PyPI the tests are skipped.
"""

import subprocess

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wheels import TRAINER_MODULES, Answering, Unreachable, trainer_modules

from cardaudit.facts import load
from cardaudit.facts.releases import is_outside
from cardaudit.parse import read_card

RELEASES = (
    *("4.6.1", "4.7.0", "4.8.2", "4.9.2", "4.10.3", "4.11.3", "4.12.5", "4.13.0", "4.14.1", "4.18.0", "4.20.1", "4.21.3"),
    *("4.26.1", "4.30.2", "4.31.0", "4.39.3", "4.40.2", "4.43.4", "4.44.2", "4.45.2", "4.46.3", "4.57.6", "5.0.0", "5.2.0"),
    "5.3.0",
)
WITH_KERAS = [version for version in RELEASES if (4, 14) <= tuple(map(int, version.split(".")))[:2] <= (4, 57)]
EVERY = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


class Writer(Answering):
    """A release that writes cards."""

    def __init__(self, version: str) -> None:
        super().__init__("older_generators.py", str(trainer_modules(version)), version)

    def write(self, asked: dict) -> tuple[str, list[dict]]:
        """The card, and the log history as the release rounds it."""
        answer = self.ask(asked)
        return answer["card"], answer["log"]


@pytest.fixture(scope="module")
def release():
    """Version -> Writer, each started once."""
    writers = {}

    def start(version: str) -> Writer:
        try:
            return writers.get(version) or writers.setdefault(version, Writer(version))
        except (Unreachable, subprocess.TimeoutExpired):
            pytest.skip(f"transformers {version} cannot be fetched from PyPI")

    yield start
    for writer in writers.values():
        writer.close()


def printed(value: object) -> str:
    """As `_maybe_round` of modelcard.py (4.6 to 5.23): a float with more than four characters after its point is rounded."""
    return f"{value:.4f}" if isinstance(value, float) and len(str(value).partition(".")[2]) > 4 else str(value)


WORDS = st.sampled_from(
    (
        "f1",
        "accuracy",
        "precision",
        "recall",
        "rougeL",
        "wer",
        "gen_len",
        "matthews_correlation",
        "mean iou",
        "map@50",
        "B-PER_f1",
    )
) | st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd"), include_characters="/.@-"), min_size=1, max_size=10)
KEYS = {"F1": "f1", "Accuracy": "accuracy", "Rougel": "rougel", "Gen Len": "gen_len", "Wer": "wer", "Mean iou": "mean_iou"}
NAMES = st.lists(WORDS, min_size=1, max_size=2).map("_".join)
NOT_METRICS = ("loss", "epoch", "step", "training_loss", "validation_loss", "runtime", "samples_per_second", "steps_per_second")
SCORES = st.one_of(
    st.floats(0, 1),
    st.floats(0, 100),
    st.integers(0, 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1.0, 0.66, 1e-05, 1.5e-05, 1e22, -0.0, float("nan"), float("inf"), float("-inf")]),
)
LOSSES = st.one_of(st.floats(2**-20, 20, width=32), st.sampled_from([0.0, float("nan"), 0.5, 1e-09, 123456.75]))


@st.composite
def histories(draw):
    """Log histories: evaluations by epoch or by step, with and without training losses, none to 200 of them."""
    names = [name for name in draw(st.lists(NAMES, unique_by=str.lower, max_size=4)) if is_metric(name)]
    per_epoch, every = draw(st.integers(1, 5_000)), draw(st.integers(1, 700))
    count = draw(st.sampled_from([0, 1, 2, 3, 5, 8, 200]))
    short = draw(st.lists(st.tuples(LOSSES, LOSSES, *(SCORES for _ in names)), min_size=min(count, 8), max_size=min(count, 8)))
    logs, log = draw(st.booleans()), []
    for at in range(count):
        loss, eval_loss, *scores = short[at % len(short)]
        when = {"epoch": (at + 1) * every / per_epoch, "step": (at + 1) * every}
        if logs:
            log.append({"loss": loss, "learning_rate": 1e-05, **when})
        metrics = {f"eval_{name}": score for name, score in zip(names, scores, strict=True)}
        log.append({"eval_loss": eval_loss, **metrics, "eval_runtime": 1.5, "eval_samples_per_second": 9.1, **when})
    if draw(st.integers(0, 9)):
        log.append({"train_runtime": 9.9, "train_loss": 0.4, "total_flos": 1, "epoch": 3.0, "step": every * count})
    return log


def is_metric(name: str) -> bool:
    """Whether the card can say it: a "|" or a colon in a name breaks the Trainer's own list and table."""
    return name.strip() == name and name.lower() not in NOT_METRICS and not name.startswith(("-", ".", "/", "@"))


ARGUMENTS = st.fixed_dictionaries({
    "learning_rate": st.floats(1e-9, 10), "train_batch_size": st.integers(1, 4096), "eval_batch_size": st.integers(1, 4096),
    "seed": st.integers(0, 2**32 - 1),
    "parallel_mode": st.sampled_from(["not_parallel", "not_distributed", "distributed", "tpu"]),
    "world_size": st.sampled_from([1, 1, 2, 8]), "gradient_accumulation_steps": st.sampled_from([1, 1, 4, 128]),
    "adafactor": st.booleans(),
    "optim": st.sampled_from(["adamw_torch", "adamw_torch_fused", "adafactor", "paged_lion_8bit", "sgd"]),
    "optim_args": st.sampled_from([None, "rank=64,proj=std"]), "adam_beta1": st.sampled_from([0.9, 0.5]),
    "adam_beta2": st.sampled_from([0.999, 0.98]), "adam_epsilon": st.sampled_from([1e-08, 1e-06, 0.001]),
    "lr_scheduler_type": st.sampled_from(["linear", "cosine", "constant_with_warmup"]),
    "warmup_ratio": st.sampled_from([0.0, 0.1, 0.03]), "warmup_steps": st.sampled_from([0, 500, 0.1, 98.4]),
    "max_steps": st.sampled_from([-1, -1, 10_000]), "num_train_epochs": st.sampled_from([3.0, 3, 0.5, 100]),
    "fp16": st.booleans(), "fp16_opt_level": st.just("O1"), "label_smoothing_factor": st.sampled_from([0.0, 0.1]),
    "output_dir": st.sampled_from(["out/my-model", "bert_ner-2"]),
})  # fmt: skip
DATASETS = st.none() | st.builds(
    lambda builder, config, split: {"builder_name": builder, "config_name": config, "split": split},
    st.sampled_from(["conll2003", "glue", "csv", "common_voice", "user/own-set_2", None]),
    st.sampled_from(["default", "mrpc", "en-US"]),
    st.sampled_from(["train", "validation", "test[:10%]"]),
)
TRAINERS = st.fixed_dictionaries({
    "log": histories(), "args": ARGUMENTS, "apex": st.booleans(), "dataset": DATASETS,
    "model_class": st.sampled_from(["ForTokenClassification", "ForConditionalGeneration", "ForCausalLM", "Other"]),
    "base": st.sampled_from(["bert-base-cased", "google/mt5-small", "distilbert-base-uncased-finetuned-sst-2-english"]),
    "card": st.fixed_dictionaries(
        {"license": st.sampled_from([None, "mit"]), "language": st.sampled_from([None, "en", ["de", "no"]])}
    ),
})  # fmt: skip


def expected_settings(args: dict, apex: bool, version: tuple[int, ...]) -> dict[str, str]:
    """`extract_hyperparameters_from_trainer` but for the optimizer: the same to 4.57; 5.0 knows no warm-up ratio and no Apex."""
    world, accumulation = args["world_size"], args["gradient_accumulation_steps"]
    found = {key: args[key] for key in ("learning_rate", "train_batch_size", "eval_batch_size", "seed")}
    if args["parallel_mode"] in ("distributed", "tpu"):
        found["distributed_type"] = "multi-GPU" if args["parallel_mode"] == "distributed" else "tpu"
    if world > 1:
        found |= {"num_devices": world, "total_eval_batch_size": args["eval_batch_size"] * world}
    if accumulation > 1:
        found["gradient_accumulation_steps"] = accumulation
    if world * accumulation > 1:
        found["total_train_batch_size"] = args["train_batch_size"] * world * accumulation
    found["lr_scheduler_type"] = args["lr_scheduler_type"]
    if args["warmup_ratio"] and version < (5,):
        found["lr_scheduler_warmup_ratio"] = args["warmup_ratio"]
    if args["warmup_steps"]:
        found["lr_scheduler_warmup_steps"] = args["warmup_steps"]
    found |= {"training_steps": args["max_steps"]} if args["max_steps"] != -1 else {"num_epochs": args["num_train_epochs"]}
    if args["fp16"]:
        found["mixed_precision_training"] = "Apex, opt level O1" if apex and version < (5,) else "Native AMP"
    if args["label_smoothing_factor"]:
        found["label_smoothing_factor"] = args["label_smoothing_factor"]
    return {key: str(value) for key, value in found.items()}


def expected_optimizer(args: dict, version: tuple[int, ...]) -> str:
    """To 4.45 the words do not depend on `optim`; since 4.46 each names itself, and what is no Adam has a line for arguments."""
    adam = f"betas=({args['adam_beta1']},{args['adam_beta2']}) and epsilon={args['adam_epsilon']}"
    if version < (4, 46):
        return "Adafactor" if args["adafactor"] else f"Adam with {adam}"
    more = args["optim_args"] or "No additional optimizer arguments"
    if "adam" in args["optim"]:
        return f"Use {args['optim']} with {adam} and optimizer_args={more}"
    return f"Use {args['optim']} and the args are:\n{more}"


def capitalised(key: str) -> str:
    return " ".join(part.capitalize() for part in key.split("_"))


def stated(numbers) -> list[tuple[str, str]]:
    """Label and text of every number; a name that comes out blank of letters is no name."""
    return sorted((number.label, number.text) for number in numbers)


def settings_of(card) -> dict[str, str]:
    known = {key: getattr(card.hyperparameters, key) for key in card.hyperparameters.__dataclass_fields__ if key != "other"}
    return {key: value.text for key, value in (known | dict(card.hyperparameters.other)).items() if value is not None}


def expected_rows(log: list[dict]) -> list[list[tuple[str, str]]]:
    """The table's cells by label; the loss is the last one logged before an evaluation. No table without the run's last entry."""
    rows, loss = [], "No log"
    if "train_runtime" not in (log[-1] if log else {}):
        return rows
    for entry in log:
        loss = entry.get("loss", loss)
        if "eval_loss" in entry:
            scores = {capitalised(key[5:]): value for key, value in entry.items() if is_score(key)}
            row = {"Training Loss": loss, "Epoch": entry["epoch"], "Step": entry["step"], "Validation Loss": entry["eval_loss"]}
            rows.append(sorted((label, printed(value)) for label, value in (row | scores).items()))
    return rows


def is_score(key: str) -> bool:
    return key.startswith("eval_") and key not in ("eval_loss", "eval_runtime", "eval_samples_per_second")


def expected_headline(log: list[dict]) -> list[tuple[str, str]]:
    """The last evaluation, unless it is the log's first entry ("if idx > 0")."""
    at = max((at for at, entry in enumerate(log) if "eval_loss" in entry), default=0)
    if at == 0:
        return []
    return sorted((capitalised(key[5:]), printed(log[at][key])) for key in log[at] if is_score(key) or key == "eval_loss")


def assert_in_range(generator, version: str) -> None:
    """The release that wrote the card lies in the range that the text betrays, and no two features contradict each other."""
    assert generator.declared.text == version
    assert not is_outside(version, generator.earliest, generator.latest), generator
    assert generator.because == () or generator.earliest or generator.latest, generator


def numbers_of(row) -> list:
    return [each for each in (row.training_loss, row.epoch, row.step, row.validation_loss, *row.metrics.values()) if each]


@pytest.mark.parametrize("version", RELEASES)
def test_what_an_older_trainer_writes_is_read_back(release, version):
    writer, number = release(version), tuple(map(int, version.split(".")))

    @EVERY
    @given(asked=TRAINERS)
    def check(asked):
        text, log = writer.write(asked)
        card = read_card(text, "written")
        assert_in_range(card.generator, version)
        assert settings_of(card) == expected_settings(asked["args"], asked["apex"], number)
        assert card.optimizer.text == expected_optimizer(asked["args"], number)
        assert [stated(numbers_of(row)) for row in card.epochs] == expected_rows(log)
        under = {(number.label, key) for row in card.epochs for key, number in row.metrics.items()}
        assert all(key == KEYS.get(label, key) for label, key in under)
        assert {key: value.text for key, value in card.framework_versions.items()} == {
            "transformers": version, "pytorch": "1.13.1+cu117", "datasets": "2.8.0", "tokenizers": "0.13.2",
        }  # fmt: skip
        if "train_runtime" in (log[-1] if log else {}):
            also = [result.number for result in card.results]
            assert stated([*card.headline.values(), *also]) == expected_headline(log)
            assert card.unread == ()
        else:
            assert set(raw_headline(log, number)) <= set(stated([*card.headline.values(), *(r.number for r in card.results)]))

    check()


def raw_headline(log: list[dict], version: tuple[int, ...]) -> list[tuple[str, str]]:
    """Without the run's last entry the last evaluation is printed as it was logged; before 4.21 not where it is the first."""
    at = max((at for at, entry in enumerate(log) if "eval_loss" in entry), default=None)
    if at is None or (at == 0 and version < (4, 21)):
        return []
    return [(key, printed(value)) for key, value in log[at].items() if is_score(key) or key == "eval_loss"]


@pytest.mark.parametrize("version", RELEASES)
def test_what_an_older_trainer_says_of_the_model_is_read_back(release, version):
    writer, number = release(version), tuple(map(int, version.split(".")))

    @EVERY
    @given(asked=TRAINERS)
    def check(asked):
        text, _ = writer.write(asked)
        card = read_card(text, "written")
        front = yaml.safe_load(text.split("---")[1])
        assert card.dialect == "trainer"
        assert card.model_name.text == asked["args"]["output_dir"].rpartition("/")[2]
        assert (card.base_model and card.base_model.text) == (None if number < (4, 7) else asked["base"])
        named = asked["dataset"] and asked["dataset"]["builder_name"]
        assert [mention.id for mention in card.datasets] == ([named] if named not in (None, "csv") and number >= (4, 7) else [])
        index = [(r.number.label, r.dataset_type, r.config, r.split, as_text(r.number)) for r in card.model_index]
        assert index == index_of(front)
        assert [language.text for language in card.metadata.languages] == listed(asked["card"]["language"])
        assert (card.metadata.license and card.metadata.license.text) == asked["card"]["license"]

    check()


def index_of(front: dict) -> list[tuple]:
    """The model index as PyYAML reads it: `model_index` with one `metric` from 4.7 to 4.9; a mapping without results to 4.13."""
    entries = front.get("model-index") or front.get("model_index") or []
    results = [result for entry in entries if isinstance(entry, dict) for result in entry.get("results") or []]
    found = []
    for result in results:
        dataset = result.get("dataset") or {}
        config = dataset.get("config") or dataset.get("args")
        metrics = result.get("metrics") or [result[key] for key in ("metric",) if key in result]
        about = (dataset.get("type"), config, dataset.get("split"))
        found += [(metric["name"], *about, str(float(metric["value"]))) for metric in metrics]
    return found


def as_text(number) -> str:
    """YAML's ".nan" and "-.inf" have no value, nor has a number from 1e308 on."""
    return str(float(number.text.replace(".n", "n").replace(".i", "i") if number.value is None else number.value))


def listed(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


OPTIMIZERS = st.none() | st.floats(1e-9, 1).flatmap(lambda rate: st.sampled_from([
    {"name": "Adam", "learning_rate": rate, "decay": 0.0, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, "amsgrad": False},
    {"name": "AdamWeightDecay", "learning_rate": {"class_name": "PolynomialDecay", "config": {"initial_learning_rate": rate,
     "decay_steps": 1377, "end_learning_rate": 0.0, "power": 1.0, "cycle": False, "name": None}}, "decay": 0.0, "beta_1": 0.9,
     "beta_2": 0.999, "epsilon": 1e-08, "amsgrad": False, "weight_decay_rate": 0.01},
    {"inner_optimizer": {"class_name": "Adam", "config": {"name": "Adam", "learning_rate": rate, "decay": 0.0, "beta_1": 0.9,
     "beta_2": 0.999, "epsilon": 1e-08, "amsgrad": False}}, "dynamic": True, "initial_scale": 32768.0,
     "dynamic_growth_steps": 2000},
]))  # fmt: skip


@st.composite
def keras_histories(draw):
    """The callback's accumulated logs: losses and metrics of the training and, mostly, of the validation data; epochs from 0."""
    names = ["loss", *draw(st.lists(st.sampled_from(["accuracy", "sparse_categorical_accuracy", "f1"]), unique=True, max_size=2))]
    names += [f"val_{name}" for name in names] if draw(st.booleans()) else []
    count = draw(st.sampled_from([1, 2, 5, 30]))
    rows = draw(st.lists(st.tuples(*(LOSSES for _ in names)), min_size=min(count, 5), max_size=min(count, 5)))
    return [{**dict(zip(names, rows[at % len(rows)], strict=True)), "epoch": at} for at in range(count)]


KERAS = st.fixed_dictionaries({
    "log": keras_histories(), "optimizer": OPTIMIZERS, "precision": st.sampled_from(["float32", "mixed_float16"]),
    "model_class": st.sampled_from(["TFBertForTokenClassification", "ForSequenceClassification"]),
    "base": st.sampled_from(["bert-base-cased", "google/mt5-small"]),
    "card": st.fixed_dictionaries({"model_name": st.just("my-model"), "license": st.sampled_from([None, "mit"])}),
})  # fmt: skip


def keras_label(key: str) -> str:
    if key == "epoch":
        return "Epoch"
    return capitalised(f"validation_{key[4:]}" if key.startswith("val_") else f"train_{key}")


@pytest.mark.parametrize("version", WITH_KERAS)
def test_what_an_older_keras_callback_writes_is_read_back(release, version):
    writer = release(version)

    @EVERY
    @given(asked=KERAS)
    def check(asked):
        text, log = writer.write(asked)
        card = read_card(text, "written")
        expected = [sorted((keras_label(key), printed(value)) for key, value in entry.items()) for entry in log]
        assert card.dialect == "keras"
        assert_in_range(card.generator, version)
        assert [stated(numbers_of(row)) for row in card.epochs] == expected
        assert stated([*card.headline.values(), *(result.number for result in card.results)]) == expected[-1]
        assert (card.optimizer and card.optimizer.text) == (str(asked["optimizer"]) if asked["optimizer"] else None)
        rate = card.hyperparameters.learning_rate
        assert (rate and float(rate.text)) == keras_rate(asked["optimizer"])
        assert settings_of(card)["training_precision"] == asked["precision"]
        assert (card.model_name.text, card.base_model.text, card.unread) == ("my-model", asked["base"], ())

    check()


def keras_rate(optimizer: dict | None) -> float | None:
    """The rate that the optimizer begins with: its own, its schedule's, or its inner optimizer's."""
    if optimizer is None:
        return None
    rate = optimizer.get("inner_optimizer", {"config": optimizer})["config"]["learning_rate"]
    return rate["config"]["initial_learning_rate"] if isinstance(rate, dict) else rate


def asked_for(log: list[dict], dataset: str | None, model_class: str, **args: object) -> dict:
    """A plain fine-tuning."""
    usual = {
        "learning_rate": 2e-05, "train_batch_size": 8, "eval_batch_size": 8, "seed": 42, "parallel_mode": "not_distributed",
        "world_size": 1, "gradient_accumulation_steps": 1, "adafactor": False, "optim": "adamw_torch", "optim_args": None,
        "adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-08, "lr_scheduler_type": "linear", "warmup_ratio": 0.0,
        "warmup_steps": 0, "max_steps": -1, "num_train_epochs": 3.0, "fp16": False, "label_smoothing_factor": 0.0,
        "output_dir": "out/my-model",
    }  # fmt: skip
    data = dataset and {"builder_name": dataset, "config_name": "default", "split": "validation"}
    return {
        "log": log, "args": usual | args, "apex": False, "dataset": data, "model_class": model_class, "base": "bert-base-cased",
        "card": {"license": "mit"},
    }  # fmt: skip


def evaluated(every: int, per_epoch: int, losses: tuple[float, ...]) -> list[dict]:
    log = []
    for at, loss in enumerate(losses, 1):
        when = {"epoch": at * every / per_epoch, "step": at * every}
        log += [{"loss": loss, **when}, {"eval_loss": 0.25, "eval_f1": 0.9123, **when}]
    return [*log, {"train_runtime": 1.0, "epoch": 3.0, "step": 3}]


WHOLE_EPOCHS = asked_for(evaluated(100, 100, (0.71, 0.5)), "conll2003", "ForConditionalGeneration", warmup_ratio=0.1)
STEPS = asked_for(evaluated(50, 703, (0.79400003, 0.61000001, 0.5432)), None, "ForConditionalGeneration")
UNKNOWN = asked_for(evaluated(100, 100, (0.71234, 0.5)), None, "Other", optim="adafactor", adafactor=True)
RANGES = {
    "4.6.1": ((None, "4.9"), (None, "4.9"), (None, "4.9")),
    "4.7.0": (("4.7", "4.9"), ("4.7", "4.9"), ("4.7", "4.9")),
    "4.8.2": (("4.8", "4.9"), ("4.8", "4.9"), ("4.8", "4.9")),
    "4.9.2": (("4.8", "4.9"), ("4.8", "4.9"), ("4.8", "4.9")),
    "4.10.3": (("4.10", "4.45"), ("4.10", "4.39"), ("4.10", "4.13")),
    "4.11.3": (("4.10", "4.45"), ("4.11", "4.39"), ("4.10", "4.13")),
    "4.12.5": (("4.10", "4.45"), ("4.11", "4.39"), ("4.10", "4.13")),
    "4.13.0": (("4.10", "4.45"), ("4.11", "4.39"), ("4.10", "4.13")),
    "4.14.1": (("4.10", "4.45"), ("4.11", "4.39"), ("4.11", "4.45")),
    "4.18.0": (("4.10", "4.45"), ("4.11", "4.39"), ("4.11", "4.45")),
    "4.20.1": (("4.10", "4.45"), ("4.11", "4.39"), ("4.11", "4.45")),
    "4.21.3": (("4.21", "4.45"), ("4.11", "4.39"), ("4.11", "4.45")),
    "4.26.1": (("4.21", "4.45"), ("4.11", "4.39"), ("4.11", "4.45")),
    "4.30.2": (("4.21", "4.45"), ("4.11", "4.39"), ("4.11", "4.45")),
    "4.31.0": (("4.31", "4.45"), ("4.31", "4.39"), ("4.31", "4.45")),
    "4.39.3": (("4.31", "4.45"), ("4.31", "4.39"), ("4.31", "4.45")),
    "4.40.2": (("4.31", "4.45"), ("4.40", "4.45"), ("4.31", "4.45")),
    "4.43.4": (("4.31", "4.45"), ("4.40", "4.45"), ("4.31", "4.45")),
    "4.44.2": (("4.44", "4.45"), ("4.44", "4.45"), ("4.44", "4.45")),
    "4.45.2": (("4.44", "4.45"), ("4.44", "4.45"), ("4.44", "4.45")),
    "4.46.3": (("4.46", "4.57"), ("4.46", "4.57"), ("4.46", None)),
    "4.57.6": (("4.46", "4.57"), ("4.46", "4.57"), ("4.46", None)),
    "5.0.0": (("4.46", "5.2"), ("5.0", None), ("4.46", None)),
    "5.2.0": (("4.46", "5.2"), ("5.0", None), ("4.46", None)),
    "5.3.0": (("4.46", None), ("5.0", None), ("4.46", None)),
}


@pytest.mark.parametrize("version", RELEASES)
def test_the_range_that_a_release_betrays(release, version):
    """Pins with which release each feature came: the releases stand in pairs around every change."""
    writer = release(version)
    generators = [read_card(writer.write(asked)[0]).generator for asked in (WHOLE_EPOCHS, STEPS, UNKNOWN)]
    assert tuple((generator.earliest, generator.latest) for generator in generators) == RANGES[version]


@pytest.mark.parametrize("version", RELEASES)
def test_what_the_facts_say_of_names_and_of_keras_holds_in_the_release(version):
    try:
        folder = trainer_modules(version)
    except Unreachable:
        pytest.skip(f"transformers {version} cannot be fetched from PyPI")
    facts = load("generator")
    source = {module: (folder / f"{module}.py").read_text(encoding="utf-8") for module in TRAINER_MODULES}
    for module, names in (("trainer_utils", facts["lr_scheduler_types"]), ("training_args", facts["optimizers"])):
        for name, entry in names.items():
            assert f'= "{name}"' not in source[module] or not is_outside(version, entry["earliest"], entry["latest"]), name
    keras = facts["features"]["keras"]
    assert ("def from_keras" in source["modelcard"]) is not is_outside(version, keras["earliest"], keras["latest"])
