"""The generator as an oracle: what the card writers of training libraries are told is what is read of their cards.

The writers are those of the libraries' own wheels (trainer_family_writers.py), which come from PyPI once; without it the tests
are skipped. Cards are filled with random settings and results and compared whole: nothing lost, nothing invented.
"""

import tempfile
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
import trainer_family_writers as writers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wheels import Unreachable

from cardaudit.parse import read_card
from cardaudit.records import Card, Printed

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
TRAINERS = {
    "0.12.2": ("sft", "dpo", "kto", "orpo", "cpo", "bco", "reward", "rloo", "ppo", "gkd", "xpo", "nash_md", "online_dpo"),
    "0.18.2": ("sft", "dpo", "grpo", "kto", "orpo", "cpo", "bco", "reward", "rloo", "prm", "gkd", "xpo", "iterative_sft"),
    "1.16.0": ("sft", "dpo", "grpo", "kto", "reward", "rloo", "distillation"),
}
PEFT = ("0.5.0", "0.10.0", "0.21.2")
IDS = st.sampled_from(
    ("Qwen/Qwen2.5-0.5B-Instruct", "meta-llama/Llama-2-7b-hf", "facebook/opt-350m", "google/vit-base-patch16-224", "gpt2")
) | st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}/[A-Za-z][A-Za-z0-9._-]{1,16}[a-z0-9]", fullmatch=True)
SETS = st.sampled_from(("ponds/frogs", "ponds/toads_7k", "trl-lib/tldr")) | st.from_regex(
    r"[a-z]{2,9}/[a-z][a-z0-9_]{2,16}", fullmatch=True
)
NAMES = st.sampled_from(("frog-sft-3", "results", "output_dir", "Qwen2.5-7B-frog")) | st.from_regex(
    r"[A-Za-z][A-Za-z0-9_-]{2,20}[a-z0-9]", fullmatch=True
)
SHARES, POSITIVE = st.floats(0, 1), st.floats(0, 1e4)
FRONT_MATTER = {"license": "license", "language": "languages", "library_name": "library_name"}


def written(write: Callable[..., str], *told: Any, **more: Any) -> dict[str, Any]:
    """What is read of the card that a writer makes; the test is skipped where the writer cannot be had."""
    try:
        text = write(*told, **more)
    except Unreachable:
        pytest.skip("the wheel cannot be fetched from PyPI")
    return said(read_card(text, "written"))


def said(card: Card) -> dict[str, Any]:
    """All that a card says but its tags and spans; what it does not say is left out."""
    known = {key: getattr(card.hyperparameters, key) for key in card.hyperparameters.__dataclass_fields__ if key != "other"}
    metadata, stated = card.metadata, known | dict(card.hyperparameters.other)
    everything = {
        "dialect": card.dialect,
        "generator": card.generator and (card.generator.name, text_of(card.generator.declared)),
        "name": text_of(card.model_name),
        "base": text_of(card.base_model),
        "bases": [base.text for base in metadata.base_models],
        "task": text_of(card.task),
        "datasets": [each.id for each in card.datasets],
        "license": text_of(metadata.license),
        "languages": [each.text for each in metadata.languages],
        "library": text_of(metadata.library_name),
        "settings": {key: value.text for key, value in stated.items() if value is not None},
        "optimizer": card.optimizer and card.optimizer.name,
        "headline": texts(card.headline),
        "epochs": len(card.epochs),
        "index": [(each.metric, each.number.text, each.stderr, each.dataset_name) for each in card.model_index],
        "results": [(each.metric, each.number.text, each.stderr, each.dataset, each.setting) for each in card.results],
        "versions": texts(card.framework_versions),
        "unread": [line.text for line in card.unread],
    }
    return {key: value for key, value in everything.items() if value}


def text_of(printed: Printed | None) -> str | None:
    return printed and printed.text


def texts(prints: Mapping[str, Printed]) -> dict[str, str]:
    return {key: printed.text for key, printed in prints.items()}


def as_texts(told: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in told.items()}


@pytest.mark.parametrize("version", TRAINERS)
def test_cards_of_trl(version: str):
    """Every trainer with its citation: the example's prompt and the papers' years are no numbers of the model's."""
    told = {
        "base": IDS, "model_name": NAMES, "repo": IDS, "dataset": SETS, "tags": st.just(["trl", "sft"]),
        "wandb": st.sampled_from([None, "https://wandb.ai/ponds/huggingface/runs/ab12cd34"]),
        "comet": st.sampled_from([None, "https://www.comet.com/ponds/2/frog/77"]),
    }  # fmt: skip

    @FEW
    @given(trainer=st.sampled_from(TRAINERS[version]), asked=st.fixed_dictionaries(told))
    def check(trainer, asked):
        installed = {**writers.TRL_VERSIONS, "trl": version}
        installed["pytorch"] = installed.pop("torch")
        assert written(writers.trl_card, version, trainer, asked) == {
            "dialect": "trl", "generator": ("trl", version), "name": asked["model_name"], "base": asked["base"],
            "bases": [asked["base"]], "datasets": [asked["dataset"]], "library": "transformers", "versions": installed,
        }  # fmt: skip

    check()


