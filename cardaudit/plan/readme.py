"""What a data set's README on the Hub declares in its front matter: files, splits with sizes, and features with their labels."""

from collections.abc import Mapping
from typing import Any, NamedTuple

PLAIN = {"config_name", "data_files", "data_dir", "default"}  # keys of a config that say nothing of how its files are read


class Declared(NamedTuple):
    """`counts`: split -> examples; `columns`: name -> a value of its type. Both are empty where the README does not say.

    `patterns`: split -> globs below `folder`, empty where it does not say which files are a split's. `classes`: whether it names
    the labels of a column. `plain`: whether files read without the README give the same rows, as far as it says.
    """

    counts: Mapping[str, int | None]
    columns: Mapping[str, Any]
    patterns: Mapping[str, tuple[str, ...]]
    folder: str
    classes: bool
    plain: bool


def read_declaration(front: Mapping[str, Any], config: str | None) -> Declared:
    """The declaration of one config; anything that is not as the Hub writes it counts as not said."""
    entry, files = _entry(front.get("dataset_info"), config), _entry(front.get("configs"), config)
    splits = {s["name"]: _count(s.get("num_examples")) for s in _objects(entry.get("splits")) if isinstance(s.get("name"), str)}
    patterns = _patterns(files.get("data_files"))
    columns = {f["name"]: _sample(f) for f in _objects(entry.get("features")) if isinstance(f.get("name"), str)}
    folder = files.get("data_dir")
    return Declared(
        splits or dict.fromkeys(patterns),
        columns,
        patterns,
        folder.strip("/.") if isinstance(folder, str) else "",
        "class_label" in str(entry.get("features")),
        not entry.get("features") and files.keys() <= PLAIN,
    )


def all_patterns(front: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Config -> the globs of all its files, for each config that declares some; the first one is what readers are chosen by."""
    declared = {str(each.get("config_name")): _patterns(each.get("data_files")) for each in _objects(front.get("configs"))}
    return {name: tuple(glob for globs in patterns.values() for glob in globs) for name, patterns in declared.items()}


def _patterns(data_files: Any) -> dict[str, tuple[str, ...]]:
    """Split -> globs. Files without a split are all train's, as datasets has it (data_files.py of 5.2, sanitize_patterns)."""
    if isinstance(data_files, str):
        return {"train": (data_files,)}
    if isinstance(data_files, list) and data_files and all(isinstance(each, str) for each in data_files):
        return {"train": tuple(data_files)}
    found = {each["split"]: _globs(each.get("path")) for each in _objects(data_files) if isinstance(each.get("split"), str)}
    return {split: globs for split, globs in found.items() if globs}


def _globs(path: Any) -> tuple[str, ...]:
    globs = [path] if isinstance(path, str) else path if isinstance(path, list) else []
    return tuple(each for each in globs if isinstance(each, str))


def _count(examples: Any) -> int | None:
    return examples if isinstance(examples, int) and not isinstance(examples, bool) and examples >= 0 else None


def _entry(declared: Any, config: str | None) -> dict[str, Any]:
    entries = _objects([declared] if isinstance(declared, dict) else declared)
    if config is None:
        return entries[0] if entries else {}
    alone = entries[0] if len(entries) == 1 and "config_name" not in entries[0] else {}
    return next((entry for entry in entries if entry.get("config_name") == config), alone)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _sample(feature: Mapping[str, Any]) -> Any:
    """A value of a feature's type: [] for a sequence, 0.5 for a fraction, 0 or "" else."""
    if "sequence" in feature or "list" in feature:
        return []
    dtype = str(feature.get("dtype"))
    return 0.5 if dtype.startswith("float") else "" if dtype == "string" else 0
