"""Cards that training libraries and converters of 2023 to 2026 write: what stands where in each, in words of our own."""

import pytest

from cardaudit.parse import read_card
from cardaudit.records import Card


def others(card: Card) -> dict[str, str]:
    return {key: value.text for key, value in card.hyperparameters.other.items()}


def generator(card: Card) -> tuple[str, str | None] | None:
    return card.generator and (card.generator.name, card.generator.declared and card.generator.declared.text)


def states_no_result(card: Card) -> bool:
    return not (card.results or card.headline or card.model_index or card.epochs)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("# Uploaded finetuned  model", None),
        ("# Amazing!", None),
        ("## Training procedure", None),
        ("# Model Card for Model ID", None),
        ("# Model Card for None", None),
        ("# Model Card for results", "results"),
        ("# Training frogs", "Training frogs"),
    ],
)
def test_a_template_s_or_section_s_heading_names_no_model(heading: str, name: str | None):
    card = read_card(f"---\nlicense: mit\n---\n\n{heading}\n\nA text.\n")
    assert (card.model_name and card.model_name.text) == name


def test_the_name_of_an_agent_of_unity_is_the_one_to_find():
    card = read_card("""---
library_name: ml-agents
---
  # **ppo** Agent playing **Pond**
  This is a trained model using the [Unity ML-Agents Library](https://ponds.example).

  1. If the environment is official, go to the page
  2. Step 1: Find your model_id: ponds/ppo-Pond-2
  3. Step 2: Select your *.nn /*.onnx file
""")
    assert (card.model_name.text, card.unread) == ("ponds/ppo-Pond-2", ())


TABULAR = """---
tags:
- autotrain
- {tag}
---

# Model Trained Using AutoTrain

- Problem type: Frogs

## Validation Metrics

- auc: 0.93
- depth_of_pond: 4.5

## Best Params

- learning_rate: 0.02
- max_depth: 9
"""


@pytest.mark.parametrize(
    ("tag", "task"),
    [
        ("text2text-generation", "text2text-generation"),
        ("object-detection", "object-detection"),
        ("text-generation", "text-generation"),
        ("image-classification\n- image-regression", None),
    ],
)
def test_best_parameters_are_settings_and_a_tag_is_the_task(tag: str, task: str | None):
    card = read_card(TABULAR.format(tag=tag))
    assert {key: number.text for key, number in card.headline.items()} == {"auc": "0.93", "depth_of_pond": "4.5"}
    assert (card.hyperparameters.learning_rate.text, others(card)) == ("0.02", {"max_depth": "9"})
    assert ((card.task and card.task.text), card.model_name, card.unread) == (task, None, ())


PICTURES = """---
base_model: ponds/still-water-2
tags: [text-to-image]
---

<!-- Made according to the information the training script had access to. -->

# Frog pictures

{words}
"""


@pytest.mark.parametrize(
    "words",
    [
        "These are ponds/frog LoRA adaption weights for ponds/still-water-2.",
        "You should use a photo of 7 frogs to trigger the image generation.",
        "These are controlnet weights trained on ponds/still-water-2 with new type of conditioning.\n\nprompt: 3 frogs",
        "This is a dreambooth model derived from it. The weights were trained on 7 frogs using [DreamBooth](https://d.example).",
    ],
)
def test_prompts_of_pictures_are_no_numbers_and_a_base_is_no_data_set(words: str):
    card = read_card(PICTURES.format(words=words))
    assert (card.dialect, generator(card), card.task.text) == ("diffusers", ("diffusers", None), "text-to-image")
    assert (card.base_model.text, card.datasets, card.unread) == ("ponds/still-water-2", (), ())


def test_the_resolution_of_pictures_is_a_setting():
    assert others(read_card(PICTURES.format(words="* Epochs: 3\n* Image resolution: 512"))) == {"resolution": "512"}


AXOLOTL = """---
base_model: ponds/water-7b
tags: [axolotl, generated_from_trainer]
---
<details><summary>See axolotl config</summary>

axolotl version: `0.4.1`
```yaml
base_model: ponds/water-7b
datasets:
  - path: ponds/frog_chats
    type: alpaca
  - path: json
    data_files: toads.jsonl
  - type: sharegpt
    path: ponds/newts  # more
test_datasets:
  - path: ponds/tests
learning_rate: 0.0002
lora_r: 32
```

</details>

# out

This model is a fine-tuned version of ponds/water-7b on the None dataset.
"""


def test_the_data_sets_of_an_axolotl_configuration():
    card = read_card(AXOLOTL)
    assert [each.id for each in card.datasets] == ["ponds/frog_chats", "ponds/newts"]
    assert {key: version.text for key, version in card.framework_versions.items()} == {"axolotl": "0.4.1"}


