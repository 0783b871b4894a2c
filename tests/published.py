"""Whole repositories as the stock Trainer leaves them, made in one short run: weights, state, arguments, event file, card.

    python published.py OUT

OUT/token and OUT/text hold a repository each (main), that of the checkpoint before the last (earlier), for text one whose labels
are permuted, and OUT/data/token and OUT/data/text the data as JSONL. OUT/audits/token and OUT/audits/text hold runs of the
engine that verify would start a process each for: it finds them by what they read, and makes them where they are not its own.
Run as a process of its own, the Hub switched off: the Trainer's card writer would ask it.
"""

import json
import os
import shutil
import struct
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import tiny

TOKEN_DATA, TEXT_DATA = "user/tiny-entities", "user/tiny-texts"
EVENTS = "runs/Jan01_00-00-00_host/events.out.tfevents.1700000000.host.1.0"
CLASSES = ["no_place", "place"]
LABELS = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]


def make(out: Path) -> None:
    """Both repositories and their data."""
    base = tiny.make_base(out / "base")
    _write_data(out / "data")
    _train("token", base, out)
    _train("text", base, out)
    permute(Path(shutil.copytree(out / "text/main", out / "text/permuted")))
    trained = {"eval_split": "train"}
    _score("token", out, "main", {}, on_training_split=True)
    for state, given, twice in (("main", {}, False), ("main", {}, True), ("main", trained, False), ("earlier", {}, False)):
        _score("text", out, state, given, twice)
    _score("text", out, "permuted", {})