def test_a_card_of_trl_that_is_told_no_data_set():
    asked = {
        "base": "gpt2",
        "model_name": "frog",
        "repo": "ponds/frog",
        "dataset": None,
        "tags": [],
        "wandb": None,
        "comet": None,
    }
    assert "datasets" not in written(writers.trl_card, "0.18.2", "sft", asked)


def test_a_card_of_trl_before_it_had_templates():
    assert written(writers.trl_ppo_card, "0.7.11", "frog-ppo", "ponds/frog-ppo") == {
        "dialect": "trl", "generator": ("trl", None), "name": "frog-ppo", "license": "apache-2.0",
    }  # fmt: skip


QUANTIZATION = st.fixed_dictionaries({
    "quant_method": st.just("bitsandbytes"), "load_in_8bit": st.booleans(), "load_in_4bit": st.booleans(),
    "llm_int8_threshold": st.sampled_from([6.0, 0.0, 5.5]), "llm_int8_skip_modules": st.none() | st.just(["lm_head"]),
    "bnb_4bit_quant_type": st.sampled_from(["nf4", "fp4"]), "bnb_4bit_use_double_quant": st.booleans(),
    "bnb_4bit_compute_dtype": st.sampled_from(["float32", "bfloat16"]),
})  # fmt: skip
BEFORE = """---
library_name: transformers
license: mit
tags: [generated_from_trainer]
---

<!-- Generated automatically according to the information the Trainer had access to. -->

# frog-lora

## Training procedure

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 0.0002
- seed: 3

### Framework versions

- Transformers 4.46.0
"""


@pytest.mark.parametrize("version", PEFT)
def test_cards_of_peft(version: str):
    """Its list of a quantization, on the Hub's empty template or in a card that was there; its title names no model."""
    names_base = version != "0.5.0"

    @FEW
    @given(base=IDS, quantization=st.none() | QUANTIZATION, before=st.sampled_from([None, BEFORE]))
    def check(base, quantization, before):
        expected = {"dialect": "peft", "generator": ("peft", version), "library": "peft", "versions": {"peft": version}}
        expected |= {"base": base, "bases": [base]} if names_base else {}
        expected |= {"task": "text-generation"} if version == "0.21.2" else {}
        stated = as_texts(quantization or {})
        if before:
            expected |= {"dialect": "trainer", "generator": ("transformers.Trainer", "4.46.0"), "name": "frog-lora"}
            expected |= {"license": "mit", "versions": {"peft": version, "transformers": "4.46.0"}}
            stated |= {"learning_rate": "0.0002", "seed": "3"}
        expected |= {"settings": stated} if stated else {}
        assert written(writers.peft_card, version, base, quantization, before) == expected

    check()


SPOKEN = {
    "These are LoRA weights of {repo}: they are LoRA adaption weights for {base}.": (),
    "These are textual inversion adaption weights for {base}. Two pictures follow.": (),
    "These are controlnet weights trained on {base} with a new condition.\n\nprompt: a red circle, 3 frogs": (),
    "This is a dreambooth model derived from {base}. The weights were trained on 7 frogs using [DreamBooth](https://d.x).": (),
    "These are {repo} DreamBooth LoRA weights for {base}.\n\nYou should use `frog 7` to trigger the image generation.": (),
    "This pipeline was finetuned from **{base}** on the **{data}** dataset. Images with the following prompts: ['a frog 3']:\n\n"
    "## Training info\n\nThese are the key hyperparameters used during training:\n\n"
    "* Epochs: {num_epochs}\n* Learning rate: {learning_rate}\n* Batch size: {train_batch_size}\n"
    "* Gradient accumulation steps: {gradient_accumulation_steps}\n* Image resolution: {resolution}\n"
    "* Mixed-precision: {mixed_precision_training}\n": ("datasets", "settings"),
    "These are LoRA adaption weights for {base}. The weights were fine-tuned on the {data} dataset.": ("datasets",),
}  # what the scripts say, in our words around their names and labels
OF_PICTURES = st.fixed_dictionaries({
    "num_epochs": st.integers(1, 500), "learning_rate": st.sampled_from([1e-05, 0.0001, 5e-06]),
    "train_batch_size": st.integers(1, 64), "gradient_accumulation_steps": st.integers(1, 16),
    "resolution": st.sampled_from([256, 512, 1024]), "mixed_precision_training": st.sampled_from(["fp16", "bf16"]),
})  # fmt: skip


