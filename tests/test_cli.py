"""Each command from the outside: what stands on standard output, and the contract's exit codes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from command import CARDS, ROOT, cardaudit, surroundings

INVOICES = CARDS / "invoice-sender-name" / "card.md"
SST2 = CARDS / "sst2-distilbert-5e" / "card.md"
CURED = CARDS / "invoice-demo-cured" / "card.md"
SOURCES = (
    "bert-finetuned-ner-sumups",
    "conll2003-token-classification",
    "distilbert-finetuned-ner",
    "invoice-sender-name",
    "sst2-distilbert-5e",
)
HEAVY = (
    "torch",
    "transformers",
    "datasets",
    "huggingface_hub",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "jinja2",
    "asyncio",
    "rich",
)


def schema(kind: str) -> dict[str, object]:
    shown = cardaudit("schema", kind)
    assert shown.returncode == 0
    return json.loads(shown.stdout)


def test_lint_fails_on_errors_and_only_on_what_it_is_told_to() -> None:
    assert cardaudit("lint", INVOICES).returncode == 1
    assert cardaudit("lint", SST2).returncode == 0
    assert cardaudit("lint", SST2, "--fail-on", "warning").returncode == 1
    assert cardaudit("lint", INVOICES, "--fail-on", "never").returncode == 0
    assert cardaudit("lint", INVOICES, "--ignore", "zero-f1").returncode == 0


def test_lint_shows_the_lines_of_the_card_with_the_place_underlined() -> None:
    done = cardaudit("lint", SST2, "--select", "shifted-row")
    assert done.stdout == (
        f"{SST2}:24:1  warning  shifted-row  (suspicious, likely)\n"
        "  24 | 0.4125 | 2150 | | | 0.8933\n"
        "     | ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = row 4 does not fit its header: 2 cells moved: 2150 from Epoch to Step; 0.4125 from Training Loss to "
        "Validation Loss, the loss that the card reports\n"
        "\n"
        f"{SST2}: 1 warning (prose; 1 of 1 rules had something to check, 25 of 25 numbers read)\n"
    )


def test_lint_reads_standard_input() -> None:
    done = cardaudit("lint", "-", "--format", "concise", "--select", "zero-f1", stdin=INVOICES.read_bytes())
    assert done.returncode == 1
    assert done.stdout.startswith("-:9:13: error zero-f1: precision, recall and F1 are 0.0")


def test_lint_of_the_folder_says_what_is_wrong_with_each_source() -> None:
    done = cardaudit("lint", CARDS, "--format", "json", "--fail-on", "never")
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema("lint"))
    fired = {Path(card["source"]).parent.name: {finding["rule"] for finding in card["findings"]} for card in document["cards"]}
    assert {"zero-f1", "false-trend-claim", "rising-validation-loss"} <= fired["invoice-sender-name"]
    assert {"dataset-refuted-by-counts"} <= fired["conll2003-token-classification"]
    assert "inconsistent-f1" not in fired["conll2003-token-classification"]
    assert {"code-contradicts-card", "identified-evaluation-split"} <= fired["distilbert-finetuned-ner"]
    assert {"zero-f1", "too-few-updates", "unnamed-dataset", "never-logged-loss"} <= fired["bert-finetuned-ner-sumups"]
    assert {"shifted-row", "small-evaluation-set", "false-trend-claim", "unnamed-dataset"} <= fired["sst2-distilbert-5e"]
    assert "zero-f1" in fired["invoice-demo"]
    assert not {
        finding["severity"] for card in document["cards"] if "cured" in card["source"] for finding in card["findings"]
    } - {"info"}


@pytest.mark.parametrize("name", SOURCES)
def test_every_rule_is_accounted_for(name: str) -> None:
    card = json.loads(cardaudit("lint", CARDS / name / "card.md", "--format", "json", "--fail-on", "never").stdout)["cards"][0]
    ends = [{f["rule"] for f in card["findings"]}, set(card["clear"]), {u["rule"] for u in card["unchecked"]}]
    rules = {rule["name"] for rule in json.loads(cardaudit("rules", "--format", "json").stdout)}
    assert set().union(*ends) == rules
    assert sum(map(len, ends)) == len(rules)
    assert all(unchecked["because"] for unchecked in card["unchecked"])


def test_lint_writes_several_outputs_at_once(tmp_path: Path) -> None:
    sarif, html, lines = tmp_path / "out" / "a.sarif", tmp_path / "out" / "a.html", tmp_path / "out" / "a.jsonl"
    done = cardaudit(
        "lint", SST2, INVOICES, "-o", f"sarif={sarif}", "-o", f"html={html}", "-o", f"jsonl={lines}", "--format", "github"
    )
    assert done.returncode == 1
    assert done.stdout.startswith(("::warning file=", "::error file="))
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert html.read_text().lstrip().startswith("<!")
    assert len(lines.read_text().splitlines()) == 2


def test_sarif_results_keep_their_fingerprint_when_lines_move(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text(SST2.read_text())
    before = cardaudit("lint", "card.md", "--format", "sarif", cwd=tmp_path)
    path.write_text("A line before.\n\n" + SST2.read_text())
    after = cardaudit("lint", "card.md", "--format", "sarif", cwd=tmp_path)
    assert before.returncode == after.returncode == 0
    first, second = (json.loads(done.stdout)["runs"][0]["results"] for done in (before, after))
    assert [result["partialFingerprints"] for result in first] == [result["partialFingerprints"] for result in second]
    regions = [
        [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results] for results in (first, second)
    ]
    assert [line + 2 for line in regions[0]] == regions[1]


def test_show_prints_the_record_in_the_contract_s_shape() -> None:
    done = cardaudit("show", SST2, "--format", "json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema("card"))
    assert document["hyperparameters"]["learning_rate"]["value"] == 1e-05
    assert [row["step"]["value"] for row in document["epochs"]] == [50, 100, 200, 2150]
    text = cardaudit("show", SST2).stdout
    assert "read as above: 2 cells moved" in text
    assert "25 of 25 numbers read" in text


def test_plan_prints_each_value_with_its_origin_and_json_round_trips() -> None:
    done = cardaudit("plan", CARDS / "invoice-demo")
    assert done.returncode == 0, done.stderr
    assert "from the card, line 69" in done.stdout
    assert "assumed: the Trainer never prints it; its default" in done.stdout
    document = json.loads(cardaudit("plan", CARDS / "invoice-demo", "--format", "json").stdout)
    jsonschema.validate(document, schema("plan"))
    assert document["training"]["learning_rate"] == 5e-4


def test_plan_lists_what_is_missing_with_exit_code_3() -> None:
    done = cardaudit("plan", CARDS / "bert-finetuned-ner-sumups" / "card.md", "--offline")
    assert done.returncode == 3
    assert "--set dataset=" in done.stderr
    assert "9 to 16 training examples" in done.stderr


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="free memory is read from Linux, or from a GPU's driver")
def test_plan_says_beforehand_where_memory_will_not_do() -> None:
    demo = ("plan", CARDS / "invoice-demo", "--offline")
    huge = cardaudit(*demo, "--set", "train_batch_size=1000000000")
    assert (huge.returncode, huge.stderr.count("\n")) == (0, 1)
    assert re.fullmatch(
        r"cardaudit: one seed needs roughly [\d,]+\.\d GB, (the GPU|this machine) has [\d,]+\.\d GB free: a batch that does not "
        r"fit is taken in parts, which gives the same update and takes longer\n",
        huge.stderr,
    )
    assert cardaudit(*demo, "--set", "train_batch_size=1").stderr == ""


def test_plan_help_lists_the_keys() -> None:
    assert "label_all_tokens" in cardaudit("plan", "--help").stdout


def test_reproduce_of_a_card_that_says_too_little_writes_its_report_all_the_same(tmp_path: Path) -> None:
    done = cardaudit("reproduce", INVOICES, "-o", tmp_path / "audit", "--offline")
    assert done.returncode == 3
    assert "--set dataset=" in done.stderr
    report = (tmp_path / "audit" / "report.html").read_text()
    assert "zero-f1" in report
    assert "--set dataset=" in report


def test_report_renders_a_saved_audit_again_from_each_of_its_forms(tmp_path: Path) -> None:
    cardaudit("reproduce", INVOICES, "-o", tmp_path / "audit", "--offline")
    folder = tmp_path / "audit"
    first = (folder / "report.html").read_text()
    (folder / "report.html").unlink()
    assert cardaudit("report", folder).returncode == 0
    assert (folder / "report.html").read_text() == first
    from_html = cardaudit("report", folder / "report.html", "--format", "json")
    jsonschema.validate(json.loads(from_html.stdout), schema("audit"))
    assert json.loads(from_html.stdout) == json.loads((folder / "audit.json").read_text())
    assert "zero-f1" in cardaudit("report", folder, "--format", "markdown").stdout


def test_report_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}")
    done = cardaudit("report", path)
    assert done.returncode == 2
    assert "no saved audit" in done.stderr


def test_rules_prints_the_catalogue_a_page_and_the_worked_numbers() -> None:
    assert len(json.loads(cardaudit("rules", "--format", "json").stdout)) >= 15
    assert "## Condition" in cardaudit("rules", "zero-f1").stdout
    worked = cardaudit("rules", "small-evaluation-set", SST2)
    assert worked.returncode == 0
    assert "150" in worked.stdout


def test_doctor_names_what_is_missing_and_what_mends_it() -> None:
    done = cardaudit("doctor", "--offline", "--format", "json")
    assert done.returncode == 0
    checks = {check["name"]: check for check in json.loads(done.stdout)}
    assert checks["cardaudit"]["state"] == "ok"
    assert checks["Hub"]["seen"].startswith("not asked, offline")
    assert all(check["mend"] for check in checks.values() if check["state"] == "missing")


def test_schema_lists_and_prints_valid_schemas() -> None:
    kinds = cardaudit("schema").stdout.split()
    assert {"card", "lint", "plan", "run", "audit"} <= set(kinds)
    for kind in kinds:
        jsonschema.Draft202012Validator.check_schema(schema(kind))
    assert cardaudit("schema", "nothing").returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_for_this_command(shell: str) -> None:
    done = cardaudit("completion", shell)
    assert done.returncode == 0
    assert "_CARDAUDIT_COMPLETE" in done.stdout


@pytest.mark.parametrize("arguments", [["lint", str(SST2)], ["show", str(SST2)], ["rules"], ["--help"]], ids=lambda a: a[0])
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom cardaudit.cli import app\n"
        f"try:\n    app.main({arguments!r}, standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=surroundings(), cwd=ROOT, check=False
    )
    assert done.stderr.strip() == "[]"


def test_colours_vanish_in_a_pipe_and_when_asked() -> None:
    assert "\x1b[" not in cardaudit("lint", INVOICES).stdout
    assert "\x1b[" not in cardaudit("lint", INVOICES, "--no-color").stdout
    assert "\x1b[" not in cardaudit("lint", INVOICES, NO_COLOR="1").stdout


def test_the_public_functions_are_there_and_come_lazily() -> None:
    script = (
        "import sys, cardaudit\nprint([name for name in sys.modules if name.startswith('cardaudit.')])\n"
        "print(all(callable(getattr(cardaudit, name)) for name in cardaudit.__all__ if name != '__version__'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=surroundings(), cwd=ROOT, check=False
    )
    assert done.stdout == "[]\nTrue\n", done.stderr


def test_show_marks_the_numbers_of_a_card_in_its_own_text(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("# m\n\nAccuracy: 0.913\n\nSince 2019, 3 people met.\r\n")
    done = cardaudit("show", "card.md", "--format", "marked", cwd=tmp_path)
    assert done.stdout.splitlines()[2:] == ["2  ", "3  Accuracy: [0.913]", "4  ", "5  Since ‹2019›, ‹3› people met.", "6  "]


def test_show_streams_many_cards_as_json_lines(tmp_path: Path) -> None:
    cards = [json.dumps({"hub_id": f"user/m{number}", "card": f"# m\n\nAccuracy: 0.9{number}\n"}) for number in range(3)]
    (tmp_path / "cards.jsonl").write_text("\n".join(cards))
    done = cardaudit("show", "cards.jsonl", "--format", "jsonl", cwd=tmp_path)
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(card["source"]["name"], card["headline"]["accuracy"]["text"]) for card in read] == [
        ("user/m0", "0.90"),
        ("user/m1", "0.91"),
        ("user/m2", "0.92"),
    ]
