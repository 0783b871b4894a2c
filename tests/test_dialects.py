"""Cards of every generator, as it writes them: what names it, and what is read of its settings, results and identity."""

from decimal import Decimal
from pathlib import Path

import pytest

from cardaudit.exchange import card_json
from cardaudit.parse import read_card
from cardaudit.targets import read_one, read_target


def stated(card):
    """Every hyperparameter by its key, as printed; those outside the Trainer's keys too."""
    settings = card_json(card)["hyperparameters"]
    other = settings.pop("other", {})
    return {key: value["text"] for key, value in {**settings, **other}.items()}


def results(card):
    return [(each.metric, each.number.text, each.dataset, each.split, each.model) for each in card.results]


def unread(card):
    return [line.text for line in card.unread]


SENTENCE_TRANSFORMERS_2 = """\
---
pipeline_tag: sentence-similarity
tags:
- sentence-transformers
---

# my-encoder

This is a [sentence-transformers](https://www.SBERT.net) model: It maps sentences & paragraphs to a 384 \
dimensional dense vector space.

## Training
The model was trained with the parameters:

**DataLoader**:

`torch.utils.data.dataloader.DataLoader` of length 237 with parameters:
```
{'batch_size': 32, 'sampler': 'torch.utils.data.sampler.RandomSampler'}
```

**Loss**:

`sentence_transformers.losses.MultipleNegativesRankingLoss.MultipleNegativesRankingLoss` with parameters:
  ```
  {'scale': 20.0, 'similarity_fct': 'cos_sim'}
  ```

Parameters of the fit()-Method:
```
{
    "epochs": 2,
    "evaluation_steps": 200,
    "evaluator": "NoneType",
    "max_grad_norm": 1,
    "optimizer_class": "<class 'torch.optim.adamw.AdamW'>",
    "optimizer_params": {
        "lr": 2e-05
    },
    "scheduler": "WarmupLinear",
    "steps_per_epoch": null,
    "warmup_steps": 47,
    "weight_decay": 0.01
}
```

## Full Model Architecture
```
SentenceTransformer(
  (0): Transformer({'max_seq_length': 128, 'do_lower_case': False}) with Transformer model: BertModel
)
```
"""


def test_sentence_transformers_to_2_x_by_its_dicts():
    card = read_card(SENTENCE_TRANSFORMERS_2)
    assert (card.dialect, card.model_name.text, card.task.text) == ("sentence-transformers", "my-encoder", "sentence-similarity")
    assert stated(card) == {
        "learning_rate": "2e-05",
        "train_batch_size": "32",
        "lr_scheduler_type": "WarmupLinear",
        "lr_scheduler_warmup_steps": "47",
        "num_epochs": "2",
        "embedding_dimension": "384",
        "steps_per_epoch": "237",
        "loss_function": "MultipleNegativesRankingLoss",
        "loss_scale": "20.0",
        "loss_similarity_fct": "cos_sim",
        "evaluation_steps": "200",
        "max_grad_norm": "1",
        "weight_decay": "0.01",
        "max_seq_length": "128",
    }
    assert (card.optimizer.text, card.optimizer.name) == ("AdamW", "adamw")
    assert unread(card) == []


