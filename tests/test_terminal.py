"""What people see in a terminal of 60, 80 and 140 columns: numbers and names are whole, carets stand below what they point at."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from unicodedata import east_asian_width

import click
import pytest
from command import CARDS, ROOT, cardaudit, surroundings

from cardaudit.output.columns import cells, cut, fold, table
from cardaudit.output.quoted import underlined
from cardaudit.records import Span

COLUMNS = (60, 80, 140)
PREFERENCES = """# Model Card for otter-dpo

This model is a fine-tuned version of [acme/otter-1b](https://huggingface.co/acme/otter-1b) on the acme/otter-pairs dataset.
It has been trained using [TRL](https://github.com/huggingface/trl) with DPO.

### Training hyperparameters

- learning_rate: 5e-07
- train_batch_size: 2
- seed: 42
- num_epochs: 1

### Training results

| Training Loss | Epoch  | Step | Validation Loss | Rewards/chosen | Rewards/rejected | Rewards/accuracies | Rewards/margins |
|:-------------:|:------:|:----:|:---------------:|:--------------:|:----------------:|:------------------:|:---------------:|
| 0.6412        | 0.2092 | 100  | 0.6288          | -0.0511        | -0.219           | 0.6825             | 0.1679          |
| 0.5713        | 0.4184 | 200  | 0.5641          | -0.3006        | -0.8927          | 0.7222             | 0.6921          |
"""
EAST = """# 情感分类

| 指标 | 数值 |
| --- | --- |
| 精确率 | 0.571 |
| 召回率 | 0.566 |
| F1 值 🦦 | 0.6085 |
"""


def on_terminal(columns: int, *arguments: str | Path, cwd: Path | None = None, **environment: str) -> str:
    """What a call of `cardaudit` writes to a terminal, both streams; its colours stay."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    surrounding = {key: value for key, value in surroundings(**{"TERM": "xterm", **environment}).items() if key != "COLUMNS"}
    command = [sys.executable, "-m", "cardaudit", *map(str, arguments)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=surrounding, cwd=cwd) as process:
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # Linux: the other end is closed
            pass
        process.wait(60)
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def below(text: str, number: int) -> list[str]:
    """What the carets below a quoted line of a card point at, as a terminal shows it."""
    lines = click.unstyle(text).split("\n")
    at = next(at for at, line in enumerate(lines) if re.match(rf" *{number} \| ", line))
    shown = "".join(char + "\0" * (east_asian_width(char) in "WF") for char in lines[at])
    return [shown[found.start() : found.end()].replace("\0", "") for found in re.finditer(r"\^+", lines[at + 1])]


@pytest.fixture
def card(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "card.md"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("columns", COLUMNS)
def test_the_number_that_a_finding_is_about_is_shown(columns: int, card: Callable[[str], Path]) -> None:
    path = card(PREFERENCES)
    shown = on_terminal(columns, "lint", path.name, "--select", "wrong-reward-margin", cwd=path.parent)
    assert below(shown, 18) == ["-0.3006", "-0.8927", "0.6921"]
    assert max(map(cells, click.unstyle(shown).split("\n"))) <= columns


@pytest.mark.parametrize("columns", COLUMNS)
def test_carets_stand_below_their_number_in_lines_of_wide_characters(columns: int, card: Callable[[str], Path]) -> None:
    shown = on_terminal(columns, "lint", card(EAST), "--select", "inconsistent-f1")
    assert [below(shown, line) for line in (5, 6, 7)] == [["0.571"], ["0.566"], ["0.6085"]]


@pytest.mark.parametrize(
    ("line", "spans", "widest", "shown", "carets"),
    [
        ("precision 0.5", [(10, 13)], 20, "precision 0.5", "          ^^^"),
        ("a" * 30 + " 0.5 " + "b" * 30, [(31, 34)], 11, "…aa 0.5 bb…", "    ^^^"),
        ("0.1" + "-" * 40 + "0.2" + "-" * 40 + "0.3", [(86, 89), (0, 3), (43, 46)], 15, "0.1-…-0.2-…-0.3", "^^^   ^^^   ^^^"),
        ("0.1" + "-" * 40 + "0.2" + "-" * 40 + "0.3", [(86, 89), (0, 3), (43, 46)], 10, "0.1-…-0.3", "^^^   ^^^"),
        ("x" * 50, [(0, 50)], 20, "xxxxxxxxxxxxxxxxxxx…", "^" * 19),
        ("値" * 30, [(20, 22)], 12, "…値値値値…", "   ^^^^"),
        ("e\u0301t\u0301e 0.5", [(6, 9)], 20, "e\u0301t\u0301e 0.5", "    ^^^"),
        ("end", [(3, 3)], 20, "end", "   ^"),
        ("\x1b[31m 0.5", [(6, 9)], 30, "‹U+001B›[31m 0.5", "             ^^^"),
    ],
)
def test_of_a_long_line_the_parts_around_the_places_are_shown(
    line: str, spans: list[tuple[int, int]], widest: int, shown: str, carets: str
) -> None:
    text, marks = underlined(line, [Span(*span) for span in spans], widest, "red")
    assert (text, click.unstyle(marks)) == (shown, carets)
    assert cells(text) <= widest


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize(
    "arguments",
    [
        ("rules",),
        ("rules", "wrong-reward-margin"),
        ("rules", "wrong-reward-margin", "CARD"),
        ("show", "CARD"),
        ("lint", "CARD"),
        ("plan", "CARD", "--offline"),
        ("plan", CARDS / "invoice-demo" / "card.md", "--offline", "--budget", "30m"),
        ("census", "show"),
        ("census", "show", "bf5ef99d55bf"),
        ("doctor", "--offline"),
    ],
    ids=lambda arguments: " ".join(map(str, arguments[:2])),
)
def test_nothing_is_broken_inside_a_word(columns: int, arguments: tuple[str | Path, ...], card: Callable[[str], Path]) -> None:
    path = card(PREFERENCES)
    lines = click.unstyle(on_terminal(columns, *(path if each == "CARD" else each for each in arguments))).split("\n")
    assert len(lines) >= 3
    whole = [line for line in lines if cells(line) > columns]
    assert all(len(line.split()) == 1 for line in whole), whole  # a path that is longer than the terminal stays whole


def test_the_epochs_go_on_below_where_they_do_not_fit(card: Callable[[str], Path]) -> None:
    shown = click.unstyle(on_terminal(60, "show", card(PREFERENCES)))
    assert shown.partition("epochs\n")[2] == (
        "  line   epoch  step    training_  validation_     rewards_\n"
        "                             loss         loss       chosen\n"
        "    17  0.2092   100       0.6412       0.6288      -0.0511\n"
        "    18  0.4184   200       0.5713       0.5641      -0.3006\n"
        "\n"
        "  line   epoch  step     rewards_     rewards_     rewards_\n"
        "                         rejected   accuracies      margins\n"
        "    17  0.2092   100       -0.219       0.6825       0.1679\n"
        "    18  0.4184   200      -0.8927       0.7222       0.6921\n"
    )


def test_a_pipe_gets_each_message_on_one_line(card: Callable[[str], Path]) -> None:
    told = cardaudit("lint", card(PREFERENCES), "--select", "wrong-reward-margin").stdout
    assert (
        "  = reward margin 0.6921, but the rewards -0.3006 (chosen) and -0.8927 (rejected) differ by 0.5919 to 0.5923\n" in told
    )


def test_lines_are_broken_between_words_and_wide_characters() -> None:
    assert fold("  = one two three", 11, "    ") == "  = one two\n    three"
    assert fold("  = 精确率与召回率", 12, "    ") == "  = 精确率与\n    召回率"
    assert fold(click.style("one two", fg="red"), 3, "") == "\x1b[31mone\ntwo\x1b[0m"
    assert fold("a-name-that-is-too-long here", 10, "") == "a-name-that-is-too-long\nhere"
    assert cut("精确率与召回率", 6) == "精确…"


def test_a_table_that_fits_is_left_alone() -> None:
    rows = [["0.51", "值"], ["0.5", "value"]]
    expected = ["  a_b   text", "  0.51  值", "  0.5   value"]
    assert [click.unstyle(line) for line in table(["a_b", "text"], rows, 40, 1)] == expected


def test_numbers_stay_whole_and_a_long_name_beside_them_is_cut() -> None:
    rows = [["cosine_accuracy", "0.9878787878", "a-very-long-name", "12"]]
    shown = [click.unstyle(line) for line in table(["metric", "value", "dataset", "line"], rows, 42, 2)]
    assert shown == [
        "  metric           value         dataset",
        "  cosine_accuracy  0.9878787878  a-very-l…",
        "",
        "  metric           value         line",
        "  cosine_accuracy  0.9878787878  12",
    ]


# --- what a shell and a terminal may ask for --------------------------------------------------------------------------


@pytest.mark.parametrize(("variable", "value"), [("TERM", "dumb"), ("NO_COLOR", "1")])
@pytest.mark.parametrize("target", ["CARD", "missing.md"])
def test_no_colours_where_none_are_wanted(variable: str, value: str, target: str, card: Callable[[str], Path]) -> None:
    path = card(PREFERENCES)
    arguments = ("lint", path if target == "CARD" else target)
    assert "\x1b[" in on_terminal(80, *arguments)
    assert "\x1b[" not in on_terminal(80, *arguments, **{variable: value})


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant() -> None:
    told = cardaudit("lnt", "card.md")
    assert told.returncode == 2
    assert "no such command 'lnt': did you mean lint?" in told.stderr
    assert "did you mean cardaudit lint user/model?" in cardaudit("user/model").stderr


@pytest.mark.parametrize("arguments", ["lint {card}", "show {card}", "rules", "--help"])
def test_a_closed_standard_output_is_one_sentence(arguments: str, card: Callable[[str], Path]) -> None:
    command = f"{sys.executable} -m cardaudit {arguments.format(card=card(PREFERENCES))} >&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=surroundings(), cwd=ROOT, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("cardaudit: standard output is closed")


def test_a_closed_standard_error_stops_nothing(card: Callable[[str], Path], tmp_path: Path) -> None:
    command = f"{sys.executable} -m cardaudit zoo {card(PREFERENCES).parent} -o {tmp_path / 'zoo'} --jobs 1 2>&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=surroundings(), cwd=ROOT, check=False)
    assert (done.returncode, done.stdout[:7]) == (1, "1 card:")


def test_a_dumb_terminal_gets_no_escapes_from_the_progress_of_a_zoo(card: Callable[[str], Path], tmp_path: Path) -> None:
    assert "\x1b[" not in on_terminal(60, "zoo", card(PREFERENCES).parent, "-o", tmp_path / "zoo", "--jobs", "1", TERM="dumb")


def test_an_answer_in_a_file_is_that_of_a_pipe(card: Callable[[str], Path], tmp_path: Path) -> None:
    path = card(PREFERENCES)
    for arguments in (("lint", path), ("show", path), ("rules", "wrong-reward-margin")):
        on_terminal(60, *arguments, "-o", tmp_path / "answer.txt")
        assert (tmp_path / "answer.txt").read_text() == cardaudit(*arguments).stdout


def test_an_answer_in_a_file_needs_no_standard_output(card: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "found.txt"
    command = f"{sys.executable} -m cardaudit lint {card(PREFERENCES)} -o {path} >&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=surroundings(), cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "wrong-reward-margin" in path.read_text()


def test_the_file_of_allowances_that_the_help_shows_is_one(card: Callable[[str], Path], tmp_path: Path) -> None:
    path = card(PREFERENCES)
    shown = cardaudit("lint", "--help").stdout.partition("A file for --allow:\n")[2].partition("\n\n")[0]
    (tmp_path / "allow.toml").write_text(shown.replace("zero-f1", "wrong-reward-margin").replace("someone/*", "*/card.md"))
    assert cardaudit("lint", path).returncode == 1
    assert cardaudit("lint", path, "--allow", tmp_path / "allow.toml").returncode == 0
