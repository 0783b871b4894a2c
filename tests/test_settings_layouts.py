"""Settings in tables and sentences of a less common form."""

import pytest

from cardaudit.parse import read_card


def settings(text: str) -> dict[str, str]:
    """Every hyperparameter of a card as printed, and its optimizer."""
    card = read_card(text)
    said = card.hyperparameters
    known = {name: getattr(said, name) for name in said.__dataclass_fields__ if name != "other"}
    read = {key: value.text for key, value in {**known, **said.other}.items() if value is not None}
    return read | ({"optimizer": card.optimizer.name} if card.optimizer and card.optimizer.name else {})


LISTING = "# Acme frog\n\nIt ran for an hour:\n\n```\n{lines}\n```\n"


@pytest.mark.parametrize(
    ("lines", "stated"),
    [
        (
            "Runtime: 3h 26m\nSteps: 18000\nPrecision: bf16\nLearning Rate: 1e-6",
            {"training_steps": "18000", "learning_rate": "1e-6"},
        ),
        ("Learning rate: 4e−5\nBatch size: 32\nEpoch: 3", {"learning_rate": "4e−5", "train_batch_size": "32", "num_epochs": "3"}),
        ("Steps: 20\nSampler: Euler a\nSeed: 42", {}),
        ("Batch size: 32\nimport frog", {}),
        ("Steps: 20\nSeed: 42", {}),
    ],
)
def test_a_listing_that_is_of_settings_alone(lines: str, stated: dict[str, str]) -> None:
    assert settings(LISTING.format(lines=lines)) == stated


CONFIG = """# Acme frog

## Training

|Config|Value|
|------|-----|
|Batch size| 192 |
|Context size| 1024 |
|Training steps| 150'000|
|Schedule| Cosine |
"""
CONTINUED = """# Acme frog

## Training procedure

### Pretraining

The model was trained for 240,000 steps in total, using sequence length 512 (batch size 4096).
The optimizer used is AdaFactor with inverse square root learning rate schedule for pre-training.

### Fine-tuning

{told} for 1,400 steps in total, using sequence length 512 (batch size 256), on frog song generation data.
"""


def test_a_config_table_holds_settings() -> None:
    read = {"train_batch_size": "192", "context_size": "1024", "training_steps": "150'000", "lr_scheduler_type": "Cosine"}
    assert settings(CONFIG) == read
    steps = read_card(CONFIG).hyperparameters.training_steps
    assert steps
    assert steps.value == 150_000


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "| Parameter | |\n|---|---|\n| Learning rate | 5e-5 |\n| Epochs | 10 |\n",
            {"learning_rate": "5e-5", "num_epochs": "10"},
        ),
        ("| Frog | |\n|---|---|\n| Learning rate | 5e-5 |\n", {}),
        (
            "| batch size | train steps | learning rates |\n|---|---|---|\n| 256 | 700 | 2e-4 |\n",
            {"train_batch_size": "256", "training_steps": "700", "learning_rate": "2e-4"},
        ),
        (
            "The following hyperparameters were used during training:\n- epoch: 30\n- lr: 1e-05\n",
            {"num_epochs": "30", "learning_rate": "1e-05"},
        ),
        ("## Training\n\n##### Learning rate: **1e-4**\n##### Epochs: **1**\n", {"learning_rate": "1e-4", "num_epochs": "1"}),
        ("- Train Loss: 0.81\n- Epoch: 3\n", {}),
        ("The model is trained with learning rates of 2e-5.\n", {"learning_rate": "2e-5"}),
        ("The model is trained with learning rates of 2e-5, 3e-5 and 5e-5.\n", {}),
        ("## Training\n\n- 4000 training steps\n- Style training\n", {"training_steps": "4000"}),
    ],
)
def test_settings_are_read(text: str, read: dict[str, str]) -> None:
    assert settings("# Acme frog\n\n" + text) == read


def test_a_pretraining_gives_the_optimizer_of_what_was_then_fine_tuned() -> None:
    own = {"train_batch_size": "256", "training_steps": "1,400", "max_seq_length": "512"}
    kept = {"optimizer": "adafactor", "lr_scheduler_type": "inverse square root"}
    assert settings(CONTINUED.format(told="This model was then fine-tuned")) == own | kept
    assert settings(CONTINUED.format(told="The model was fine-tuned")) == own
    other = CONTINUED.format(told="This model was then fine-tuned with the Adam optimizer")
    assert settings(other)["optimizer"] == "adam"