SENTENCE_TRANSFORMERS_3 = """\
---
tags:
- sentence-transformers
- generated_from_trainer
base_model: acme/small-encoder
---

# SentenceTransformer based on acme/small-encoder

This is a [sentence-transformers](https://www.SBERT.net) model finetuned from \
[acme/small-encoder](https://huggingface.co/acme/small-encoder) \
using the [sentence-transformers](https://www.SBERT.net) library.

### Model Description
- **Model Type:** Sentence Transformer
- **Maximum Sequence Length:** 512 tokens
- **Output Dimensionality:** 384 dimensions

## Evaluation

#### Triplet

* Datasets: `colours-dev` and `colours-test`
* Evaluated with [<code>TripletEvaluator</code>](https://sbert.net/x)

| Metric              | colours-dev | colours-test |
|:--------------------|:------------|:-------------|
| **cosine_accuracy** | **1.0**     | **0.988**    |

#### Semantic Similarity

* Dataset: `sts-dev`

| Metric          | Value  |
|:----------------|:-------|
| pearson_cosine  | 0.8123 |

### Training Dataset

* Size: 1,652 training samples
* Samples:
  | anchor | positive |
  |:-------|:---------|
  | <code>How many reds are there in 2021?</code> | <code>There are 12 of 30.</code> |

### Training Hyperparameters
#### Non-Default Hyperparameters

- `per_device_train_batch_size`: 16
- `learning_rate`: 2e-05

#### All Hyperparameters
<details><summary>Click to expand</summary>

- `learning_rate`: 2e-05
- `num_train_epochs`: 3
- `max_steps`: -1
- `fsdp_config`: {'min_num_params': 0, 'xla': False}
- `optim`: adamw_torch

</details>

### Training Logs
| Epoch  | Step | Training Loss | Validation Loss | colours-dev_cosine_accuracy |
|:------:|:----:|:-------------:|:---------------:|:---------------------------:|
| 0      | 0    | -             | -               | 0.7273                      |
| 1.0    | 166  | 1.22          | 0.0637          | 1.0                         |

### Framework Versions
- Sentence Transformers: 3.3.1
- Transformers: 4.44.2
"""


def test_sentence_transformers_since_3_0_by_its_lists():
    card = read_card(SENTENCE_TRANSFORMERS_3)
    assert (card.dialect, card.base_model.text) == ("sentence-transformers", "acme/small-encoder")
    assert stated(card) == {
        "train_batch_size": "16",
        "learning_rate": "2e-05",
        "num_epochs": "3",
        "max_steps": "-1",
        "fsdp_config": "{'min_num_params': 0, 'xla': False}",
        "max_seq_length": "512",
        "embedding_dimension": "384",
        "train_samples": "1,652",
    }
    assert results(card) == [
        ("cosine_accuracy", "1.0", "colours-dev", "validation", None),
        ("cosine_accuracy", "0.988", "colours-test", "test", None),
        ("pearson_cosine", "0.8123", "sts-dev", "validation", None),
    ]
    assert [(row.epoch.text, row.step.text, row.training_loss and str(row.training_loss.slack)) for row in card.epochs] == [
        ("0", "0", None),
        ("1.0", "166", "0.005"),
    ]
    assert unread(card) == []


SETFIT = """\
---
library_name: setfit
---

# SetFit with acme/small-encoder

This is a [SetFit](https://github.com/huggingface/setfit) model that can be used for Text Classification.

- **Sentence Transformer body:** [acme/small-encoder](https://huggingface.co/acme/small-encoder)
- **Number of Classes:** 3 classes

## Evaluation

### Metrics
| Label   | Accuracy |
|:--------|:---------|
| **all** | 0.875    |

### Training Hyperparameters
- batch_size: (16, 2)
- num_epochs: (1, 16)
- max_steps: -1
- body_learning_rate: (2e-05, 1e-05)
- head_learning_rate: 0.01
- loss: CosineSimilarityLoss
- warmup_proportion: 0.1
- seed: 42

### Training Results
| Epoch  | Step | Training Loss | Validation Loss |
|:------:|:----:|:-------------:|:---------------:|
| 0.0333 | 1    | 0.25          | -               |
"""


def test_setfit_by_its_two_phases():
    card = read_card(SETFIT)
    assert (card.dialect, card.base_model.text, card.metadata.library_name.text) == ("setfit", "acme/small-encoder", "setfit")
    assert stated(card) == {
        "learning_rate": "2e-05",
        "train_batch_size": "16",
        "seed": "42",
        "num_epochs": "1",
        "classifier_batch_size": "2",
        "classifier_num_epochs": "16",
        "max_steps": "-1",
        "body_classifier_learning_rate": "1e-05",
        "head_learning_rate": "0.01",
        "loss": "CosineSimilarityLoss",
        "warmup_proportion": "0.1",
        "num_labels": "3",
    }
    assert [(each.metric, each.number.text) for each in card.results] == [("accuracy", "0.875")]
    assert card.epochs[0].training_loss.slack == Decimal("0.005")
    assert unread(card) == []


