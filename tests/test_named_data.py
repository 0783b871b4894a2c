"""Data sets that a title or a labelled item names, linked bases, and a metric told for two splits in one sentence."""

import pytest

from cardaudit.parse import read_card


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("### frog-mt-fi-sv\n\n* source languages: fi\n*  dataset: opus\n* model: transformer-align\n", ["opus"]),
        ("# Frog\n\n- **Training dataset:** Tatoeba, TED2020\n", ["Tatoeba", "TED2020"]),
        ("## Baseline Model trained on frogs4k2 to apply classification on jumps\n\naccuracy  0.7\n", ["frogs4k2"]),
        ("# FrogBERT fine-tuned on SQuAD2.0\n\nIt answers.\n", ["SQuAD2.0"]),
        ("# Frog\n\n- dataset: 2040\n", []),
        ("# Frog\n\n- dataset: none\n", []),
        ("# Frog\n\n## Evaluation\n\n- dataset: SQuAD\n", []),
        ("# Frog\n\n- dataset: what we found in ponds\n", []),
        ("# FrogBERT fine-tuned on croaks\n\nIt croaks.\n", []),
    ],
)
def test_the_data_sets_of_a_title_or_an_item(text: str, names: list[str]):
    card = read_card(text)
    assert [each.id for each in card.datasets] == names
    assert [text[slice(*each.span)] for each in card.datasets] == names


def test_the_front_matter_says_more_than_an_item():
    text = "---\ndatasets:\n- acme/ponds\n---\n# Frog\n\n- dataset: opus\n"
    assert [each.id for each in read_card(text).datasets] == ["acme/ponds"]


def test_a_sentence_may_tell_two_splits():
    text = "# Frog\n\nIt reached an accuracy of 83.82% on the validation dataset and 84.42% on the test dataset.\n"
    results = [(each.metric, each.number.text, each.split) for each in read_card(text).results]
    assert results == [("accuracy", "83.82%", "validation"), ("accuracy", "84.42%", "test")]


def test_a_heading_may_name_the_metric_of_two_splits():
    text = "# Frog\n\n### Accuracy:\nWe reach 83.8% for validation dataset, and 84.4% for test dataset.\n"
    results = [(each.metric, each.number.text, each.split) for each in read_card(text).results]
    assert results == [("accuracy", "83.8%", "validation"), ("accuracy", "84.4%", "test")]
    assert not read_card(text.replace("Accuracy", "Ponds")).results


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("We are sharing smaller versions of {} for two languages.", "acme/frog-base"),
        ("Model trained from {} on croaks.", "acme/frog-base"),
        ("This model is adapted from {} for long texts.", "acme/frog-base"),
        ("The base checkpoint is {}.", "acme/frog-base"),
        ("It was warm-started with {} and trained on.", "acme/frog-base"),
        ("The encoder was warm-started from {}, the decoder from another.", None),
        ("Smaller versions of {} are there too.", None),
    ],
)
def test_words_of_descent_tell_a_linked_base(words: str, base: str | None):
    link = "[frog](https://huggingface.co/acme/frog-base)"
    read = read_card(f"# Toad\n\n{words.format(link)}\n").base_model
    assert (read.text if read else None) == base
