"""What people see of a checkup: what contradicts first, what is not said in one line, facts last; programs get each finding."""

import json

import click
import pytest

from cardaudit.lint import check_card
from cardaudit.output import Checked
from cardaudit.output.machine import render_github, render_json
from cardaudit.output.markdown import render as markdown
from cardaudit.output.text import render as text
from cardaudit.parse import read_card

CARD = """---
license: mit
tags:
- generated_from_trainer
---
<!-- You should probably proofread and complete it, then remove this comment. -->
# glider-log-tagger

This model is a fine-tuned version of [bert-base-cased](https://huggingface.co/bert-base-cased) on the None dataset.
It achieves the following results on the evaluation set:
- Loss: 0.4123
- Precision: 0.8123
- Recall: 0.7911
- F1: 0.8912
- Accuracy: 0.9412

## Model description

More information needed
"""
UNSAID = (
    'no data set is named: "the None dataset" (unnamed-dataset, line 9); '
    "the front matter lacks language (missing-metadata, line 1); "
    "the number of evaluation examples, how precision, recall and F1 are averaged and any spread over seeds or examples "
    '(undisclosed-evaluation, line 12); 1 placeholder: "More information needed" (placeholder-text, line 19)'
)
RULES = (
    "inconsistent-f1",
    "unnamed-dataset",
    "missing-metadata",
    "undisclosed-evaluation",
    "placeholder-text",
    "template-comment",
)


@pytest.fixture
def checked() -> list[Checked]:
    card = read_card(CARD, "card.md")
    return [Checked("card.md", card, check_card(card, RULES))]


def test_text_frames_what_is_odd_and_folds_what_is_not_said(checked: list[Checked]) -> None:
    assert (
        click.unstyle(text(checked))
        == f"""card.md:14:7  error  inconsistent-f1  (inconsistent, proven)
  12 | - Precision: 0.8123
     |              ^^^^^^
  13 | - Recall: 0.7911
     |           ^^^^^^
  14 | - F1: 0.8912
     |       ^^^^^^
  = F1 0.8912, but precision 0.8123 and recall 0.7911 give at most 0.8016

card.md:9:100  warning  not said
  = {UNSAID}

card.md:6:1  note  template-comment
  = the generator's request to proofread the card is still there

card.md: 1 error, 1 warning, 4 notes (trainer; 6 of 6 rules had something to check, 5 of 5 numbers read)
"""
    )


def test_markdown_has_one_row_for_what_is_not_said(checked: list[Checked]) -> None:
    assert markdown(checked).splitlines()[4:] == [
        "| | line | rule | what |",
        "| --- | ---: | --- | --- |",
        "| ✗ error | 14 | inconsistent-f1 | F1 0.8912, but precision 0.8123 and recall 0.7911 give at most 0.8016 |",
        f"| ! warning | | not said | {UNSAID} |",
        "| i note | 6 | template-comment | the generator's request to proofread the card is still there |",
    ]


def test_github_gets_one_annotation_for_what_is_not_said(checked: list[Checked]) -> None:
    titles = [line.partition("title=")[2].partition("::")[0] for line in render_github(checked).splitlines()]
    assert titles == ["inconsistent-f1", "not said", "template-comment"]


def test_programs_get_each_finding(checked: list[Checked]) -> None:
    (card,) = json.loads(render_json(checked))["cards"]
    assert [(each["rule"], each["kind"], each["severity"]) for each in card["findings"]] == [
        ("inconsistent-f1", "inconsistent", "error"),
        ("unnamed-dataset", "missing", "warning"),
        ("missing-metadata", "missing", "info"),
        ("undisclosed-evaluation", "missing", "info"),
        ("placeholder-text", "missing", "info"),
        ("template-comment", "note", "info"),
    ]
