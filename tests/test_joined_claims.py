"""Numbers joined by slashes in a sentence: two of one metric, or one for each of the metrics joined before them; else none."""

import pytest

from cardaudit.parse import read_card


def _told(sentence: str) -> list[tuple[str, str, str | None, str | None]]:
    card = read_card(f"# Model\n\n## Eval results\n\n{sentence}\n")
    assert not card.headline
    return [(each.metric, each.number.text, each.dataset, each.split) for each in card.results]


@pytest.mark.parametrize(
    ("sentence", "results"),
    [
        (
            "The model achieved 91.2%/90.7% accuracy on ABC-DEF task and ranked in the 4th place.",
            [("accuracy", "91.2%", "ABC-DEF", None), ("accuracy", "90.7%", "ABC-DEF", None)],
        ),
        ("It reaches an F1 of 81.2/80.4 on SQuAD.", [("f1", "81.2", "SQuAD", None), ("f1", "80.4", "SQuAD", None)]),
        ("We obtained 16.7 / 16.1 BLEU.", [("bleu", "16.7", None, None), ("bleu", "16.1", None, None)]),
        (
            "Experiments with all labeled data achieve 1.8/3.3 WER on the clean/other test sets.",
            [("wer", "1.8", "clean", "test"), ("wer", "3.3", "other", "test")],
        ),
        ("The model achieves 81.2/80.4 F1 on the dev/test sets.", [("f1", "81.2", None, "dev"), ("f1", "80.4", None, "test")]),
        (
            "The model achieves an EM/F1 of 81.2/88.4 on SQuAD.",
            [("em", "81.2", "SQuAD", None), ("f1", "88.4", "SQuAD", None)],
        ),
        (
            "It reaches ROUGE-1 / ROUGE-2 / ROUGE-L of 37.3 / 18.6 / 34.5 on the XSum test set.",
            [("rouge1", "37.3", "XSum", "test"), ("rouge2", "18.6", "XSum", "test"), ("rouge_l", "34.5", "XSum", "test")],
        ),
        ("The model achieves 81.2/80.4 F1 on SQuAD/XSum.", [("f1", "81.2", "SQuAD", None), ("f1", "80.4", "XSum", None)]),
    ],
)
def test_both_numbers_are_of_the_metric(sentence: str, results: list[object]):
    assert _told(sentence) == results


@pytest.mark.parametrize(
    "sentence",
    [
        "The model achieves 81.2/88.4 EM/F1 on SQuAD.",
        "It reaches EM/F1 of 81.2/88.4/85.0 on SQuAD.",
        "Training on ten minutes of labeled data still achieves 4.8/8.2 WER.",
        "Experiments by others reach 1.8/3.3 WER on the clean/other test sets.",
        "The model achieves 81.2/88.4/85.0 accuracy.",
    ],
)
def test_several_metrics_or_sets_are_left_alone(sentence: str):
    assert _told(sentence) == []
