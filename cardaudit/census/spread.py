"""How far strangers' numbers for one recipe lie apart, and where a claim stands among them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from math import inf, pi, sqrt

from cardaudit.facts import load, metric_facts

LEAST_PEERS = 8
BEYOND = 5.8409093
"""One honest run in 200 lies farther on either side: Student's t with 3 degrees of freedom (statistics takes 2 ms to import)."""
QN_SMALL = (0.0, 0.0, 0.399, 0.994, 0.512, 0.844, 0.611, 0.857, 0.669, 0.872)


@lru_cache(maxsize=1024)
def deviation_of(values: tuple[float, ...]) -> float:
    """Qn of at least two numbers, consistent for the normal distribution; half of the numbers may be anything.

    The k-th smallest distance of all pairs, k = h (h - 1) / 2 with h = n // 2 + 1, times 2.2219 and a factor for small n:
    Rousseeuw and Croux, "Alternatives to the median absolute deviation", JASA 88 (1993), and Croux and Rousseeuw, "Time-efficient
    algorithms for two highly robust estimators of scale", Computational Statistics 1 (1992).
    """
    n = len(values)
    half = n // 2 + 1
    apart = sorted(abs(first - second) for at, first in enumerate(values) for second in values[:at])
    factor = QN_SMALL[n] if n < len(QN_SMALL) else n / (n + (1.4 if n % 2 else 3.8))
    return 2.2219 * factor * apart[half * (half - 1) // 2 - 1]


def center_of(values: Sequence[float]) -> float:
    """The median."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def limit_of(peers: int) -> float:
    """How many scales from the median of `peers` honest runs nearly all others stay, on either side.

    Student's t with 3 degrees of freedom leaves room for failed runs, other environments and a scale that is itself estimated;
    it is widened by the median's own error, sqrt(1 + pi / (2 n)).
    """
    return BEYOND * sqrt(1 + pi / (2 * peers))


def kind_of(metric: str, sizes: Mapping[str, int]) -> str:
    """What a metric's spread is compared with: by what it counts where fractions tell that, else as a share, or by its size."""
    facts = metric_facts(metric)
    if metric.endswith("loss") or facts is None or (facts.low, facts.high) != (0, 1) or metric.startswith("rouge"):
        return "loss" if metric.endswith("loss") else "other"
    entities = sizes.get("recall", inf) < sizes.get("accuracy", 0)
    if metric == "accuracy" and metric in sizes:
        return "tokens" if entities else "examples"
    return "entities" if entities else "share"


def unit_of(kind: str, median: float, sizes: Mapping[str, int]) -> float:
    """What a kind's deviation is counted in: sqrt(p (1 - p) / size), sqrt(p (1 - p)), or the median itself."""
    if kind in ("loss", "other"):
        return abs(median)
    size = {"tokens": "accuracy", "examples": "accuracy", "entities": "recall"}.get(kind)
    percent = 1 if 0 <= median <= 1 else 100
    share = median / percent
    return sqrt(max(0.0, share * (1 - share)) / (sizes[size] if size else 1)) * percent


def least_scale(metric: str, median: float, sizes: Mapping[str, int]) -> float:
    """What seeds alone are expected to vary by (facts/variance_priors.json), and one example of the evaluation set.

    Authors who share a notebook share its seed and its hardware: where they print the same four digits, that is no measure of
    what another environment gives.
    """
    prior = load("variance_priors")["prior"]
    kind = kind_of(metric, sizes)
    relative = {"loss": prior["relative"]["validation_loss"], "other": prior["relative"]["other"], "share": prior["share"]}
    ratio = relative[kind] if kind in relative else prior["ratio"][kind]
    size = sizes["recall" if kind == "entities" else "accuracy"] if kind not in relative else 0
    return max(float(ratio) * unit_of(kind, median, sizes), 1 / size if size else 0.0)


def half_print(text: str) -> float:
    """Half the last printed place of a number: 0.00005 for "0.9331"."""
    exponent = Decimal(text.strip().rstrip("%")).as_tuple().exponent
    return 0.5 * 10.0 ** min(0, exponent) if isinstance(exponent, int) else 0.0
