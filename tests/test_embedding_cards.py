"""Cards of sentence-transformers 3 on and its kin: data, losses, logs and costs, by the lines that their generators write."""

import pytest

from cardaudit.parse import read_card
from cardaudit.records import Card

DENSE = "This is a [sentence-transformers](https://www.SBERT.net) model"
LATE = "This is a [PyLate](https://github.com/lightonai/pylate) model"


def others(card: Card) -> dict[str, str]:
    return {key: value.text for key, value in card.hyperparameters.other.items()}


def rows_of(card: Card) -> list[tuple]:
    """Epoch, step, the two losses and the metrics of each row, as printed."""
    four = ((row.epoch, row.step, row.training_loss, row.validation_loss) for row in card.epochs)
    said = [[number.text if number else None for number in each] for each in four]
    return [
        (*each, {key: number.text for key, number in row.metrics.items()}) for each, row in zip(said, card.epochs, strict=True)
    ]


DATA = f"""{DENSE} trained on two ponds.

### Training Datasets

#### reeds

* Dataset: [reeds](https://huggingface.co/datasets/acme/reeds) at [1234567](https://huggingface.co/datasets/acme/reeds/tree/1234567)
* Size: 1,652 training samples
* Approximate statistics based on the first 1000 samples:
  |         | anchor                                  |
  |:--------|:----------------------------------------|
  | details | <ul><li>min: 3 tokens</li></ul> of 90.5 |
* Samples:
  | anchor                  |
  |:------------------------|
  | <code>accuracy: 0.95\r
# 3 frogs\r
- F1: 0.9</code>              |
* Loss: [<code>FrogLoss</code>](https://ponds.example/#frogloss) with these parameters:
  ```json
  {{
      "scale": 20.0,
      "dims": [
          64
      ],
      "names": ["a", "b"]
  }}
  ```

#### lilies

* Dataset: lilies
* Size: 12 training samples
* Loss: <code>ponds.losses.ToadLoss</code> with these parameters:
  ```json
  {{
      "margin": 5
  }}
  ```
"""


def test_training_data_and_its_loss():
    card = read_card(DATA)
    assert [(each.id, each.text) for each in card.datasets] == [("acme/reeds", "reeds"), ("lilies", "lilies")]
    assert others(card) == {
        "train_samples": "1,652", "train_samples_2": "12", "loss_function": "FrogLoss", "loss_scale": "20.0",
        "loss_names": '["a", "b"]',
    }  # fmt: skip
    assert (card.results, card.headline, card.unread) == ((), {}, ())


def test_what_was_trained_on_stands_before_what_was_evaluated_on():
    index = "model-index:\n- name: Pond\n  results:\n  - task:\n      type: sts\n    dataset:\n      type: sts-dev\n"
    metrics = "    metrics:\n    - type: spearman_cosine\n      value: 0.5\n"
    card = read_card(f"---\ndatasets:\n- acme/reeds\n{index}{metrics}---\n{DATA}")
    assert [each.id for each in card.datasets] == ["acme/reeds", "lilies", "sts-dev"]


LOG = f"""{DENSE}

### Training Hyperparameters
#### All Hyperparameters

- `optim`: adamw_torch
- `adam_beta1`: 0.9
- `adam_beta2`: 0.95
- `adam_epsilon`: 1e-06

### Training Logs
| Epoch   | Step   | {{column}} | pond-7_frog@10       |
|:-------:|:------:|:----------:|:--------------------:|
| -1      | -1     | -          | 0.2500               |
| 0.5     | 10     | 0.75       | 0.5000 (+0.2500)     |
| **1.0** | **20** | **0.5**    | **0.7500 (+0.5000)** |
"""


def test_the_log_is_read_whatever_its_evaluators_are_called():
    card = read_card(LOG.format(column="Validation Loss"))
    metric = "pond_7_frog_10"
    assert rows_of(card) == [
        (None, None, None, None, {metric: "0.2500"}),
        ("0.5", "10", None, "0.75", {metric: "0.5000"}),
        ("1.0", "20", None, "0.5", {metric: "0.7500"}),
    ]
    assert (card.optimizer.name, card.optimizer.betas, card.optimizer.epsilon) == ("adamw_torch", (0.9, 0.95), 1e-06)
    assert card.unread == ()


def test_a_column_called_loss_is_the_validation_loss():
    assert rows_of(read_card(LOG.format(column="loss"))) == rows_of(read_card(LOG.format(column="Validation Loss")))
    assert [row[3:] for row in rows_of(read_card(LOG.format(column="reeds loss")))][1] == (
        None,
        {"reeds_loss": "0.75", "pond_7_frog_10": "0.5000"},
    )