@FEW
@given(spoken=st.sampled_from(sorted(SPOKEN)), base=IDS, repo=IDS, data=SETS, told=OF_PICTURES)
def test_cards_of_scripts_of_diffusers(spoken, base, repo, data, told):
    """Words of prompts, and the pictures and texts of the gallery, are no numbers of the model's."""
    words = "# A model of frogs\n\n" + spoken.format(base=base, repo=repo, data=data, **told)
    gallery = [{"text": "a frog 3", "output": {"url": "image_0.png"}}]
    asked = {"license": "openrail++", "base_model": base, "prompt": "a photo of 7 frogs", "widget": gallery, "inference": True}
    more = {"datasets": [data], "settings": as_texts(told)}
    assert written(writers.diffusers_card, "0.42.1", words, tags=["text-to-image", "lora"], **asked) == {
        "dialect": "diffusers", "generator": ("diffusers", None), "name": "A model of frogs", "base": base, "bases": [base],
        "task": "text-to-image", "license": "openrail++", "library": "diffusers",
    } | {key: more[key] for key in SPOKEN[spoken]}  # fmt: skip


ROUGE = ("loss", "rouge1", "rouge2", "rougeL", "rougeLsum", "gen_len")
OF_CLASSES = tuple(f"{name}_{mean}" for name in ("f1", "precision", "recall") for mean in ("macro", "micro", "weighted"))
OF_BOXES = ("loss", "map", "map_50", "map_75", "map_small", "map_large", "mar_1", "mar_10", "mar_100", "mar_large")
OF_VALUES = ("loss", "mse", "mae", "r2", "rmse", "explained_variance")
OF_TWO = ("loss", "accuracy", "f1", "auc", "precision", "recall")
AUTOTRAIN = [  # a trainer, what it measures, into how many classes it sorts, the task
    ("text_classification", OF_TWO, 2, "text-classification"),
    ("text_classification", ("loss", "accuracy", *OF_CLASSES), 5, "text-classification"),
    ("image_classification", OF_TWO, 2, "image-classification"),
    ("image_classification", ("loss", "accuracy", *OF_CLASSES), 3, "image-classification"),
    ("token_classification", ("loss", "precision", "recall", "f1", "accuracy"), 2, "token-classification"),
    ("seq2seq", ROUGE, 2, "text2text-generation"),
    ("text_regression", OF_VALUES, 2, None),
    ("image_regression", OF_VALUES, 2, None),
    ("object_detection", OF_BOXES, 2, "object-detection"),
    ("extractive_question_answering", ("loss", "exact_match", "f1", "HasAns_f1"), 2, "question-answering"),
    ("sent_transformers", ("loss", "validation_pearson_cosine"), 2, "sentence-similarity"),
    ("clm", (), 2, "text-generation"),
]


@pytest.mark.parametrize(("trainer", "measured", "classes", "task"), AUTOTRAIN)
def test_cards_of_autotrain(trainer, measured, classes, task):
    """Its title names no model, and the texts of its widgets are no results."""

    @FEW
    @given(base=IDS, data=SETS, values=st.lists(SHARES | POSITIVE, min_size=len(measured), max_size=len(measured)))
    def check(base, data, values):
        told = dict(zip(measured, values, strict=True))
        config = {"valid_split": "validation", "data_path": data, "project_name": "autotrain-frog", "model": base, "peft": True}
        read = written(writers.autotrain_card, "0.8.36", trainer, config, told, classes)
        expected = {"dialect": "autotrain", "generator": ("autotrain", None), "base": base, "bases": [base], "datasets": [data]}
        expected |= {"task": task} if task else {}
        expected |= {"headline": {key.lower(): str(value) for key, value in told.items()}} if told else {}
        assert {key: value for key, value in read.items() if key not in ("license", "library")} == expected

    check()


@pytest.mark.parametrize("version", ["0.6.60", "0.7.129"])
@pytest.mark.parametrize("trainer", ["text_classification", "image_classification"])
def test_cards_of_older_releases_of_autotrain(version: str, trainer: str):
    told = dict(zip(OF_TWO, (0.25, 0.9, 0.8, 0.95, 0.7, 0.6), strict=True))
    config = {"valid_split": "validation", "data_path": "ponds/frogs", "project_name": "autotrain-frog", "model": "gpt2"}
    read = written(writers.autotrain_card, version, trainer, config, told)
    assert (read["headline"], read["datasets"]) == (as_texts(told), ["ponds/frogs"])
    assert {"name", "results", "unread"}.isdisjoint(read)


