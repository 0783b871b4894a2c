"""The configuration was made from another model than the card names.

## What it does
Compares the card's base model with `base_model_name_or_path` of adapter_config.json, where PEFT noted what the adapter was
trained on, or else with `_name_or_path` of config.json, where `from_pretrained` noted what it loaded.

## Condition
Both are Hub ids, and they differ in more than the owner (`bert-base-uncased` is `google-bert/bert-base-uncased` today), the word
"Meta", which Llama's names lost, and what tells a quantized copy (`unsloth/llama-3-8b-bnb-4bit` is `meta-llama/Meta-Llama-3-8B`).

## When it stays silent
Where the configuration holds a local path, the model's own name, or nothing (transformers 5 no longer writes it in config.json).
Where the text of the card names an adapter's base as well.

## Usual causes
A second fine-tuning on top of a first; a card copied from a sibling.

## Example
The card names distilbert-base-uncased, config.json roberta-base.
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evidence import need_evidence, need_fact

COPY = deferred(r"([-_](unsloth|bnb|[48]-?bit|int[48]|fp8|fp16|bf16|gptq|awq|nf4|hqq|quantized|dynamic|hf))+$")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("evidence",))
def check(subject: Subject) -> Iterator[Hit]:
    evidence, card = need_evidence(subject), subject.card
    if card.base_model is None:
        raise NotCheckable("the card names no base model")
    fact = evidence.first("adapter_base_model") or need_fact(evidence, "name_or_path", "config.json")
    loaded, named, value = _last(str(fact.value)), _last(card.base_model.text), str(fact.value)
    if not loaded or value.startswith((".", "/", "~")) or value.count("/") > 1 or "\\" in value:
        raise NotCheckable(f"{fact.file} was made from a local folder")
    if loaded in (named, _last(card.source.name)) or (fact.key == "adapter_base_model" and value in card.text):
        return
    made = "is of an adapter of" if fact.key == "adapter_base_model" else "was made from"
    message = f"the card names {card.base_model.text}, {fact.file} {made} {value}"
    yield Hit(message, (card.base_model.span,), {"card": card.base_model.text, "configuration": value})


def _last(name: str) -> str:
    """A name without its owner, and without what tells a copy of the same weights."""
    return COPY.sub("", name.rstrip("/").rpartition("/")[2].lower().removeprefix("meta-"))
