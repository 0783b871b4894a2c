"""Settings, base models and data sets as hand-written cards lay them out: tables of one row, commands, links, lost marks."""

import pytest

from cardaudit import read_card
from cardaudit.exchange import card_json
from cardaudit.records import Card

HUB = "https://huggingface.co/"


def settings(card: Card) -> dict[str, str]:
    """Every setting that was read, by its key."""
    read = dict(card_json(card)["hyperparameters"])
    other = read.pop("other", {})
    return {key: value["text"] for key, value in {**read, **other}.items()}


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (f"This model is [bert-base-cased]({HUB}bert-base-cased) fine-tuned to sort letters.", "bert-base-cased"),
        (f"[Foo BERT]({HUB}acme/foo-bert), fine-tuned for NER on letters.", "acme/foo-bert"),
        (f"Other models exist, for example [Foo BERT]({HUB}acme/foo-bert-ner) fine-tuned for NER.", None),
        (f"[Foo BERT]({HUB}acme/letters) fine-tuned for NER.", None),
        ("- Model fine-tuned: acme/bio-bert\n- Epochs: 3", "acme/bio-bert"),
        ("```\nrun_squad.py --model_name_or_path roberta-base \\\n --do_train\n```", "roberta-base"),
        ("```\nrun_squad.py --model_name_or_path output/best --do_train\n```", None),
        ("```\nrun_glue.py --task_name $TASK --model_name_or_path roberta-base --do_train\n```", None),
        (
            "```\na.py --model_name_or_path roberta-base --do_train\na.py --model_name_or_path bert-base-cased --do_train\n```",
            None,
        ),
    ],
)
def test_base_models_that_are_told(text, base):
    card = read_card(f"---\nlicense: mit\n---\n# Letters\n\n{text}\n", "acme/letters")
    assert (card.base_model.text if card.base_model else None) == base
    assert card.base_model is None or card.text[slice(*card.base_model.span)] == base


def test_a_type_in_front_of_the_name_that_code_loads():
    code = 'model.from_pretrained("t5", "acme/tiny-t5")\nmodel.train(max_epochs = 5, batch_size = 8)'
    card = read_card(f"Trained so:\n\n```\n{code}\n```\n")
    assert card.base_model.text == "acme/tiny-t5"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("fine-tuned on [SQuAD](https://example.org/squad)", ["SQuAD"]),
        ("fine-tuned on [Cloud TPU](https://example.org/tpu)", []),
        ("This model is a fine-tuned version of [a](https://huggingface.co/a) on the imagefolder dataset.", ["imagefolder"]),
        ("This model is a fine-tuned version of [a](https://huggingface.co/a) on the audiofolder dataset.", ["audiofolder"]),
        ("This model is a fine-tuned version of [a](https://huggingface.co/a) on the unknown dataset.", []),
    ],
)
def test_data_sets_that_are_told(text, named):
    assert [each.id for each in read_card(f"---\nlicense: mit\n---\n# M\n\n{text}\n").datasets] == named


def test_a_name_in_the_text_goes_before_the_loader_of_files():
    text = "---\ndatasets:\n- imagefolder\n---\n# M\n\nA fine-tuned version of a model on the acme/ponds dataset.\n"
    assert [each.id for each in read_card(text).datasets] == ["acme/ponds", "imagefolder"]


def test_a_table_of_settings_with_one_row():
    card = read_card(
        "### Training hyperparameters\n\n| name | learning_rate | decay | beta_1 | beta_2 | epsilon | training_precision |\n"
        "|---|---|---|---|---|---|---|\n|Adam|0.0010000000474974513|0.0|0.8999999761581421|0.999|1e-07|float32|\n"
    )
    assert (card.optimizer.name, card.optimizer.betas, card.optimizer.epsilon) == ("adam", (0.8999999761581421, 0.999), 1e-07)
    assert settings(card)["learning_rate"] == "0.0010000000474974513"
    assert settings(card)["training_precision"] == "float32"


@pytest.mark.parametrize(
    "table",
    [
        "| learning_rate | epochs | accuracy |\n|---|---|---|\n| 2e-5 | 3 | 0.91 |\n",
        "| learning_rate | epochs | seed |\n|---|---|---|\n| 2e-5 | 3 | 1 |\n| 5e-5 | 3 | 1 |\n",
    ],
)
def test_a_table_of_trials_sets_nothing(table):
    assert settings(read_card(f"# M\n\n## Search\n\n{table}")) == {}


def test_what_code_comments_out_is_not_set():
    card = read_card(
        "---\nlicense: mit\n---\n# M\n\n```python\nargs = TrainingArguments(\n    #learning_rate=2e-5,\n    num_train_epochs=3,\n"
        "    per_device_train_batch_size=8,  # seed=7\n)\noptimizer = Adafactor(lr=1e-4)\n```\n"
    )
    assert settings(card) == {"learning_rate": "1e-4", "num_epochs": "3", "train_batch_size": "8"}


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("| 3 | 0.41 | 0.86 0. 76 |", ("3", "0.41", None)),
        ("| 0.41 | 0.86 0.76 |", None),
        ("| 3 | 0.41 | so so |", None),
    ],
)
def test_a_row_that_lost_the_marks_between_its_last_cells(row, read):
    header = "| Epoch | Training Loss | Validation Loss | Accuracy |\n|---|---|---|---|\n"
    table = header + "| 1 | 0.83 | 0.74 | 0.7 |\n| 2 | 0.6 | 0.7 | 0.71 |\n"
    epochs = read_card(f"# M\n\n{table}{row}\n").epochs[2:]
    texts = [(each.epoch.text, each.training_loss.text, each.validation_loss) for each in epochs]
    assert texts == ([read] if read else [])