@pytest.mark.parametrize("mark", ["- ", "", "\n"])
def test_autotrain_in_a_list_in_lines_and_between_blanks(mark):
    lines = [f"{mark}Loss: 0.198", f"{mark}Explained Variance: 0.84", f"{mark}RMSLE: 0.036"]
    text = "# Model Trained Using AutoTrain\n\n- Problem type: Regression\n- Model ID: 1734060527\n- CO2 Emissions (in grams): 5.9128\n"  # noqa: E501
    card = read_card(text + "\n## Validation Metrics\n\n" + "\n".join(lines) + "\n")
    assert card.dialect == "autotrain"
    assert {key: number.text for key, number in card.headline.items()} == {
        "loss": "0.198",
        "explained_variance": "0.84",
        "rmsle": "0.036",
    }
    assert stated(card) == {"co2_emissions_in_grams": "5.9128"}
    assert unread(card) == []


def test_spacy_scores_and_labels():
    card = read_card(
        "---\ntags: [spacy]\n---\n| Feature | Description |\n| --- | --- |\n| **Name** | `xx_pipeline` |\n| **Version** | `3.4.1` |\n"  # noqa: E501
        "| **spaCy** | `>=3.4.0,<3.5.0` |\n\n<details>\n\n<summary>View label scheme (3 labels for 2 components)</summary>\n\n"
        "| Component | Labels |\n| --- | --- |\n| **`tagger`** | `1`, `2`, `X_3` |\n\n</details>\n\n### Accuracy\n\n"
        "| Type | Score |\n| --- | --- |\n| `TAG_ACC` | 97.34 |\n| `ENTS_F` | 85.64 |\n| `ENTS_P` | 85.35 |\n| `NER_LOSS` | 570559.29 |\n"  # noqa: E501
    )
    assert card.dialect == "spacy"
    assert results(card) == [
        ("tag_accuracy", "97.34", None, None, None),
        ("ents_f1", "85.64", None, None, None),
        ("ents_precision", "85.35", None, None, None),
        ("ner_loss", "570559.29", None, None, None),
    ]
    assert card.framework_versions["spacy"].text == ">=3.4.0,<3.5.0"
    assert stated(card) == {"num_labels": "3", "components": "2"}
    assert unread(card) == []


KERAS = """\
---
tags: [generated_from_keras_callback]
---
# t

This model is a fine-tuned version of [a/b](https://huggingface.co/a/b) on an unknown dataset.
It achieves the following results on the evaluation set:
- Train Loss: 0.5
- Validation Loss: 0.4
- Epoch: 1

The following hyperparameters were used during training:
- optimizer: {'inner_optimizer': {'class_name': 'AdamWeightDecay', 'config': {'name': 'AdamWeightDecay', 'learning_rate': \
{'class_name': 'WarmUp', 'config': {'initial_learning_rate': 2e-05, 'decay_schedule_fn': {'class_name': 'PolynomialDecay', \
'config': {'initial_learning_rate': 2e-05, 'decay_steps': 7820, 'end_learning_rate': 0.0, 'power': 1.0, 'cycle': False}}, \
'warmup_steps': 100, 'power': 1.0}}, 'beta_1': 0.9, 'beta_2': 0.999, 'epsilon': 1e-08, 'weight_decay_rate': 0.01}}}
- training_precision: mixed_float16
"""


def test_a_keras_schedule_nested_in_the_optimizer():
    card = read_card(KERAS)
    assert (card.dialect, card.optimizer.name, card.optimizer.betas) == ("keras", "adamweightdecay", (0.9, 0.999))
    assert stated(card) == {
        "learning_rate": "2e-05",
        "lr_scheduler_warmup_steps": "100",
        "schedule": "WarmUp",
        "decay_schedule": "PolynomialDecay",
        "decay_steps": "7820",
        "end_learning_rate": "0.0",
        "power": "1.0",
        "weight_decay_rate": "0.01",
        "training_precision": "mixed_float16",
    }
    rate = card.hyperparameters.learning_rate
    assert card.text[slice(*rate.span)] == "2e-05"


