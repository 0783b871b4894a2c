"""Faults between a card and runs made from it, other authors' cards, and the file of scores."""

import random

from mutation_operators import Apply, Fault, is_trainer, pair
from mutation_repository import NAMED, cell_digit

from cardaudit.records import Card, Run


def _run(before: dict[str, object], after: dict[str, object], task: str) -> Apply:
    """A run whose facts change."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        if not card.task or card.task.text != task or not is_trainer(card):
            return None
        first, second = (Run("0", 42, (), "finished", 1.0, {}, facts) for facts in (before, after))
        return Fault(card.text, visible=True, runs=(second,), honest=Fault(card.text, runs=(first,)))

    return apply


TAGS = {"labels": ["O", "B-PER", "I-PER"], "evaluation_words": 9093, "evaluation_word_entities": 701}
MORE_TAGS = {"labels": ["O", "B-LOC"], "evaluation_words": 9093, "evaluation_word_entities": 1}
NO_TAGS = {"labels": ["0", "1", "2"], "evaluation_words": 9093, "evaluation_word_entities": 0}
pair(
    "labels-without-entities",
    "labels-as-integers",
    _run(TAGS, NO_TAGS, "token-classification"),
    "labels-of-another-type",
    _run(TAGS, MORE_TAGS, "token-classification"),
)
SCORED = {"scored": True, "labels": NAMED, "evaluation_examples": 872, "correct": 811}
EXCHANGED = SCORED | {"correct": 112, "relabelled": {"correct": 811, "order": [2, 1, 0]}}
WEAK = SCORED | {"correct": 500, "relabelled": {"correct": 540, "order": [2, 1, 0]}}
pair(
    "labels-in-another-order",
    "labels-exchanged",
    _run(SCORED, EXCHANGED, "text-classification"),
    "labels-of-a-weak-model",
    _run(SCORED, WEAK, "text-classification"),
)


def _copied(digit: bool) -> Apply:
    """The card under another author's name, told by the shipped census; with one digit of its table changed, another table."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        if len(card.epochs) < 3 or not is_trainer(card) or "/" not in card.source.name:
            return None
        text = cell_digit(card, rng) if digit else card.text
        own = Fault(card.text, name=card.source.name)
        return Fault(text, visible=True, name="somebody-else/a-copy", honest=own) if text else None

    return apply


pair("identical-table", "card-under-another-author", _copied(False), "another-table-of-another-author", _copied(True))


def _scores(url: str) -> Apply:
    """The front matter's results as a file of scores with a source."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        results = [each for each in card.model_index if each.number.value is not None and each.dataset_type]
        if not results:
            return None

        def words(more: str) -> str:
            entry = "- dataset:\n    id: {}\n    task_id: {}\n  value: {}\n  source:\n    name: Model Card\n{}"
            return "".join(entry.format(each.dataset_type, each.metric, each.number.text, more) for each in results)

        address = "    url: https://huggingface.co/some-org/some-model\n"
        return Fault(words(address if url else ""), visible=True, honest=Fault(words(address)))

    return apply


pair("eval-results-without-source", "source-without-address", _scores(""), "source-with-address", _scores("url"))
