"""No card makes a rule slow: giant tables, giant numbers, prints of one digit, and metrics of zero."""

import time
from contextlib import suppress

import pytest

from cardaudit.parse import read_card
from cardaudit.rule import NotCheckable, Subject, surfaces_of
from cardaudit.rules import RULES

MOST_SECONDS = 1.0
"""Of processor time for one rule on one card: five times the goal of 50 ms, for a slow machine; what is wrong takes seconds."""
CARD = """---
datasets:
- {dataset}
tags:
- generated_from_trainer
---

# some-model

This model is a fine-tuned version of [bert-base-uncased](https://huggingface.co/bert-base-uncased) on the {dataset} dataset.
It achieves the following results on the evaluation set:
- Loss: {number}
- Precision: {number}
- Recall: {other}
- F1: {number}
- Accuracy: {other}

These are the results on the test set.

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: {batch}
- eval_batch_size: {batch}
- seed: 42
- num_epochs: {epochs}

### Training results

| Training Loss | Epoch | Step | Validation Loss | Precision | Recall | F1 | Accuracy |
|:---:|:---:|:---:|:---:|:---:|:---:|:---:|:---:|
{rows}
"""


def card(
    number: str = "0.9331",
    other: str = "0.9402",
    dataset: str = "conll2003",
    epochs: str = "3",
    batch: str = "16",
    step: int = 878,
) -> str:
    """A card with three rows of the same numbers."""
    rows = [f"| 0.1 | {epoch}.0 | {epoch * step} | {number} | {number} | {other} | {number} | {other} |" for epoch in (1, 2, 3)]
    return CARD.format(number=number, other=other, dataset=dataset, epochs=epochs, batch=batch, rows="\n".join(rows))


def table(count: int) -> str:
    """A card with that many rows of changing numbers."""
    rows = [
        f"| 0.{epoch % 7 + 1} | {epoch}.0 | {epoch * 878} | 0.{epoch * 7919 % 9000 + 1000} | 0.{epoch * 31 % 900 + 100} "
        f"| 0.{epoch * 17 % 900 + 100} | 0.{epoch * 13 % 900 + 100} | 0.{epoch * 11 % 900 + 100} |"
        for epoch in range(1, count + 1)
    ]
    return CARD.format(number="0.5", other="0.4", dataset="conll2003", epochs=count, batch="16", rows="\n".join(rows))


HARD = {
    "one digit": card("0.5", "0.4"),
    "one digit, zero first": card("0.4", "0.5").replace("| 0.4 | 0.4 | 0.5 | 0.4 | 0.5 |", "| 0.4 | 0.0 | 0.0 | 0.0 | 0.5 |", 1),
    "zeros": card("0.0", "0.0"),
    "smallest prints": card("0.0001", "0.0001"),
    "ones": card("1", "1"),
    "1e308": card("1e308", "1e308", epochs="1e308", batch="9" * 50),
    "1e-308": card("1e-308", "1e-308"),
    "1e999999": card("1e999999", "1e-999999"),
    "steps of 40 digits": card(step=10**40, epochs=str(10**41)),
    "epochs of 30 digits": card(epochs=str(10**30), step=10**28),
    "numbers of 3,000 digits": card("0." + "3" * 3000, "0." + "7" * 3000),
    "another data set": card("0.5", "0.4", dataset="wnut_17"),
}


def seconds_by_rule(text: str) -> dict[str, float]:
    """Processor seconds of each rule, the least of two runs."""
    read = read_card(text, "card.md")
    subject = Subject(read, surfaces=surfaces_of(read))
    found: dict[str, float] = {}
    for rule in RULES:
        for _ in range(2):
            start = time.process_time()
            with suppress(NotCheckable):
                rule.check(subject)
            taken = time.process_time() - start
            found[rule.name] = min(taken, found.get(rule.name, taken))
    return found


@pytest.mark.parametrize("name", HARD)
def test_no_rule_is_slow_on(name: str) -> None:
    assert {rule: taken for rule, taken in seconds_by_rule(HARD[name]).items() if taken > MOST_SECONDS} == {}


def test_rules_grow_no_faster_than_the_table() -> None:
    short, long = seconds_by_rule(table(1_000)), seconds_by_rule(table(8_000))
    assert {rule: (short[rule], taken) for rule, taken in long.items() if taken > MOST_SECONDS and taken > 16 * short[rule]} == {}
