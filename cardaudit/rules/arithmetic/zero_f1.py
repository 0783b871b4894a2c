"""F1 is exactly 0 where the card sums up.

## What it does
Tells that no prediction of the summed-up evaluation was right: F1, and with it precision and recall where they are printed, is
0.

## Condition
F1 prints as 0 in the headline (without a headline: in what tables and lines of "name: value" state for this model, where no F1 is
above 0; without these: in the training table's last row) and no printed precision or recall there is above 0. Recall = TP /
gold, so recall 0 means TP = 0. For entity spans every missed span touches a wrong token, so there are at most (1 - accuracy) * n
gold spans among n tokens. A constant predictor keeps one accuracy: as many different accuracies as the table prints on one
evaluation set, so many different sets of predictions there were.

## When it stays silent
In early rows of a run whose end is above 0: entity taggers often begin at 0. For the F1 of a single class ("B-LOC F1"), of
another model, of a threshold. Where a run has shown why: labels-without-entities then says it.

## Usual causes
Label names that the metric does not read as entities (seqeval takes integer names as O); a label map that differs between model
and data; an evaluation set without the entity; a run of a few updates; precision, recall and F1 of a class that never occurs.

## Example
`- F1: 0.0` beside `- Accuracy: 0.9924`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cardaudit.facts import AFFIXES
from cardaudit.plurals import listed
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Key, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, is_number, row_name, spoken
from cardaudit.rules._stated import beside_headline

NO_F1 = "no F1 of this model over all classes is stated"


def _is_f1(key: str) -> bool:
    words = key.split("_")
    return "f1" in words and all(word == "f1" or word in AFFIXES for word in words)


@rule(
    kind="suspicious",
    severity="error",
    confidence="proven",
    yields_to=("labels-without-entities",),
    needs=("numbers", Key(_is_f1, NO_F1)),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    where, metrics = _summary(card)
    name = next((key for key in metrics if _is_f1(key) and is_number(metrics[key])), None)
    if name is None:
        raise NotCheckable(NO_F1)
    companions = [key for key in (name.replace("f1", "precision"), name.replace("f1", "recall"), name) if key in metrics]
    numbers = [metrics[key] for key in companions]
    if any(is_number(number) and number.value != 0 for number in numbers):
        return
    rows = column(card, name)
    zero_rows = sum(value == 0 for value in rows.values)
    message = (
        f"{listed([spoken(key) for key in companions])} {'is' if len(companions) == 1 else 'are'} {metrics[name].text} {where}"
    )
    if len(rows.values) > 1:
        message += f" and F1 in {zero_rows} of {len(rows.values)} rows"
    accuracy = metrics.get("accuracy")
    if accuracy is not None and is_number(accuracy):
        message += f"; accuracy is {accuracy.text}"
    at = (metrics[name].span, *(cell.span for cell in rows.cells if cell.value == 0))
    yield Hit(message, at, _worked(card, zero_rows, accuracy))


def _summary(card: Card) -> tuple[str, Mapping[str, Printed]]:
    if any(_is_f1(key) for key in card.headline):
        return "in the headline", card.headline
    places = [] if card.headline else [each for each in beside_headline(card) if any(_is_f1(key) for key in each.numbers)]
    if places:
        above = (each for each in card.results if not each.model and _is_f1(each.metric) and each.number.value != 0)
        other = next(above, None)
        return f"in {places[0].where}", {other.metric: other.number} if other else places[0].numbers
    if card.epochs:
        return f"at {row_name(card, len(card.epochs) - 1)}", card.epochs[-1].metrics
    return "in the headline", card.headline


def _worked(card: Card, zero_rows: int, accuracy: Printed | None) -> Mapping[str, Any]:
    worked: dict[str, Any] = {"rows_with_f1_0": zero_rows}
    if accuracy is not None and accuracy.value is not None and 0 <= accuracy.value <= 1:
        worked["gold_spans_at_most_share_of_tokens"] = str(1 - accuracy.value + accuracy.slack)
    accuracies = column(card, "accuracy").values
    if len(set(accuracies)) > 1:
        worked["different_accuracies"] = len(set(accuracies))
    return worked
