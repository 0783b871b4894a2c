"""Card to Checkup: every rule ends as found, clear, unchecked with its reason, or suppressed by the card's author."""

from collections.abc import Mapping, Sequence

from cardaudit.errors import CardauditError
from cardaudit.records import Card, Checkup, Evidence, Finding, Run, Suppressed, Unchecked
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
    rules = chosen_rules(select, ignore)
    own = {each.rule: each.reason for each in suppressions(card) if each.rule not in FIXED and each.rule and each.reason}
    reasons = {**(allowed or {}), **own}
    findings: tuple[Finding, ...] = ()
    clear: list[str] = []
    unchecked: list[Unchecked] = []
    ran: tuple[str, ...] = ()
    surfaces = surfaces_of(card)
    for rule in rules:
        try:
            found = rule.check(Subject(card, findings, ran, tuple(runs), surfaces, evidence))
        except NotCheckable as because:
            unchecked.append(Unchecked(rule.name, str(because)))
        except Exception as error:  # one broken rule must not hide what the others say
            unchecked.append(Unchecked(rule.name, f"internal error: {type(error).__name__}: {error}"))
        else:
            findings += found
            if not found:
                clear.append(rule.name)
        ran += (rule.name,)
    ordered = sorted(findings, key=lambda finding: (_WEIGHT[finding.severity], finding.at[0].span.start))
    return Checkup(
        tuple(finding for finding in ordered if finding.rule not in reasons),
        tuple(clear),
        tuple(unchecked),
        tuple(
            Suppressed(finding, reasons[finding.rule], finding.rule not in own) for finding in ordered if finding.rule in reasons
        ),
    )


def chosen_rules(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules to run, in their order, by names of rules or groups. Raises CardauditError for an unknown one."""
    known = [*GROUPS, *(rule.name for rule in RULES)]
    for name in (*select, *ignore):
        if name not in known:
            from difflib import get_close_matches

            close = get_close_matches(name, known, 1)
            way_out = f"did you mean {close[0]}" if close else "cardaudit rules lists them"
            raise CardauditError(f"there is no rule and no group {name!r}: {way_out}")
    return tuple(rule for rule in RULES if (not select or _named(rule, select)) and not _named(rule, ignore))


def _named(rule: Rule, names: Sequence[str]) -> bool:
    return rule.name in names or rule.group in names


_WEIGHT = {"error": 0, "warning": 1, "info": 2}
