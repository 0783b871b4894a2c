"""The generator as an oracle: random trainings, written by the card code of sentence-transformers and its kin, are read back.

The releases are those around each change of a template. Their card code comes out of PyPI's wheels, once (wheels.py), and runs in
a process of its own among stand-ins (card_writers.py); without PyPI the tests are skipped.
"""

import json
import platform
import re
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wheels import Answering, Unreachable, kept, trainer_modules

from cardaudit.parse import read_card
from cardaudit.records import Card

EVERY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
TABLES = "4.57.6"  # a release of transformers, whose make_markdown_table the cards' code calls; it is the same since 4.6
VERSIONS = {
    "transformers": "4.57.1", "torch": "2.8.0+cu126", "accelerate": "1.10.1", "datasets": "4.1.0", "tokenizers": "0.22.1",
}  # fmt: skip
OF_CARDS = re.compile(r"(?:\w+/)+(?:model_card(?:_templates?)?|modelcards|__version__)\.(?:py|md)")
DENSE = ("3.0.1", "3.1.1", "3.3.1", "3.4.1", "4.1.0", "5.1.2", "6.2.0")
KINDS = {
    "dense": DENSE,
    "cross_encoder": ("4.1.0", "5.1.2", "6.2.0"),
    "sparse_encoder": ("5.1.2", "6.2.0"),
    "multi_vector_encoder": ("6.2.0",),
    "pylate": ("1.3.4",),
}
RELEASES = [(kind, version) for kind, versions in KINDS.items() for version in versions]


def card_code(path: str) -> str | None:
    return path if OF_CARDS.fullmatch(path) or path == "sentence_transformers/SentenceTransformer.py" else None


class Writer(Answering):
    """A library's release that writes cards: `module` is its card's, `also` a release that it builds on."""

    def __init__(self, project: str, version: str, module: str, **also: str) -> None:
        releases = {project: version} | also
        folders = [str(kept(f"{name}-{number}", f"{name}=={number}", card_code)) for name, number in releases.items()]
        versions = VERSIONS | {name.replace("-", "_"): number for name, number in releases.items()}
        super().__init__("card_writers.py", module, json.dumps(versions), str(trainer_modules(TABLES) / "modelcard.py"), *folders)

    def write(self, asked: dict) -> str:
        return self.ask(asked)["card"]


@pytest.fixture(scope="module")
def release():
    """Starts a Writer, each once."""
    writers = {}

    def start(project: str, version: str, module: str, **also: str) -> Writer:
        try:
            key = (project, version, module)
            return writers.get(key) or writers.setdefault(key, Writer(*key, **also))
        except (Unreachable, subprocess.TimeoutExpired):
            pytest.skip(f"{project} {version} cannot be fetched from PyPI")

    yield start
    for writer in writers.values():
        writer.close()


def printed(value: object) -> str:
    """As `_maybe_round` of modelcard.py (4.6 to 5.23): a float with more than four characters after its point is rounded."""
    return f"{value:.4f}" if isinstance(value, float) and len(str(value).partition(".")[2]) > 4 else str(value)


