"""Settings: `cardaudit.toml`, or `[tool.cardaudit]` of pyproject.toml, and the `[plan]` table beside a card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cardaudit.errors import CardauditError

KEYS = {
    "profile": str,
    "select": list,
    "ignore": list,
    "fail-on": str,
    "allow": str,
    "baseline": str,
    "per-file": dict,
    "offline": bool,
    "plan": dict,
}
PER_FILE = {"select", "ignore"}
FAIL_ON = ("error", "warning", "info", "never")


class Profile(NamedTuple):
    """A ready choice of rules, by the groups that are left out, and the severity that fails."""

    title: str
    ignore: tuple[str, ...]
    fail_on: str


PROFILES = {
    "arithmetic": Profile("only what the numbers give away", ("metadata", "safety"), "error"),
    "publication": Profile("everything, and warnings fail: before a card is published", (), "warning"),
}


class PerFile(NamedTuple):
    """Settings for the cards whose name fits a pattern such as "archive/*.md"; `base` is the folder it is relative to."""

    pattern: str
    base: Path
    select: tuple[str, ...]
    ignore: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project sets for its cards; a flag on the command line beats each of them. `origin` is the file, or None.

    `allow` and `baseline` are files, relative ones beside `origin`.
    """

    profile: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    allow: Path | None = None
    baseline: Path | None = None
    per_file: tuple[PerFile, ...] = ()
    offline: bool = False
    plan: Mapping[str, str] = field(default_factory=dict)
    origin: Path | None = None


def find_settings(config: Path | None = None, start: Path | None = None) -> Settings:
    """The settings of `config`, or of the nearest cardaudit.toml or pyproject.toml at or above `start` (default: here).

    Raises CardauditError where a file is no TOML or has a key or a value that is not known.
    """
    if config is not None:
        return _settings(config, _table(config))
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        for path in (folder / "cardaudit.toml", folder / "pyproject.toml"):
            table = _table(path) if path.is_file() else None
            if table is not None:
                return _settings(path, table)
    return Settings()


def beside_card(source: str) -> tuple[dict[str, str], Path | None]:
    """The `[plan]` table of the source.toml in a card's folder, as text values, and that folder; empty where there is none."""
    path = Path(source).parent / "source.toml"
    if source == "-" or not path.is_file():
        return {}, None
    plan = _load(path).get("plan", {})
    if not isinstance(plan, dict):
        raise CardauditError(f"{path}: plan is {plan!r}, expected a table of planned values")
    return as_text(plan), path.parent


def as_text(values: Mapping[str, Any]) -> dict[str, str]:
    """TOML values spelled as on the command line: true, 0.01, a,b."""
    return {key: _text(value) for key, value in values.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(_text, value)) if isinstance(value, list) else str(value)


def _load(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CardauditError(f"{path} does not exist: give the path of a cardaudit.toml") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardauditError(f"{path} cannot be read as TOML: {error}") from error


def _table(path: Path) -> dict[str, Any] | None:
    table = _load(path)
    if path.name != "pyproject.toml":
        return table
    tools = table.get("tool", {})
    return tools.get("cardaudit") if isinstance(tools, dict) else None


def _settings(path: Path, table: dict[str, Any] | None) -> Settings:
    table = table or {}
    for key, value in table.items():
        if key not in KEYS:
            from difflib import get_close_matches

            close = get_close_matches(key, KEYS, 1)
            raise CardauditError(
                f"{path}: unknown setting {key!r}; {f'did you mean {close[0]!r}?' if close else 'known are ' + ', '.join(KEYS)}"
            )
        if not isinstance(value, KEYS[key]):
            raise CardauditError(f"{path}: {key} is {value!r}, expected a {KEYS[key].__name__}")
    if table.get("fail-on") not in (None, *FAIL_ON):
        raise CardauditError(f"{path}: fail-on is {table['fail-on']!r}, expected one of {', '.join(FAIL_ON)}")
    if table.get("profile") not in (None, *PROFILES):
        raise CardauditError(f"{path}: profile is {table['profile']!r}, expected one of {', '.join(PROFILES)}")
    return Settings(
        profile=table.get("profile"),
        select=tuple(table.get("select", ())),
        ignore=tuple(table.get("ignore", ())),
        fail_on=table.get("fail-on"),
        allow=path.parent / table["allow"] if "allow" in table else None,
        baseline=path.parent / table["baseline"] if "baseline" in table else None,
        per_file=tuple(_per_file(path, pattern, each) for pattern, each in table.get("per-file", {}).items()),
        offline=table.get("offline", False),
        plan=as_text(table.get("plan", {})),
        origin=path,
    )


def _per_file(path: Path, pattern: str, table: Any) -> PerFile:
    if not isinstance(table, dict) or set(table) - PER_FILE or not all(isinstance(each, list) for each in table.values()):
        raise CardauditError(f'{path}: [per-file."{pattern}"] takes select and ignore, each a list of rules')
    return PerFile(pattern, path.parent.resolve(), tuple(table.get("select", ())), tuple(table.get("ignore", ())))
