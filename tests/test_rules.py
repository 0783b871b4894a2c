"""The rules as documents: each page, each specification in tests/rules/, and the honest cards that must stay silent.

A specification is Markdown: a heading names a case, a sentence says what is specified, a `card` block goes in, where a rule looks
at runs a `facts` block with those of one run, where it looks at the repository an `evidence` block, where it compares with
strangers' cards a `census` block of theirs (see census_samples.py), and a `findings` block of `line:column rule severity message`
comes out. An empty block specifies silence. CARDAUDIT_UPDATE=1 rewrites the findings.
"""

import json
import os
import re
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from census_samples import MadeCensus, made_census

from cardaudit.codec import unpack
from cardaudit.errors import CardauditError
from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.records import Evidence, Run
from cardaudit.rule import SECTIONS
from cardaudit.rules import NAMES, RULES

ROOT = Path(__file__).resolve().parents[1]
SPECIFICATIONS = ROOT / "tests" / "rules"
SHARED = ROOT.parent / "shared"
CASE = re.compile(
    r"^## (?P<title>[^\n]+)\n\n(?P<prose>[^\n]+)\n\n````card\n(?P<card>.*?)^````\n\n"
    r"(?:````facts\n(?P<facts>.*?)^````\n\n)?(?:````evidence\n(?P<evidence>.*?)^````\n\n)?"
    r"(?:````census\n(?P<census>.*?)^````\n\n)?````findings\n(?P<findings>.*?)^````$",
    re.DOTALL | re.MULTILINE,
)


class Case(NamedTuple):
    rule: str
    title: str
    prose: str
    card: str
    facts: str
    evidence: str
    census: str
    findings: str


def cases_of(name: str) -> list[Case]:
    text = (SPECIFICATIONS / f"{name}.md").read_text(encoding="utf-8")
    groups = (match.groupdict(default="") for match in CASE.finditer(text))
    return [Case(name, **{**g, "prose": g["prose"].strip()}) for g in groups]


def found(case: Case) -> str:
    """What the full set of rules finds, this rule's findings only, so that folding between rules is part of the specification."""
    card = read_card(case.card, "card.md")
    checkup = check_card(card, runs=runs_of(case), evidence=evidence_of(case), census=census_of(case))
    return "".join(
        f"{card.line(finding.at[0].span)}:{card.column(finding.at[0].span)} {finding.rule} {finding.severity} {finding.message}\n"
        for finding in checkup.findings
        if finding.rule == case.rule
    )


def runs_of(case: Case) -> tuple[Run, ...]:
    return (Run("0", 1042, (), "finished", 1.0, {}, json.loads(case.facts)),) if case.facts else ()


def evidence_of(case: Case) -> Evidence | None:
    return unpack(Evidence, json.loads(case.evidence)) if case.evidence else None


def census_of(case: Case) -> MadeCensus | None:
    return made_census(case.census) if case.census else None


SPECIFIED = [case for path in sorted(SPECIFICATIONS.glob("*.md")) for case in cases_of(path.stem)]


@pytest.mark.parametrize("case", SPECIFIED, ids=lambda case: f"{case.rule}: {case.title}")
def test_rule_finds_what_is_specified(case: Case) -> None:
    if os.environ.get("CARDAUDIT_UPDATE"):
        _update(case)
    else:
        assert found(case) == case.findings


def _update(case: Case) -> None:
    path = SPECIFICATIONS / f"{case.rule}.md"
    text = path.read_text(encoding="utf-8")
    facts = f"````facts\n{case.facts}````\n\n" if case.facts else ""
    evidence = f"````evidence\n{case.evidence}````\n\n" if case.evidence else ""
    census = f"````census\n{case.census}````\n\n" if case.census else ""
    before = f"````card\n{case.card}````\n\n{facts}{evidence}{census}````findings\n"
    path.write_text(text.replace(f"{before}{case.findings}````", f"{before}{found(case)}````"), encoding="utf-8")


