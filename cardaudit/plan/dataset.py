"""The data of a plan: whose it is, which splits and columns are used, how many examples they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.facts import dataset_splits
from cardaudit.hub import canonical_dataset, is_repo_id
from cardaudit.plan.columns import choose_columns
from cardaudit.plan.drawn import plan_evaluation_set
from cardaudit.plan.files import EVALUATION, TRAIN, count, look
from cardaudit.plan.identified import identified_eval_split, identified_train_split
from cardaudit.plan.implied import implied_by_numbers
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.local import existing, find_locally, from_files
from cardaudit.plan.on_hub import fetched, find_on_hub, find_unresolved
from cardaudit.plan.place import FLAG, Place, paths_of
from cardaudit.plan.steps import Between, version_of
from cardaudit.records import DatasetMention, DatasetPlan
from cardaudit.runs import files_sha256

NO_NAME = {"", "none", "null", "unknown", "an unknown dataset", "an unkown dataset", "-"} | {
    # loaders of files, which the Trainer since 4.26 writes as the data set; the Hub has others of the name
    *("csv", "json", "text", "parquet", "arrow", "pandas", "xml", "sql", "generator", "webdataset"),
    *("imagefolder", "audiofolder", "videofolder"),
}
ALIKE = (TRAIN, ("validation", "valid", "val", "dev", "eval"), ("test", "testing"))
LABELLED_TRAIN = (4, 26)  # before it, a card's model-index said "train" whatever was evaluated


@dataclass(frozen=True, slots=True)
class Data:
    """A plan's data with what was seen of it, None where it was not: counts, the sub-tokens of an example, the first label."""

    plan: DatasetPlan
    train_examples: int | None = None
    eval_examples: int | None = None
    tokens: float | None = None
    label: Any = None


def plan_dataset(ledger: Ledger, task: str, implied: Between | None) -> Data | None:
    """The data, or None where it is not known which, which is then missing; `implied`: the training sizes the steps allow.

    Raises CardauditError where data was named and cannot be had or read.
    """
    mention = _mention(ledger)
    given = ledger.given("dataset") is not None or ledger.given("train_file") is not None
    if mention is None and not given:
        size = f"; its steps take {implied} training examples" if implied else ""
        told = None if any(fact.field == "task" for fact in ledger.missing) else task
        known = implied_by_numbers(ledger.card, told, implied, ledger.settings.evidence)
        ledger.lack("dataset", f"the card names no data set{size}", FLAG, known)
        return None
    if mention is not None and not given:
        ledger.origins.setdefault("dataset", f"from the card, line {ledger.card.line(mention.span)}")
    if given:
        ledger.origins.setdefault("dataset", "given by train_file")
    place = _find_place(ledger, mention, implied)
    if place is None:
        return None
    claimed = mention.id if mention else None
    same = not given or _is_same(ledger, place, claimed)
    evaluation = _eval_split(ledger, task, place, mention)
    train = _train_split(ledger, place, implied, evaluation)
    plan_evaluation_set(ledger)
    place = fetched(ledger, place, (train, evaluation))
    texts, label = choose_columns(ledger, task, place.columns, place.format, place.id)
    plan = DatasetPlan(
        id=place.id,
        revision=place.revision,
        path=str(place.path or ""),
        claimed=claimed,
        same=same,
        format=place.format,
        config=place.config,
        train_split=train,
        eval_split=evaluation,
        text_columns=texts,
        label_column=label,
        files={split: place.splits[split] for split in (train, evaluation) if place.splits.get(split)},
        labels=ledger.given("labels") or _told_labels(ledger, place.columns.get(label)),
        train_limit=ledger.given("train_limit"),
        eval_limit=ledger.given("eval_limit"),
    )
    return _counted(plan, place)


def _find_place(ledger: Ledger, mention: DatasetMention | None, implied: Between | None) -> Place | None:
    """The data that the user gave, else that the card names; None where it is missing, which is then noted.

    `implied`: the training sizes that the card's steps allow. Raises CardauditError where named data cannot be had or read.
    """
    given, train_file = ledger.given("dataset"), ledger.given("train_file")
    config: str | None = ledger.given("dataset_config")
    if config is None and given is None and mention is not None and mention.config is not None:
        config = ledger.read("dataset_config", mention.config)
    name = given or train_file or (mention.id if mention else "")
    if not ledger.settings.resolve:
        return find_unresolved(ledger, name, config, implied)
    if given is None and train_file is not None:
        return from_files(ledger, existing(ledger, "train_file", train_file, None))
    local = ledger.path("dataset", given) if given else None
    if local is not None and local.exists():
        return find_locally(ledger, local.resolve(), config)
    if not is_repo_id(name):
        ledger.lack("dataset", f"{name!r} is neither a file or folder nor the id of a data set on the Hub", FLAG)
        return None
    return find_on_hub(ledger, name, config, implied)


def _told_labels(ledger: Ledger, value: Any) -> tuple[str, ...]:
    """The labels of the published model in their order, where the data spells its own out; a head has one row for each of them.

    `value` is the first example's label. Data that declares its labels, or numbers them, needs no telling.
    """
    fact = ledger.settings.evidence.first("labels") if ledger.settings.evidence else None
    used = value if isinstance(value, list) else [value]
    if fact is None or not all(isinstance(each, str) and each in fact.value for each in used):
        return ()
    return ledger.found("labels", tuple(map(str, fact.value)), f"{fact.file} says {fact.where}")


