"""Entity spans behind a card's precision, recall and F1. Not a rule."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from cardaudit.facts import EntityCount, entity_counts, legacy_id
from cardaudit.intervals import entity_counts as spans_behind
from cardaudit.intervals import interval
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import NotCheckable
from cardaudit.rules._columns import Triple, is_number, sets, triples

DOUBLE_PRECISION = Fraction(1, 10**9)
UNCUT = "the support is exact: no sentence of the data set is cut at the default length"
BERT = deferred(r"(?:^|/)(?:distil)?bert-(?:base|large)-uncased$")
ENGLISH_BERT = deferred(
    r"(?:^|/)(?:distil)?bert-(?:base|large|finetuned|tiny|mini|small|medium)\b(?!-multilingual)", re.IGNORECASE
)
OTHER_TASK = deferred(r"\bPOS\b|[-_]pos\b|part[- ]of[- ]speech|\bchunk", re.IGNORECASE)
EXTRACTION = deferred(
    r"(?<![a-z])(?:ner\w*|pos|chunk\w*|layoutlm\w*|lilt|span|tagg\w+|entit\w+|slot\w*|pars(?:er|ing)|conll\w*|funsd|cord|wnut\w*|squad)(?![a-z])",
    re.IGNORECASE,
)
SEQEVAL = deferred(r"seqeval|token[- ]classification|named[- ]entity", re.IGNORECASE)


def counted_dataset(card: Card) -> str:
    """The named data set whose spans are counted; raises NotCheckable where there is none."""
    for mention in card.datasets:
        if entity_counts(mention.id):
            return legacy_id(mention.id) or mention.id
    raise NotCheckable(
        "the entity spans of the named data set have not been counted" if card.datasets else "no data set is named"
    )


def printed_triples(card: Card) -> tuple[Triple, ...]:
    """Distinct micro-averaged triples in (0, 1); raises NotCheckable where there is none."""
    found = {
        (triple.precision.text, triple.recall.text, triple.f1.text): triple
        for triple in triples(card)
        if triple.name in ("f1", "overall_f1") and all(0 < (number.value or 0) < 1 for number in triple[2:])
    }
    if not found:
        raise NotCheckable("precision, recall and F1 between 0 and 1 are nowhere stated together")
    return tuple(found.values())


def fits(count: EntityCount, found: Sequence[Triple]) -> bool:
    """Whether whole numbers of spans lie behind every triple."""
    return all(any(solutions(count, triple)) for triple in found)


def solutions(count: EntityCount, triple: Triple) -> Iterator[tuple[int, int]]:
    """Every (found, predicted) behind a triple; two short prints can leave a million, so take what you need."""
    precision, recall, f1 = (interval(number, DOUBLE_PRECISION) for number in triple[2:])
    return spans_behind(precision, recall, f1, count.spans) if precision and recall and f1 else iter(())


def fits_tokens(count: EntityCount, found: Sequence[Triple], accuracies: Mapping[str, Printed]) -> bool:
    """Whether some solution of each triple misses no more spans than its wrong tokens allow.

    With a B- tag at its start a missed span holds, or stands beside, a wrong token, and a wrong token is in or beside at most
    three spans: missed <= 3 wrong, wrong = (1 - accuracy) tokens. `accuracies` are by the triple's place.
    """
    for triple in found:
        accuracy = accuracies.get(triple.where)
        possible = interval(accuracy) if accuracy else None
        if count.tokens is None or possible is None:
            continue
        wrong = (1 - possible.low) * count.tokens
        if not any(count.spans - hits <= 3 * wrong for hits, _ in solutions(count, triple)):
            return False
    return True


def token_accuracies(card: Card) -> dict[str, Printed]:
    """Place in words -> the accuracy printed there."""
    return {
        where: metrics["accuracy"] for where, metrics in sets(card) if "accuracy" in metrics and is_number(metrics["accuracy"])
    }


def uncased_bert(card: Card) -> bool:
    """Whether the base model has BERT's uncased English vocabulary, for which the spans are counted."""
    return card.base_model is not None and BERT.search(card.base_model.text) is not None


def bert(card: Card) -> bool:
    """Whether the base model has a tokenizer of BERT's English vocabularies, or is not named."""
    return card.base_model is None or ENGLISH_BERT.search(card.base_model.text) is not None


def other_task(card: Card) -> bool:
    """Whether the card speaks of part-of-speech tags or chunks."""
    name = card.model_name.text if card.model_name else ""
    return OTHER_TASK.search(f"{name}\n{card.text}") is not None


def names_extraction(card: Card) -> bool:
    """Whether the card's name or text says that spans are extracted, so that accuracy and F1 count different things."""
    name = card.model_name.text if card.model_name else ""
    return EXTRACTION.search(f"{card.source.name}\n{name}") is not None or SEQEVAL.search(card.text) is not None
