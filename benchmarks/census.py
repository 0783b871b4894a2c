"""The shipped census: made from the corpus, held against published figures, and its variance pooled.

python benchmarks/census.py            prints the tables
python benchmarks/census.py --write    also writes cardaudit/census/shipped.jsonl, the spreads between authors in
                                       cardaudit/facts/variance_priors.json, and benchmarks/results/census.md
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cardaudit.census.build import Building
from cardaudit.census.pooling import Measured, Pooled, measured, pooled
from cardaudit.census.spread import LEAST_PEERS, center_of, deviation_of, least_scale, limit_of
from cardaudit.census.standing import cell_spreads, evaluation_of
from cardaudit.census.stored import SHIPPED, census_lines
from cardaudit.parse import read_card
from cardaudit.records import Card
from cardaudit.records.census import Cell

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULT = ROOT / "benchmarks" / "results" / "census.md"
PRIORS = ROOT / "cardaudit" / "facts" / "variance_priors.json"
SOURCE = {
    "source": "distinct public model cards, crawled from 2021 to January 2023; ids and printed numbers only",
    "date": "2023-01-31",
    "version": 1,
}
ABOUT = (
    "spread between the authors of the recipes in cardaudit/census/shipped.jsonl, made of 20,230 public model cards crawled from "
    "2021 to January 2023 (benchmarks/census.py): one run an author, identical tables once. It holds spread between environments "
    "too, so it is wider than that of seeds, except where authors who share a notebook print the same digits"
)
UNITS = {
    "entities": "sqrt(p (1 - p) / gold spans)",
    "tokens": "sqrt(p (1 - p) / tokens)",
    "examples": "sqrt(p (1 - p) / examples)",
    "share": "sqrt(p (1 - p))",
    "loss": "the loss",
    "other": "the score",
}
NER = "distilbert/distilbert-base-uncased on eriktks/conll2003: batch 16, learning rate 2e-05, 3 epochs"
COLA = "distilbert/distilbert-base-uncased on nyu-mll/glue/cola: batch 16, learning rate 2e-05, 5 epochs"
EMOTION = "distilbert/distilbert-base-uncased on dair-ai/emotion: batch 64, learning rate 2e-05, 2 epochs"
# of 33,731 distinct cards, of which the corpus holds 60 %: recipe, metric, cards, median, deviation
PUBLISHED = (
    (NER, "f1", 51, 0.9319, 0.0016),
    (COLA, "matthews_correlation", 83, 0.541, 0.012),
    (EMOTION, "f1", 103, 0.9247, 0.0037),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    start = time.process_time()
    building = Building()
    for card in cards():
        building.add(card)
    cells = sorted(building.cells(), key=lambda cell: (-len(cell.runs), cell.recipe.words, cell.recipe.key))
    seconds = time.process_time() - start
    rows = measured(cells)
    text = report(building.cards, cells, rows, pooled(rows), seconds)
    print(text)
    if options.write:
        SHIPPED.write_text("".join(census_lines(cells, SOURCE | {"cards": building.cards})), encoding="utf-8")
        RESULT.write_text(text, encoding="utf-8")
        PRIORS.write_text(with_census(PRIORS.read_text(encoding="utf-8"), rows, pooled(rows)), encoding="utf-8")


def cards() -> Iterator[Card]:
    """The corpus, a batch at a time; its one empty card left out."""
    from pyarrow import parquet

    for batch in parquet.ParquetFile(CORPUS).iter_batches(200, columns=["hub_id", "card"], use_threads=False):
        for name, text in zip(batch["hub_id"].to_pylist(), batch["card"].to_pylist(), strict=True):
            if text.strip():
                yield read_card(text, name)


def report(count: int, cells: Sequence[Cell], rows: Sequence[Measured], kinds: Sequence[Pooled], seconds: float) -> str:
    """The result as Markdown."""
    whole = [cell for cell in cells if cell.recipe.is_whole]
    sizes = [len(cell.runs) for cell in whole]
    alike = [len(run.same) + 1 for cell in cells for run in cell.runs if run.same]
    lines = [
        "# The census that ships",
        "",
        f"{count:,} distinct Hub cards, crawled 2021 to January 2023; `python benchmarks/census.py --write`; {seconds:.0f} s of "
        f"processor time, {SHIPPED.stat().st_size / 1e6:.2f} MB.",
        "",
        f"{sum(len(cell.runs) for cell in cells):,} runs. {len(whole):,} recipes are stated whole; {sum(n > 1 for n in sizes)} "
        f"of them have at least two authors, {sum(n >= 8 for n in sizes)} at least eight, with "
        f"{sum(n for n in sizes if n >= 8)} runs. "
        f"{len(alike)} tables are printed by several authors, {sum(alike)} cards in all.",
        "",
        "All spreads are between authors: environments and hidden settings are in them, and they are no seed variance.",
        "",
        "## Beside published figures",
        "",
        "| recipe | metric | published: cards | median | deviation | here: authors | median | Qn | 60 % of the cards |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *published(whole),
        "",
        "The published figures are of 33,731 cards, the corpus holds 60 % of them. Here one run an author counts and identical "
        "tables once, so that fewer remain; deviations are Qn instead of a trimmed standard deviation.",
        "",
        "## The limit of atypical-result",
        "",
        "Each run of a recipe with at least nine authors against the others, its leading metric where that is no loss: how many "
        "lie beyond the limit as they are, and with so many robust standard deviations added.",
        "",
        "| added | beyond the limit, above | below | runs |",
        "| ---: | ---: | ---: | ---: |",
        *limits(whole),
        "",
        "## Pooled over recipes",
        "",
        "Log-variances of recipes with at least 4 authors, one metric a recipe, after Smyth (2004). Few degrees of freedom say "
        "that recipes differ much. Losses do: authors who run one notebook on one kind of GPU print the same four digits, so "
        "that their spread measures no other environment, and what is weighed with it has a floor "
        "(facts/variance_priors.json, prior).",
        "",
        "| kind | deviation, in units of | | 95 % interval | prior degrees of freedom | recipes |",
        "| --- | --- | ---: | --- | ---: | ---: |",
        *(
            f"| {each.kind} | {UNITS[each.kind]} | {each.deviation:.3g} | {each.low:.3g} to {each.high:.3g} "
            f"| {min(each.degrees, 999):.1f} | {each.recipes} |"
            for each in kinds
        ),
        "",
        "## Recipe by recipe",
        "",
        "| recipe | metric | authors | median | Qn | in its unit | kind |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
        *(
            f"| {row.recipe} | {row.metric} | {row.authors} | {row.median:.4g} | {row.deviation:.2g} "
            f"| {row.ratio:.2g} | {row.kind} |"
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def limits(cells: Sequence[Cell]) -> Iterator[str]:
    """A row an inflation: runs left out one by one, of the commonest evaluation set and number of steps."""
    groups = [group for cell in cells if (group := _comparable(cell)) and len(group[1]) > LEAST_PEERS]
    for added in (0, 1, 2, 3, 5, 8, 12):
        distances = [distance for group in groups for distance in _left_out(*group, added)]
        above, below = sum(each > 1 for each in distances), sum(each < -1 for each in distances)
        yield f"| {added} | {above} ({above / len(distances):.0%}) | {below} | {len(distances)} |"


def _comparable(cell: Cell) -> tuple[str, list[float], dict[str, int]] | None:
    """Leading metric, its values and the evaluation set's size; None where a loss leads or hardly anybody prints steps."""
    spread = next(iter(cell_spreads(cell)), None)
    steps = Counter(run.steps_per_epoch for run in cell.runs if run.steps_per_epoch)
    if spread is None or spread.metric.endswith("loss") or not steps:
        return None
    commonest = steps.most_common(1)[0][0]
    kept = {run.id for run in cell.runs if run.steps_per_epoch == commonest}
    return spread.metric, [value for name, value in spread.peers if name in kept], evaluation_of(cell)


