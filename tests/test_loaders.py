"""A loader of files that the front matter lists as the data set is stated as printed, and still names no data."""

import pytest

from cardaudit.lint import check_card
from cardaudit.parse import read_card

CARD = """---
tags:
- generated_from_trainer
datasets:
- {listed}
---
# M

This model is a fine-tuned version of [t5-small](https://huggingface.co/t5-small) on {words}.
It achieves the following results on the evaluation set:
- Loss: 0.4181
"""


@pytest.mark.parametrize("loader", ["generator", "csv", "json", "text", "parquet", "pandas", "imagefolder"])
def test_a_listed_loader_is_stated_and_is_no_name(loader: str):
    card = read_card(CARD.format(listed=loader, words=f"the {loader} dataset"))
    assert [each.id for each in card.datasets] == [loader]
    assert "unnamed-dataset" in {finding.rule for finding in check_card(card).findings}


def test_a_name_in_the_text_says_more():
    card = read_card(CARD.format(listed="generator", words="the acme/ponds dataset"))
    assert [each.id for each in card.datasets] == ["acme/ponds", "generator"]


@pytest.mark.parametrize("listed", ["unknown", "None", "custom", "null"])
def test_no_name_is_still_none(listed: str):
    assert read_card(CARD.format(listed=listed, words="an unknown dataset")).datasets == ()


def test_a_loader_in_words_alone_is_no_data_set():
    card = read_card(CARD.format(listed="unknown", words="the generator dataset"))
    assert card.datasets == ()