def test_an_axolotl_config_adds_what_the_list_does_not_say():
    card = read_card(
        "---\ntags: [generated_from_trainer]\n---\n<details><summary>See axolotl config</summary>\n\n```yaml\nlearning_rate: 0.0001\n"  # noqa: E501
        "num_epochs: 4\nmicro_batch_size: 8\ngradient_accumulation_steps: 2\nlora_r: 8\nlora_alpha: 16\nsequence_len: 4096\n```\n\n"  # noqa: E501
        "</details>\n\nThe following hyperparameters were used during training:\n- learning_rate: 0.0002\n- num_epochs: 4.0\n"
    )
    assert stated(card) == {
        "learning_rate": "0.0002",
        "num_epochs": "4.0",
        "train_batch_size": "8",
        "gradient_accumulation_steps": "2",
        "lora_r": "8",
        "lora_alpha": "16",
        "sequence_len": "4096",
    }


def test_a_quantization_config_below_its_sentence():
    card = read_card(
        "---\nlibrary_name: peft\n---\n## Training procedure\n\nThe following `bitsandbytes` quantization config was used during training:\n"  # noqa: E501
        "- load_in_8bit: True\n- llm_int8_threshold: 6.0\n- bnb_4bit_compute_dtype: float32\n\n### Framework versions\n\n- PEFT 0.4.0\n"  # noqa: E501
    )
    assert card.dialect == "peft"
    assert stated(card) == {"load_in_8bit": "True", "llm_int8_threshold": "6.0", "bnb_4bit_compute_dtype": "float32"}
    assert card.framework_versions["peft"].text == "0.4.0"


def test_an_agents_epochs_are_no_epochs_of_a_data_set():
    card = read_card(
        "---\ntags:\n- deep-reinforcement-learning\nmodel-index:\n- name: PPO\n  results:\n  - task:\n      type: reinforcement-learning\n"  # noqa: E501
        "    dataset:\n      name: LunarLander-v2\n      type: LunarLander-v2\n    metrics:\n    - type: mean_reward\n"
        "      value: -15.0 +/- 3.2\n      name: mean_reward\n---\n# PPO\n\n## Hyperparameters\n- n_epochs: 4\n- learning_rate: 0.0003\n"  # noqa: E501
    )
    assert card.dialect == "reinforcement-learning"
    assert [(each.metric, each.number.text) for each in card.model_index] == [("mean_reward", "-15.0")]
    assert stated(card) == {"learning_rate": "0.0003", "n_epochs": "4"}


EVAL_RESULTS = """\
- dataset:
    id: acme/exam
    task_id: default
  value: 23.9
  date: "2026-01-14"
  source:
    url: https://example.org/2026
- dataset: {id: acme/colours, task_id: hard}
  value: 0.51
"""


def test_a_file_of_eval_results():
    card = read_card(EVAL_RESULTS, "acme.yaml")
    assert card.dialect == "eval-results"
    assert [
        (each.metric, each.number.text, each.dataset, each.setting, card.line(each.number.span)) for each in card.results
    ] == [
        ("score", "23.9", "acme/exam", "default", 4),
        ("score", "0.51", "acme/colours", "hard", 9),
    ]
    assert unread(card) == []


def test_eval_results_beside_a_card_are_cards_of_their_own(tmp_path):
    (tmp_path / ".eval_results").mkdir()
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n# m\n", encoding="utf-8")
    (tmp_path / ".eval_results" / "exam.yaml").write_text(EVAL_RESULTS, encoding="utf-8")
    cards = list(read_target(str(tmp_path)))
    assert [(Path(card.source.name).name, card.dialect, len(card.results)) for card in cards] == [
        ("README.md", "handwritten", 0),
        ("exam.yaml", "eval-results", 2),
    ]
    assert read_one(str(tmp_path)).dialect == "handwritten"


@pytest.mark.parametrize(
    "broken", ["- dataset:\n  id: [\n  value: 1", "- dataset: *a\n  value: 23.9", "- dataset: 1\n" * 9 + "value: 2"]
)
def test_broken_eval_results_read_as_nothing(broken):
    card = read_card(broken)
    assert card.results == ()
    assert unread(card) != []


