"""Hyperparameters by any of their spellings, and the optimizer line."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from functools import lru_cache

from cardaudit.dialects.parts.keras_optimizer import keras_optimizer
from cardaudit.dialects.parts.numbers import ZERO, is_integer, read_value, read_word
from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import Hyperparameters, OptimizerLine, Printed, Span

KEYS = tuple(field.name for field in fields(Hyperparameters) if field.name != "other")
WHOLE_KEYS = frozenset(key for key in KEYS if key.endswith("batch_size") or key in ("seed", "num_devices", "training_steps"))
TEXT_KEYS = frozenset(("distributed_type", "lr_scheduler_type", "mixed_precision_training"))
NAMES = load("hyperparameter_names")
BY_SPELLING: Mapping[str, str] = {each: key for key, spellings in NAMES["spellings"].items() for each in spellings} | {
    key: key for key in (*KEYS, "optimizer")
}
FAMILIAR = frozenset(NAMES["familiar"])
ARGUMENTS = frozenset((*BY_SPELLING, *FAMILIAR, *NAMES["arguments"]))  # names that say nothing but in training code
NOT_WORD = deferred(r"[\W_]+")
REMARK = deferred(r"\([^)]{0,80}\)")
REST = deferred(r"\s(?:[—–]|-{1,2}|\()\s*")
OPTIMIZER_NAME = deferred(r"(?:use[ ]+)?(?:the[ ]+)?(?:optimizernames\.)?([a-z0-9][\w.+-]*(?: adam\w*)?)", re.I)
KNOWN_OPTIMIZER = deferred(
    r"\b(adam\w*|adafactor|sgd\w*|rmsprop\w*|adagrad\w*|lion\w*|lamb\w*|nadam|radam|adadelta|ademamix\w*|galore\w*|apollo\w*)\b",
    re.I,
)
LINK = deferred(r"\[([^\]]*)\]\([^)]*\)")
BETA = r"(?:β|[Bb]eta)[_*{<sub> ]{0,6}%d[}</sub> $\\)]{0,8}(?:[=:]|of\b)\s?[$]?(0?\.\d{1,6})"
TWO = r"[(\[]\s*([\d.eE-]+)\s*,\s*([\d.eE-]+)"
BETAS = deferred(
    rf"betas?\s*(?:=|:|of)?\s*{TWO}|{BETA % 1}(?!\d).{{1,20}}?{BETA % 2}(?!\d)|(?:β|beta)[_{{]{{0,2}}2\W{{0,6}}=\s?{TWO}"
)
EPSILON = deferred(  # also as LaTeX has it: "$\epsilon=10^{-8}$", "\epsilon = 1e^{-6}"
    r"(?<![A-Za-z])(?:eps(?:ilon)?|ε)[\s$\\)]{0,6}(?:[=:]|of\b)?[\s$]{0,4}"
    r"((?:10\s?(?:\^|<sup>)\s?\{?\s?|\d+(?:\.\d+)?(?:[eE]\^?\{?)?)[-−–+]?\d+|\d+(?:\.\d+)?)(?!\.?\d|\s?[\^×x]|\s?\\(?:times|cdot))"
)
POWER = deferred(r"10\s?(?:\^|<sup>)\s?\{?\s?")
SAMPLER = deferred(r"\b(?:DDIM|DDPM|PNDM|LMS|UniPC|DPM\+*|Euler|Heun|Karras)", re.I)
ROUND_COUNT = deferred(r"\d[\d.,]*\s?(?:[kKM]|million|thousand)(?![\w.])")
DOTTED = deferred(r"\d{1,3}(?:\.\d{3})+")  # "1.446" steps, as German parts thousands: there is no part of a step
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")  # as sentences spell a number of epochs
COUNT_KEYS = frozenset(("training_steps", "lr_scheduler_warmup_steps"))
QUOTED = deferred(r"(['\"])([^'\"\n]{1,60})\1")
MAX_TEXT = 60
MOST_WORDS = 4  # "Apex, opt level O1" (transformers 4.6 to 4.57)
LITERALS = ("{}", "[]", "()")
MAX_LITERAL = 2_000
MOST_KEPT = 10_000  # labels are the authors' own: kept for speed, and not for ever


@lru_cache(MOST_KEPT)
def hyperparameter_key(label: str) -> str:
    """A label in snake case, brought to the Trainer's key where it is another spelling of one."""
    key = NOT_WORD.sub("_", REMARK.sub(" ", label).lower()).strip("_")
    return BY_SPELLING.get(key, key)


