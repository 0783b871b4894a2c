"""What a data set's README on the Hub declares in its front matter: splits with sizes, and features with their labels."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Declared(NamedTuple):
    """`counts`: split -> examples; `columns`: name -> a value of its type. Both are empty where the README does not say."""

    counts: Mapping[str, int | None]
    columns: Mapping[str, Any]


def read_declaration(folder: Path, config: str | None) -> Declared:
    """The declaration of one config in a snapshot's README.md; anything that is not as the Hub writes it counts as not said."""
    front = _front_matter(folder / "README.md")
    entry = _entry(front.get("dataset_info"), config)
    splits = {s["name"]: s.get("num_examples") for s in _objects(entry.get("splits")) if isinstance(s.get("name"), str)}
    if not splits:
        files = _objects(_entry(front.get("configs"), config).get("data_files"))
        splits = {file["split"]: None for file in files if isinstance(file.get("split"), str)}
    columns = {f["name"]: _sample(f) for f in _objects(entry.get("features")) if isinstance(f.get("name"), str)}
    return Declared(splits, columns)


def _front_matter(path: Path) -> dict[str, Any]:
    import yaml

    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if not text.startswith("---"):
        return {}
    try:
        front = yaml.safe_load(text.split("\n---", 1)[0])
    except (yaml.YAMLError, RecursionError):
        return {}
    return front if isinstance(front, dict) else {}


def _entry(declared: Any, config: str | None) -> dict[str, Any]:
    entries = _objects([declared] if isinstance(declared, dict) else declared)
    if config is None:
        return entries[0] if entries else {}
    return next((entry for entry in entries if entry.get("config_name") == config), entries[0] if len(entries) == 1 else {})


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _sample(feature: Mapping[str, Any]) -> Any:
    """A value of a feature's type: [] for a sequence, 0.5 for a fraction, 0 or "" else."""
    if "sequence" in feature or "list" in feature:
        return []
    dtype = str(feature.get("dtype"))
    return 0.5 if dtype.startswith("float") else "" if dtype == "string" else 0