def permute(folder: Path) -> None:
    """Exchanges the two labels in config.json."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config |= {"id2label": {"0": CLASSES[1], "1": CLASSES[0]}, "label2id": {CLASSES[1]: 0, CLASSES[0]: 1}}
    path.write_text(json.dumps(config))


def _score(task: str, out: Path, state: str, given: dict[str, str], on_training_split: bool = False) -> None:
    """One run of the engine on the plan that verify makes, in this process, which has its libraries loaded already."""
    from cardaudit.engine.__main__ import main
    from cardaudit.ladder import look, open_repository
    from cardaudit.ladder.repository import published
    from cardaudit.plan import PlanSettings
    from cardaudit.plan.scoring import make_scoring_plan
    from cardaudit.runs import run_folder, write_plan

    repository = open_repository(str(out / task / state))
    overrides = {"dataset": str(out / "data" / task), "same_dataset": "true", **given}
    settings = PlanSettings(overrides=overrides, evidence=look(repository).evidence)
    plan = make_scoring_plan(repository.card, published(repository, True, False), settings)
    if on_training_split:
        plan = replace(plan, dataset=replace(plan.dataset, eval_split=plan.dataset.train_split, eval_limit=None))
    folder = run_folder(out / "audits" / task, plan)
    write_plan(plan, folder / "plan.json")
    code = main([str(folder / "plan.json"), str(folder), "--seeds", str(plan.seeds[0]), "--no-checkpoints"])
    assert code == 0, (task, state, given)


def _write_data(folder: Path) -> None:
    for split, count, seed in (("train", 160, 1), ("validation", 40, 2)):
        for task in ("token", "text"):
            (folder / task).mkdir(parents=True, exist_ok=True)
        rows = [{"tokens": words, "ner_tags": tags} for words, tags in tiny.sentences(count, seed)]
        tiny.write_jsonl(folder / "token" / f"{split}.jsonl", rows)
        flipped = 16 if split == "train" else 10
        named = [{**row, "label": CLASSES[row["label"] ^ (i % flipped == 0)]} for i, row in enumerate(tiny.texts(count, seed))]
        tiny.write_jsonl(folder / "text" / f"{split}.jsonl", named)


def _train(task: str, base: Path, out: Path) -> None:
    import transformers as hf
    from datasets import load_dataset

    hf.set_seed(7)
    files = {split: str(out / "data" / task / f"{split}.jsonl") for split in ("train", "validation")}
    data = load_dataset("json", data_files=files, cache_dir=str(out / "cache"))
    tokenizer = hf.AutoTokenizer.from_pretrained(base)
    labels = LABELS if task == "token" else CLASSES
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}
    auto = hf.AutoModelForTokenClassification if task == "token" else hf.AutoModelForSequenceClassification
    encode = _encode_words if task == "token" else _encode_texts
    folder = out / task / "tiny-finetuned"
    arguments = hf.TrainingArguments(
        output_dir=str(folder),
        learning_rate=3e-3 if task == "token" else 5e-3,
        per_device_train_batch_size=8,
        per_device_eval_batch_size=16,
        num_train_epochs=2 if task == "token" else 4,
        weight_decay=0.02,
        max_grad_norm=0.8,
        seed=7,
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_steps=5,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    trainer = hf.Trainer(
        auto.from_pretrained(base, **names),
        arguments,
        train_dataset=data["train"].map(lambda row: encode(row, tokenizer, labels), remove_columns=data["train"].column_names),
        eval_dataset=data["validation"].map(
            lambda row: encode(row, tokenizer, labels), remove_columns=data["validation"].column_names
        ),
        processing_class=tokenizer,
        data_collator=hf.DataCollatorForTokenClassification(tokenizer) if task == "token" else None,
        compute_metrics=(lambda p: _entities(p, labels)) if task == "token" else _texts,
    )
    trainer.train()
    trainer.save_model()
    trainer.save_state()
    kind = "token-classification" if task == "token" else "text-classification"
    trainer.create_model_card(
        model_name="tiny-finetuned",
        finetuned_from="user/base",
        tasks=kind,
        dataset_tags=TOKEN_DATA if task == "token" else TEXT_DATA,
        dataset=TOKEN_DATA if task == "token" else TEXT_DATA,
    )
    write_events(folder / EVENTS, trainer.state.log_history, arguments)
    _lay_out(folder, out / task)


def _lay_out(folder: Path, to: Path) -> None:
    """main: the repository without its checkpoints; earlier: the same with the weights of the first one."""
    first, *_ = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    weights = (first / "model.safetensors").read_bytes()
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint)
    folder.rename(to / "main")
    shutil.copytree(to / "main", to / "earlier")
    (to / "earlier/model.safetensors").write_bytes(weights)


def _encode_words(row: dict[str, Any], tokenizer: Any, labels: list[str]) -> dict[str, Any]:
    encoded = tokenizer(row["tokens"], truncation=True, is_split_into_words=True)
    ids, previous, out = encoded.word_ids(), None, []
    for word in ids:
        out.append(-100 if word is None or word == previous else labels.index(row["ner_tags"][word]))
        previous = word
    return {**encoded, "labels": out}


def _encode_texts(row: dict[str, Any], tokenizer: Any, labels: list[str]) -> dict[str, Any]:
    return {**tokenizer(row["text"], truncation=True), "labels": labels.index(row["label"])}


def _entities(prediction: Any, labels: list[str]) -> dict[str, float]:
    from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score

    best = prediction.predictions.argmax(-1)
    pairs = [[(labels[t], labels[g]) for t, g in zip(*row, strict=True) if t != -100] for row in zip(prediction.label_ids, best)]  # noqa: B905
    truth, guess = [[t for t, _ in row] for row in pairs], [[g for _, g in row] for row in pairs]
    scores = {"precision": precision_score, "recall": recall_score, "f1": f1_score, "accuracy": accuracy_score}
    return {name: float(score(truth, guess)) for name, score in scores.items()}


def _texts(prediction: Any) -> dict[str, float]:
    from sklearn.metrics import f1_score

    best = prediction.predictions.argmax(-1)
    return {
        "accuracy": float((best == prediction.label_ids).mean()),
        "f1": float(f1_score(prediction.label_ids, best)),
    }


# --- TensorBoard event files, written without TensorBoard -------------------------------------------------------------------


def write_events(path: Path, history: list[dict[str, Any]], arguments: Any) -> None:
    """The event file that transformers' TensorBoardCallback would have left: the arguments as a text, each log as scalars."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = arguments if isinstance(arguments, str) else arguments.to_json_string()
    events = [_event(0, _text("args/text_summary", text))]
    for entry in history:
        for key, value in entry.items():
            if key not in ("step", "epoch") and isinstance(value, int | float):
                tag = f"eval/{key.removeprefix('eval_')}" if key.startswith("eval_") else f"train/{key}"
                events.append(_event(int(entry["step"]), _scalar(tag, float(value))))
    path.write_bytes(b"".join(map(_record, events)))


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes((value & 0x7F | 0x80,)), value >> 7
    return out + bytes((value,))


def _bytes(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _event(step: int, value: bytes) -> bytes:
    return b"\x09" + struct.pack("<d", 1.7e9) + _varint(2 << 3) + _varint(step) + _bytes(5, _bytes(1, value))


def _scalar(tag: str, value: float) -> bytes:
    return _bytes(1, tag.encode()) + _varint(2 << 3 | 5) + struct.pack("<f", value)


def _text(tag: str, text: str) -> bytes:
    return _bytes(1, tag.encode()) + _bytes(8, _varint(1 << 3) + _varint(7) + _bytes(8, text.encode()))


def _record(data: bytes) -> bytes:
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", _masked(head)) + data + struct.pack("<I", _masked(data))


def _masked(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


if __name__ == "__main__":
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1")
    make(Path(sys.argv[1]))
    print(json.dumps({"made": sys.argv[1]}))