NAMES = st.sampled_from(
    ("sts-dev", "sts-test", "all-nli-dev", "dim_768", "dim_64", "NanoMSMARCO", "NanoBEIR_mean", "pond ir", "frog-ir-val", "")
)
EVALUATORS = {
    "dense": {
        "EmbeddingSimilarityEvaluator": ("Semantic Similarity", ("pearson_cosine", "spearman_cosine")),
        "InformationRetrievalEvaluator": (
            "Information Retrieval",
            ("cosine_accuracy@1", "cosine_precision@3", "cosine_recall@5", "cosine_mrr@10", "cosine_map@100", "cosine_ndcg@10"),
        ),
        "BinaryClassificationEvaluator": (
            "Binary Classification",
            ("cosine_accuracy", "cosine_accuracy_threshold", "cosine_f1", "cosine_f1_threshold", "cosine_mcc", "cosine_ap"),
        ),
        "MSEEvaluator": ("Knowledge Distillation", ("negative_mse",)),
        "TranslationEvaluator": ("Translation", ("src2trg_accuracy", "trg2src_accuracy", "mean_accuracy")),
    },
    "cross_encoder": {
        "CrossEncoderRerankingEvaluator": ("Cross Encoder Reranking", ("map", "mrr@10", "ndcg@10")),
        "CrossEncoderClassificationEvaluator": (
            "Cross Encoder Classification",
            ("accuracy", "accuracy_threshold", "f1", "f1_threshold", "precision", "recall", "average_precision"),
        ),
        "CrossEncoderCorrelationEvaluator": ("Cross Encoder Correlation", ("pearson", "spearman")),
    },
    "sparse_encoder": {
        "SparseInformationRetrievalEvaluator": (
            "Sparse Information Retrieval",
            ("dot_accuracy@1", "dot_mrr@10", "query_active_dims", "query_sparsity_ratio", "avg_flops", "dot_ndcg@10"),
        ),
        "SpladeEvaluator": ("Sparse Triplet", ("dot_accuracy",)),
    },
    "pylate": {
        "PyLateInformationRetrievalEvaluator": (
            "Py Late Information Retrieval",
            ("MaxSim_accuracy@1", "MaxSim_precision@3", "MaxSim_recall@5", "MaxSim_mrr@10", "MaxSim_ndcg@10"),
        ),
        "ColBERTTripletEvaluator": ("Col BERT Triplet", ("accuracy",)),
    },
}
EVALUATORS["multi_vector_encoder"] = EVALUATORS["pylate"]
SCORES = st.one_of(
    st.floats(0, 1), st.floats(-100, 200), st.sampled_from([0.0, 1.0, 0.5, 0.66, 1e-05, 1.25e-06, 127.0, float("nan")])
)
LOSSES = st.one_of(st.floats(2**-20, 20, width=32), st.sampled_from([0.0, 0.5, 1e-09, 123456.75, float("nan")]))
TEXTS = st.sampled_from(
    (
        "a frog by the pond",
        "accuracy: 0.95",
        "lr of 3e-4 | 5 epochs",
        "F1 90.1\non the test set",
        "# 3 frogs",
        "F1\r\nof 90.1",
        "\u2028- wer: 7",
        "<b>7</b>",
        "`12`",
    )
) | st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Po", "Zs")), min_size=1, max_size=20)
COLUMNS = st.one_of(
    st.fixed_dictionaries(dict.fromkeys(("anchor", "positive", "negative"), st.lists(TEXTS, min_size=3, max_size=3))),
    st.fixed_dictionaries({
        "sentence_0": st.lists(TEXTS, min_size=5, max_size=5), "label": st.lists(st.integers(0, 3), min_size=5, max_size=5),
        "score": st.lists(st.floats(0, 5), min_size=5, max_size=5),
    }),
)  # fmt: skip
DATASETS = st.builds(
    lambda named, columns: {"name": named[0], "id": named[1], "columns": columns},
    st.sampled_from([("all-nli", "sentence-transformers/all-nli"), ("ponds", "frogs/ponds"), ("toad talk", None), (None, None)]),
    COLUMNS,
)
LISTS = st.lists(DATASETS, max_size=5, unique_by=lambda told: told["name"])
ARGUMENTS = st.fixed_dictionaries({
    "overwrite_output_dir": st.just(False), "prediction_loss_only": st.just(True),
    "per_device_train_batch_size": st.integers(1, 4096), "per_device_eval_batch_size": st.integers(1, 4096),
    "per_gpu_train_batch_size": st.none(), "gradient_accumulation_steps": st.sampled_from([1, 2, 128]),
    "learning_rate": st.floats(1e-9, 10), "weight_decay": st.sampled_from([0.0, 0.01]), "adam_beta1": st.sampled_from([0.9, 0.5]),
    "adam_beta2": st.sampled_from([0.999, 0.98]), "adam_epsilon": st.sampled_from([1e-08, 1e-06]), "max_grad_norm": st.just(1.0),
    "num_train_epochs": st.sampled_from([1, 3.0, 0.5, 100]), "max_steps": st.sampled_from([-1, 10_000]),
    "lr_scheduler_type": st.sampled_from(["linear", "cosine", "constant_with_warmup"]),
    "lr_scheduler_kwargs": st.sampled_from([{}, {"num_cycles": 0.5}]), "warmup_ratio": st.sampled_from([0.0, 0.1]),
    "warmup_steps": st.sampled_from([0, 500, 0.1]), "seed": st.integers(0, 2**32 - 1), "data_seed": st.none(),
    "bf16": st.booleans(), "fp16": st.booleans(), "local_rank": st.sampled_from([0, -1]), "past_index": st.just(-1),
    "fsdp": st.just([]), "fsdp_config": st.just({"min_num_params": 0, "xla": False, "xla_fsdp_v2": False}),
    "accelerator_config": st.just({"split_batches": False, "even_batches": True, "gradient_accumulation_kwargs": None}),
    "deepspeed": st.none(), "label_smoothing_factor": st.sampled_from([0.0, 0.1]),
    "optim": st.sampled_from(["adamw_torch", "adamw_torch_fused", "adafactor"]), "optim_args": st.none(),
    "resume_from_checkpoint": st.sampled_from([None, "out/checkpoint-500"]), "ddp_timeout": st.just(1800),
    "prompts": st.sampled_from([None, {"query": "search 5: ", "document": ""}, "query:"]),
    "batch_sampler": st.just("no_duplicates"), "multi_dataset_batch_sampler": st.just("proportional"),
    "router_mapping": st.just({}), "learning_rate_mapping": st.sampled_from([{}, {"0\\.weight": 0.001}]),
})  # fmt: skip
DEFAULTS = {"learning_rate": 5e-05, "num_train_epochs": 3.0, "seed": 42, "warmup_ratio": 0.0, "fp16": False, "prompts": None}
LOSS_CONFIGS = (
    {},
    {"scale": 20.0, "similarity_fct": "cos_sim"},
    {"loss": "CoSENTLoss", "matryoshka_dims": [768, 256, 64], "matryoshka_weights": [1, 1, 1], "n_dims_per_step": -1},
)
TIMES = {"training_time": "33.4 seconds", "evaluation_time": "1.5 minutes", "total_time": "2.0 hours"}
CARBON = {
    "emissions": 0.0123, "energy_consumed": 0.0345, "on_cloud": "N", "cpu_model": "13th Gen Intel(R) Core(TM) i7-13700K",
    "ram_total_size": 31.777, "duration": 1234.5, "gpu_model": "1 x NVIDIA GeForce RTX 3090",
}  # fmt: skip


