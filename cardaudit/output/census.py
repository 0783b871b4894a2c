"""A card's recipe with its peers, for people (a strip of marks a metric) and for programs (`cardaudit.census/1`)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cardaudit.census import peers, twins
from cardaudit.census.curves import curve_of
from cardaudit.census.recipe import era_of, recipe_of
from cardaudit.census.spread import LEAST_PEERS
from cardaudit.census.standing import cell_spreads, evaluation_of, labelling_of
from cardaudit.census.stored import StoredCensus
from cardaudit.escaping import one_line
from cardaudit.output.columns import fold, terminal_columns
from cardaudit.plurals import count
from cardaudit.records import Card
from cardaudit.records.census import Cell, Recipe, Spread

Json = dict[str, Any]
LISTED = 40
WIDTH = 60
LEAST_WIDTH = 20
MARKS = " .:oO@"
CAVEAT = "The spread is one between authors, with their environments and hidden settings in it: no seed variance."


def of_card(card: Card, census: StoredCensus) -> Json:
    """The document of one card: its recipe, its peers, where its headline stands; `because` where nothing can be compared."""
    recipe, found = recipe_of(card), peers(card, census)
    document = _document(census.source) | {"card": card.source.name, "same_table": [twin.id for twin in twins(card, census)]}
    if found is None:
        return document | {"because": _because(recipe)}
    return document | {
        "recipe": _recipe(found.recipe),
        "authors": len(found.runs),
        "left_out": dict(found.left_out),
        "evaluation": dict(found.evaluation),
        "labelling": found.labelling,
        "eras": list(found.eras),
        "same_era": found.same_era,
        "curve": [point._asdict() for point in curve_of(found, card)],
        "spreads": [_spread(spread) for spread in found.spreads],
    }


def of_cell(cell: Cell, source: Mapping[str, Any]) -> Json:
    """The document of a recipe without a card."""
    eras = [era for run in cell.runs if (era := era_of(run.release))]
    return _document(source) | {
        "recipe": _recipe(cell.recipe),
        "authors": len(cell.runs),
        "evaluation": evaluation_of(cell),
        "labelling": labelling_of(cell.recipe, evaluation_of(cell)),
        "eras": sorted(set(eras), key=eras.count, reverse=True),
        "same_table": [name for run in cell.runs for name in run.same],
        "spreads": [_spread(spread) for spread in cell_spreads(cell)],
    }


def listing(census: StoredCensus) -> Json:
    """The recipes that most authors ran."""
    whole = (cell for cell in census.cells() if cell.recipe.is_whole)
    cells = sorted(whole, key=lambda cell: (-len(cell.runs), cell.recipe.words))[:LISTED]
    recipes = [{"key": cell.recipe.key, "words": cell.recipe.words, "authors": len(cell.runs)} for cell in cells]
    return _document(census.source) | {"recipes": recipes}


def machine(document: Json) -> str:
    """The document as it is."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def text(document: Json) -> str:
    """The document for people, broken at the width of a terminal."""
    width = terminal_columns()
    return "\n".join(fold(line, width, "    ") for line in _lines(document, width)) + "\n"


def _lines(document: Json, width: int | None) -> list[str]:
    if "recipes" in document:
        lines = [f"{each['key']}  {each['authors']:>3} authors  {each['words']}" for each in document["recipes"]]
        return [_origin(document["census"]), *lines]
    lines = [_about(document), *_same(document["same_table"])]
    if document["recipe"] is None:
        return [*lines, document["because"]]
    lines += [f"recipe {document['recipe']['key']}: {one_line(document['recipe']['words'])}"]
    lines += _conditions(document)
    for spread in document["spreads"]:
        lines += ["", *_strip(spread, width)]
    lines += _curve(document.get("curve", []), document["spreads"])
    return [*lines, "", CAVEAT]


def _document(source: Mapping[str, Any]) -> Json:
    return {"schema": "cardaudit.census/1", "census": dict(source), "recipe": None, "because": None}


def _recipe(recipe: Recipe) -> Json:
    return {"key": recipe.key, "words": recipe.words} | recipe._asdict()


def _spread(spread: Spread) -> Json:
    return {
        "metric": spread.metric,
        "authors": len(spread.peers),
        "median": spread.median,
        "deviation": spread.deviation,
        "scale": spread.scale,
        "band": list(spread.band) if spread.band else None,
        "limit": spread.limit,
        "claimed": spread.text,
        "distance": spread.distance,
        "standing": spread.standing,
        "values": [{"id": name, "value": value} for name, value in spread.peers],
    }


def _because(recipe: Recipe) -> str:
    if recipe.is_whole:
        return f"nobody else in the census ran this recipe: {recipe.words}"
    settings = {
        "base model": recipe.base_model,
        "one data set": recipe.dataset,
        "its config": recipe.dataset is None or recipe.config is not None,
        "batch size": recipe.train_batch,
        "learning rate": recipe.learning_rate,
        "number of epochs or steps": recipe.length,
    }
    return f"the card does not state {', '.join(name for name, value in settings.items() if not value)}: it has no peers"


