"""What README.md shows of the program is what the program says."""

import re
from pathlib import Path

from click.testing import CliRunner

from cardaudit.cli import app

ROOT = Path(__file__).resolve().parents[1]
SHOWN = re.compile(r"^```\n\$ cardaudit (lint .+)\n((?s:.*?))\n```$", re.MULTILINE)


def test_the_findings_that_the_readme_shows_are_found() -> None:
    """A terminal breaks long messages, four blanks deep; a pipe has them whole."""
    shown = SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown
    for command, told in shown:
        words = [str(ROOT / word) if word.startswith("cards/") else word for word in command.split()]
        result = CliRunner().invoke(app, words)
        assert result.output.replace(f"{ROOT}/", "").rstrip() == re.sub(r"\n    (?=\S)", " ", told)
