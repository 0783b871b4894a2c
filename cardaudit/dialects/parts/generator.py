"""What wrote a card, and between which releases of transformers its text is possible (facts/generator.json).

A feature counts only where no release outside its range writes it and no author is known to write it by hand: a range that is
too wide says little, one that is too narrow accuses. A card with features of releases that do not meet was edited; it gets no
range, and `because` names what does not meet.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from cardaudit.facts import load
from cardaudit.facts.releases import Release, as_release
from cardaudit.records import EpochRow, Generator, Hyperparameters, OptimizerLine, Printed

TRAINER, KERAS = "transformers.Trainer", "transformers.Keras callback"
WRITTEN_BY_TRAINER = "according to the information the Trainer had access to"
NO_RELEASE: Release = (0, 0)
LAST_RELEASE: Release = (999, 0)
PRINTED_DECIMALS = 4
ROUNDED_DECIMALS = 2
ENOUGH = 2
BEFORE_BASE_MODEL = frozenset(("library_name", "language", "license"))
EIGHTHS = frozenset(("", "5", "25", "75", "125", "375", "625", "875"))


class Feature(NamedTuple):
    """What a text shows, and the first and last release that writes it; NO_RELEASE and LAST_RELEASE where nothing bounds it."""

    earliest: Release
    latest: Release
    because: str


class Sign(NamedTuple):
    """A library's own sentence, and the key of its version among framework_versions."""

    text: str
    name: str
    version_key: str | None


class Written(NamedTuple):
    """What is read of a card when its generator is asked for, by the names that a Card has."""

    dialect: str
    text: str
    front_matter: Mapping[str, Any] | None
    hyperparameters: Hyperparameters
    optimizer: OptimizerLine | None
    epochs: Sequence[EpochRow]
    framework_versions: Mapping[str, Printed]


def read_generator(card: Written) -> Generator | None:
    """What wrote a card; None for a card that shows no generator's hand.

    `declared` is the version of the library that wrote it. Only the Trainer and the Keras callback get a range of releases.
    """
    if card.dialect == "keras":
        return _in_range(card, KERAS)
    if card.dialect == "trainer" and WRITTEN_BY_TRAINER in card.text:
        return _in_range(card, TRAINER)
    for sign in _signs():
        if sign.text in card.text:
            return Generator(sign.name, card.framework_versions.get(sign.version_key or ""))
    return _in_range(card, TRAINER) if card.dialect == "trainer" else None


def _in_range(card: Written, name: str) -> Generator:
    declared = card.framework_versions.get("transformers")
    seen = list(_features(card, name))
    earliest = max((feature.earliest for feature in seen), default=NO_RELEASE)
    latest = min((feature.latest for feature in seen), default=LAST_RELEASE)
    because = tuple(
        feature.because
        for feature in seen
        if feature.earliest == earliest != NO_RELEASE or feature.latest == latest != LAST_RELEASE
    )
    if earliest > latest:
        return Generator(name, declared, None, None, because)
    return Generator(name, declared, _spelled(earliest), _spelled(latest), because)


def _features(card: Written, name: str) -> Iterator[Feature]:
    text, named = card.text, _named()
    for mark, feature in _marks():
        if mark in text:
            yield feature
    if card.front_matter:
        yield from (named[key] for key in _of_front_matter(card.front_matter))
    if name == KERAS:
        yield named["keras"]
        return
    yield from _of_names(card)
    rows = [row for row in card.epochs if _is_written(row)]
    yield from (named[key] for key in (*_of_epochs(rows, card), *_of_losses(rows)))


def _of_front_matter(front: Mapping[str, Any]) -> Iterator[str]:
    """By what stands in it and in which order: a tool that adds a key later puts it at the end, or sorts all of them."""
    keys = list(front)
    listed = front.get("datasets")
    if isinstance(listed, list) and None in listed:
        yield "null_dataset"
    if "model_index" in front:
        yield "underscored_index"
    elif "model-index" in front and _has_tag(front):
        yield "hyphenated_index"
    yield from _of_index(front.get("model-index", front.get("model_index")))
    if _has_base_model(front, keys):
        yield "base_model"
        if keys[0] == "library_name" and front["library_name"] == "transformers":
            yield "library_name"


def _has_base_model(front: Mapping[str, Any], keys: Sequence[str]) -> bool:
    """Whether base_model stands where the Trainer puts it: behind licence and language, right before the tags."""
    if not isinstance(front.get("base_model"), str) or "tags" not in front:
        return False
    base = keys.index("base_model")
    before, after = set(keys[:base]), set(keys[base + 2 :])
    if not before <= BEFORE_BASE_MODEL or keys[base + 1 : base + 2] != ["tags"]:
        return False
    return bool(before - {"library_name"}) or not after.isdisjoint(("datasets", "metrics"))


def _has_tag(front: Mapping[str, Any]) -> bool:
    tags = front.get("tags")
    return isinstance(tags, list) and "generated_from_trainer" in tags


