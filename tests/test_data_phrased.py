"""Data sets that a sentence on training calls so, wherever in it: no field, language or machine, and no other model's."""

import pytest

from cardaudit.parse import read_card


def _datasets(words: str) -> list[str]:
    return [each.id for each in read_card(f"# Ponds\n\n{words}\n", "acme/ponds").datasets]


@pytest.mark.parametrize(
    ("words", "datasets"),
    [
        ("A regression model trained on Irises dataset as an array.", ["Irises"]),
        ("- Finetuned on Wide Pond Reviews (WPR) Corpus\n", ["Wide Pond Reviews"]),
        ("It was trained with a ranking loss (MNRL) on the Pondview dataset.", ["Pondview"]),
        ("A tagger pre-trained from 29GB of filtered Slovak Common Crawl dataset.", ["Common Crawl"]),
        ("The model was fine-tuned for tagging using the ABC 2002-es dataset.", ["ABC 2002-es"]),
        ("It was fine-tuned on 960 h of **PondSpeech dataset** with care.", ["PondSpeech"]),
        ('It was trained on a dataset called "Ponds at Night": photographs.', ["Ponds at Night"]),
        ("Trained on the dataset [Lily Pond NER Data](https://www.kaggle.com/acme/small-pond).", ["Lily Pond NER Data"]),
        ("A small model, trained on the\n[PondText corpus](https://example.com/pondtext).", ["PondText"]),
        (
            "Tuned on the Mozilla Common Voice 8.0, the Spoken Wikipedia Corpus and the m-pond corpus.",
            ["Mozilla Common Voice 8.0", "Spoken Wikipedia", "m-pond"],
        ),
        ("Finetuning `acme/x-base` with the training set of `pond_qa_squad`, `lakeqa_squad`, and `sea_qa`.",
         ["pond_qa_squad", "lakeqa_squad", "sea_qa"]),
        ("Tuned for dialogue on [Ponds For Good (Wang et al., 2019)](https://example.com/P19.pdf).", ["Ponds For Good"]),
        ('Trained on the <a href="https://example.com/p">Pond Gender Corpus</a> dataset.', ["Pond Gender Corpus"]),
        ("The training data is based on **Wikipedia** and **BookCorpus**.", ["Wikipedia", "BookCorpus"]),
        ("PondSum dataset (115 records) was used to fine-tune the model.", ["PondSum"]),
        ("It was trained with sentence pairs sampled from STS2012-2016, STS-b, and SICK-R.", ["STS2012-2016", "STS-b", "SICK-R"]),
        ("## Dataset\n\n[Pond QA: reading](https://huggingface.co/datasets/acme/pond_qa).It is new. Fine-tuned well.",
         ["acme/pond_qa"]),
        ("Pretrained and tuned.\n\nDataset : acme/ponds<br>\n", ["acme/ponds"]),
    ],
)  # fmt: skip
def test_names_that_are_called_data_sets(words: str, datasets: list[str]):
    assert _datasets(words) == datasets


@pytest.mark.parametrize(
    "words",
    [
        "It was trained on Twitter tweets by a gardener.",
        "It was fine-tuned on Medical Question dataset by hand.",
        "It was fine-tuned on the Malaysian dataset by hand.",
        "It was fine-tuned on En-Mr corpus by hand.",
        "It was trained on multiple datasets.",
        "It was trained on 2 GPUs on [Pond GPU Cloud](https://example.com/gpu).",
        "Base models tuned on a target: `pond-{base_model}-{target_dataset}`.",
        "It was pre-trained with ACME's monolingual corpus.",
        "Even when trained on one GPU, PondNet achieves the best results on the [Pond 2.0](https://example.com/p) dataset.",
        "The teacher was trained on the Pondview dataset.",
        "It was train on the topic column of pond_news dataset.",
        "A network of words trained on the full 10M words dataset.",
        "After fine-tuning PondNet on the Pondview corpus the scores are higher.",
        "It can be fine-tuned on the Pondview dataset.",
        "```bash\n# run fine-tuning on XNLI\n```",
        "# PondBERT trained by hand\n[PondNet](https://example.com/net)",
    ],
)
def test_other_words_are_none(words: str):
    assert _datasets(words) == []


def test_an_item_of_a_description_is_no_data_set():
    assert _datasets("Dataset used for training:\n\n- Name: Pondview\n- Language: English\n- Version: 6\n") == []


@pytest.mark.parametrize(
    "words",
    [
        "It starts from [Ponds 1](https://huggingface.co/acme/p), which is a model trained on [P2B](https://huggingface.co/datasets/acme/p2b).",
        "It was tuned from [Ponds 1](https://example.com/p), which was a model trained on the Pondview dataset by hand.",
        "Trained by hand, it achieves good results on [P2B](https://huggingface.co/datasets/acme/p2b).",
    ],
)
def test_what_another_model_was_trained_on_and_what_was_scored_on_are_none(words: str):
    assert _datasets(words) == []
