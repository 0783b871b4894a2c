"""The rules by group, in the order in which they run: one that explains another's ground comes first."""

from graphlib import TopologicalSorter

from cardaudit.rule import Rule
from cardaudit.rules import (
    arithmetic,
    census,
    claims,
    curves,
    datasets,
    granularity,
    metadata,
    repository,
    safety,
    steps,
    suppressions,
)

GROUPS: dict[str, tuple[Rule, ...]] = {
    "arithmetic": arithmetic.RULES,
    "steps": steps.RULES,
    "claims": claims.RULES,
    "granularity": granularity.RULES,
    "datasets": datasets.RULES,
    "curves": curves.RULES,
    "census": census.RULES,
    "metadata": metadata.RULES,
    "safety": safety.RULES,
    "repository": repository.RULES,
    "suppressions": suppressions.RULES,
}


def _in_order() -> tuple[Rule, ...]:
    """By group, but after those that a rule yields to; the rules about suppressions last, for they look at all the others."""
    rules = {rule.name: rule for name, group in GROUPS.items() for rule in group if name != "suppressions"}
    order = TopologicalSorter({name: rule.yields_to for name, rule in rules.items()}).static_order()
    return tuple(rules[name] for name in order) + suppressions.RULES


RULES: tuple[Rule, ...] = _in_order()
NAMES: tuple[str, ...] = tuple(rule.name for rule in RULES)
