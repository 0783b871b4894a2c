"""A card's peers: who of the census ran the same recipe on the same evaluation set, and where the card's numbers stand there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from math import isclose

from cardaudit.census.build import claims_of, hub_id, lead_of
from cardaudit.census.recipe import era_of, recipe_of
from cardaudit.census.spread import LEAST_PEERS, center_of, deviation_of, half_print, least_scale, limit_of
from cardaudit.census.tables import table_digest
from cardaudit.facts import labellings, metric_facts
from cardaudit.records import Card
from cardaudit.records.census import Cell, Census, CensusRun, Peers, Recipe, Spread, Standing

SAME_STEPS = 0.02
LEAST_DENOMINATOR = 20
SEEN_WHOLE = 0.12  # phi(N) / N is 0.23 for 30,030, and more for every smaller size
OTHER_AUTHOR, OTHER_SET, OTHER_SIZE = "of the card's author", "another evaluation set", "another number of steps an epoch"
ITSELF = "the card itself"


def peers_of(card: Card, census: Census, metrics: int | None = None) -> Peers | None:
    """The runs that a card can be compared with; None where its recipe is not whole or nobody else ran it.

    `metrics`: how many of the headline's are compared, the leading one first; None for all.
    """
    recipe = recipe_of(card)
    cell = census.cell(recipe.key) if recipe.is_whole else None
    return _peers(card, cell, census, metrics) if cell else None


def evaluation_of(cell: Cell) -> dict[str, int]:
    """Metric -> the size that most of a recipe's fractions are of, where at least a tenth of its runs print one."""
    seen = Counter(metric for run in cell.runs for metric in run.denominators)
    sizes = _sizes(run.denominators for run in cell.runs)
    return {metric: found[0] for metric, found in sizes.items() if seen[metric] >= max(2, len(cell.runs) / 10)}


def labelling_of(recipe: Recipe, evaluation: Mapping[str, int]) -> str | None:
    """The known way of labelling sub-tokens that leaves so many gold spans and tokens; None where there is none or several."""
    sizes = evaluation.get("recall"), evaluation.get("accuracy")
    rows = labellings(recipe.dataset or "") if None not in sizes else ()
    fitting = [row for row in rows if (row.spans, row.tokens) == sizes]
    if len(fitting) != 1:
        return None
    vocabulary = f", {fitting[0].vocabulary} vocabulary" if fitting[0].vocabulary else ""
    return f"{fitting[0].split} split{vocabulary}, {fitting[0].recipe}"


def cell_spreads(cell: Cell) -> tuple[Spread, ...]:
    """The spreads of a whole recipe, with no card to compare: of its commonest evaluation set and number of steps."""
    sizes = _sizes(run.denominators for run in cell.runs)
    shared = evaluation_of(cell)
    runs = [run for run in cell.runs if _same_set(run.denominators, shared, sizes)]
    metrics = _ordered(dict.fromkeys(key for run in runs for key in run.headline))
    return tuple(found for metric in metrics if (found := _spread(metric, runs, None, shared)))


def _peers(card: Card, cell: Cell, census: Census, most: int | None) -> Peers | None:
    own, name = claims_of(card), hub_id(card)
    table = None if name else table_digest(card)
    sizes = _sizes([*(run.denominators for run in cell.runs), own.denominators])
    shared = {metric: _size(bottom, sizes[metric]) for metric, bottom in own.denominators.items()}
    left_out: Counter[str] = Counter()
    runs = []
    for run in cell.runs:
        because = _is_own(run, own, name, table) or _unlike(run, own, shared, sizes)
        if because:
            left_out[because] += 1
        else:
            runs.append(run)
    if not runs:
        return None
    eras = Counter(filter(None, (era_of(run.release) for run in runs)))
    era = era_of(own.release)
    evaluation = evaluation_of(cell) | shared
    found = (_spread(metric, runs, own.headline[metric], evaluation) for metric in _ordered(own.headline)[:most])
    return Peers(
        recipe=cell.recipe,
        runs=tuple(runs),
        left_out=dict(left_out),
        evaluation=evaluation,
        labelling=labelling_of(cell.recipe, evaluation),
        steps_per_epoch=own.steps_per_epoch,
        eras=tuple(period for period, _ in eras.most_common()),
        same_era=era is None or not eras or era in eras,
        spreads=tuple(filter(None, found)),
        source=census.source,
    )


