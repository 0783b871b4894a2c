"""Card to Checkup: every rule ends as found, clear, unchecked with its reason, or suppressed by the card's author."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cardaudit.errors import CardauditError
from cardaudit.records import Card, Checkup, Finding, Suppressed, Unchecked
from cardaudit.rule import NotCheckable, Rule, Subject, lacking, surfaces_of
from cardaudit.rules import GROUPS, RULES
from cardaudit.rules._suppressions import FIXED, suppressions

if TYPE_CHECKING:
    from cardaudit.records import Census, Evidence, Run


def check_card(
    card: Card,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    runs: "Sequence[Run]" = (),
    allowed: Mapping[str, str] | None = None,
    evidence: "Evidence | None" = None,
    prior: Sequence[Finding] = (),
    census: "Census | None" = None,
) -> Checkup:
    """What the rules make of a card, of runs made from it and of its repository's evidence; `select` (empty: all) and `ignore`
    name rules or groups.

    `census`: what the card's numbers are compared with, None for the shipped one.
    `allowed`: rules whose findings somebody else than the card's author allows, with the reason; the author's word goes first.
    `prior`: findings of rules that are not chosen, from an earlier checkup; rules that look at others see them, and they are not
    given back.

    Raises CardauditError for a name that no rule has. Never raises on a card: a rule that fails is unchecked because of an
    internal error.
    """
    own = {each.rule: each.reason for each in suppressions(card) if each.rule not in FIXED and each.rule and each.reason}
    reasons = {**(allowed or {}), **own}
    clear: list[str] = []
    surfaces = surfaces_of(card, evidence, runs)
    names, agenda, idle = _agenda(tuple(select), tuple(ignore), surfaces)
    unchecked = list(idle)
    subject = Subject(card, tuple(prior), names, tuple(runs), surfaces, evidence, census)
    for idle_before, rule in agenda:
        if rule.signs and not rule.has_sign(card.text):
            clear.append(rule.name)
            continue
        try:
            found = rule.found(subject)
        except NotCheckable as nothing:
            unchecked.insert(idle_before + len(unchecked) - len(idle), Unchecked(rule.name, str(nothing)))
        except Exception as error:  # one broken rule must not hide what the others say
            because = f"internal error: {type(error).__name__}: {error}"
            unchecked.insert(idle_before + len(unchecked) - len(idle), Unchecked(rule.name, because))
        else:
            if found:
                subject = Subject(card, subject.findings + found, names, subject.runs, surfaces, evidence, census)
            else:
                clear.append(rule.name)
    findings = subject.findings[len(prior) :]
    ordered = sorted(findings, key=lambda finding: (finding.gravity, finding.at[0].span.start))
    return Checkup(
        tuple([finding for finding in ordered if finding.rule not in reasons]),
        tuple(clear),
        tuple(unchecked),
        tuple(
            [
                Suppressed(finding, reasons[finding.rule], finding.rule not in own)
                for finding in ordered
                if finding.rule in reasons
            ]
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


@lru_cache(maxsize=1024)
def _agenda(
    select: tuple[str, ...], ignore: tuple[str, ...], surfaces: frozenset[str]
) -> tuple[tuple[str, ...], tuple[tuple[int, Rule], ...], tuple[Unchecked, ...]]:
    """The chosen rules' names; the rules that a card with these surfaces gives something to check, each with the number of those
    before it that have nothing; and why these have not. Asked for once for all cards that have the same.
    """
    rules = chosen_rules(select, ignore)
    because = {needs: lacking(surfaces, needs) for needs in {rule.needs for rule in rules}}
    agenda: list[tuple[int, Rule]] = []
    idle: list[Unchecked] = []
    for rule in rules:
        if reason := because[rule.needs]:
            idle.append(_idle(rule.name, reason))
        else:
            agenda.append((len(idle), rule))
    return tuple([rule.name for rule in rules]), tuple(agenda), tuple(idle)


@lru_cache(maxsize=1024)
def _idle(rule: str, because: str) -> Unchecked:
    """One object for all agendas that have it: a thousand agendas would take 12 MB otherwise."""
    return Unchecked(rule, because)


def _named(rule: Rule, names: Sequence[str]) -> bool:
    return rule.name in names or rule.group in names