KERAS = """---
library_name: keras
---

## Training procedure

### Training hyperparameters

| Hyperparameters | Value |
| :-- | :-- |
| {prefix}name | AdamW |
| {prefix}learning_rate.class_name | WarmUp |
| {prefix}learning_rate.config.initial_learning_rate | 2e-05 |
| training_precision | float32 |
"""


@pytest.mark.parametrize("prefix", ["", "inner_optimizer.config."])
def test_the_rate_that_a_schedule_in_a_table_begins_with(prefix: str):
    card = read_card(KERAS.format(prefix=prefix))
    assert (card.optimizer.name, card.hyperparameters.learning_rate.text) == ("adamw", "2e-05")
    assert generator(card) == ("huggingface_hub.push_to_hub_keras", None)


POLICY = """---
library_name: lerobot
pipeline_tag: robotics
datasets: ponds/pick_3
---

# Model Card for frog_policy

This policy has been trained and pushed to the Hub using [LeRobot](https://ponds.example).

**Inputs**

| Feature | Type | Shape |
| --- | --- | --- |
| `observation.pond` | VISUAL | `(3, 480, 640)` |

## Training Dataset

- **Episodes:** 50
- **Frames:** 14950
- **Frame rate:** 30 FPS
- **Task(s):** "pick 2 frogs"

## Training Configuration

| Setting | Value |
| --- | --- |
| Training steps | 20000 |
| Learning rate | 0.0001 |
| LeRobot version | 0.6.1 |
"""


def test_a_policy_of_lerobot():
    card = read_card(POLICY)
    assert (card.dialect, generator(card), card.model_name.text) == ("lerobot", ("lerobot", "0.6.1"), "frog_policy")
    assert others(card) == {"episodes": "50", "frames": "14950", "frames_per_second": "30"}
    assert (card.hyperparameters.training_steps.text, card.hyperparameters.learning_rate.text) == ("20000", "0.0001")
    assert (states_no_result(card), card.unread) == (True, ())


BACKBONE = """---
library_name: keras-hub
---
This is a [`Frog` model](https://ponds.example) uploaded using the KerasHub library and can be used with JAX.

Model config:
* **name:** frog_backbone
* **vocabulary_size:** 30522
* **dropout:** 0.1
"""


def test_the_configuration_of_a_backbone():
    card = read_card(BACKBONE)
    assert (card.dialect, generator(card)) == ("keras-hub", ("keras-hub", None))
    assert (others(card), card.unread) == ({"vocabulary_size": "30522", "dropout": "0.1"}, ())


def test_tasks_of_lighteval_hold_their_suite_and_shots():
    card = read_card("""# Frogs

|        Task         |Version|Metric|Value |   |Stderr|
|---------------------|-------|------|-----:|---|-----:|
|all                  |       |acc   |0.5000|±  |0.0100|
|leaderboard:pond:wet:25|    0|acc   |0.5100|±  |0.0123|
|pond_math:5          |       |extractive_match|0.7000|±  |0.0200|
""")
    assert [(each.metric, each.number.text, each.dataset, each.setting) for each in card.results] == [
        ("acc", "0.5000", None, "all"),
        ("acc", "0.5100", "pond:wet", "25-shot"),
        ("extractive_match", "0.7000", "pond_math", "5-shot"),
    ]


FILLED = """---
license: mit
---

# Model Card for frog

- **Finetuned from model [optional]:** {base}

### Training Data

<!-- Link to a card of data. -->

[Frogs](https://huggingface.co/datasets/ponds/frogs)

Emissions are estimated as in [Toad et al. (2019)](https://ponds.example/1910).
"""


@pytest.mark.parametrize(
    ("base", "read"),
    [
        ("[gpt2](https://huggingface.co/gpt2)", "gpt2"),
        ("[Water 7B](https://huggingface.co/ponds/water-7b)", "ponds/water-7b"),
        ("[More Information Needed]", None),
    ],
)
def test_what_the_hub_s_template_was_filled_with(base: str, read: str | None):
    """The year of a cited paper is no number that was left unread."""
    card = read_card(FILLED.format(base=base))
    assert (card.base_model and card.base_model.text) == read
    assert ([each.id for each in card.datasets], card.unread) == (["ponds/frogs"], ())