@st.composite
def evaluators(draw, kind: str) -> list[dict]:
    """Evaluators with names of their own, their primary metric the last one."""
    told = []
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        evaluator = draw(st.sampled_from(sorted(EVALUATORS[kind])))
        description, metrics = EVALUATORS[kind][evaluator]
        named = [f"{name}_{metric}" if name else metric for metric in metrics]
        config = draw(st.sampled_from([{}, {"truncate_dim": 256}, {"at_k": 10, "always_rerank_positives": True}]))
        told.append({
            "class": f"sentence_transformers.evaluation.{evaluator}", "description": description, "name": name, "metrics": named,
            "primary_metric": named[-1], "config": config,
        })  # fmt: skip
    return told


@st.composite
def logs(draw, told: list[dict], eval_losses: tuple[str, ...]) -> list[dict]:
    """What a training logged: losses, evaluations, or both, at 0 to 150 steps; an evaluation behind it has no step."""
    per_epoch, every, count = draw(st.integers(1, 5_000)), draw(st.integers(1, 700)), draw(st.sampled_from([0, 1, 3, 8, 150]))
    pool = draw(st.lists(SCORES, min_size=7, max_size=7))
    losses = draw(st.lists(LOSSES, min_size=5, max_size=5))
    log = []
    for at in range(count):
        event = {"epoch": (at + 1) * every / per_epoch, "step": (at + 1) * every}
        if at % 2 or not told:
            event["loss"] = losses[at % 5]
        if at % 3 != 1:
            event["eval"] = {f"eval_{name}": losses[(at + of) % 5] for of, name in enumerate(eval_losses)}
            event["scores"] = {of: scores_of(each, pool, at + of) for of, each in enumerate(told)}
        if len(event) > 2:
            log.append(event)
    if told and draw(st.booleans()):
        log.append({"epoch": -1, "step": -1, "scores": {of: scores_of(each, pool, of) for of, each in enumerate(told)}})
    return log


def scores_of(evaluator: dict, pool: list[float], at: int) -> dict:
    """A score for each metric; a reranker's are texts that tell the change to the order before."""
    values = {metric: pool[(at + of) % 7] for of, metric in enumerate(evaluator["metrics"])}
    if "Reranking" not in evaluator["class"]:
        return values
    return {metric: f"{value:.4f} ({value - 0.5:+.4f})" if value == value else 0.0 for metric, value in values.items()}


