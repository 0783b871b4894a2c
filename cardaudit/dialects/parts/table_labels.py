"""What the words of a table's header or of a row's first cell say: a metric, a benchmark, a split, a model."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from cardaudit.dialects.parts.counted_labels import counts
from cardaudit.dialects.parts.model_names import WORDS, is_model, is_model_id, is_release
from cardaudit.dialects.parts.names import REMARK, abbreviates, edges, is_metric, is_named, metric_key, said_in_brackets
from cardaudit.dialects.parts.table_headers import SPREAD, VALUE
from cardaudit.facts import load
from cardaudit.patterns import deferred

SPLIT_WORD = r"(?:test|testing|dev|development|devel|eval|evaluation|valid|validation|val|train|training|holdout|held-out)"
SPLIT_NAME = deferred(rf"{SPLIT_WORD}(?:[ _-](?:set|split|data(?: ?set)?))?", re.I)
TAG = deferred(r"<[^<>]{1,300}>")
FOOTNOTE = deferred(r"<sup>[\d, *†‡]{1,12}</sup>", re.I)
TUNED = deferred(r"\b(?:FT|(?:fine-?|un)?tuned|trained) on\b", re.I)  # a model, whatever data set it names
PART = deferred(r"<su[bp]>(?=[A-Za-z]{3})", re.I)  # "MMMU<sub>val</sub>"
SUBSCRIPT = deferred(r"</?su[bp]>", re.I)
IMAGE = deferred(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)")
LINK = deferred(r"\[([^\[\]\n]{1,300})\](?:\([^)\n]{0,600}\)|\[[^\]\n]{0,100}\])")
ARROWS = deferred(r"[↑↓⬆⬇▲▼\ufe0f\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50]")
SCORE = deferred(r"(?:average |overall |mean )?scores?(?: ?\(%\))?", re.I)
COMPARED = deferred(
    r"(?:the )?(?:base(?:line)?|this|our|ours|original|(?:fine-?|un)tuned|quantized|full[- ]precision|merged|teacher|student"
    r"|fp32|fp16|bf16|fp8|int8|int4|nf4|before|after)"
    r"(?: (?:model|adapter|checkpoint|version|fine-?tun\w+|training|quantization))?",
    re.I,
)
UNIT = deferred(r"%|percent|in %|↑|↓|(?:high|low)er is better|abs\.?|9\d ?% CI|x ?100|0-1|0-100|scores?|this(?: \w+)?|ours", re.I)
AT_K = deferred(
    r"(?P<lead>.*?)(?P<name>recall|precision|ndcg|mrr|map|hits?|hit_rate|accuracy|acc|pass|maj|cons|top|r|p|f1|success)_(?:at_)?(?P<k>\d{1,4})"
)
AT_K_NAMES = {"r": "recall", "p": "precision", "hit": "hits"}
ROUGE = deferred(r"(?:R|RG)-?([12L])(?:-?(?:F|F1|score))?", re.I)
TAGGED = deferred(r"[BIESLU]-[A-Z][A-Za-z]{1,9}")  # "B-PER" is a class of words, no error rate
WAY = deferred(r"(?P<main>\S.*?) (?P<way>(?:with|without|using|w/o?)(?: |/).*)")
ROUND = deferred(r"anli[ _-]?(?:(?:v?\d\.\d|test|dev)[ _-])?r(?:ound)?[ _-]?[123]", re.I)  # whose "R1" is no ROUGE
SHOT = deferred(r"\d+(?:-\d+)?[ -]?shots?\b.*", re.I)
BEFORE_SHOTS = deferred(r"(.*[^\s,;:–-])[\s,;:–-]+(\d{1,2}[ -]?shots?)", re.I)
AVERAGED = deferred(r"(average|avg\.?|mean|overall) (?:scores?|performance|(accuracy|acc\.?))", re.I)
QUALIFIERS = frozenset(
    ("macro", "micro", "weighted", "overall", "mean", "average", "avg", "balanced", "token", "sentence", "word",
     "max", "min", "median")
)  # fmt: skip
PHRASES = frozenset(("of", "on", "in", "for", "with", "per", "vs", "and", "by", "the"))
LONGEST_LABEL = 200
MARKS = "*_`~ \t\xa0"


class Role(NamedTuple):
    """What a label says of the numbers under or beside it. `known` is False where it is only kept as a setting."""

    metric: str | None = None
    dataset: str | None = None
    split: str | None = None
    model: str | None = None
    setting: str | None = None
    known: bool = True

    def with_(self, other: "Role") -> "Role":
        """Both together; where both speak of the same, this one's word stands and the other's joins the setting."""
        twice = [
            theirs
            for mine, theirs in ((self.dataset, other.dataset), (self.split, other.split), (self.model, other.model))
            if mine and theirs and mine != theirs
        ]
        settings = dict.fromkeys(each for each in (self.setting, *twice, other.setting) if each)
        return Role(
            self.metric or other.metric,
            self.dataset or other.dataset,
            self.split or other.split,
            self.model or other.model,
            ", ".join(settings) or None,
            self.known and other.known,
        )


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """A cell's words without links, tags, images, marks and arrows."""
    if "<" in text:
        text = TAG.sub(" ", SUBSCRIPT.sub("", PART.sub(" ", FOOTNOTE.sub("", text))))
    if "](" in text or "][" in text:
        text = LINK.sub(r"\1", IMAGE.sub(" ", text))
    if "&" in text:
        text = text.replace("&nbsp;", " ").replace("&amp;", "&").replace("&plusmn;", "±")
    text = " ".join(ARROWS.sub(" ", text).replace("\\", "").split())
    return text.strip(MARKS).replace("**", "").replace("`", "").rstrip(":").strip()


