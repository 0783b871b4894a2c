"""The weights mean other labels than the configuration names.

## What it does
Looks whether the published weights would name clearly more of the evaluation split rightly, were the names of config.json in
another order.

## Condition
Scored by the names of config.json, the weights are right on fewer than half of the tokens or examples that they are right on
under the best assignment of predicted to true labels (Kuhn 1955).

## When it stays silent
Where the weights were not scored (`cardaudit verify` does), and where the names as they are come near the best.

## Usual causes
A configuration that was edited or copied from a sibling; labels counted in another order than in training.

## Example
412 of 872 examples right by the names of config.json, 811 with NEGATIVE and POSITIVE exchanged.
"""

from collections.abc import Iterator
from typing import Any

from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule


@rule(kind="inconsistent", severity="error", confidence="likely", needs=("scored weights",))
def check(subject: Subject) -> Iterator[Hit]:
    scored = [run.facts for run in subject.runs if "relabelled" in run.facts or run.facts.get("scored")]
    for facts in scored:
        if (message := _told(facts)) is not None:
            where = subject.card.model_name.span if subject.card.model_name else Span(0, 0)
            yield Hit(message, (where,), {"labels": facts.get("labels"), "relabelled": facts["relabelled"]})


def _told(facts: Any) -> str | None:
    again = facts.get("relabelled")
    if not again:
        return None
    unit = "tokens" if "correct_tokens" in facts else "examples"
    total = facts[f"evaluation_{unit}"]
    right = facts.get("correct_tokens", facts.get("correct"))
    if right * 2 >= again["correct"]:
        return None
    names, order = facts.get("labels") or [], again["order"]
    meant = [f"{names[i]} means {names[gold]}" for i, gold in enumerate(order) if i != gold and max(i, gold) < len(names)]
    return (
        f"by the names of config.json the published weights are right on {right:,} of {total:,} {unit}, in another order on "
        f"{again['correct']:,}: {', '.join(meant[:6])}{' and more' if len(meant) > 6 else ''}"
    )
