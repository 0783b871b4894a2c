"""What a device counts of the guesses, against seqeval and against the scores made of logits."""

import random
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")

from seqeval.metrics.sequence_labeling import get_entities  # noqa: E402

from cardaudit.engine.recipes import scores, text_classification, token_classification  # noqa: E402
from cardaudit.engine.recipes.entities import chunks_of, count_entities, entity_tally, rules_of  # noqa: E402

SCHEMES = {
    "IOB2": ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"],
    "IO": ["O", "I-LOC", "I-PER"],
    "no O": ["B-LOC", "I-LOC", "I-PER"],
    "IOBES": ["O", "B-LOC", "I-LOC", "E-LOC", "S-LOC", "B-PER", "E-PER"],
    "bare": ["O", "B", "I", "E", "S"],
    "part of speech": ["NN", "NNP", "VB", ".", ",", "IN", "EX", "SYM", "O"],
    "one character": ["X", "0", "1", "O", "B-PER", "I-PER"],
    "hyphens": ["O", "B-a-b", "I-a-b", "B-", "I-", "O-x", "B-a", ".-x", "E-a-b"],
}
IGNORED = token_classification.IGNORED


def drawn(draw: random.Random, labels: int) -> list[list[int]]:
    """Sentences of label ids in any order, some of their tokens not scored, some of them without a scored one."""
    kinds = [IGNORED, *range(labels)]
    return [draw.choices(kinds, [draw.choice((0, 1, 9)), *[1] * labels], k=draw.randint(1, 9)) for _ in range(draw.randint(1, 8))]


def entities(row: list[str]) -> set[tuple[str, int, int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return set(get_entities(row))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_chunks_are_those_of_seqeval(scheme: str) -> None:
    """seqeval 1.2.2: tags in any order, whether they make sense or not; of each type, and where each chunk lies."""
    assert version("seqeval") == "1.2.2"
    labels, draw, found = SCHEMES[scheme], random.Random(scheme), 0
    rules = rules_of(labels, "cpu")
    kinds = {(label[1:].split("-", maxsplit=1)[-1] or "_"): int(rules.types[i]) for i, label in enumerate((*labels, "O"))}
    for _ in range(300):
        rows = [[draw.randrange(len(labels)) for _ in range(20)] + [len(labels)] for _ in range(2)]
        names = [[(*labels, "O")[i] for i in row] for row in rows]
        both = [chunks_of(torch.tensor(row), rules) for row in rows]
        wanted = [entities(row) for row in names]
        for chunks, those in zip(both, wanted, strict=True):
            ends = chunks.ends.nonzero()[:, 0].tolist()
            assert {(int(chunks.types[end]), int(chunks.begins[end]), end) for end in ends} == {
                (kinds[kind], begin, end) for kind, begin, end in those
            }
        counts = count_entities(*both, int(rules.types.max()) + 1)
        for number, those in enumerate((wanted[0] & wanted[1], wanted[0], wanted[1])):
            for kind, place in kinds.items():
                assert int(counts[number, place]) == sum(name == kind for name, _, _ in those)
                found += int(counts[number, place])
    assert found > 300 or scheme == "bare"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_scores_of_counted_entities_are_those_of_the_logits(scheme: str) -> None:
    """To the last bit: precision, recall, F1 and accuracy of seqeval, and the counts beside them."""
    labels, draw = SCHEMES[scheme], random.Random(scheme)
    for _ in range(200):
        rows = drawn(draw, len(labels))
        if all(label == IGNORED for row in rows for label in row):
            continue
        guesses = [
            [label if label >= 0 and draw.random() < 0.7 else draw.randrange(len(labels)) for label in row] for row in rows
        ]
        longest = max(map(len, rows))
        logits = np.zeros((len(rows), longest, len(labels)), np.float32)
        truth = np.full((len(rows), longest), IGNORED)
        for i, (row, guess) in enumerate(zip(rows, guesses, strict=True)):
            truth[i, : len(row)] = row
            logits[i, range(len(row)), guess] = 1.0
        names = draw.sample(list(token_classification.METRICS), draw.randint(1, 4))
        tally = entity_tally(rows, labels, names, "cpu")
        flat = torch.tensor([guess for row in guesses for guess in row])
        assert tally.score(tally.count(flat).tolist()) == token_classification.score(logits, truth, labels, names)


def test_scores_of_counted_labels_are_those_of_the_logits() -> None:
    """Every metric of single labels but roc_auc, which needs the logits; also where a label is never guessed or never there."""
    generator = np.random.default_rng(0)
    names = [*scores.PLAIN, *scores.AVERAGED, *(f"{name}_{average}" for name in scores.AVERAGED for average in scores.AVERAGES)]
    for trial in range(60):
        size, texts = 2 + trial % 4, 1 + trial
        average = "binary" if size == 2 else "weighted"
        logits = generator.normal(size=(texts, size)).astype(np.float32)
        truth = generator.integers(0, size if trial % 3 else 1, texts)
        wanted = text_classification._score(logits, truth, text_classification.SINGLE, names, average, 0.5)
        tally = text_classification._tally([{"labels": int(label)} for label in truth], size, names, average, "cpu")
        ours = tally.score(tally.count(torch.from_numpy(logits).argmax(-1)).tolist())
        assert ours.facts == wanted.facts
        assert same(ours.metrics, wanted.metrics)


def same(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    return repr(ours) == repr(theirs)  # NaN is NaN


def test_the_first_of_equal_logits_is_the_guess_for_both() -> None:
    """numpy's argmax and torch 2.13's, also of NaN, which both take for the largest."""
    logits = np.array([[1, 1, 0], [0, 2, 2], [np.nan, 3, np.nan], [4, np.nan, 5], [np.inf, np.inf, 1]], np.float32)
    assert torch.from_numpy(logits).argmax(-1).tolist() == logits.argmax(-1).tolist()