SCORES = """{sentence}

## Evaluation

* {named}

| Metric     | {columns} |
|:-----------{rule}|
| map        | {cells} |
"""


@pytest.mark.parametrize(
    ("sentence", "named", "columns", "cells", "expected"),
    [
        (DENSE, "Dataset: `reeds-dev`", "Value", "0.5000 (+0.2500)", [("map", "0.5000", "reeds-dev", "validation")]),
        (DENSE, "Dataset: `reeds`", "Value", "nan", [("map", "nan", "reeds", None)]),
        (DENSE, "Datasets: `` and `reeds`", " | reeds", "0.5 | 0.6", [("map", "0.5", None, None), ("map", "0.6", "reeds", None)]),
        (LATE, "Dataset: `['rush', 'moor']`", "rush | moor", "1 | 2", [("map", "1", "rush", None), ("map", "2", "moor", None)]),
    ],
)  # fmt: skip
def test_scores_by_data_set(sentence: str, named: str, columns: str, cells: str, expected: list[tuple]):
    rule = "|:---" * (1 + columns.count("|"))
    card = read_card(SCORES.format(sentence=sentence, named=named, columns=columns, cells=cells, rule=rule))
    assert [(each.metric, each.number.text, each.dataset, each.split) for each in card.results] == expected
    assert (card.dialect, card.unread) == ("sentence-transformers", ())


def test_lengths_and_costs():
    card = read_card(
        f"""{LATE}

- **Document Length:** 180 tokens
- **Query Length:** 32 tokens
- **Output Dimensionality:** 30522 dimensions (trained with 256 maximum active dimensions)

### Environmental Impact
- **Energy Consumed**: 0.035 kWh
- **Carbon Emitted**: 0.012 kg of CO2

### Training Hardware
- **GPU Model**: 1 x NVIDIA H200
- **RAM Size**: 31.78 GB

### Training Time
- **Training**: 1.5 hours

### Framework Versions
- PyLate: 1.3.4
"""
    )
    assert others(card) == {
        "document_length": "180", "query_length": "32", "embedding_dimension": "30522", "max_active_dims": "256",
        "energy_consumed": "0.035 kWh", "carbon_emitted": "0.012 kg of CO2", "gpu_model": "1 x NVIDIA H200",
        "ram_size": "31.78 GB", "training_time": "1.5 hours",
    }  # fmt: skip
    assert (card.generator.name, card.generator.declared.text, card.unread) == ("pylate", "1.3.4", ())


def test_a_base_model_that_is_unknown_is_none():
    assert read_card(f"{DENSE}\n<!-- - **Base model:** [Unknown](https://huggingface.co/unknown) -->\n").base_model is None


FEW = """This is a [{name}](https://github.com/{page}) model that finds frogs.

- **{body}:** [acme/tadpole](https://huggingface.co/acme/tadpole)
- **Maximum Sequence Length:** 256 tokens
- **Maximum Entity Length:** 8 words

### Model Labels
| Label | Examples                      |
|:------|:------------------------------|
| frog  | <ul><li>'9 frogs'</li></ul> 2 |

### Training Set Metrics
| Training set | Min | Median | Max |
|:-------------|:----|:-------|:----|
| Word count   | 2   | 4.0    | 5   |

| Label  | Training Sample Count |
|:-------|:----------------------|
| frog   | 8                     |
| toad 2 | 16                    |

### Framework Versions
- {name}: 1.1.3
"""


@pytest.mark.parametrize(
    ("name", "page", "body", "dialect"),
    [
        ("SetFit", "huggingface/setfit", "Sentence Transformer body", "setfit"),
        ("SpanMarker", "tomaarsen/SpanMarkerNER", "Encoder", "span-marker"),
    ],
)
def test_few_shot_cards(name: str, page: str, body: str, dialect: str):
    card = read_card(FEW.format(name=name, page=page, body=body))
    assert others(card) == {
        "max_seq_length": "256", "entity_max_length": "8", "label_samples": "8", "label_samples_2": "16",
    }  # fmt: skip
    assert [card.hyperparameters.other[key].label for key in ("label_samples", "label_samples_2")] == ["frog", "toad 2"]
    assert (card.dialect, card.generator.name, card.generator.declared.text) == (dialect, dialect, "1.1.3")
    assert (card.base_model.text, card.results, card.headline, card.unread) == ("acme/tadpole", (), {}, ())


SECOND = f"""{DENSE}: frogs.

`sentence_transformers.losses.FrogLoss.FrogLoss`

`sentence_transformers.losses.ToadLoss.ToadLoss` with parameters:
  ```
  {{'margin': 5}}
  ```
"""


def test_the_parameters_of_a_second_loss_are_not_the_first_ones():
    assert others(read_card(SECOND)) == {"loss_function": "FrogLoss"}
