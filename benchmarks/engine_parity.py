"""Does the fast loop make the updates of the stock Trainer? Movements of all tensors, and means over seeds with dropout on.

usage: python benchmarks/engine_parity.py [--write] [--seeds 80] [--steps 50]

Dropout off, float32, the same seed and data: after 50 steps each tensor has moved from its start by D, in the reference loop by
Dref; |D - Dref| / |Dref| is at most 1e-4. Biases of keys are left out: softmax does not see them, so their gradient is rounding.
A third run, of the fast loop without weight decay, says how far a wrong update lies from that.

In half precision products are rounded to 8 or 11 bits, so that the order of a sum shows: there the yardstick is the stock
Trainer against itself, its batches padded to 64 tokens. A CPU's stock Trainer does not compute fp16; it is made to, with autocast
and scaler as on a GPU.

Dropout on: both loops train the same plan with the same N seeds; the 90 % interval of the difference of means of the final loss
and metric lies within half a standard deviation of a seed. A seed has its first weights and its order of examples in both, so the
interval is that of the differences seed by seed: of unpaired means it would take 60 seeds and more to be so narrow where nothing
differs. Raw values are kept. --write puts it all into results/engine-parity.json and .md.
"""

import argparse
import io
import json
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from parity_cases import moving_cases, still_cases  # noqa: E402
from stock_movements import apart, is_key_bias, is_made_half, movements_padded_otherwise, short, stock_movements  # noqa: E402

from cardaudit.records import Plan  # noqa: E402

LIMIT = 1e-4
RESULTS = ROOT / "benchmarks" / "results"
RAW = RESULTS / "engine-parity.json"
HALF_LIMITS = {"bf16": 3e-2, "fp16": 1e-2}
STEPS = 50
# Student's t, one-sided 5 %, by degrees of freedom; between two of them the smaller one's is taken, so the interval is not short.
T_95 = {3: 2.353, 10: 1.812, 15: 1.753, 19: 1.729, 23: 1.714, 30: 1.697, 39: 1.685, 60: 1.671, 99: 1.660}


@dataclass(frozen=True, slots=True)
class Parity:
    """One case: the largest |D - Dref| / |Dref| of a tensor and whose it is, and what it should be at most.

    `dropped` is the largest without weight decay, `padded` that of the stock Trainer whose batches are padded otherwise.
    """

    case: str
    worst: float
    tensor: str
    dropped: float | None
    padded: float | None
    limit: float


@dataclass(frozen=True, slots=True)
class Means:
    """One number over seeds of both loops: `low` and `high` bound the difference of means, in standard deviations of a seed.

    Both are NaN where the seeds do not vary, which shows nothing.
    """

    number: str
    reference: list[float]
    fast: list[float]
    low: float
    high: float


def movements(plan: Plan, folder: Path, steps: int = STEPS) -> dict[str, float]:
    """|D - Dref| / |Dref| of each tensor after `steps` updates of both loops; embeddings by the rows that the data use."""
    import torch

    from cardaudit.engine.events import EventLog
    from cardaudit.engine.loops.fast.loop import Run
    from cardaudit.engine.recipes import prepare_task

    plan = short(plan, steps)
    start, references = stock_movements(plan, folder)
    task = prepare_task(plan, print)
    run = Run(42, plan, task, folder, EventLog(io.StringIO()), dtype=torch.float16 if is_made_half(plan) else None)
    for update in run.course.updates():
        run.update(update)
    assert run.step == steps
    assert run.network.why_padded is None, run.network.why_padded
    ratios = {}
    for name, parameter in run.network.model.named_parameters():
        rows = run.network.rows if parameter.shape != start[name].shape else slice(None)
        ratios[name] = apart(parameter.detach() - start[name][rows], references[name][rows])
    return {name: ratio for name, ratio in ratios.items() if not is_key_bias(name)}


def parity_of(case: str, plan: Plan, folder: Path, steps: int = STEPS) -> Parity:
    ratios = movements(plan, folder, steps)
    tensor = max(ratios, key=lambda name: ratios[name])
    dropped = max(movements_without_decay(plan, folder, steps).values()) if plan.training.weight_decay else None
    limit = HALF_LIMITS.get(plan.training.precision, LIMIT)
    padded = max(movements_padded_otherwise(plan, folder, steps).values()) if limit != LIMIT else None
    return Parity(case, ratios[tensor], tensor, dropped, padded, limit)


def movements_without_decay(plan: Plan, folder: Path, steps: int = STEPS) -> dict[str, float]:
    """`movements`, were the fast loop to forget weight decay."""
    from cardaudit.engine.loops.fast import descent

    groups = descent._groups
    descent._groups = lambda model, _decay, after: groups(model, 0.0, after)
    try:
        return movements(plan, folder, steps)
    finally:
        descent._groups = groups


