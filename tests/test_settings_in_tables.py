"""Settings among other things in a table: its one row, or the column or the row of the card's own model."""

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
    "with notes behind the values": (
        "| Parameter | Value | Notes |\n|---|---|---|\n| learning rate | 1e-2 | peak |\n| batch size | 16 | per device |",
        {"learning_rate": "1e-2", "train_batch_size": "16"},
    ),
    "one setting alone": ("| Model | Batch Size | Latency |\n|---|---|---|\n| pond-small | 32 | 1.5 |", {}),
}


@pytest.mark.parametrize(("text", "read"), TABLES.values(), ids=list(TABLES))
def test_settings_of_a_table(text: str, read: dict[str, str]) -> None:
    settings = read_card(f"# Pond\n\n## Details\n\n{text}\n").hyperparameters
    known = ("learning_rate", "train_batch_size", "num_epochs", "training_steps")
    assert {key: number.text for key in known if (number := getattr(settings, key))} == read


@pytest.mark.parametrize(
    "text",
    [
        "| Setting | pond-small | pond-base |\n|---|---|---|\n| learning rate | 5e-3 | 1e-2 |\n| batch size | 32 | 16 |",
        "| Model | Learning rate | Batch size |\n|---|---|---|\n| pond-small | 5e-3 | 32 |\n| pond-base | 1e-2 | 16 |",
    ],
    ids=["its column", "its row"],
)
def test_the_model_of_the_title(text: str) -> None:
    settings = read_card(f"# Pond-Base\n\n## Details\n\n{text}\n").hyperparameters
    assert (settings.learning_rate and settings.learning_rate.text) == "1e-2"
    assert (settings.train_batch_size and settings.train_batch_size.text) == "16"
