"""A repository that holds an adapter: its configuration is held against the card, and what was found decides the exit code."""

import json
from pathlib import Path

import pytest
from command import cardaudit

CARD = """---
library_name: peft
base_model: acme/otter-3.1-8b-instruct
pipeline_tag: text-generation
---

# otter-tickets-lora

This model is a fine-tuned version of [acme/otter-3.1-8b-instruct](https://huggingface.co/acme/otter-3.1-8b-instruct).

LoRA r=16, alpha=32, dropout 0.05 on q_proj, v_proj.

### Training results

| Training Loss | Epoch | Step | Validation Loss |
|:-------------:|:-----:|:----:|:---------------:|
| 0.8123        | 1.0   | 250  | 0.6702          |
| 0.6021        | 2.0   | 500  | 0.6240          |
"""
CONFIGURATION = {
    "base_model_name_or_path": "acme/otter-3.1-8b-instruct",
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "r": 16,
    "lora_alpha": 32,
    "lora_dropout": 0.05,
    "target_modules": ["v_proj", "q_proj"],
    "rank_pattern": {},
}
STATE = {"log_history": [{"step": 250, "epoch": 1.0, "eval_loss": 0.6702}, {"step": 500, "epoch": 2.0, "eval_loss": 0.624}]}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "otter-tickets-lora"
    folder.mkdir()
    (folder / "README.md").write_text(CARD)
    (folder / "trainer_state.json").write_text(json.dumps(STATE))
    return folder


def configured(folder: Path, **changed: object) -> Path:
    (folder / "adapter_config.json").write_text(json.dumps({**CONFIGURATION, **changed}))
    return folder


def test_the_configuration_of_an_adapter_is_held_against_the_card(repository: Path, tmp_path: Path) -> None:
    configured(repository, base_model_name_or_path="acme/otter-3.2-8b", r=8)
    told = cardaudit("verify", repository, "--rung", "2", "--offline", "-o", tmp_path / "audit")
    assert told.returncode == 1
    second = told.stdout[told.stdout.index("2 The card") :].splitlines()
    assert second[0].startswith("2 The card against its repository: 2 files read, 2 contradictions in 3 checks (")
    assert second[1:] == [
        "    read: trainer_state.json, adapter_config.json",
        "    adapter-contradicts-configuration: lora_r is stated as 16 and is 8 in adapter_config.json; 3 other settings agree",
        "    base-model-contradicts-configuration: the card names acme/otter-3.1-8b-instruct, adapter_config.json is of an "
        "adapter of acme/otter-3.2-8b",
    ]


def test_what_was_found_decides_where_the_weights_cannot_be_scored(repository: Path, tmp_path: Path) -> None:
    told = cardaudit("verify", configured(repository, r=8), "--offline", "-o", tmp_path / "audit")
    assert told.returncode == 1
    assert "3 The published weights scored again: not climbed: " in told.stdout
    assert "rung 3 was not climbed: " in told.stderr
    rungs = json.loads((tmp_path / "audit" / "audit.json").read_text())["rungs"]
    assert [rung["number"] for rung in rungs] == [1, 2, 3]


def test_an_adapter_that_agrees_with_its_card_is_not_measured(repository: Path, tmp_path: Path) -> None:
    told = cardaudit("verify", configured(repository), "--offline", "-o", tmp_path / "audit")
    assert told.returncode == 3
    assert "0 contradictions in 3 checks" in told.stdout
    assert told.stderr.endswith("holds an adapter of acme/otter-3.1-8b-instruct, no whole model: its weights are not scored\n")


def test_a_folder_with_an_adapter_alone_is_a_repository(repository: Path, tmp_path: Path) -> None:
    (repository / "trainer_state.json").unlink()
    told = cardaudit("verify", configured(repository, r=8), "--rung", "2", "--offline", "-o", tmp_path / "audit")
    assert (told.returncode, "lora_r is stated as 16 and is 8" in told.stdout) == (1, True)


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"r": "sixteen", "target_modules": "all-linear", "lora_alpha": true, "rank_pattern": 3}']
)
def test_a_strange_configuration_accuses_nobody(text: str, repository: Path, tmp_path: Path) -> None:
    (repository / "adapter_config.json").write_text(text)
    told = cardaudit("verify", repository, "--rung", "2", "--offline", "-o", tmp_path / "audit")
    assert told.returncode == 0, told.stdout
    assert "adapter-contradicts-configuration" not in told.stdout
