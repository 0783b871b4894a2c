"""Metric keys: snake case of the printed name, with the aliases of facts/metric_names.json."""

from collections.abc import Sequence
from functools import cache, lru_cache

from cardaudit.facts import load
from cardaudit.patterns import deferred

WORDS = deferred(r"[^\W_]+")
REMARK = deferred(r"[(\[][^)\]]{0,40}[)\]]")
PHRASE = frozenset(["of", "with", "for", "in", "on", "and", "the", "to", "by", "per", "from", "number", "max", "min", "target"])
AVERAGES = frozenset(("macro", "micro", "weighted"))
DISTINCT = frozenset(("accuracy", "precision", "recall"))
MOST_WORDS = 5
MOST_KEPT = 10_000  # labels are the authors' own: kept for speed, and not for ever
ORDINARY = frozenset(
    ("map", "per", "em", "hits", "comet", "meteor", "dice", "kappa", "las", "uas", "fid", "der", "ter", "mer", "rouge",
     "cer", "ap", "aps", "apm", "apl", "sdr", "sar", "sir", "snr", "stoi", "spice", "sari", "exact", "mos",
     "mase", "ece", "epe", "wql", "ppv", "npv")
)  # fmt: skip


@lru_cache(MOST_KEPT)
def metric_key(label: str) -> str:
    """`Rouge Lsum` -> `rouge_lsum`, `F1 Score` -> `f1`, `eval_loss` -> `loss`; "" for a label without a word."""
    names = load("metric_names")
    label = label.replace("@.", "@0.").replace(":.", ":0.") if "@." in label else label
    label = said_in_brackets(label) if "(" in label or "[" in label else label
    key = "_".join(WORDS.findall(REMARK.sub(" ", label).lower())) or "_".join(WORDS.findall(label.lower()))
    for prefix in names["prefixes"]:
        key = key.removeprefix(prefix)
    if key in names["whole"]:
        return str(names["whole"][key])
    for ending, name in names["endings"].items():
        if key == ending or key.endswith("_" + ending):
            return str(key[: len(key) - len(ending)] + name)
    return key


def said_in_brackets(label: str) -> str:
    """What the English name in the brackets behind a word of another language says: "Genauigkeit (Precision)" is no accuracy."""
    words, _, inner = label.rstrip(" )]*_`").replace("[", "(").partition("(")
    key = "_".join(WORDS.findall(words.lower()))
    if inner.strip().lower() in DISTINCT and load("metric_names")["whole"].get(key) in DISTINCT:
        return inner.strip()
    return label


@lru_cache(MOST_KEPT)
def is_metric(key: str) -> bool:
    """Whether a key, or what it ends with, is a metric's name ("weighted_f1", "test_accuracy")."""
    names = _names()
    if key in names:
        return True
    words = key.split("_")
    if len(words) > 1 and words[-1] in AVERAGES:
        words.pop()
    return any("_".join(words[at:]) in names for at in range(len(words))) and len(words) <= 6


@lru_cache(MOST_KEPT)
def is_named(key: str) -> bool:
    """Whether a key is a metric's name with nothing before it."""
    return key in _names()


@lru_cache(MOST_KEPT)
def is_metric_label(key: str) -> bool:
    """Whether a key is a metric's name with a few words before it ("name_precision"), and no phrase ("number_of_hits")."""
    words = key.split("_")
    return is_metric(key) and len(words) <= MOST_WORDS and PHRASE.isdisjoint(words)


def abbreviates(key: str, whole: str) -> bool:
    """Whether a key is another's short form: "em" of "exact_match", "acc" of "accuracy"."""
    return whole.startswith(key) or key == "".join(word[:1] for word in whole.split("_"))


@cache
def spoken_metrics() -> str:
    """A regular expression of metric names as sentences spell them; words of everyday English only in capitals."""
    spoken = {name.replace("_", "[ _-]") for name in _names() if name not in ORDINARY} | {
        "f1[ -]score",
        "word error rate",
        "character error rate",
        "mean absolute error",
        "mean squared error",
        "root mean squared error",
        "mean opinion score",
        "(?:(?:mean|average) )?episod(?:e|ic) (?:reward|return)",
        "average (?:reward|return)",
    }
    capitals = "|".join(sorted((name.upper() for name in ORDINARY), key=len, reverse=True))
    return "(?i:" + "|".join(sorted(spoken, key=len, reverse=True)) + rf")|mAP(?:@0?\.50?(?::0?\.95)?)?|{capitals}"


@cache
def _names() -> frozenset[str]:
    return frozenset(load("metric_names")["names"])


def edges(words: Sequence[str]) -> list[tuple[str, str]]:
    """Splits of a label in two: the words in front and the rest, or the last word and the rest."""
    fronts = [(" ".join(words[:at]).rstrip(":-–—, "), " ".join(words[at:])) for at in range(1, len(words))]
    return [*fronts, (words[-1].strip("-–—,"), " ".join(words[:-1]))]
