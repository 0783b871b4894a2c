"""Patterns that are compiled at their first use do what compiled ones do, and none of the package's is broken."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import cardaudit
from cardaudit.patterns import deferred

PACKAGE = Path(cardaudit.__file__).parent
COMPILE_ALL = """
import importlib, re, sys
import cardaudit.patterns
made = []
cardaudit.patterns.deferred = lambda *given: made.append(given) or re.compile(*given)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(len(made))
"""


def test_a_deferred_pattern_answers_as_a_compiled_one_does():
    text, given = "F1 0.9, f1 0.91", (r"f(\d) ", re.I)
    pattern, plain = deferred(*given), re.compile(*given)
    assert pattern.sub(r"R\1 ", text) == plain.sub(r"R\1 ", text) == "R1 0.9, R1 0.91"
    assert [each.span() for each in pattern.finditer(text, 2)] == [each.span() for each in plain.finditer(text, 2)]
    assert (pattern.fullmatch(text), pattern.findall(text)) == (plain.fullmatch(text), plain.findall(text)) == (None, ["1", "1"])
    assert (pattern.split(text), pattern.pattern) == (plain.split(text), plain.pattern)
    assert (pattern.flags, pattern.groups, pattern.groupindex) == (plain.flags, plain.groups, plain.groupindex)


def test_what_is_asked_first_of_a_deferred_pattern_does_not_matter():
    assert deferred(r"(?P<score>\d)(\w)").groups == 2
    assert deferred("F1", re.I).flags == re.compile("F1", re.I).flags


def test_an_error_in_a_deferred_pattern_is_raised_at_its_first_use():
    pattern = deferred("(")
    with pytest.raises(re.error):
        pattern.search("text")


def test_each_pattern_of_the_package_compiles():
    files = [path for path in PACKAGE.rglob("*.py") if "deferred(" in path.read_text("utf-8") and path.name != "patterns.py"]
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__") for path in files]
    ended = subprocess.run([sys.executable, "-c", COMPILE_ALL, *names], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert ended.returncode == 0, ended.stderr
    written = sum(path.read_text("utf-8").count("deferred(") for path in files)
    assert int(ended.stdout) >= written > 500
