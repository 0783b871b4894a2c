"""Settings, base models and data sets that cards state in words, in code and in items without a colon."""

import pytest

from cardaudit.parse import read_card


def settings(text):
    """Every hyperparameter of a card as printed, the Trainer's keys and others alike."""
    said = read_card(text).hyperparameters
    known = {name: getattr(said, name) for name in said.__dataclass_fields__ if name != "other"}
    return {key: value.text for key, value in {**known, **said.other}.items() if value is not None}


def optimizer(text):
    line = read_card(text).optimizer
    return line and (line.name, line.betas, line.epsilon)


def datasets(text):
    return [mention.id for mention in read_card(text).datasets]


def base(text):
    found = read_card(text).base_model
    return found and found.text


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        (
            "We fine-tuned it with sequence length 128, learning rate 3e-5, batch size 16, 2 GPUs, 5 epochs.",
            {"learning_rate": "3e-5", "train_batch_size": "16", "num_epochs": "5", "max_seq_length": "128"},
        ),
        (
            "The model was trained for 40k steps with gradient accumulation steps of 4 and a batch size of 8.",
            {"train_batch_size": "8", "gradient_accumulation_steps": "4", "training_steps": "40k"},
        ),
        ("It was trained for 2 million steps.", {"training_steps": "2 million"}),
        (
            "It was trained with batch size 16, learning rate 3e-5, epochs 3.",
            {"learning_rate": "3e-5", "train_batch_size": "16", "num_epochs": "3"},
        ),
        (
            "It was trained for 200k steps. The batch size was limited to 8 due to GPU memory limitations.",
            {"train_batch_size": "8", "training_steps": "200k"},
        ),
        ("We train it for 624,000 iterations.", {"training_steps": "624,000"}),
        (
            "It was fine-tuned for 50 epochs with 32 batch size. Training with a batch size of 1 fits into 6 GB of GPU memory.",
            {"train_batch_size": "32", "num_epochs": "50"},
        ),
        ("It was trained with a learning rate warmup for 10,000 steps.", {"lr_scheduler_warmup_steps": "10,000"}),
        ("In training we evaluate every 250 steps and save every 500 steps.", {"eval_steps": "250", "save_steps": "500"}),
        ("The training precision used is float32.", {"training_precision": "float32"}),
        ("It was initialized from x and then trained for an additional 100K steps.", {"training_steps": "100K"}),
        ("It was tuned for 120000 updates.", {"training_steps": "120000"}),
        ("Training set-up: in total 1 million training steps:", {"training_steps": "1 million"}),
        (
            "I trained for 1800 steps with a learning rate of 1e-5 and 350 text encoder steps.",
            {"training_steps": "1800", "learning_rate": "1e-5"},
        ),
        ("It was trained for three epochs. We trained for 3 epochs.", {"num_epochs": "three"}),
        ("It was trained for one epoch and then for two epochs.", {}),
        ("It was tuned for 120000 updates and then for an additional 20000 updates.", {}),
        ("We continued the training for an additional 734,000 steps.", {}),
        ("It was trained with a learning rate of 1·10−4.", {}),
        ("Trained on 1'024 images with a batch size of 1'024.", {}),
        ("It was trained with a learning rate of 4e-4:200, then 2e-4.", {}),
        ("It was trained with a sequence length of 128 for 90 % of the steps and 512 for the rest.", {}),
    ],
)
def test_sentences_on_training(sentence, stated):
    assert settings(f"# m\n\n{sentence}\n") == stated


def test_a_heading_on_training_speaks_for_the_sentences_below_it():
    assert settings("# m\n\n## Training\n\nLoRA (rank 4) for 20 steps on 900 examples.\n") == {"training_steps": "20"}
    assert settings("# m\n\n## Steps\n\nLoRA (rank 4) for 20 steps on 900 examples.\n") == {}