@lru_cache(maxsize=8192)
def read_label(label: str) -> Role:
    """The role of a bare label; one that names nothing known is a setting."""
    if not label or len(label) > LONGEST_LABEL or VALUE.fullmatch(label):
        return Role()
    main, remarks = _parts(said_in_brackets(label) if "(" in label else label)
    if len(remarks) > 1 and _is_average(main) and all(map(metric_of, remarks)):
        return Role(setting=label, known=False)  # "mean(Accuracy, F1)" is a metric of its own
    role = _of_words(main)
    return role if remarks and role.metric is None and SPREAD.search(main) else _with_remarks(role, remarks)


@lru_cache(maxsize=8192)
def read_dataset(name: str) -> Role:
    """The role of a bare name that is a data set's whatever its words; shots and a metric behind it are told apart from it."""
    said, (main, remarks) = read_label(name), _parts(name)
    if averaged := averaged_role(main):
        return _with_remarks(averaged, remarks)
    if said.dataset and said.metric:
        return said
    if is_split(main):
        return _with_remarks(Role(split=main), remarks)
    if len(name) > LONGEST_LABEL or not any(SHOT.fullmatch(each) or metric_of(each) for each in remarks):
        return Role(dataset=name)
    return _with_remarks(Role(dataset=main), remarks)


def averaged_role(name: str) -> Role | None:
    """The role of a mean over the benchmarks of a table ("Average Score"); None for any other name."""
    found = AVERAGED.fullmatch(name)
    return Role(metric_of(found[2]) if found[2] else None, dataset=found[1]) if found else None


@lru_cache(maxsize=8192)
def metric_of(label: str) -> str | None:
    """The key of a label that is a metric's name, with words before it or not ("macro F1", "Recall@10"); None for any other."""
    if rouge := ROUGE.fullmatch(label):
        return "rouge_l" if rouge[1] in "lL" else f"rouge{rouge[1]}"
    key = metric_key(label)
    if label[1:2] == "-" and TAGGED.fullmatch(label):
        return None
    if found := AT_K.fullmatch(key):
        if found["name"] in ("r", "p", "f1", "acc", "map") and "@" not in label:
            return None
        return found["lead"] + AT_K_NAMES.get(found["name"], found["name"]) + "_" + found["k"]
    if not key or not is_metric(key):
        return None
    lead = key.split("_")[:-1]
    return None if counts(label) and not is_named(key) and not QUALIFIERS.issuperset(lead) else key


def _is_at_k(key: str) -> bool:
    """Whether a key is a metric at some depth with nothing before it ("pass_1")."""
    found = AT_K.fullmatch(key)
    return found is not None and not found["lead"]


def is_split(label: str) -> bool:
    """Whether a label is a split's name."""
    return SPLIT_NAME.fullmatch(label) is not None


@lru_cache(maxsize=8192)
def is_benchmark(label: str) -> bool:
    """Whether a label names a benchmark or a data set, with a few words around it ("MMLU-Pro", "KLUE NLI dev"), or an average."""
    words = WORDS.findall(label.lower())
    if not words or len(words) > 8:
        return False
    names, whole = _benchmarks()
    if " ".join(words) in whole:
        return True
    if words[0].startswith("nano") and len(words[0]) > 5:
        return True
    if any(word.endswith("bench") and (at > 0 or len(word) > 5) for at, word in enumerate(words)):
        return True
    return any(
        "".join(words[at : at + length]) in names for at in range(len(words)) for length in range(1, min(4, len(words) - at) + 1)
    )


def _is_average(label: str) -> bool:
    return label.lower().rstrip(".") in load("table_words")["averages"]


def is_task(label: str) -> bool:
    """Whether a label that may stand over a column of scores names a task or a field of knowledge, and no data set."""
    return " ".join(WORDS.findall(label.lower())) in load("table_words")["tasks"]


def _of_words(main: str) -> Role:
    if is_split(main):
        return Role(split=main)
    if ROUND.fullmatch(main):
        return Role(dataset=main)
    if "/" in main and (joined := _of_joined(main)):
        return joined
    measure = _measure(main)
    if measure is not None:
        return measure
    if is_model_id(main) or (is_model(main) and (TUNED.search(main) or not is_benchmark(main))):
        return Role(model=main)
    if main.lower().endswith((" score", " scores")) and is_benchmark(scored := main.rpartition(" ")[0]):
        return Role(dataset=scored)
    if is_benchmark(main):
        return Role(dataset=main)
    return Role(model=main) if is_model(main) else Role(setting=main, known=False)


