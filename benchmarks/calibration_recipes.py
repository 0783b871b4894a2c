"""Recipes that train in seconds: made-up data, a small base model, the cards that the stock card writer makes of their runs."""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.records import Card, Plan, Run
from cardaudit.runs import read_runs, run_folder, write_plan

KINDS = ("PER", "LOC", "ORG", "O", "O", "O", "O")
PHRASES = {"PER": "B-NP", "LOC": "B-NP", "ORG": "B-NP", "O": "B-VP"}
SYLLABLES = ("ba", "de", "ki", "lo", "mu", "ne", "po", "ra", "si", "tu", "ve", "zo")
MODEL = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96}


@dataclass(frozen=True)
class Recipe:
    """How a model is trained, and on what: `noise` is the share of labels that are drawn anew, which keeps scores below 1."""

    name: str
    task: str
    train: int
    evaluation: int
    noise: float
    learning_rate: float = 2e-3
    batch: int = 16
    epochs: int = 3
    classes: int = 2
    words: int = 120


RECIPES = (
    Recipe("token small", "token-classification", 200, 60, 0.05),
    Recipe("token usual", "token-classification", 400, 150, 0.08),
    Recipe("token noisy", "token-classification", 400, 150, 0.25),
    Recipe("token large evaluation", "token-classification", 300, 600, 0.08),
    Recipe("token long", "token-classification", 200, 150, 0.08, epochs=6),
    Recipe("token slow", "token-classification", 400, 150, 0.08, learning_rate=7e-4, batch=8),
    Recipe("text small", "text-classification", 300, 100, 0.05),
    Recipe("text usual", "text-classification", 600, 400, 0.08),
    Recipe("text noisy", "text-classification", 600, 400, 0.25),
    Recipe("text many classes", "text-classification", 800, 400, 0.08, classes=6),
    Recipe("text long", "text-classification", 300, 400, 0.08, epochs=6),
    Recipe("text large evaluation", "text-classification", 400, 1500, 0.12, learning_rate=1e-3, batch=8),
)


@cache
def vocabulary(size: int) -> tuple[tuple[str, str], ...]:
    """Words of two to four syllables, each with the kind of thing that it names."""
    draw, words = random.Random("vocabulary"), dict[str, str]()
    while len(words) < size:
        words["".join(draw.choice(SYLLABLES) for _ in range(draw.randint(2, 4)))] = draw.choice(KINDS)
    return tuple(words.items())


def write_data(recipe: Recipe, folder: Path) -> None:
    """train and validation files: CoNLL with word, part of speech, phrase and entity, or JSONL with text and label."""
    folder.mkdir(parents=True, exist_ok=True)
    for split, count in (("train", recipe.train), ("validation", recipe.evaluation)):
        draw = random.Random(f"{recipe.name} {split}")
        if recipe.task.startswith("token"):
            text = "\n".join("".join(f"{' '.join(cells)}\n" for cells in _sentence(recipe, draw)) for _ in range(count))
            (folder / f"{split}.conll").write_text(text, encoding="utf-8")
        else:
            lines = (json.dumps(_text(recipe, draw)) + "\n" for _ in range(count))
            (folder / f"{split}.jsonl").write_text("".join(lines), encoding="utf-8")


def _sentence(recipe: Recipe, draw: random.Random) -> Iterator[tuple[str, str, str, str]]:
    known, before = vocabulary(recipe.words), "O"
    for _ in range(draw.randint(4, 12)):
        word, kind = draw.choice(known)
        if draw.random() < recipe.noise:
            kind = draw.choice(KINDS)
        entity = "O" if kind == "O" else f"{'I' if kind == before else 'B'}-{kind}"
        speech = ("NN" if kind != "O" else "VB") if len(word) % 4 else "JJ"
        yield word, speech, PHRASES[kind].replace("B-", "I-" if kind == before else "B-"), entity
        before = kind


def _text(recipe: Recipe, draw: random.Random) -> dict[str, Any]:
    known, label = vocabulary(recipe.words), draw.randrange(recipe.classes)
    own = known[label :: recipe.classes]
    words = [draw.choice(own if draw.random() < 0.6 else known)[0] for _ in range(draw.randint(4, 12))]
    return {"text": " ".join(words), "label": draw.randrange(recipe.classes) if draw.random() < recipe.noise else label}


def write_base(folder: Path, words: int = 120) -> None:
    """A BERT of two layers that has learned nothing; a word of more than four letters has two pieces."""
    import torch
    from transformers import AutoConfig, AutoModel, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    pieces = {part for word, _ in vocabulary(words) for part in (word[:4], f"##{word[4:]}" if word[4:] else word)}
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(pieces)]))
    tokenizer = BertTokenizerFast.from_pretrained(folder)
    tokenizer.model_max_length = 64
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = AutoConfig.for_model("bert", vocab_size=len(tokenizer), max_position_embeddings=64, **MODEL)
    AutoModel.from_config(config).save_pretrained(folder)


