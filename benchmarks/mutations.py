"""What does the linter see of faults planted in honest real cards?

    python benchmarks/mutations.py [--each N] [--seed S] [--missed OPERATOR] [--write]

Draws cards of ../shared/corpus (20,231 Hub cards to 2023, 78 of 2023 to 2026) in an order given by the seed, plants one fault at
a time, reads and lints the text anew. A fault counts as caught where a rule finds something `inconsistent` or `suspicious`, or
the operator's own rules find anything, that the card gave no cause for before. Cards with an `inconsistent` finding are left out.
`--missed` prints the ids of cards whose visible fault was not caught; `--write` renews benchmarks/results/mutations.md.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
RESULT = ROOT / "benchmarks" / "results" / "mutations.md"
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import mutation_beside  # noqa: E402, F401
import mutation_counted  # noqa: E402, F401
import mutation_counts  # noqa: E402, F401
import mutation_curves  # noqa: E402, F401
import mutation_facts  # noqa: E402, F401
import mutation_forms  # noqa: E402, F401
import mutation_repository  # noqa: E402, F401
import mutation_runs  # noqa: E402, F401
import mutation_settings  # noqa: E402, F401
import mutation_stated  # noqa: E402, F401
import mutation_texts  # noqa: E402, F401
from mutation_operators import OPERATORS, Fault, Operator, Tally  # noqa: E402
from mutation_report import report  # noqa: E402

from cardaudit.lint import check_card  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402
from cardaudit.records import Card, Checkup  # noqa: E402

COUNTING = ("inconsistent", "suspicious")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=150, help="cards an operator")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--missed", metavar="OPERATOR")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tallies = plant(cards(options.seed), options.each, options.seed, options.missed)
    page = report(tallies, options.each, options.seed)
    if not options.missed:
        print(page)
    if options.write:
        RESULT.write_text(page, encoding="utf-8")


def cards(seed: int) -> Iterator[tuple[str, str]]:
    """Id and text of each card: the modern ones, then the corpus in an order given by the seed."""
    from pyarrow import parquet

    for path in sorted((CORPUS / "modern").glob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")
    table = parquet.read_table(CORPUS / "cards.parquet", columns=["hub_id", "card"])
    order = list(range(len(table)))
    random.Random(seed).shuffle(order)
    for row in order:
        yield table["hub_id"][row].as_py(), table["card"][row].as_py()


def plant(texts: Iterator[tuple[str, str]], each: int, seed: int, missed: str | None = None) -> dict[str, Tally]:
    """Tallies by operator, each over at most `each` cards."""
    tallies = {operator.name: Tally() for operator in OPERATORS}
    for name, text in texts:
        wanted = [op for op in OPERATORS if tallies[op.name].planted[""] < each and missed in (None, op.name)]
        if not wanted:
            break
        card = read_card(text, name)
        faults = [(op, fault) for op in wanted if (fault := _planted(op, card, seed))]
        if not faults:
            continue
        before = check_card(card)
        if any(finding.kind == "inconsistent" for finding in before.findings):
            continue
        for op, fault in faults:
            new = caught_by(op, before, fault)
            _count(tallies[op.name], fault, new)
            if missed and fault.visible and not new:
                print(name, fault.position)
    return tallies


def _planted(op: Operator, card: Card, seed: int) -> Fault | None:
    fault = op.apply(card, random.Random(f"{seed} {op.name} {card.source.name}"))
    return fault if fault and (fault.text != card.text or fault.honest) else None


def caught_by(op: Operator, before: Checkup, fault: Fault) -> dict[str, str]:
    """The rules that see a fault, with the kind: those with a counting finding which the card as it was did not give."""
    known = _counting(op, _checked(fault.honest) if fault.honest else before)
    return {rule: kind for rule, kind in _counting(op, _checked(fault)).items() if rule not in known}


def _checked(fault: Fault) -> Checkup:
    return check_card(read_card(fault.text, fault.name), runs=fault.runs, evidence=fault.evidence)


def _counting(op: Operator, checkup: Checkup) -> dict[str, str]:
    if op.spares:
        return {finding.rule: finding.kind for finding in checkup.findings if finding.rule in op.spares}
    return {finding.rule: finding.kind for finding in checkup.findings if finding.kind in COUNTING or finding.rule in op.aims_at}


def _count(tally: Tally, fault: Fault, new: dict[str, str]) -> None:
    for position in {"", fault.position}:
        tally.planted[position] += 1
        tally.caught[position] += bool(new)
        tally.visible[position] += bool(fault.visible)
        tally.visible_caught[position] += bool(fault.visible and new)
    tally.unknown += fault.visible is None
    tally.rules.update(new.keys())
    tally.kinds.update(set(new.values()))


if __name__ == "__main__":
    main()
