"""No text is too broken: it reads without an error, what was read stands where it says, and nothing is quadratic."""

import gc
import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading_invariants import check_card, check_document

from cardaudit.coverage import coverage
from cardaudit.errors import CardauditError
from cardaudit.exchange import card_json
from cardaudit.parse import read_bytes, read_card

INPUTS = sorted((Path(__file__).parent / "fuzz" / "inputs").iterdir())
HEADER = "| Training Loss | Epoch | Step | Validation Loss | F1 |\n|:-:|:-:|:-:|:-:|:-:|\n"
WRITTEN = "---\ntags:\n- generated_from_trainer\n---\n"
SETTINGS = "The following hyperparameters were used during training:\n"
MEGABYTE = 1_000_000
SECONDS = 1.0
SLOWER_HERE = 8  # tests run many at once on a shared machine; quadratic time would take minutes

LINES = st.sampled_from(
    [
        "# Title", "## Training results", "### Training hyperparameters",
        "The following hyperparameters were used during training:", "- learning_rate: 2e-05", "- Training Batch Size: 8",
        "* optimizer: AdamW with betas=(0.9,0.999) and epsilon=1e-08",
        "- optimizer: {'name': 'Adam', 'learning_rate': 1e-05}", "It achieves the following results on the evaluation set:",
        "- Loss: 0.25", "- F1: 91,5 %", "an accuracy of 89.33% with a loss metric of 0.4125", "Transformers 4.24.0",
        "```python", "```", "<!-- ", "-->", "> quoted | 1", "| Metric | Value |", "|---|---|", "| F1 | 0.9 ± 0.1 |",
        "| a | b | c |", "...", "| ... | ... |", "Training Loss Epoch Step Validation Loss F1", "0.1 1.0 10 0.2 0.9",
        "No log 2.0 20 nan 0.8", "    4 | 5", "", "----", "====", "<table><tr><td>F1</td><td>0.9</td></tr></table>",
        "precision    recall  f1-score   support", "   A    0.91    0.90    0.90     12",
        "trained for 3 epochs with a batch size of 32", "1. first 0.5", "[x](https://a.b/c1)", "a\u2028b\x0b0.5", "²|³",
        "\xa0- x: 1",
    ]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        ["1e-05", "no", "0.5", "'0.9'", '"a\\tb"', ">-\n  folded\n  text", "|\n  a\n  b", "[1, 2]", "{a: 1}", "&x 1", "*x"]
    ),
    st.text(max_size=12),
)
KEYS = st.sampled_from(["license", "base_model", "datasets", "tags", "model-index", "metrics", "name", "pipeline_tag", "é"])
CELLS = st.one_of(
    st.sampled_from(
        ["", "1.0", "0.9321", "No log", "nan", "...", "**0.5**", "500", "89 %", "1,000", "−0.5", "0.61 ± 0.01", "\\|", "x"]
    ),
    st.text(st.characters(exclude_characters="|\n\r"), max_size=6),
)
PATIENT = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(st.text(st.sampled_from("ab1 .:|`~-*#>\\<!=[](){}&'\"\n\r\t\ufeff\u2028\xa0é漢🤗"), max_size=200))
@example("\ufeff---\r\na: b\r---\n| a |\r|---|\r")
def test_any_characters_make_a_document(text):
    check_document(text)


@PATIENT
@given(st.text(max_size=300))
def test_any_text_makes_a_card(text):
    check_document(text)
    check_card(text)


