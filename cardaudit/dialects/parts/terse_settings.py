"""Settings listed on a line as notes have them: "3 epochs, batch 16 × 2 grad accum, lr 2e-4 (cosine)", "LoRA: r=16, alpha=32".

Each part between commas and brackets is read alone, and only where it is a setting and nothing else; a line counts where two are.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from cardaudit.dialects.parts.hyperparameters import FAMILIAR
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.told_settings import OTHERS, PRETRAINING
from cardaudit.patterns import deferred

FIRST_SIGNS = ("atch", "poch", "lr ", "lr=", "r=", "seed", "LR ", "lpha", " bs ")
SIGNS = (
    *("epoch", "batch", " bs ", "lr", "LR", "earning rate", "rank", "r=", "r =", "lpha", "seed"),
    *("max_", "teps", "warm", "decay", "imgsz"),
)
PART = deferred(r"(?:[^,;·|()\[\]`.→]|(?<=\d),(?=\d{3}(?!\d))|\.(?!\s)|(?<=[Gg]rad)\.)+")
STOPPED = deferred(r"(?:\bwith )?\bearly[ -]stopp\w*[^,;·|()]{0,80}", re.I)  # how long a training may last, and what it waits for
LEAD = deferred(r"(?:[A-Z][\w -]{1,30}:\s+)?(?:(?:and|with|using|at|for|trained|fine-?tuned|LoRA|QLoRA|DoRA)\s+)*", re.I)
IS = r"(?:\s?[=:]\s?|\sof\s|\s)"
NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
COUNT = r"\d{1,3}(?:,\d{3})+|\d+k?"
TIMES = r"\s?[x×*]\s?"
ACCUM = r"(?:grad(?:ient)?\.?[ _-]?)?acc(?:um)?(?:ulation)?\.?(?:[ _-]steps?)?"
FORMS = tuple(
    deferred(pattern, re.I)
    for pattern in (
        rf"(?P<num_epochs>{NUMBER})\sepochs?(?:\sat\simgsz\s(?P<imgsz>\d+))?",
        rf"epochs?{IS}(?P<num_epochs>{NUMBER})",
        rf"imgsz{IS}(?P<size>\d+)",
        rf"(?:per[ -]device\s)?(?:train\s)?(?:batch(?:[ _-]?size)?|bs(?==|\s\d)){IS}(?P<train_batch_size>\d+)"
        rf"(?:{TIMES}(?P<gradient_accumulation_steps>\d+)\s{ACCUM}|{TIMES}(?P<num_devices>\d+)\sGPUs?|\s(?:per\sdevice|per\sGPU)"
        rf"|(?:\s(?:per\sdevice|per\sGPU|each))?{TIMES}(?P<devices>\d+)\sGPUs?{TIMES}(?P<accumulated>\d+)\s{ACCUM}"
        r"(?:\s=\s(?P<total_train_batch_size>\d+))?"
        r"|\swith\s[\w-]+\.pt)?",
        rf"(?P<train_batch_size>\d+){TIMES}(?P<gradient_accumulation_steps>\d+)\s{ACCUM}",
        rf"(?:effective|total|global)\sbatch(?:[ _-]?size)?{IS}(?P<total_train_batch_size>\d+)",
        rf"{ACCUM}{IS}(?P<gradient_accumulation_steps>\d+)",
        rf"(?:peak\s|base\s|max\s)?(?:lr|learning[ _-]rate){IS}(?P<learning_rate>{NUMBER})"
        rf"(?:\swith\s(?P<warmed>{COUNT})\swarm-?up\ssteps)?",
        rf"label[ _-]smoothing{IS}(?P<label_smoothing_factor>{NUMBER})",
        rf"(?:linear\s)?warm-?up{IS}(?P<lr_scheduler_warmup_steps>{COUNT})\ssteps",
        rf"(?P<lr_scheduler_warmup_steps>{COUNT})\swarm-?up\ssteps|warm-?up[ _]steps{IS}(?P<warmup_steps>{COUNT})",
        rf"warm-?up(?:[ _]ratio)?{IS}(?P<lr_scheduler_warmup_ratio>0?\.\d+|\d{{1,2}}(?:\.\d+)?\s?%)",
        r"(?:linear\s)?(?P<warmup_ratio>\d{1,2}(?:\.\d+)?\s?%)\swarm-?up",
        r"(?P<lr_scheduler_type>linear|cosine|constant|poly(?:nomial)?|WSD|constant_with_warmup"
        r"|cosine_with_restarts)(?:\s(?:lr|learning[ -]rate))?(?:\s(?:schedule[rd]?|decay))?"
        r"(?:\swith\s(?P<lr_scheduler_warmup_ratio>\d{1,2}(?:\.\d+)?\s?%)\swarm-?up)?",
        rf"(?P<training_steps>{COUNT})\s(?:training\s)?steps|(?:training\s|max[ _]|total\s)?steps{IS}(?P<max_steps>{COUNT})",
        rf"(?:max(?:imum)?[ _])?(?:seq|sequence)[ _]len(?:gth)?{IS}(?P<max_seq_length>{COUNT})",
        rf"max[ _]?len(?:gth)?{IS}(?P<max_length>{COUNT})",
        rf"(?:random\s)?seed{IS}(?P<seed>\d+)",
        rf"(?:weight[ _]decay|wd){IS}(?P<weight_decay>{NUMBER})",
        rf"(?:lora[ _])?(?:r|rank){IS}(?P<lora_r>\d+)",
        rf"(?:lora[ _])?(?:alpha|α){IS}(?P<lora_alpha>\d+)",
        rf"(?:lora[ _])?dropout{IS}(?P<lora_dropout>\d(?:\.\d+)?)",
        r"(?P<optimizer>Adam|AdamW|SGD|Adafactor|Lion|paged_adamw_8bit|adamw_8bit|AdamW\s8-?bit)",
    )
)
ALIASES = {
    "max_steps": "training_steps",
    "warmup_ratio": "lr_scheduler_warmup_ratio",
    "devices": "num_devices",
    "size": "imgsz",
    "accumulated": "gradient_accumulation_steps",
    "warmup_steps": "lr_scheduler_warmup_steps",
    "warmed": "lr_scheduler_warmup_steps",
}
OF_LORA = ("lora_r", "lora_alpha", "lora_dropout")
LORA = deferred(r"(?<![A-Za-z])[QD]?-?(?:rs)?LoRA(?![A-Za-z])", re.I)
CORE = frozenset(("learning_rate", "train_batch_size", "total_train_batch_size", "num_epochs", "lora_r"))
SCHEDULED = frozenset(("optimizer", "learning_rate", "lr_scheduler_warmup_steps", "lr_scheduler_warmup_ratio"))
ON_DEVICE = deferred(r"\son\s(?:an?\s|one\s)?(?:\d{1,4}\s?[x×]?\s?)?[A-Z][\w -]{1,30}\Z")
PRECISION = deferred(
    r"[ *_`]*(?:[bf]p?f?(?:16|32)|tf32|mixed precision|4-bit(?: NF4)?|8-bit|QLoRA|LoRA|packing"
    r"|flash[ -]attention(?: 2)?)[ *_`.]*",
    re.I,
)
LONE = deferred(rf"{NUMBER}%?")
APART = deferred(r"\s(?=[A-Za-z_]{1,20}=\d|\d+ epochs?\b)")  # "2 epochs lr=3e-5 batch=32"
ARGUMENT = deferred(rf"\s*([a-z]+(?:_[a-z0-9]+)+)\s?[:=]\s?({NUMBER})\s*")
FEWEST = 2
LONGEST_LINE = 400


def terse_settings(text: str, start: int) -> Iterator[Pair]:
    """The settings of such lines, each key once; none of a key that a line gives two values."""
    if not any(map(text.__contains__, FIRST_SIGNS)) or sum(map(text.count, SIGNS)) < FEWEST:
        return
    at = 0
    for line in text.split("\n"):
        if "topp" in line:
            line = STOPPED.sub(lambda found: " " * len(found[0]), line)
        if len(line) <= LONGEST_LINE and not (OTHERS.search(line) or PRETRAINING.search(line)):
            yield from _of_line(line, start + at)
        at += len(line) + 1


def _of_line(line: str, start: int) -> list[Pair]:
    found: dict[str, Pair] = {}
    twice, last, whole = set[str](), set[str](), True
    for part in PART.finditer(line):
        words = part[0]
        if LONE.fullmatch(words.strip(" .*_`")):
            twice |= last  # "lr 1e-5, 2e-5": a search
            continue
        pairs = _of_part(words, start + part.start())
        if {pair.label for pair in pairs} == {"lr_scheduler_type"} and " " not in words.strip() and last.isdisjoint(SCHEDULED):
            pairs = []
        whole = whole and (bool(pairs) or not words.strip(" *_`.-") or PRECISION.fullmatch(words) is not None)
        for pair in pairs:
            if pair.label in found and found[pair.label].value != pair.value:
                twice.add(pair.label)
            found.setdefault(pair.label, pair)
        last = {pair.label for pair in pairs} or (last if not words.strip() else set())
    if not LORA.search(line):
        twice.update(OF_LORA)
    told = [pair for key, pair in found.items() if key not in twice]
    return told if len(told) >= FEWEST and (whole or not CORE.isdisjoint(pair.label for pair in told)) else []


def further_settings(pair: Pair) -> list[Pair]:
    """The settings behind the first of a pair's value: "AdamW, weight decay 0.1", "4e-4, WSD schedule, 2000 warmup steps"."""
    parts = list(PART.finditer(pair.value))[1:] if "," in pair.value and len(pair.value) <= LONGEST_LINE else []
    if not parts or OTHERS.search(pair.value) or any(LONE.fullmatch(part[0].strip(" .*_`")) for part in parts[:1]):
        return []
    told = [each for part in parts for each in _of_part(part[0], pair.start + part.start()) if each.label not in OF_LORA]
    named = ((part, ARGUMENT.fullmatch(part[0])) for part in parts)
    return told + [
        Pair(found[1], found[2], pair.start + part.start() + found.start(2), pair.start + part.start() + found.start(1))
        for part, found in named
        if found and found[1] in FAMILIAR
    ]


def _of_part(words: str, start: int) -> list[Pair]:
    """The settings of a part that is nothing else."""
    lead = len(words) - len(words.lstrip(" *_`-"))
    found = LEAD.match(words, lead)
    lead = found.end() if found and not words[found.end() :].replace(",", "").strip(" .*_`").isdigit() else lead  # "Steps: 900"
    bare = ON_DEVICE.sub("", words[lead:].rstrip(" .*_`"))
    for form in FORMS:
        if told := form.fullmatch(bare):
            return [
                Pair(ALIASES.get(key, key), value, start + lead + told.start(key), start + lead)
                for key, value in told.groupdict().items()
                if value
            ]
    return _of_blanks(bare, start + lead) if bare.count("=") > 1 else []


def _of_blanks(words: str, start: int) -> list[Pair]:
    """The settings of a part that parts them by blanks alone, each with its sign; none where one is no setting."""
    cuts = [0, *(found.end() for found in APART.finditer(words)), len(words)]
    told = [_of_part(words[at:end], start + at) for at, end in pairwise(cuts) if words.count("=", at, end) < FEWEST]
    return [pair for pairs in told for pair in pairs] if all(told) and len(told) == len(cuts) - 1 else []
