"""Cards as their authors write them, read through the public function."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardaudit.errors import CardauditError
from cardaudit.exchange import card_json
from cardaudit.parse import MAX_BYTES, read_bytes, read_card

TRAINER = """\
---
license: apache-2.0
tags:
- generated_from_trainer
datasets:
- conll2003
metrics:
- f1
model-index:
- name: bert-finetuned-ner
  results:
  - task:
      name: Token Classification
      type: token-classification
    dataset:
      name: conll2003
      type: conll2003
      args: conll2003
    metrics:
    - name: F1
      type: f1
      value: 0.9012345678901234
---

<!-- This model card has been generated automatically according to the information the Trainer had access to. -->

# bert-finetuned-ner

This model is a fine-tuned version of [bert-base-cased](https://huggingface.co/bert-base-cased) on the conll2003 dataset.
It achieves the following results on the evaluation set:
- Loss: 0.0254
- F1: 0.9012
- Accuracy: 0.66

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 16
- seed: 42
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- lr_scheduler_type: linear
- num_epochs: 2
- mixed_precision_training: Native AMP

### Training results

| Training Loss | Epoch | Step | Validation Loss | F1     | Accuracy |
|:-------------:|:-----:|:----:|:---------------:|:------:|:--------:|
| No log        | 1.0   | 50   | 0.0301          | 0.0    | 0.6512   |
| 0.794         | 2.0   | 100  | nan             | 0.9012 | 0.66     |


### Framework versions

- Transformers 4.15.0
- Pytorch 1.10.0+cu111
"""


def shape(number):
    return (
        None
        if number is None
        else (number.text, None if number.value is None else str(number.value), str(number.slack), number.label)
    )


def row_shapes(card):
    return [
        (
            *(shape(each) for each in (row.epoch, row.step, row.training_loss, row.validation_loss)),
            {key: shape(number) for key, number in row.metrics.items()},
        )
        for row in card.epochs
    ]


def headline(card):
    return {key: (number.text, float(number.low), float(number.high)) for key, number in card.headline.items()}


def stated(card):
    return {key: value["text"] for key, value in card_json(card)["hyperparameters"].items() if key != "other"}


def test_a_trainer_card_whole():
    card = read_card(TRAINER, "card.md")
    document = card_json(card)
    assert document["source"]["dialect"] == "trainer"
    assert (document["model_name"], document["base_model"], document["task"]) == (
        "bert-finetuned-ner",
        "bert-base-cased",
        "token-classification",
    )
    assert document["datasets"] == [{"id": "conll2003", "config": "conll2003", "split": None, "text": "conll2003"}]
    assert stated(card) == {
        "learning_rate": "2e-05",
        "train_batch_size": "16",
        "seed": "42",
        "lr_scheduler_type": "linear",
        "num_epochs": "2",
        "mixed_precision_training": "Native AMP",
    }
    assert document["optimizer"] == {
        "text": "Adam with betas=(0.9,0.999) and epsilon=1e-08",
        "name": "adam",
        "betas": [0.9, 0.999],
        "epsilon": 1e-08,
        "line": 41,
        "column": 14,
    }
    assert headline(card) == {
        "loss": ("0.0254", 0.02535, 0.02545),
        "f1": ("0.9012", 0.90115, 0.90125),
        "accuracy": ("0.66", 0.66, 0.66),
    }
    assert row_shapes(card) == [
        (
            ("1.0", "1.0", "0.005", "Epoch"),
            ("50", "50", "0", "Step"),
            ("No log", None, "0", "Training Loss"),
            ("0.0301", "0.0301", "0.00005", "Validation Loss"),
            {"f1": ("0.0", "0.0", "0", "F1"), "accuracy": ("0.6512", "0.6512", "0.00005", "Accuracy")},
        ),
        (
            ("2.0", "2.0", "0.005", "Epoch"),
            ("100", "100", "0", "Step"),
            ("0.794", "0.794", "0.00005", "Training Loss"),
            ("nan", None, "0", "Validation Loss"),
            {"f1": ("0.9012", "0.9012", "0.00005", "F1"), "accuracy": ("0.66", "0.66", "0", "Accuracy")},
        ),
    ]
    assert document["framework_versions"] == {"transformers": "4.15.0", "pytorch": "1.10.0+cu111"}
    assert [(each["metric"], each["text"], each["line"], each["column"]) for each in document["model_index"]] == [
        ("f1", "0.9012345678901234", 22, 14)
    ]
    assert (document["results"], document["unread"]) == ([], [])


def with_optimizer(lines):
    return read_card(TRAINER.replace("- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08", lines)).optimizer


@pytest.mark.parametrize(
    ("line", "name", "betas", "epsilon"),
    [
        ("- optimizer: Use adamw_torch with betas=(0.9,0.98) and epsilon=1e-06 and optimizer_args=No additional optimizer arguments",  # noqa: E501
         "adamw_torch", (0.9, 0.98), 1e-06),
        ("- optimizer: Use OptimizerNames.ADAMW_TORCH_FUSED with betas=(0.9,0.999) and epsilon=1e-08 and optimizer_args=x",
         "adamw_torch_fused", (0.9, 0.999), 1e-08),
        ("- optimizer: Use adafactor and the args are:\nNo additional optimizer arguments", "adafactor", None, None),
        ("- optimizer: Adafactor", "adafactor", None, None),
        ("- Optimizer: Adam (betas=(0.9, 0.999) and epsilon=1e-08)", "adam", (0.9, 0.999), 1e-08),
        ("- optimizer: {'name': 'AdamWeightDecay', 'beta_1': 0.9, 'beta_2': 0.999, 'epsilon': 1e-08}", "adamweightdecay", (0.9, 0.999), 1e-08),  # noqa: E501
    ],
)  # fmt: skip
def test_optimizer_lines_of_all_versions(line, name, betas, epsilon):
    optimizer = with_optimizer(line)
    assert (optimizer.name, optimizer.betas, optimizer.epsilon) == (name, betas, epsilon)
    assert optimizer.text == line.partition(": ")[2]


def test_epochs_are_exact_where_the_trainer_no_longer_rounds_them():
    card = read_card(TRAINER.replace("Transformers 4.15.0", "Transformers 4.44.2"))
    assert [str(row.epoch.slack) for row in card.epochs] == ["0", "0"]


@pytest.mark.parametrize(
    ("column", "slacks"),
    [
        (["0.0", "0.0"], ["0", "0"]),
        (["0.0", "0.0000"], ["0", "0.00005"]),
        (["45.69", "45.7"], ["0.005", "0.005"]),
        (["0.66", "0.8667"], ["0", "0.00005"]),
        (["19", "20"], ["0", "0"]),
    ],
)
def test_precision_of_a_trainer_column(column, slacks):
    rows = "".join(f"| 0.5 | {n}.0 | {n}0 | 0.4 | {cell} |\n" for n, cell in enumerate(column, 1))
    table = f"| Training Loss | Epoch | Step | Validation Loss | Bleu |\n|:-:|:-:|:-:|:-:|:-:|\n{rows}"
    card = read_card(f"---\ntags: [generated_from_trainer]\n---\n{table}")
    assert [str(row.metrics["bleu"].slack) for row in card.epochs] == slacks


def test_an_unknown_dataset_is_none():
    for words in ("on the None dataset", "on an unknown dataset", "on an unkown dataset"):
        text = "---\ntags: [generated_from_trainer]\n---\nA fine-tuned version of [x-y](https://hf.co/x-y) " + words + ".\n"
        assert read_card(text).datasets == ()


def test_several_datasets_of_one_sentence():
    text = "---\ntags: [generated_from_trainer]\n---\nThis is fine-tuned on the glue, the imdb and the sst2 datasets.\n"
    assert [mention.id for mention in read_card(text).datasets] == ["glue", "imdb", "sst2"]


def test_keras_card():
    card = read_card(
        "---\ntags:\n- generated_from_keras_callback\n---\n# user/m\n\nThis model is a fine-tuned version of "
        "[t5-small](https://huggingface.co/t5-small) on an unknown dataset.\n"
        "It achieves the following results on the evaluation set:\n"
        "- Train Loss: 0.14\n- Validation Loss: 0.2008\n- Epoch: 1\n\n"
        "The following hyperparameters were used during training:\n"
        "- optimizer: {'name': 'Adam', 'learning_rate': 5e-05, 'beta_1': 0.9, 'beta_2': 0.999, 'epsilon': 1e-07}\n"
        "- training_precision: float32\n\n"
        "| Train Loss | Train Accuracy | Validation Loss | Epoch |\n|:-:|:-:|:-:|:-:|\n| 0.8487 | 0.6969 | 0.4793 | 0 |\n"
    )
    assert card.dialect == "keras"
    assert {key: number.text for key, number in card.headline.items()} == {"train_loss": "0.14", "loss": "0.2008", "epoch": "1"}
    assert stated(card)["learning_rate"] == "5e-05"
    assert (card.optimizer.name, card.optimizer.betas, card.optimizer.epsilon) == ("adam", (0.9, 0.999), 1e-07)
    assert row_shapes(card) == [
        (
            ("0", "0", "0", "Epoch"),
            None,
            ("0.8487", "0.8487", "0.00005", "Train Loss"),
            ("0.4793", "0.4793", "0.00005", "Validation Loss"),
            {"train_accuracy": ("0.6969", "0.6969", "0.00005", "Train Accuracy")},
        )
    ]


PROSE = """\
Our page presents My_Tagger, a fine-tuned version of distilbert-base-uncased for token classification.
- Learning Rate: 2e-05 - the pace
- Training Batch Size: 16
- Evaluation Batch Size: 8 (smaller)
- Random Seed: 42
- Optimizer: Adam with betas=(0.9, 0.999) and epsilon=1e-08
- Learning Rate Scheduler: Linear
- Number of Epochs: 5
Training Loss | Epoch | Step | Validation Loss | Accuracy
---|---|---|---|---
0.6744 | 0.12 | 50 | 0.6094 | 0.66
0.4942 | 0.23 | 100 | 0.3772 | 0.8667
...
0.4125 | 2150 | | | 0.8933
It ends at an accuracy of 89.33% with a loss of 0.4125, using Transformers (4.24.0) and Datasets (2.7.0).
"""


def test_prose_with_its_own_spellings():
    card = read_card(PROSE)
    document = card_json(card)
    assert (card.dialect, document["model_name"], document["base_model"], document["task"]) == (
        "prose",
        "My_Tagger",
        "distilbert-base-uncased",
        "token-classification",
    )
    assert stated(card) == {
        "learning_rate": "2e-05",
        "train_batch_size": "16",
        "eval_batch_size": "8",
        "seed": "42",
        "lr_scheduler_type": "Linear",
        "num_epochs": "5",
    }
    assert document["hyperparameters"]["train_batch_size"]["label"] == "Training Batch Size"
    assert headline(card) == {"accuracy": ("89.33%", 0.89325, 0.89335), "loss": ("0.4125", 0.41245, 0.41255)}
    assert document["framework_versions"] == {"transformers": "4.24.0", "datasets": "2.7.0"}
    assert document["unread"] == []


def test_a_shifted_row_is_read_by_its_values():
    card = read_card(PROSE.replace("It ends at", "With a loss of 0.4125 and"))
    assert [card.line(span) for span in card.elided] == [13]
    last = card.epochs[-1]
    assert (last.epoch, last.step.text, last.metrics["accuracy"].text) == (None, "2150", "0.8933")
    assert (last.training_loss.text, last.validation_loss) == ("0.4125", None), (
        "no loss reported above the table says which it is"
    )
    assert last.repair == "1 cell moved: 2150 from Epoch to Step"


def test_a_shifted_loss_goes_where_the_reported_loss_stands():
    card = read_card("My model has a loss of 0.4125.\n" + PROSE)
    last = card.epochs[-1]
    assert (last.training_loss, last.validation_loss.text) == (None, "0.4125")
    assert last.repair == (
        "2 cells moved: 2150 from Epoch to Step; 0.4125 from Training Loss to Validation Loss, the loss that the card reports"
    )


def test_a_row_with_too_few_cells_is_read_by_its_values_or_not_at_all():
    table = "| Epoch | Step | Loss | F1 |\n|---|---|---|---|\n| 1.0 | 10 | 0.5 | 0.7 |\n"
    card = read_card(f"# T\n{table}| 20 | 0.4 | 0.8 |\n| 0.3 | 0.9 |\n")
    assert [
        (row.epoch and row.epoch.text, row.step.text, {k: n.text for k, n in row.metrics.items()}) for row in card.epochs
    ] == [
        ("1.0", "10", {"loss": "0.5", "f1": "0.7"}),
        (None, "20", {"loss": "0.4", "f1": "0.8"}),
    ]
    assert card.epochs[1].repair == "3 cells under 4 headings: read by their values, with none for Epoch"
    assert [(card.line(line.span), line.text) for line in card.unread] == [(6, "| 0.3 | 0.9 |")]


LOST = [
    "Training Loss Epoch Step Validation Loss Accuracy F1\n:---::---::---:\n0.8 1.0 250 0.3127 0.9035 0.9009\nNo log 2.0 500 0.22 0.92 0.91",  # noqa: E501
    "Training Loss | Epoch | Step | Validation Loss | Accuracy | F1\n--------\n0.8 | 1.0 | 250 | 0.3127 | 0.9035 | 0.9009\n"
    "No log | 2.0 | 500 | 0.22 | 0.92 | 0.91",
    "Training Loss    Epoch    Step    Validation Loss    Accuracy    F1\n:----:|----|---|--:\n"
    "0.8   |   1.0   |  250  | 0.3127 | 0.9035 | 0.9009\nNo log   | 2.0 | 500 | 0.22 | 0.92 | 0.91",
    "Training Loss Epoch Step Validation Loss Accuracy F1\n0.8 1.0 250 0.3127 0.9035 0.9009\nNo log 2.0 500 0.22 0.92 0.91",
]  # fmt: skip


@pytest.mark.parametrize("table", LOST)
def test_tables_that_lost_their_marks(table):
    card = read_card(f"The run went like this:\n{table}\nIt got better.\n")
    assert [
        [each.text for each in (row.training_loss, row.epoch, row.step, row.validation_loss, *row.metrics.values())]
        for row in card.epochs
    ] == [["0.8", "1.0", "250", "0.3127", "0.9035", "0.9009"], ["No log", "2.0", "500", "0.22", "0.92", "0.91"]]
    assert list(card.epochs[0].metrics) == ["accuracy", "f1"]


def test_code_says_what_is_trained():
    card = read_card(
        "A tutorial for NER.\nfrom datasets import load_dataset\n"
        'data = load_dataset("glue", "sst2", split="train")\nmodel = AutoModel.from_pretrained("bert-base-cased")\n'
        "args = {\n'learning_rate': 2e-5,\n'train_batch_size': 16,\n'optimizer': 'Adam',\n}\n"
    )
    assert stated(card) == {"learning_rate": "2e-5", "train_batch_size": "16"}
    assert card.optimizer.name == "adam"
    assert [(each.id, each.config, each.split) for each in card.datasets] == [("glue", "sst2", "train")]
    assert card.base_model.text == "bert-base-cased"


def test_evaluation_tables():
    card = read_card(
        "---\nlicense: mit\n---\n# M\n\n| Model | Accuracy | F1 |\n|---|---|---|\n| a/b | **91.2%** | 0.90 ± 0.01 |\n\n"
        "|Tasks|Version|Metric|Value| |Stderr|\n|---|---|---|---:|---|---:|\n|arc_challenge|1|acc|0.6213|±|0.0136|\n"
        "|             | |acc_norm|0.65|±|0.0139|\n\n| Metric | dev | test |\n|---|---|---|\n| WER | 5.1 | 6.2 |\n"
    )
    assert [(r.metric, r.number.text, r.stderr, r.dataset, r.split, r.model) for r in card.results] == [
        ("accuracy", "91.2%", None, None, None, "a/b"),
        ("f1", "0.90", "0.01", None, None, "a/b"),
        ("acc", "0.6213", "0.0136", "arc_challenge", None, None),
        ("acc_norm", "0.65", "0.0139", "arc_challenge", None, None),
        ("wer", "5.1", None, None, "dev", None),
        ("wer", "6.2", None, None, "test", None),
    ]
    assert str(card.results[0].number.slack) == "0.0005"


def test_model_index_of_the_oldest_shape():
    card = read_card(
        "---\nmodel_index:\n- name: m\n  results:\n  - task: {type: t}\n    dataset: {type: glue, args: mrpc}\n    metric:\n"
        "      name: Accuracy\n      type: accuracy\n      value: 0.85\n---\n# M\n"
    )
    (result,) = card.model_index
    assert (result.task, result.dataset_type, result.config, result.metric, result.number.text) == (
        "t",
        "glue",
        "mrpc",
        "accuracy",
        "0.85",
    )
    assert str(result.number.slack) == "0.005"


def test_what_is_not_read_is_listed():
    card = read_card("# M\n\nTrained for 12 hours on 4 GPUs.\n\n```\n8 9\n```\nSee https://x.y/1 and model-7b.\n1. First\n")
    assert [(card.line(line.span), line.text) for line in card.unread] == [(3, "Trained for 12 hours on 4 GPUs.")]


def test_words_are_no_claims():
    card = read_card(
        "- Precision: The share of true positives among 100 hits.\n- Learning Rate: the heat (0.1)\n- Precision: 16\n"
    )
    assert (dict(card.headline), card.results, stated(card)) == ({}, (), {})


@pytest.mark.parametrize("value", ["1e-5 to 5e-5", "2e-5 - 5e-5", "16 x 2", "50.000", "1.2.3", "v2", "1e9999"])
def test_a_value_that_may_mean_two_things_is_not_read(value):
    card = read_card(f"- Train Batch Size: {value}\n")
    assert card.hyperparameters.train_batch_size is None or card.hyperparameters.train_batch_size.value is None


@pytest.mark.parametrize(
    "data",
    [
        TRAINER.encode("utf-8-sig"),
        TRAINER.replace("\n", "\r\n").encode(),
        TRAINER.encode("utf-16"),
    ],
)
def test_encodings_and_line_ends_keep_lines_and_columns(data):
    document, plain = card_json(read_bytes(data, "x")), card_json(read_card(TRAINER, "x"))
    assert document | {"source": None} == plain | {"source": None}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "x.md is empty: give a file that holds a card"),
        (b" \n", "x.md is empty: give a file that holds a card"),
        (b"PK\x03\x04\x00", "x.md is binary (a zero byte at offset 4): give the card's text, for example README.md"),
        ("é".encode("latin-1"), "x.md is not UTF-8 (byte 0xe9 at offset 0): save it as UTF-8"),
        (b"a" * (MAX_BYTES + 2**20), "x.md has 9 MB, a card has at most 8: give the card's own file"),
    ],
)
def test_bytes_that_are_no_card(data, sentence):
    with pytest.raises(CardauditError) as error:
        read_bytes(data, "x.md")
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "character",
    [
        *"a|`~-*#>\\ \n\t[1.:=<&$%(%,±é_@f{",
        *("1 ", "a:1 ", "f1 ", "accuracy of ", "an accuracy of 0.5. ", "the ", "Epoch ", "No log ", "bert-base ", "[](", "<td>1"),
        *("---\n", "a: 1\n", "|a|b|\n|-|-|\n", "- a\n", "1\n\n", "{'f1': 0.5, 'loss': 0.1}\n", "Epoch Step Loss\n1 2 3\n"),
    ],
)
def test_no_megabyte_takes_longer_than_its_length(character):
    """Against quadratic time, which would take hours; how fast a megabyte is read stands in benchmarks/."""
    text = character * (1_000_000 // len(character))
    began = time.process_time()
    with suppress(CardauditError):  # what has more lines than a card is refused
        read_card(text)
    assert time.process_time() - began < 8


def test_a_card_without_numbers_and_an_empty_one():
    for text in ("", "# Just a title\n", "---\n---\n", "\x00\x01"):
        card = read_card(text)
        assert (card.headline, card.epochs, card.unread) == ({}, (), ())


def test_broken_front_matter_keeps_the_body():
    card = read_card("---\na: [1\n---\n# M\n\n- Accuracy: 0.91\n")
    assert card.front_matter is None
    assert (
        card.front_matter_error.text == "the front matter is no YAML: did not find expected ',' or ']' (line 2 of it, column 1)"
    )
    assert list(card.headline) == ["accuracy"]


PIECES = [
    *(
        "---\n",
        "\n",
        "|",
        "| ",
        "|-|-|\n",
        "# ",
        "- ",
        ": ",
        "...",
        "```\n",
        "<!--",
        "-->",
        "[",
        "%",
        "&a ",
        "*a",
        "\r\n",
        "±",
        "\t",
        "  ",
    ),
    *(
        "\x00",
        "\ud800",
        "0.5",
        "1e-05",
        "50",
        "Epoch",
        "Step",
        "Training Loss",
        "F1",
        "No log",
        "-----\n",
        "~~~",
        "1. ",
        "> ",
        "f1: ",
    ),
    *(
        "optimizer: ",
        "Adam with betas=(",
        "{'name': ",
        "model-index:\n",
        "  - ",
        "value: ",
        "accuracy of ",
        "Transformers 4.2",
        "seed = ",
    ),
    *(
        "generated_from_trainer",
        "the x dataset.",
        "results on the evaluation set:\n",
        "hyperparameters were used during training:\n",
    ),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join))
def test_any_text_is_read_and_every_value_stands_where_it_says(text):
    card = read_card(text)
    numbers = [*card.headline.values(), *card.framework_versions.values(), *card.unread, *(r.number for r in card.results)]
    assert [text[slice(*number.span)] for number in numbers] == [number.text for number in numbers]
    card_json(card)
