"""Base models and data sets in less common words, in listings of arguments, and what is no data set's name."""

from decimal import Decimal

import pytest

from cardaudit.parse import read_card

ATTACKED = """## Model Card
This `acme-base-v2` model was fine-tuned for sequence classification using a toolkit{blank}
and the two_words dataset loaded using the `sets` library. The model was fine-tuned{blank}
for 5 epochs with a batch size of 32, a learning{blank}
rate of 2e-05, and a maximum sequence length of 128.{blank}
The best score the model achieved on this task was 0.8971, as measured by the{blank}
eval set accuracy, found after 4 epochs.
"""
BASES = {
    "# A reader\n\nOur `acme-base` model has been fine-tuned for questions.\n": "acme-base",
    "# Tales\n\nTales is a finetune created using ACME's ACME-Neo 1.3B model.\n": "ACME-Neo 1.3B",
    "## Acme's <i>sciacme_words_uncased</i> fine-tuned on questions\n\nText.\n": "sciacme_words_uncased",
    "# A reader\n\nAcme5-small model, fine-tuned on code.\n": "Acme5-small",
    "# acme-base\n\nThe `acme-base` model was fine-tuned by us.\n": None,
    "# A reader\n\nThe `Acme` model was fine-tuned by us.\n": None,
    '# A reader\n\n```json\n{\n  "learning_rate": 5e-05,\n  "model_name_or_path": "acme/acme-base"\n}\n```\n': "acme/acme-base",
    '# A reader\n\n```json\n{\n  "threads": 2,\n  "model_name_or_path": "acme/acme-base"\n}\n```\n': None,
    "### ponds Dreambooth model trained by acme with [a space](https://huggingface.co/s) with the v1-5 base model\n": "v1-5",
    "### ponds Dreambooth model trained on  the v2-768 base model\n": "v2-768",
    "# A reader\n\nInitialized from [Pond - Small](https://huggingface.co/acme/https://huggingface.co/acme/pond-small)\n": (
        "acme/pond-small"
    ),
    "# A reader\n\nBase model is Stable Diffusion v1.5 and it was trained.\n": "Stable Diffusion v1.5",
    "# A reader\n\nThis is a smaller version of the acme/mt5-base model.\n": "acme/mt5-base",
    "# A reader\n\n[Pond Large](https://huggingface.co/acme/pond-large) fine-tuned in Lakish using notes.\n": "acme/pond-large",
    "# A reader\n\nThe foundation model is [Pond by Acme](https://huggingface.co/acme/pond-v3).\n": "acme/pond-v3",
    "# A reader\n\nThe starting point is the [pond](https://huggingface.co/acme/pond-v3/tree/main). It\n": "acme/pond-v3",
    "# A reader\n\nThis is a 6 layer version of [pond](https://huggingface.co/acme/pond-12/).\n": "acme/pond-12",
    "# A reader\n\nIt is based on the pretrained [Danish BERT](https://example.com/b) model, which has been fine-tuned.\n": (
        "Danish BERT"
    ),
    "# A reader\n\nIt is based on the pretrained [Danish BERT](https://example.com/b) architecture.\n": None,
    "# A reader\n\nThis is a [t5-small](https://example.com/t5) fine-tuned version on [ponds](https://e.org/p).\n": "t5-small",
    "# A reader\n\nIt was initialized on the `bert-large` checkpoints for both the encoder and decoder.\n": "bert-large",
    "learning rate: 2e-5\nseed: 42  \nmodel: pond-base-uncased  \ntrained on notes.\n": "pond-base-uncased",
    "words: 2\nmodel: pond-base-uncased\n": None,
    "[acme-cased-v1.0](https://huggingface.co/acme/acme-cased-v1.0) fined-tuned on ponds.\n": "acme/acme-cased-v1.0",
    "# mt5-base Reranker finetuned on MS MARCO\n\nText.\n": "mt5-base",
    "# pond-x\n\nThe model [pond-x](https://huggingface.co/acme/pond-x) is fine-tuned on ponds, initialized from"
    " [lake](https://huggingface.co/acme/lake-base).\n": "acme/lake-base",
    "# A reader\n\n- base_model_name acme/acme-30b\n- learning_rate 3e-6\n- num_train_epochs 1\n": "acme/acme-30b",
}
DATASETS = {
    "# A reader\n\n- dataset_name acme/four-words\n- learning_rate 3e-6\n- num_train_epochs 1\n": ["acme/four-words"],
    "# A reader\n\n## Training data\n\n[FourWords dataset](https://example.org/words).\n\nText.\n": ["FourWords"],
    "# A reader\n\n## Dataset\n\n[data](https://www.kaggle.com/acme/four-words)\n\nText.\n": ["acme/four-words"],
    "# A reader\n\n## Dataset\n\n[data](https://example.org/words)\n\nText.\n": [],
    "# A reader\n\nFine tuning data 1: https://www.kaggle.com/acme/four-words\n": ["acme/four-words"],
    '# A reader\n\nThe training data is a direct copy of the "fourwords" dataset by ACME.\n': ["fourwords"],
    "# A reader\n\nThe data set used to train on is [here](https://huggingface.co/datasets/acme/four-words).\n": [
        "acme/four-words"
    ],
    "# A reader\n\nThe data used for the base model is [here](https://huggingface.co/datasets/acme/four-words).\n": [],
    "# A reader\n\nDataset trained on: https://huggingface.co/datasets/acme/four-words\n": ["acme/four-words"],
    "# A reader\n\nTry it with https://huggingface.co/datasets/acme/four-words\n": [],
    "# A reader\n\nA score of 90.59 on the test split of the FourWords dataset.\n": ["FourWords"],
    "# A reader\n\nNo warranty on the performance achieved by this model when used on other datasets.\n": [],
    "# A reader\n\nTrained on [the Four Words dataset](https://example.org/words).\n": ["Four Words"],
    "# A reader\n\nTrained on [`Four-Words dataset`](https://example.org/words).\n": ["Four-Words"],
    "A model that was tuned with inputs. This dataset has 3 parts.\n": [],
}