def _is_own(run: CensusRun, own: CensusRun, name: str | None, table: str | None) -> str:
    """Whether a run is the card itself, or of its author; "" where it is a stranger's.

    A card read from a file does not say whose it is: a run with the same table, or the same headline, is taken for the card.
    """
    if name is not None:
        return ITSELF if name in (run.id, *run.same) else OTHER_AUTHOR if run.author == own.author else ""
    same = (run.table and run.table == table) or (len(own.headline) > 1 and run.headline == own.headline)
    return ITSELF if same else ""


def _unlike(run: CensusRun, own: CensusRun, shared: Mapping[str, int], sizes: Mapping[str, Sequence[int]]) -> str:
    """Why a stranger's run of the recipe cannot be compared; "" where it can."""
    mine, theirs = own.steps_per_epoch, run.steps_per_epoch
    if mine and theirs and abs(mine - theirs) > 1 and not isclose(mine, theirs, rel_tol=SAME_STEPS):
        return OTHER_SIZE
    return "" if _same_set(run.denominators, shared, sizes) else OTHER_SET


def _sizes(held: Iterable[Mapping[str, int]]) -> dict[str, list[int]]:
    """Metric -> the denominators that may be an evaluation set's size, the one that most others divide first.

    Of n fractions in lowest terms over one size N, about n phi(N) / N keep N itself: a size that is hardly ever seen whole is
    only a multiple of the true one by chance.
    """
    seen: dict[str, Counter[int]] = {}
    for each in held:
        for metric, bottom in each.items():
            seen.setdefault(metric, Counter())[bottom] += 1
    ordered = {}
    for metric, bottoms in seen.items():
        told = {size: sum(count for bottom, count in bottoms.items() if size % bottom == 0) for size in bottoms}
        ordered[metric] = sorted(bottoms, key=lambda size: (bottoms[size] < SEEN_WHOLE * told[size], -told[size], -size))
    return ordered


def _size(bottom: int, sizes: Sequence[int]) -> int:
    return next((size for size in sizes if size % bottom == 0), bottom)


def _same_set(held: Mapping[str, int], shared: Mapping[str, int], sizes: Mapping[str, Sequence[int]]) -> bool:
    """Whether a run's fractions can be of the evaluation set that `shared` tells, where both tell one."""
    return all(
        _size(bottom, sizes[metric]) == shared[metric]
        for metric, bottom in held.items()
        if metric in shared and min(bottom, shared[metric]) >= LEAST_DENOMINATOR
    )


def _ordered(metrics: Iterable[str]) -> list[str]:
    """The leading metric first, losses last."""
    keys = list(metrics)
    lead = lead_of(keys)
    return sorted(keys, key=lambda key: (key != lead, key.endswith("loss")))


def _spread(metric: str, runs: Sequence[CensusRun], text: str | None, shared: Mapping[str, int]) -> Spread | None:
    held = [(run.id, value, run.headline[metric]) for run in runs if (value := _number(run.headline.get(metric))) is not None]
    if not held:
        return None
    values = tuple(sorted(value for _, value, _ in held))
    median = center_of(values)
    deviation = scale = limit = None
    if len(values) > 1:
        finest = min(half_print(printed) for _, _, printed in held)
        deviation = deviation_of(values)
        scale = max(deviation, finest, least_scale(metric, median, shared))
        limit = limit_of(len(values))
    claimed = _number(text)
    distance = (claimed - median) / scale if claimed is not None and scale else None
    peers = tuple(sorted(((name, value) for name, value, _ in held), key=lambda each: (each[1], each[0])))
    compared = len(values) >= LEAST_PEERS and not _other_unit(metric, median, claimed)
    standing = _standing(distance, limit) if compared else "not compared"
    return Spread(metric, peers, median, deviation, scale, limit, claimed, text, distance, standing)


def _standing(distance: float | None, limit: float | None) -> Standing:
    if distance is None or limit is None:
        return "not compared"
    return "among them" if abs(distance) <= limit else "above" if distance > 0 else "below"


def _other_unit(metric: str, median: float, claimed: float | None) -> bool:
    """Whether one of two shares is printed in percent and the other is not."""
    facts = metric_facts(metric)
    apart = claimed is not None and (abs(median) <= 1) != (abs(claimed) <= 1) and max(abs(median), abs(claimed)) > 1.5
    return facts is not None and facts.percent and apart


def _number(text: str | None) -> float | None:
    try:
        return float(Decimal((text or "").strip().rstrip("%"))) if text else None
    except InvalidOperation:
        return None