@st.composite
def trainings(draw, kind: str) -> dict:
    """All that a card of a kind is made of."""
    told = draw(evaluators(kind))
    several = draw(st.sampled_from([(), ("loss",), ("ponds_loss", "toad-talk_loss")]))
    log = draw(logs(told, several))
    return {
        "data": {"language": draw(st.sampled_from([[], ["en"], ["de", "no"]])), "license": draw(st.sampled_from([None, "mit"]))},
        "base": draw(st.sampled_from(["microsoft/mpnet-base", "google-bert/bert-base-uncased", None])),
        "model": {
            "class": "SentenceTransformer", "architecture": "SentenceTransformer(\n  (0): Transformer()\n)", "max_length": 512,
            "dimension": 768, "similarity": "cosine" if kind == "dense" else "maxsim", "labels": draw(st.sampled_from([1, 3])),
        },
        "similarities": draw(st.sampled_from([None, "# tensor([[1.0000, 0.2547],\n#         [0.2547, 1.0000]])"])),
        "defaults": DEFAULTS, "args": draw(ARGUMENTS), "evaluators": told, "log": log,
        "loss": {
            "class": draw(st.sampled_from(["sentence_transformers.losses.FrogLoss.FrogLoss", "__main__.FrogLoss"])),
            "citation": "@misc{frog,\n    title={Frog 2024},\n    year={2024}\n}", "config": draw(st.sampled_from(LOSS_CONFIGS)),
        },
        "train": draw(LISTS), "eval": draw(LISTS),
        "best": draw(st.sampled_from([None, *(event["step"] for event in log)])),
        "times": draw(st.sampled_from([{}, TIMES])),
        "carbon": draw(st.sampled_from([None, CARBON])),
    }  # fmt: skip


def by_label(card: Card) -> dict[str, str]:
    """Every setting by the name that is printed."""
    known = [getattr(card.hyperparameters, key) for key in card.hyperparameters.__dataclass_fields__ if key != "other"]
    return {value.label: value.text for value in (*known, *card.hyperparameters.other.values()) if value is not None}


def expected_rows(asked: dict, version: tuple[int, ...]) -> list[list[tuple[str, str]]]:
    """The table's cells by label, without those that print a dash, and the -1 of an evaluation outside the training."""
    primary = {each["primary_metric"] for each in asked["evaluators"]}
    return [sorted(cells_of(event, primary, event["step"] == asked["best"], version)) for event in asked["log"]]


def cells_of(event: dict, primary: set[str], is_best: bool, version: tuple[int, ...]):
    row = {"Epoch": event["epoch"], "Step": event["step"]} if event["step"] != -1 else {}
    losses = {name.removeprefix("eval_").replace("_", " "): value for name, value in event.get("eval", {}).items()}
    row |= {"Validation Loss" if name == "loss" and version >= (3, 2) else name: value for name, value in losses.items()}
    row |= {"Training Loss": event["loss"]} if "loss" in event else {}
    row |= {name: value for scores in event.get("scores", {}).values() for name, value in scores.items() if name in primary}
    for label, value in row.items():
        yield label, first_word(str(round(value, 4)) if is_best and isinstance(value, float) else printed(value))


def first_word(text: str) -> str:
    """The score of "0.5432 (+0.0432)"."""
    return text.partition(" ")[0]


def cells_read(card: Card) -> list[list[tuple[str, str]]]:
    numbers = ((row.epoch, row.step, row.training_loss, row.validation_loss, *row.metrics.values()) for row in card.epochs)
    return [sorted((number.label, number.text) for number in row if number) for row in numbers]


def expected_results(asked: dict) -> list[tuple[str, ...]]:
    """The last scores of each evaluator, by metric and data set."""
    last: dict = {}
    for event in asked["log"]:
        last |= event.get("scores", {})
    found = []
    for at, scores in last.items():
        name = asked["evaluators"][at]["name"]
        for metric, value in scores.items():
            text = first_word(printed(round(value, 4) if isinstance(value, float) else value))
            split = "validation" if name.endswith(("-dev", "-val")) else "test" if name.endswith("-test") else ""
            found.append((metric.removeprefix(f"{name}_"), text, name, split))
    return sorted(found)


