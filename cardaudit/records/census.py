"""The nouns of the census: what strangers printed who ran the same recipe.

What these numbers spread by is a spread between authors: environments, hidden settings and failed runs are in it. It is no seed
variance. All are tuples and no data classes: `lint` makes their classes when a card has a recipe, and that must cost little.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol

Standing = Literal["above", "below", "among them", "not compared"]


class Recipe(NamedTuple):
    """The settings that a card states, as far as they must be equal for two runs to be the same recipe.

    Ids are canonical ("google-bert/bert-base-cased"); `config` is "" where the data set has one, None where it has several and
    the card does not say which. `train_batch` is the total of an update; `length` reads "3 epochs" or "2500 steps"; `optimizer`
    is the family with betas that are not the usual ones. "" is a setting that the card does not print, None an identity.
    """

    base_model: str | None
    dataset: str | None
    config: str | None
    train_batch: str
    learning_rate: str
    length: str
    optimizer: str
    schedule: str
    precision: str

    @property
    def is_whole(self) -> bool:
        """Whether runs of it may be compared: base, data, batch, learning rate and length are all known."""
        named = self.base_model is not None and self.dataset is not None and self.config is not None
        return named and all((self.train_batch, self.learning_rate, self.length))

    @property
    def key(self) -> str:
        """12 hex digits that stand for the recipe in the census and on the command line."""
        from hashlib import blake2b

        return blake2b("\n".join("-" if each is None else each for each in self).encode(), digest_size=6).hexdigest()

    @property
    def words(self) -> str:
        """The recipe on one line."""
        data = f"{self.dataset}/{self.config}" if self.config else self.dataset
        batch = f"batch {self.train_batch}" if self.train_batch else ""
        rate = f"learning rate {self.learning_rate}" if self.learning_rate else ""
        settings = filter(None, (batch, rate, self.length, self.optimizer, self.schedule, self.precision))
        return f"{self.base_model or 'unnamed base'} on {data or 'unnamed data'}: {', '.join(settings)}"


class CensusRun(NamedTuple):
    """One card's numbers, as printed.

    `release` is the minor version of transformers ("4.16"). `denominators`: of the fractions, in lowest terms, that the front
    matter's full-precision accuracy and recall stand for; verified entries are not taken. `curve`: epoch, validation loss and
    `curve_metric` of each row. `table`: a digest of all cells, None where the table is too small to tell two runs apart.
    `same`: the ids of other authors' cards with the same table, which is counted once.
    """

    id: str
    release: str | None = None
    steps_per_epoch: int | None = None
    steps: int | None = None
    headline: Mapping[str, str] = MappingProxyType({})
    denominators: Mapping[str, int] = MappingProxyType({})
    curve_metric: str | None = None
    curve: tuple[tuple[str, str, str], ...] = ()
    table: str | None = None
    same: tuple[str, ...] = ()

    @property
    def author(self) -> str:
        return self.id.partition("/")[0]


class Cell(NamedTuple):
    """All runs of one recipe: one an author, identical tables once. `further` counts cards of authors that are in it already."""

    recipe: Recipe
    runs: tuple[CensusRun, ...]
    further: int = 0


class Twin(NamedTuple):
    """Another card with the same table: its id, and the recipe that it states."""

    id: str
    recipe: Recipe


class Census(Protocol):
    """What a census answers. `source` holds what it was made from, its date and its counts."""

    @property
    def source(self) -> Mapping[str, Any]: ...

    def cell(self, key: str) -> Cell | None:
        """The runs of a recipe by its key."""

    def twins(self, table: str) -> tuple[Twin, ...]:
        """The cards with a table by its digest."""


class Spread(NamedTuple):
    """Where a claim stands among its peers in one metric.

    `peers` are (id, value), sorted by value. `median` and `deviation` are theirs, the latter a robust standard deviation between
    authors (Qn with its small-sample factor; None for a single peer). `scale` is what claims are weighed with: the deviation, but
    no less than what seeds alone are expected to vary by, one example of the evaluation set and half the last printed place.
    `limit`: the distance in scales beyond which a claim counts as atypical. `claimed` and its `text` as printed are None where
    there is no claim, `distance` = (claim - median) / scale also where nothing can be weighed.
    """

    metric: str
    peers: tuple[tuple[str, float], ...]
    median: float
    deviation: float | None
    scale: float | None
    limit: float | None
    claimed: float | None = None
    text: str | None = None
    distance: float | None = None
    standing: Standing = "not compared"

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(value for _, value in self.peers)

    @property
    def band(self) -> tuple[float, float] | None:
        """The values that are not atypical."""
        if self.scale is None or self.limit is None:
            return None
        return self.median - self.limit * self.scale, self.median + self.limit * self.scale


class Peers(NamedTuple):
    """A card's recipe and the runs of other authors that can be compared with it, the card itself never among them.

    `left_out`: reason -> how many runs of the recipe are not peers ("another evaluation set": 2). `evaluation`: metric -> the
    size that the fractions of the card, else of most of its peers, are of ("recall": 8,939 gold spans); `labelling` is the known
    way of labelling sub-tokens that leaves so many. `steps_per_epoch` is the card's, None where it prints none; only where it
    does is the size of the training set known to be the peers'. `eras`: of the peers, the commonest first; `same_era` is False
    where no peer is of the card's own. `spreads`: the headline's metrics, the leading one first. `source`: what the census was
    made from.
    """

    recipe: Recipe
    runs: tuple[CensusRun, ...]
    left_out: Mapping[str, int]
    evaluation: Mapping[str, int]
    labelling: str | None
    steps_per_epoch: int | None
    eras: tuple[str, ...]
    same_era: bool
    spreads: tuple[Spread, ...]
    source: Mapping[str, Any]

    def spread(self, metric: str) -> Spread | None:
        """The spread of one metric by its key in the headline ("f1", "loss")."""
        return next((each for each in self.spreads if each.metric == metric), None)
