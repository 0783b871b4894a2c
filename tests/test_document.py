"""Markdown with positions, and front matter that means what YAML 1.2 says."""

import time

import pytest

from cardaudit.document import Bullet, Code, Comment, Heading, Paragraph, Table, read_document
from cardaudit.records import Span


def kinds(text):
    return [type(block).__name__ for block in read_document(text).blocks]


def values(yaml):
    document = read_document(f"---\n{yaml}\n---\n")
    assert document.front_matter_error is None
    return document.front_matter.values


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("lr: 1e-05", {"lr": 1e-05}),
        ("language: no", {"language": "no"}),
        ("on: yes", {"on": "yes"}),
        ("day: 2022-11-29", {"day": "2022-11-29"}),
        ("time: 12:30:45", {"time": "12:30:45"}),
        ("old: 0777", {"old": 777}),
        ("new: 0o17", {"new": 15}),
        ("hex: 0x1F", {"hex": 31}),
        ("loss: .nan", {"loss": ".nan"}),
        ("big: 1e999", {"big": "1e999"}),
        ("empty:", {"empty": None}),
        ('quoted: "1e-05"', {"quoted": "1e-05"}),
        ("a: &x 3\nb: *x", {"a": 3, "b": 3}),
        ("tags:\n- a\n- b: [1, true]", {"tags": ["a", {"b": [1, True]}]}),
    ],
)
def test_plain_scalars_follow_yaml_1_2(yaml, expected):
    assert values(yaml) == expected


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("```py\nf(x)```\n\n## Results\n\n- F1: 0.9\n", [("f(x)```",), "Results", "F1: 0.9"]),
        ("```py\nf(x)\n\n## Results\n\n- F1: 0.9\n", [("f(x)", ""), "Results", "F1: 0.9"]),
        ("```py\nf(x)\n# a comment\n## and another\n", [("f(x)", "# a comment", "## and another", "")]),
        ("```py\nf(x)\n\n## Results\n\n```sh\nls\n", [("f(x)", "", "## Results", "", "```sh", "ls", "")]),
    ],
)
def test_a_fence_that_nothing_closes_ends_at_its_mark_or_at_the_next_chapter(text, blocks):
    found = read_document(text).blocks
    assert [tuple(line.text for line in block.lines) if isinstance(block, Code) else block.text for block in found] == blocks


def test_every_scalar_knows_its_place():
    text = "\ufeff---\r\nname: é🤗\r\nvalue: 'a'\r\nmodel-index:\r\n- results: [0.5]\r\n---\r\n# T\r\n"
    scalars = read_document(text).front_matter.scalars
    assert {path: text[scalar.span.start : scalar.span.end] for path, scalar in scalars.items()} == {
        ("name",): "é🤗",
        ("value",): "a",
        ("model-index", 0, "results", 0): "0.5",
    }


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("a: [1", "is no YAML: did not find expected ',' or ']' (line 2 of it, column 1)"),
        ("a: " + "[" * 30_000, "nests deeper than 64 levels (line 1 of it)"),
        ("- " * 30_000, "nests deeper than 64 levels (line 1 of it)"),
        ("a: &a [x]\nb: [*a, *a]", "repeats a whole list or mapping by *a (line 2 of it)"),
        ("a: &a x\nb: [" + "*a, " * 200 + "]", "holds more than 100 aliases (line 2 of it)"),
        ("a: *nobody", "names *nobody, which is anchored nowhere before (line 1 of it)"),
        ("? [a]\n: b", "has a list or a mapping as key (line 1 of it)"),
        ("just words", "holds no keys"),
        ("a: \x00", "holds a character that YAML does not allow"),
    ],
)
def test_broken_front_matter_is_one_sentence_and_the_body_is_read(yaml, message):
    document = read_document(f"---\n{yaml}\n---\n# Title\n")
    assert str(document.front_matter_error) == message
    assert [block.text for block in document.blocks] == ["Title"]