def test_files_list_and_specifications_agree() -> None:
    files = {path.stem.replace("_", "-") for path in (ROOT / "cardaudit" / "rules").glob("*/[!_]*.py")}
    assert files == set(NAMES)
    assert {path.stem for path in SPECIFICATIONS.glob("*.md")} == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_specification_has_findings_and_silence_each_with_its_sentence(name: str) -> None:
    cases = cases_of(name)
    assert any(case.findings for case in cases)
    assert any(not case.findings for case in cases)
    assert all(case.prose.endswith(".") for case in cases)
    text = (SPECIFICATIONS / f"{name}.md").read_text(encoding="utf-8")
    assert text.count("\n````findings\n") == len(cases) == text.count("\n````card\n"), "a heading without its two blocks"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_page_has_its_sections_and_the_name_is_kebab_case(rule) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.name)
    assert rule.title.endswith(".")
    assert tuple(re.findall(r"^## (.+)$", rule.page, re.MULTILINE)) == SECTIONS
    assert all(body.strip() for body in re.split(r"^## .+$", rule.page, flags=re.MULTILINE))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_explaining_rules_run_first(rule) -> None:  # type: ignore[no-untyped-def]
    assert all(NAMES.index(name) < NAMES.index(rule.name) for name in rule.yields_to)


def test_every_rule_ends_in_exactly_one_way() -> None:
    for case in SPECIFIED[::5]:
        checkup = check_card(read_card(case.card, "card.md"))
        ends = [
            {finding.rule for finding in checkup.findings} | {each.finding.rule for each in checkup.suppressed},
            set(checkup.clear),
            {each.rule for each in checkup.unchecked},
        ]
        assert sum(map(len, ends)) == len(NAMES)
        assert set().union(*ends) == set(NAMES)
        assert not [each for each in checkup.unchecked if each.because.startswith("internal error")]


def test_findings_hold_plain_json() -> None:
    for case in SPECIFIED:
        for finding in check_card(read_card(case.card, "card.md")).findings:
            json.dumps(dict(finding.arithmetic), allow_nan=False)
            assert finding.at


def test_select_and_ignore_name_rules() -> None:
    card = read_card("no numbers here\n", "card.md")
    assert [each.rule for each in check_card(card, select=("zero-f1",)).unchecked] == ["zero-f1"]
    assert "zero-f1" not in {each.rule for each in check_card(card, ignore=("zero-f1",)).unchecked}
    with pytest.raises(CardauditError, match="did you mean zero-f1"):
        check_card(card, select=("zero-f",))


def test_suppressed_findings_keep_their_reason() -> None:
    case = next(case for case in cases_of("zero-f1") if case.findings)
    comment = '<!-- cardaudit: allow zero-f1 because "the eval split holds no entity" -->\n'
    checkup = check_card(read_card(case.card + "\n" + comment, "card.md"))
    assert [(each.finding.rule, each.reason) for each in checkup.suppressed] == [("zero-f1", "the eval split holds no entity")]
    assert "zero-f1" not in {finding.rule for finding in checkup.findings} | set(checkup.clear)
    assert "unused-suppression" in checkup.clear


HONEST = sorted((SHARED / "reference").glob("*/README.md"))


@pytest.mark.shared
@pytest.mark.skipif(not HONEST, reason="the research material does not lie beside the checkout")
@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.parent.name)
def test_honest_trainer_cards_are_never_inconsistent(path: Path) -> None:
    checkup = check_card(read_card(path.read_text(encoding="utf-8"), path.parent.name))
    assert not [finding for finding in checkup.findings if finding.kind == "inconsistent"]
    assert not [each for each in checkup.unchecked if each.because.startswith("internal error")]


@pytest.mark.parametrize("rows", [2_000, 20_000])
def test_long_tables_take_linear_time(rows: int) -> None:
    head = "| Training Loss | Epoch | Step | Validation Loss | Accuracy |\n|:---:|:---:|:---:|:---:|:---:|\n"
    body = "".join(
        f"| 0.5 | {step / 100:.2f} | {step} | 0.4{step % 1000:03} | 0.8{step % 997:03} |\n" for step in range(1, rows + 1)
    )
    card = read_card(f"# m\n\n### Training results\n\n{head}{body}", "card.md")
    start = time.process_time()
    check_card(card)
    assert time.process_time() - start < rows / 200