METADATA = """\
---
license: mit
language:
- de
- fr
tags:
- setfit
- text-classification
metrics:
- accuracy
- type: f1
library_name: setfit
pipeline_tag: text-classification
base_model:
- acme/one
- acme/two
base_model_relation: merge
---
# m
"""


def test_metadata_of_the_front_matter():
    card = read_card(METADATA)
    assert card_json(card)["metadata"] == {
        "license": "mit",
        "languages": ["de", "fr"],
        "tags": ["setfit", "text-classification"],
        "metrics": ["accuracy", "f1"],
        "library_name": "setfit",
        "pipeline_tag": "text-classification",
        "base_models": ["acme/one", "acme/two"],
        "base_model_relation": "merge",
    }
    assert [card.line(tag.span) for tag in card.metadata.tags] == [7, 8]
    assert card.base_model.text == "acme/one"


@pytest.mark.parametrize(
    "front", ["license: null\ntags: null", "language: {de: 1}", "tags: {}", "metrics: [[1]]", "license: license"]
)
def test_metadata_that_is_none(front):
    assert card_json(read_card(f"---\n{front}\n---\n# m\n"))["metadata"] == {}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The model was fine-tuned for 3 epochs with a batch size of 32 and a learning rate of 5e-5.",
         {"num_epochs": "3", "train_batch_size": "32", "learning_rate": "5e-5"}),
        ("Trained for a total of `15` epochs, 32 batch size, 5e-5 learning rate.",
         {"num_epochs": "15", "train_batch_size": "32", "learning_rate": "5e-5"}),
        ("We trained for 31,250 steps with a weight decay of 0.01,\nlearning rate warmup for 1,000 steps.",
         {"training_steps": "31,250", "weight_decay": "0.01", "lr_scheduler_warmup_steps": "1,000"}),
        ("Train and evaluation batch sizes are both set to 20.", {"train_batch_size": "20", "eval_batch_size": "20"}),
        ("Training used an effective batch size of 64.", {"total_train_batch_size": "64"}),
        ("It was trained for 3-5 epochs with batch size 8x4 and learning rates of 1e-5, 2e-5.", {}),
        ("It was trained with a uniform batch size of 2M tokens.", {}),
        ("Trained with a schedule which decayed to a minimum learning rate of 0.", {}),
        ("The trained model generates with a batch size of 8 at inference.", {}),
        ("We trained for 3 epochs. A second run was trained for 5 epochs.", {}),
        ("The epochs of history took 3 epochs.", {}),
    ],
)  # fmt: skip
def test_settings_told_in_sentences(sentence, expected):
    assert stated(read_card(f"---\nlicense: mit\n---\n# m\n\n{sentence}\n")) == expected


def test_what_a_card_says_of_pretraining_is_not_the_finetuned_models():
    card = read_card(
        "---\nlicense: mit\n---\n# m\n\nThis model was fine-tuned on reviews.\n\nThe base was pretrained for 100,000 steps with a batch size of 256.\n"  # noqa: E501
    )
    assert stated(card) == {}


def test_settings_of_a_generation_call_are_no_hyperparameters():
    card = read_card(
        "---\nlicense: mit\n---\n# m\n\n## Generation parameters\n- temperature: 0.7\n- max_length: 200\n- seed: 7\n- batch size: 4\n"  # noqa: E501
    )
    assert stated(card) == {}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Taux d'apprentissage", "learning_rate"), ("Lernrate", "learning_rate"), ("学习率", "learning_rate"), ("Скорость обучения", "learning_rate"),  # noqa: E501
        ("Taille de lot", "train_batch_size"), ("Tamaño de lote", "train_batch_size"), ("バッチサイズ", "train_batch_size"),
        ("Nombre d'époques", "num_epochs"), ("Anzahl der Epochen", "num_epochs"), ("에포크", "num_epochs"),
    ],
)  # fmt: skip
def test_hyperparameters_in_other_languages(label, key):
    for line in (f"- {label}: 8", f"| Parameter | Value |\n|---|---|\n| {label} | 8 |"):
        assert stated(read_card(f"---\nlicense: mit\n---\n# m\n\n## x\n{line}\n")) == {key: "8"}


