"""Where a plan's data lies: files on this disk, or a data set of the Hub at a commit."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.facts import dataset_splits
from cardaudit.hub import (
    DatasetRepo,
    canonical_dataset,
    conversion_files,
    download_dataset,
    find_dataset,
    is_repo_id,
    split_revision,
)
from cardaudit.plan.files import EVALUATION, SUFFIXES, TRAIN, configs_of, find_splits, format_of, look
from cardaudit.plan.identified import fitting_configs, identified_config
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.readme import read_declaration
from cardaudit.plan.recipes import title_of
from cardaudit.plan.steps import Between
from cardaudit.records import DatasetMention

SHOWN = 12  # names in a message
FLAG = "--set dataset=ID-OR-PATH"


@dataclass(frozen=True, slots=True)
class Place:
    """The data before its splits and columns are chosen.

    `splits`: split -> file or glob below `path` ("" where the format finds it); empty where they are not known. `counts`: split
    -> examples as declared. `columns`: name -> the first example's value; empty where the data was not looked into.
    """

    id: str
    revision: str | None = None
    path: Path | None = None
    format: str = "hub"
    config: str | None = None
    splits: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int | None] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)


def find_place(ledger: Ledger, mention: DatasetMention | None, implied: Between | None) -> Place | None:
    """The data that the user gave, else that the card names; None where it is missing, which is then noted.

    `implied`: the training sizes that the card's steps allow. Raises CardauditError where named data cannot be had or read.
    """
    given, train_file = ledger.given("dataset"), ledger.given("train_file")
    config: str | None = ledger.given("dataset_config")
    if config is None and given is None and mention is not None and mention.config is not None:
        config = ledger.read("dataset_config", mention.config)
    name = given or train_file or (mention.id if mention else "")
    if not ledger.settings.resolve:
        return _unresolved(ledger, name, config, implied)
    if given is None and train_file is not None:
        return _from_files(ledger, _existing(ledger, "train_file", train_file, None))
    local = ledger.path("dataset", given) if given else None
    if local is not None and local.exists():
        return _local(ledger, local.resolve(), config)
    if not is_repo_id(name):
        ledger.lack("dataset", f"{name!r} is neither a file or folder nor the id of a data set on the Hub", FLAG)
        return None
    return _from_hub(ledger, name, config, implied)


def paths_of(root: Path, pattern: str) -> list[Path]:
    """The files that a split's pattern names."""
    return sorted(root.glob(pattern)) if "*" in pattern else [root / pattern]


def _unresolved(ledger: Ledger, name: str, config: str | None, implied: Between | None) -> Place:
    """What the shipped facts know about a data set that was not looked into."""
    ledger.found("format", "hub", "the data was not looked into")
    if not is_repo_id(name):
        return Place(Path(name).name)
    bare = canonical_dataset(split_revision(name)[0])
    known = dataset_splits(bare)
    if config not in known and known:
        config = _choose_config(ledger, bare, tuple(known), implied)
    counts = known.get(config or "", {})
    return Place(bare, config=config, splits=dict.fromkeys(counts, ""), counts=dict(counts))


def _local(ledger: Ledger, path: Path, config: str | None) -> Place | None:
    if path.is_file() or ledger.given("train_file") or ledger.given("eval_file"):
        return _from_files(ledger, path)
    if config is not None and (path / config).is_dir():
        path = path / config
    splits = find_splits(path)
    if splits:
        return _seen(ledger, Place(path.name, path=path, splits=splits))
    if names := configs_of(path):
        ledger.lack("dataset_config", f"{path.name} has the configs {_some(names)}", "--set dataset_config=NAME")
        return None
    wanted = "expected train and validation, dev or test files"
    raise CardauditError(f"{path} holds no training data: {wanted} ({', '.join(SUFFIXES)})")


def _from_files(ledger: Ledger, path: Path) -> Place:
    """Files named one by one, or a single one; what is not named is looked for in the folder of the data."""
    folder = path if path.is_dir() else path.parent
    train, evaluation = ledger.given("train_file"), ledger.given("eval_file")
    named = {"train": path} if path.is_file() else {}
    if train is not None:
        named["train"] = _existing(ledger, "train_file", train, folder)
    if evaluation is not None:
        named["evaluation"] = _existing(ledger, "eval_file", evaluation, folder)
    root = Path(os.path.commonpath([file.parent for file in named.values()] + ([folder] if path.is_dir() else [])))
    splits = {split: file.relative_to(root).as_posix() for split, file in named.items()}
    for split, pattern in find_splits(path).items() if path.is_dir() else ():
        if ("train" if split in TRAIN else "evaluation") not in named:
            splits[split] = (folder / pattern).relative_to(root).as_posix()
    return _seen(ledger, Place(path.name, path=root, splits=splits))


