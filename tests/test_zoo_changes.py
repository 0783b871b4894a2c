"""What a zoo has otherwise than the last time, or than another: findings, claims, cards."""

import json
from pathlib import Path

import jsonschema
import pytest
from command import cardaudit
from zoo_samples import TEXTS

from cardaudit.records import Change
from cardaudit.zoo.reading import Reading

GOOD = (
    "# Steady\n\nIt achieves the following results on the evaluation set:\n- Precision: 0.8123\n- Recall: 0.8123\n- F1: 0.8123\n"
)
WRONG = GOOD.replace("F1: 0.8123", "F1: 0.9321")
ZERO = GOOD.replace("0.8123", "0.0")
SELECT = ("--select", "inconsistent-f1,zero-f1", "--fail-on", "never", "-q")


def write(path: Path, **cards: str) -> Path:
    path.write_text("".join(json.dumps({"hub_id": name, "card": text}) + "\n" for name, text in cards.items()))
    return path


def zoo(source: Path, folder: Path, *options: str) -> str:
    done = cardaudit("zoo", source, "-o", folder, *(options or SELECT))
    assert done.returncode == 0, done.stderr
    return done.stdout


def changes(folder: Path) -> list[Change]:
    with Reading(folder / "zoo.sqlite") as reading:
        return list(reading.changes())


def test_a_first_run_has_no_changes_and_a_second_tells_what_is_new_and_fixed(tmp_path: Path) -> None:
    source = write(tmp_path / "cards.jsonl", steady=GOOD, mended=WRONG, broken=GOOD, gone=ZERO)
    zoo(source, tmp_path / "zoo")
    assert changes(tmp_path / "zoo") == []
    zoo(source, tmp_path / "zoo")
    assert changes(tmp_path / "zoo") == []
    write(source, steady=GOOD + "\nA word.\n", mended=GOOD, broken=WRONG, fresh=ZERO)
    zoo(source, tmp_path / "zoo")
    found = [(each.kind, each.name, each.rule, each.severity, each.href) for each in changes(tmp_path / "zoo")]
    assert found == [
        ("new", "broken", "inconsistent-f1", "error", "cards/broken/report.html"),
        ("new", "fresh", "zero-f1", "error", "cards/fresh/report.html"),
        ("fixed", "mended", "inconsistent-f1", "error", "cards/mended/report.html"),
    ]


def test_a_finding_that_moves_to_another_line_is_the_same(tmp_path: Path) -> None:
    source = write(tmp_path / "cards.jsonl", a=WRONG)
    zoo(source, tmp_path / "zoo")
    write(source, a=WRONG.replace("# Steady", "# Steady\n\nMore words."))
    zoo(source, tmp_path / "zoo")
    assert changes(tmp_path / "zoo") == []


def test_rules_that_are_new_since_the_last_time_are_the_cause(tmp_path: Path) -> None:
    source = write(tmp_path / "cards.jsonl", a=WRONG, b=ZERO)
    zoo(source, tmp_path / "zoo", "--select", "inconsistent-f1", "--fail-on", "never", "-q")
    zoo(source, tmp_path / "zoo")
    told = cardaudit("zoo", "diff", tmp_path / "zoo")
    assert told.returncode == 1
    first, summary = told.stdout.splitlines()
    assert first.startswith("new        error    zero-f1  b  precision, recall and F1 are 0.0")
    assert first.endswith("(the rules changed)")
    assert summary.startswith("2 cards; 1 new (1 error); 0 fixed; 0 newly contested; compared with 20")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    zoo(write(tmp_path / "old.jsonl", a=GOOD, b=WRONG, **{"evil`|": GOOD}), tmp_path / "old")
    zoo(write(tmp_path / "new.jsonl", a=WRONG, b=GOOD, c=ZERO, **{"evil`|": ZERO}), tmp_path / "new")
    return tmp_path / "old", tmp_path / "new"


def test_two_zoos_are_compared(two: tuple[Path, Path]) -> None:
    done = cardaudit("zoo", "diff", *two, "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    schema = json.loads(cardaudit("schema", "zoo-diff").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    assert [(each["change"], each["name"], each["rule"], each["because"]) for each in told["findings"]] == [
        ("new", "a", "inconsistent-f1", "the card was edited"),
        ("new", "c", "zero-f1", "the card is new"),
        ("new", "evil`|", "zero-f1", "the card was edited"),
        ("fixed", "b", "inconsistent-f1", "the card was edited"),
    ]
    assert [(each["name"], each["because"]) for each in told["cards"]] == [
        ("a", "the card was edited"),
        ("b", "the card was edited"),
        ("c", "the card is new"),
        ("evil`|", "the card was edited"),
    ]
    assert cardaudit("zoo", "diff", two[1], two[1]).returncode == 0


