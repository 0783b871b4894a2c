"""The results are said to be those of the training split.

## What it does
Reads the split that `model-index` names beside each result.

## Condition
`split: train` in a card of the Trainer. transformers up to 4.25 took name and split of the training set for the results of the
evaluation set (its pull request 20506), so the entry tells nothing; from 4.26 on it means what it says.

## When it stays silent
Cards that another rule tells the true split of; cards of other generators; data sets that have a training split alone
(`imagefolder` and other loaders of files); versions from 4.26 on.

## Usual causes
transformers 4.21 to 4.25.

## Example
`split: train` above an accuracy, with `Transformers 4.24.0`.
"""

from collections.abc import Iterator

from cardaudit.facts import dataset_splits
from cardaudit.facts.releases import is_outside
from cardaudit.records import Edit, Fix, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._front_matter import scalars


@rule(
    kind="note",
    severity="info",
    confidence="likely",
    yields_to=("fraction-of-another-split", "claimed-split-refuted"),
    needs=("model index",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    version = card.framework_versions.get("transformers")
    if card.dialect != "trainer" or version is None or is_outside(version.text, None, "4.25"):
        raise NotCheckable("no transformers up to 4.25 wrote the card")
    results = [result for result in card.model_index if result.split == "train" and not result.verified]
    if not results:
        return
    places = scalars(card)
    spans = tuple(Span(*each.span) for path, each in places.items() if path[-1:] == ("split",) and each.text == "train")
    message = f"split train beside the results, which transformers {version.text} took from the training set's name"
    yield Hit(message, spans or (results[0].number.span,), {"results": len(results)}, fix=_fix(results[0].dataset_type, spans))


def _fix(dataset: str | None, spans: tuple[Span, ...]) -> Fix | None:
    """Where a data set has one other split, no other can have been evaluated on."""
    splits = {name for config in dataset_splits(dataset or "").values() for name in config if name != "train"}
    if len(splits) != 1 or not spans:
        return None
    (other,) = splits
    return Fix(f"name the split {other}", tuple(Edit(span, other) for span in spans), safe=False)
