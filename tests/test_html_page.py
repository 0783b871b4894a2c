"""Saved web pages: a model's page of the Hub and articles, read as the Markdown that they are converted to."""

import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cardaudit.errors import CardauditError, MissingExtra
from cardaudit.folders import cards_in
from cardaudit.parse import read_bytes
from cardaudit.targets import read_one

pytest.importorskip("markdownify", reason="the extra html is not installed")

PAGE = """<!DOCTYPE html>
<html><head><title>tiny</title><style>p { margin: 1.5em }</style><script>const likes = 0.93;</script></head>
<body><nav><a href="/models">Models</a> 1.2M</nav>
<main><div class="model-card-content">
<h1 class="relative"><a class="header-link" href="#tiny"><span></span></a> <span>tiny-ner</span></h1>
<p>This model is a fine-tuned version of <a href="/bert-base-cased">bert-base-cased</a> on the conll2003 dataset.
It achieves the following results on the evaluation set:</p>
<ul><li>Loss: 0.0613</li><li>F1: 0.9442</li></ul>
<h3>Training hyperparameters</h3>
<p>The following hyperparameters were used during training:</p>
<ul><li>learning_rate: 2e-05</li><li>train_batch_size: 8</li></ul>
<h3>Training results</h3>
<table><thead><tr><th>Training Loss</th><th>Epoch</th><th>Step</th><th>Validation Loss</th><th>F1</th></tr></thead>
<tbody><tr><td>0.0878</td><td>1.0</td><td>1756</td><td>0.0671</td><td>0.9226</td></tr></tbody></table>
</div></main><footer>2.0</footer></body></html>"""


def test_page_of_the_hub_is_read_like_its_card() -> None:
    card = read_bytes(PAGE.encode(), "page.html")
    assert card.source.name == "page.html (as Markdown)"
    assert {key: number.text for key, number in card.headline.items()} == {"loss": "0.0613", "f1": "0.9442"}
    assert card.base_model is not None
    assert card.base_model.text == "bert-base-cased"
    assert [mention.id for mention in card.datasets] == ["conll2003"]
    rates = (card.hyperparameters.learning_rate, card.hyperparameters.train_batch_size)
    assert [rate.text for rate in rates if rate] == ["2e-05", "8"]
    (row,) = card.epochs
    assert [number.text for number in (row.training_loss, row.epoch, row.step, row.validation_loss) if number] == [
        "0.0878",
        "1.0",
        "1756",
        "0.0671",
    ]
    assert not any(word in card.text for word in ("margin", "likes", "1.2M", "2.0"))


def test_folder_and_file_of_pages(tmp_path: Path) -> None:
    page = tmp_path / "tiny.html"
    page.write_text(PAGE, encoding="utf-8")
    assert list(cards_in(tmp_path)) == [page]
    assert read_one(str(page)).headline["f1"].text == "0.9442"


def test_markdown_with_html_in_it_stays_markdown() -> None:
    text = "<div align=center>tiny</div>\n\n- F1: 0.9\n"
    assert read_bytes(text.encode(), "card.md").text == text


@pytest.mark.parametrize(
    "page",
    [
        "<html>" + "<div>" * 200_000,
        "<html>" + "<div></div>" * 90_000,
        "<html>" + "<p>" * 300_000,
        "<html>" + "<" * 1_000_000,
        "<html>" + "&" * 1_000_000,
        "<html>" + "<!--" * 250_000,
        "<html>" + "<![" * 250_000,
        "<html><div " + "a=b " * 250_000,
        "<html><table>" + "<tr><td>1</td>" * 60_000,
        "<!--" * 250_000,
    ],
    ids=lambda page: page[6:16],
)
def test_hostile_page_is_read_or_refused_at_once(page: str) -> None:
    started = time.process_time()
    with suppress(CardauditError):
        read_bytes(page.encode(), "page.html")
    assert time.process_time() - started < 20


def test_page_that_is_nested_too_deeply_is_refused_in_one_sentence() -> None:
    with pytest.raises(CardauditError, match=r"^page.html nests over 150 elements of HTML in each other: give the card's text$"):
        read_bytes(("<html>" + "<div>" * 200).encode(), "page.html")


def test_page_without_the_extra_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "markdownify", None)
    with pytest.raises(MissingExtra, match=r"pip install 'cardaudit\[html\]'"):
        read_bytes(PAGE.encode(), "page.html")
