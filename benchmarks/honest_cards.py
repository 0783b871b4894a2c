"""Is anybody accused who did nothing? Cards around drawn predictions and drawn training runs, every one of them honest.

    python benchmarks/honest_cards.py [--cards N] [--seed S] [--show] [--write]

No number comes from the linter's formulas: confusion matrices, spans, edits, overlaps and values are drawn, scores computed from
them as scikit-learn and seqeval do (held against them in tests/test_honest_scores.py), the training loop is run batch by batch,
and authors round to the nearest, to even or cut, in percent or not, once or by way of single precision. Runs have 40 updates or
more and evaluation sets of examples 300 or more, of fewer the linter says rightly that they are few. Findings of kind
`inconsistent` or `suspicious` are false alarms. `--show` prints them; `--write` renews benchmarks/results/honest-cards.md.
"""

import argparse
import datetime
import platform
import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "honest-cards.md"
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import honest_hand  # noqa: E402
import honest_runs  # noqa: E402
from honest_pool import pooled  # noqa: E402
from lint_corpus import upper_bound  # noqa: E402

from cardaudit import __version__  # noqa: E402
from cardaudit.facts import facts_version  # noqa: E402
from cardaudit.lint import check_card  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402
from cardaudit.rules import RULES  # noqa: E402

ACCUSING = ("inconsistent", "suspicious")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cards", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    for at in range(options.cards):
        tally.count(*drawn(f"{options.seed} {at}"), f"{options.seed} {at}" if options.show else "")
    page = tally.page(options.cards, options.seed)
    print(page)
    if options.write:
        RESULT.write_text(page, encoding="utf-8")


def drawn(seed: str) -> tuple[str, str]:
    """The shape and the text of one card: three in five of the Trainer, the others by hand."""
    rng = random.Random(seed)
    return (honest_runs if rng.random() < 0.6 else honest_hand).card(rng)


class Tally:
    """Cards by shape; cards on which a rule had something to check; accused ones by rule, kind and shape."""

    def __init__(self) -> None:
        self.shapes: Counter[str] = Counter()
        self.checked: Counter[str] = Counter()
        self.accused: Counter[tuple[str, str]] = Counter()
        self.cards_accused: Counter[str] = Counter()
        self.errors = 0
        self.start = time.process_time()

    def count(self, shape: str, text: str, show: str) -> None:
        checkup = check_card(read_card(text, "card.md"))
        found = {(each.rule, each.kind): each for each in checkup.findings}
        self.shapes[shape] += 1
        self.checked.update({*checkup.clear, *(rule for rule, _ in found)})
        self.errors += sum(each.because.startswith("internal error") for each in checkup.unchecked)
        for rule, kind in found:
            if kind in ACCUSING:
                self.accused[rule, kind] += 1
                if show:
                    print(f"{show} [{shape}] {rule} {kind}: {found[rule, kind].message}")
        for kind in {kind for _, kind in found if kind in ACCUSING}:
            self.cards_accused[kind] += 1

    def page(self, cards: int, seed: int) -> str:
        lines = [
            "# Honest cards",
            "",
            f"`python benchmarks/honest_cards.py --cards {cards} --seed {seed} --write`, {datetime.date.today()}: cardaudit "
            f"{__version__}, facts {facts_version()}, {len(RULES)} rules; {platform.machine()}, Python "
            f"{platform.python_version()}, {time.process_time() - self.start:.0f} s of processor time. Internal errors: "
            f"{self.errors}.",
            "",
            f"{cards:,} cards of {len(self.shapes)} shapes around drawn predictions and drawn training runs. A finding of these "
            "kinds is a false alarm. The bound is Clopper and Pearson's (1934), one-sided.",
            "",
            "| kind | cards | with a false alarm | share | upper bound (95 %) |",
            "| --- | ---: | ---: | ---: | ---: |",
            *(_line(kind, cards, self.cards_accused[kind]) for kind in ACCUSING),
            "",
            "## Pooled",
            "",
            *pooled(cards, {kind: self.cards_accused[kind] for kind in ACCUSING}),
            "",
            "## Rules",
            "",
            "Cards: those on which the rule had something to check.",
            "",
            "| rule | kind | cards | false alarms | upper bound (95 %) |",
            "| --- | --- | ---: | ---: | ---: |",
            *self._rules(),
            "",
            "## Shapes",
            "",
            "| shape | cards |",
            "| --- | ---: |",
            *(f"| {shape} | {count:,} |" for shape, count in sorted(self.shapes.items())),
        ]
        return "\n".join(lines) + "\n"

    def _rules(self) -> list[str]:
        lines = []
        for rule in RULES:
            checked = self.checked[rule.name]
            accused = max(self.accused[rule.name, kind] for kind in ACCUSING)
            if rule.kind in ACCUSING and checked:
                lines.append(f"| {rule.name} | {rule.kind} | {checked:,} | {accused} | {upper_bound(accused, checked):.3%} |")
        return lines


def _line(kind: str, cards: int, accused: int) -> str:
    return f"| {kind} | {cards:,} | {accused} | {accused / cards:.3%} | {upper_bound(accused, cards):.4%} |"


if __name__ == "__main__":
    main()
