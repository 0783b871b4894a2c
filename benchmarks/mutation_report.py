"""The Markdown of benchmarks/results/mutations.md, from tallies."""

import datetime
import platform
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from mutation_operators import OPERATORS, Operator, Tally

from cardaudit import __version__
from cardaudit.facts import facts_version
from cardaudit.rules import RULES

SPECIFICATIONS = Path(__file__).resolve().parents[1] / "tests" / "rules"
CASE = re.compile(r"^````findings\n(.*?)^````$", re.DOTALL | re.MULTILINE)
GAPS = {
    "f1-digit, precision-digit, recall-digit": "above the harmonic mean every F1 is caught. Below it an average over classes "
    "lies lawfully (71 of 533 real columns), so a lower F1 is called only in a column of four rows or more "
    "whose other rows are harmonic "
    "means, two of them tellingly, and from 0.01 on; the limit takes any column that fits for harmonic.",
    "accuracy-digit": "the limit knows the data set's split sizes only; the rest is caught by the other metrics of the row.",
    "headline-digit, columns-precision-and-recall-swapped": "two or more numbers that the row does not print may "
    "be another evaluation's: a note, unless they are the row's other way round; silence where the percent sign or the mask "
    "is drawn anew.",
    "front-matter-digit": "WER and CER are not compared with the headline: authors measure them again with a language model (57 "
    "of 139 full-precision values in the corpus differ, the nearest by 0.05 %).",
    "decimals-lost-in-one-cell": "the sizes of most sets are not known, and large sets hold every two-decimal share.",
    "row-made-up": "in flat curves and tables of very many rows a repetition is likely; reported below 1 in 10 such tables "
    "only (honest repetitions in the corpus begin at 5).",
    "whole-part-added": "in tables of one or two rows, or far from the row's neighbours, a scale of its own is possible.",
    "wer-and-cer-swapped": "no bound of arithmetic. One row is held against its neighbours; what is left are headlines in "
    "languages written without spaces, tables of few rows, and rows whose neighbours write anything.",
    "perplexity-digit": "the loss is the column whose exponential the perplexity is in the other rows; one printed alone may be "
    "the sum of several heads, and may have been reported before the fault was planted.",
    "accumulation-doubled, total-batch-size-tripled": "distributed runs that do not print num_devices leave the factor open.",
    "epochs-doubled": "a table that ends early is lawful (early stopping): a note.",
    "dataset-renamed": "a subset or another configuration is lawful; entity counts speak for uncased BERT alone, as other "
    "tokenizers' are not counted.",
    "validation-called-test": "where the card gave cause for fraction-of-another-split before, that finding stands for this one.",
    "harness-score-digit, harness-stderr-digit": "the error's two digits leave n open by several percent: small changes stay "
    "inside; texts that no harness wrote are not held to its formula.",
    "average-edited": "averages of other tables than the Open LLM Leaderboard's are weighted or leave members out, and so may "
    "its own leave out one.",
    "false-specificity, false-matthews-correlation": "the identities bind two classes; where an average over several may stand "
    "there, nothing is said or only from above.",
    "loss-a-tenth": "silent for speech models and where a training loss is one log over several rows.",
    "accuracy-perfect": "silent where an F1 below 1 stands beside it.",
    "accuracy-of-few": "a size is told from four different accuracies on, of examples only.",
    "split-renamed": "denominators below 20 divide many sizes; several data sets or results name no single split.",
    "base-model-misspelt": "compared with the text's base model only where it is written as a Hub id.",
    "counts-of-two-classes, counts-of-a-small-set": "cards whose name or task says that tokens are counted are left alone.",
    "counts-of-validation": "where both splits fit the printed digits nothing is told.",
    "better-epoch-made-up": "the lead must exceed twice the median change between rows, which a short and restless table "
    "leaves large.",
    "steps-of-half-the-set": "left alone are tasks whose texts are cut or joined, and sizes that several hypotheses explain.",
}
POSITIONS = ("decimal 1", "decimal 2", "decimal 3", "decimal 4", "thousands", "hundreds", "tens", "units")


def report(tallies: Mapping[str, Tally], each: int, seed: int) -> str:
    """The whole page."""
    faults = [op for op in OPERATORS if not op.control]
    controls = [op for op in OPERATORS if op.control and not op.spares]
    neighbours = [op for op in OPERATORS if op.spares]
    lines = [
        "# Planted faults",
        "",
        f"`python benchmarks/mutations.py --each {each} --seed {seed} --write`, {datetime.date.today()}: "
        f"cardaudit {__version__}, facts "
        f"{facts_version()}, {len(RULES)} rules; {platform.machine()}, Python {platform.python_version()}.",
        "",
        f"{len(faults)} operators plant one fault in an honest real card, or beside it (in files made from the card itself), at "
        f"most {each} cards each; {len(controls)} controls change what is no fault, and {len(neighbours)} edits lie next to a "
        "fault whose rule must not speak. Visible: what arithmetic on the printed numbers can tell at all, worked out by "
        "brute force without the "
        "rules (benchmarks/mutation_limits.py); for faults of form (a licence misspelt) all are. Caught: a new `inconsistent` or "
        "`suspicious` finding, or one of the operator's own rules.",
        "",
        *_operators(faults, tallies),
        "",
        "## By position of the changed digit",
        "",
        *_positions(faults, tallies),
        "",
        "## Controls: nothing may be caught",
        "",
        *_controls(controls, tallies),
        "",
        "## Neighbours: the rule must not speak",
        "",
        *_neighbours(neighbours, tallies),
        "",
        _pooled(faults, [*controls, *neighbours], tallies),
        "",
        "## Rules",
        "",
        *_rules(tallies),
    ]
    return "\n".join(lines) + "\n"


