"""An author of the calibration who has none of this project's code: a stock Trainer script, for whatever environment runs it.

    PYTHON benchmarks/calibration_trainer.py JOB.json

JOB.json has the recipe ("task", "learning_rate", "batch", "epochs"), the folders "data" and "base", "precision" ("fp32" or
"bf16") and "seeds". A line of JSON goes to standard output for each seed: its evaluations as records.Evaluation has them, its
environment, and its seconds. Authors with odd seeds use two threads, others one.
"""

import json
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from seqeval.metrics import accuracy_score as tag_accuracy
from seqeval.metrics import f1_score, precision_score, recall_score
from sklearn.metrics import accuracy_score
from sklearn.metrics import f1_score as class_f1

SPLITS = ("train", "validation")
PACKAGES = ("transformers", "tokenizers", "accelerate", "numpy", "safetensors")
IGNORED = -100
Rows = list[dict[str, Any]]


def sentences(path: Path) -> Rows:
    """Words and their last cells, sentence by sentence."""
    blocks = path.read_text(encoding="utf-8").strip("\n").split("\n\n")
    cells = [[line.split(" ") for line in block.split("\n")] for block in blocks]
    return [{"words": [cell[0] for cell in block], "tags": [cell[-1] for cell in block]} for block in cells]


def texts(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def tagged(rows: Rows, names: list[str], tokenizer: Any) -> Rows:
    """The first piece of each word has its label, as in run_ner.py."""
    made = []
    for row in rows:
        coded = tokenizer(row["words"], is_split_into_words=True, truncation=True)
        before, labels = None, []
        for word in coded.word_ids():
            labels.append(IGNORED if word is None or word == before else names.index(row["tags"][word]))
            before = word
        made.append({**coded, "labels": labels})
    return made


def tag_scores(names: list[str]) -> Any:
    def score(predicted: Any) -> dict[str, float]:
        best = np.argmax(predicted.predictions, axis=2)
        kept = [row != IGNORED for row in predicted.label_ids]
        guessed = [[names[k] for k in row[keep]] for row, keep in zip(best, kept, strict=True)]
        true = [[names[k] for k in row[keep]] for row, keep in zip(predicted.label_ids, kept, strict=True)]
        return {
            "precision": float(precision_score(true, guessed)),
            "recall": float(recall_score(true, guessed)),
            "f1": float(f1_score(true, guessed)),
            "accuracy": float(tag_accuracy(true, guessed)),
        }

    return score


def class_scores(predicted: Any) -> dict[str, float]:
    best = np.argmax(predicted.predictions, axis=1)
    return {
        "accuracy": float(accuracy_score(predicted.label_ids, best)),
        "f1": float(class_f1(predicted.label_ids, best, average="macro")),
    }


def prepared(job: dict[str, Any], tokenizer: Any) -> tuple[list[Rows], list[str], Any, Any, Any]:
    """Both splits, the names of the labels, and what the task takes: model class, collator, metrics."""
    data = Path(job["data"])
    if job["task"].startswith("token"):
        read = [sentences(data / f"{split}.conll") for split in SPLITS]
        names = sorted({tag for row in read[0] for tag in row["tags"]})
        collator = transformers.DataCollatorForTokenClassification(tokenizer)
        made = [tagged(rows, names, tokenizer) for rows in read]
        return made, names, transformers.AutoModelForTokenClassification, collator, tag_scores(names)
    read = [texts(data / f"{split}.jsonl") for split in SPLITS]
    names = [str(label) for label in sorted({row["label"] for row in read[0]})]
    made = [[{**tokenizer(row["text"], truncation=True), "labels": row["label"]} for row in rows] for rows in read]
    collator = transformers.DataCollatorWithPadding(tokenizer)
    return made, names, transformers.AutoModelForSequenceClassification, collator, class_scores


def train(job: dict[str, Any], seed: int, folder: str) -> list[dict[str, Any]]:
    """The evaluations of one seed."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(job["base"])
    (learned, judged), names, model_class, collator, score = prepared(job, tokenizer)
    transformers.set_seed(seed)
    labels = {"id2label": dict(enumerate(names)), "label2id": {name: k for k, name in enumerate(names)}}
    model = model_class.from_pretrained(job["base"], num_labels=len(names), **labels)
    arguments = transformers.TrainingArguments(
        folder,
        seed=seed,
        learning_rate=job["learning_rate"],
        per_device_train_batch_size=job["batch"],
        per_device_eval_batch_size=32,
        num_train_epochs=job["epochs"],
        eval_strategy="epoch",
        logging_steps=10,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
        bf16=job["precision"] == "bf16",
    )
    trainer = transformers.Trainer(
        model,
        arguments,
        train_dataset=learned,
        eval_dataset=judged,
        data_collator=collator,
        processing_class=tokenizer,
        compute_metrics=score,
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()
    return evaluations(trainer.state.log_history)


def evaluations(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows, loss = [], None
    for entry in history:
        loss = entry.get("loss", loss)
        if "eval_loss" in entry:
            timings = ("runtime", "samples_per_second", "steps_per_second", "loss")
            scores = {key[5:]: value for key, value in entry.items() if key.startswith("eval_") and key[5:] not in timings}
            row = {"epoch": entry["epoch"], "step": entry["step"], "training_loss": loss, "validation_loss": entry["eval_loss"]}
            rows.append({**row, "metrics": scores})
    return rows


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    transformers.logging.set_verbosity_error()
    for seed in job["seeds"]:
        began = time.monotonic()
        torch.set_num_threads(1 + seed % 2)
        with tempfile.TemporaryDirectory() as folder:
            rows = train(job, seed, folder)
        environment = {
            "python": platform.python_version(),
            "versions": {"torch": torch.__version__, **{name: version(name) for name in PACKAGES}},
            "precision": job["precision"],
            "threads": torch.get_num_threads(),
        }
        told = {"seed": seed, "rows": rows, "environment": environment, "seconds": time.monotonic() - began}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
