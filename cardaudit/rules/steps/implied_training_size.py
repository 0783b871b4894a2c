"""How many training examples the table's steps imply.

## What it does
Turns the number of batches in an epoch into a range of training set sizes, and compares it with the named data set.

## Condition
With L batches an epoch (step law, see impossible-steps), B examples a batch on each of W devices, N lies in [(L - 1) B W + 1, L
B W]. Where every row is a whole epoch, L is step / epoch. The sizes of known data sets come from facts/datasets.json.

## When it stays silent
Where too-few-updates says it. SetFit, whose batches hold pairs. Ranges wider than a twentieth of their size. It is information
only: `auto_find_batch_size` prints the original batch, sliding windows, packing and filtering change N, and 157 of 598 real
cards that name a data set miss its size; with `dataloader_drop_last` the range moves up by B W - 1.

## Usual causes
None is needed: this is a fact worth knowing before a run is repeated.

## Example
878 updates an epoch at batch 16: 14,033 to 14,048 examples; the train split of conll2003 has 14,041.
"""

from collections.abc import Iterator

from cardaudit.facts import dataset_splits, legacy_id
from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import whole_rows
from cardaudit.rules._steps import accumulation, all_devices_batch, evaluated_each_epoch, refuse_pairs, row_times, solve, spread
from cardaudit.step_law import EpochLength, training_sizes


@rule(
    kind="note",
    severity="info",
    confidence="likely",
    yields_to=("too-few-updates", "impossible-steps"),
    needs=("training table",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    refuse_pairs(card)
    length, batch = solve(card), all_devices_batch(card)
    if length is None or batch is None:
        raise NotCheckable("no train_batch_size is stated")
    length = _narrowed(card, length)
    fewest, most = training_sizes(length, batch)
    if most - fewest > max(most // 20, batch):
        raise NotCheckable("the rows leave a wide range of training set sizes")
    batches = f"{length.low:,}" if length.low == length.high else f"{length.low:,} to {length.high:,}"
    message = f"{batches} batches of {batch} an epoch are {spread(fewest, most)} training examples"
    named = _named_sizes(card)
    fitting = {name: size for name, size in named.items() if fewest <= size <= most}
    if fitting:
        message += "; " + ", ".join(f"{name} has {size:,}" for name, size in list(fitting.items())[:3])
    elif named:
        name, size = min(named.items(), key=lambda item: abs(item[1] - most))
        message += f"; {name} has {size:,}"
    last = whole_rows(card)[-1]
    worked = {"batches_per_epoch": [length.low, length.high], "training_examples": [fewest, most], "known_sizes": fitting}
    yield Hit(message, (last.step.span if last.step else last.span,), worked)


def _narrowed(card: Card, length: EpochLength) -> EpochLength:
    """The one length that evaluating once an epoch leaves, where the rows look like it."""
    each = evaluated_each_epoch(row_times(card))
    if each is None or accumulation(card) > 1 or not length.low <= each <= length.high:
        return length
    return EpochLength(each, each, each, each)


def _named_sizes(card: Card) -> dict[str, int]:
    """ "data set, config, split" -> examples, for the training splits of the data sets that the card names."""
    sizes = {}
    for mention in card.datasets:
        for config, splits in dataset_splits(mention.id).items():
            if mention.config in (None, config) and "train" in splits:
                name = legacy_id(mention.id) or mention.id
                words = [name] if config in (name, "default", "plain_text") else [name, config]
                sizes[f"the train split of {'/'.join(words)}"] = splits["train"]
    return sizes
