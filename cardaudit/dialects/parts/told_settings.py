"""Hyperparameters in sentences: "trained for 3 epochs with a batch size of 32 and a learning rate of 5e-5".

Only what speaks of training is read, only exact numbers ("about 3 epochs" is none), and at the end only what all sentences of the
card agree on: a card that tells of two trainings says too little to know which number is whose.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cardaudit.dialects.parts.hyperparameters import BETAS, COUNTS, EPSILON, KNOWN_OPTIMIZER
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.setting_phrases import BOTH, NAMED, OPTIMIZER
from cardaudit.patterns import deferred

SIGNS_OF_SETTINGS = (
    "epoch",
    "atch",
    "earning",
    " step",
    "ptimi",
    "decay",
    "seed",
    "equence len",
    "equence Len",
    "aining precision",
    " iterations",
    " updates",
    "ropout",
)
STEMS = ("train", "tun", "optimi", "hyper", "dreambooth")  # one in each match of the next
TRAINING = deferred(
    r"\b(?:re-?|pre-?|fine-?)?\s?(?:train|tun)(?:ed|ing)?\b|optimi[sz]er|training|\bhyper-?parameters:|\bdreambooth\b", re.I
)
PRETRAINING = deferred(r"(?<!_)(?<!ontinued )(?<!urther )pre-?\s?train", re.I)  # no function's name, and not from a base on
TUNES = ("tune", "Tune", "TUNE")
TUNED = deferred(r"[Ff](?i:ine-?\s?tuned?)\b")
IS_TUNED = deferred(r"\b(?:was|were|been|is an?|then|we|and|further) (?:then |further |also |subsequently )?\Z", re.I)
OF_ANOTHER = deferred(
    r"(?<!\bis )(?<!\bis a )(?<!\bis an )(?<!\bis the )\[[^\[\]\n]{1,100}\]\([^()\s]{1,200}\),?"
    r" (?:which|that) (?:has been|was|is)(?: an?)? \Z"
)
WE = deferred(r"\b[Ww]e\b[^.\n]{0,80}\Z")
TO_MEASURE = deferred(r" (?:it )?and (?:then )?evaluated?\b", re.I)
MEASURES = deferred(r"\b(?:evaluat\w+|metrics|benchmarks?)\b", re.I)
TUNED_HEADING = deferred(r"\n#+ .*(?<!_)[Ff](?i:ine-?\s?tuned)\b")
LOOKED_BACK = 300
LONGEST_NEXT = 300
LONGEST_SECTION = 5_000
LONGEST_BEFORE = len("further subsequently ")
FINETUNING = deferred(r"fine-?\s?tun", re.I)
OTHERS = deferred(
    r"\b(?:inference|generat(?:ion(?! data\b)|ing)|decoding|latency|throughput|baselines?|search(?:ed)?|grid|sweep"
    r"|candidates?(?!\s(?:set|answer|passage|document))"
    r"|(?:first|second|third|last|final) (?:training )?(?:epoch|phase|stage)|(?:phase|stage) (?:[1-3]|one|two)"
    r"|version [0-9]+ was|top[-_ ][kp]|temperature|of GPU memory|VRAM|between|calibrat\w*|quanti[sz]\w*"
    r"|(?<!\bwith )early stopp\w*)\b",
    re.I,
)
TOTALS = ("total", "effective", "global", "overall")
OTHER_UNIT = (
    r"\s(?:training\s)?(?:epochs?|steps?|[a-z]*[gt]pus?|learning|warm|grad\w*|accum\w*|iterations?|seeds?|text\sencoder|batch|vectors"
    r"|images)\b"
)
ENDS = deferred(
    r"[*_`\"']{0,2}(?!\s*(?:[x×*/^:·⋅–—-]|to\b)\s*[*_`]{0,2}\d)"
    rf"(?!\s*(?:and\b|or\b|,)\s*[*_`]{{0,2}}\d[\d.,e-]*+(?!{OTHER_UNIT}))(?![\w%^])(?!['’]\d|\]\()(?!\s?(?:[x×]|\\))",
    re.I,
)
NOT_COUNTED = deferred(r"[ -]?(?:tokens|million|thousand|billion|images|hours|words|characters|%|percent)", re.I)
IN_PART = deferred(r"[^.]{0,40}?(?:%|\bremaining\b|\bthen\b|\bfirst\b|\bmost\b|\bfollowed\b)")  # a length of some of the steps
BROKEN = deferred(r"(?:[ \t]{1,9}\r?\n[ \t]{0,9}|\r?\n[ \t]{1,9})(?=[a-z0-9])(?![\w -]{0,40}[:=])")  # a line that goes on
CONTINUED = deferred(r"\bcontinue[sd]? [^.]{0,60}\b(?:additional|extra|another)\b", re.I)
STOP = deferred(r"[.!?](?:\s|$)|\n\s*\n| {2,}\r?\n(?=[A-Z])")
CONTRAST = deferred(r"\b(?:instead of|rather than|as opposed to|in contrast to) [^,;()\n]{0,100}", re.I)


def tells_settings(text: str, about_training: bool = False) -> bool:
    """Whether a paragraph may tell of a training's settings: a quick look, before anything is searched for.

    `about_training`: the heading or the line above it speaks of training, so that it need not.
    """
    if not any(map(text.__contains__, SIGNS_OF_SETTINGS)):
        return False
    return about_training or (any(map(text.lower().__contains__, STEMS)) and TRAINING.search(text) is not None)


def is_finetuned(text: str, start: int) -> bool:
    """Whether a text says from an offset on that its model was fine-tuned, in a sentence or in a heading.

    "such as [acme/pond](…) which has been fine-tuned" speaks of another repository.
    """
    if not any(map(text.__contains__, TUNES)):
        return False
    for found in TUNED.finditer(text, start):
        if IS_TUNED.search(text, max(start, found.start() - LONGEST_BEFORE), found.start()) and _is_own(text, start, found):
            return True
    return TUNED_HEADING.search("\n" + text[start:]) is not None


def _is_own(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a fine-tuning is the card's model's, and no other's, no measurement's and no advice."""
    before = text[max(start, found.start() - LOOKED_BACK) : found.start()]
    if "](" in before and OF_ANOTHER.search(before):
        return False
    if not found[0].endswith("d") and not WE.search(before):
        return False
    if TO_MEASURE.match(text, found.end()):
        return False
    at = text.rfind("\n#", max(start, found.start() - LONGEST_SECTION), found.start())
    heading = text[at + 1 : text.find("\n", at + 1)] if at >= 0 else ""
    return MEASURES.search(heading) is None or TRAINING.search(heading) is not None


