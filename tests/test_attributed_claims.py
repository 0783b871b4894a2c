"""What a sentence says of its numbers before them, behind the last of them, and of other models'."""

import pytest
from told import results

CLAIMS = {
    "On the test set, the model achieves an accuracy of 93.2% and F1 of 91.0%.": [
        "accuracy=93.2% split:test", "f1=91.0% split:test"
    ],
    "It won. On the MNLI test set and with bridges, the model achieves 51.4 % accuracy.": [
        "accuracy=51.4 % dataset:MNLI split:test"
    ],
    "On the [SQuAD](https://a.b/c.d) benchmark, it reaches an F1 of 81.2.": ["f1=81.2 dataset:SQuAD"],
    "This model achieves these results on COCO 2017 validation: an accuracy of **40.2** and an F1 of **44.6**.": [
        "accuracy=40.2 dataset:COCO 2017 split:validation", "f1=44.6 dataset:COCO 2017 split:validation"
    ],
    "On the test set, frogs are loud. Its accuracy is 93.2%.": ["accuracy=93.2%"],
    "On the pond, the model achieves an accuracy of 93.2%.": ["accuracy=93.2%"],
    "It has an F1 of 0.703 and exact match of 0.668 on the test set.": ["f1=0.703 split:test", "exact_match=0.668 split:test"],
    "It has a loss of 0.3 for frogs and an accuracy of 0.9 on the test set.": ["loss=0.3", "accuracy=0.9 split:test"],
    "In terms of accuracy, its **F1 is 88.1**, compared with 88.5 for bert-base-uncased.": [
        "f1=88.5 model:bert-base-uncased", "f1=88.1"
    ],
    "Its F1 is 88.1, compared with 88.5 for ponds.": ["f1=88.1"],
    "It reaches a F1 score of 86.9 on the dev set (for comparison, bert-base-uncased version reaches a F1 score of 88.5).": [
        "f1=88.5 model:bert-base-uncased", "f1=86.9 split:dev"
    ],
    "It outperforms the baseline frog model, which achieved a BLEU of 46.7.": ["bleu=46.7 model:baseline frog model"],
    "The paper reported an accuracy of 91.7%.": ["accuracy=91.7% model:paper"],
    "To sum up: On the development set, 95.4% F1-Score and 91.6% on test set were achieved.": [
        "f1=95.4% split:development", "f1=91.6% split:test"
    ],
    "On the testing dataset, 25.9% of WER could be achieved.": ["wer=25.9% split:test"],
    "$$Loss = 0.5 \\times FrogLoss + 0.3 \\times PondLoss$$": [],
    "On the test set, 25.9% of the frogs were green.": [],
    "The perplexity achieved on the test and validation sets are 10.25 and 10.71, respectively.": [
        "perplexity=10.25 split:test", "perplexity=10.71 split:validation"
    ],
    "An accuracy of 91.2 and 90.1 on the dev and test sets.": ["accuracy=91.2 split:dev", "accuracy=90.1 split:test"],
    "A model trained from scratch on Dutch, with perplexity 15.1 on ponds.": ["perplexity=15.1"],
    "It reaches a top-1 accuracy of  82.1 on the test set.": ["top1_accuracy=82.1 split:test"],
    "With bridges, the performance can be improved to **69.1 %** accuracy on the test set.": ["accuracy=69.1 % split:test"],
    "It gets 1.8/3.3 WER on the clean/other test sets. Ten minutes of training still achieves 4.8/8.2 WER.": [
        "wer=1.8 dataset:clean split:test", "wer=3.3 dataset:other split:test",
        "wer=4.8 dataset:clean split:test", "wer=8.2 dataset:other split:test",
    ],
    "```\nEval metrics (10% valid set): {'accuracy': 0.911}\n```": ["accuracy=0.911"],
    "```plain\nResults:\n- F-score (micro): 0.952\n- F-score (macro): 0.864\n- Accuracy (incl. no class): 0.951\n```": [
        "f1=0.952 setting:micro", "f1=0.864 setting:macro", "accuracy=0.951"
    ],
    "```\nAnswer: {'accuracy': 0.911}\n```": [],
}  # fmt: skip


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_sentence_tells_what_a_number_was_measured_on_and_whose_it_is(sentence: str) -> None:
    assert results(sentence + "\n") == CLAIMS[sentence]


COUNTS = {
    "- Accuracy: 91.7% (441/481)": ["correct=441", "examples=481", "headline: accuracy=91.7%"],
    "- Accuracy: 441/481 (91.7%)": ["accuracy=91.7%", "correct=441", "examples=481"],
    "- Accuracy: 441 out of 481 = 91.7%": ["accuracy=91.7%", "correct=441", "examples=481"],
    "- Accuracy: 441 out of 481 (91.7%)": ["accuracy=91.7%", "correct=441", "examples=481"],
    "- Accuracy: 41/481 (91.7%)": [],
    "- Accuracy: 91.7% (3/5 runs)": ["headline: accuracy=91.7%"],
}


@pytest.mark.parametrize("item", COUNTS)
def test_an_item_tells_the_counts_of_an_accuracy(item: str) -> None:
    assert sorted(results(item + "\n")) == COUNTS[item]
