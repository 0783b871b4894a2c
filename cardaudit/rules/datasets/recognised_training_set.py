"""The steps tell a well-known recipe, another split, or a round part of the named data set.

## What it does
Says what the training examples implied by the steps are, where they are not the whole training split.

## Condition
The range of training set sizes (implied-training-size) misses the training split of the named data set, is at most a hundredth
of its size or 32 wide, and holds exactly one of: the size of a well-known recipe on that data set (facts/recipes.json),
another split, training and validation split together, a part of the training split (0.5, 0.7, 0.8, 0.9), a power of ten times
1, 2, 3 or 5 (for a range at most a fiftieth of its size). Each may fall into the range by chance: the number of sizes in it is
printed.

## When it stays silent
Where the training split itself fits; language models, question answering and summaries, whose texts are cut into windows or
joined; where several hypotheses fit or none; IPUs, streamed data, resumed runs. It is information only: 157 of 598 real cards
that name a data set miss its size.

## Usual causes
None is needed: this is a fact worth knowing before a run is repeated.

## Example
786 batches of 16 on xtreme/PAN-X.de are 12,561 to 12,576 ... 12,580 of its 20,000 sentences: "NLP with Transformers", chapter
4.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.facts import training_recipes
from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import Named, named_dataset
from cardaudit.rules._steps import accumulation, all_devices_batch, evaluated_each_epoch, row_times, solve
from cardaudit.step_law import training_sizes

WINDOWED = ("question-answering", "fill-mask", "text-generation", "summarization", "text2text-generation", "translation")
PARTS = ((1, 2, "half"), (7, 10, "70 %"), (8, 10, "80 %"), (9, 10, "90 %"))
ROUND = tuple(digit * 10**power for power in range(2, 7) for digit in (1, 2, 3, 5))
ROUND_NUMBER = "a round number"
NARROW, TELLING = 100, 50


class Part(NamedTuple):
    """What a training set may be: its size, and words for it."""

    size: int
    words: str


@rule(
    kind="note",
    severity="info",
    confidence="smell",
    yields_to=("too-few-updates", "impossible-steps"),
    needs=("training table", "hyperparameters"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if card.task and card.task.text in WINDOWED:
        raise NotCheckable("texts are cut or joined in this task, so steps do not count them")
    named = named_dataset(card)
    fewest, most = _training_examples(card)
    if len(named.configs) > 1:
        raise NotCheckable("the card does not say which config of the data set it means")
    train = named.sizes().get("train", set())
    if not train or any(fewest <= size <= most for size in train):
        return
    if most - fewest > max(most // NARROW, 32):
        raise NotCheckable("the rows leave a wide range of training set sizes")
    telling = (most - fewest) * TELLING <= most
    fitting = [part for part in _parts(named) if fewest <= part.size <= most and (telling or part.words != ROUND_NUMBER)]
    if not fitting or len({part.size for part in fitting}) > 1:
        return
    size, words = fitting[0].size, " or ".join(dict.fromkeys(part.words for part in fitting))
    message = (
        f"the steps imply {fewest:,} to {most:,} training examples, and not the {max(train):,} of {named.words}: "
        f"{size:,} are {words}"
    )
    step = next(row.step for row in reversed(card.epochs) if row.step)
    worked = {"training_examples": [fewest, most], "size": size, "what": words, "sizes_in_range": most - fewest + 1}
    yield Hit(message, (step.span, named.span), worked)


def _training_examples(card: Card) -> tuple[int, int]:
    length, batch = solve(card), all_devices_batch(card)
    if length is None or batch is None:
        raise NotCheckable("the steps imply no number of training examples")
    each = evaluated_each_epoch(row_times(card))
    if each is not None and accumulation(card) == 1 and length.low <= each <= length.high:
        length = length._replace(low=each, high=each)
    return training_sizes(length, batch)


def _parts(named: Named) -> Iterator[Part]:
    """What the training set may be other than the whole training split, recipes first."""
    for recipe in training_recipes(named.dataset):
        if recipe.config in (None, named.config):
            yield Part(recipe.examples, f"{recipe.part}: {recipe.recipe}")
    sizes = {split: max(numbers) for split, numbers in named.sizes().items()}
    train = sizes.pop("train")
    for split, size in sizes.items():
        yield Part(size, f"its {split} split")
        if split.startswith(("validation", "test")):
            yield Part(train + size, f"its train and {split} splits together")
    for numerator, denominator, words in PARTS:
        yield Part(train * numerator // denominator, f"{words} of its train split")
    for size in ROUND:
        if size < train:
            yield Part(size, ROUND_NUMBER)