def _operators(faults: list[Operator], tallies: Mapping[str, Tally]) -> list[str]:
    lines = [
        "| operator | cards | visible | caught | of the visible | of the rest | most often by |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for op in faults:
        tally = tallies[op.name]
        planted, caught = tally.planted[""], tally.caught[""]
        known = tally.unknown < planted
        seen, both = tally.visible[""], tally.visible_caught[""]
        rules = ", ".join(f"{name} {count}" for name, count in tally.rules.most_common(2))
        shares = [_share(seen, planted) if known else "", _share(caught, planted), _share(both, seen)]
        shares.append(_share(caught - both, planted - seen) if known else "")
        lines.append(f"| {op.name} | {planted} | {' | '.join(shares)} | {rules} |")
    gaps = [f"- **{name}**: {why}" for name, why in GAPS.items()]
    return [*lines, "", "Where recall and limit part:", "", *gaps] if gaps else lines


def _positions(faults: list[Operator], tallies: Mapping[str, Tally]) -> list[str]:
    lines = ["| operator | position | cards | visible | caught | of the visible |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for op in faults:
        tally = tallies[op.name]
        for position in POSITIONS:
            if planted := tally.planted[position]:
                seen, both = tally.visible[position], tally.visible_caught[position]
                shares = _share(seen, planted), _share(tally.caught[position], planted), _share(both, seen)
                lines.append(f"| {op.name} | {position} | {planted} | {' | '.join(shares)} |")
    return lines


def _controls(controls: list[Operator], tallies: Mapping[str, Tally]) -> list[str]:
    lines = ["| control | cards | caught | by |", "| --- | ---: | ---: | --- |"]
    for op in controls:
        tally = tallies[op.name]
        rules = ", ".join(f"{name} {count}" for name, count in tally.rules.most_common())
        lines.append(f"| {op.name} | {tally.planted['']} | {tally.caught['']} | {rules} |")
    return lines


def _neighbours(neighbours: list[Operator], tallies: Mapping[str, Tally]) -> list[str]:
    counts = [(op, tallies[op.name].planted[""], tallies[op.name].caught[""]) for op in neighbours]
    rows = [f"| {op.name} | {', '.join(op.spares)} | {cards} | {spoke} |" for op, cards, spoke in counts]
    return ["| edit | rule | cards | spoke |", "| --- | --- | ---: | ---: |", *rows]


def _pooled(faults: list[Operator], honest: list[Operator], tallies: Mapping[str, Tally]) -> str:
    """How many cards got a new finding of each accusing kind, with a fault and without."""
    of_kind = {kind: sum(tallies[op.name].kinds[kind] for op in faults) for kind in ("inconsistent", "suspicious")}
    cards = sum(tallies[op.name].planted[""] for op in honest)
    false = sum(tallies[op.name].kinds[kind] for op in honest for kind in of_kind)
    return (
        f"New findings: {of_kind['inconsistent']:,} planted cards got an `inconsistent` one and {of_kind['suspicious']:,} a "
        f"`suspicious` one; of {cards:,} cards with a control or a neighbouring edit {false} got one of the rule in question."
    )


def _rules(tallies: Mapping[str, Tally]) -> list[str]:
    """Each rule with the operators that it catches, and with the specified cases in which it fires or keeps silent."""
    lines = [
        "Silent: operators and controls, of ten cards or more, that a rule never answered to. Neighbours: cards with an edit "
        "next to its fault. Specified: cases in tests/rules in which it fires and keeps silent.",
        "",
        "| rule | catches (cards) | silent | neighbours | specified to fire | specified to be silent |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    by_specification_alone: list[str] = []
    by_nothing: list[str] = []
    for rule in RULES:
        catching = Counter({name: tally.rules[rule.name] for name, tally in tallies.items() if tally.rules[rule.name]})
        silent = sum(not tally.rules[rule.name] for tally in tallies.values() if tally.planted[""] >= 10)
        fires, keeps = specified(rule.name)
        shown = ", ".join(f"{name} {count}" for name, count in catching.most_common(4))
        spared = sum(tallies[op.name].planted[""] for op in OPERATORS if rule.name in op.spares)
        lines.append(f"| {rule.name} | {shown} | {silent} | {spared or ''} | {fires} | {keeps} |")
        if not catching:
            (by_specification_alone if fires else by_nothing).append(rule.name)
    return [
        *lines,
        "",
        f"Catching planted cases of the specification only: {', '.join(by_specification_alone) or 'no rule'}.",
        "",
        f"Caught by nothing: {', '.join(by_nothing) or 'no rule'}.",
    ]


def specified(name: str) -> tuple[int, int]:
    """How many cases of a rule's specification fire and how many keep silent."""
    path = SPECIFICATIONS / f"{name}.md"
    findings = CASE.findall(path.read_text(encoding="utf-8")) if path.exists() else []
    return sum(bool(each.strip()) for each in findings), sum(not each.strip() for each in findings)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""
