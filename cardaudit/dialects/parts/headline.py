"""The list under the Trainer's sentence "It achieves the following results on the evaluation set:": every item is a metric."""

from collections.abc import Sequence

from cardaudit.dialects.parts.dict_cells import numbers_of_array, numbers_of_dict
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import read_cell
from cardaudit.dialects.parts.pairs import Pair, pairs_in
from cardaudit.document import Block, Bullet, Paragraph
from cardaudit.records import Result, Span

SENTENCE = "achieves the following results on the evaluation set"


def items_under_sentence(text: str, blocks: Sequence[Block]) -> frozenset[int]:
    """The offsets of the items of the lists that the sentence leads to, in a card that is otherwise read by its names."""
    if SENTENCE not in text:
        return frozenset()
    items, led = set(), False
    for block in blocks:
        if isinstance(block, Bullet):
            items |= {block.start} if led else set()
        else:
            led = isinstance(block, Paragraph) and _leads(block)
    return frozenset(items)


def _leads(paragraph: Paragraph) -> bool:
    last = paragraph.lines[-1].text.rstrip()
    return last.endswith(":") and SENTENCE in last


def take_headline(draft: Draft, bullet: Bullet) -> bool:
    """Takes an item of the list; False where it is no name with a number, or is an author's."""
    pair = next(pairs_in(bullet), None)
    return pair is not None and take_headline_pair(draft, pair)


def take_headline_pair(draft: Draft, pair: Pair) -> bool:
    """Takes a metric of any name with its number, or the numbers of a dict or an array."""
    if " on " in pair.label:
        return False  # "Accuracy on SAT" is an author's, of one of several data sets
    number = read_cell(pair.value, pair.start, pair.label)
    key = metric_key(pair.label)
    if number is None or not key:
        each_class = list(numbers_of_array(pair.value, pair.start, pair.label)) if pair.value[:1] == "[" else []
        draft.results.extend(Result(key, one, setting=f"label {at}") for at, one in enumerate(each_class))
        inner = dict(numbers_of_dict(pair.value, pair.start, pair.label))
        draft.headline.update({each: number for each, number in inner.items() if each not in draft.headline})
        draft.also_read.extend([Span(pair.begin, pair.start)] if inner or each_class else [])
        return bool(inner or each_class)
    draft.also_read.append(Span(pair.begin, pair.start))
    if key in draft.headline:
        draft.results.append(Result(key, number))
    else:
        draft.headline[key] = number
    return True