def card_text(recipe: Recipe, run: Run, full: bool = True) -> str:
    """The card that transformers writes of a run. `full`: with its front matter, where the numbers stand in all their digits."""
    from transformers import modelcard

    log: list[dict[str, Any]] = []
    for row in run.rows:
        if row.training_loss is not None:
            log.append({"loss": row.training_loss, "epoch": row.epoch, "step": row.step})
        scores = {f"eval_{name}": value for name, value in row.metrics.items()}
        log.append({"eval_loss": row.validation_loss, **scores, "epoch": row.epoch, "step": row.step})
    _, lines, results = modelcard.parse_log_history([*log, {"train_runtime": 1.0, "epoch": float(recipe.epochs), "step": 1}])
    told = {
        "learning_rate": recipe.learning_rate,
        "train_batch_size": recipe.batch,
        "eval_batch_size": 32,
        "seed": 42,
        "optimizer": "Use OptimizerNames.ADAMW_TORCH with betas=(0.9,0.999) and epsilon=1e-08 and optimizer_args=No additional "
        "optimizer arguments",
        "lr_scheduler_type": "linear",
        "num_epochs": recipe.epochs,
    }
    summary = modelcard.TrainingSummary(
        "small-finetuned",
        finetuned_from="user/small",
        tasks=recipe.task if full else None,
        dataset="user/made-up",
        dataset_tags="user/made-up" if full else None,
        eval_results=results,
        eval_lines=lines,
        hyperparameters=told,
    )
    return _of_its_versions(str(summary.to_model_card()), run)


def _of_its_versions(text: str, run: Run) -> str:
    """The card with the versions of the author's libraries, where they are known, for those of this process."""
    for name, told in run.environment.get("versions", {}).items():
        text = re.sub(rf"(?m)^- {name} .*$", f"- {name.capitalize()} {told}", text, flags=re.IGNORECASE)
    return text


def settings_of(recipe: Recipe, folder: Path, changes: Mapping[str, str] | None = None) -> PlanSettings:
    """How to plan a card of a recipe whose data and base lie in `folder`."""
    stated = {
        "task": recipe.task,
        "dataset": str(folder / "data"),
        "same_dataset": "true",
        "base_model": str(folder / "base"),
        "same_base": "true",
        "logging_steps": "10",
        "seed": "42",
    }
    if recipe.task.startswith("text"):
        stated |= {"metrics": "accuracy,f1", "average": "macro"}
    return PlanSettings(overrides={**stated, **(changes or {})}, offline=True, replay=False)


def stated_settings(recipe: Recipe, folder: Path) -> PlanSettings:
    """The settings with everything that a card of the recipe states."""
    told = {"eval_strategy": "epoch", "learning_rate": f"{recipe.learning_rate}", "train_batch_size": f"{recipe.batch}"}
    return settings_of(recipe, folder, {**told, "eval_batch_size": "32", "num_epochs": f"{recipe.epochs}"})


def plan_of(recipe: Recipe, folder: Path, changes: Mapping[str, str] | None = None) -> Plan:
    """The plan of a recipe's cards, with other settings where `changes` says so; no card's number is in it."""
    blank = f"# small\n\n- learning_rate: {recipe.learning_rate}\n- train_batch_size: {recipe.batch}\n- eval_batch_size: 32\n"
    card = read_card(f"{blank}- lr_scheduler_type: linear\n- num_epochs: {recipe.epochs}\n")
    settings = stated_settings(recipe, folder)
    return replace(make_plan(card, replace(settings, overrides={**settings.overrides, **(changes or {})})), replay_seed=None)


def engine(plan: Plan, folder: Path, seeds: Sequence[int], checkpoints: bool = False, loop: str = "auto") -> Iterator[Any]:
    """The engine in this process: what start_engine does, without its start."""
    import io

    from cardaudit.engine.events import EventLog
    from cardaudit.engine.seeds import train_seeds

    target = run_folder(folder, plan)
    target.mkdir(parents=True, exist_ok=True)
    write_plan(plan, target / "plan.json")
    train_seeds(target / "plan.json", target, list(seeds), checkpoints, EventLog(io.StringIO()), loop)
    return iter(())


def trained(plan: Plan, folder: Path, seed: int, loop: str = "auto") -> Run:
    """One seed of a plan, trained where it is not there yet."""
    done = next((run for run in read_runs(folder, plan) if run.seed == seed), None)
    if done is None:
        engine(plan, folder, [seed], False, loop)
    return next(run for run in read_runs(folder, plan) if run.seed == seed)


def audited_card(recipe: Recipe, run: Run) -> Card:
    return read_card(card_text(recipe, run))
