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
        ("This model is finetuned on SQuAD version 2 dataset with ABC.", ["SQuAD version 2"]),
        (
            "Fine-tuned on the *Set of Ponds for Automatic Naming of Lakes and Rivers (SPANLR)* dataset.",
            ["Set of Ponds for Automatic Naming of Lakes and Rivers (SPANLR)"],
        ),
        ("Fine-tuned with the Table-to-Text SQuAD dataset.", ["SQuAD"]),
        ("Trained on pairs of the [lake pond reviews dataset](https://example.com/r).", ["lake pond reviews"]),
        ("Trained on pairs of a [new pond dataset](https://example.com/r).", []),
        ("Fine-tuned on Slovak corpus.", []),
        ("Fine-tuned on a small news dataset.", []),
        ("Trained on TPU corpus servers.", []),
        ("Trained on GPT-2 generated dataset entries.", []),
        ("It can be fine-tuned on the ABC-2 dataset later.", []),
        ("It was not trained on the ABC-2 dataset at all.", []),
        ("It was not trained on the ABC-2 dataset.", []),
        ("It has never been trained on the ABC-2 dataset.", []),
        ("We never stopped: it was fine-tuned on the ABC-2 dataset.", ["ABC-2"]),
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


@pytest.mark.parametrize(
    ("text", "steps", "length"),
    [
        ("- Total steps: 56 000", "56 000", None),
        ("- Total steps: 1 256 000.", "1 256 000", None),
        ("- Total steps: 3 100 a day", None, None),
        ("We train 9 steps with a sequence length of 128 and then 9 more steps with a sequence length of 512.", None, None),
        ("We train it with a sequence length of 512.", None, "512"),
    ],
)
def test_thousands_that_blanks_part_and_lengths_of_stages(text: str, steps: str | None, length: str | None) -> None:
    read = read_card(f"---\nlicense: mit\n---\n# M\n\n## Training\n\n{text}\n").hyperparameters
    assert (read.training_steps and read.training_steps.text) == steps
    assert read.training_steps is None or read.training_steps.value == int(steps.replace(" ", ""))
    found = read.other.get("max_seq_length")
    assert (found and found.text) == length


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (
            "| Task | MNLI | QQP |\n|---|---|---|\n| Roberta-base (ours) | 87.6 | 91.9 |\n| Roberta-large | 88.0 | 92.3 |\n",
            [
                "dataset:MNLI model:Roberta-base (ours)",
                "dataset:QQP model:Roberta-base (ours)",
                "dataset:MNLI model:Roberta-large",
                "dataset:QQP model:Roberta-large",
            ],
        ),
        (
            "| Model | T0 11B | GLaM 60B |\n|---|---|---|\n| ANLI R1 | 43.6 | 40.9 |\n| RTE | 70.1 | 63.9 |\n",
            [
                "dataset:ANLI R1 model:T0 11B",
                "dataset:ANLI R1 model:GLaM 60B",
                "dataset:RTE model:T0 11B",
                "dataset:RTE model:GLaM 60B",
            ],
        ),
    ],
)
def test_a_corner_that_names_the_columns(table: str, read: list[str]) -> None:
    assert [each.partition(" ")[2] for each in results(f"## Results\n\n{table}")] == read
