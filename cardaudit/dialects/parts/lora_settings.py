"""The settings of an adapter by the short names that they have under its own heading: "r = 16" below "LoRA config"."""

from collections.abc import Callable, Mapping

from cardaudit.dialects.parts.pairs import Pair
from cardaudit.patterns import deferred

LORA = deferred(r"\b(?:[QD]?-?(?:rs)?LoRA|PEFT|adapter)s?\b")
SHORT: Mapping[str, str] = {
    "r": "lora_r",
    "rank": "lora_r",
    "rank (r)": "lora_r",
    "alpha": "lora_alpha",
    "α": "lora_alpha",
    "dropout": "lora_dropout",
    "target modules": "lora_target_modules",
    "target_modules": "lora_target_modules",
    "bias": "lora_bias",
}
WHOLE: Mapping[str, str] = {"lora rank (r)": "lora_r", "lora r (rank)": "lora_r", "lora rank r": "lora_r"}


def of_lora(pair: Pair, heading: str, lead: Callable[[], str]) -> Pair:
    """The pair, with PEFT's own name of the setting where the heading above it or the lead of its list speaks of LoRA."""
    label = pair.label.lower()
    if label in WHOLE:
        return pair._replace(label=WHOLE[label])
    if label not in SHORT or LORA.search(f"{heading}\n{lead()}") is None:
        return pair
    return pair._replace(label=SHORT[label])
