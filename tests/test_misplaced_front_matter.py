"""Front matter that the Hub does not read as such: what it says of licence and languages is read all the same."""

import pytest

from cardaudit import read_card
from cardaudit.lint import check_card

BLOCK = "language:\n- yo\n- en\nlicense: mit\ntags:\n- frog\n"
MEANT = {
    "below a title": f"# frog\n---\n{BLOCK}---\nIt croaks.\n",
    "below words of a page": f"Hub's logo\r\n\r\n---\r\n{BLOCK.replace(chr(10), chr(13) + chr(10))}---\r\n# frog\r\n",
    "more hyphens": f"-----\n{BLOCK}----\n# frog\n",
    "no line that opens it": f"{BLOCK}---\n# frog\n",
    "no hyphens": f"{BLOCK}It croaks.\n",
    "no line that ends it": f"---\n{BLOCK}\n# frog\nIt croaks.\n\n- language: none\n",
}


@pytest.mark.parametrize("case", MEANT)
def test_what_is_meant_as_front_matter_is_read(case: str) -> None:
    card = read_card(MEANT[case])
    assert card.metadata.license
    assert card.metadata.license.text == "mit"
    assert [each.text for each in card.metadata.languages] == ["yo", "en"]
    assert [card.text[slice(*each.span)] for each in card.metadata.languages] == ["yo", "en"]
    assert card.front_matter is None
    assert "unknown-language" not in {finding.rule for finding in check_card(card).findings}


SAID = {
    "in a fence": f"# Put this on top\n\n```\n---\n{BLOCK}---\n```\n",
    "in the middle of the text": f"# frog\n\nIt croaks.\n{BLOCK}",
    "broken": "# frog\n---\nlanguage: [en\nlicense: mit\n---\n",
    "a sentence": "# frog\n\nlicense: mit\n",
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_said_elsewhere_is_not(case: str) -> None:
    assert read_card(SAID[case]).metadata.license is None


def test_a_list_behind_a_blank_line_is_the_text_s() -> None:
    card = read_card("---\nlicense: mit\nlanguage:\n- en\n\n- a frog\n- a pond\n")
    assert [each.text for each in card.metadata.languages] == ["en"]