def test_a_card_of_autotrain_without_validation():
    config = {"valid_split": None, "data_path": "ponds/frogs", "project_name": "autotrain-frog", "model": "gpt2", "peft": False}
    assert "headline" not in written(writers.autotrain_card, "0.8.36", "text_classification", config, {"loss": 0.5})


@FEW
@given(
    data=SETS,
    params=st.dictionaries(st.sampled_from(["learning_rate", "reg_lambda", "max_depth", "n_estimators", "subsample"]), SHARES),
    told=st.dictionaries(st.sampled_from(["auc", "logloss", "f1", "accuracy", "precision", "loss"]), SHARES, min_size=1),
)
def test_cards_of_autotrain_s_tables(data, params, told):
    read = written(writers.autotrain_table_card, "0.8.36", "classification", data, params, told)
    assert read == {
        "dialect": "autotrain", "generator": ("autotrain", None), "datasets": [data], "task": "tabular-classification",
        "headline": as_texts(told),
    } | ({"settings": as_texts(params)} if params else {})  # fmt: skip


@FEW
@given(base=IDS, user=NAMES, model_type=st.sampled_from(["llama", "qwen2", "gemma3"]))
def test_cards_of_unsloth(base, user, model_type):
    asked = {"base_model": base, "username": user, "model_type": model_type, "method": "", "extra": "trl"}
    assert written(writers.unsloth_card, "2026.10.9", **asked) == {
        "dialect": "unsloth", "generator": ("unsloth", None), "base": base, "bases": [base], "license": "apache-2.0",
        "languages": ["en"],
    }  # fmt: skip


@FEW
@given(base=IDS, repo=IDS.filter(lambda name: "/" in name))
def test_cards_of_mlx(base, repo):
    assert written(writers.mlx_card, "0.32.2", base, repo) == {
        "dialect": "handwritten", "generator": ("mlx-lm", "0.32.2"), "name": repo, "base": base, "bases": [base],
        "task": "text-generation", "library": "mlx", "versions": {"mlx_lm": "0.32.2"},
    }  # fmt: skip


CONFIG = """base_model: {base}
load_in_4bit: true
datasets:
  - path: {data}
    type: alpaca
  - path: json
    data_files: frogs.jsonl
val_set_size: {share}
adapter: qlora
lora_r: {rank}
lora_alpha: 16
lora_dropout: {dropout}
sequence_len: 4096
learning_rate: 0.0002
num_epochs: 3
"""


@FEW
@given(base=IDS, data=SETS, rank=st.integers(4, 256), share=st.sampled_from([0.02, 0.1]), dropout=st.sampled_from([0, 0.05]))
def test_cards_of_axolotl(base, data, rank, share, dropout):
    """What its configuration says is read beside the Trainer's list, which has its word on what both say."""
    config = CONFIG.format(base=base, data=data, rank=rank, share=share, dropout=dropout)
    trained = BEFORE.replace("to. -->", "to. You\nshould read and complete it, then remove this comment. -->")
    read = written(writers.axolotl_card, "0.21.0", config, trained)
    stated = {"learning_rate": "0.0002", "seed": "3", "num_epochs": "3", "load_in_4bit": "true", "val_set_size": str(share)}
    stated |= {"adapter": "qlora", "lora_r": str(rank), "lora_alpha": "16", "lora_dropout": str(dropout), "sequence_len": "4096"}
    assert (read["dialect"], read["generator"]) == ("trainer", ("transformers.Trainer", "4.46.0"))
    assert (read["datasets"], read["versions"]) == ([data], {"axolotl": "0.21.0", "transformers": "4.46.0"})
    assert read["settings"] == stated
    assert {"results", "headline", "unread"}.isdisjoint(read)


RATES = st.sampled_from([0.001, 2e-05, 0.0010000000474974513])


@FEW
@given(
    rate=RATES,
    decay=SHARES,
    scheduled=st.booleans(),
    wrapped=st.booleans(),
    precision=st.sampled_from(["float32", "mixed_float16"]),
)
def test_cards_of_push_to_hub_keras(rate, decay, scheduled, wrapped, precision):
    """The rate is the optimizer's own, or the one that its schedule begins with."""
    schedule = {"class_name": "PolynomialDecay", "config": {"initial_learning_rate": rate, "decay_steps": 300}}
    optimizer = {"name": "AdamW", "learning_rate": schedule if scheduled else rate, "weight_decay": decay, "amsgrad": False}
    told = {"inner_optimizer": {"class_name": "AdamW", "config": optimizer}, "dynamic": True} if wrapped else optimizer
    read = written(writers.keras_hub_push_card, "0.16.4", {"tags": ["image-classification"]}, told, precision)
    assert (read["generator"][0], read["library"], read["optimizer"]) == ("huggingface_hub.push_to_hub_keras", "keras", "adamw")
    assert (read["settings"]["learning_rate"], read["settings"]["training_precision"]) == (str(rate), precision)
    assert str(decay) in (read["settings"].get("weight_decay"), read["settings"].get("inner_optimizer_config_weight_decay"))
    assert {"name", "headline", "results", "unread"}.isdisjoint(read)


