"""Settings in sentences of less common words: batches of sequences, epochs in brackets, steps at a rate, runs of a notebook."""

import pytest

from cardaudit.parse import read_card

SENTENCES = {
    "Training set-up: 1 million training steps with batches of 256 sequences of length 512 with an initial learning rate 1e-4.": {
        "learning_rate": "1e-4", "train_batch_size": "256", "training_steps": "1 million", "max_seq_length": "512"
    },
    "It is trained like the original: 512 tokens per instance, 256 instances per batch, and 1M training steps.": {
        "train_batch_size": "256", "training_steps": "1M", "max_seq_length": "512"
    },
    "The model was trained with a learning rate of `1e-06` and `900` train steps.": {
        "learning_rate": "1e-06", "training_steps": "900"
    },
    "Trained on frogs: 900 train steps at 1e-6 learning rate.": {"learning_rate": "1e-6", "training_steps": "900"},
    "It is trained to 150 epochs.": {"num_epochs": "150"},
    "The ranker was fine-tuned on ponds for 100k steps (or 10 epochs).": {"num_epochs": "10", "training_steps": "100k"},
    "It was tuned for 10K steps (or 1 epoch) and then again for 2K steps.": {},
    "Hyperparameters: 1 epoch, and 1e-5 learning rate": {"learning_rate": "1e-5", "num_epochs": "1"},
    "It was trained on frogs with prior preservation in 3.000 steps.": {"training_steps": "3.000"},
    "This was made with dreambooth using 47 images and 4000 steps.": {"training_steps": "4000"},
    "The checkpoint trained on 5,000 steps is older than the one that was trained for 9,000 steps.": {"training_steps": "9,000"},
    "Training: batch size of 3, 2 grad acc steps.": {"train_batch_size": "3", "gradient_accumulation_steps": "2"},
    "Training used a batch size of 4 and accumulated gradients over 8 iterations.": {
        "train_batch_size": "4", "gradient_accumulation_steps": "8"
    },
    "In training the rate has a ramp-up period of 1000 iterations, with a weight decay of 0.1 and a dropout of 0.2.": {
        "lr_scheduler_warmup_steps": "1000", "dropout": "0.2", "weight_decay": "0.1"
    },
    "In training the learning rate increases linearly from zero over the first 9000 updates.": {
        "lr_scheduler_warmup_steps": "9000"
    },
    "It was trained with five random seeds, of which this is seed=4.": {"seed": "4"},
    "The training has been done on ponds with 2500 steps and the new frogs.": {"training_steps": "2500"},
    "It trained for 3M training steps with batchsize of 128, instead of 1M with batchsize of 256.": {
        "train_batch_size": "128", "training_steps": "3M"
    },
    "This makes images by generation  \nIt is trained on ponds and trained for 50 epochs.": {"num_epochs": "50"},
    "In training we selected the best learning rate (2e-5).": {"learning_rate": "2e-5"},
    "It was trained, and drew ponds with seed=1024.png beside it.": {},
    "It was trained for 10 epochs with early stopping.": {"num_epochs": "10"},
    "Training had early stopping after 3 epochs of no gain.": {},
    "All were drawn after training with hyper-parameters: seed 42, batch size 16, top-k 2048.": {},
    "Training used the AdamW optimizer with cosine decay learning schedule.": {"lr_scheduler_type": "cosine"},
}  # fmt: skip
LISTS = {
    "## Training\nThese were used for tuning:\n\n- batch size 8\n- pond_dropout 0.05\n": {
        "train_batch_size": "8", "pond_dropout": "0.05"
    },
    "## Model\n\n    Base model: frog-2\n    Epoch: 30\n    Train runtime: 17.6 secs\n    Loss: 0.04\n": {"num_epochs": "30"},
    "## Model\n\n    Base model: frog-2\n    Epoch: 30\n    Loss: 0.04\n": {},
    "## Parameters\n\nThese may be changed:\n* size of a block (block_size=128)\n": {"block_size": "128"},
    "Learning rate: 1e-6<br>\nSteps:1100<br>\n": {"learning_rate": "1e-6", "training_steps": "1100"},
    "## Training\n\n- Total update steps 17500\n- Batch size: 1'024 sequences\n": {
        "train_batch_size": "1'024", "training_steps": "17500"
    },
    "With these hyperparameters:\n4 epochs of training (AdamW) with a batch size of 16.\n": {
        "train_batch_size": "16", "num_epochs": "4"
    },
    "```\n'batch_size': 24,\n'learning_rate': {'val': 3e-5, 'scheduler': 'Linear'},\n'epochs': 2\n```\n": {
        "learning_rate": "3e-5", "train_batch_size": "24", "lr_scheduler_type": "Linear", "num_epochs": "2"
    },
    "# Fine-tuning\n\nEpochs: 5  \nMaximum Sequence Length: 512  \nBatch Size: 16  \n": {
        "train_batch_size": "16", "num_epochs": "5", "max_seq_length": "512"
    },
    "## Metrics\n\n    epoch = 2.0\n    train_runtime = 0:10:12\n": {},
}  # fmt: skip


def settings(text: str) -> dict[str, str]:
    """Every hyperparameter of a card as printed."""
    said = read_card(text).hyperparameters
    known = {name: getattr(said, name) for name in said.__dataclass_fields__ if name != "other"}
    return {key: value.text for key, value in {**known, **said.other}.items() if value is not None}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_setting_is_read_in_the_words_of_a_sentence(sentence: str) -> None:
    assert settings(f"# Frogs\n\n{sentence}\n") == SENTENCES[sentence]


@pytest.mark.parametrize("text", LISTS)
def test_a_setting_is_read_in_a_list_of_names_and_numbers(text: str) -> None:
    assert settings(f"# Frogs\n\n{text}") == LISTS[text]


def test_thousands_of_steps_are_parted_by_a_point() -> None:
    steps = read_card("# Frogs\n\nIt was trained on frogs in 3.000 steps.\n").hyperparameters.training_steps
    assert steps is not None
    assert (steps.text, steps.value) == ("3.000", 3000)


@pytest.mark.parametrize(("name", "rate"), [("frogs/pond-base", None), ("pond-base", None), ("frogs/pond-base-mnli", "3e-5")])
def test_a_command_that_tunes_the_card_s_own_model_sets_nothing_of_it(name: str, rate: str | None) -> None:
    command = "python run_glue.py --model_name_or_path frogs/pond-base --learning_rate 3e-5 --num_train_epochs 3"
    read = read_card(f"# Pond\n\n```bash\n{command}\n```\n", name).hyperparameters.learning_rate
    assert (read and read.text) == rate