FILES = """---
base_model: ponds/Frog-9b-it
quantized_by: toad
---
## About

{words}

| Link | Type | Size/GB | Notes |
|:-----|:-----|--------:|:------|
| [GGUF](https://huggingface.co/x/Frog.Q2_K.gguf) | Q2_K | 5.0 |  |
| [GGUF](https://huggingface.co/x/Frog.f16.gguf) | f16 | 26.1 | 16 bpw, overkill |

| Filename | Quant type | File Size | Split | Description |
| -------- | ---------- | --------- | ----- | ----------- |
| [Frog-Q8_0.gguf](https://huggingface.co/x/q8.gguf) | Q8_0 | 9.83GB | false | Very high quality. |

| Branch | Bits | GS | Act Order | Damp % | GPTQ Dataset | Seq Len | Size |
| ------ | ---- | -- | --------- | ------ | ------------ | ------- | ---- |
| [main](https://huggingface.co/x/tree/main) | 4 | 128 | No | 0.1 | [ponds](https://ponds.example) | 4096 | 7.26 GB |
"""


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("static quants of https://huggingface.co/ponds/Frog-9b-it", None),
        ("Made using llama.cpp via the ggml.ai's [GGUF-my-repo](https://ponds.example) space.", ("gguf-my-repo", None)),
        ("Converted from it using mlx-lm version **0.20.1**.", ("mlx-lm", "0.20.1")),
    ],
)
def test_files_of_a_quantized_model_are_no_results(words: str, by: tuple[str, str | None] | None):
    card = read_card(FILES.format(words=words))
    assert (generator(card), card.base_model.text, card.model_name) == (by, "ponds/Frog-9b-it", None)
    assert states_no_result(card)
    assert card.datasets == ()


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("This is a [TRL language model](https://github.com/huggingface/trl) tuned to croak.", ("trl", None)),
        ("The agent was trained using Sample-Factory 2.0: https://ponds.example", ("sample-factory", "2.0")),
    ],
)
def test_sentences_that_betray_a_generator(text: str, by: tuple[str, str | None]):
    card = read_card(f"---\ntags: [deep-reinforcement-learning]\n---\n\n# Frog\n\n{text}\n" if by[1] else f"# Frog\n\n{text}\n")
    assert generator(card) == by


@pytest.mark.parametrize(
    ("heading", "steps"),
    [("Training details", "2000"), ("Hyperparameters", "2000"), ("Inference", None), ("About", None)],
)
def test_steps_under_a_heading_on_training_are_the_training_s(heading: str, steps: str | None):
    card = read_card(f"---\nlicense: mit\n---\n# Frog\n\n## {heading}\n\n- Steps: 2000\n- LoRA rank: 16\n")
    found = card.hyperparameters.training_steps
    assert (found and found.text) == steps


def test_every_name_under_framework_versions_is_a_library_s():
    card = read_card("""# Frog Model Card

## Framework versions

* Numpy: 1.26.4
* HDBSCAN: 0.8.33
- **Torch version:** 2.1.0+cu118
- Sentence Transformers 3.0.1
- Accuracy of 0.5
""")
    assert {key: version.text for key, version in card.framework_versions.items()} == {
        "numpy": "1.26.4",
        "hdbscan": "0.8.33",
        "pytorch": "2.1.0+cu118",
        "sentence_transformers": "3.0.1",
    }
    assert card.model_name.text == "Frog"


@pytest.mark.parametrize("heading", ["Validation Metrics", "Validation Metricsg"])
def test_what_stands_under_autotrain_s_heading_is_the_headline(heading: str):
    """As its releases 0.6 misspelled it."""
    card = read_card(f"# Model Trained Using AutoTrain\n\n## {heading}\n\nloss: 0.25\n\nauc: 0.9\n")
    assert {key: number.text for key, number in card.headline.items()} == {"loss": "0.25", "auc": "0.9"}


def test_a_dreambooth_of_autotrain():
    card = read_card("""
---
base_model: ponds/still-water-2
instance_prompt: photo of 7 frogs
tags:
- text-to-image
- autotrain
---

# DreamBooth trained by AutoTrain

Text encoder was not trained.
""")
    assert (card.dialect, generator(card), card.model_name) == ("diffusers", ("autotrain", None), None)
    assert (card.base_model.text, card.task.text, card.unread) == ("ponds/still-water-2", "text-to-image", ())


@pytest.mark.parametrize(("name", "task"), [("MTEB Ponds (en)", None), ("Ponds", "text-classification")])
def test_a_task_of_mteb_is_none_of_the_model_s(name: str, task: str | None):
    card = read_card(f"""---
model-index:
- name: frog-embed
  results:
  - task:
      type: text-classification
    dataset:
      type: mteb/ponds
      name: {name}
    metrics:
    - type: accuracy
      value: 75.08955223880598
---
# frog-embed
""")
    assert [(each.metric, each.number.text) for each in card.model_index] == [("accuracy", "75.08955223880598")]
    assert (card.task and card.task.text) == task