def expected_facts(asked: dict, kind: str) -> dict[str, str]:
    """What the card says of the model and its data."""
    model, facts = asked["model"], {}
    if kind != "pylate":
        facts["max_seq_length"] = str(model["max_length"])
    facts |= {"num_labels": str(model["labels"])} if kind == "cross_encoder" else {"embedding_dimension": str(model["dimension"])}
    facts |= {"document_length": "180", "query_length": "32"} if kind == "pylate" else {}
    for key in ("train", "eval"):
        for at, told in enumerate(asked[key], 1):
            facts[f"{key}_samples" if at == 1 else f"{key}_samples_{at}"] = str(len(next(iter(told["columns"].values()))))
    if asked["train"] or asked["eval"]:
        config = asked["loss"]["config"].items()
        facts["loss_function"] = "FrogLoss"
        facts |= {f"loss_{name}": str(value) for name, value in config if not isinstance(value, list)}
    return facts


@pytest.mark.parametrize(("kind", "version"), RELEASES)
def test_a_training_comes_back_from_its_card(release, kind, version):
    number = tuple(map(int, version.split("."))) if kind != "pylate" else (5, 1)
    parts = kind.replace("dense", "sentence_transformer" if number >= (6,) else "").split()
    module = ".".join(("sentence_transformers", *parts, "model_card")) if kind != "pylate" else "pylate.hf_hub.model_card"
    library = "pylate" if kind == "pylate" else "sentence-transformers"
    writer = release(library, version, module, **({"sentence-transformers": "5.1.2"} if kind == "pylate" else {}))

    @EVERY
    @given(asked=trainings(kind))
    def check(asked):
        card = read_card(writer.write(asked), "written")
        assert (card.dialect, card.generator.name, card.generator.declared.text) == ("sentence-transformers", library, version)
        assert_settings(card, asked, kind)
        assert cells_read(card) == expected_rows(asked, number)
        results = [(each.number.label, each.number.text, each.dataset or "", each.split or "") for each in card.results]
        assert sorted(results) == expected_results(asked)
        assert card.headline == {}
        assert_identity(card, asked, library, version)
        assert card.unread == ()

    check()


def assert_settings(card: Card, asked: dict, kind: str) -> None:
    said = by_label(card)
    optimizer, args = card.optimizer, asked["args"]
    plain = args.keys() - {"optim", "per_gpu_train_batch_size"}  # the second is the first batch size's older name, and None
    assert {key: said.get(key) for key in plain} == {key: str(args[key]) for key in plain}
    others = {key: value.text for key, value in card.hyperparameters.other.items()}
    facts = expected_facts(asked, kind)
    assert {key: others.get(key) for key in facts} == facts
    assert optimizer.name == args["optim"]
    if "adam" in args["optim"]:
        assert (optimizer.betas, optimizer.epsilon) == ((args["adam_beta1"], args["adam_beta2"]), args["adam_epsilon"])


def assert_identity(card: Card, asked: dict, library: str, version: str) -> None:
    assert (card.base_model.text if card.base_model else None) == asked["base"]
    named = {told["id"] or told["name"] for told in (*asked["train"], *asked["eval"])} - {None}
    assert named <= {mention.id for mention in card.datasets}
    assert [mention.id for mention in card.datasets][: len(named)] == list(
        dict.fromkeys(told["id"] or told["name"] for told in (*asked["train"], *asked["eval"]) if told["name"])
    )
    used = {library.replace("-", "_"): version} | ({"sentence_transformers": "5.1.2"} if library == "pylate" else {})
    expected = VERSIONS | used | {"python": platform.python_version(), "pytorch": VERSIONS["torch"]}
    assert {key: value.text for key, value in card.framework_versions.items()} == {
        key: value for key, value in expected.items() if key != "torch"
    }


