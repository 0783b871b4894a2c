"""What a stored result depends on besides its card: the reader with its facts, and each rule, as digests of their sources.

A rule's digest covers its own module and what that imports of ours, without what every card goes through anyway; so an edited
rule reruns alone, an edited helper the rules that use it, and an edited reader or fact every card.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardaudit.lint import chosen_rules

PACKAGE = Path(__file__).resolve().parents[1]
IMPORT = re.compile(r"^[ \t]*from (cardaudit[\w.]*) import (\([^)]*\)|[^\n#]*)", re.MULTILINE)
NAME = re.compile(r"[A-Za-z_]\w*")
READING = ("cardaudit.parse", "cardaudit.lint", "cardaudit.coverage", "cardaudit.zoo.linting")
RULES = re.compile(r"cardaudit\.rules(\.[a-z]\w*)*")  # the package and its groups, not its helpers, which begin with _
LOOKS_AT_OTHERS = "subject.findings"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`reader`: digest of what reads a card and of the facts; `rules`: each rule's name and digest, in the order they run."""

    reader: str
    rules: Mapping[str, str]

    @property
    def digest(self) -> str:
        return _short(json.dumps([self.reader, sorted(self.rules.items())]))


@cache
def rule_set(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> RuleSet:
    """The versions of the chosen rules as they are installed. Raises CardauditError for a name that no rule has."""
    chosen = chosen_rules(select, ignore)
    return RuleSet(reader_digest(), {rule.name: _rule_digest(rule.group, rule.name) for rule in chosen})


def outdated(old: RuleSet, new: RuleSet) -> tuple[str, ...] | None:
    """The rules to run again so that a result of `old` becomes one of `new`; None where the card must be read again as a whole.

    To a new or changed rule belong those that keep quiet after it, and those that look at all findings.
    """
    if old.reader != new.reader:
        return None
    again = {name for name, digest in new.rules.items() if old.rules.get(name) != digest}
    gone = old.rules.keys() - new.rules.keys()
    if not again and not gone:
        return ()
    for rule in chosen_rules():  # in running order: what a rule yields to stands before it
        if rule.name in new.rules and (not (again | gone).isdisjoint(rule.yields_to) or _looks_at_others(rule.group, rule.name)):
            again.add(rule.name)
    return None if 2 * len(again) > len(new.rules) else tuple(name for name in new.rules if name in again)


@cache
def reader_digest() -> str:
    """Of the sources that every card goes through, data files included."""
    return _digest(_reading())


@cache
def _reading() -> frozenset[str]:
    return frozenset(name for name in _closure(READING, frozenset()) if not RULES.fullmatch(name))


@cache
def _rule_digest(group: str, name: str) -> str:
    module = _module(group, name)
    return _digest(_closure([module], _reading()) | {module})


def _looks_at_others(group: str, name: str) -> bool:
    return LOOKS_AT_OTHERS in _source(_module(group, name))


def _module(group: str, name: str) -> str:
    return f"cardaudit.rules.{group}.{name.replace('-', '_')}"


def _closure(roots: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """The modules of ours that `roots` need, with them and without `known`; the list of rules is not entered."""
    found: set[str] = set()
    waiting = [root for root in roots if root not in known]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in READING or not RULES.fullmatch(name) or name in roots:
            waiting += [each for each in _imports(name) if each not in found and each not in known]
    return frozenset(found)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """The modules that one imports from: of `from a import b` the package a, and a.b where that is a module."""
    found: list[str] = []
    for base, names in IMPORT.findall(_source(module)):
        found.append(base)
        found += [f"{base}.{name}" for name in NAME.findall(names) if _file(f"{base}.{name}") is not None]
    return tuple(dict.fromkeys(name for name in found if _file(name) is not None))


@cache
def _file(module: str) -> Path | None:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((each for each in candidates if each.is_file()), None)


@cache
def _source(module: str) -> str:
    path = _file(module)
    return path.read_text(encoding="utf-8") if path else ""


def _digest(modules: Iterable[str]) -> str:
    lines = []
    for name in sorted(modules):
        path = _file(name)
        if path is None:
            continue
        lines.append(f"{name} {_short(_source(name))}")
        tables = sorted(path.parent.glob("*.json")) if path.name == "__init__.py" else ()
        lines += [f"{name}/{each.name} {_short(each.read_text(encoding='utf-8'))}" for each in tables]
    return _short("\n".join(lines))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
