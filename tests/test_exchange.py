"""The contract's JSON: whole documents, valid by the schemas that ship."""

import json
from pathlib import Path

import pytest

from cardaudit.exchange import card_json, checkup_json, lint_json, verdict_json
from cardaudit.parse import read_card
from cardaudit.records import Checkup, Finding, Place, Span, Suppressed, Unchecked, Verdict

jsonschema = pytest.importorskip("jsonschema")
SCHEMAS = Path(__file__).resolve().parents[1] / "cardaudit" / "schemas"

TEXT = "---\nlicense: mit\n---\n# M\n\n## Results\n\n- Accuracy: 91.5%\n- Seed: 7\n- Weight decay: 0.01\n"


def schema(kind):
    return json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))


def validate(document, kind):
    json.dumps(document, allow_nan=False)
    jsonschema.validate(document, schema(kind), cls=jsonschema.Draft202012Validator)


def test_a_card_whole():
    document = card_json(read_card(TEXT, "m.md"))
    validate(document, "card")
    assert document == {
        "schema": "cardaudit.card/1",
        "source": {"name": "m.md", "sha256": "SHA", "dialect": "handwritten"} | {"sha256": document["source"]["sha256"]},
        "model_name": "M",
        "base_model": None,
        "task": None,
        "datasets": [],
        "front_matter_error": None,
        "hyperparameters": {
            "seed": {"text": "7", "value": 7, "line": 9, "column": 9, "label": "Seed"},
            "other": {"weight_decay": {"text": "0.01", "value": 0.01, "line": 10, "column": 17, "label": "Weight decay"}},
        },
        "optimizer": None,
        "headline": {
            "accuracy": {
                "text": "91.5%",
                "value": 0.915,
                "low": 0.9145,
                "high": 0.9155,
                "line": 8,
                "column": 13,
                "label": "Accuracy",
            }
        },
        "epochs": [],
        "elided": [],
        "model_index": [],
        "results": [],
        "framework_versions": {},
        "metadata": {"license": "mit"},
        "generator": None,
        "unread": [],
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\na: [\n---\n",
        "| Epoch | Step | Loss | F1 |\n|-|-|-|-|\n| 1 | 2 | No log | nan |\n| ... |\n| 2 | 4 | 0.1 | 1e-7 |\n",
        "---\nmodel-index:\n- name: x\n  results:\n  - task: {type: t}\n    metrics: [{type: wer, value: .nan}, {type: cer, value: 1,5}]\n---\n",  # noqa: E501
        "Adam\n- optimizer: Adafactor\n- accuracy: 1e999\n- loss: 9999999999999999999999999999999999999999999999\n",
    ],
)
def test_cards_are_valid(text):
    validate(card_json(read_card(text)), "card")


def test_a_lint_document_whole():
    card = read_card(TEXT, "m.md")
    finding = Finding(
        "zero-f1",
        "suspicious",
        "error",
        "proven",
        "F1 0.0",
        (Place(Span(25, 27)), Place(Span(0, 3), "state.json"), Place(Span(1, 2))),
    )
    checkup = Checkup((finding,), ("a-rule",), (Unchecked("b-rule", "no table"),), (Suppressed(finding, "known"),))
    document = lint_json([checkup_json("m.md", card, checkup)])
    validate(document, "lint")
    entry = {
        "rule": "zero-f1",
        "kind": "suspicious",
        "severity": "error",
        "confidence": "proven",
        "message": "F1 0.0",
        "line": 5,
        "column": 1,
        "related": [{"file": "state.json", "line": 1, "column": 1}, {"file": "m.md", "line": 1, "column": 2}],
        "arithmetic": {},
        "fix": None,
    }
    assert document == {
        "schema": "cardaudit.lint/1",
        "cards": [
            {
                "source": "m.md",
                "findings": [entry],
                "clear": ["a-rule"],
                "unchecked": [{"rule": "b-rule", "because": "no table"}],
                "suppressed": [entry | {"reason": "known"}],
                "known": [],
            }
        ],
        "summary": {"cards": 1, "inconsistent": 0, "suspicious": 1, "missing": 0, "note": 0},
    }


def test_a_verdict():
    verdict = Verdict("f1", "row 3", "0.9331", (0.93, 0.94), (0.92, 0.95), "reproduced", "inside", primary=True)
    assert verdict_json(verdict) == {
        "claim": {"metric": "f1", "where": "row 3", "text": "0.9331"},
        "measured": [0.93, 0.94],
        "interval": [0.92, 0.95],
        "outcome": "reproduced",
        "because": "inside",
        "primary": True,
        "direction": None,
        "seeds_needed": None,
        "arithmetic": {},
    }
