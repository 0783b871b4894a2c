"""The page of several linted cards: an index, and below it what was found in each, with the lines it points to."""

import re
from pathlib import Path

import pytest
from command import cardaudit

ZERO = "# a\n\n- Loss: 0.2\n- Precision: 0.0\n- Recall: 0.0\n- F1: 0.0\n- Accuracy: 0.9\n"
BATCH = """# b

### Training hyperparameters

The following hyperparameters were used during training:
- train_batch_size: 16
- gradient_accumulation_steps: 4
- total_train_batch_size: 32
"""

SEEN = (
    ("zero-f1", 6, "0.0", "precision, recall and F1 are 0.0 in the headline; accuracy is 0.9"),
    (
        "inconsistent-batch-size",
        8,
        "32",
        "total_train_batch_size 32, but train_batch_size 16 and gradient_accumulation_steps 4 give 64",
    ),
)


def page_of(folder: Path, *targets: str) -> str:
    done = cardaudit("lint", *targets, "-o", "html=page.html", "--fail-on", "never", "--format", "concise", cwd=folder)
    assert done.returncode == 0, done.stderr
    return (folder / "page.html").read_text(encoding="utf-8")


def section(page: str, number: int) -> str:
    return page.split(f'<article class="linted" id="card-{number}"')[1].split('<article class="linted"')[0].split("</section>")[0]


@pytest.fixture
def both(tmp_path: Path) -> str:
    (tmp_path / "zero.md").write_text(ZERO)
    (tmp_path / "wrong.md").write_text(BATCH)
    (tmp_path / "empty.md").write_text("---\nlicense: mit\nlanguage: en\n---\n# c\n")
    return page_of(tmp_path, "zero.md", "wrong.md")


def test_few_cards_are_named_in_the_title(both: str, tmp_path: Path) -> None:
    assert "<title>wrong and zero: 2 cards: 2 with an error.</title>" in both
    (tmp_path / "more").mkdir()
    for number in range(4):
        (tmp_path / "more" / f"{number}.md").write_text(ZERO)
    assert "<title>more: 4 cards: 4 with an error.</title>" in page_of(tmp_path, "more")


def test_each_card_has_its_findings_with_message_and_lines(both: str) -> None:
    for rule, place, printed, message in SEEN:
        (number,) = (n for n in (1, 2) if rule in section(both, n))
        text = section(both, number)
        assert f'id="card-{number}-f-{rule}-1"' in text
        assert f'<a href="#card-{number}-L{place}">line {place}</a>' in text
        line = text.split(f'id="card-{number}-L{place}"')[1].split("</div>")[0]
        assert re.search(rf'<mark class="error"[^>]*>{printed}</mark>', line)
        assert f'<a href="#card-{number}"><bdi>' in both
        assert message in re.findall(r'<p class="message"[^>]*>([^<]*)</p>', text)


def test_no_address_is_given_twice_and_each_link_leads_somewhere(both: str) -> None:
    anchors = re.findall(r'\bid="([^"]+)"', both)
    assert len(anchors) == len(set(anchors))
    assert {href for href in re.findall(r'href="#([^"]+)"', both) if not href.startswith("q=")} <= set(anchors)


def test_beyond_200_cards_the_gravest_are_shown(tmp_path: Path) -> None:
    for number in range(203):
        (tmp_path / f"{number}.md").write_text(
            BATCH if number == 202 else f"---\nlicense: mit\n---\n# card {number}\n\n- F1: 0.5\n"
        )
    page = page_of(tmp_path, ".")
    assert page.count('<article class="linted"') == 200
    assert "inconsistent-batch-size" in section(page, 1)
    told = "The first 200, gravest first; 3 more cards with findings are not shown here."
    assert f'<p class="hint">{told} cardaudit zoo with the same cards writes a page for each.</p>' in page


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [
        ("eval_runtime: 10.7925\n- eval_samples_per_second: 9.3\n- eval_loss: 0.2", "loss 0.2"),
        ("eval_runtime: 10.7925\n- eval_steps_per_second: 9.3", ""),
        ("Runtime: 10.7925\n- Wer: 0.3", "wer 0.3"),
    ],
)
def test_how_long_something_took_is_no_claim(tmp_path: Path, printed: str, claimed: str) -> None:
    text = f"# a\n\nIt achieves the following results on the evaluation set:\n- {printed}\n"
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "b.md").write_text(text)
    assert re.findall(r'<td class="claimed">([^<]*)</td>', page_of(tmp_path, "a.md", "b.md")) == [claimed] * 2
