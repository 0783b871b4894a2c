"""Records go to JSON values and come back equal; what does not fit is refused with the place."""

import json
from decimal import Decimal

import pytest

from cardaudit.codec import digest, pack, unpack
from cardaudit.records import Evaluation, Finding, Place, Printed, Run, Span, Verdict

PRINTED = Printed("0.9126", Decimal("0.9126"), Decimal("0.00005"), Span(10, 16), "F1 Score")
FINDING = Finding("zero-f1", "suspicious", "error", "proven", "F1 is 0.0", (Place(Span(10, 16)),), {"f1": "0.0", "rows": [1, 2]})
RUN = Run("0123", 1042, (Evaluation(1.0, 50, None, 0.1 + 0.2, {"f1": 1 / 3}),), "finished", 1.5, {"torch": "2.13.0"})
VERDICT = Verdict("f1", "row 3", "0.9126", (0.91, 0.92), (0.9, 0.93), "reproduced", "because", True, "above", 3, {"t": 1.0})


@pytest.mark.parametrize("record", [PRINTED, FINDING, RUN, VERDICT], ids=lambda record: type(record).__name__)
def test_a_record_survives_json(record: object) -> None:
    assert unpack(type(record), json.loads(json.dumps(pack(record)))) == record


def test_absent_keys_take_the_default() -> None:
    packed = pack(RUN)
    del packed["facts"]
    assert unpack(Run, packed) == RUN


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"seed": "42"}, "Run.seed: expected int, found '42'"),
        ({"seed": True}, "Run.seed: expected int, found 'True'"),
        ({"rows": [{"epoch": 1.0}]}, "Run.rows[0]: "),
        ({"colour": "red"}, "Run: expected no colour, found"),
        ({"rows": 3}, "Run.rows: expected a list, found '3'"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_with_its_place(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match="Run") as error:
        unpack(Run, {**pack(RUN), **change})
    assert str(error.value).startswith(complaint)


def test_a_closed_choice_is_checked() -> None:
    with pytest.raises(ValueError, match=r"Finding\.kind: expected 'inconsistent' or"):
        unpack(Finding, {**pack(FINDING), "kind": "wrong"})


def test_a_digest_depends_on_values_not_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": 2.0}) == digest({"b": 2.0, "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
