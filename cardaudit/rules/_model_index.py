"""What the front matter's `model-index` leaves out of that which the Hub reads it by. Not a rule."""

from collections.abc import Iterator
from typing import Any

MOST = 100
NO_LIST = "a list of models"


def lacks(index: Any) -> list[str]:
    """What is absent, each with its place ("result 1: dataset.type"); empty for an index that huggingface_hub reads.

    huggingface_hub 2.4, repocard_data.py, `model_index_to_eval_results`: a list of models with name and results; a result with
    task.type, dataset.type, dataset.name and metrics; a metric with type and value. An empty list of results is one.
    """
    if not isinstance(index, list):
        return [NO_LIST]
    found: list[str] = []
    for entry in index[:MOST]:
        if not isinstance(entry, dict):
            found.append("a model's keys")
            continue
        found += [key for key in ("name",) if not entry.get(key)]
        results = entry.get("results")
        if not isinstance(results, list):
            found.append("results")
            continue
        for number, result in enumerate(results[:MOST], 1):
            found += [f"result {number}: {key}" for key in _of_result(result)]
    return found


def _of_result(result: Any) -> Iterator[str]:
    if not isinstance(result, dict):
        yield "its keys"
        return
    for key, parts in (("task", ("type",)), ("dataset", ("type", "name"))):
        value = result.get(key)
        if not isinstance(value, dict):
            yield key
        else:
            yield from (f"{key}.{part}" for part in parts if value.get(part) in (None, ""))
    metrics = result.get("metrics")
    if not isinstance(metrics, list):
        yield "metrics"
        return
    for metric in metrics[:MOST]:
        if not isinstance(metric, dict):
            yield "a metric's keys"
        else:
            yield from (f"metric.{part}" for part in ("type", "value") if metric.get(part) in (None, ""))
