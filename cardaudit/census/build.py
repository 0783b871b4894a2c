"""Cards to a census: one run an author and recipe, identical tables once, printed numbers only."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from cardaudit.census.recipe import recipe_of, release_of
from cardaudit.census.tables import table_digest
from cardaudit.facts import metric_facts
from cardaudit.intervals import fraction_of_float
from cardaudit.records import Card, EpochRow, Printed
from cardaudit.records.census import Cell, CensusRun, Recipe

LEADING = ("f1", "matthews_correlation", "accuracy", "wer", "rougel", "bleu", "exact_match", "mae")
FULL_PRECISION = 12
FRACTIONS = ("accuracy", "recall")
MOST_ROWS = 60
LEAST_RUNS = 2  # of a recipe that is kept though no table of it can be told from another


class Building:
    """The census so far: cards go in one by one, and of each only its numbers stay."""

    def __init__(self) -> None:
        self.cards = 0
        self._runs: dict[Recipe, dict[str, CensusRun]] = {}

    def add(self, card: Card) -> None:
        """Takes a card's run, where it has one: a table, or a headline of a whole recipe."""
        self.cards += 1
        recipe, run = recipe_of(card), run_of(card)
        if run.table or (run.headline and recipe.is_whole):
            self._runs.setdefault(recipe, {}).setdefault(run.id, run)

    def cells(self) -> Iterator[Cell]:
        """One cell a recipe. Of an author's cards the first by its id stays, which is chance with regard to the numbers.

        Where a recipe is not whole, runs of one author may be of different data: all stay, and of each its table only, for there
        is nothing to compare.
        """
        for recipe, runs in self._runs.items():
            kept = _one_an_author(runs.values()) if recipe.is_whole else _tables(runs.values())
            if len(kept) >= LEAST_RUNS or any(run.table for run in kept):
                yield Cell(recipe, _distinct(kept), len(runs) - len(kept))


def build(cards: Iterable[Card]) -> Building:
    """A census of cards; they are read one at a time."""
    building = Building()
    for card in cards:
        building.add(card)
    return building


def run_of(card: Card) -> CensusRun:
    """A card's numbers as the census keeps them."""
    run = claims_of(card)
    metric = lead_of(run.headline, card)
    last = next((row for row in reversed(card.epochs) if row.step and row.step.value), None)
    steps = _whole(last.step) if last else None
    return run._replace(steps=steps, curve_metric=metric, curve=tuple(_curve(card, metric)), table=table_digest(card))


def claims_of(card: Card) -> CensusRun:
    """What of a card's run is compared with its peers: no curve, no table."""
    last = next((row for row in reversed(card.epochs) if row.step and row.step.value), None)
    return CensusRun(
        id=hub_id(card) or card.source.name,
        release=release_of(card),
        steps_per_epoch=_per_epoch(last),
        headline={key: number.text for key, number in card.headline.items() if _counts(key, number)},
        denominators=denominators(card),
    )


def hub_id(card: Card) -> str | None:
    """The card's id on the Hub without a revision; None where it was read from a file."""
    name, _, _ = card.source.name.partition("@")
    author, slash, model = name.partition("/")
    spelled = slash and author and model and "/" not in model and not name.startswith((".", "~"))
    return name if spelled and not model.endswith((".md", ".txt", ".html", ".markdown")) else None


def lead_of(headline: Iterable[str], card: Card | None = None) -> str | None:
    """The metric that a card is about: the first of the usual ones, else the first that is no loss."""
    keys = [key for key in headline if not key.endswith("loss")]
    if not keys and card is not None:
        keys = list(dict.fromkeys(key for row in card.epochs for key in row.metrics))
    return next((key for key in LEADING if key in keys), keys[0] if keys else None)


def denominators(card: Card) -> dict[str, int]:
    """Metric -> denominator, in lowest terms, of the fraction that the front matter's unverified value stands for.

    The Trainer writes floats there: where one value has all its digits, a short one beside it ("0.925") is exact too.
    """
    values = {result.metric: result.number.value for result in reversed(card.model_index) if not result.verified}
    digits = [len(value.as_tuple().digits) for value in values.values() if value is not None and value.is_finite()]
    if max(digits, default=0) < FULL_PRECISION:
        return {}
    found: dict[str, int] = {}
    for metric in FRACTIONS:
        value = values.get(metric)
        if value is not None and value.is_finite() and 0 < value < 100:
            fraction = fraction_of_float(Fraction(value) / (1 if value < 1 else 100))
            found |= {metric: fraction.denominator} if fraction else {}
    return found


def _counts(key: str, number: Printed) -> bool:
    """Whether a headline's entry measures the model: runtimes, epochs and lengths do not."""
    named = key in ("loss", "eval_loss") or metric_facts(key) is not None
    return named and number.value is not None and number.value.is_finite() and abs(number.value.adjusted()) < 9


def _per_epoch(row: EpochRow | None) -> int | None:
    if row is None or not (row.step and row.step.value and row.epoch and row.epoch.value) or row.epoch.value <= 0:
        return None
    ratio = row.step.value / row.epoch.value
    return round(ratio) if ratio.is_finite() and 0 < ratio < 10**9 else None


def _whole(number: Printed | None) -> int | None:
    value = number.value if number else None
    return int(value) if value is not None and value.is_finite() and 0 <= value < 10**12 else None


def _curve(card: Card, metric: str | None) -> Iterator[tuple[str, str, str]]:
    """Epoch, validation loss and metric of the rows, at most MOST_ROWS evenly taken, the last one always."""
    rows = card.epochs
    step = max(1, -(-len(rows) // MOST_ROWS))
    for row in rows[::-1][::step][::-1]:
        value = row.metrics.get(metric) if metric else None
        texts = [
            number.text.strip() if number and number.value is not None else ""
            for number in (row.epoch, row.validation_loss, value)
        ]
        if any(texts[1:]):
            yield texts[0], texts[1], texts[2]


def _one_an_author(runs: Iterable[CensusRun]) -> list[CensusRun]:
    first: dict[str, CensusRun] = {}
    for run in sorted(runs, key=lambda run: run.id):
        first.setdefault(run.author, run)
    return list(first.values())


def _tables(runs: Iterable[CensusRun]) -> list[CensusRun]:
    return [CensusRun(run.id, run.release, table=run.table) for run in sorted(runs, key=lambda run: run.id)]


def _distinct(runs: Iterable[CensusRun]) -> tuple[CensusRun, ...]:
    """Each table once, with the ids of the others that print it; without a table, each headline of several numbers once."""
    kept: dict[str, CensusRun] = {}
    for run in runs:
        numbers = " ".join(f"{key} {text}" for key, text in sorted(run.headline.items()))
        same = run.table or (numbers if len(run.headline) > 1 else run.id)
        held = kept.get(same)
        kept[same] = held._replace(same=(*held.same, run.id)) if held else run
    return tuple(kept.values())
