"""Metrics that one line names and prints together."""

import pytest

from cardaudit.parse import read_card


def in_order(precision: str, recall: str, f1: str, entity: str | None) -> list[tuple[str, str, str | None]]:
    return [("precision", precision, entity), ("recall", recall, entity), ("f1", f1, entity)]


LISTS = {
    "- Gene Precision/Recall/F1: 0.80/0.89/0.84": in_order("0.80", "0.89", "0.84", "Gene"),
    "- Gene: precision/recall/f1: 0.80/0.89/0.84": in_order("0.80", "0.89", "0.84", "Gene"),
    "- Gene: (P, R, F1) = (80.1, 89.2, 84.4)": in_order("80.1", "89.2", "84.4", "Gene"),
    "- P/R/F1 = 80.1% / 89.2% / 84.4%": in_order("80.1%", "89.2%", "84.4%", None),
    "- Accuracy/F1: 0.91/0.90": [("accuracy", "0.91", None), ("f1", "0.90", None)],
    "- Gene Precision/Recall/F1: 0.80/0.89": [],
    "- Training/Recall/F1: 0.80/0.89/0.84": [],
    "- Width/Height: 80/90": [],
    "- P/R: 80.1/90.2": [],
}


@pytest.mark.parametrize("line", LISTS)
def test_each_number_has_its_metric_and_its_place(line: str) -> None:
    text = f"# A tagger\n\n## Evaluation results\n\n{line}\n"
    card = read_card(text)
    assert [(each.metric, each.number.text, each.setting) for each in card.results] == LISTS[line]
    assert all(text[slice(*each.number.span)] == each.number.text for each in card.results)
