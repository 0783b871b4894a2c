"""How much seeds and environments move each metric, by our own runs: the rows `between_seeds` of facts/variance_priors.json.

    python benchmarks/sigma_atlas.py FOLDER [--write]

FOLDER is that of calibration.py; COLUMNS says what stands in a row. The interval is that of chi-squared (95 %); the two loops are
the stock Trainer's and the engine's own.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import exp, log, sqrt
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from calibration import AUTHORS, POOL, prepared  # noqa: E402
from calibration_recipes import RECIPES, plan_of  # noqa: E402

from cardaudit.compare.measured import Size, cell, evaluation_size  # noqa: E402
from cardaudit.compare.protocol import protocol_in_force  # noqa: E402
from cardaudit.compare.scale import scale_of  # noqa: E402
from cardaudit.compare.weighing import nearby  # noqa: E402
from cardaudit.distributions import chi2_quantile  # noqa: E402
from cardaudit.records import Plan, Run  # noqa: E402
from cardaudit.runs import read_runs  # noqa: E402

FACTS = HERE.parent / "cardaudit" / "facts" / "variance_priors.json"
LEAST_RUNS = 10
COLUMNS = (
    "between_seeds: recipe, metric, runs, mean, seed standard deviation, its 95 % interval (low, high), size of the evaluation "
    "set in the metric's units, ratio = standard deviation / sqrt(p (1 - p) / size) or of a loss the relative one, "
    "shift between two loops in seed standard deviations, its standard error, standard deviation of the evaluation before the "
    "last in units of the last one's, both on the even scale; null where it lies farther than the protocol's row_near"
)


def rows(folder: Path) -> Iterator[list[Any]]:
    """A row for each recipe and metric that enough runs were made of."""
    for recipe in RECIPES:
        plan = plan_of(recipe, prepared(recipe, folder))
        runs = read_runs(prepared(recipe, folder), plan)
        pool, authors = [run for run in runs if run.seed in POOL], [run for run in runs if run.seed >= AUTHORS]
        if len(pool) < LEAST_RUNS:
            continue
        for metric in (*pool[0].rows[-1].metrics, "validation_loss"):
            yield [recipe.name, *_row(metric, plan, pool, authors)]


def _row(metric: str, plan: Plan, pool: Sequence[Run], authors: Sequence[Run]) -> list[Any]:
    values, others = _last(metric, pool), _last(metric, authors)
    mean, deviation, own = fmean(values), stdev(values), len(values) - 1
    low, high = (deviation * sqrt(own / chi2_quantile(p, own)) for p in (0.975, 0.025))
    size = evaluation_size(metric, plan.recipe, pool)
    scale = sqrt(mean * (1 - mean) / size.number) if size else mean
    shift = (fmean(others) - mean) / deviation if others and deviation else None
    error = sqrt(1 / len(others) + 1 / len(values)) if others else None
    numbers = [mean, deviation, low, high]
    return [
        metric,
        len(values),
        *(float(f"{number:.4g}") for number in numbers),
        size.number if size else None,
        float(f"{deviation / scale:.3g}") if scale else None,
        None if shift is None else round(shift, 2),
        None if error is None else round(error, 2),
        _before(metric, pool, size),
    ]


def _before(metric: str, pool: Sequence[Run], size: Size | None) -> float | None:
    """How much more widely seeds spread one evaluation earlier; None for losses, and where it lies too far from the last."""
    scale, law = scale_of(metric, size), protocol_in_force()
    ends, earlier = ([scale.to(value) for value in _last(metric, pool, place)] for place in (-1, -2))
    if scale.kind != "logit" or len(earlier) < len(ends) or not nearby(ends, [earlier], law).number or not stdev(ends):
        return None
    return float(f"{stdev(earlier) / stdev(ends):.3g}")


def _last(metric: str, runs: Sequence[Run], place: int = -1) -> list[float]:
    return [value for run in runs if (value := cell(run.rows[place], metric)) is not None]


def summary(found: Sequence[Sequence[Any]], prior: Mapping[str, Any]) -> Iterator[str]:
    """What the rows say beside the prior in force."""
    for name, metrics in (
        ("F1, precision, recall", ("f1", "precision", "recall")),
        ("accuracy", ("accuracy",)),
        ("loss", ("validation_loss",)),
    ):
        ratios = [row[8] for row in found if row[1] in metrics and row[8]]
        if ratios:
            yield f"{name}: median ratio {median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f} over {len(ratios)} rows"
    shifts = [(row[9], row[10]) for row in found if row[9] is not None and row[1] != "validation_loss"]
    if shifts:
        square = fmean(shift**2 - error**2 for shift, error in shifts)
        yield f"shift between loops: {sqrt(max(square, 0.0)):.2f} seed standard deviations beyond chance"
    before = [log(row[11]) for row in found if row[1] in ("f1", "accuracy") and row[11]]
    if len(before) > 1:
        times, apart = exp(median(before)), stdev(before)
        yield f"the evaluation before the last spreads {times:.2f} times as widely (median), {apart:.2f} apart in logarithms"
    yield f"the prior in force: {json.dumps(prior['ratio'])}, losses {json.dumps(prior['relative'])}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {FACTS.name}")
    given = parser.parse_args()
    found = list(rows(given.folder))
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    for row in found:
        print(*row, sep="\t")
    print("\n".join(summary(found, facts["prior"])))
    if given.write:
        FACTS.write_text(written({**facts, "seed_columns": COLUMNS, "between_seeds": found}), encoding="utf-8")


def written(facts: Mapping[str, Any]) -> str:
    """The facts as JSON, a row of a table on one line."""
    tables = {key: value for key, value in facts.items() if isinstance(value, list)}
    text = json.dumps({**facts, **{key: f"table {key}" for key in tables}}, indent=1)
    for key, rows_ in tables.items():
        lines = ",\n".join("  " + json.dumps(row) for row in rows_)
        text = text.replace(f'"table {key}"', f"[\n{lines}\n ]")
    return f"{text}\n"


if __name__ == "__main__":
    main()