PAIRS = st.tuples(st.integers(1, 4096), st.integers(1, 64)).map(list)
RATES = st.tuples(st.floats(1e-9, 1), st.floats(1e-9, 1)).map(list)
SETFIT_ARGUMENTS = st.fixed_dictionaries({
    "batch_size": PAIRS, "num_epochs": PAIRS, "max_steps": st.sampled_from([-1, 500]), "body_learning_rate": RATES,
    "sampling_strategy": st.just("oversampling"), "num_iterations": st.sampled_from([None, 20]), "margin": st.just(0.25),
    "head_learning_rate": st.floats(1e-9, 10), "loss": st.just("CosineSimilarityLoss"), "end_to_end": st.booleans(),
    "distance_metric": st.just("cosine_distance"), "use_amp": st.booleans(), "warmup_proportion": st.sampled_from([0.1, 0.0]),
    "l2_weight": st.sampled_from([None, 0.01]), "max_length": st.none(), "seed": st.integers(0, 2**32 - 1),
    "eval_max_steps": st.just(-1), "load_best_model_at_end": st.booleans(),
})  # fmt: skip
OF_BODY = {"batch_size": "train_batch_size", "num_epochs": "num_epochs", "body_learning_rate": "learning_rate"}
OF_HEAD = {
    "batch_size": "classifier_batch_size",
    "num_epochs": "classifier_num_epochs",
    "body_learning_rate": "body_classifier_learning_rate",
}


@st.composite
def setfit_trainings(draw) -> dict:
    """All that a SetFit model's card is made of."""
    dataset = draw(st.sampled_from([{}, {"dataset_id": "frogs/ponds"}, {"dataset_id": "frogs/ponds", "dataset_name": "Ponds"}]))
    every, losses = draw(st.integers(1, 700)), draw(st.lists(LOSSES, min_size=5, max_size=5))
    log = [
        {"epoch": at / 7, "step": 1 + at * every, "loss": losses[at % 5]} for at in range(draw(st.sampled_from([0, 1, 5, 120])))
    ]
    log += [{"epoch": 20.0, "step": 10**6, "eval": losses[0]}] if draw(st.booleans()) else []
    labels = draw(st.lists(st.integers(0, 2), min_size=3, max_size=9))
    metrics = draw(st.lists(st.sampled_from(["accuracy", "f1", "matthews_correlation"]), max_size=3, unique=True))
    return {
        "data": {"language": "en", "license": "mit"} | dataset, "base": draw(st.sampled_from([None, "BAAI/bge-small-en-v1.5"])),
        "labels": ["frog", "toad 2", "newt"], "head": "sklearn.linear_model.LogisticRegression", "max_length": 512,
        "train": {"text": draw(st.lists(TEXTS, min_size=len(labels), max_size=len(labels))), "label": labels},
        "args": draw(SETFIT_ARGUMENTS), "log": log, "best": draw(st.sampled_from([None, *(event["step"] for event in log)])),
        "results": {f"test_{metric}": draw(st.floats(0, 1)) for metric in metrics},
    }  # fmt: skip


def expected_setfit_settings(asked: dict) -> dict[str, str]:
    found = {"max_seq_length": 512, "num_labels": len(set(asked["train"]["label"]))}
    counts = [asked["train"]["label"].count(at) for at in range(3)]
    found |= {"label_samples" if at == 1 else f"label_samples_{at}": count for at, count in enumerate(counts, 1)}
    for key, value in asked["args"].items():
        if key in OF_BODY:
            found |= {OF_BODY[key]: value[0], OF_HEAD[key]: value[1]}
        elif value is not None:
            found["training_steps" if key == "max_steps" and value > 0 else key] = value
    return {key: str(value) for key, value in found.items()}


def settings_of(card: Card) -> dict[str, str]:
    known = {key: getattr(card.hyperparameters, key) for key in card.hyperparameters.__dataclass_fields__ if key != "other"}
    return {key: value.text for key, value in (known | dict(card.hyperparameters.other)).items() if value is not None}


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "1.1.3"])
def test_a_setfit_training_comes_back_from_its_card(release, version):
    writer = release("setfit", version, "setfit.model_card", **{"sentence-transformers": "5.1.2"})

    @EVERY
    @given(asked=setfit_trainings())
    def check(asked):
        card = read_card(writer.write(asked), "written")
        assert (card.dialect, card.generator.name, card.generator.declared.text) == ("setfit", "setfit", version)
        assert settings_of(card) == expected_setfit_settings(asked)
        names = {"epoch": "Epoch", "step": "Step", "loss": "Training Loss", "eval": "Validation Loss"}
        rows = [sorted((names[key], printed(value)) for key, value in event.items()) for event in asked["log"]]
        assert cells_read(card) == rows
        results = {each.number.label: (each.number.text, each.setting) for each in card.results}
        assert results == {key[5:].title(): (printed(value), "label all") for key, value in asked["results"].items()}
        assert (card.base_model.text if card.base_model else None) == asked["base"]
        assert {mention.id for mention in card.datasets} == {asked["data"][key] for key in asked["data"] if key == "dataset_id"}
        assert (card.headline, card.unread) == ({}, ())

    check()


