"""The headline differs from the results file of the run.

## What it does
Holds the reported results against eval_results.json and all_results.json, which the example scripts write at the end of a run.

## Condition
A metric of the headline is named in the file and is neither its number rounded to 4 decimals, nor that number as a percentage,
nor that of any evaluation in trainer_state.json.

## When it stays silent
Without such files; for metrics that they do not name; where the table itself contradicts the log, which says more.

## Usual causes
A headline edited by hand; a results file of an evaluation on another split.

## Example
`Accuracy: 0.9312` beside "eval_accuracy": 0.9132.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cardaudit.plurals import listed
from cardaudit.records import Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evidence import as_printed, need_evidence, prints

if TYPE_CHECKING:
    from cardaudit.records import Evidence

FILES = ("eval_results.json", "all_results.json")


@rule(
    kind="suspicious", severity="error", confidence="likely", needs=("headline", "evidence"), yields_to=("table-contradicts-log",)
)
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    file = next((name for name in FILES if name in evidence.results), None)
    if file is None:
        raise NotCheckable("the repository has no eval_results.json or all_results.json")
    results = evidence.results[file]
    pairs = [
        (name, number, results[f"eval_{name}"]) for name, number in subject.card.headline.items() if f"eval_{name}" in results
    ]
    if not pairs:
        raise NotCheckable(f"{file} names no metric of the headline")
    wrong = [(name, number, value) for name, number, value in pairs if not _explained(name, number, value, evidence)]
    if wrong:
        words = listed([f"{name} is reported as {number.text}, {as_printed(value)} in {file}" for name, number, value in wrong])
        arithmetic = {name: {"printed": number.text, "file": value} for name, number, value in wrong}
        yield Hit(words, tuple(number.span for _, number, _ in wrong), arithmetic)


def _explained(name: str, number: Printed, value: float, evidence: "Evidence") -> bool:
    return (
        prints(number, value)
        or prints(number, value * 100)
        or prints(number, value / 100)
        or any(prints(number, row.metrics[name]) for row in evidence.rows if name in row.metrics)
    )
