"""Data sets that a sentence or an item lists without calling each one so; no language, model, machine, library or objective."""

import time

import pytest

from cardaudit.parse import read_card


def _datasets(words: str, above: str = "# Ponds\n\nAbout water.\n\n") -> list[str]:
    return [each.id for each in read_card(f"{above}{words}\n", "acme/ponds").datasets]


@pytest.mark.parametrize(
    ("words", "datasets"),
    [
        (r"The model was trained on the English part of Twitter, PondTalk\[1\], OpenSubtitles and Pond News.",
         ["Twitter", "PondTalk", "OpenSubtitles", "Pond News"]),
        ("This model was trained on the Swedish Wikipedia and Oscar datasets", ["Wikipedia", "Oscar"]),
        ("A model pre-trained on Thai Wikipedia texts. You can fine-tune it.", ["Wikipedia"]),
        ("A base model pretrained on the 10k unlabeled subset of [VoxPopuli corpus](https://example.com/v).", ["VoxPopuli"]),
        ("We used an alternative version of Wikipedia and Books Corpus, initially", ["Wikipedia", "Books Corpus"]),
        ("It used single-task training on Pond Comment Generation dataset.", ["Pond Comment Generation"]),
        ("**Training data:** German-pond-SQuAD  ", ["German-pond-SQuAD"]),
        ("Training data: SQuAD + PondQA", ["SQuAD", "PondQA"]),
        ("- **Dataset:** CoNLL-2003 dataset", ["CoNLL-2003"]),
        ("BERT fine-tuned for tagging on the CoNLL-2003 dataset.", ["CoNLL-2003"]),
        ("The base DeBERTa model fine-tuned with MNLI task", ["MNLI"]),
        ("Fine-tuned on POND300 Fon corpus and [LAKES](https://example.com/l). It", ["POND300 Fon", "LAKES"]),
        ("This is a ponds-small model that was fine-tuned on Wikipedia for tagging.", ["Wikipedia"]),
        ("A base model pretrained on the 10k subset of [VoxPopuli corpus](https://e.org/v) and fine-tuned on the labeled data.",
         ["VoxPopuli"]),
        ("The pre-training data was mostly taken from [OSCAR](https://example.com/o).", ["OSCAR"]),
        ("We use WuDao Corpora (180 GB version) for pre-training.", ["WuDao Corpora"]),
        ("We pre-train PondFormer small on the [POND5](https://example.com/p) dataset.", ["POND5"]),
        ("This model was obtained by fine-tuning acme/pond-base on Pond19.", ["Pond19"]),
        ("The dataset used for training is ModelNet10.", ["ModelNet10"]),
        ("The model was trained on Oscar Tamil.", ["Oscar Tamil"]),
        ("This checkpoint (Pond 350M) was trained on [the Pile](https://example.com/p), a large set.", ["Pile"]),
        ("Fine-tuned on the MS MARCO passage classification task.", ["MS MARCO"]),
        ("This repo provides a pre-trained Conformer model for the LibriSpeech dataset", ["LibriSpeech"]),
    ],
)  # fmt: skip
def test_lists_and_corpora(words: str, datasets: list[str]):
    assert _datasets(words) == datasets


@pytest.mark.parametrize(
    "words",
    [
        "It was trained on English, German and French.",
        "It was trained on TPUv3-8 machines.",
        "It was trained with PondTorch-2.",
        "It was pre-trained on MLM and an additional step.",
        "Trained on SD1.5",
        "It was trained with Multiple Negatives Ranking Loss on notes.",
        "GPT-Neo was trained on Wikipedia and OSCAR.",
        "It was made from a model that was fine-tuned on OSCAR.",
        "We trained the tokenizer on OSCAR.",
        "Pretrained on OSCAR. It was then fine-tuned on the transcribed notes.",
        "After fine-tuning PondFormer on MRPC the scores are higher.",
        "Unlike others, a model trained on Wikipedia and OSCAR knows no ponds.",
        "The tokenizer was trained on Wikipedia and OSCAR.",
        "Pretrained on Wikipedia and OSCAR, it was then fine-tuned on notes.",
        "It was trained to perform well on CoNLL-2003.",
        "## Evaluation\n\n- **Dataset:** CoNLL-2003",
        "- Dataset: [pond_notes.zip](https://example.com/p)",
    ],
)
def test_no_list_of_data(words: str):
    assert _datasets(words) == []


@pytest.mark.parametrize(
    ("title", "subject", "named"),
    [
        ("Policy-Pond-7d", "Policy-Pond-7d", ["OSCAR"]),
        ("Policy-Pond-7d for ponds", "Policy-Pond-7d", ["OSCAR"]),
        ("GPT-Neo 2.7B", "GPT-Neo 2.7B", ["OSCAR"]),
        ("BERT", "BERT", []),
        ("RoBERTa large", "RoBERTa", []),
    ],
)
def test_what_the_title_names_is_the_card_s_own(title: str, subject: str, named: list[str]):
    assert _datasets(f"{subject} was trained on OSCAR.", f"# {title}\n\nAbout water.\n\n") == named


def test_the_first_sentence_tells_of_the_card():
    assert _datasets("Pond BERT was trained on Wikipedia, OSCAR and CC-100.", "# Pond BERT\n\n") == [
        "Wikipedia",
        "OSCAR",
        "CC-100",
    ]


def test_long_lists_take_no_time():
    begun = time.process_time()
    _datasets("It was trained on " + "German Pond, " * 50_000 + "and pre-trained on Wikipedia. " * 10_000)
    assert time.process_time() - begun < 1