def means_of(plan: Plan, folder: Path, seeds: Sequence[int]) -> list[Means]:
    """Final loss and each metric over the seeds, by both loops."""
    from cardaudit.engine.events import EventLog
    from cardaudit.engine.loops import fast, reference
    from cardaudit.engine.recipes import prepare_task

    task = prepare_task(plan, print)
    numbers: dict[str, dict[str, list[float]]] = {}
    for loop, train in (("reference", reference.train_seed), ("fast", fast.train_seed)):
        for seed in seeds:
            row = train(seed, plan, task, folder, EventLog(io.StringIO()), False).rows[-1]
            for name, value in {"loss": row.validation_loss, **row.metrics}.items():
                numbers.setdefault(name, {}).setdefault(loop, []).append(value)
    return [difference(name, each["reference"], each["fast"]) for name, each in numbers.items()]


def means_kept() -> dict[str, list[Means]]:
    """What the last runs with dropout gave."""
    final = json.loads(RAW.read_text(encoding="utf-8"))["final"] if RAW.exists() else {}
    return {name: [difference(number, **loops) for number, loops in rows.items()] for name, rows in final.items()}


def difference(number: str, reference: list[float], fast: list[float]) -> Means:
    """The 90 % interval of fast minus reference over paired seeds, in standard deviations of one seed (pooled)."""
    pooled = sqrt((statistics.variance(reference) + statistics.variance(fast)) / 2)
    if not pooled:
        return Means(number, reference, fast, nan, nan)
    apart = [ours - theirs for ours, theirs in zip(fast, reference, strict=True)]
    t = T_95[max((known for known in T_95 if known < len(apart)), default=3)]
    middle, error = statistics.mean(apart), statistics.stdev(apart) / sqrt(len(apart))
    return Means(number, reference, fast, (middle - t * error) / pooled, (middle + t * error) / pooled)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seeds", type=int, default=80, help="0: those with dropout stay as they were measured before")
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    import torch
    import transformers

    from cardaudit.engine.seeds import quiet

    torch.set_num_threads(1)  # these models are too small for two
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        cases = [parity_of(name, plan, Path(folder), arguments.steps) for name, plan in still_cases(Path(folder))]
        seeds = [1000 * number + 42 for number in range(1, arguments.seeds + 1)]
        plans = moving_cases(Path(folder))
        means = {name: means_of(plan, Path(folder), seeds) for name, plan in plans} if seeds else means_kept()
    text = report(cases, means, f"torch {torch.__version__}, transformers {transformers.__version__}, {platform.machine()}")
    print(text)
    if arguments.write:
        (RESULTS / "engine-parity.md").write_text(text, encoding="utf-8")
    if arguments.write and seeds:
        raw = {
            name: {each.number: {"reference": each.reference, "fast": each.fast} for each in rows} for name, rows in means.items()
        }
        RAW.write_text(json.dumps({"seeds": seeds, "final": raw}, indent=1) + "\n", encoding="utf-8")


def report(cases: Sequence[Parity], means: dict[str, list[Means]], machine: str) -> str:
    lines = [
        "# The fast loop against the reference loop",
        "",
        f"`python benchmarks/engine_parity.py --write`, {machine}.",
        "",
        "Dropout off: the largest |D - Dref| / |Dref| of a tensor, and what is wanted at most; beside it what forgetting weight "
        "decay gives and, in half precision, the stock Trainer against itself with its batches padded otherwise.",
        "",
        "| case | largest | of | at most | without decay | padded otherwise |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
        *(
            f"| {each.case} | {each.worst:.1e} | {each.tensor} | {each.limit:g} | {_few(each.dropped)} | {_few(each.padded)} |"
            for each in cases
        ),
        "",
        f"{sum(each.worst <= each.limit for each in cases)} of {len(cases)} within the limit.",
    ]
    for name, rows in means.items():
        lines += ["", f"Dropout on, {name}: {len(rows[0].fast)} seeds each, differences in standard deviations of a seed.", ""]
        lines += ["| final | reference | fast | 90 % interval | within half |", "| --- | ---: | ---: | --- | --- |"]
        lines += [
            f"| {each.number} | {statistics.mean(each.reference):.4f} | {statistics.mean(each.fast):.4f} | {_within(each)} |"
            for each in rows
        ]
    return "\n".join(lines) + "\n"


def _few(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.1e}"


def _within(means: Means) -> str:
    if isnan(means.low):
        return "no seed differs from another | nothing to see"
    return f"{means.low:+.2f} to {means.high:+.2f} | {'yes' if max(-means.low, means.high) <= 0.5 else 'no'}"


if __name__ == "__main__":
    main()
