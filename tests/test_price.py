"""A rough price from the card alone: what would settle which doubt first."""

import pytest

from cardaudit.parse import read_card
from cardaudit.plan.price import rough_seconds

CARD = """---
base_model: {base}
pipeline_tag: {task}
---
# tagger

### Training hyperparameters

- learning_rate: 2e-05
- train_batch_size: {batch}
- num_epochs: 2

### Training results

| Training Loss | Epoch | Step | Validation Loss | F1     |
|:-------------:|:-----:|:----:|:---------------:|:------:|
| 0.2400        | 1.0   | 500  | 0.0711          | 0.9012 |
| 0.1200        | 2.0   | {steps} | 0.0611       | 0.9112 |
"""


def price(
    base: str = "distilbert-base-uncased", task: str = "token-classification", batch: int = 16, steps: int = 1000
) -> float | None:
    return rough_seconds(read_card(CARD.format(base=base, task=task, batch=batch, steps=steps), "README.md"))


def test_a_small_encoder_is_priced_by_hand() -> None:
    # 12 * 768^2 * 6 layers, 64 padded tokens a sentence, 16 sentences, six operations: 261 GFLOP a step at 30 TFLOP/s, and 15 ms
    assert price() == pytest.approx(1000 * (6 * 12 * 768**2 * 6 * 64 * 16 / 3e13 + 0.015), rel=0.03)


def test_more_steps_a_larger_batch_and_more_layers_cost_more() -> None:
    base = price() or 0
    assert (price(steps=2000) or 0) == pytest.approx(2 * base, rel=0.06)
    assert (price(batch=64) or 0) > base
    assert (price("roberta-large") or 0) > (price("roberta-base") or 0) > base > (price("google/bert_uncased_L-2_H-128_A-2") or 0)


def test_both_names_of_a_model_cost_the_same() -> None:
    assert price("distilbert-base-uncased") == price("distilbert/distilbert-base-uncased")


@pytest.mark.parametrize(
    ("base", "task"), [("someone/unheard-of", "token-classification"), ("bert-base-cased", "text-generation")]
)
def test_what_cannot_be_told_has_no_price(base: str, task: str) -> None:
    assert price(base, task) is None
