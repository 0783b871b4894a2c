"""Data on the Hub: which config is meant, which files are its splits, and of those only what is needed, downloaded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from cardaudit.errors import CardauditError
from cardaudit.facts import dataset_splits
from cardaudit.hub import (
    DatasetRepo,
    NotCached,
    canonical_dataset,
    conversion_files,
    download_dataset,
    find_dataset,
    is_repo_id,
    split_revision,
)
from cardaudit.plan.files import EVALUATION, TRAIN, format_of, holds_features, look, splits_among
from cardaudit.plan.identified import fitting_configs, identified_config
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.place import Place, paths_of, seen
from cardaudit.plan.readme import Declared, all_patterns, read_declaration
from cardaudit.plan.recipes import title_of
from cardaudit.plan.steps import Between

SHOWN = 12  # names in a message
SPECIAL = ("**", "?", "[", "{")  # what globs of the Hub and of pathlib do not mean alike
NO_DATA = ("dataset_infos.json", "dataset_info.json", "dataset_dict.json", "state.json")


def find_unresolved(ledger: Ledger, name: str, config: str | None, implied: Between | None) -> Place:
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


def find_on_hub(ledger: Ledger, name: str, config: str | None, implied: Between | None) -> Place | None:
    """A data set by its id: commit, config and splits, none of its data downloaded; None where the config is missing.

    Raises CardauditError where it cannot be had.
    """
    bare, revision = split_revision(name)
    repo = find_dataset(bare, revision, offline=ledger.settings.offline)
    if repo.configs and config not in repo.configs:
        config = _config(ledger, repo, config, implied)
        if config is None:
            return None
    if repo.converted:
        splits = conversion_files(repo.files, config or "")
        _demand_whole(ledger, repo, config or "", splits)
        return Place(repo.id, repo.revision, config=config, splits=splits, repo=repo)
    declared = read_declaration(repo.front, config)
    found = _splits(repo.files, declared, config)
    splits = {split: found.get(split, "") for split in declared.counts or found or _shown(repo.files, config)}
    return Place(
        repo.id,
        repo.revision,
        config=config,
        splits=splits,
        counts=declared.counts,
        columns=declared.columns,
        repo=repo,
    )


def fetched(ledger: Ledger, place: Place, splits: Sequence[str]) -> Place:
    """The place with the files of these splits downloaded and looked into; a place on this disk as it is.

    Where the README has to say how the files are read, all of the config's are, because datasets reads them all at once.
    """
    repo = place.repo
    if repo is None:
        return place
    patterns = [place.splits.get(split, "") for split in splits if split]
    if patterns and all(patterns):
        files = [name for name in repo.files if name == "README.md" or any(_matches(name, each) for each in patterns)]
        root = Path(download_dataset(repo, files).path)
        declared = read_declaration(repo.front, place.config)
        if not declared.classes or holds_features(paths_of(root, patterns[0])[0]):
            kept = {split: place.splits[split] for split in splits if split}
            return replace(seen(ledger, replace(place, path=root, splits=kept)), splits=place.splits)
    return _whole(ledger, place, repo, splits)


def _whole(ledger: Ledger, place: Place, repo: DatasetRepo, splits: Sequence[str]) -> Place:
    """The place with all files of its config, for datasets to read by the README."""
    patterns = read_declaration(repo.front, place.config).patterns
    for split in splits if repo.folder else ():
        if split in patterns and not any(_matches(name, each) for name in repo.files for each in patterns[split]):
            raise NotCached(_not_cached(f"the split {split!r} of {repo.id}"))
    root = Path(download_dataset(repo, _files_of(repo, place.config)).path)
    columns, below = place.columns, root / (place.config or "")
    found = splits_among(_below(repo.files, place.config or "") if below.is_dir() else repo.files)
    train = next((found[split] for split in TRAIN if split in found), None)
    if not columns and train is not None:
        file = paths_of(below if below.is_dir() else root, train)[0]
        columns = look(file, format_of(file) or "").columns
    ledger.found("format", "hub", "files of the Hub")
    return replace(place, path=root, splits=dict.fromkeys(place.splits, ""), columns=columns)


def _files_of(repo: DatasetRepo, config: str | None) -> list[str] | None:
    """The README and the files of a config, with those of the first, by which datasets chooses its reader; None: all files."""
    declared = all_patterns(repo.front)
    wanted = (*declared.get(config or "", ()), *next(iter(declared.values()), ()))
    if not wanted or not all(declared.values()) or any(mark in glob for glob in wanted for mark in SPECIAL):
        return None
    return [name for name in repo.files if name == "README.md" or any(_matches(name, glob) for glob in wanted)]


def _splits(files: Sequence[str], declared: Declared, config: str | None) -> dict[str, str]:
    """Split -> the one glob of its files, where files read by themselves give what datasets reads by the README."""
    root = declared.folder or (config if config and _below(files, config) else "")
    if declared.patterns:
        root = declared.folder
        found = {split: globs[0] for split, globs in declared.patterns.items() if len(globs) == 1}
        found = {split: glob.removeprefix("./") for split, glob in found.items() if not any(mark in glob for mark in SPECIAL)}
    else:
        names = [name for name in _below(files, root) if format_of(Path(name)) and name not in NO_DATA]
        found = splits_among(names)
        if not all(any(_matches(name, glob) for glob in found.values()) for name in names):
            return {}
    below = {split: f"{root}/{glob}" if root else glob for split, glob in found.items()}
    return {split: glob for split, glob in below.items() if _kind([n for n in files if _matches(n, glob)], declared)}


def _kind(files: Sequence[str], declared: Declared) -> str | None:
    """The one format of some files, where it says enough: Parquet keeps types and the names of classes."""
    kinds = {format_of(Path(name)) for name in files}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind if kind == "parquet" or (declared.plain and kind in ("csv", "json")) else None


def _shown(files: Sequence[str], config: str | None) -> Iterable[str]:
    """The splits that files show by their names."""
    return splits_among(_below(files, config) if config and _below(files, config) else files)


def _below(files: Iterable[str], folder: str) -> list[str]:
    """The files below a folder, by their names from there."""
    return [name.removeprefix(f"{folder}/") for name in files if name.startswith(f"{folder}/")] if folder else list(files)


def _matches(name: str, glob: str) -> bool:
    path = PurePosixPath(name)
    return len(path.parts) == len(PurePosixPath(glob).parts) and path.match(glob)


def _config(ledger: Ledger, repo: DatasetRepo, config: str | None, implied: Between | None) -> str | None:
    """The config of several that is meant; None where it is missing. The cache may hold fewer than there are."""
    if ledger.given("dataset_config") is not None and not repo.folder:
        names = some(repo.configs)
        raise CardauditError(f"{repo.id} has no config {config!r}: choose one of {names} with --set dataset_config=NAME")
    if ledger.given("dataset_config") is None:
        known = dataset_splits(repo.id) if repo.folder else ()
        config = _choose_config(ledger, repo.id, tuple(dict.fromkeys((*repo.configs, *known))), implied)
    if config is not None and config not in repo.configs:
        raise NotCached(_not_cached(f"the config {config!r} of {repo.id}"))
    return config


def _not_cached(what: str) -> str:
    return f"{what} is not in the cache and the Hub is switched off: run once without --offline, or give a local folder"


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
    known = (f"the card's numbers fit {some(tuple(fitting))}",) if fitting else ()
    ledger.lack("dataset_config", f"{name} has the configs {some(configs)}", "--set dataset_config=NAME", known)
    return None


def some(names: tuple[str, ...]) -> str:
    """Names for a message, the first SHOWN of them."""
    return ", ".join(names) if len(names) <= SHOWN else f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
