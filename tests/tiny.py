"""Small models and data, made on the spot: a BERT of 2 layers and hidden size 32, and sentences that it can learn a little of."""

import io
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.records import DatasetPlan, ModelPlan, Plan, Run, Schedule, Training
from cardaudit.runs import read_run, write_plan

NAMES = ("anna", "bert", "clara", "dora", "emil")
PLACES = ("berlin", "paris", "oslo", "rome")
FILLERS = ("met", "in", "saw", "near", "the", "quickly", "yesterday", "house", "and", "a")
TRANSFORMER = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def sentences(count: int, seed: int) -> list[tuple[list[str], list[str]]]:
    """Words and IOB2 tags: a person, fillers, a place of one or two words."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        fillers = [draw.choice(FILLERS) for _ in range(draw.randint(1, 6))]
        place = draw.sample(PLACES, draw.randint(1, 2))
        words = [draw.choice(NAMES), *fillers, *place]
        made.append((words, ["B-PER", *["O"] * len(fillers), "B-LOC", *["I-LOC"] * (len(place) - 1)]))
    return made


def write_conll(path: Path, rows: list[tuple[list[str], list[str]]]) -> None:
    path.write_text("\n".join("".join(f"{w}\t{t}\n" for w, t in zip(*row, strict=True)) for row in rows), encoding="utf-8")


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def texts(count: int, seed: int) -> list[dict[str, Any]]:
    """Texts whose label says whether a place is named."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        label = draw.randint(0, 1)
        words = [draw.choice(FILLERS) for _ in range(draw.randint(2, 8))] + ([draw.choice(PLACES)] if label else [])
        made.append({"text": " ".join(words), "label": label})
    return made


def make_base(folder: Path, architecture: str = "bert", **options: Any) -> Path:
    """A base model folder: config.json, model.safetensors, tokenizer.json. Long words have two pieces.

    `options` of its configuration, for example hidden_dropout_prob.
    """
    import torch
    from transformers import AutoConfig, AutoModel, BertTokenizerFast

    folder.mkdir(parents=True)
    words = sorted({*NAMES, *PLACES, *FILLERS})
    pieces = (
        [word for word in words if len(word) < 6] + [word[:3] for word in words] + ["##" + word[3:] for word in words if word[3:]]
    )
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join([*special, *dict.fromkeys(pieces)]), encoding="utf-8")
    tokenizer = BertTokenizerFast.from_pretrained(folder)
    tokenizer.model_max_length = 64
    tokenizer.save_pretrained(folder)
    sizes: dict[str, Any] = {
        "bert": TRANSFORMER,
        "distilbert": {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64},
        "roberta": {**TRANSFORMER, "pad_token_id": 0, "max_position_embeddings": 66},
        "deberta-v2": {**TRANSFORMER, "relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_biased_input": False},
    }[architecture]
    torch.manual_seed(0)
    config = AutoConfig.for_model(architecture, vocab_size=len(tokenizer), **{"max_position_embeddings": 64, **sizes, **options})
    AutoModel.from_config(config).save_pretrained(folder)
    return folder


def token_plan(base: Path, data: Path, **training: Any) -> Plan:
    """Token classification on train.conll and dev.conll of a folder: 2 epochs of 40 sentences, batch 8."""
    dataset = DatasetPlan(
        id="tiny-conll",
        revision=None,
        path=str(data),
        claimed=None,
        same=True,
        format="conll",
        config=None,
        train_split="train",
        eval_split="dev",
        text_columns=("0",),
        label_column="-1",
    )
    return _plan("token_classification", base, dataset, **training)


def text_plan(base: Path, data: Path, **training: Any) -> Plan:
    """Text classification on train.jsonl and dev.jsonl of a folder."""
    conll = token_plan(base, data).dataset
    dataset = replace(conll, id="tiny-texts", format="json", text_columns=("text",), label_column="label")
    return _plan("text_classification", base, dataset, **training)


def _plan(recipe: str, base: Path, dataset: DatasetPlan, **training: Any) -> Plan:
    usual = Training(
        learning_rate=2e-3,
        train_batch_size=8,
        eval_batch_size=4,
        gradient_accumulation_steps=1,
        num_epochs=2.0,
        max_steps=None,
        optimizer="adam",
        adam_beta1=0.9,
        adam_beta2=0.999,
        adam_epsilon=1e-08,
        weight_decay=0.01,
        max_grad_norm=1.0,
        lr_scheduler_type="linear",
        warmup_steps=0,
        warmup_ratio=0.0,
        label_smoothing_factor=0.0,
        precision="fp32",
        max_length=512,
    )
    return Plan(
        mode="train",
        recipe=recipe,
        model=ModelPlan("tiny", None, str(base), None, True),
        dataset=dataset,
        training=replace(usual, **training),
        schedule=Schedule("epoch", None, 3),
        task_options={},
        seeds=(42,),
        replay_seed=42,
        semantics="5.x",
    )


def train(plan: Plan, folder: Path, seed: int = 42, checkpoints: bool = True) -> tuple[Run, list[dict[str, Any]]]:
    """One seed in this process: its run and its events."""
    events = attempt(plan, folder, seed, checkpoints)
    return read_run(folder / str(seed) / "run.json"), events


def attempt(plan: Plan, folder: Path, seed: int = 42, checkpoints: bool = True) -> list[dict[str, Any]]:
    from cardaudit.engine.events import EventLog
    from cardaudit.engine.seeds import train_seeds

    stream = io.StringIO()
    write_plan(plan, folder / "plan.json")
    train_seeds(folder / "plan.json", folder, [seed], checkpoints, EventLog(stream))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def warnings_of(events: list[dict[str, Any]]) -> list[str]:
    return [event["message"] for event in events if event["event"] == "warning"]


def sentence_of(plan: Plan, folder: Path) -> str:
    """The one sentence with which a plan is refused."""
    try:
        attempt(plan, folder)
    except CardauditError as refusal:
        return str(refusal)
    raise AssertionError("the plan was not refused")