def test_empty_templates_name_no_model_and_state_nothing():
    fastai = {"dialect": "handwritten", "generator": ("fastai", None)}
    assert written(writers.fastai_card, "0.16.4") == fastai


REWARDS = st.floats(-500, 1e4)
ENVIRONMENTS = st.sampled_from(["LunarLander-v2", "CartPole-v1", "PandaReachDense-v3", "doom_health_gathering_supreme"])


def rewarded(mean: float, spread: float, environment: str) -> list[tuple[str, str, str, str]]:
    return [("mean_reward", f"{mean:.2f}", f"{spread:.2f}", environment)]


@FEW
@given(environment=ENVIRONMENTS, mean=REWARDS, spread=st.floats(0, 900))
def test_cards_of_stable_baselines(environment, mean, spread):
    asked = {"model_name": "PPO", "env_id": environment, "mean_reward": mean, "std_reward": spread}
    assert written(writers.agent_card, "huggingface-sb3", "3.0", **asked) == {
        "dialect": "reinforcement-learning", "generator": ("stable-baselines3", None), "name": "PPO",
        "task": "reinforcement-learning", "datasets": [environment], "library": "stable-baselines3",
        "index": rewarded(mean, spread, environment),
    }  # fmt: skip


@FEW
@given(
    environment=ENVIRONMENTS,
    mean=REWARDS,
    told=st.fixed_dictionaries({
        "batch_size": st.integers(8, 512), "gamma": SHARES, "n_epochs": st.integers(1, 40), "n_steps": st.integers(8, 4096),
        "learning_rate": st.sampled_from(["lin_0.001", 0.0003]), "policy": st.just("MlpPolicy"), "normalize": st.booleans(),
    }),
)  # fmt: skip
def test_cards_of_the_zoo_of_stable_baselines(environment, mean, told):
    """PPO's n_epochs passes over a rollout, not over data: it stays under its own name."""
    asked = {
        "algo_name": "ppo", "algo_class_name": "PPO", "organization": "ponds", "env_id": environment, "mean_reward": mean,
        "std_reward": 0.0, "hyperparams": told, "env_kwargs": {"render_mode": "rgb_array"},
    }  # fmt: skip
    read = written(writers.agent_card, "rl-zoo3", "2.9.2", **asked)
    stated = as_texts(told)
    stated["train_batch_size"] = stated.pop("batch_size")
    assert (read["settings"], read["index"]) == (stated, rewarded(mean, 0.0, environment))
    assert {"results", "headline", "unread"}.isdisjoint(read)


@FEW
@given(environment=ENVIRONMENTS, rewards=st.lists(REWARDS, min_size=1, max_size=4))
def test_cards_of_sample_factory(environment, rewards):
    asked = {"algo": "APPO", "env": environment, "repo_id": "ponds/frog", "rewards": rewards}
    mean = sum(rewards) / len(rewards)
    spread = (sum((reward - mean) ** 2 for reward in rewards) / len(rewards)) ** 0.5
    assert written(writers.agent_card, "sample-factory", "2.1.1", **asked) == {
        "dialect": "reinforcement-learning", "generator": ("sample-factory", "2.0"), "name": "APPO",
        "task": "reinforcement-learning", "datasets": [environment], "library": "sample-factory",
        "index": rewarded(mean, spread, environment), "versions": {"sample_factory": "2.0"},
    }  # fmt: skip


def test_a_card_of_sample_factory_without_rewards_names_no_model():
    asked = {"algo": "APPO", "env": "doom", "repo_id": "ponds/frog", "rewards": None}
    assert {"name", "index", "unread"}.isdisjoint(written(writers.agent_card, "sample-factory", "2.1.1", **asked))


@FEW
@given(environment=st.sampled_from(["Huggy", "SnowballTarget", "Pyramids"]), repo=IDS.filter(lambda name: "/" in name))
def test_cards_of_ml_agents(environment, repo):
    """The name is the one to look for; the steps and lessons of the course are numbers of nothing."""
    assert written(writers.agent_card, "mlagents", "1.1.0", env=environment, trainer="ppo", repo=repo) == {
        "dialect": "reinforcement-learning", "generator": ("ml-agents", None), "name": repo, "task": "reinforcement-learning",
        "library": "ml-agents",
    }  # fmt: skip


