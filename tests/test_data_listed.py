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