def _existing(ledger: Ledger, key: str, text: str, folder: Path | None) -> Path:
    for path in (*([folder / text] if folder else []), ledger.path(key, text)):
        if path.is_file():
            return path.resolve()
    raise CardauditError(f"{key}={text}: there is no such file: give a path from here, or from the folder of the data")


def _seen(ledger: Ledger, place: Place) -> Place:
    """A place of files with their format and columns."""
    root = place.path or Path()
    first = next((place.splits[split] for split in TRAIN if split in place.splits), next(iter(place.splits.values())))
    file = paths_of(root, first)[0]
    kind = ledger.given("format") or ledger.found("format", format_of(file), f"the name of {file.name}")
    if kind is None or kind == "hub":
        raise CardauditError(f"{file} is of no known format: name it with --set format=parquet, csv, json or conll")
    return Place(place.id, place.revision, root, kind, place.config, place.splits, columns=look(file, kind).columns)


def _from_hub(ledger: Ledger, name: str, config: str | None, implied: Between | None) -> Place | None:
    bare, revision = split_revision(name)
    repo = find_dataset(bare, revision, offline=ledger.settings.offline)
    if repo.configs and config not in repo.configs:
        if ledger.given("dataset_config") is not None:
            names = _some(repo.configs)
            raise CardauditError(f"{repo.id} has no config {config!r}: choose one of {names} with --set dataset_config=NAME")
        config = _choose_config(ledger, repo.id, repo.configs, implied)
        if config is None:
            return None
    if not repo.converted:
        return _declared(ledger, repo, Path(download_dataset(repo, config).path), config)
    splits = conversion_files(repo.files, config or "")
    _demand_whole(ledger, repo, config or "", splits)
    return _seen(ledger, Place(repo.id, repo.revision, Path(download_dataset(repo, config).path), config=config, splits=splits))


def _demand_whole(ledger: Ledger, repo: DatasetRepo, config: str, splits: Mapping[str, str]) -> None:
    """Raises CardauditError where a split that would be used is cut in the conversion: beyond 5 GB it is "partial-train"."""
    paths = [name.split("/") for name in repo.files if name.startswith(f"{config}/partial-")]
    cut = {path[1].removeprefix("partial-") for path in paths}
    for names, key in ((TRAIN, "train_split"), (EVALUATION, "eval_split")):
        usual = next((name for name in names if name in splits or name in cut), None)
        if (ledger.given(key) or usual) in cut:
            where = (
                f"the Hub's Parquet conversion of {repo.id}, config {config}, is truncated (partial-{ledger.given(key) or usual})"
            )
            raise CardauditError(
                f"{where}: give the data as files with --set dataset=PATH, or another split with --set {key}=NAME"
            )


def _declared(ledger: Ledger, repo: DatasetRepo, folder: Path, config: str | None) -> Place:
    """A script-free repository: what its README declares (splits, sizes, features), else what its files show."""
    counts, columns = read_declaration(folder, config)
    root = folder / config if config and (folder / config).is_dir() else folder
    files = find_splits(root)
    train = next((files[split] for split in TRAIN if split in files), None)
    if not columns and train is not None:
        file = paths_of(root, train)[0]
        columns = look(file, format_of(file) or "").columns
    ledger.found("format", "hub", "files of the Hub")
    return Place(repo.id, repo.revision, folder, "hub", config, dict.fromkeys(counts or files, ""), counts, columns)


def _choose_config(ledger: Ledger, name: str, configs: tuple[str, ...], implied: Between | None) -> str | None:
    """The config of a data set that the card names without one; noted as missing where nothing tells.

    By the card's words first, then by its numbers, and the data set's own default last.
    """
    if len(configs) == 1:
        return ledger.found("dataset_config", configs[0], "the data set's only config")
    words = title_of(ledger.card).replace("_", "-").split("-")
    words += [word for mention in ledger.card.datasets for word in mention.text.lower().split()]
    named = [config for config in configs if config.lower() in words]
    if len(named) == 1:
        return ledger.assume("dataset_config", named[0], "the card's title or its words for the data name it", *configs)
    told = identified_config(ledger.card, name, configs, implied)
    if told is not None:
        return ledger.assume("dataset_config", told.name, told.because, *configs)
    for config in configs:
        if config in ("default", name.rsplit("/", 1)[-1]):
            return ledger.assume("dataset_config", config, "the data set's own default", *configs)
    fitting = fitting_configs(ledger.card, name, configs, implied)
    known = (f"the card's numbers fit {_some(tuple(fitting))}",) if fitting else ()
    ledger.lack("dataset_config", f"{name} has the configs {_some(configs)}", "--set dataset_config=NAME", known)
    return None


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= SHOWN else f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
