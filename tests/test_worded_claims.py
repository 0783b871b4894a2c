"""Results in sentences of a less common order, in lines that begin with the number, and as programs print them."""

import pytest
from told import results

CLAIMS = {
    "It scores BLEU **28.3** on the test set.": ["bleu=28.3 split:test"],
    "It scores BLEU **28.3** on validation dataset": ["bleu=28.3 split:validation"],
    "The tagger achieves **F1 0.61** for the NER task.": ["f1=0.61"],
    "A second run reaches exact match 50.9 and F1 68.7 after two days.": ["exact_match=50.9", "f1=68.7"],
    "This model is able to achieve an average score of 81.8 on GLUE.": ["score=81.8 dataset:GLUE"],
    "The frogs reached an average score of 81.8 on the pond.": [],
    "We got **0.53** for Pearson and **0.52** for Spearman.": ["pearson=0.53", "spearman=0.52"],
    "The best validation score achieved is 0.6497 for a learning rate of 3e-5.": ["score=0.6497 split:validation"],
    "64.6 BLEU on [Pond Voices test set](https://a.b)": ["bleu=64.6 dataset:Pond Voices"],
    "64.6 BLEU on average over all ponds": [],
    "Its **accuracy** is **91.1**, on all frogs.": ["accuracy=91.1"],
    "The loss at the last step was `2.657`.": ["loss=2.657"],
    "Accuracy after 50 epochs: 0.93": ["accuracy=0.93"],
    "It scores 3 points of BLEU more.": [],
}
PRINTED = {
    "`{'exact': 58.9, 'f1': 72.2, 'total': 500, 'HasAns_f1': 57.7, 'best_f1_thresh': 0.0}`": [
        "exact=58.9", "f1=72.2", "hasans_f1=57.7"
    ],
    "{'precision': 0.81, 'recall': 0.85, 'number': 9330}": ["precision=0.81", "recall=0.85"],
    "- `{'a': 0.5, 'f1': 0.6}`": [],
    "With the following score on SST-2 validation set:\n\n```\naccuracy = 84.7\n```": [
        "accuracy=84.7 dataset:SST-2 split:validation"
    ],
    "Run it with:\n\n```\naccuracy = 84.7\n```": [],
    "With the following score on SST-2 validation set:\n\n```\naccuracy = 84.7\nthreshold = 0.5\n```": [],
}  # fmt: skip


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_claim_is_read_in_any_order_of_its_words(sentence: str) -> None:
    assert results(sentence + "\n") == CLAIMS[sentence]


@pytest.mark.parametrize("text", PRINTED)
def test_what_a_program_printed_is_read(text: str) -> None:
    assert sorted(results(text + "\n")) == sorted(PRINTED[text])
