"""Optimizers as LaTeX prints them, in two sentences, in two places; schedules and sizes in words; tables that go on."""

import pytest

from cardaudit import read_card
from cardaudit.records import Card, OptimizerLine


def card(body: str) -> Card:
    return read_card("---\nlicense: mit\n---\n# M\n\n" + body)


def optimizer(body: str) -> OptimizerLine:
    read = card(body).optimizer
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("words", "betas", "epsilon"),
    [
        (r"Adam ($\beta_1=0.9$, $\beta_2=0.98$, $\epsilon=10^{-9}$)", (0.9, 0.98), 1e-9),
        (r"Adam with \\(\beta_{1} = 0.9\\) and \\(\beta_{2} = 0.999\\), \\(\epsilon = 1e^{-6}\\)", (0.9, 0.999), 1e-6),
        (r"AdamW with $(\beta_1, \beta_2) = (0.9, 0.95)$", (0.9, 0.95), None),
        ("Adam with epsilon of 1e−8", None, 1e-8),
        ("Adam, ε=10<sup>-8</sup>", None, 1e-8),
        ("Adam with epsilon = 5 × 10^-8", None, None),
        ("Adam with betas=(0.9,0.999) and epsilon=1e-08", (0.9, 0.999), 1e-8),
    ],
)
def test_betas_and_epsilon(words: str, betas: tuple[float, float] | None, epsilon: float | None):
    read = optimizer(f"- optimizer: {words}\n")
    assert (read.betas, read.epsilon) == (betas, epsilon)


def test_the_line_with_numbers_counts_before_the_bare_name():
    assert optimizer("- Optimizer: Adam\n\n- optimizer: Adam with betas=(0.9,0.98) and epsilon=1e-06\n").betas == (0.9, 0.98)
    assert optimizer("- Optimizer: SGD\n\n- optimizer: Adam with betas=(0.9,0.98) and epsilon=1e-06\n").name == "sgd"


def test_betas_in_the_sentence_behind_the_optimizer():
    read = optimizer(
        "The model was trained for 5 epochs. The optimizer used was Adafactor. Learning rate was 2e-4, "
        "\\\\(\\beta_{1} = 0.9\\\\), \\\\(\\beta_{2} = 0.98\\\\) and \\\\(\\epsilon = 1e-6\\\\).\n"
    )
    assert (read.name, read.betas, read.epsilon) == ("adafactor", (0.9, 0.98), 1e-6)


def test_parts_of_the_optimizer_in_a_listing():
    listing = "learning_rate=1.5e-5\nbatch_size=8\nadam_epsilon=1e-5\nadam_beta1=0.95\nadam_beta2=0.999\noptimizer=AdamW\n"
    read = optimizer(f"## Hyperparameters\n\n```\n{listing}```\n")
    assert (read.name, read.betas, read.epsilon) == ("adamw", (0.95, 0.999), 1e-5)


@pytest.mark.parametrize(
    ("sentence", "key", "text"),
    [
        ("We train the model during 100k steps using a batch size of 1024.", "training_steps", "100k"),
        ("We train with a learning rate warm up of 500. It is fast.", "lr_scheduler_warmup_steps", "500"),
        ("It was trained with linear decay of the learning rate after.", "lr_scheduler_type", "linear"),
        ("It was trained with an inverse square root learning rate schedule.", "lr_scheduler_type", "inverse square root"),
        ("In training the batch size was kept at 4 as before.", "train_batch_size", "4"),
        ("Version 1 was trained for 766,000 steps.", "training_steps", None),
    ],
)
def test_settings_in_words(sentence: str, key: str, text: str | None):
    read = getattr(card(sentence + "\n").hyperparameters, key)
    assert (read.text if read else None) == text


def test_one_size_for_both_batches():
    settings = card("- Batch Sizes: both training and evaluation sizes set to 10\n").hyperparameters
    assert [each.text for each in (settings.train_batch_size, settings.eval_batch_size) if each] == ["10", "10"]


def test_settings_without_signs_in_a_fence():
    listing = " learning rate 5e-5, \n batch size 32,\n num_train_epochs=2,\n"
    settings = card(f"A model finetuned on the news with the below Hyperparameters\n\n```\n{listing}```\n").hyperparameters
    read = (settings.learning_rate, settings.train_batch_size, settings.num_epochs)
    assert [each.text for each in read if each] == ["5e-5", "32", "2"]


def test_a_training_table_that_goes_on_after_a_sentence():
    header = "| Training Loss | Epoch | Step | Validation Loss | Wer |\n|---|---|---|---|---|\n"
    first = "| 2.9 | 0.5 | 100 | 1.1 | 0.9 |\n| 1.2 | 1.0 | 200 | 1.0 | 0.4 |\n"
    second = "| / | 1.5 | 300 | 0.9 | 0.3 |\n| / | 2.0 | 400 | 0.8 | 0.2 |\n"
    rows = card(f"{header}{first}\nContinued from step 200:\n\n{header}{second}").epochs
    assert [row.step.text for row in rows if row.step] == ["100", "200", "300", "400"]
    other = card(f"{header}{first}\nAnother run:\n\n{header}{first}")
    assert len(other.epochs) == 2
    assert len(other.results) == 6
