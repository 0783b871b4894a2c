"""How much of the gold the reader reads: `python tests/gold_scoring.py` prints a table by stratum and every miss.

A gold file (tests/gold/README.md) says what a person read on a real card. Each stated value is a field, and a field is `right`,
`unread` (the reader has nothing there) or `wrong` (it has another value, or gives the number to another data set, model, split or
metric). What the reader states and the card does not is `wrong` too.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gold_cards import CORPUS, GOLD, TODAY, golds, written
from gold_words import choices, digits, is_headline, is_metric, plain, prints, setting_key

from cardaudit.errors import CardauditError
from cardaudit.exchange import card_json
from cardaudit.parse import read_bytes

Json = Mapping[str, Any]
SECTIONS = ("datasets", "epochs", "model_index", "results", "framework_versions", "optimizer")
FIXED_COLUMNS = ("epoch", "step", "training_loss", "validation_loss")
ATTRIBUTES = ("dataset", "split", "model", "stderr", "setting")
NOT_NAMED = "score"


class Mark(NamedTuple):
    """The outcome of one field of one card; `stated` and `seen` are what the gold and the reader say."""

    field: str
    outcome: str
    stated: Any = None
    seen: Any = None


def score(gold: Json) -> list[Mark]:
    """The marks of one card; a card that the reader refuses is unread as a whole."""
    try:
        read = card_json(read_bytes(written(gold), Path(gold["file"]).name))
    except CardauditError as error:
        return [Mark("card", "unread", gold["file"], str(error))]
    return [*_stated(gold, read), *_invented(gold, read)]


def _stated(gold: Json, read: Json) -> Iterator[Mark]:
    stated = gold["stated"]
    for key in ("base_model", "task"):
        if key in stated:
            yield _compared(key, stated[key], read[key])
    if "license" in stated:
        yield _compared("license", stated["license"], read["metadata"].get("license"))
    yield from _members("languages", stated.get("languages", []), read["metadata"].get("languages", []))
    yield from _members(
        "datasets", stated.get("datasets", []), [each[key] for each in read["datasets"] for key in ("id", "text")]
    )
    yield from _pairs("hyperparameters", stated.get("hyperparameters", {}), _settings(read))
    yield from _optimizer(stated.get("optimizer", {}), read["optimizer"] or {})
    yield from _versions(stated.get("framework_versions", {}), read["framework_versions"])
    yield from _headline(stated.get("headline", {}), read)
    yield from _epochs(stated.get("epochs"), read["epochs"])
    yield from _model_index(stated.get("model_index", []), read["model_index"])
    yield from _results(gold, read)
    for path, line in stated.get("line_of", {}).items():
        yield from _line(path, line, read)


def _invented(gold: Json, read: Json) -> Iterator[Mark]:
    """What the reader states and the card does not: each one is wrong, unless the gold calls it `optional`."""
    stated, silent = gold["stated"], gold["not_stated"]
    allowed = set(stated.get("optional", ()))
    known = {setting_key(key) for key in stated.get("hyperparameters", {})}
    for key, setting in read["hyperparameters"].items():
        if key != "other" and setting_key(key) not in known and f"hyperparameters.{key}" not in allowed:
            yield Mark(f"hyperparameters.{key}", "wrong", None, setting["text"])
    if read["base_model"] and "base_model" not in stated and "base_model" not in allowed:
        yield Mark("base_model", "wrong", None, read["base_model"])
    if "license" in silent and read["metadata"].get("license"):
        yield Mark("license", "wrong", None, read["metadata"]["license"])
    spoken = [*stated.get("headline", {}).items(), *_named_texts(stated.get("results", ()))]
    for key, number in read["headline"].items():
        if f"headline.{key}" not in allowed and not any(is_headline(name, key) and prints(text, number) for name, text in spoken):
            yield Mark(f"headline.{key}", "wrong", None, number["text"])
    for section in SECTIONS:
        if section in silent and section not in allowed and read[section]:
            yield Mark(section, "wrong", None, f"{read[section]!s:.120}")
    yield from _no_results(gold, read)


def _no_results(gold: Json, read: Json) -> Iterator[Mark]:
    """Numbers that are sizes, years or counts, taken for results."""
    real = {digits(text) for _, text in _named_texts(gold["stated"].get("results", ()))}
    never = {digits(text) for text in gold["not_results"]} - real
    for each in read["results"]:
        if digits(each["text"]) in never and "results" not in gold["not_stated"]:
            yield Mark(f"results.{each['metric']}", "wrong", None, each["text"])


def _compared(field: str, stated: Any, seen: str | None) -> Mark:
    if not seen:
        return Mark(field, "unread", stated)
    return Mark(field, "right" if any(plain(each) == plain(seen) for each in choices(stated)) else "wrong", stated, seen)


def _members(field: str, stated: Iterable[Any], seen: Iterable[str]) -> Iterator[Mark]:
    names = {plain(name) for name in seen}
    for each in stated:
        known = any(plain(reading) in names for reading in choices(each))
        yield Mark(f"{field}.{choices(each)[0]}", "right" if known else "unread", each, sorted(names))


def _pairs(section: str, stated: Json, seen: Mapping[str, str]) -> Iterator[Mark]:
    for key, text in stated.items():
        yield _compared(f"{section}.{key}", text, seen.get(setting_key(key)))


def _optimizer(stated: Json, seen: Json) -> Iterator[Mark]:
    if not stated:
        return
    yield _compared("optimizer.name", stated["name"], seen.get("name"))
    for key in ("betas", "epsilon"):
        if key not in stated:
            continue
        wanted = [float(each) for each in choices(stated[key])]
        got = seen.get(key)
        numbers = [] if got is None else [float(each) for each in choices(got)]
        yield Mark(f"optimizer.{key}", "right" if numbers == wanted else "wrong" if numbers else "unread", wanted, numbers)


def _versions(stated: Json, seen: Mapping[str, str]) -> Iterator[Mark]:
    printed = {plain(key): text for key, text in seen.items()}
    for key, text in stated.items():
        yield _compared(f"framework_versions.{key}", text, printed.get(plain(key)))


def _headline(stated: Mapping[str, str], read: Json) -> Iterator[Mark]:
    """A metric list without a data set may be read as the headline or as results: the two say the same."""
    for key, text in stated.items():
        seen = [number["text"] for name, number in read["headline"].items() if is_headline(key, name)]
        seen += [each["text"] for each in read["results"] if is_metric(key, each["metric"]) and prints(text, each)]
        right = any(digits(each) == digits(text) for each in seen)
        yield Mark(f"headline.{key}", "right" if right else "wrong" if seen else "unread", text, seen)


def _epochs(stated: Json | None, seen: list[Json]) -> Iterator[Mark]:
    """Rows are matched by the line they stand on, so that one row lost costs one row."""
    if stated is None:
        if seen:
            yield Mark("epochs", "wrong", None, f"{len(seen)} rows")
        return
    count = stated.get("row_count", len(stated["rows"]))
    yield Mark("epochs.rows", "right" if len(seen) == count else "wrong" if len(seen) > count else "unread", count, len(seen))
    by_line = {row["line"]: row for row in seen}
    for row in stated["rows"]:
        yield from _cells(stated["columns"], row, by_line.get(row["line"], {}))
    if "_" in stated["columns"]:
        return
    named = {name for row in seen for name in (*row["metrics"], *(key for key in FIXED_COLUMNS if key in row))}
    for name in sorted(named):
        if not any(is_metric(column, name) for column in stated["columns"]):
            yield Mark(f"epochs.{name}", "wrong", None, "a column that the table has not")


def _cells(columns: list[str], row: Json, read: Json) -> Iterator[Mark]:
    values = {**read.get("metrics", {}), **{key: read[key] for key in FIXED_COLUMNS if key in read}}
    for column, text in zip(columns, row["cells"], strict=True):
        if column == "_" or text is None:
            continue
        seen = next((value["text"] for name, value in values.items() if is_metric(column, name)), None)
        if text in ("-", ""):
            if seen not in (None, "-", ""):
                yield Mark(f"epochs:{row['line']}.{column}", "wrong", text, seen)
            continue
        yield _compared(f"epochs:{row['line']}.{column}", text, seen)


def _model_index(stated: Iterable[Json], seen: list[Json]) -> Iterator[Mark]:
    left = list(seen)
    for each in stated:
        field = f"model_index.{choices(each['metric'])[0]}"
        texts = {digits(text) for text in choices(each["text"])}
        same = [entry for entry in left if digits(entry["text"]) in texts]
        best = next((entry for entry in same if _index_agrees(each, entry)), None)
        if best is not None:
            left.remove(best)
        other = next((entry for entry in left if any(is_metric(name, entry["metric"]) for name in choices(each["metric"]))), None)
        wrong = best is None and (bool(same) or (other is not None and _dataset_agrees(each, other)))
        yield Mark(field, "right" if best is not None else "wrong" if wrong else "unread", each, same or other)


def _index_agrees(stated: Json, entry: Json) -> bool:
    if not any(is_metric(name, entry["metric"]) or is_metric(name, entry["label"]) for name in choices(stated["metric"])):
        return False
    return _dataset_agrees(stated, entry) and plain(stated.get("split") or "") in ("", plain(entry["dataset"]["split"] or ""))


def _dataset_agrees(stated: Json, entry: Json) -> bool:
    names = [entry["dataset"]["name"], entry["dataset"]["type"]]
    return not any(names) if stated["dataset"] is None else plain(stated["dataset"]) in map(plain, filter(None, names))


def _results(gold: Json, read: Json) -> Iterator[Mark]:
    listed = ({"metric": key, **dict.fromkeys(ATTRIBUTES), **number} for key, number in read["headline"].items())
    left: list[Json] = [*read["results"], *listed]
    for each in gold["stated"].get("results", ()):
        same = [got for got in left if abs(got["line"] - each["line"]) <= 1 and digits(got["text"]) == digits(each["text"])]
        field = f"results:{each['line']}.{choices(each['metric'])[0]}"
        if not same:
            yield Mark(field, "unread", each)
            continue
        judged = [(_attribution(gold, read, each, got), abs(got["line"] - each["line"]), got) for got in same]
        outcome, _, got = min(judged, key=lambda one: (("right", "unread", "wrong").index(one[0]), one[1]))
        left.remove(got)
        yield Mark(field, outcome, each, {key: got[key] for key in ("metric", "text", *ATTRIBUTES)})


def _attribution(gold: Json, read: Json, stated: Json, got: Json) -> str:
    outcome = "right"
    if not any(is_metric(name, got["metric"]) for name in choices(stated["metric"])):
        if got["metric"] != NOT_NAMED:
            return "wrong"
        outcome = "unread"
    for key in ATTRIBUTES:
        if key not in stated:
            continue
        agreed, seen = choices(stated[key]), got[key]
        if seen is None and None not in agreed:
            outcome = "unread"
        names = {plain(name) for name in agreed if name} | (_own_names(key, gold, read) if agreed == [None] else set())
        if seen is not None and plain(seen) not in names:
            return "wrong"
    around = plain(" ".join(str(got[key]) for key in ("metric", "label", *ATTRIBUTES) if got.get(key)))
    return outcome if all(plain(each) in around for each in stated.get("where", ())) else "unread"


def _own_names(key: str, gold: Json, read: Json) -> set[str]:
    """Names that add nothing: the card's own model, and its only data set."""
    if key == "model":
        own = Path(gold["file"]).stem
        return {plain(name) for name in (read["model_name"] or "", own, own.split("_", 1)[-1])}
    datasets = gold["stated"].get("datasets", ())
    return {plain(name) for name in choices(datasets[0])} if key == "dataset" and len(datasets) == 1 else set()


