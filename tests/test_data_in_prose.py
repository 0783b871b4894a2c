"""Data sets that only a sentence names, and the place that the sentence above a table tells."""

import pytest
from told import results

from cardaudit import read_card


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It was trained with the LetterQA 2020 corpus.", ["LetterQA 2020"]),
        ("It was fine-tuned by using the ABC-2 passage dataset.", ["ABC-2"]),
        ("Fine-tuned on the *Letters Against Noise* dataset (2022).", ["Letters Against Noise"]),
        ("Fine-tuned on `acme/Small Letters`dataset.", ["acme/Small Letters"]),
        ("Trained on the acme/letters dataset.", ["acme/letters"]),
        ("Fine-tuned with SQuAD Dataset.", ["SQuAD"]),
        ("Fine-tuned on Slovak corpus.", []),
        ("Fine-tuned on a small news dataset.", []),
        ("Trained on TPU corpus servers.", []),
        ("Trained on GPT-2 generated dataset entries.", []),
        ("It can be fine-tuned on the ABC-2 dataset later.", []),
        ("It was not trained on the ABC-2 dataset at all.", []),
        ("Other models trained on the ABC-2 dataset are larger.", []),
    ],
)
def test_the_data_that_a_sentence_names(text: str, named: list[str]) -> None:
    card = read_card(f"---\nlicense: mit\n---\n# M\n\n{text}\n")
    assert [each.id for each in card.datasets] == named
    assert [card.text[slice(*each.span)] for each in card.datasets] == named


@pytest.mark.parametrize(
    ("lead", "place"),
    [
        ("The model performance on LetterVoice1-test set(Cleaned) is:", "dataset:LetterVoice1 split:test"),
        ("The model performance on ABCDE test set is:", "dataset:ABCDE split:test"),
        ("Results on ABCDE-test:", "dataset:ABCDE split:test"),
        ("The performance on the English test set is:", "split:test"),
        ("Results on the BERT test set:", "split:test"),
    ],
)
def test_the_place_above_a_table_of_speakers(lead: str, place: str) -> None:
    table = "| Release | EER(%) | minDCF |\n|:---:|:---:|:---:|\n| 05-03-21 | 0.69 | 0.08258 |\n"
    assert results(f"{lead}\n\n{table}") == [f"{key} {place} setting:05-03-21" for key in ("eer=0.69", "mindcf=0.08258")]
