"""A card's recipe: the settings that must be equal for two strangers' runs to be compared."""

import re
from collections.abc import Mapping
from decimal import Decimal

from cardaudit.facts import canonical_id, dataset_splits, known_name
from cardaudit.facts.owners import canonical_model
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.records.census import Recipe

LOADERS = frozenset(
    ("imagefolder", "audiofolder", "videofolder", "csv", "json", "text", "parquet", "pandas", "arrow", "generator", "webdataset")
) | frozenset(("custom", "default", "none", "null", "unknown", "private", "dataset", "data"))
WORD = deferred(r"[^\W_]+")
VERSION = deferred(r"(\d+)\.(\d+)")
ERAS = (((4, 30), "transformers to 4.30"), ((4, 51), "transformers 4.31 to 4.51"))
LAST_ERA = "transformers from 4.52"
USUAL_BETAS = (0.9, 0.999)


def recipe_of(card: Card) -> Recipe:
    """The recipe as far as the card states it; `is_whole` says whether that is enough to compare."""
    stated = card.hyperparameters
    base = card.base_model.text.strip() if card.base_model else ""
    dataset, config = _dataset(card)
    return Recipe(
        base_model=canonical_model(base) or None,
        dataset=dataset,
        config=config,
        train_batch=_plain(stated.total_train_batch_size or stated.train_batch_size),
        learning_rate=_rate(stated.learning_rate),
        length=_length(card),
        optimizer=_optimizer(card),
        schedule=_schedule(card),
        precision=stated.mixed_precision_training.text.strip().lower() if stated.mixed_precision_training else "",
    )


def era_of(release: str | None) -> str | None:
    """The period in which a release of transformers trained in the same way; None for what is no version.

    The order of the examples changed after 4.30, the updates of an epoch with 4.52 (step_law.py, engine/loops/period.py).
    """
    found = VERSION.match(release or "")
    if found is None:
        return None
    version = int(found[1]), int(found[2])
    return next((name for last, name in ERAS if version <= last), LAST_ERA)


def release_of(card: Card) -> str | None:
    """Major and minor version of the transformers that wrote the card; where it prints none, what its form allows at most."""
    printed = card.framework_versions.get("transformers")
    latest = card.generator.latest if card.generator and card.generator.name.startswith("transformers") else None
    found = VERSION.match(printed.text.strip().lstrip("v")) if printed else VERSION.match(latest or "")
    return f"{found[1]}.{found[2]}" if found else None


def _dataset(card: Card) -> tuple[str | None, str | None]:
    """The one data set that the card names, by today's id, and its config ("" where it has one, None where that is open)."""
    names = {known_name(mention.id) for mention in card.datasets}
    name = names.pop() if len(names) == 1 else ""
    if not name or re.sub(r"[\W_]+", "", name.lower()) in LOADERS:
        return None, None
    configs = dataset_splits(name)
    said = {mention.config for mention in card.datasets if mention.config}
    return canonical_id(name) or name, _config(card, configs, said)


def _config(card: Card, configs: Mapping[str, Mapping[str, int]], said: set[str]) -> str | None:
    if len(configs) == 1:
        return ""
    if len(said) == 1:
        return said.pop()
    if not configs:
        return "" if not said else None
    named = f"{card.model_name.text if card.model_name else ''} {card.source.name}".lower()
    words = set(WORD.findall(named)) | {f"pan-x.{language}" for language in re.findall(r"panx-(\w+)", named)}
    found = [config for config in configs if config.lower() in words]
    return found[0] if len(found) == 1 and not said else None


def _plain(number: Printed | None) -> str:
    """A number without the zeros at its end; "" where none is printed."""
    if number is None or number.value is None or not number.value.is_finite() or abs(number.value.adjusted()) > 15:
        return ""
    value = number.value.normalize()
    return str(value.quantize(Decimal(1))) if value == value.to_integral_value() else str(value)


def _rate(number: Printed | None) -> str:
    if number is None or number.value is None or not number.value.is_finite() or number.value <= 0:
        return ""
    return f"{float(number.value):.6g}"


def _length(card: Card) -> str:
    epochs, steps = _plain(card.hyperparameters.num_epochs), _plain(card.hyperparameters.training_steps)
    if steps:
        return f"{steps} steps"
    return f"{epochs} {'epoch' if epochs == '1' else 'epochs'}" if epochs else ""


def _optimizer(card: Card) -> str:
    """The family: Adam with and without decoupled decay is one, for cards to 4.45 print "Adam" for both."""
    line = card.optimizer
    if line is None:
        return ""
    name = line.name.replace("optimizernames.", "")
    family = "adam" if name.startswith("adam") and not name.endswith("bit") else name
    betas = f" betas {line.betas[0]:g} {line.betas[1]:g}" if line.betas and line.betas != USUAL_BETAS else ""
    return family + betas


def _schedule(card: Card) -> str:
    stated = card.hyperparameters
    name = stated.lr_scheduler_type.text.strip().lower() if stated.lr_scheduler_type else ""
    name = name.removeprefix("schedulertype.")
    steps, ratio = _plain(stated.lr_scheduler_warmup_steps), _plain(stated.lr_scheduler_warmup_ratio)
    warmup = f" with {steps} warm-up steps" if steps and steps != "0" else ""
    return name + (warmup or (f" with warm-up ratio {ratio}" if ratio and ratio != "0" else ""))