def _mention(ledger: Ledger) -> DatasetMention | None:
    named = [mention for mention in ledger.card.datasets if mention.id.strip().lower() not in NO_NAME]
    others = dict.fromkeys(m.id for m in named[1:] if canonical_dataset(m.id).lower() != canonical_dataset(named[0].id).lower())
    if others and ledger.given("dataset") is None:
        ledger.assume("dataset", named[0].id, "the first of the data sets that the card names", *others)
    return named[0] if named else None


def _is_same(ledger: Ledger, place: Place, claimed: str | None) -> bool:
    """Whether data that the user gave is the card's own: declared, or the same id on the Hub. A folder's name proves nothing."""
    declared: bool | None = ledger.given("same_dataset")
    if declared is not None:
        return declared
    asked = ledger.given("dataset") or ""
    on_hub = place.revision is not None or (place.path is None and is_repo_id(asked))
    if on_hub and claimed is not None and canonical_dataset(claimed) == place.id:
        return True
    card = f"the card's is {claimed}" if claimed else "the card names none"
    reason = (
        f"{card}; whether {place.id} is that data is not known, so the runs are not comparable unless same_dataset=true says so"
    )
    return ledger.assume("same_dataset", False, reason, True)


def _counted(plan: DatasetPlan, place: Place) -> Data:
    counts, used = dict(place.counts), list[Path]()
    for split, pattern in plan.files.items():
        paths = paths_of(Path(plan.path), pattern)
        if absent := [path for path in paths if not path.is_file()]:
            raise CardauditError(f"{absent[0]} does not exist: give the data with --set dataset=PATH")
        each = [count(path, plan.format) for path in paths]
        counts[split] = None if None in each else sum(number or 0 for number in each)
        used += paths
    if plan.revision is None and used:
        plan = replace(plan, sha256=files_sha256(used))
    return Data(
        plan,
        train_examples=_limited(counts.get(plan.train_split), plan.train_limit),
        eval_examples=_limited(counts.get(plan.eval_split), plan.eval_limit),
        tokens=look(used[0], plan.format).tokens if plan.train_split in plan.files else None,
        label=place.columns.get(plan.label_column),
    )


def _limited(examples: int | None, limit: int | None) -> int | None:
    return min(examples, limit) if examples is not None and limit is not None else examples


def _train_split(ledger: Ledger, place: Place, implied: Between | None, evaluation: str) -> str:
    given: str | None = ledger.given("train_split")
    if given is not None:
        return _alike(ledger, "train_split", given, place)
    if not place.splits:
        return ledger.assume("train_split", "train", "the data was not looked into")
    found = next((split for split in TRAIN if split in place.splits), None)
    if found is None:
        ledger.lack("train_split", f"{place.id} has the splits {', '.join(place.splits)}", "--set train_split=NAME")
        return ""
    told = identified_train_split(place.counts, implied)
    if told is not None and told.name in place.splits and told.name != evaluation and ledger.given("dataset") is None:
        return ledger.assume("train_split", told.name, told.because, found)
    return ledger.found("train_split", found, "the data's splits")


def _eval_split(ledger: Ledger, task: str, place: Place, mention: DatasetMention | None) -> str:
    given: str | None = ledger.given("eval_split")
    if given is not None:
        return _alike(ledger, "eval_split", given, place)
    if "evaluation" in place.splits:
        return ledger.found("eval_split", "evaluation", "given as eval_file")
    stated = mention.split if mention else None
    if stated is not None and stated in place.splits and stated not in TRAIN:
        return ledger.found("eval_split", stated, "the card's model-index")
    if not place.splits:
        return ledger.assume("eval_split", "validation", "the data was not looked into", "test")
    told = identified_eval_split(ledger.card, task, place.id, place.counts or _known_sizes(place))
    names: Sequence[str] = next((group for group in ALIKE if told and told.name in group), (told.name,) if told else ())
    named = next((split for split in names if split in place.splits), None)
    if told is not None and named is not None:
        return ledger.assume("eval_split", named, told.because, *(split for split in place.splits if split not in TRAIN))
    return _usual_evaluation(ledger, place, stated)


def _known_sizes(place: Place) -> Mapping[str, int | None]:
    known = dataset_splits(place.id)
    return dict(known.get(place.config or "", next(iter(known.values())) if len(known) == 1 else {}))


def _usual_evaluation(ledger: Ledger, place: Place, stated: str | None) -> str:
    present = [split for split in EVALUATION if split in place.splits]
    present += [split for split in place.splits if split.startswith("validation") and split not in present]
    if not present:
        because = f"{place.id} has only the split {', '.join(place.splits)}, and what its author cut off it cannot be known"
        ledger.lack("eval_split", because, "--set eval_file=PATH or --set eval_split=NAME")
        return ""
    version = version_of(ledger.card)
    bug = stated in TRAIN and version is not None and version < LABELLED_TRAIN
    why = " (before transformers 4.26 its model-index says train whatever was evaluated)" if bug else ""
    return ledger.assume("eval_split", present[0], f"the card does not say which split was evaluated{why}", *present[1:])


def _alike(ledger: Ledger, key: str, given: str, place: Place) -> str:
    """The split of that name, or of another name for it: validation, valid, val, dev."""
    if not place.splits or given in place.splits:
        return given
    names: Sequence[str] = next((group for group in ALIKE if given in group), ())
    found = next((split for split in names if split in place.splits), None)
    if found is None:
        ledger.lack(key, f"{place.id} has the splits {', '.join(place.splits)}, and not {given!r}", f"--set {key}=NAME")
    return found or given