@pytest.mark.parametrize(
    ("label", "key"),
    [("Exactitude", "accuracy"), ("Genauigkeit", "accuracy"), ("准确率", "accuracy"), ("정확도", "accuracy"),
     ("Précision", "precision"), ("適合率", "precision"), ("Rappel", "recall"), ("再現率", "recall"), ("Pérdida", "loss")],
)  # fmt: skip
def test_metrics_in_other_languages(label, key):
    card = read_card(f"---\nlicense: mit\n---\n# m\n\n## x\n- {label}: 0.91\n")
    assert {name: number.text for name, number in card.headline.items()} == {key: "0.91"}


def test_seqeval_dicts_in_the_headline_and_in_the_table():
    cell = "{'precision': 0.5, 'recall': 0.25, 'f1': 0.3333333333333333, 'number': 8}"
    card = read_card(
        "---\ntags: [generated_from_trainer]\n---\nIt achieves the following results on the evaluation set:\n- Loss: 0.5\n"
        f"- Loc: {cell}\n\n| Training Loss | Epoch | Step | Validation Loss | Loc |\n|:-:|:-:|:-:|:-:|:-:|\n| 0.5 | 1.0 | 10 | 0.5 | {cell} |\n"  # noqa: E501
    )
    expected = {"loc_precision": "0.5", "loc_recall": "0.25", "loc_f1": "0.3333333333333333", "loc_number": "8"}
    assert {key: number.text for key, number in card.epochs[0].metrics.items()} == expected
    assert {key: number.text for key, number in card.headline.items() if key != "loss"} == expected
    assert unread(card) == []


def test_the_trainers_table_is_the_training_table_wherever_it_stands():
    card = read_card(
        "---\nlicense: mit\n---\n# m\n\n| Epoch | Accuracy |\n|---|---|\n| 1 | 0.5 |\n\n"
        "| Training Loss | Epoch | Step | Validation Loss | Accuracy |\n|:-:|:-:|:-:|:-:|:-:|\n| 0.5 | 1.0 | 10 | 0.4 | 0.6123 |\n"  # noqa: E501
    )
    assert [(row.step.text, row.metrics["accuracy"].text) for row in card.epochs] == [("10", "0.6123")]
    assert [(each.metric, each.number.text) for each in card.results] == [("accuracy", "0.5")]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (
            "trl",
            "This model is a fine-tuned version of [a/b](x).\nIt has been trained using [TRL](https://github.com/huggingface/trl).",
        ),
        ("unsloth", "This llama model was trained 2x faster with [Unsloth](https://github.com/unslothai/unsloth)."),
        ("diffusers", "These are LoRA adaption weights for a/b."),
        ("adapters", "An [adapter](https://adapterhub.ml) for the `roberta-base` model that was trained on the x dataset."),
        ("opus-mt", "* dataset: opus\n* model: transformer-align"),
        ("huggingtweets", "I was made with [huggingtweets](https://github.com/x)."),
        ("flair", "This is the standard model that ships with [Flair](https://github.com/flairNLP/flair/)."),
        ("prose", "A model was trained on words."),
        ("handwritten", "# A heading"),
    ],
)
def test_a_generator_is_known_by_its_sentence(dialect, text):
    front = "" if dialect == "prose" else "---\nlicense: mit\n---\n"
    assert read_card(front + text).dialect == dialect


def test_a_generators_sentence_in_a_trainers_card_stays_the_trainers():
    card = read_card(
        "---\ntags: [generated_from_trainer]\nlibrary_name: peft\n---\nTrained 2x faster with [Unsloth](x).\n\n"
        "The following hyperparameters were used during training:\n- learning_rate: 2e-05\n"
    )
    assert card.dialect == "trainer"


