"""The list under "It achieves the following results on the evaluation set:", on cards that are not the Trainer's."""

import pytest

from cardaudit.parse import read_card

LIST = """\
It achieves the following results on the evaluation set:
- Loss: 0.5312
- Rewards/chosen: -0.9127
- Rewards/accuracies: 0.746
- Logps/rejected: -298.122
"""
METRICS = {"loss": "0.5312", "rewards_chosen": "-0.9127", "rewards_accuracies": "0.746", "logps_rejected": "-298.122"}
TRL = "It has been trained using [TRL](https://github.com/huggingface/trl)."


def headline(card):
    return {key: number.text for key, number in card.headline.items()}


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("trl", TRL),
        ("unsloth", "It was trained 2x faster with [Unsloth](https://example.org)."),
        ("handwritten", "A small model."),
    ],
)
def test_every_item_under_the_sentence_is_a_metric(dialect, words):
    card = read_card(f"---\nlibrary_name: transformers\n---\n# m\n\n{words}\n\n{LIST}\n## Training\n\n- seed: 42\n")
    assert card.dialect == dialect
    assert headline(card) == METRICS
    assert card.results == ()
    assert card.unread == ()
    assert card.hyperparameters.seed.text == "42"


def test_what_is_listed_elsewhere_stays_an_authors():
    card = read_card(f"---\nlicense: mit\n---\n# m\n\n{TRL}\n\n{LIST}\n## Memory\n\n- Peak of it: 9.3\n- F1: 0.81\n")
    assert headline(card) == METRICS
    assert [(each.metric, each.number.text) for each in card.results] == [("f1", "0.81")]
    assert [line.text for line in card.unread] == ["- Peak of it: 9.3"]


def test_a_sentence_that_leads_to_no_list_closes_no_headline():
    card = read_card("---\nlicense: mit\n---\nIt achieves the following results on the evaluation set.\n\n## x\n\n- F1: 0.81\n")
    assert headline(card) == {"f1": "0.81"}