SPAN_MARKER_ARGUMENTS = st.fixed_dictionaries({
    "learning_rate": st.floats(1e-9, 10), "train_batch_size": st.integers(1, 4096), "eval_batch_size": st.integers(1, 4096),
    "seed": st.integers(0, 2**32 - 1), "lr_scheduler_type": st.sampled_from(["linear", "cosine"]),
    "lr_scheduler_warmup_ratio": st.just(0.1), "num_epochs": st.sampled_from([3, 0.5]),
    "mixed_precision_training": st.just("Native AMP"),
})  # fmt: skip
OPTIMIZER = "Use adamw_torch with betas=(0.9,0.999) and epsilon=1e-08 and optimizer_args=No additional optimizer arguments"


@st.composite
def span_marker_trainings(draw) -> dict:
    """All that a SpanMarker model's card is made of: evaluations while it trained, the last with a score for each label."""
    scores = st.floats(0, 1)
    whole = {f"overall_{name}": scores for name in ("precision", "recall", "f1", "accuracy")} | {
        "loss": LOSSES,
        "runtime": scores,
    }
    log = [
        {"epoch": at / 3, "step": at * 100, "metrics": {f"eval_{key}": draw(value) for key, value in whole.items()}}
        for at in range(1, draw(st.integers(1, 4)))
    ]
    last = {f"test_{key}": draw(value) for key, value in whole.items()}
    for label in draw(st.lists(st.sampled_from(["PER", "LOC", "creative-work", "B 2"]), max_size=4, unique=True)):
        last[f"test_{label}"] = {"precision": draw(scores), "recall": draw(scores), "f1": draw(scores), "number": 20}
    return {
        "data": {"language": "en", "license": "mit", "dataset_id": "frogs/ponds", "encoder_id": "bert-base-cased"},
        "config": {"entity_max_length": 8, "model_max_length": 256, "_name_or_path": "bert-base-cased"}, "max_length": 256,
        "train": {"word_count": [3, 5, 11], "entity_count": [1, 0, 2]},
        "args": draw(SPAN_MARKER_ARGUMENTS) | {"optimizer": OPTIMIZER},
        "log": [*log, {"epoch": None, "step": None, "metrics": last}],
    }  # fmt: skip


def test_a_span_marker_training_comes_back_from_its_card(release):
    writer = release("span-marker", "1.8.1", "span_marker.model_card")

    @EVERY
    @given(asked=span_marker_trainings())
    def check(asked):
        card = read_card(writer.write(asked), "written")
        assert (card.dialect, card.generator.name, card.generator.declared.text) == ("span-marker", "span-marker", "1.8.1")
        said = {"max_seq_length": 256, "entity_max_length": 8} | {
            key: asked["args"][key] for key in asked["args"].keys() - {"optimizer"}
        }
        assert settings_of(card) == {key: str(value) for key, value in said.items()}
        assert (card.optimizer.text, card.optimizer.betas, card.optimizer.epsilon) == (OPTIMIZER, (0.9, 0.999), 1e-08)
        *log, last = asked["log"]
        assert cells_read(card) == [sorted(span_marker_row(event)) for event in log]
        results = [(each.number.label, each.number.text, each.setting) for each in card.results]
        assert sorted(results) == sorted(span_marker_results(last["metrics"]))
        assert (card.base_model.text, [mention.id for mention in card.datasets]) == ("bert-base-cased", ["frogs/ponds"])
        assert (card.headline, card.unread) == ({}, ())

    check()


def span_marker_row(event: dict):
    metrics = event["metrics"]
    yield from (
        ("Epoch", printed(event["epoch"])),
        ("Step", str(event["step"])),
        ("Validation Loss", printed(metrics["eval_loss"])),
    )
    for name in ("precision", "recall", "f1", "accuracy"):
        yield f"Validation {name.capitalize()}", printed(metrics[f"eval_overall_{name}"])