def told_settings(text: str, start: int, finetuned: bool) -> Iterator[Pair]:
    """The settings that a paragraph tells, as pairs of a key and its number. A `finetuned` model's pretraining is another's."""
    if finetuned and _is_pretraining(text):
        return
    if BROKEN.search(text):
        yield from _in_whole_lines(text, start, finetuned)
        return
    begin = 0
    for end in [*(found.end() for found in STOP.finditer(text)), len(text)]:
        sentence = text[begin:end]
        spoken = any(sign in sentence for sign in SIGNS_OF_SETTINGS) and not OTHERS.search(sentence)
        if spoken and not (finetuned and _is_pretraining(sentence)):
            yield from _in_sentence(sentence, start + begin, text[end : end + LONGEST_NEXT])
        begin = end


def _in_whole_lines(text: str, start: int, finetuned: bool) -> Iterator[Pair]:
    """The same where a sentence's lines end or begin with blanks: "a learning \\nrate of 2e-05". Each break becomes one blank."""
    kept: list[int] = []
    for found in BROKEN.finditer(text):
        kept += range(kept[-1] + 1 if kept else 0, found.start())
        kept.append(found.end() - 1)
    kept += range(kept[-1] + 1, len(text))
    breaks = {found.end() - 1 for found in BROKEN.finditer(text)}
    plain = "".join([" " if at in breaks else text[at] for at in kept])
    for pair in told_settings(plain, 0, finetuned):
        begin, end = kept[pair.start], kept[pair.start + len(pair.value) - 1] + 1
        yield Pair(pair.label, text[begin:end], start + begin, start + kept[pair.begin])


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


def _in_sentence(sentence: str, start: int, after: str) -> Iterator[Pair]:
    words = sentence.lower()
    words = f"{words} lr" if "learning" in words else words  # its other spelling
    if both := _compiled(BOTH).search(sentence) if "batch" in words else None:
        for key in ("train_batch_size", "eval_batch_size"):
            yield Pair(key, both["n"], start + both.start("n"), start + both.start())
    contrast = CONTRAST.search(sentence)
    mixed = PRETRAINING.search(sentence) is not None and FINETUNING.search(sentence) is not None
    for key, sign, pattern in NAMED:
        for found in _compiled(pattern).finditer(sentence) if sign in words else ():
            at = found.end("n")
            marks = ENDS.match(sentence, at)
            if marks and key == "max_seq_length" and IN_PART.match(sentence, marks.end()):
                break  # another length follows
            if marks is None or (key != "max_seq_length" and NOT_COUNTED.match(sentence, marks.end())):
                continue
            if key == "training_steps" and CONTINUED.search(sentence, 0, found.end()):
                continue  # the rest of a longer training
            if contrast and contrast.start() < found.start("n") < contrast.end():
                continue
            if mixed and _of_pretraining(sentence[max(0, found.start() - LOOKED_BACK) : found.start()]):
                continue
            whose = found.groupdict().get("whose")
            yield Pair(_batch_size(whose) if whose else key, found["n"], start + found.start("n"), start + found.start())
    for found in _compiled(OPTIMIZER).finditer(sentence) if any(map(words.__contains__, ("optimi", "adam", "sgd"))) else ():
        begin, end = found.span(found.lastindex or 0)
        told = sentence + _on_optimizer(after) if BETAS.search(sentence, end) is None else sentence
        end = max([end, *(each.end() for part in (BETAS, EPSILON) if (each := part.search(told, end)))])
        yield Pair("optimizer", told[begin:end], start + begin, start + found.start())


def _on_optimizer(after: str) -> str:
    """The next sentence, where it gives the betas and names no optimizer of its own."""
    sentence = after[: found.end()] if (found := STOP.search(after)) else after
    return sentence if BETAS.search(sentence) and not KNOWN_OPTIMIZER.search(sentence) else ""


def _of_pretraining(before: str) -> bool:
    """Whether the words before a number speak of pretraining last, in a sentence that tells of a fine-tuning too."""
    pretraining, finetuning = ([found.end() for found in each.finditer(before)][-1:] for each in (PRETRAINING, FINETUNING))
    return bool(pretraining) and pretraining > finetuning


def _batch_size(whose: str) -> str:
    return "total_train_batch_size" if whose.lower() in TOTALS else "eval_batch_size"


def _plain(pair: Pair) -> str:
    if pair.label == "optimizer":
        return pair.value.split()[0].lower()
    number = read_value(pair.value, 0, exact=True)
    if pair.value.lower() in COUNTS:
        return str(COUNTS.index(pair.value.lower()) + 1)
    return str(number.value.normalize()) if number and number.value is not None else pair.value.lower()