def setting_key(label: str, value: str) -> str:
    """The key of a setting. A max_steps of -1 is the Trainer's word for "as many as the epochs have": no number of steps."""
    key = hyperparameter_key(label)
    return "max_steps" if key == "training_steps" and value.strip() == "-1" else key


def read_setting(key: str, text: str, start: int, label: str) -> Printed | None:
    """A hyperparameter's value, exact as printed: a number where one is due, else the first words; None where nothing fits.

    A list or dict of an unknown key ("[1, 2]", "{'xla': False}") is kept as it is printed.
    """
    if key not in TEXT_KEYS:
        if key in COUNT_KEYS and (count := ROUND_COUNT.match(text)):
            return read_word(count[0], start, label)  # "10K" may be rounded: it prints no number that arithmetic could use
        if key == "num_epochs" and text.lower() in COUNTS:
            return Printed(text, Decimal(COUNTS.index(text.lower()) + 1), ZERO, Span(start, start + len(text)), label)
        number = read_value(text, start, label, exact=True)
        if number is not None and key == "training_steps" and DOTTED.fullmatch(number.text):
            return replace(number, value=Decimal(number.text.replace(".", "")))
        if number is not None and key in WHOLE_KEYS and (not is_integer(number) or number.text.startswith("-")):
            return None
        if number is not None or key in KEYS:
            return number
    if text[:1] + text[-1:] in LITERALS and len(text) <= MAX_LITERAL and key not in KEYS:
        return Printed(text, None, ZERO, Span(start, start + len(text)), label)
    words = REST.split(text, maxsplit=1)[0].rstrip(" .;,")
    if key == "lr_scheduler_type":
        words = words.partition(", ")[0]  # "linear, 10 % warm-up"
    if quoted := QUOTED.fullmatch(words):
        start, words = start + 1, quoted[2]
    if "_" in words and (words in BY_SPELLING or words in FAMILIAR):
        return None  # a variable of the script
    found = read_word(words, start, label)
    return found if found.text and len(found.text) <= MAX_TEXT and (key not in TEXT_KEYS or _is_name(found.text)) else None


def _is_name(text: str) -> bool:
    """Whether a text can name a schedule or a device: a few words, no call, no sampler of a diffusion model."""
    return len(text.split()) <= MOST_WORDS and "(" not in text and SAMPLER.match(text) is None


def read_optimizer(text: str, start: int) -> OptimizerLine | None:
    """An optimizer line of any Trainer, of Keras (a dict) or in prose; None where it names none."""
    stands = text.strip()
    span = Span(start, start + len(stands))
    if stands.startswith("{"):
        return keras_optimizer(stands, span)
    name = _optimizer_name(LINK.sub(r"\1", stands))
    if name is None or name == "none":
        return None
    betas, epsilon = BETAS.search(stands), EPSILON.search(stands)
    return OptimizerLine(stands, name, _pair(betas), _power(epsilon[1]) if epsilon else None, span)


def _optimizer_name(text: str) -> str | None:
    named = OPTIMIZER_NAME.match(text)
    known = KNOWN_OPTIMIZER.search(text)
    if named and (known is None or known[1].lower() in named[1].lower()):
        words = text[named.end() :].split()[:1]
        if known or not words or words[0].lower() in ("with", "and"):
            return named[1].rstrip(".").rpartition(".")[2].lower().replace(" ", "_")
    return known[1].lower() if known else None


def _pair(found: re.Match[str] | None) -> tuple[float, float] | None:
    texts = [text for text in found.groups() if text][:2] if found else []
    first, second = map(_float, texts) if len(texts) == 2 else (None, None)
    return (first, second) if first is not None and second is not None else None


def _power(text: str) -> float | None:
    """The number of "1e-8", "1e^{-8}" or "10^{-8}"."""
    plain = POWER.sub("1e", text).replace("^", "").replace("{", "")
    return _float(plain.replace("−", "-").replace("–", "-"))


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