def span_marker_results(metrics: dict):
    whole = {name: metrics[f"test_overall_{name}"] for name in ("precision", "recall", "f1")}
    by_label = {"all": whole} | {key[5:]: value for key, value in metrics.items() if isinstance(value, dict)}
    for label, scores in by_label.items():
        for name in ("precision", "recall", "f1"):
            yield name.capitalize(), printed(scores[name]), f"label {label}"


def test_a_static_model_is_known_by_its_card(release):
    asked = {"base_model_name": "BAAI/bge-base-en-v1.5", "language": ["en"], "model_name": "frogs/m2v-pond", "license": "mit"}
    card = read_card(release("model2vec", "0.10.0", "model2vec.modelcards.modelcards").write(asked), "written")
    assert (card.generator.name, card.base_model.text, card.metadata.library_name.text) == (
        "model2vec", "BAAI/bge-base-en-v1.5", "model2vec",
    )  # fmt: skip
    assert (card.results, card.epochs, card.headline, card.hyperparameters.other) == ((), (), {}, {})


LOSSES_OF_FIT = st.sampled_from([
    ("CosineSimilarityLoss", None), ("TripletLoss", {"distance_metric": "TripletDistanceMetric.EUCLIDEAN", "triplet_margin": 5}),
    ("MultipleNegativesRankingLoss", {"scale": 20.0, "similarity_fct": "cos_sim"}), ("MatryoshkaLoss", {"dims": [64, 32]}),
])  # fmt: skip
OBJECTIVES = st.builds(
    lambda loss, length, size: {"loss": loss[0], "config": loss[1], "length": length, "batch_size": size},
    *(LOSSES_OF_FIT, st.integers(1, 10**6), st.integers(1, 4096)),
)
FITS = st.fixed_dictionaries({
    "name": st.sampled_from(["frogs/pond-2", "{MODEL_NAME}"]), "dimension": st.integers(16, 4096),
    "datasets": st.sampled_from([None, ["frogs/ponds"]]), "objectives": st.lists(OBJECTIVES, min_size=1, max_size=3),
    "architecture": st.just("SentenceTransformer(\n  (0): Transformer({'max_seq_length': 256, 'do_lower_case': False})\n)"),
    "fit": st.fixed_dictionaries({
        "evaluator": st.none(), "epochs": st.integers(1, 100), "steps_per_epoch": st.none(), "max_grad_norm": st.just(1),
        "scheduler": st.sampled_from(["WarmupLinear", "constantlr"]), "warmup_steps": st.integers(0, 10**6),
        "optimizer_class": st.just("<class 'torch.optim.adamw.AdamW'>"), "weight_decay": st.sampled_from([0.01, 0.0]),
        "optimizer_params": st.fixed_dictionaries({"lr": st.floats(1e-9, 1)}), "evaluation_steps": st.integers(0, 1000),
    }),
})  # fmt: skip


def expected_fit(asked: dict) -> dict[str, str]:
    """What the card says of the training: of several objectives, what the first one's loader and loss say."""
    first, fit = asked["objectives"][0], asked["fit"]
    found = {
        "train_batch_size": first["batch_size"], "steps_per_epoch": first["length"], "loss_function": first["loss"],
        "num_epochs": fit["epochs"], "lr_scheduler_type": fit["scheduler"], "lr_scheduler_warmup_steps": fit["warmup_steps"],
        "learning_rate": fit["optimizer_params"]["lr"], "embedding_dimension": asked["dimension"], "max_seq_length": 256,
    }  # fmt: skip
    found |= {key: fit[key] for key in ("weight_decay", "max_grad_norm", "evaluation_steps")}
    found |= {f"loss_{key}": value for key, value in (first["config"] or {}).items()}
    return {key: str(value) for key, value in found.items()}


def test_a_fit_comes_back_from_its_card(release):
    writer = release("sentence-transformers", "2.7.0", "sentence_transformers.model_card_templates")

    @EVERY
    @given(asked=FITS)
    def check(asked):
        card = read_card(writer.write(asked), "written")
        assert (card.dialect, card.generator.name) == ("sentence-transformers", "sentence-transformers")
        assert settings_of(card) == expected_fit(asked)
        assert card.optimizer.name == "adamw"
        assert [mention.id for mention in card.datasets] == (asked["datasets"] or [])
        assert (card.results, card.headline, card.epochs, card.unread) == ((), {}, (), ())

    check()