def test_a_digest_for_a_pull_request(two: tuple[Path, Path], tmp_path: Path) -> None:
    done = cardaudit("zoo", "diff", *two, "--format", "markdown", "-o", tmp_path / "digest.md")
    assert done.returncode == 1
    first, *lines = (tmp_path / "digest.md").read_text().splitlines()
    assert first.startswith(
        "**Zoo:** 4 cards (1 new, 3 edited); 3 new (3 errors); 1 fixed (1 error); 0 newly contested; compared with 20"
    )
    assert lines == [
        "",
        "| New | rule | cards |",
        "| --- | --- | --- |",
        "| ✗ error | zero-f1 | `c`, `evil'\\|` |",
        "| ✗ error | inconsistent-f1 | `a` |",
        "",
        "| Fixed | rule | cards |",
        "| --- | --- | --- |",
        "| ✗ error | inconsistent-f1 | `b` |",
    ]


def test_a_digest_counts_notes_and_what_went_with_its_card_apart(tmp_path: Path) -> None:
    options = ("--select", "inconsistent-f1,zero-f1,missing-front-matter,unnamed-dataset,missing-metadata,missing-seed")
    noted = {f"n{number}": "---\nlicense: mit\n---\n" + GOOD for number in range(3)}
    zoo(write(tmp_path / "old.jsonl", a=GOOD, gone=WRONG), tmp_path / "old", *options, "--fail-on", "never", "-q")
    zoo(write(tmp_path / "new.jsonl", a=GOOD, **noted), tmp_path / "new", *options, "--fail-on", "never", "-q")
    done = cardaudit("zoo", "diff", tmp_path / "old", tmp_path / "new", "--format", "markdown")
    first, *lines = done.stdout.splitlines()
    assert "gone with their cards; 0 newly contested" in first
    assert "0 fixed" in first
    assert [line for line in lines if "note" in line] == ["| i notes | missing-metadata 3 | 3 cards |"]
    assert not any("Fixed" in line for line in lines)


def test_a_zoo_without_a_run_before_is_told(tmp_path: Path) -> None:
    zoo(write(tmp_path / "cards.jsonl", a=GOOD), tmp_path / "zoo")
    assert "has no finished run to compare" in cardaudit("zoo", "diff", tmp_path / "zoo").stderr


# What the keeper allows, and what is known


def test_what_is_allowed_or_known_counts_for_nothing_until_it_ends(tmp_path: Path) -> None:
    source = write(tmp_path / "cards.jsonl", **{"some/a": WRONG, "some/b": ZERO, "other/c": ZERO})
    allow = tmp_path / "allow.toml"
    allow.write_text('[[allow]]\ncard = "some/*"\nrule = "zero-f1"\nbecause = "known to the author"\n')
    plain = zoo(source, tmp_path / "zoo")
    assert plain == "3 cards: 3 errors, 0 warnings, 0 notes\n"
    allowed = cardaudit("zoo", source, "-o", tmp_path / "zoo", *SELECT[:2], "--allow", allow)
    assert allowed.stdout == "3 cards: 2 errors, 0 warnings, 0 notes\n"
    assert "allows nothing" not in allowed.stderr
    assert "known to the author" in (tmp_path / "zoo" / "cards" / "some_b" / "report.html").read_text()
    lint = cardaudit("lint", source, *SELECT[:2], "--write-baseline", tmp_path / "known.json")
    assert lint.returncode == 0, lint.stderr
    known = cardaudit("zoo", source, "-o", tmp_path / "zoo", *SELECT[:2], "--baseline", tmp_path / "known.json")
    assert (known.returncode, known.stdout) == (0, "3 cards: 0 errors, 0 warnings, 0 notes\n")
    assert "gone" not in known.stderr
    assert zoo(source, tmp_path / "zoo") == plain


def test_an_allowance_without_effect_is_told(tmp_path: Path) -> None:
    allow = tmp_path / "allow.toml"
    allow.write_text('[[allow]]\ncard = "nobody"\nrule = "zero-f1"\nbecause = "why not"\n')
    source = write(tmp_path / "cards.jsonl", a=TEXTS[0])
    done = cardaudit("zoo", source, "-o", tmp_path / "zoo", "--allow", allow, "--fail-on", "never")
    assert "the allowance of zero-f1 for nobody allows nothing: remove it" in done.stderr


def test_a_page_is_written_again_only_when_something_about_its_card_changed(tmp_path: Path) -> None:
    source = write(tmp_path / "cards.jsonl", a=WRONG, b=ZERO)
    zoo(source, tmp_path / "zoo")
    pages = {path: path.stat().st_mtime_ns for path in (tmp_path / "zoo" / "cards").glob("*/report.html")}
    assert [path.parent.name for path in sorted(pages)] == ["a", "b"]
    write(source, a=WRONG, b=GOOD)
    zoo(source, tmp_path / "zoo")
    changed = [path.parent.name for path, before in pages.items() if path.stat().st_mtime_ns != before]
    assert changed == ["b"]
    assert "zero-f1" not in (tmp_path / "zoo" / "cards" / "b" / "report.html").read_text().partition("Not checked")[0]
