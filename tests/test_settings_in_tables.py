"""Settings among other things in a table: its one row, or the column of the card's own model."""

import pytest

from cardaudit import read_card

TABLES = {
    "one row beside results": (
        "| Task | Num Epochs | Batch Size | training loss |\n|---|---|---|---|\n| Fill-Mask | 5 | 64 | 7.4599 |",
        {"num_epochs": "5", "train_batch_size": "64"},
    ),
    "the column of the model itself": (
        "| | pond-small | pond-base (this one) |\n|---|---|---|\n| `learning rate` | 5e-3 | 1e-2 |\n| batch size | 32 | 16 |",
        {"learning_rate": "1e-2", "train_batch_size": "16"},
    ),
    "several models, none of them marked": (
        "| | pond-small | pond-base |\n|---|---|---|\n| `learning rate` | 5e-3 | 1e-2 |\n| batch size | 32 | 16 |",
        {},
    ),
    "several rows": (
        "| Model | Batch Size | Train Steps |\n|---|---|---|\n| pond-small | 32 | 100k |\n| pond-base | 16 | 200k |",
        {},
    ),
    "one setting alone": ("| Model | Batch Size | Latency |\n|---|---|---|\n| pond-small | 32 | 1.5 |", {}),
}


@pytest.mark.parametrize(("text", "read"), TABLES.values(), ids=list(TABLES))
def test_settings_of_a_table(text: str, read: dict[str, str]) -> None:
    settings = read_card(f"# Pond\n\n## Details\n\n{text}\n").hyperparameters
    known = ("learning_rate", "train_batch_size", "num_epochs", "training_steps")
    assert {key: number.text for key in known if (number := getattr(settings, key))} == read
