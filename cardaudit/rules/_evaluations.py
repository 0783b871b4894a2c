"""The evaluation set that a card names, and the fractions behind its full-precision metrics. Not a rule."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cardaudit.facts import Baseline, baselines, dataset_splits, known_name
from cardaudit.intervals import Interval, fraction_of_float, interval
from cardaudit.records import Card, DatasetMention, IndexResult, Printed, Span
from cardaudit.rule import NotCheckable
from cardaudit.rules._columns import column, integer, is_number
from cardaudit.rules._stated import summed_up

COUNTED = ("text-classification", "image-classification", "audio-classification", "multiple-choice", "sentiment-analysis")
FULL_PRECISION = 12
NOT_FOR_EVALUATION = ("train", "unsupervised", "unlabel", "auxiliary", "prompt", "extra")
TOLD_BY_NAME = ("glue", "super_glue", "tweet_eval", "xglue", "indonlu", "xtreme", "superb")


class Named(NamedTuple):
    """The one data set of known sizes that a card names. `configs` are those that may be meant: one where the card says which."""

    dataset: str
    config: str | None
    split: str | None
    configs: Mapping[str, Mapping[str, int]]
    span: Span

    @property
    def words(self) -> str:
        return self.dataset if self.config in (None, self.dataset, "default", "plain_text") else f"{self.dataset}/{self.config}"

    def sizes(self) -> dict[str, set[int]]:
        """Split -> its numbers of examples, more than one where the config is open."""
        found: dict[str, set[int]] = {}
        for splits in self.configs.values():
            for split, size in splits.items():
                if size:
                    found.setdefault(split, set()).add(size)
        return found

    def evaluation_sizes(self) -> dict[str, set[int]]:
        """As `sizes`, without splits that are made for training."""
        return {split: sizes for split, sizes in self.sizes().items() if not split.startswith(NOT_FOR_EVALUATION)}


class Exact(NamedTuple):
    """A full-precision metric of the front matter and the fraction, in lowest terms, that it stands for."""

    result: IndexResult
    fraction: Fraction


def named_dataset(card: Card) -> Named:
    """The data set that the card names; raises NotCheckable where it names none, several, or one of unknown size."""
    found = _named(card.datasets, f"{card.model_name.text if card.model_name else ''} {card.source.name}".lower())
    if isinstance(found, str):
        raise NotCheckable(found)
    return found


@lru_cache(maxsize=64)
def _named(mentions: tuple[DatasetMention, ...], name: str) -> Named | str:
    """As `named_dataset`, or why there is none; several rules ask for it of each card."""
    if not mentions:
        return "no data set is named"
    if len({known_name(mention.id) for mention in mentions}) > 1:
        return "the card names several data sets"
    splits = dataset_splits(mentions[0].id)
    if not splits:
        return "the sizes of the named data set are not known"
    config = next((mention.config for mention in mentions if mention.config in splits), None)
    dataset = known_name(mentions[0].id)
    if config is None and dataset in TOLD_BY_NAME:
        config = _config_in_name(name, splits)
    if config is None and len(splits) == 1:
        (config,) = splits
    split = next((mention.split for mention in mentions if mention.split), None)
    configs = {config: splits[config]} if config is not None else splits
    return Named(dataset, config, split, configs, mentions[0].span)


def exact_fractions(card: Card, metric: str) -> tuple[Exact, ...]:
    """The front matter's unverified full-precision values of a metric that stand for a fraction; those above 1 are percent."""
    found = []
    for result in card.model_index:
        value = result.number.value
        if result.metric != metric or result.verified or value is None or not is_number(result.number):
            continue
        if len(value.as_tuple().digits) < FULL_PRECISION or not 0 < value < 100:
            continue
        fraction = _fraction(value)
        if fraction is not None:
            found.append(Exact(result, fraction))
    return tuple(found)


@lru_cache(maxsize=256)
def _fraction(value: Decimal) -> Fraction | None:
    return fraction_of_float(Fraction(value) / (1 if value < 1 else 100))


def counts_examples(card: Card, result: IndexResult | None = None) -> bool:
    """Whether an accuracy counts one answer an example: classification of whole texts, images or sounds."""
    task = (result.task if result else None) or (card.task.text if card.task else None)
    return task in COUNTED


def with_dropped_tails(size: int, card: Card) -> tuple[int, ...]:
    """A split's size, and what `dataloader_drop_last` leaves of it: it drops the last partial evaluation batch as well."""
    batch = integer(card.hyperparameters.total_eval_batch_size) or integer(card.hyperparameters.eval_batch_size)
    return (size,) if not batch or batch > size or size % batch == 0 else (size, size // batch * batch)


def whole_number_of(denominator: int, sizes: Mapping[str, set[int]], card: Card) -> list[str]:
    """The splits whose size is a multiple of a denominator."""
    return [
        split
        for split, numbers in sizes.items()
        if any(size % denominator == 0 for number in numbers for size in with_dropped_tails(number, card))
    ]


def described(sizes: Mapping[str, set[int]]) -> list[str]:
    """Splits with their sizes in words: "validation 872"."""
    return [f"{split} {' or '.join(f'{size:,}' for size in sorted(numbers)[:3])}" for split, numbers in sizes.items()]


def stated_accuracies(card: Card) -> list[Printed]:
    """Accuracies in (0, 1), the one at which the card sums up first."""
    stated = summed_up(card, "accuracy")
    numbers = [*([stated] if stated else []), *column(card, "accuracy").cells]
    return [number for number in numbers if is_number(number) and number.value is not None and 0 < number.value < 1]


def apart_from_rows(card: Card, key: str) -> bool:
    """Whether headline or table sum up with a value that no row has: an evaluation on another set, or by another checkpoint."""
    stated, cells = summed_up(card, key), column(card, key).cells
    return stated is not None and bool(cells) and all(each.value != stated.value for each in cells)


def summed_up_accuracy(card: Card) -> tuple[Printed, Interval]:
    """The accuracy at which the card sums up, else the last row's; raises NotCheckable where there is none."""
    stated = summed_up(card, "accuracy")
    cells = [stated] if stated else list(column(card, "accuracy").cells[-1:])
    for number in cells:
        possible = interval(number)
        if possible is not None and 0 < possible.high <= 1:
            return number, possible
    raise NotCheckable("no single accuracy in [0, 1] sums the card up")


def accuracy_over_examples(card: Card) -> tuple[Printed, Interval]:
    """The accuracy at which the card sums up, where it counts one answer an example; raises NotCheckable elsewhere."""
    if not counts_examples(card):
        raise NotCheckable("the card does not say that its accuracy counts examples")
    return summed_up_accuracy(card)


def evaluation_baselines(named: Named) -> tuple[Baseline, ...]:
    """Known shares of the commonest class of the splits made for evaluation; raises NotCheckable where there is none."""
    found = tuple(
        each
        for each in baselines(named.dataset, named.config)
        if not each.split.startswith(NOT_FOR_EVALUATION) and each.label[:1] != "O"
    )
    if not found:
        raise NotCheckable("the class shares of the named data set are not known")
    return found


def _config_in_name(name: str, configs: Mapping[str, object]) -> str | None:
    """The config whose name is a word of the model's name, or of its id, in lower case."""
    words = set("".join(letter if letter.isalnum() else " " for letter in name).split())
    found = [config for config in configs if config.lower() in words]
    return found[0] if len(found) == 1 else None


def outside_shares(dataset: str) -> Iterator[Baseline]:
    """Known shares of tokens outside entities."""
    yield from (each for each in baselines(dataset, None) if each.label.startswith("O"))
