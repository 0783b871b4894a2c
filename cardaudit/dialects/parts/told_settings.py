"""Hyperparameters in sentences: "trained for 3 epochs with a batch size of 32 and a learning rate of 5e-5".

Only what speaks of training is read, only exact numbers ("about 3 epochs" is none), and at the end only what all sentences of the
card agree on: a card that tells of two trainings says too little to know which number is whose.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.pairs import Pair

SIGNS_OF_SETTINGS = ("epoch", "atch", "earning", "steps", "ptimi", "decay", "seed")
TRAINING = re.compile(r"\b(?:re-?|pre-?|fine-?)?\s?(?:train|tun)(?:ed|ing)?\b|optimi[sz]er|training", re.I)
PRETRAINING = re.compile(r"pre-?\s?train", re.I)
TUNED = re.compile(r"[Ff](?i:ine-?\s?tuned?)\b")
IS_TUNED = re.compile(r"\b(?:was|were|been|is an?|then|we|and|further) (?:then |further |also |subsequently )?\Z", re.I)
TUNED_HEADING = re.compile(r"\n#+ .*[Ff](?i:ine-?\s?tuned)\b")
LOOKED_BACK = 300
LONGEST_BEFORE = len("further subsequently ")
FINETUNING = re.compile(r"fine-?\s?tun", re.I)
OTHERS = re.compile(
    r"\b(?:inference|generat(?:ion|ing)|decoding|latency|throughput|baselines?|search(?:ed)?|grid|sweep|candidates?"
    r"|between|calibrat\w*|quanti[sz]\w*|early stopp\w*)\b",
    re.I,
)
IS = r"(?:\s(?:was|is|were|are|of|to|at|as|set|equal|used|being|that|=|:)){0,4}\s?[:=]?\s?[*_`\"']{0,2}"
NUMBER = r"(?P<n>\d(?:[\d.,]{0,12}\d)?(?:e-?\d{1,3})?)"
BEFORE = rf"(?<![\w.,/x×^-]){NUMBER}[*_`]{{0,2}}\s"
COUNT = rf"(?:a\stotal\sof\s|only\s)?[*_`]{{0,2}}{NUMBER}[*_`]{{0,2}}\s"
WHOSE = r"(?:(?P<whose>total|effective|global|overall|eval(?:uation)?|validation|test)\s)?(?:train(?:ing)?\s)?"
TOTALS = ("total", "effective", "global", "overall")
NAMED = (  # a key, what any of its spellings holds, and these
    ("learning_rate", "r", rf"(?<!min\s)(?<!minimum\s)(?<!final\s)(?<!end\s)\b(?:learning[\s-]rate|LR)(?:\s\(LR\))?{IS}{NUMBER}"),
    ("learning_rate", "rate", rf"{BEFORE}learning[\s-]rate\b"),
    ("train_batch_size", "batch", rf"\b{WHOSE}batch[\s-]?size{IS}{NUMBER}"),
    ("train_batch_size", "batch", rf"{BEFORE}{WHOSE}batch[\s-]?size\b"),
    ("num_epochs", "epoch", rf"(?<!time\s)\b(?:for|over|on|during|in|with)\s{COUNT}(?:training\s|full\s|complete\s)?epochs?\b"),
    ("training_steps", "steps", rf"(?<!up\s)\bfor\s{COUNT}(?:training\s|optimi[sz]ation\s)?steps\b"),
    (
        "lr_scheduler_warmup_steps",
        "warm",
        rf"\bwarm-?\s?up\s(?:phase\s|period\s)?(?:of|for|over)\s(?:the\sfirst\s)?{NUMBER}\ssteps\b",
    ),
    ("lr_scheduler_warmup_steps", "warm", rf"{BEFORE}warm-?\s?up\ssteps\b"),
    ("lr_scheduler_warmup_ratio", "warm", rf"\bwarm-?\s?up\s(?:ratio|proportion){IS}{NUMBER}"),
    ("weight_decay", "decay", rf"\bweight\sdecay(?:\srate)?{IS}{NUMBER}"),
    ("seed", "seed", rf"\b(?:random|training)\sseed{IS}{NUMBER}"),
)
BOTH = (
    r"\btrain(?:ing)?\s(?:and|&)\seval(?:uation)?\sbatch[ -]?sizes?"
    rf"(?:\s(?:are|is|were|was|of|both|set|to|at)){{1,4}}\s[*_`]{{0,2}}{NUMBER}"
)
ENDS = re.compile(r"[*_`\"']{0,2}(?!\s*(?:[x×*/^–—-]|to\b|and\b|or\b|,)\s*[*_`]{0,2}\d)(?![\w%^])(?!\s?(?:[x×]|\\))")
OPTIMIZERS = r"Adam(?:W|ax)?|AdaFactor|SGD|RMSProp|Adagrad|LAMB|Lion|RAdam"
OPTIMIZER = (
    rf"\b(?:the\s|an?\s|using\s)[*_`]{{0,2}}({OPTIMIZERS})[*_`]{{0,2}}\soptimi[sz]er\b"
    rf"|\boptimi[sz]er\s(?:used\s)?(?:is|was)\s[*_`]{{0,2}}({OPTIMIZERS})\b"
)
NOT_COUNTED = re.compile(r"[ -]?(?:tokens|million|thousand|billion|images|hours|words|characters|%|percent)", re.I)
STOP = re.compile(r"[.!?](?:\s|$)|\n\s*\n")


def tells_settings(text: str) -> bool:
    """Whether a paragraph may tell of a training's settings: a quick look, before anything is searched for."""
    return any(map(text.__contains__, SIGNS_OF_SETTINGS)) and TRAINING.search(text) is not None


