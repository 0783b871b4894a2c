"""The reader against what people read on real cards: tests/gold/README.md says how the records were made."""

import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from gold_cards import CORPUS, golds
from gold_printed import demand_printed
from gold_scoring import demand_agreement

RIGHT = {"dev": 0.99, "heldout": 0.95}
WRONG = 0.003
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.exists(), reason="shared/corpus, which holds the cards' texts, is not beside the checkout"),
]


@pytest.mark.parametrize("gold", golds(), ids=lambda gold: gold["file"])
def test_gold_says_only_what_its_card_prints(gold: dict[str, Any]) -> None:
    odd = zlib.crc32((gold["file"].partition("#")[2] or Path(gold["file"]).name).encode()) % 2
    assert gold["split"] == "dev" or odd
    demand_printed(gold)


def test_gold_covers_every_dialect() -> None:
    splits = Counter(gold["split"] for gold in golds())
    assert splits["dev"] >= 128
    assert splits["heldout"] >= 34
    assert len({gold["stratum"] for gold in golds()}) >= 25


@pytest.mark.parametrize("split", sorted({gold["split"] for gold in golds()}))
def test_reader_agrees_with_the_gold(split: str) -> None:
    demand_agreement(golds(split), RIGHT[split], WRONG)