def test_a_rule_without_an_end_is_no_front_matter():
    document = read_document("---\nname: x\n# T\n")
    assert document.front_matter is None
    assert document.front_matter_error is None
    assert document.body_start == 0


def test_blocks_of_a_card():
    text = (
        "# Title #\n\nSome words\nand more\n- loss: 1\n  * deep\n\n<!-- a\nb -->\n```python\n# no heading\n```\n"
        "| a | b |\n|:-:|---|\n| 1 | 2 |\nafter\n\nUnder\n-----\n\n1. first\n#hashtag\n"
    )
    assert kinds(text) == [
        "Heading", "Paragraph", "Bullet", "Bullet", "Comment", "Code", "Table", "Paragraph", "Heading", "Bullet", "Paragraph",
    ]  # fmt: skip
    blocks = read_document(text).blocks
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["Title", "Under"]
    assert [(block.text, text[block.start : block.start + 4]) for block in blocks if isinstance(block, Bullet)] == [
        ("loss: 1", "loss"),
        ("deep", "deep"),
        ("first", "firs"),
    ]
    assert [[line.text for line in block.lines] for block in blocks if isinstance(block, Code | Comment)] == [
        ["<!-- a", "b -->"],
        ["# no heading"],
    ]


def test_a_table_under_a_bullet_stays_a_table():
    text = "- Epochs: 3\nEpoch | Loss\n------|-----\n1 | 0.5\n"
    assert kinds(text) == ["Bullet", "Table"]


def test_cells_by_unescaped_pipes_with_their_places():
    text = "> | a \\| b | `c` |  |\n> |---|---|---|\n> | 1 |\n> | | x | y | z |\n"
    (table,) = read_document(text).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.header.cells] == ["a \\| b", "`c`", ""]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["1"], ["", "x", "y", "z"]]
    assert text[slice(*table.rows[1].cells[3].span)] == "z"


def test_a_header_with_fewer_cells_than_its_rule_makes_no_table():
    assert kinds("| a |\n|---|---|\n| 1 | 2 |\n") == ["Paragraph"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    document = read_document(end.join(["# T", "", "one", "two"]))
    assert document.line_starts == (0, 3 + len(end), 3 + 2 * len(end), 6 + 3 * len(end))
    assert [line.text for line in document.blocks[1].lines] == ["one", "two"]


def test_a_line_end_that_was_written_twice_is_one():
    document = read_document("---\nlicense: mit\n---\n| A | F1 |\n|---|---|\n| a | 0.9 |\n".replace("\n", "\r\r\n"))
    assert document.front_matter.values == {"license": "mit"}
    assert [type(block).__name__ for block in document.blocks] == ["Table"]
    assert len(document.line_starts) == 7


def test_an_empty_text_has_one_line_and_no_blocks():
    document = read_document("")
    assert (document.line_starts, document.blocks) == ((0,), ())


MEGABYTE = 1_000_000
HOSTILE = {
    "nested brackets": "---\na: " + "[" * 30_000 + "\n---\n",
    "a long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 20_000,
    "open comments": "<!--\n" * 200_000,
    "half rows": "|a\n" * 300_000,
    "fences": "```\n" * 250_000,
    "rules": "---\n" * 250_000,
    "anchors": "---\n" + "a: &a\n" * 100_000 + "---\n",
    "quotes": "> " * 500_000,
    "bullets": "- " * 500_000,
    "spaces before a word": " " * MEGABYTE + "x",
    **{f"{character!r} alone": character * MEGABYTE for character in "a|`~-*#>\\ \n\t[1.:=<&$"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_quadratic(name):
    began = time.process_time()
    document = read_document(HOSTILE[name])
    assert time.process_time() - began < 8
    assert document.line_starts[0] == 0


def test_paragraph_lines_are_spans_of_the_text():
    text = "  one\ntwo\n"
    (paragraph,) = read_document(text).blocks
    assert isinstance(paragraph, Paragraph)
    assert [line.span for line in paragraph.lines] == [Span(0, 5), Span(6, 9)]