def is_finetuned(text: str, start: int) -> bool:
    """Whether a text says from an offset on that its model was fine-tuned, in a sentence or in a heading."""
    for found in TUNED.finditer(text, start):
        if IS_TUNED.search(text, max(start, found.start() - LONGEST_BEFORE), found.start()):
            return True
    return TUNED_HEADING.search("\n" + text[start:]) is not None


def told_settings(text: str, start: int, finetuned: bool) -> Iterator[Pair]:
    """The settings that a paragraph tells, as pairs of a key and its number. A `finetuned` model's pretraining is another's."""
    if finetuned and _is_pretraining(text):
        return
    begin = 0
    for end in [*(found.end() for found in STOP.finditer(text)), len(text)]:
        sentence = text[begin:end]
        spoken = any(sign in sentence for sign in SIGNS_OF_SETTINGS) and not OTHERS.search(sentence)
        if spoken and not (finetuned and _is_pretraining(sentence)):
            yield from _in_sentence(sentence, start + begin)
        begin = end


def _is_pretraining(text: str) -> bool:
    return PRETRAINING.search(text) is not None and FINETUNING.search(text) is None


def agreed(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The first pair of each key whose pairs all print the same value."""
    by_key: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_key.setdefault(pair.label, []).append(pair)
    for told in by_key.values():
        if len({_plain(pair) for pair in told}) == 1:
            yield told[0]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled for the first sentence that speaks of training: it takes longer than to read a card."""
    return re.compile(pattern, re.I)


def _in_sentence(sentence: str, start: int) -> Iterator[Pair]:
    words = sentence.lower()
    if both := _compiled(BOTH).search(sentence) if "batch" in words else None:
        for key in ("train_batch_size", "eval_batch_size"):
            yield Pair(key, both["n"], start + both.start("n"), start + both.start())
    mixed = PRETRAINING.search(sentence) is not None and FINETUNING.search(sentence) is not None
    for key, sign, pattern in NAMED:
        for found in _compiled(pattern).finditer(sentence) if sign in words else ():
            at = found.end("n")
            marks = ENDS.match(sentence, at)
            if marks is None or NOT_COUNTED.match(sentence, marks.end()):
                continue
            if mixed and _of_pretraining(sentence[max(0, found.start() - LOOKED_BACK) : found.start()]):
                continue
            whose = found["whose"] if key == "train_batch_size" else None
            yield Pair(_batch_size(whose) if whose else key, found["n"], start + found.start("n"), start + found.start())
    for found in _compiled(OPTIMIZER).finditer(sentence) if "optimi" in words else ():
        group = 1 if found[1] else 2
        yield Pair("optimizer", found[group], start + found.start(group), start + found.start())


def _of_pretraining(before: str) -> bool:
    """Whether the words before a number speak of pretraining last, in a sentence that tells of a fine-tuning too."""
    pretraining, finetuning = ([found.end() for found in each.finditer(before)][-1:] for each in (PRETRAINING, FINETUNING))
    return bool(pretraining) and pretraining > finetuning


def _batch_size(whose: str) -> str:
    return "total_train_batch_size" if whose.lower() in TOTALS else "eval_batch_size"


def _plain(pair: Pair) -> str:
    number = read_value(pair.value, 0, exact=True)
    return str(number.value.normalize()) if number and number.value is not None else pair.value.lower()
