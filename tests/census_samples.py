"""Censuses for tests, made of short lines: strangers who ran a recipe, and what they print.

A line is `author/model: metric text, metric text | epoch step training-loss validation-loss metric | ...`; it stands for a card
that is the tested one with these numbers, or with another base model (`base=ID`) or data set (`data=ID`).
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cardaudit.census.build import Building
from cardaudit.parse import read_card
from cardaudit.records import Card
from cardaudit.records.census import Cell, Twin

CARD = """---
tags:
- generated_from_trainer
datasets:
- {data}
---

# {name}

This model is a fine-tuned version of [{base}](https://huggingface.co/{base}) on the {data} dataset.
It achieves the following results on the evaluation set:
{headline}

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 16
- eval_batch_size: 16
- seed: 42
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- lr_scheduler_type: linear
- num_epochs: 3

### Training results

{table}

### Framework versions

- Transformers {release}
"""
F1 = ("0.9298", "0.9312", "0.9319", "0.9321", "0.9325", "0.9331", "0.9308", "0.9340", "0.9317")
NINE = "".join(f"author{i}/tagger: Loss 0.06{i}1, F1 {f1}\n" for i, f1 in enumerate(F1))
"""Nine authors of one recipe."""
ROWS = "| 1.0 878 0.2433 0.0712 0.9102 | 2.0 1756 0.0533 0.0645 0.9244 | 3.0 2634 0.0311 0.0612 0.9313"
"""Three rows for the end of a line."""
LINE = re.compile(r"(?P<id>\S+):(?P<options>(?: \w+=\S+)*)(?: (?P<headline>[^|]*))?(?:\| (?P<rows>.*))?")


class MadeCensus(NamedTuple):
    """A census that holds a few cells, as `cardaudit.records.census.Census` asks for."""

    cells: tuple[Cell, ...]
    source: Mapping[str, Any]

    def cell(self, key: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.recipe.is_whole and cell.recipe.key == key), None)

    def twins(self, table: str) -> tuple[Twin, ...]:
        found = [(run, cell) for cell in self.cells for run in cell.runs if run.table == table]
        return tuple(Twin(name, cell.recipe) for run, cell in found for name in (run.id, *run.same))


def made_census(lines: str) -> MadeCensus:
    """The census of cards that the lines describe."""
    building = Building()
    for line in filter(None, lines.splitlines()):
        building.add(read_card(card_text(line), line.partition(":")[0]))
    return MadeCensus(tuple(building.cells()), {"source": "made for a test", "date": "2026-11-21", "cards": building.cards})


def card_text(line: str) -> str:
    """The card of one line."""
    match = LINE.fullmatch(line)
    assert match, line
    options = dict(option.split("=") for option in match["options"].split())
    base, data = options.get("base", "bert-base-uncased"), options.get("data", "conll2003")
    metrics = [each.split() for each in (match["headline"] or "").split(",") if each.strip()]
    headline = "\n".join(f"- {name}: {text}" for name, text in metrics)
    names = [name for name, _ in metrics if name != "Loss"]
    head = f"| Training Loss | Epoch | Step | Validation Loss | {' | '.join(names)} |\n|{':---:|' * (4 + len(names))}"
    rows = (match["rows"] or default_row(dict(metrics), names, options.get("steps", "878"))).split("|")
    table = "\n".join([head, *(f"| {training} | {epoch} | {' | '.join(rest)} |" for epoch, training, *rest in map(cells, rows))])
    return CARD.format(
        name=match["id"].partition("/")[2], base=base, data=data, headline=headline, table=table,
        release=options.get("release", "4.16.2"),
    )  # fmt: skip


def cells(row: str) -> list[str]:
    """A row's cells, with the training loss between epoch and step."""
    epoch, step, training, *rest = row.split()
    return [epoch, training, step, *rest]


def default_row(metrics: Mapping[str, str], names: list[str], steps: str) -> str:
    """One row at the end of three epochs that repeats the headline."""
    return f"3.0 {int(steps) * 3} 0.05 {metrics.get('Loss', '0.06')} {' '.join(metrics[name] for name in names)}"


def card(line: str, name: str = "card.md") -> Card:
    """The card of one line, read."""
    return read_card(card_text(line), name)
