"""An adapter's settings differ from those that its configuration holds.

## What it does
Holds rank, alpha, dropout, target modules and kind of an adapter, as the card states them, against adapter_config.json.

## Condition
PEFT writes the configuration beside the adapter's weights, and `from_pretrained` builds the adapter from it: weights of another
rank would not load (peft/config.py, `save_pretrained`). The card's number is not the file's, its list of modules is another, it
states settings of LoRA and the file is of another kind, or its task is none of the file's `task_type`.

## When it stays silent
Without adapter_config.json; for rank and alpha where the file has a pattern of several; for modules that the card calls "all
linear"; for tasks that adapters of more than one type do.

## Usual causes
A card written for an earlier run, or copied from a sibling; a second adapter pushed over the first.

## Example
`lora_r: 16` beside an adapter_config.json with `"r": 8`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Printed, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evidence import need_evidence

if TYPE_CHECKING:
    from cardaudit.records import Card, Fact

FILE = "adapter_config.json"
SPELLINGS = {"lora_r": ("lora_r", "lora_rank"), "lora_alpha": ("lora_alpha",), "lora_dropout": ("lora_dropout",)}
LISTS = ("target_modules", "lora_target_modules", "lora_target")
PATTERNS = {"lora_r": "rank_pattern", "lora_alpha": "alpha_pattern"}
NEAR = {
    "lora_alpha": deferred(r"\balpha\b\s*(?:=|:|of|is)?\s*(\d+)(?![\w.]*\d)", re.IGNORECASE),
    "lora_dropout": deferred(r"\bdropout\b\s*(?:=|:|of|is)?\s*(0?\.\d+)", re.IGNORECASE),
}
MODULE = deferred(r"[A-Za-z_][\w.]*")
PROJECTION = deferred(r"\b[a-z]+_proj\b")
OTHER_TASKS = {
    "TOKEN_CLS": {"text-generation", "text2text-generation", "translation", "summarization", "question-answering"},
    "SEQ_CLS": {"token-classification", "translation", "summarization", "automatic-speech-recognition"},
    "QUESTION_ANS": {"token-classification", "text-classification", "translation"},
}


class Pair(NamedTuple):
    """What the card states of one setting, where, and what the file holds."""

    key: str
    stated: str
    span: Span
    fact: "Fact"
    agrees: bool


@rule(kind="suspicious", severity="error", confidence="likely", needs=("evidence",))
def check(subject: Subject) -> Iterator[Hit]:
    facts = {fact.key: fact for fact in need_evidence(subject).facts if fact.file == FILE}
    if not facts:
        raise NotCheckable(f"the repository has no {FILE}")
    pairs = [*_numbers(subject.card, facts), *_modules(subject.card, facts), *_kinds(subject.card, facts)]
    if not pairs:
        raise NotCheckable(f"the card states nothing that {FILE} holds")
    wrong = [pair for pair in pairs if not pair.agrees]
    if not wrong:
        return
    words = listed([f"{pair.key} is stated as {pair.stated} and is {_shown(pair.fact.value)}" for pair in wrong])
    agree = len(pairs) - len(wrong)
    others = f"; {agree} other {'setting agrees' if agree == 1 else 'settings agree'}" if agree else ""
    arithmetic = {pair.key: {"card": pair.stated, "file": pair.fact.value} for pair in wrong}
    yield Hit(f"{words} in {FILE}{others}", tuple(pair.span for pair in wrong), arithmetic)


def _numbers(card: "Card", facts: "dict[str, Fact]") -> Iterator[Pair]:
    for key in SPELLINGS:
        fact, stated = facts.get(key), _stated(card, key)
        if fact is None or stated is None or PATTERNS.get(key) in facts:
            continue
        if isinstance(fact.value, int | float) and not isinstance(fact.value, bool) and stated.value is not None:
            same = abs(stated.value - Decimal(repr(fact.value))) <= (stated.slack if key == "lora_dropout" else 0)
            yield Pair(key, stated.text, stated.span, fact, same)


def _stated(card: "Card", key: str) -> Printed | None:
    """A setting of the card; alpha and dropout also as prose has them in the line that states the rank."""
    others = card.hyperparameters.other
    if (found := next((others[name] for name in SPELLINGS[key] if name in others), None)) is not None:
        return found
    line = _line_of_rank(card)
    match = NEAR[key].search(card.text, line.start, line.end) if line and key in NEAR else None
    return Printed(match[1], Decimal(match[1]), Decimal(0), Span(*match.span(1))) if match else None


def _line_of_rank(card: "Card") -> Span | None:
    rank = next((card.hyperparameters.other[name] for name in SPELLINGS["lora_r"] if name in card.hyperparameters.other), None)
    if rank is None:
        return None
    end = card.text.find("\n", rank.span.end)
    return Span(card.text.rfind("\n", 0, rank.span.start) + 1, end if end >= 0 else len(card.text))


def _modules(card: "Card", facts: "dict[str, Fact]") -> Iterator[Pair]:
    fact = facts.get("target_modules")
    if fact is None or not isinstance(fact.value, list) or not all(isinstance(each, str) for each in fact.value):
        return
    others, line = card.hyperparameters.other, _line_of_rank(card)
    printed = next((others[name] for name in LISTS if name in others), None)
    if printed is not None:
        names, span = set(MODULE.findall(printed.text)), printed.span
    else:
        found = list(PROJECTION.finditer(card.text, line.start, line.end)) if line else []
        names = {match.group() for match in found}
        span = Span(found[0].start(), found[-1].end()) if found else Span(0, 0)
    if names and "all" not in {name.partition("-")[0] for name in names} and "linear" not in names:
        held = {str(each).rpartition(".")[2] for each in fact.value}
        yield Pair("target_modules", ", ".join(sorted(names)), span, fact, {name.rpartition(".")[2] for name in names} == held)


def _kinds(card: "Card", facts: "dict[str, Fact]") -> Iterator[Pair]:
    rank, kind, task = _stated(card, "lora_r"), facts.get("peft_type"), facts.get("adapter_task_type")
    if rank is not None and kind is not None and isinstance(kind.value, str) and "lora" not in kind.value.lower():
        yield Pair("peft_type", "LoRA", rank.span, kind, False)
    if task is not None and card.task is not None and card.task.text in OTHER_TASKS.get(str(task.value), ()):
        yield Pair("task_type", card.task.text, card.task.span, task, False)


def _shown(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, list) else str(value)
