"""A file of many cards is read in a stream, and the commands that read cards start light."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CARD = "---\ntags:\n- generated_from_trainer\n---\n# m{number}\n\n- Loss: 0.{number}\n" + "words " * 60
ROWS = 200_000
FLAT_MB = 40
STREAM = """
import resource, sys
from cardaudit.targets import _read_many as read
from pathlib import Path
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for number, card in enumerate(read(Path(sys.argv[1])), 1):
    if number in (1_000, 4_000): print(peak())
    if number == 4_000: break
"""
TEXTS = "import sys; from cardaudit.snapshots import card_rows; from pathlib import Path; import resource\n" + (
    "for number, row in enumerate(card_rows(Path(sys.argv[1])), 1):\n"
    "    if number in (2_000, 200_000): print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)
HEAVY = ("rich", "jinja2", "huggingface_hub", "asyncio", "torch", "transformers", "datasets", "numpy", "pandas", "pyarrow")


def peaks(code, path):
    ran = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(line) for line in ran.stdout.split()]


def test_one_row_group_of_many_cards_needs_little_memory(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "cards.parquet"
    numbers = range(ROWS)
    table = pyarrow.table({"hub_id": [f"a/m{n}" for n in numbers], "card": [CARD.replace("{number}", str(n)) for n in numbers]})
    parquet.write_table(table, path, row_group_size=ROWS)
    for code in (STREAM, TEXTS):
        early, late = peaks(code, path)
        assert late - early < FLAT_MB


def test_row_groups_that_were_read_are_let_go(tmp_path):
    """pyarrow 26 holds the pages of all groups that one iter_batches reads."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    from cardaudit.snapshots import card_rows

    rng, group, groups, held = random.Random(7), 50, 40, []
    schema = pyarrow.schema([("hub_id", pyarrow.string()), ("card", pyarrow.string())])
    path = tmp_path / "cards.parquet"
    with parquet.ParquetWriter(path, schema) as writer:
        for part in range(groups):
            cards = [rng.randbytes(4_000).hex() for _ in range(group)]
            writer.write_table(pyarrow.table([[f"a/m{part}-{n}" for n in range(group)], cards], schema=schema))
    before = pyarrow.total_allocated_bytes()
    for row in card_rows(path):
        assert row.data is not None
        held.append(pyarrow.total_allocated_bytes() - before)
    assert max(held) < path.stat().st_size / 4


def test_a_jsonl_file_is_read_line_by_line(tmp_path):
    path = tmp_path / "cards.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(5_000):
            lines.write(json.dumps({"hub_id": f"a/m{number}", "card": CARD.replace("{number}", str(number))}) + "\n")
    early, late = peaks(STREAM, path)
    assert late - early < FLAT_MB


@pytest.mark.parametrize("command", ["show", "lint"])
def test_piped_reading_imports_nothing_heavy(tmp_path, command):
    (tmp_path / "card.md").write_text(CARD, encoding="utf-8")
    code = (
        "import sys; from cardaudit.cli import app\n"
        "app.main(sys.argv[1:], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, command, str(tmp_path / "card.md")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stderr == "[]\n"