def _left_out(metric: str, values: list[float], sizes: dict[str, int], added: int) -> Iterator[float]:
    """Each value's distance from the median of the others, in limits."""
    for at, value in enumerate(values):
        others = tuple(values[:at] + values[at + 1 :])
        median, deviation = center_of(others), deviation_of(others)
        scale = max(deviation, least_scale(metric, median, sizes))
        yield (value + added * deviation - median) / scale / limit_of(len(others))


def published(cells: Sequence[Cell]) -> Iterator[str]:
    """The published figures, each beside what this census gives."""
    for words, metric, count, median, deviation in PUBLISHED:
        cell = next(cell for cell in cells if cell.recipe.words.startswith(words))
        spread = next(spread for spread in cell_spreads(cell) if spread.metric == metric)
        here = f"{len(spread.peers)} | {spread.median:.4f} | {spread.deviation:.4f} | {0.6 * count:.0f}"
        yield f"| {cell.recipe.words} | {metric} | {count} | {median} | {deviation} | {here} |"


def with_census(text: str, rows: Sequence[Measured], kinds: Sequence[Pooled]) -> str:
    """variance_priors.json with this census's spreads in place of the old ones; the rest stays as it is written."""
    between = [(*row[:3], _short(row.median), _short(row.deviation), row.size, row.kind, _short(row.ratio)) for row in rows]
    pools = [(each.kind, *map(_short, each[1:4]), _short(min(each.degrees, 999.0)), each.recipes) for each in kinds]
    columns = (
        "between_authors: recipe, metric, authors, median, standard deviation (Qn), size of the evaluation set where fractions "
        "tell it, kind, deviation in the kind's unit. pooled: kind, deviation in its unit, 95 % interval, prior degrees of "
        f"freedom, recipes. Units: {'; '.join(f'{kind}: {unit}' for kind, unit in UNITS.items())}"
    )
    held = f' "between_authors": [\n{_lines(between)}\n ],\n "pooled": [\n{_lines(pools)}\n ],\n'
    for pattern, new in (
        (r' "source": ".*",\n', f' "source": {json.dumps(ABOUT)},\n'),
        (r' "columns": ".*",\n', f' "columns": {json.dumps(columns)},\n'),
        (r' "pooled": \[\n.*?\n \],\n', ""),
        (r' "between_authors": \[\n.*?\n \],\n', held),
    ):
        text = re.sub(pattern, lambda _, new=new: new, text, count=1, flags=re.DOTALL if "?" in pattern else 0)
    return text


def _lines(rows: Sequence[Sequence[object]]) -> str:
    return ",\n".join(f"  {json.dumps(row)}" for row in rows)


def _short(value: float) -> float:
    return float(f"{value:.4g}")


if __name__ == "__main__":
    main()
