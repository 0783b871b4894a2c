"""Runs of a tiny BERT with the stock Trainer of one transformers, 4.24.0 or today's: one JSON line in, one out.

`python -I -S period_trainer.py FOLDER` runs what period_environment.py made, `python -I period_trainer.py` what is installed.
A line of the input names what differs from `RUN`. The answer:

asked          the settings, whole
batches        of each training micro-batch the numbers of its examples, in the order of the forward passes
updates        how many micro-batches had passed at each optimizer update
rates          the learning rate of each update
max_steps      as the Trainer planned it
log            the log history
card           what the library writes
start, end     each parameter's values, where `weights` is true

Nothing of cardaudit runs here. An example is its number as a token, then its label's word among others, so that something can be
learnt; `files` names a folder with another model (config.json, weights.pt) and tokenised examples (train.json, eval.json).
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = sys.argv[1:]
    os.environ |= {"TRANSFORMERS_OFFLINE": "1", "HF_HUB_OFFLINE": "1"}  # modelcard.py asks the Hub for the base model's licence

import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainerCallback, TrainingArguments
from transformers.modelcard import TrainingSummary

OLD = transformers.__version__.startswith("4.")
EVALUATION = "evaluation_strategy" if OLD else "eval_strategy"
FIRST_NUMBER = 10
RUN: dict[str, Any] = {
    "examples": 20,
    "eval_examples": 12,
    "labels": 2,
    "train_batch_size": 4,
    "eval_batch_size": 5,
    "gradient_accumulation_steps": 1,
    "num_train_epochs": 2.0,
    "max_steps": -1,
    "eval_steps": None,  # None: at each epoch's end
    "logging_steps": 500,
    "learning_rate": 1e-3,
    "weight_decay": 0.01,
    "adam_epsilon": 1e-8,
    "warmup_steps": 0,
    "warmup_ratio": 0.0,
    "lr_scheduler_type": "linear",
    "seed": 42,
    "optim": None,  # None: the library's default
    "dropout": 0.1,
    "evaluates": True,
    "weights": False,
    "files": None,
}


class Watch(TrainerCallback):
    """Notes what a run does."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.updates: list[int] = []
        self.rates: list[float] = []
        self.rate = 0.0

    def forward(self, model: torch.nn.Module, _: object, inputs: dict[str, torch.Tensor]) -> None:
        if model.training:
            self.batches.append((inputs["input_ids"][:, 0] - FIRST_NUMBER).tolist())

    def on_step_begin(self, _arguments: object, _state: object, _control: object, optimizer: Any = None, **_: object) -> None:
        self.rate = optimizer.param_groups[0]["lr"]

    def on_step_end(self, _arguments: object, _state: object, _control: object, **_: object) -> None:
        self.updates.append(len(self.batches))
        self.rates.append(self.rate)


def examples(count: int, labels: int, seed: int) -> list[dict[str, list[int] | int]]:
    draw = random.Random(seed)
    made: list[dict[str, list[int] | int]] = []
    for number in range(count):
        label = draw.randrange(labels)
        tokens = [FIRST_NUMBER + number, *(draw.choice((label, 8, 9)) for _ in range(5))]
        made.append({"input_ids": tokens, "labels": label})
    return made


