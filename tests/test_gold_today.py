"""The reader against what people read on cards in the layouts of 2023 to 2026: tests/gold_today/README.md."""

from typing import Any

import pytest
from gold_cards import TODAY, golds, written
from gold_printed import demand_printed
from gold_scoring import demand_agreement

from cardaudit.lint import check_card
from cardaudit.parse import read_bytes

RIGHT = {"dev": 0.94, "heldout": 0.78}
WRONG = {"dev": 0.003, "heldout": 0.02}


@pytest.mark.parametrize("gold", golds(folder=TODAY), ids=lambda gold: gold["file"])
def test_gold_says_only_what_its_card_prints(gold: dict[str, Any]) -> None:
    demand_printed(gold)


@pytest.mark.parametrize("split", ["dev", "heldout"])
def test_reader_agrees_with_the_gold(split: str) -> None:
    demand_agreement(golds(split, TODAY), RIGHT[split], WRONG[split])


@pytest.mark.parametrize("gold", golds(folder=TODAY), ids=lambda gold: gold["file"])
def test_no_honest_card_is_accused(gold: dict[str, Any]) -> None:
    findings = check_card(read_bytes(written(gold), gold["file"])).findings
    assert [(each.rule, each.message) for each in findings if each.kind in ("inconsistent", "suspicious")] == []
