"""The Hub's `.eval_results/*.yaml`: a list of scores, each with the benchmark's data set, task, date and source.

huggingface.co/docs/hub/eval-results (2026): `dataset.id`, `dataset.task_id`, `value`, `verifyToken`, `date`, `source`, `notes`.
"""

from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import read_value
from cardaudit.document import FrontMatter
from cardaudit.records import Result


def read_eval_results(listed: FrontMatter) -> Iterator[Result]:
    """Every item with a value that is a number: the data set's id as `dataset`, its task as `setting`, both as printed."""
    for at in range(len(listed.values)):
        value = listed.scalars.get((at, "value"))
        number = read_value(value.text, value.span.start, "value", whole=True) if value else None
        if number is not None:
            yield Result("score", number, dataset=_text(listed, at, "id"), setting=_text(listed, at, "task_id"))


def _text(listed: FrontMatter, at: int, key: str) -> str | None:
    scalar = listed.scalars.get((at, "dataset", key))
    return scalar.text if scalar and scalar.text.strip() else None
