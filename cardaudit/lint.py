"""Card to Checkup: every rule ends as found, clear, unchecked with its reason, or suppressed by the card's author."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from cardaudit.errors import CardauditError
from cardaudit.records import Card, Checkup, Evidence, Run, Suppressed, Unchecked
from cardaudit.rule import NotCheckable, Rule, Subject, surfaces_of
from cardaudit.rules import GROUPS, RULES
from cardaudit.rules._suppressions import FIXED, suppressions


def check_card(
    card: Card,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    runs: Sequence[Run] = (),
    allowed: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
) -> Checkup:
    """What the rules make of a card, of runs made from it and of its repository's evidence; `select` (empty: all) and `ignore`
    name rules or groups.

    `allowed`: rules whose findings somebody else than the card's author allows, with the reason; the author's word goes first.

    Raises CardauditError for a name that no rule has. Never raises on a card: a rule that fails is unchecked because of an
    internal error.
    """
    rules = chosen_rules(tuple(select), tuple(ignore))
    own = {each.rule: each.reason for each in suppressions(card) if each.rule not in FIXED and each.rule and each.reason}
    reasons = {**(allowed or {}), **own}
    clear: list[str] = []
    unchecked: list[Unchecked] = []
    names, needed = _named_and_needed(tuple(select), tuple(ignore))
    subject = Subject(card, (), names, tuple(runs), surfaces_of(card), evidence)
    lacking = {needs: subject.lacks(needs) for needs in needed}
    for rule in rules:
        if because := lacking[rule.needs]:
            unchecked.append(Unchecked(rule.name, because))
            continue
        try:
            found = rule.found(subject)
        except NotCheckable as nothing:
            unchecked.append(Unchecked(rule.name, str(nothing)))
        except Exception as error:  # one broken rule must not hide what the others say
            unchecked.append(Unchecked(rule.name, f"internal error: {type(error).__name__}: {error}"))
        else:
            if found:
                subject = replace(subject, findings=subject.findings + found)
            else:
                clear.append(rule.name)
    findings = subject.findings
    ordered = sorted(findings, key=lambda finding: (finding.gravity, finding.at[0].span.start))
    return Checkup(
        tuple(finding for finding in ordered if finding.rule not in reasons),
        tuple(clear),
        tuple(unchecked),
        tuple(
            Suppressed(finding, reasons[finding.rule], finding.rule not in own) for finding in ordered if finding.rule in reasons
        ),
    )


@lru_cache(maxsize=8)
def chosen_rules(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """The rules to run, in their order, by names of rules or groups. Raises CardauditError for an unknown one."""
    known = [*GROUPS, *(rule.name for rule in RULES)]
    for name in (*select, *ignore):
        if name not in known:
            from difflib import get_close_matches

            close = get_close_matches(name, known, 1)
            way_out = f"did you mean {close[0]}" if close else "cardaudit rules lists them"
            raise CardauditError(f"there is no rule and no group {name!r}: {way_out}")
    return tuple(rule for rule in RULES if (not select or _named(rule, select)) and not _named(rule, ignore))


@lru_cache(maxsize=8)
def _named_and_needed(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """The names of the chosen rules, and everything that one of them needs of a card."""
    rules = chosen_rules(select, ignore)
    return tuple(rule.name for rule in rules), frozenset(rule.needs for rule in rules)


def _named(rule: Rule, names: Sequence[str]) -> bool:
    return rule.name in names or rule.group in names