def _line(path: str, line: int, read: Json) -> Iterator[Mark]:
    section, _, key = path.partition(".")
    lines = [read["optimizer"]["line"]] if section == "optimizer" and read["optimizer"] else []
    if section == "headline":
        lines = [number["line"] for name, number in read["headline"].items() if is_headline(key, name)]
        lines = lines or [each["line"] for each in read["results"] if is_metric(key, each["metric"]) and each["line"] == line]
    if section == "hyperparameters":
        settings = {**read["hyperparameters"], **read["hyperparameters"].get("other", {})}
        lines = [value["line"] for name, value in settings.items() if name != "other" and setting_key(name) == setting_key(key)]
    yield Mark(f"line_of.{path}", "right" if line in lines else "wrong" if lines else "unread", line, lines)


def _settings(read: Json) -> dict[str, str]:
    known = {setting_key(key): value["text"] for key, value in read["hyperparameters"].get("other", {}).items()}
    return known | {setting_key(key): value["text"] for key, value in read["hyperparameters"].items() if key != "other"}


def _named_texts(results: Iterable[Json]) -> Iterator[tuple[str, str]]:
    return ((name, each["text"]) for each in results for name in choices(each["metric"]))


def demand_agreement(records: Sequence[Json], right: float, wrong: float) -> None:
    """Asserts the share of the records' fields that the reader has right, at least, and wrong, below."""
    counts = Counter(mark.outcome for gold in records for mark in score(gold))
    fields = counts.total()
    reached = f"{fields} fields, {counts['right'] / fields:.2%} right, {counts['wrong'] / fields:.2%} wrong"
    assert counts["right"] / fields >= right, reached
    assert counts["wrong"] / fields < wrong, reached