def test_what_a_pretrained_model_was_tuned_with_for_a_measurement_is_not_its_own():
    text = "# m\n\n## Evaluation\n\nOn other tasks, models were trained for 3 epochs with a batch size of 16.\n"
    assert settings(text) == {}
    own = "# m\n\n## Evaluation\n\nThe model was trained for 3 epochs with a batch size of 16.\n"
    assert settings(own) == {"train_batch_size": "16", "num_epochs": "3"}


def test_items_without_a_colon():
    items = "- learning_rate 3e-6\n- batch size 8\n- `warmup_steps` 500\n- seed 2\n- 4 epochs\n- version 3\n"
    assert settings(f"# m\n\n## Training\n\n{items}") == {
        "learning_rate": "3e-6",
        "train_batch_size": "8",
        "seed": "2",
        "lr_scheduler_warmup_steps": "500",
        "num_epochs": "4",
    }
    assert settings("# m\n\n## Usage\n\n- batch size 8\n") == {}


def test_the_seed_of_an_image_is_no_trainings():
    assert settings("# m\n\n**Guidance Scale:** 7\n**Seed:** 42\n") == {}
    assert settings("# m\n\n**Learning rate:** 1e-4\n**Seed:** 42\n") == {"learning_rate": "1e-4", "seed": "42"}
    assert settings("# m\n\nWith the guidance of a sampler:\n- Seed: 42\n") == {"seed": "42"}


def test_a_schedule_and_a_product_as_values():
    items = "- **Batch:** 16 x 8 x 2 = 256\n- **Learning rate:** warmup to 0.0002 for 5,000 steps and then kept constant\n"
    assert settings(f"# m\n\n**Training Procedure**\n\n{items}") == {
        "learning_rate": "0.0002",
        "total_train_batch_size": "256",
        "lr_scheduler_warmup_steps": "5,000",
    }


def test_a_configuration_in_yaml():
    yaml = """\
base_model: some/model-7b
val_set_size: 0.05
adapter: lora
lora_r: 8
# lora_alpha: 64
sequence_len: 512
micro_batch_size: 4
num_epochs: 5
num_virtual_tokens: 32
eval_steps: 10
logging_steps: 20
early_stopping_patience: 3
weight_decay: null
resolution: 448,640
"""
    assert settings(f"# m\n\n```yaml\n{yaml}```\n") == {
        "train_batch_size": "4",
        "num_epochs": "5",
        "val_set_size": "0.05",
        "adapter": "lora",
        "lora_r": "8",
        "sequence_len": "512",
        "num_virtual_tokens": "32",
        "eval_steps": "10",
        "logging_steps": "20",
        "early_stopping_patience": "3",
    }


def test_a_peft_configuration_in_python():
    code = "config = LoraConfig(\n    r=16,\n    lora_alpha=32,\n    lora_dropout=0.05,\n)\n"
    assert settings(f"# m\n\n```python\n{code}```\n") == {"lora_r": "16", "lora_alpha": "32", "lora_dropout": "0.05"}


def test_the_schedule_that_a_script_asks_for():
    code = """\
lr = 0.0003
lr_scheduler = get_scheduler(
    name="linear",
    optimizer=optimizer,
    num_warmup_steps=0,
    num_training_steps=700)
"""
    stated = settings(f"# m\n\nParameters for training:\n\n{code}\nThis took only 10K steps with a batch size of 10.\n")
    assert stated == {
        "learning_rate": "0.0003",
        "train_batch_size": "10",
        "lr_scheduler_type": "linear",
        "lr_scheduler_warmup_steps": "0",
        "training_steps": "700",
    }


