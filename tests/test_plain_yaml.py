"""Front matter that is read line by line has the values and places that libyaml gives; every other kind is left to libyaml."""

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardaudit.document.front_matter import YamlError
from cardaudit.document.plain_yaml import read_plain
from cardaudit.document.yaml_tree import read_tree

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus" / "cards.parquet"
PLAIN = [
    "license: mit\ntags:\n- token-classification\n- 1.0\nthumbnail: null\n",
    "model-index:\n- name: x\n  results:\n  - task:\n      name: NER\n      type: token-classification\n    metrics:\n"
    "    - name: F1\n      value: 0.9136\n",
    "language:\n  - en\n  - no\n\nmetrics: []\nwidget:\n- text: \"It's 5: here #1\"\n- text: 'a \\ b'\n",
    "a: 1e-05\nb: -0.5\nc: http://x.org/a:b#c\nd: yes\ne: 2021-01-01\nf: 0x1f\na: 2\n",
]
NOT_PLAIN = [
    "a: b # remark\n",
    "a: [1, 2]\n",
    "a: &x 1\nb: *x\n",
    "a: >-\n  folded\n",
    "a: b\n  c\n",
    "a:\nb: 1\n",
    "- a\n",
    "a: b: c\n",
    "a: b\n- c\n",
    "a:\n- b\n  - c\n",
    'a: "x\\n"\n',
    "a: 'it''s'\n",
    "a:\tb\n",
    "a: 1\r\n",
    "a: \u2028\n",
    " a: 1\nb: 2\n",
    "",
]
PIECES = [
    "a",
    "b-c",
    "1.5",
    "null",
    "x y",
    "'q'",
    '"é🤗"',
    "[]",
    "-1",
    "x:",
    "x #",
    "http://y:z",
    "~",
    "- a",
    "? a",
    "%",
    "'",
    '"',
    "{",
    "",
]
LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", " ", "  ", "    ", "      "]),
    st.sampled_from(["", "- ", "-   ", "-"]),
    st.sampled_from(["", "k: ", "key:", "other:  ", "k:"]),
    st.sampled_from(PIECES),
)


def agrees(text, start=0):
    """Whether a text is plain; if so, its reading is libyaml's."""
    plain = read_plain(text, start, len(text))
    if plain is None:
        return False
    values, scalars = read_tree(text, start, len(text))
    assert repr(plain.values) == repr(values)
    assert list(plain.scalars.items()) == list(scalars.items())
    return True


@pytest.mark.parametrize("text", PLAIN)
def test_plain_front_matter_reads_as_libyaml_reads_it(text):
    assert agrees(text)
    assert agrees("---\n" + text, 4)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_all_else_is_left_to_libyaml(text):
    assert not agrees(text)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=7))
def test_any_lines_read_alike_or_are_left_to_libyaml(lines):
    agrees("\n".join(lines) + "\n")


@pytest.mark.shared
def test_nine_in_ten_real_cards_are_plain():
    if not CORPUS.exists():
        pytest.skip("shared/corpus is not beside the checkout")
    from pyarrow import parquet

    from cardaudit.document.reading import _front_matter_range

    plain = total = 0
    for text in chain.from_iterable(
        batch.column(0).to_pylist() for batch in parquet.ParquetFile(CORPUS).iter_batches(1_000, columns=["card"])
    ):
        start, end, _ = _front_matter_range(text or "")
        if end > start:
            total += 1
            try:
                plain += agrees(text[:end], start)
            except YamlError as error:
                raise AssertionError(text[start:end]) from error
    assert plain > 0.9 * total