@pytest.mark.parametrize("blank", ["", " ", "  "])
def test_a_sentence_goes_on_in_the_next_line(blank: str) -> None:
    text = ATTACKED.format(blank=blank)
    card = read_card(text)
    settings = card.hyperparameters
    told = (settings.num_epochs, settings.train_batch_size, settings.learning_rate, settings.other["max_seq_length"])
    assert [each and each.text for each in told] == ["5", "32", "2e-05", "128"]
    assert all(each and text[slice(*each.span)] == each.text for each in told)
    assert card.base_model is not None
    assert card.base_model.text == "acme-base-v2"
    assert [each.id for each in card.datasets] == ["two_words"]
    assert [(each.metric, each.number.text, each.split) for each in card.results] == [("accuracy", "0.8971", "eval")]


def test_a_list_of_lines_is_no_sentence() -> None:
    card = read_card("# A reader\n\n# Finetuning\n\nMaximum Sequence Length: 512  \nLearning Rate: 4e−5  \nBatch Size: 16  \n")
    settings = card.hyperparameters
    told = (settings.other["max_seq_length"], settings.learning_rate, settings.train_batch_size)
    assert [each and each.text for each in told] == ["512", "4e−5", "16"]
    assert settings.learning_rate
    assert settings.learning_rate.value == Decimal("4e-5")


@pytest.mark.parametrize("text", BASES)
def test_the_base_model(text: str) -> None:
    base = read_card(text).base_model
    assert (base and base.text) == BASES[text]
    assert base is None or text[slice(*base.span)] == base.text


@pytest.mark.parametrize("text", DATASETS)
def test_the_data_sets(text: str) -> None:
    card = read_card(text)
    assert [each.id for each in card.datasets] == DATASETS[text]
    assert all(text[slice(*each.span)] == each.text for each in card.datasets)
