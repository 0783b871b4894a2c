"""Our tables stand where markdown-it-py sees them; what differs on purpose has its cause in benchmarks/results/reading.md."""

from pathlib import Path

import pytest

pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")

from table_agreement import (
    CELLS,
    ENDED_TWICE,
    IN_CODE,
    IN_FENCE,
    IN_HTML,
    IN_OUR_CODE,
    IN_OUR_TABLE,
    MORE_ROWS,
    TEXT_AS_ROW,
    UNDER_BULLET,
    UNKNOWN,
    Agreement,
    compare_tables,
)

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus" / "cards.parquet"
EVERY = 10
LEAST_SHARE = 0.99
OUR_ERRORS = (CELLS, UNKNOWN, IN_OUR_CODE, IN_OUR_TABLE)
TABLE = "| a | b |\n|---|:-:|\n| 1 | 2 |\n"


def compared(text):
    agreement = Agreement()
    compare_tables(text, agreement)
    return agreement.same, dict(agreement.causes)


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        "---\na: 1\n---\n\n# Title\n" + TABLE,
        "words above\n" + TABLE,
        "> | a | b |\n> |---|---|\n> | 1 | 2 |\n",
        "- item\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n",
        "a|b\n-|-\n1|2|3\n4\\|5|`x`\n||\n",
        "| a |\r\n|---|\r\n| 1 |\r\n\r\n| b |\r\n|---|\r\n",
    ],
)
def test_the_same_table(text):
    same, causes = compared(text)
    assert (same > 0, causes) == (True, {})


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("- Epochs: 3\n" + TABLE, UNDER_BULLET),
        ("```\nx = 1\n\n## Results\n\n" + TABLE, IN_FENCE),
        ("<div>\n" + TABLE + "</div>\n", IN_HTML),
        ("    | a |\n    |---|\n", IN_CODE),
        (TABLE.replace("\n", "\r\r\n"), ENDED_TWICE),
        (TABLE + "a sentence below\n", TEXT_AS_ROW),
        (TABLE + "      a long value | wrapped by hand\n", MORE_ROWS),
    ],
)
def test_a_difference_on_purpose(text, cause):
    assert compared(text) == (0, {cause: 1})


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.is_file(), reason="the project's research material does not lie beside the checkout")
def test_tables_of_real_cards():
    parquet = pytest.importorskip("pyarrow.parquet")
    agreement = Agreement()
    for text in parquet.read_table(CORPUS, columns=["card"])["card"].to_pylist()[::EVERY]:
        compare_tables(text or "", agreement)
    assert [cause for cause in agreement.causes if cause in OUR_ERRORS] == []
    assert agreement.same >= LEAST_SHARE * (agreement.same + agreement.causes.total())
    assert agreement.same > 500