def test_a_listing_under_a_line_that_calls_it_hyperparameters():
    listing = "```bash\nlearning rate = 1e-4\nnumber of gradients = 512\ndampening = 1e-6\n```\n"
    assert settings(f"# m\n\nHyperparameters used by the optimizer:\n\n{listing}") == {
        "learning_rate": "1e-4",
        "number_of_gradients": "512",
        "dampening": "1e-6",
    }
    assert settings(f"# m\n\nThe output is:\n\n{listing}") == {}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The optimizer used is Adam with \\\\(\\beta_{1} = 0.9\\\\) and \\\\(\\beta_{2} = 0.98\\\\).", (0.9, 0.98)),
        ("We trained with the AdamW optimizer (β1 = 0.9, β2 = 0.95).", (0.9, 0.95)),
        ("- Optimizer: The Adam optimizer is used\n- Beta parameters: beta_1 = 0.9, beta_2 = 0.999", (0.9, 0.999)),
        ("- optimizer: AdamW\n- adam_beta1: 0.9\n- adam_beta2: 0.95", (0.9, 0.95)),
        ("- optimizer: SGD\n- adam_beta1: 0.9\n- adam_beta2: 0.95", None),
    ],
)  # fmt: skip
def test_betas_wherever_they_stand(text, read):
    found = optimizer(f"# m\n\n## Training\n\n{text}\n")
    assert found is not None
    assert found[1] == read


def test_steps_are_no_epsilon():
    text = "It was trained with the Adam optimizer with a learning rate of 1e-5, gradient accumulation steps of 8."
    assert optimizer(f"# m\n\n{text}\n") == ("adam", None, None)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("This model was obtained by fine-tuning `some/bart-large` on our letters.", "some/bart-large"),
        ("- **Finetuned from model [optional]:** bert-base-multilingual-uncased", "bert-base-multilingual-uncased"),
        ("**Base model**: `acme/covid_bert_base` from the Hub.", "acme/covid_bert_base"),
        ("A 32B instruct model finetuned from Quartz-4.0-H-Small-Base.", "Quartz-4.0-H-Small-Base"),
        ("It is the instruct version of Quartz-7B.", "Quartz-7B"),
        ("It is derived from [a Thai model](https://huggingface.co/acme/thai-bert-base).", "acme/thai-bert-base"),
        ("A probing task was built by finetuning the model for each label.", None),
        ("- **Finetuned from model [optional]:** [More Information Needed]", None),
        ("The pre-trained model is a smaller version of [X](https://huggingface.co/acme/x-large-v1).", None),
    ],
)
def test_base_models_told_plainly(sentence, name):
    assert base(f"# m\n\n{sentence}\n") == name


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("This model is finetuned on MNLI dataset.", ["MNLI"]),
        ("It was further trained on the Common_Forms corpus.", ["Common_Forms"]),
        ("It was trained with the largest dataset of the [ACME_SPEECH](https://github.com/acme/ACME_SPEECH).", ["ACME_SPEECH"]),
        ("The base model is trained on MLSUM dataset.", []),
        ("It was fine-tuned for questions, having been pretrained on C4200M dataset.", []),
        ("It was trained on a large Japanese corpus.", []),
    ],
)
def test_datasets_told_in_a_sentence(sentence, names):
    assert datasets(f"# m\n\n{sentence}\n") == names


def test_a_threshold_of_f1_is_no_f1():
    rows = "| F1 Threshold | 0.9 |\n| F1 | 0.73 |\n| Precision | 0.61 |\n| Recall | 0.92 |\n"
    read = read_card(f"# m\n\n| Metric | Score |\n|---|---|\n{rows}").results
    assert [(result.metric, result.number.text) for result in read] == [("f1", "0.73"), ("precision", "0.61"), ("recall", "0.92")]


def test_a_number_of_epochs_in_a_word_counts():
    epochs = read_card("# m\n\nIt was trained for three epochs.\n").hyperparameters.num_epochs
    assert epochs is not None
    assert (epochs.text, epochs.value, epochs.slack) == ("three", 3, 0)


INDEX = """---
model-index:
- name: x
  results:
  - task: {type: rl}
    dataset: {name: pond}
    metrics:
    - {type: mean_reward, value: %s}
---
# x
"""


@pytest.mark.parametrize(("value", "numbers"), [("nan +/- nan", [("nan +/- nan", None)]), ("nan or so", [])])
def test_a_reward_that_is_no_number_is_one_of_the_index(value: str, numbers: list[object]):
    assert [(each.number.text, each.number.value) for each in read_card(INDEX % value).model_index] == numbers
