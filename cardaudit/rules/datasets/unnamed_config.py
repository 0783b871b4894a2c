"""The data set has several configs, and the card does not say which.

## What it does
Names the configs of a data set that is named without one.

## Condition
The card states results, the data set has two or more configs whose splits differ in size (facts/datasets.json), no config stands
beside its name, and no word of the model's name is one.

## When it stays silent
Cards without results: texts for pretraining are mixtures. Data sets with one config, or configs of equal sizes; a card that names
a config anywhere.

## Usual causes
The training arguments held the config, and the card's writer did not.

## Example
`datasets: glue`, which has cola, sst2, mrpc, qqp, stsb, mnli, qnli, rte, wnli and others.
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import named_dataset

SHOWN = 4


@rule(kind="missing", severity="info", confidence="likely", needs=("data set", "numbers"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not (card.headline or card.epochs or card.model_index):
        raise NotCheckable("the card has no list of results, no training table and no model-index")
    named = named_dataset(card)
    if any(mention.config for mention in card.datasets) or any(result.config for result in card.model_index):
        return
    if len({tuple(sorted(splits.items())) for splits in named.configs.values()}) < 2:
        return
    name = (card.model_name.text if card.model_name else card.source.name).lower()
    configs = list(named.configs)
    words = set("".join(letter if letter.isalnum() else " " for letter in name).split())
    if any(config.lower() in words or (config.lower() in name and len(config) > 3) for config in configs):
        return
    shown = configs if len(configs) <= SHOWN else [*configs[:SHOWN], f"{len(configs) - SHOWN} more"]
    message = f"{named.dataset} has {len(configs)} configs, and the card names none: {listed(shown)}"
    yield Hit(message, (named.span,), {"configs": configs[:50]})