@FEW
@given(
    policy=st.sampled_from(["act", "smolvla", "diffusion", "frog_policy"]),
    data=SETS,
    told=st.fixed_dictionaries({
        "steps": st.integers(100, 200_000), "batch_size": st.integers(1, 256), "optimizer": st.just("adamw"),
        "lr": st.sampled_from([1e-05, 0.0001]), "seed": st.integers(1, 9999), "lerobot_version": st.just("0.6.1"),
    }),
)  # fmt: skip
def test_cards_of_lerobot(policy, data, told):
    """The example in a comment, the camera's format and the command's seconds are no settings or results."""
    base = "lerobot/smolvla_base" if policy == "smolvla" else None
    front = {"license": "apache-2.0", "library_name": "lerobot", "pipeline_tag": "robotics", "model_name": policy}
    front |= {"tags": ["robotics", "lerobot"], "datasets": data, "base_model": base}
    seen = SimpleNamespace(type=SimpleNamespace(value="VISUAL"), shape=(3, 480, 640))
    recorded = SimpleNamespace(repo_id=data, episodes=50, frames=14950, fps=30, tasks=["pick 2 cubes"])
    context = {"input_features": {"observation.images.front": seen}, "cameras": ["wrist_2"], "robot_type": "so100"}
    context |= {"base_model": base, "training": SimpleNamespace(**told), "dataset": recorded}
    read = written(writers.lerobot_card, "0.6.1", front, **context)
    assert read == {
        "dialect": "lerobot", "generator": ("lerobot", "0.6.1"), "name": policy, "task": "robotics", "datasets": [data],
        "license": "apache-2.0", "library": "lerobot", "optimizer": "adamw", "versions": {"lerobot": "0.6.1"},
        "settings": {
            "learning_rate": str(told["lr"]), "train_batch_size": str(told["batch_size"]), "seed": str(told["seed"]),
            "training_steps": str(told["steps"]), "episodes": "50", "frames": "14950", "frames_per_second": "30",
        },
    } | ({"base": base, "bases": [base]} if base else {})  # fmt: skip


@FEW
@given(
    name=NAMES,
    method=st.sampled_from(["slerp", "ties", "dare_ties", "linear"]),
    models=st.lists(IDS, min_size=2, max_size=3, unique=True),
)
def test_cards_of_mergekit(name, method, models):
    """All models are bases; weights and densities of the configuration are no results."""
    config = f"merge_method: {method}\nparameters:\n  weight: 0.5\n  density: [0, 0.5, 1]\ndtype: bfloat16\n"
    read = written(writers.mergekit_card, "0.1.5", name, method, models[0], models, config)
    assert (read["dialect"], read["generator"], read["name"]) == ("mergekit", ("mergekit", None), name)
    assert (read["bases"], read["base"] in models) == (models, True)
    assert {"results", "headline", "index", "unread"}.isdisjoint(read)


@FEW
@given(base=IDS, repo=IDS, data=SETS, head=st.sampled_from([None, "classification", "tagging"]))
def test_cards_of_adapters(base, repo, data, head):
    asked = {"base": base, "adapter_repo_name": repo, "datasets_tag": data, "language": "en", "license": "mit", "metrics": ["f1"]}
    with tempfile.TemporaryDirectory() as out:
        read = written(writers.adapter_card, "1.3.0", out, head, **asked)
    task = {"classification": "text-classification", "tagging": "token-classification"}.get(head)
    assert read == {
        "dialect": "adapters", "generator": ("adapter-transformers", None), "name": repo, "base": base, "datasets": [data],
        "license": "mit", "languages": ["en"],
    } | ({"task": task} if task else {})  # fmt: skip


TASKS = st.sampled_from(["arc_challenge", "hellaswag", "gsm8k", "mmlu", "winogrande", "truthfulqa_mc2", "ifeval"])


@FEW
@given(
    tasks=st.lists(TASKS, min_size=1, max_size=4, unique=True),
    shots=st.sampled_from([0, 5, 25]),
    values=st.lists(st.tuples(SHARES, SHARES), min_size=4, max_size=4),
)
def test_tables_of_the_harness(tasks, shots, values):
    """Every value has its task, its filter and shots, and its error; the task's version is no result."""
    found = {
        task: {"alias": task, "acc,none": acc, "acc_stderr,none": error, "exact_match,strict-match": acc}
        for task, (acc, error) in zip(tasks, values, strict=False)
    }
    told = {"results": found, "versions": dict.fromkeys(tasks, 3.0), "n-shot": dict.fromkeys(tasks, shots), "group_subtasks": {}}
    try:
        table = writers.harness_table("0.4.13", told)
    except Unreachable:
        pytest.skip("the wheel cannot be fetched from PyPI")
    read = results_of(f"# Frogs\n\n## Evaluation\n\n{table}")
    expected = []
    for task, scores in found.items():
        acc, error = f"{scores['acc,none']:.4f}", f"{scores['acc_stderr,none']:.4f}"
        expected += [("acc", acc, error, task, f"{shots}-shot")]
        expected += [("exact_match", acc, None, task, f"strict-match, {shots}-shot")]
    assert sorted(read, key=str) == sorted(expected, key=str)