def main() -> None:
    parser = argparse.ArgumentParser(description="Scores the reader against the gold records.")
    parser.add_argument("--today", action="store_true", help="our own cards in the layouts of 2023 to 2026")
    parser.add_argument("--split", choices=("dev", "heldout"), default="dev")
    parser.add_argument(
        "--misses", action="store_true", help="list the misses of heldout too: not for those who write the reader"
    )
    asked = parser.parse_args()
    if not (asked.today or CORPUS.exists()):
        raise SystemExit(f"{CORPUS} is not here: the cards' texts are kept out of the project")
    strata: dict[str, Counter[str]] = {}
    misses = []
    for gold in golds(asked.split, TODAY if asked.today else GOLD):
        marks = score(gold)
        strata.setdefault(gold["stratum"], Counter()).update(["cards", *(mark.outcome for mark in marks)])
        misses += [(gold["file"], mark) for mark in marks if mark.outcome != "right"]
    _print_table(strata)
    for file, mark in misses if asked.split == "dev" or asked.misses else []:
        print(f"{mark.outcome:6} {file} {mark.field}: stated {mark.stated!s:.300}, read {mark.seen!s:.300}")


def _print_table(strata: Mapping[str, Counter[str]]) -> None:
    total: Counter[str] = sum(strata.values(), Counter())
    print(f"{'stratum':28}{'cards':>6}{'fields':>8}{'right':>9}{'unread':>9}{'wrong':>9}")
    for name, count in [*sorted(strata.items()), ("all", total)]:
        fields = max(1, count["right"] + count["unread"] + count["wrong"])
        shares = "".join(f"{count[outcome] / fields:9.2%}" for outcome in ("right", "unread", "wrong"))
        print(f"{name:28}{count['cards']:6}{fields:8}{shares}")


if __name__ == "__main__":
    main()