def _about(document: Json) -> str:
    name = f"{one_line(document['card'])}: " if document.get("card") else ""
    return name + _origin(document["census"])


def _origin(census: Mapping[str, Any]) -> str:
    counted = f"{count(census.get('runs', 0), 'run')} of {count(census.get('cards', 0), 'card')}"
    return f"{counted} ({census.get('source')}, {census.get('date')})"


def _same(names: Sequence[str]) -> list[str]:
    return [f"the same training table, number for number: {', '.join(map(one_line, names))}"] if names else []


def _conditions(document: Json) -> list[str]:
    told = [f"{metric} of {size:,}" for metric, size in document["evaluation"].items()]
    lines = [f"{document['authors']} other authors" if document.get("card") else f"{document['authors']} authors"]
    lines += [f"evaluation set told by fractions: {', '.join(told)}"] if told else []
    lines += [document["labelling"]] if document["labelling"] else []
    lines += [f"left out: {count} of {reason}" for reason, count in document.get("left_out", {}).items()]
    lines += [f"written by {', '.join(document['eras'])}"] if document["eras"] else []
    return [f"  {line}" for line in lines]


def _curve(points: Sequence[Json], spreads: Sequence[Json]) -> list[str]:
    """A line a row of the card: what it prints, and the median of the others at the same epoch."""
    name = spreads[0]["metric"] if spreads else ""
    lines = ["", "by epoch, with the median of the others in brackets"] if points else []
    for point in points:
        pairs = ((name, point["metric"], point["median_metric"]), ("validation loss", point["loss"], point["median_loss"]))
        told = [f"{what} {one_line(text)} ({median:.4g})" for what, text, median in pairs if text and median is not None]
        lines.append(f"  {one_line(point['epoch']):>6}  {', '.join(told)}  {point['authors']} authors")
    return lines


def _strip(spread: Json, width: int | None) -> list[str]:
    """One metric: its numbers in words, then a line with a mark for each author, and the claim below it."""
    values = [each["value"] for each in spread["values"]]
    low, high, below, above = _axis(values, spread)
    before, after = f"  {_further(below, '<')}{low:.4g} |", f"| {high:.4g}{_further(above, '>')}"
    room = WIDTH if width is None else max(LEAST_WIDTH, min(WIDTH, width - len(before) - len(after)))
    counts = [0] * room
    for value in values:
        if low <= value <= high:
            counts[_column(value, low, high, room)] += 1
    marks = "".join(MARKS[min(count, len(MARKS) - 1)] for count in counts)
    deviation = f", robust standard deviation {spread['deviation']:.2g}" if spread["deviation"] else ""
    head = f"{spread['metric']}: {spread['authors']} authors, median {spread['median']:.4g}{deviation}"
    at = None if spread["distance"] is None else _column(spread["median"] + spread["distance"] * spread["scale"], low, high, room)
    return [head, before + marks + after, *_claim(spread, " " * (len(before) + (at or 0)) + "^")]


def _axis(values: Sequence[float], spread: Json) -> tuple[float, float, int, int]:
    """The ends of the axis, and how many lie beyond them: what is not atypical and the claim are always on it."""
    low, high = spread["band"] or (min(values), max(values))
    inside = [value for value in values if low <= value <= high] or list(values)
    if spread["claimed"] is not None and spread["distance"] is not None:
        inside.append(spread["median"] + spread["distance"] * spread["scale"])
    low, high = min(inside), max(inside)
    margin = (high - low) * 0.02 or abs(high) * 0.01 or 1.0
    return low - margin, high + margin, sum(v < low for v in values), sum(v > high for v in values)


def _column(value: float, low: float, high: float, room: int) -> int:
    return min(room - 1, int((value - low) / (high - low) * room))


def _further(count: int, sign: str) -> str:
    return f" {sign} {count} more " if count and sign == ">" else f"{count} more {sign} " if count else ""


def _claim(spread: Json, mark: str) -> list[str]:
    """What is claimed, below its `mark` on the strip."""
    if spread["claimed"] is None:
        return []
    if spread["distance"] is None or spread["standing"] == "not compared":
        return [f"  {one_line(spread['claimed'])} claimed; not compared: fewer than {LEAST_PEERS} authors, or another unit"]
    away = (
        f"{abs(spread['distance']):.1f} times {spread['scale']:.2g} {'above' if spread['distance'] >= 0 else 'below'} the median"
    )
    word = {"above": "above them", "below": "below them", "among them": "among them"}[spread["standing"]]
    return [mark, f"  {one_line(spread['claimed'])} claimed, {word}: {away} (limit {spread['limit']:.1f})"]