SOURCES = {
    "0": {
        "zero-f1",
        "unnamed-dataset",
        "false-trend-claim",
        "rising-validation-loss",
        "implied-training-size",
        "placeholder-text",
    },
    "1": {"dataset-refuted-by-counts", "implied-training-size"},
    "2": {"code-contradicts-card", "identified-evaluation-split", "script-only-dataset"},
    "3": {"zero-f1", "too-few-updates", "small-evaluation-set", "never-logged-loss", "unnamed-dataset"},
    "4": {"small-evaluation-set", "shifted-row", "false-trend-claim", "unnamed-dataset", "implied-training-size"},
}
WORKED = {
    ("0", "implied-training-size", "training_examples"): [31281, 31296],
    ("1", "implied-training-size", "training_examples"): [14033, 14048],
    ("2", "identified-evaluation-split", "solutions"): {
        "validation, first sub-token": [[5570, 5997]],
        "validation, label on every sub-token, uncased": [[8379, 9021]],
        "validation, label on every sub-token, cased": [[10448, 11249]],
    },
    ("1", "dataset-refuted-by-counts", "refuted"): [
        "validation, first sub-token: 5,942",
        "validation, I- on continuations, uncased: 5,942",
        "validation, I- on continuations, cased: 5,942",
        "validation, label on every sub-token, uncased: 8,939",
        "validation, label on every sub-token, cased: 11,146",
        "test, first sub-token: 5,648",
        "test, I- on continuations, uncased: 5,648",
        "test, label on every sub-token, uncased: 8,426",
    ],
    ("1", "dataset-refuted-by-counts", "tasks_that_fit"): ["chunk", "POS"],
    ("2", "identified-evaluation-split", "missed_and_spurious"): {
        "validation, first sub-token": [372, 427],
        "validation, label on every sub-token, uncased": [560, 642],
        "validation, label on every sub-token, cased": [698, 801],
    },
    ("2", "identified-evaluation-split", "wrong_tokens"): {
        "validation, first sub-token": [820, 824],
        "validation, label on every sub-token, uncased": [1005, 1010],
        "validation, label on every sub-token, cased": [1084, 1090],
    },
    ("2", "identified-evaluation-split", "other_tasks_refuted"): [
        "POS, validation, first sub-token",
        "POS, test, first sub-token",
    ],
    ("3", "too-few-updates", "training_examples"): [9, 16],
    ("3", "small-evaluation-set", "n"): 737,
    ("3", "small-evaluation-set", "expected_accidental_sizes"): 0.074,
    ("4", "small-evaluation-set", "n"): 150,
    ("4", "small-evaluation-set", "standard_error"): 0.0252,
    ("4", "small-evaluation-set", "wilson_95"): [0.8338, 0.9333],
    ("4", "implied-training-size", "training_examples"): [6881, 6944],
}


@pytest.mark.shared
@pytest.mark.skipif(not HONEST, reason="the research material does not lie beside the checkout")
@pytest.mark.parametrize("number", SOURCES)
def test_source_texts_give_what_their_numbers_give_away(number: str) -> None:
    (path,) = (SHARED / "sources").glob(f"{number}-*.txt")
    checkup = check_card(read_card(path.read_text(encoding="utf-8"), path.name))
    assert {finding.rule for finding in checkup.findings} >= SOURCES[number]
    assert not [finding for finding in checkup.findings if finding.kind == "inconsistent"]
    worked = {(number, f.rule, key): value for f in checkup.findings for key, value in f.arithmetic.items()}
    for key, value in WORKED.items():
        if key[0] == number:
            assert worked[key] == value


@pytest.mark.shared
@pytest.mark.skipif(not HONEST, reason="the research material does not lie beside the checkout")
def test_each_claim_of_a_sentence_is_graded_apart() -> None:
    (path,) = (SHARED / "sources").glob("0-*.txt")
    checkup = check_card(read_card(path.read_text(encoding="utf-8"), path.name), select=("false-trend-claim",))
    grades = {finding.arithmetic["column"]: finding.arithmetic["grade"] for finding in checkup.findings}
    assert grades == {"validation_loss": "half true", "accuracy": "false"}