def _of_index(index: Any) -> Iterator[str]:
    if isinstance(index, dict):
        yield "mapped_index"
        return
    for entry in index if isinstance(index, list) else ():
        results = entry.get("results") if isinstance(entry, dict) else None
        if results == []:
            yield "empty_results"
        for result in results if isinstance(results, list) else ():
            if isinstance(result, dict):
                yield from _of_result(result)


def _of_result(result: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(result.get("metric"), dict):
        yield "single_metric"
    dataset = result.get("dataset")
    if isinstance(dataset, dict) and tuple(dataset)[:5] == ("name", "type", "config", "split", "args"):
        yield "dataset_metadata"


def _of_names(card: Written) -> Iterator[Feature]:
    """Schedules and optimizers that TrainingArguments did not always know."""
    facts, scheduler = load("generator"), card.hyperparameters.lr_scheduler_type
    if scheduler and (entry := facts["lr_scheduler_types"].get(scheduler.text)):
        yield _feature(entry, f'the schedule "{scheduler.text}"')
    if card.optimizer and (entry := facts["optimizers"].get(card.optimizer.name)):
        yield _feature(entry, f'the optimizer "{card.optimizer.name}"')


def _is_written(row: EpochRow) -> bool:
    """Whether a row is one of the Trainer's own table, as it was printed."""
    loss = row.training_loss
    if loss is None or row.epoch is None or row.step is None or row.validation_loss is None:
        return False
    return loss.label == "Training Loss" and row.repair is None


def _of_epochs(rows: Sequence[EpochRow], card: Written) -> Iterator[str]:
    """Epochs were rounded to two decimals before 4.40.

    In the first epoch, epoch = step * gradient_accumulation_steps / L with a whole number L of batches (trainer.py 4.6 to 5.22),
    so 0.07 at step 500 was rounded: no whole L gives it. Later epochs and runs that say no batch size prove nothing.
    """
    longest = max((_decimals(row.epoch) for row in rows), default=0)
    if longest > ROUNDED_DECIMALS:
        yield "long_epochs"
    elif longest and card.hyperparameters.train_batch_size is not None:
        accumulation = card.hyperparameters.gradient_accumulation_steps
        each = int(accumulation.value) if accumulation and accumulation.value else 1
        if any(_is_rounded(row, each) for row in rows):
            yield "rounded_epochs"


def _is_rounded(row: EpochRow, accumulation: int) -> bool:
    whole, _, part = row.epoch.text.partition(".") if row.epoch else ("", "", "")
    step = row.step.text if row.step else ""
    if whole != "0" or not part.isdigit() or not step.isdigit() or not int(part):
        return False
    remainder: int = int(step) * accumulation * 10 ** len(part) % int(part)
    return remainder != 0


def _of_losses(rows: Sequence[EpochRow]) -> Iterator[str]:
    """The log rounded a loss to four decimals before 5.0, so that 0.7940 came as 0.794.

    Halves, quarters and eighths are short in any release; one short or padded loss alone may be chance or an author's.
    """
    parts = {row.training_loss.text: row.training_loss.text.partition(".")[2] for row in rows if row.training_loss}
    lengths = [(len(part), part) for part in parts.values() if part.isdigit()]
    padded = sum(length == PRINTED_DECIMALS and part[-1] == "0" for length, part in lengths)
    short = sum(length < PRINTED_DECIMALS and part.rstrip("0") not in EIGHTHS for length, part in lengths)
    full = any(length == PRINTED_DECIMALS for length, part in lengths)
    if padded >= ENOUGH and not short:
        yield "padded_losses"
    elif short >= ENOUGH and not padded and full:
        yield "rounded_losses"


def _decimals(number: Printed | None) -> int:
    return len(number.text.partition(".")[2]) if number and "e" not in number.text else 0


@cache
def _marks() -> tuple[tuple[str, Feature], ...]:
    return tuple((entry["text"], _feature(entry, entry["because"])) for entry in load("generator")["marks"])


@cache
def _named() -> Mapping[str, Feature]:
    return {key: _feature(entry, entry["because"]) for key, entry in load("generator")["features"].items()}


@cache
def _signs() -> tuple[Sign, ...]:
    return tuple(Sign(**entry) for entry in load("generator")["generators"]["signs"])


def _feature(entry: Mapping[str, Any], because: str) -> Feature:
    first, last = entry["earliest"], entry["latest"]
    written = f"{because} ({_range(first, last)})"
    return Feature(as_release(first) if first else NO_RELEASE, as_release(last) if last else LAST_RELEASE, written)


def _range(first: str | None, last: str | None) -> str:
    return f"{first} to {last}" if first and last else f"since {first}" if first else f"to {last}"


def _spelled(release: Release) -> str | None:
    return None if release in (NO_RELEASE, LAST_RELEASE) else f"{release[0]}.{release[1]}"