def _of_joined(main: str) -> Role | None:
    """A benchmark in front of metrics joined by slashes: "SQuAD 1.1 F1/EM"."""
    name, _, metrics = main.rpartition(" ")
    return Role(dataset=name) if name and is_benchmark(name) and all(map(metric_of, metrics.split("/"))) else None


def _measure(main: str) -> Role | None:
    """A metric's name; a split, a benchmark or a model beside it is taken off: "Test WER", "ImageNet top-1 accuracy"."""
    words = main.replace("/", " / ").split() if " / " in main else main.split()
    if " on " in main and (named := metric_of(main.partition(" on ")[0])):
        place = main.partition(" on ")[2].removeprefix("the ")
        return Role(named, split=place.split()[0]) if is_split(place) else Role(named, dataset=place)
    if len(words) > 1 and not QUALIFIERS.issuperset(word.lower() for word in words[:-1]):
        for taken, rest in edges(words):
            key = metric_of(rest)
            if key is None or (rest == "R1" and is_model(taken)):
                continue
            if is_split(taken):
                return Role(key, split=taken)
            if key.startswith("top") and _is_average(taken):
                return None  # "Top-1 Avg." is no accuracy
            if (is_named(key) or _is_at_k(key)) and is_benchmark(taken):
                return Role(key, dataset=taken)
            if is_named(key) and (is_model(taken) or COMPARED.fullmatch(taken)):
                return Role(key, model=taken)
    key = metric_of(main)
    if key is None and (first := _metric_first(words) or _measured_so(main)):
        return first
    if key is None or (is_benchmark(main) and not is_named(key) and not AT_K.fullmatch(key) and len(words) > 2):
        return None
    return Role(key)


def _measured_so(main: str) -> Role | None:
    """ "Test WER w/ LM": a metric's name, and how the model was run."""
    found = WAY.fullmatch(main) if " w" in main or " using " in main else None
    said = _measure(found["main"]) if found else None
    return said.with_(Role(setting=found["way"])) if found and said and said.metric and is_named(said.metric) else None


def _metric_first(words: Sequence[str]) -> Role | None:
    """ "Spearman German": a metric's name in front of words that are no metric is told of them."""
    key = metric_of(words[0])
    if len(words) < 2 or key is None or not is_named(key) or not words[0][0].isupper() or is_metric(metric_key(words[-1])):
        return None
    if (
        words[0] == "R1"
        or words[1].lower() in PHRASES
        or words[1].lower() == "threshold"
        or QUALIFIERS.issuperset(word.lower() for word in words[1:])
    ):
        return None
    return Role(key, setting=" ".join(words[1:]))


def _parts(label: str) -> tuple[str, tuple[str, ...]]:
    """A label's words, and what it says behind them: in brackets, or of shots ("MMLU (Acc, 5-shot)", "arc-c 25-shot")."""
    remarks = tuple(part.strip() for found in REMARK.finditer(label) for part in found[0][1:-1].split(","))
    main = " ".join(REMARK.sub(" ", label).split()).rstrip(":,") or label
    if "shot" in main and (found := BEFORE_SHOTS.fullmatch(main)):
        return found[1], (*remarks, found[2])
    return main, remarks


def _with_remarks(role: Role, remarks: Sequence[str]) -> Role:
    for remark in remarks:
        role = _with_remark(role, remark)
    return role


def _with_remark(role: Role, remark: str) -> Role:
    if not remark or UNIT.fullmatch(remark):
        return role
    if role.model and is_release(remark):
        return role._replace(model=f"{role.model} ({remark})")  # which of the models of that name it is
    if role.metric and role.model is None and COMPARED.fullmatch(remark):
        return role._replace(model=remark)
    said = _of_words(remark)
    if said.metric and role.metric == "accuracy" and remark.startswith("eval-"):
        return role._replace(metric=said.metric)  # "Accuracy (eval-f1)": whatever was measured is called accuracy
    if said.metric and role.metric and abbreviates(said.metric, role.metric):
        return role
    if said.metric and role.metric is None:
        return role.with_(said._replace(known=role.known))._replace(known=bool(role.dataset) or role.known)
    if said.split and role.split is None:
        return role.with_(said)._replace(known=role.known)
    if said.dataset and role.metric and not role.dataset and not is_task(remark) and not _is_average(remark):
        return role._replace(dataset=remark)
    return role.with_(Role(setting=remark))._replace(known=role.known)


@cache
def _benchmarks() -> tuple[frozenset[str], frozenset[str]]:
    facts = load("table_words")
    return frozenset(facts["benchmarks"]), frozenset(facts["whole_benchmarks"])