@PATIENT
@given(st.lists(st.tuples(KEYS, VALUES), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_any_front_matter(pairs, end):
    lines = "\n".join(f"{key}: {value}" for key, value in pairs)
    text = f"---\n{lines}\n---\n# T\n".replace("\n", end)
    check_document(text)
    check_card(text)


@PATIENT
@given(st.lists(st.lists(CELLS, max_size=7), max_size=8), st.booleans())
def test_any_rows_under_a_training_table(rows, written):
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    check_card((WRITTEN if written else "") + HEADER + lines)


@PATIENT
@given(
    st.lists(LINES, max_size=25),
    st.sampled_from(["", WRITTEN, "---\nlicense: mit\n---\n"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_order_of_lines(lines, front, end):
    text = (front + "\n".join(lines)).replace("\n", end)
    check_document(text)
    check_card(text)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_what_fuzzing_found(path):
    text = json.loads(path.read_text(encoding="utf-8"))
    check_document(text)
    check_card(text)


def filled(piece):
    return piece * (MEGABYTE // len(piece))


REPEATED = (
    "> ", "- ", "[", "|", "`", "<!--", "<table>", "*", "#", "&", "<", "](", "[a](", "$$", "1. ", "1,", "0.1 ", "a b ",
    "accuracy of 0.5 ", "on the a, the b and ", "fine-tuned of ", "the a-b model ", "-base", "Epoch Step Loss ", "<td>",
    "<!-- \n", "> \n", "\u2028", "_a", "a_", "http://", "F1 (", "x: ", "x=1 ", "{'a': ", "optimizer: adam ", "± 1 ",
    "some words with 12 and 0.5 ", "trained for 3 epochs. ",
)  # fmt: skip
MANY_LINES = (
    "a|b\n|-|-|\n", "```\n1\n```\n", "|\n", "| |\n", "- a: 1\n", "loss: 0.5\n", "accuracy of 0.5\n",
    "Epoch Step Loss\n1 2 3\n", "# a 1\n", "|1|2|\n", "~~~\n", "a\n-\n\n", "...\n", "load_dataset('a')\n", "x:\n", "-->\n",
    "- \n",
)  # fmt: skip
IN_FRONT = ("key: \n", "- a\n", "[", "{", "- ", "? ", "&a ", "'", "a: &a\n", "#\n", "é: 1\n", "a: |\n", "!!str ")
HOSTILE = {
    **{f"{character!r} alone": character * MEGABYTE for character in map(chr, range(32, 127))},
    **{f"{piece!r} again and again": filled(piece) for piece in REPEATED},
    **{f"{piece!r} under front matter": WRITTEN + filled(piece) for piece in REPEATED[:12]},
    **{f"lines of {piece!r}": filled(piece) for piece in MANY_LINES},
    **{f"{piece!r} in front matter": f"---\n{filled(piece)}\n---\n# T\n" for piece in IN_FRONT},
    "deep front matter": "---\n" + "".join(f"{' ' * depth}a:\n" for depth in range(1_400)) + "---\n",
    "a long training table": WRITTEN + HEADER + filled("| 0.1 | 1.0 | 10 | 0.2 | 0.9 |\n"),
    "a table of short rows": WRITTEN + HEADER + filled("| 1.0 | 10 | 0.2 |\n"),
    "rows that slid": WRITTEN + HEADER + "| 1 | 1.0 | 10 | 0.2 | 0.9 |\n" + filled("| 0.3 | 500 | | | |\n"),
    "a table that lost its pipes": "Epoch Step Loss\n" + filled("1 2 3\n"),
    "a wide row": "| a | b |\n|---|---|\n" + filled("| 1 "),
    "wide headers": "|a" * 250_000 + "|\n" + "|-" * 250_000 + "|\n",
    "many small tables": "|model|f1|\n|-|-|\n|a|0.9|\n\n" * 9_900,
    "many reports": "       precision  recall  f1-score  support\n\n  A     0.90     0.91     0.90     100\n\n" * 9_900,
    "many settings": "The following hyperparameters were used during training:\n"
    + "".join(f"- k{i}: {i}\n" for i in range(60_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_anything_is_read_or_refused_in_a_second(name):
    text = HOSTILE[name]
    began = time.process_time()
    with suppress(CardauditError):
        coverage(read_bytes(text.encode(), "card.md"))
    assert time.process_time() - began < SECONDS * SLOWER_HERE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"a\n" * 40_001, "card.md has 40,001 lines, a card has at most 40,000: give the card's own file"),
        (b"1 " * 120_001, "card.md has 120,001 numbers, a card has at most 120,000: give the card's own file"),
    ],
)
def test_what_is_larger_than_any_card_is_refused(text, sentence):
    for read, card in ((read_bytes, text), (read_card, text.decode())):
        with pytest.raises(CardauditError) as refused:
            read(card, "card.md")
        assert str(refused.value) == sentence


def test_eight_times_the_text_takes_about_eight_times_as_long():
    rows = "| 0.1 | 1.0 | 10 | 0.2 | 0.9 |\n"
    gc.collect()
    gc.freeze()  # what the test session left in memory would make the collector's walks long
    try:
        short, long = (min(seconds(WRITTEN + HEADER + rows * count) for _ in range(3)) for count in (1_000, 8_000))
    finally:
        gc.unfreeze()
    assert long < 24 * short  # quadratic time would be 64 times


def seconds(text):
    began = time.process_time()
    card_json(read_card(text))
    return time.process_time() - began
