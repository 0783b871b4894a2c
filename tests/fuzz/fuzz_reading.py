"""Looks for texts that the reader cannot bear, by coverage (atheris, which is no dependency: pip install atheris).

    python tests/fuzz/fuzz_reading.py {document,front_matter,tables,prose} [CORPUS_FOLDER] [-max_total_time=900 ...]

What it finds is kept, made minimal and in words of our own, in tests/fuzz/inputs, where tests/test_fuzz.py reads it.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import atheris

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

with atheris.instrument_imports(include=["cardaudit"]):
    from cardaudit import exchange, parse  # noqa: F401

from reading_invariants import check_card, check_document  # noqa: E402

SLOWEST_SECONDS = 1.0
HEADER = "Training Loss | Epoch | Step | Validation Loss | F1"
PIECES = (
    "---\n", "model-index:\n- name: a\n  results:\n  - task: {type: t}\n    metrics:\n    - type: f1\n      value: 0.5\n",
    "generated_from_trainer", "### Training hyperparameters\nThe following hyperparameters were used during training:\n",
    "- learning_rate: 2e-05\n", "- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08\n",
    f"| {HEADER} |\n|:-:|:-:|:-:|:-:|:-:|\n", "| 0.1 | 1.0 | 10 | 0.2 | 0.9 |\n",
    f"{HEADER.replace(' | ', ' ')}\n0.1 1.0 10 0.2 0.9\n", "| Metric | Value |\n|---|---|\n| F1 | 0.9 |\n",
    "an accuracy of 89.33% with a loss of 0.4125", "Transformers 4.24.0", "<!-- ", " -->", "```\n", "> ", "- ", "...",
    "No log", "nan", "±", "1e-05", "−0.5", "1,000", "&a ", "*a", "[", "]", "{", "}", "'", '"', "|", "\r\n", "\ufeff",
    "\u2028", "\x00", "\ud800", "%", "\\",
)  # fmt: skip


def as_text(data: bytes) -> str:
    """A text of pieces and characters: bytes from 0x80 on stand for the pieces, so that a mutation moves whole constructs."""
    return "".join(chr(byte) if byte < 0x80 else PIECES[(byte - 0x80) % len(PIECES)] for byte in data)


def document(data: bytes) -> None:
    check_document(data.decode("utf-8", "surrogateescape"))


def front_matter(data: bytes) -> None:
    text = f"---\n{as_text(data)}\n---\n# T\n"
    check_document(text)
    check_card(text)


def tables(data: bytes) -> None:
    check_card(f"---\ntags:\n- generated_from_trainer\n---\n| {HEADER} |\n|:-:|:-:|:-:|:-:|:-:|\n{as_text(data)}")


def prose(data: bytes) -> None:
    check_card(as_text(data))


def timed(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """A target that also fails where a text takes too long."""

    def run(data: bytes) -> None:
        began = time.process_time()
        target(data)
        assert time.process_time() - began < SLOWEST_SECONDS, "too slow"

    return run


if __name__ == "__main__":
    targets = {each.__name__: each for each in (document, front_matter, tables, prose)}
    atheris.Setup([sys.argv[0], *sys.argv[2:]], timed(targets[sys.argv[1]]))
    atheris.Fuzz()
