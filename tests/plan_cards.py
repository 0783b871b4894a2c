"""Cards built by hand, so that the tests of planning need no reader; and small models and data that are files only."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from cardaudit.records import Card, DatasetMention, EpochRow, Hyperparameters, OptimizerLine, Printed, Source, Span

ENTITY = ("precision", "recall", "f1", "accuracy")
TRAINED = {
    "learning_rate": "2e-05",
    "train_batch_size": "4",
    "eval_batch_size": "8",
    "seed": "42",
    "lr_scheduler_type": "linear",
    "num_epochs": "3.0",
}
ADAM = OptimizerLine("Adam with betas=(0.9,0.999) and epsilon=1e-08", "adam", (0.9, 0.999), 1e-08, Span(0, 1))


def printed(text: str) -> Printed:
    """As the dialects read it: whole epochs and short decimals are exact, longer ones have the slack of their last digit."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Printed(text, None, Decimal(0), Span(0, len(text)))
    digits = max(-int(value.as_tuple().exponent), 0)
    slack = Decimal(5).scaleb(-digits - 1) if digits >= 2 and "e" not in text else Decimal(0)
    return Printed(text, value, slack, Span(0, len(text)))


def card(
    base: str | None = "some/base",
    dataset: str | None = "some/data",
    task: str | None = "token-classification",
    title: str = "some-model",
    said: Mapping[str, str] = TRAINED,
    optimizer: OptimizerLine | None = ADAM,
    table: Sequence[str] = (),
    columns: Sequence[str] = ENTITY,
    version: str | None = "5.23.0",
    config: str | None = None,
    split: str | None = None,
    elided: bool = False,
    text: str = "",
) -> Card:
    """A card. A line of `table` is "loss epoch step validation-loss metrics..."; "-" is an absent cell, "_" a blank in one."""
    mention = DatasetMention(dataset, config, split, dataset, Span(0, 1)) if dataset else None
    return Card(
        source=Source("card.md", "0" * 64, "trainer"),
        text=text,
        line_starts=(0,),
        model_name=printed(title),
        base_model=printed(base) if base else None,
        task=printed(task) if task else None,
        datasets=(mention,) if mention else (),
        hyperparameters=Hyperparameters(**{key: printed(value) for key, value in said.items()}),  # type: ignore[arg-type]
        optimizer=optimizer,
        epochs=tuple(_row(line, columns) for line in table),
        elided=(Span(0, 1),) if elided else (),
        framework_versions={"transformers": printed(version)} if version else {},
    )


def _row(line: str, columns: Sequence[str]) -> EpochRow:
    loss, epoch, step, validation, *metrics = (None if cell == "-" else printed(cell.replace("_", " ")) for cell in line.split())
    named = {name: cell for name, cell in zip(columns, metrics, strict=False) if cell is not None}
    return EpochRow(Span(0, 1), epoch, step, loss, validation, named)


def make_model(folder: Path, **config: object) -> Path:
    """A model's files: 6 parameters, a tokenizer of 64 tokens, weights as safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    header = json.dumps(
        {"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {"format": "pt"}}
    ).encode()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(24))
    settings = {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 2, "max_position_embeddings": 128, **config}
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 64}')
    return folder


def make_conll(folder: Path, **examples: int) -> Path:
    """CoNLL files, `train=9` sentences each of three words, `dev=...`."""
    folder.mkdir(parents=True, exist_ok=True)
    for split, count in examples.items():
        (folder / f"{split}.conll").write_text("Anna\tB-PER\nsaw\tO\nOslo\tB-LOC\n\n" * count)
    return folder
