"""Entities counted on a device, in whole numbers, as seqeval counts them on lists of labels.

seqeval 1.2.2, sequence_labeling.py, get_entities, without a mode: whether a chunk ends or starts between two tags depends on
these two alone, so a table of all pairs of labels, made by its own functions, says it for whole tensors at a time. Sentences
follow one another with an "O" behind each, as there. Tags that are no IOB2 are therefore read as it reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from seqeval.metrics.sequence_labeling import end_of_chunk, start_of_chunk

from cardaudit.engine.task import Score, Tally

OUTSIDE = "O"
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Rules:
    """Of L labels and an "O" behind them: `starts`, `ends` (L + 1, L + 1) from one tag to the next; `types` (L + 1,) numbers."""

    starts: torch.Tensor
    ends: torch.Tensor
    types: torch.Tensor


@dataclass(frozen=True, slots=True)
class Chunks:
    """Of a row of n tags: where a chunk `ends` (n,) bool, where the one in hand `begins` (n,), and its type (n,)."""

    ends: torch.Tensor
    begins: torch.Tensor
    types: torch.Tensor


def rules_of(labels: Sequence[str], device: Any) -> Rules:
    tags = [(label[0], label[1:].split("-", maxsplit=1)[-1] or "_") for label in (*labels, OUTSIDE)]
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(kind for _, kind in tags))}
    starts, ends = (
        torch.tensor(
            [[rule(before, tag, kind_before, kind) for tag, kind in tags] for before, kind_before in tags], device=device
        )
        for rule in (start_of_chunk, end_of_chunk)
    )
    return Rules(starts, ends, torch.tensor([kinds[kind] for _, kind in tags], device=device))


def chunks_of(row: torch.Tensor, rules: Rules) -> Chunks:
    """The chunks of a row of label ids (n,), whose last one is the "O" behind the last sentence."""
    before, after = torch.cat([row[-1:], row[:-1]]), torch.cat([row[1:], row[-1:]])
    places = torch.arange(len(row), device=row.device)
    begins = torch.where(rules.starts[before, row], places, 0).cummax(0).values
    return Chunks(rules.ends[row, after], begins, rules.types[row])


def count_entities(guess: Chunks, truth: Chunks, types: int) -> torch.Tensor:
    """(3, types) int64: correct, predicted and gold entities of each type."""
    right = guess.ends & truth.ends & (guess.begins == truth.begins) & (guess.types == truth.types)
    pairs = ((right, truth.types), (guess.ends, guess.types), (truth.ends, truth.types))
    return torch.stack([torch.zeros_like(kind[:1]).repeat(types).index_add_(0, kind, which.long()) for which, kind in pairs])


def entity_tally(rows: Sequence[Sequence[int]], labels: Sequence[str], names: Sequence[str], device: Any) -> Tally:
    """Counts and scores of guesses for sentences of these label ids, IGNORED for tokens that do not count.

    `count` takes a guess for each token, also for those. `score` is token_classification.score of the same guesses.
    """
    rules, outside = rules_of(labels, device), len(labels)
    gold = torch.tensor([label for row in rows for label in row], device=device)
    scored = (gold != IGNORED).nonzero()[:, 0]
    lengths = [sum(label != IGNORED for label in row) for row in rows]
    sentence = torch.repeat_interleave(torch.tensor(lengths)).to(device)
    places = torch.arange(len(sentence), device=device) + sentence  # one "O" more before each further sentence
    empty = torch.full((len(scored) + len(rows),), outside, device=device)
    truth = empty.index_copy(0, places, gold[scored])
    chunks, types = chunks_of(truth, rules), int(rules.types.max()) + 1

    def count(guesses: torch.Tensor) -> torch.Tensor:
        row = empty.index_copy(0, places, guesses[scored])
        correct = (row == truth).sum() - len(rows)
        return torch.cat([correct[None], count_entities(chunks_of(row, rules), chunks, types).sum(1)])

    return Tally(count, lambda counts: _score(counts, len(scored), names))


def _score(counts: Sequence[int], tokens: int, names: Sequence[str]) -> Score:
    """seqeval's micro averages, with 0 where nothing is divided by."""
    right, both, predicted, gold = counts
    precision, recall = (both / all_of_them if all_of_them else 0.0 for all_of_them in (predicted, gold))
    metrics = {
        "precision": precision,
        "recall": recall,
        "f1": 2.0 * precision * recall / ((precision + recall) or 1.0),
        "accuracy": right / tokens,
    }
    facts = {
        "gold_entities": gold,
        "predicted_entities": predicted,
        "correct_entities": both,
        "evaluation_tokens": tokens,
        "correct_tokens": right,
    }
    return Score({name: metrics[name] for name in names}, facts)