def examples_of(asked: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Those to train on and those to evaluate."""
    if asked["files"]:
        return [json.loads((Path(asked["files"]) / f"{split}.json").read_text()) for split in ("train", "eval")]
    return [examples(asked[count], asked["labels"], seed) for seed, count in enumerate(("examples", "eval_examples"), start=1)]


def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """A batch, padded to its longest row."""
    longest = max(len(row["input_ids"]) for row in rows)
    padded = [row["input_ids"] + [0] * (longest - len(row["input_ids"])) for row in rows]
    mask = [[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows]
    labels = torch.tensor([row["labels"] for row in rows])
    return {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(mask), "labels": labels}


def model_of(asked: dict[str, Any]) -> BertForSequenceClassification:
    """The model, with the same weights under every version."""
    if asked["files"]:
        model = BertForSequenceClassification(BertConfig.from_pretrained(asked["files"], num_labels=asked["labels"]))
        missing, unexpected = model.load_state_dict(torch.load(Path(asked["files"]) / "weights.pt"), strict=False)
        assert set(missing) <= {"bert.embeddings.position_ids"}
        assert not unexpected
        return model
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    dropout = {"hidden_dropout_prob": asked["dropout"], "attention_probs_dropout_prob": asked["dropout"]}
    vocabulary = FIRST_NUMBER + max(asked["examples"], asked["eval_examples"])
    config = BertConfig(vocab_size=vocabulary, max_position_embeddings=8, num_labels=asked["labels"], **sizes, **dropout)
    model = BertForSequenceClassification(config)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            values = torch.randn(tensor.shape, generator=generator) * 0.1
            tensor.copy_(values + 1 if name.endswith("LayerNorm.weight") else values)
    return model


def scores(prediction: Any) -> dict[str, float]:
    """Accuracy, and precision, recall and F1 of label 1, as sklearn gives them."""
    guess, truth = prediction.predictions.argmax(1), prediction.label_ids
    hits, guessed, there = int(((guess == 1) & (truth == 1)).sum()), int((guess == 1).sum()), int((truth == 1).sum())
    precision, recall = hits / guessed if guessed else 0.0, hits / there if there else 0.0
    f1 = 2 * hits / (guessed + there) if guessed + there else 0.0
    return {"accuracy": float((guess == truth).mean()), "precision": precision, "recall": recall, "f1": f1}


def arguments_of(asked: dict[str, Any], folder: str) -> TrainingArguments:
    same = ("gradient_accumulation_steps", "num_train_epochs", "max_steps", "logging_steps", "learning_rate")
    by = "no" if not asked["evaluates"] else "steps" if asked["eval_steps"] else "epoch"
    options = {key: asked[key] for key in (*same, "weight_decay", "adam_epsilon", "lr_scheduler_type", "seed", "eval_steps")}
    options |= {"optim": asked["optim"]} if asked["optim"] else {}
    ratio = {"warmup_ratio": asked["warmup_ratio"]} if OLD else {}
    return TrainingArguments(
        folder,
        per_device_train_batch_size=asked["train_batch_size"],
        per_device_eval_batch_size=asked["eval_batch_size"],
        warmup_steps=asked["warmup_steps"] if OLD else asked["warmup_steps"] or asked["warmup_ratio"],
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        log_level="error",
        **{EVALUATION: by},
        **options,
        **ratio,
        **({"no_cuda": True} if OLD else {"use_cpu": True}),
    )


def values_of(model: torch.nn.Module) -> dict[str, list[float]]:
    return {name: tensor.detach().flatten().tolist() for name, tensor in model.named_parameters()}


def run(asked: dict[str, Any], folder: str, kind: type[Trainer] = Trainer, **options: Any) -> dict[str, Any]:
    """What the process answers; `kind` and `options` are of another Trainer than the stock one."""
    torch.manual_seed(asked["seed"] + 1)  # a Trainer that does not seed by itself would show
    model, watch = model_of(asked), Watch()
    model.register_forward_pre_hook(watch.forward, with_kwargs=True)
    start = values_of(model)
    train, evaluation = examples_of(asked)
    trainer = kind(
        model,
        arguments_of(asked, folder),
        data_collator=collate,
        train_dataset=train,
        eval_dataset=evaluation,
        compute_metrics=scores,
        callbacks=[watch],
        **options,
    )
    trainer.pop_callback(transformers.PrinterCallback)
    trainer.train()
    summary = TrainingSummary.from_trainer(
        trainer,
        model_name="tiny-words",
        finetuned_from="bert-base-uncased",
        tasks="text-classification",
        dataset_tags="glue",
        dataset="glue",
        dataset_args="sst2",
    )
    answer = {
        "asked": asked,
        "batches": watch.batches,
        "updates": watch.updates,
        "rates": watch.rates,
        "max_steps": trainer.state.max_steps,
        "log": trainer.state.log_history,
        "card": summary.to_model_card(),
    }
    return answer | ({"start": start, "end": values_of(model)} if asked["weights"] else {})


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    print(json.dumps({"transformers": transformers.__version__, "torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(run(RUN | json.loads(line), folder)), flush=True)


if __name__ == "__main__":
    main()
