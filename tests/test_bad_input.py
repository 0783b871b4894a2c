"""Bad input gets one clear sentence on standard error and exit code 2; nothing is lost and nothing hangs."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import ROOT, SECONDS, cardaudit, hear_ctrl_c, surroundings

SST2 = ROOT / "cards" / "sst2-distilbert-5e" / "card.md"


def says(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    """One line, with these words in it, and no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("cardaudit: ")]
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("# x\n")
    says(cardaudit("lint", tmp_path / "crad.md"), "does not exist", f"did you mean {tmp_path / 'card.md'}?")


def test_a_folder_without_cards_is_told(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"x")
    says(cardaudit("lint", tmp_path), "holds no card")
    says(cardaudit("zoo", tmp_path, "-o", tmp_path / "out"), "holds no card")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"# Modell\n\nGenauigkeit f\xfcr die Daten: 0.93\n", "UTF-8"),
        (b"x" * 50_000_000, "MB"),
    ],
    ids=["empty", "blank", "binary", "latin-1", "50 MB"],
)
def test_a_file_that_is_no_card_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "card.md"
    path.write_bytes(content)
    says(cardaudit("lint", path), str(path), words)
    says(cardaudit("show", path), str(path), words)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_of_a_card_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "card.md"
    path.write_bytes(SST2.read_text(encoding="utf-8").encode(encoding))
    done = cardaudit("lint", path, "--select", "shifted-row", "--format", "concise", "--fail-on", "warning")
    assert done.returncode == 1, done.stderr
    assert "shifted-row" in done.stdout


@pytest.mark.parametrize(
    "front_matter",
    ["license: [mit\n", "a: b: c\n", "- just\n- a list\n", "x: " + "[" * 30_000 + "\n", "a: &a [*a]\n", "\tlicense: mit\n"],
    ids=["unclosed", "two colons", "no mapping", "nested 30,000 deep", "recursive", "tab"],
)
def test_front_matter_that_is_no_yaml_is_a_finding_and_the_body_is_still_read(tmp_path: Path, front_matter: str) -> None:
    path = tmp_path / "card.md"
    path.write_text(f"---\n{front_matter}---\n\n# model\n\n- Loss: 0.5\n- F1: 0.0\n")
    done = cardaudit("lint", path, "--format", "concise", "--fail-on", "never")
    assert done.returncode == 0, done.stderr
    assert "zero-f1" in done.stdout


def test_a_table_of_20000_rows_is_read(tmp_path: Path) -> None:
    rows = "".join(f"| {1 / step:.4f} | {step / 10:.1f} | {step} | 0.5000 | 0.9000 |\n" for step in range(1, 20_001))
    path = tmp_path / "card.md"
    path.write_text("| Training Loss | Epoch | Step | Validation Loss | Accuracy |\n|:---:|:---:|:---:|:---:|:---:|\n" + rows)
    done = cardaudit("lint", path, "--fail-on", "never", "-o", "concise=" + str(tmp_path / "out.txt"))
    assert done.returncode == 0, done.stderr
    assert "warning" in (tmp_path / "out.txt").read_text()


def test_a_card_without_numbers_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text("# A model\n\nIt does things.\n")
    done = cardaudit("lint", path)
    assert done.returncode == 0, done.stderr
    assert "0 of 0 numbers read" in done.stdout


def test_an_unknown_rule_is_told_with_the_nearest_name() -> None:
    says(cardaudit("lint", SST2, "--select", "zero-f2"), "there is no rule and no group 'zero-f2'", "did you mean zero-f1")
    says(cardaudit("rules", "zero-f2"), "there is no rule and no group 'zero-f2'")


def test_a_bad_setting_is_told(tmp_path: Path) -> None:
    config = tmp_path / "cardaudit.toml"
    config.write_text("fail_on = 'error'\n")
    says(cardaudit("lint", SST2, "--config", config), "unknown setting 'fail_on'")


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    says(cardaudit("lint", SST2, "-o", tmp_path / "file" / "out.txt"), "cannot be written")


def test_a_hub_id_that_is_not_cached_is_told_when_offline(tmp_path: Path) -> None:
    says(cardaudit("lint", "someone/some-model", "--offline", HF_HOME=str(tmp_path)), "someone/some-model")


def test_a_card_of_control_characters_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text("# model \x1b[2J\x1b]0;owned\x07\n\n- Loss: 0.5\n- F1: 0.0 \x1b[31m [red]x[/red]\n")
    done = cardaudit("lint", path, "--fail-on", "never")
    assert "zero-f1" in done.stdout
    assert "\x1b" not in done.stdout
    shown = cardaudit("show", path)
    assert "\x1b" not in shown.stdout


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m cardaudit show {SST2} --format json | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        timeout=SECONDS,
        cwd=tmp_path,
        check=False,
        env=surroundings(),
    )
    assert b"Traceback" not in done.stderr


def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    """Standard input stays open, so that the command waits until it is interrupted."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cardaudit", "lint", "-"],
        stdin=subprocess.PIPE,
        preexec_fn=hear_ctrl_c,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=surroundings(),
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert b"Traceback" not in stderr