def results_of(text: str) -> list[tuple[str | None, ...]]:
    read = said(read_card(text, "written"))
    assert "unread" not in read
    return read["results"]


@FEW
@given(
    task=TASKS, suite=st.sampled_from(["", "leaderboard:", "lighteval:"]), shots=st.integers(0, 25), value=SHARES, error=SHARES
)
def test_tables_of_lighteval(task, suite, shots, value, error):
    """A task's name holds its suite and its shots; "all" is the mean of the tasks, no data set."""
    measured = {"extractive_match": value, "extractive_match_stderr": error}
    told = {"results": {"all": measured, f"{suite}{task}:{shots}": measured}, "versions": {}}
    try:
        table = writers.lighteval_table("0.13.0", told)
    except Unreachable:
        pytest.skip("the wheel cannot be fetched from PyPI")
    number = ("extractive_match", f"{value:.4f}", f"{error:.4f}")
    assert results_of(f"# Frogs\n\n## Evaluation\n\n{table}") == [(*number, None, "all"), (*number, task, f"{shots}-shot")]


@FEW
@given(
    task=st.sampled_from([None, "FrogTextClassifier", "FrogCausalLM"]),
    config=st.dictionaries(
        st.sampled_from(["vocabulary_size", "num_layers", "num_heads", "hidden_dim", "max_sequence_length"]),
        st.integers(1, 10**6),
        min_size=1,
    ),
)
def test_cards_of_keras_hub(task, config):
    told = {"name": "frog_backbone", "trainable": True, **config, "dtype": {"module": "keras", "config": {"name": "bfloat16"}}}
    tasks = {None: {}, "FrogTextClassifier": {"task": "text-classification"}, "FrogCausalLM": {"task": "text-generation"}}
    assert written(writers.keras_preset_card, "0.32.0", "FrogBackbone", task, told) == {
        "dialect": "keras-hub", "generator": ("keras-hub", None), "library": "keras-hub", "settings": as_texts(config),
    } | tasks[task]  # fmt: skip


@FEW
@given(name=NAMES, data=st.sampled_from(["LAION2B", "DataComp-1B"]))
def test_cards_of_open_clip(name, data):
    details = {"Dataset": data, "Model Type": "Contrastive", "Papers": ["A: https://arxiv.org/abs/1706.03762"]}
    told = {"license": "apache-2.0", "description": "It sees frogs.", "details": details, "citation": "@article{a, year={2021}}"}
    assert written(writers.open_clip_card, "3.3.0", told, name) == {
        "dialect": "handwritten", "name": name, "task": "zero-shot-image-classification", "datasets": [data.lower()],
        "license": "apache-2.0", "library": "open_clip",
    }  # fmt: skip


