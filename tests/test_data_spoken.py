"""Data sets that a sentence names without the word "dataset": known benchmarks and sums; no task, and no other model's data."""

import pytest

from cardaudit.parse import read_card


def _datasets(words: str) -> list[str]:
    return [each.id for each in read_card(f"# Ponds\n\n{words}\n", "acme/ponds").datasets]


@pytest.mark.parametrize(
    ("words", "datasets"),
    [
        ("A BERT base cased model trained on SQuAD v2", ["SQuAD v2"]),
        ("A model by ACME trained on TriviaQA, described elsewhere.", ["TriviaQA"]),
        ("It has been pretrained on notes and then finetuned on MS MARCO with care.", ["MS MARCO"]),
        (
            "This model was fine-tuned on JW300 + [PONDS](https://example.com/p) +[BBC Ponds](https://example.com/b)",
            ["JW300", "PONDS", "BBC Ponds"],
        ),
        ("XLM-RoBERTa finetuned on NER. More below.", []),
        ("GPT-Neo was trained on TriviaQA, which is known.", []),
        ("It was not trained on TriviaQA.", []),
        ("It can be fine-tuned on TriviaQA.", []),
        ("Pretrained on TriviaQA, it was later fine-tuned by hand.", []),
        ("It was trained on Ponds.", []),
        ("It was trained on TPUs + GPUs.", []),
    ],
)
def test_known_names_and_sums(words: str, datasets: list[str]):
    assert _datasets(words) == datasets