def test_the_base_model_of_hand_written_cards():
    for sentence in (
        "- **Base Model:** [acme/small](https://huggingface.co/acme/small)",
        "M is a [Small](https://huggingface.co/acme/small) model fine-tuned on reviews.",
        "An [adapter](https://adapterhub.ml) for the `acme/small` model that was trained on x.",
        "Fine-tuned [acme/small](https://huggingface.co/acme/small) on Foo.",
        "We finetuned a multilingual model [Small](https://huggingface.co/acme/small) for this.",
        "This is a model for Foo based on [small](https://huggingface.co/acme/small).",
        "The base model is [Small of Acme](https://huggingface.co/acme/small).",
        "A classifier based on `acme/small` and fine-tuned on reviews.",
    ):
        assert read_card(f"---\nlicense: mit\n---\n# m\n\n{sentence}\n").base_model.text == "acme/small", sentence


def test_a_card_that_is_written_after_another_is_not_made_from_it():
    sentence = "This section is based on the [Big model card](https://huggingface.co/acme/big)."
    assert read_card(f"---\nlicense: mit\n---\n# m\n\n{sentence}\n").base_model is None


def test_a_model_that_prose_loads_for_use_is_its_own():
    use = "A model for search.\n\nfrom transformers import AutoModel\nmodel = AutoModel.from_pretrained('acme/search')\n"
    assert read_card(use).base_model is None
    training = "from datasets import load_dataset\ndata = load_dataset('imdb')\n"
    assert read_card(use + training).base_model.text == "acme/search"


@pytest.mark.parametrize(
    ("sentence", "datasets"),
    [
        (
            "Fine-tuned [a/b](https://huggingface.co/a/b) in Foo using the [Common Voice](https://huggingface.co/datasets/common_voice)",
            ["common_voice"],
        ),
        ("It was fine-tuned on the [FRENK dataset](https://a.b/1) of Foo.", ["FRENK"]),
        ("It was trained on the [Foo-1](https://a.b) corpus.", ["Foo-1"]),
        ("It was trained with a [script](https://a.b) of ours.", []),
        ("See the [Common Voice](https://huggingface.co/datasets/common_voice) page.", []),
        ("This model is based on the t5-base model. It was trained on 13 tasks in the foo domain and 7 small datasets.", []),
    ],
)
def test_data_sets_that_a_sentence_on_training_names(sentence, datasets):
    read = read_card(f"---\nlicense: mit\n---\n# m\n\n{sentence}\n")
    assert [mention.id for mention in read.datasets] == datasets
    assert all(read.text[slice(*mention.span)] == mention.text for mention in read.datasets)


def test_an_optimizer_in_a_table_of_its_numbers():
    rows = "| name | AdamW |\n| learning_rate | 0.001 |\n| beta_1 | 0.9 |\n| beta_2 | 0.999 |\n| epsilon | 1e-07 |\n"
    card = read_card("---\nlicense: mit\n---\n# m\n\n| Hyperparameters | Value |\n|---|---|\n" + rows)
    assert (card.optimizer.name, card.optimizer.betas, card.optimizer.epsilon) == ("adamw", (0.9, 0.999), 1e-07)
    assert card.hyperparameters.learning_rate.text == "0.001"


def test_a_number_in_a_keras_tensor():
    text = "<!-- according to the information Keras had access to -->\n\n| Train Loss | Train Rouge1 | Epoch |\n|---|---|---|\n"
    card = read_card(text + "| 1.5 | tf.Tensor(0.2989, shape=(), dtype=float32) | 0 |\n")
    assert card.epochs[0].metrics["train_rouge1"].text == "0.2989"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was pre-trained for 2400 epochs and fine-tuned on Foo.", None),
        ("It was pre-trained on Bar and then fine-tuned for 3 epochs.", "3"),
        ("The training time for 1 epoch was 5 days.", None),
    ],
)
def test_epochs_of_the_model_itself(text, expected):
    card = read_card(f"---\nlicense: mit\nbase_model: a/b\n---\n# m\n\n{text}\n")
    assert (card.hyperparameters.num_epochs and card.hyperparameters.num_epochs.text) == expected


def test_a_batch_size_of_an_evaluation_is_no_trainings():
    card = read_card("---\nlicense: mit\n---\n# m\n\n## Evaluation\n\n- Batch size: 8\n- Train batch size: 16\n")
    assert card.hyperparameters.train_batch_size.text == "16"