@FEW
@given(
    name=NAMES,
    scores=st.lists(
        st.tuples(
            st.sampled_from(["wer", "accuracy", "f1", "mteb_score"]),
            SHARES | POSITIVE,
            st.none() | st.sampled_from(["en", "default"]),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_results_that_huggingface_hub_writes(name, scores):
    """The installed huggingface_hub, which every push since 2022 writes its results with."""
    from huggingface_hub import EvalResult, ModelCard, ModelCardData

    told = [
        EvalResult("text-classification", "ponds/frogs", "Frogs 3", metric, value, dataset_config=config, dataset_split="test")
        for metric, value, config in scores
    ]
    text = f"---\n{ModelCardData(model_name=name, eval_results=told)}\n---\n\n# {name}\n"
    assert ModelCard(text).data.eval_results
    card = read_card(text)
    read = [(each.metric, float(each.number.text), each.config, each.split, each.dataset_type) for each in card.model_index]
    assert sorted(read, key=str) == sorted([(*score, "test", "ponds/frogs") for score in scores], key=str)
    assert (card.results, card.headline, card.unread) == ((), {}, ())


def test_the_hub_s_empty_template_states_nothing():
    """What transformers and diffusers push where nothing is told: its title and its cited paper are none of the model's."""
    from huggingface_hub import ModelCard, ModelCardData

    text = str(ModelCard.from_template(ModelCardData(library_name="transformers")))
    assert said(read_card(text)) == {"dialect": "handwritten", "library": "transformers"}


@FEW
@given(
    sizes=st.lists(st.integers(1, 10**5), min_size=1, max_size=5).map(lambda sizes: dict(enumerate(sizes, -1))),
    told=st.dictionaries(
        st.sampled_from(["min_topic_size", "top_n_words", "nr_topics", "verbose", "language"]), st.integers(1, 99)
    ),
)
def test_cards_of_bertopic(sizes, told):
    """The topics' numbers, keywords and frequencies are no results; every library of its list has its version."""
    installed = {"Numpy": "1.26.4", "HDBSCAN": "0.8.33", "Scikit-Learn": "1.2.2", "Transformers": "4.37.2", "Python": "3.10.12"}
    assert written(writers.topic_card, "0.17.4", "ponds/frog_topics", told, sizes, installed) == {
        "dialect": "bertopic", "generator": ("bertopic", None), "name": "frog_topics", "task": "text-classification",
        "library": "bertopic", "versions": {key.lower().replace("-", "_"): value for key, value in installed.items()},
        "settings": {**as_texts(told), "topics": str(len(sizes)), "training_documents": str(sum(sizes.values()))},
    }  # fmt: skip


@FEW
@given(base=IDS.filter(lambda name: "/" in name), name=NAMES)
def test_cards_of_model2vec(base, name):
    read = written(writers.model2vec_card, "0.10.0", base, name)
    assert (read["generator"][0], read["name"], read["base"], read["library"]) == ("model2vec", name, base, "model2vec")
    assert {"results", "headline", "index", "settings", "datasets", "epochs"}.isdisjoint(read)


@FEW
@given(top1=st.floats(50, 99), top5=st.floats(50, 99))
def test_cards_of_timm(top1, top5):
    details = {
        "Dataset": "ImageNet-1k",
        "Pretrain Dataset": "ImageNet-12k",
        "Papers": ["ViT: https://arxiv.org/abs/2010.11929v2"],
    }
    table = f"\n|model|top1|top5|\n|-|-|-|\n|vit_frog.pond|{top1:.2f}|{top5:.2f}|\n"
    told = {"license": "apache-2.0", "description": "A ViT.", "details": details, "comparison": table}
    assert written(writers.timm_card, "1.0.31", told, "vit_frog.pond") == {
        "dialect": "handwritten", "name": "vit_frog.pond", "task": "image-classification", "library": "timm",
        "license": "apache-2.0", "datasets": ["imagenet-1k", "imagenet-12k"],
        "results": [("top1_accuracy", f"{top1:.2f}", None, None, None), ("top5_accuracy", f"{top5:.2f}", None, None, None)],
    }  # fmt: skip


@FEW
@given(
    environment=ENVIRONMENTS,
    rewards=st.lists(REWARDS, min_size=1, max_size=4),
    told=st.fixed_dictionaries({
        "learning_rate": st.sampled_from([0.00025, 0.001]), "seed": st.integers(0, 9), "gamma": SHARES,
        "num_envs": st.integers(1, 64), "update_epochs": st.integers(1, 9), "total_timesteps": st.integers(1, 10**8),
    }),
)  # fmt: skip
def test_cards_of_cleanrl(environment, rewards, told, capsys):
    asked = {**told, "exp_name": "ppo_frog", "env_id": environment, "track": False, "cuda": True}
    read = written(writers.cleanrl_card, "1.2.0", "PPO", rewards, asked)
    assert capsys.readouterr().out
    assert read == {
        "dialect": "reinforcement-learning", "generator": ("cleanrl", None), "name": "PPO", "task": "reinforcement-learning",
        "datasets": [environment], "library": "cleanrl", "settings": as_texts(told),
        "index": rewarded(writers.average(rewards), writers.spread(rewards), environment),
    }  # fmt: skip


@pytest.mark.parametrize("version", TRAINERS)
@pytest.mark.parametrize("adapter", PEFT)
def test_cards_of_trl_that_peft_writes_on_in(version: str, adapter: str):
    """PEFT's list and version stand beside what TRL says."""
    asked = {"base": "gpt2", "model_name": "frog", "repo": "ponds/frog", "dataset": "ponds/frogs", "wandb": None, "comet": None}
    told = {"load_in_4bit": True, "llm_int8_threshold": 6.0, "bnb_4bit_quant_type": "nf4"}

    def write() -> str:
        return writers.peft_card(adapter, "gpt2", told, writers.trl_card(version, "sft", {**asked, "tags": ["sft"]}))

    read = written(write)
    assert (read["dialect"], read["generator"], read["name"], read["base"]) == ("trl", ("trl", version), "frog", "gpt2")
    assert (read["datasets"], read["settings"], read["library"]) == (["ponds/frogs"], as_texts(told), "peft")
    assert (read["versions"]["peft"], read["versions"]["trl"]) == (adapter, version)
    assert {"results", "headline", "unread"}.isdisjoint(read)
