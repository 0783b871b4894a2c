"""Token classification: a label for each word, scored over entities by seqeval.

Which sub-tokens carry a word's label decides what is counted. `label_all_tokens` false: the first one (run_ner.py, the course).
True: all, so that seqeval sees every sub-token of a B- word as an entity of its own, as the token classification notebook does
(huggingface/notebooks #250); with `b_to_i` the later ones get the I- label instead.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities
from transformers import AutoModelForTokenClassification, DataCollatorForTokenClassification

from cardaudit.engine.base import load_tokenizer
from cardaudit.engine.recipes.entities import entity_tally
from cardaudit.engine.splits import Split, read_split
from cardaudit.engine.task import Features, Score, Task, Tell, better_order, demand_known, label_options, order_labels, own_labels
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

IGNORED = -100
METRICS = {"precision": precision_score, "recall": recall_score, "f1": f1_score, "accuracy": accuracy_score}


def prepare(plan: Plan, tell: Tell) -> Task:
    """The plan's sentences with a label id for each scored sub-token, IGNORED for the others."""
    dataset, options = plan.dataset, plan.task_options
    tokenizer = load_tokenizer(plan, words=True)
    train = _checked(plan, read_split(dataset, dataset.train_split, dataset.train_limit)) if plan.mode == "train" else None
    evaluation = _checked(plan, read_split(dataset, dataset.eval_split, dataset.eval_limit))
    source = train or evaluation
    labels = order_labels(plan, source.names, lambda: conll_order({tag for tags in source.labels for tag in tags}), tell)
    for split in filter(None, (train, evaluation)):
        demand_known(plan, split.name, labels, (tag for tags in split.labels for tag in tags))
    names = _metric_names(plan, tell)
    others = _other_labellings(evaluation, tokenizer, labels, plan) if plan.mode == "evaluate" else {}
    padding = "max_length" if options.get("padding") == "max_length" else True
    rows = [_labelled(split, tokenizer, labels, plan) if split else [] for split in (train, evaluation)]
    return Task(
        train=rows[0],
        evaluation=rows[1],
        tokenizer=tokenizer,
        collator=DataCollatorForTokenClassification(tokenizer, padding=padding),
        auto=AutoModelForTokenClassification,
        model_options=label_options(labels),
        score=(lambda logits, label_ids: judge(logits, label_ids, labels, names))
        if plan.mode == "evaluate"
        else (lambda logits, label_ids: score(logits, label_ids, labels, names)),
        facts={**_facts(evaluation, labels, tell), **({"labellings": others} if others else {})},
        tally=partial(entity_tally, [row["labels"] for row in rows[1]], labels, names)
        if len(set(labels)) == len(labels)
        else None,
    )


def conll_order(names: set[str]) -> list[str]:
    """ "O" first, then by type and prefix: O, B-LOC, I-LOC, B-PER, I-PER."""
    return (["O"] if "O" in names else []) + sorted(names - {"O"}, key=lambda tag: (tag[2:], tag[:1]))


def _checked(plan: Plan, split: Split) -> Split:
    """The split with its labels as names. Raises CardauditError where a row is not a list of words with as many labels."""
    for number, (words, tags) in enumerate(zip(split.inputs[0], split.labels, strict=True)):
        if not (_are_words(words) and isinstance(tags, list) and len(words) == len(tags)):
            raise CardauditError(
                f"row {number} of the split {split.name!r} of {plan.dataset.id} is no list of words with as many labels: "
                "name the columns with --set text_columns= and label_column="
            )
    if not any(word.strip() for words in split.inputs[0] for word in words):
        raise CardauditError(
            f"the split {split.name!r} of {plan.dataset.id} has only empty words: name the column with --set text_columns="
        )
    names: Sequence[str] = split.names or (plan.dataset.labels if _are_ids(split) else ())
    if not names and plan.mode == "evaluate" and _are_ids(split):
        names = own_labels(plan)
    return Split(split.name, split.inputs, [[_name(tag, names) for tag in tags] for tags in split.labels], split.names)


def _are_words(row: Any) -> bool:
    return isinstance(row, list) and all(isinstance(word, str) for word in row)


def _are_ids(split: Split) -> bool:
    return all(isinstance(tag, int) for tags in split.labels for tag in tags)


def _name(tag: Any, names: Sequence[str]) -> str:
    return names[tag] if isinstance(tag, int) and 0 <= tag < len(names) else str(tag)


def encode(split: Split, tokenizer: Any, labels: Sequence[str], plan: Plan) -> list[Features]:
    """Tokenised sentences, cut at the tokenizer's model_max_length, each with "labels" of the same length as "input_ids"."""
    ids = {label: i for i, label in enumerate(labels)}
    inside = {i: ids.get("I-" + label[2:], i) if label.startswith("B-") else i for label, i in ids.items()}
    all_tokens, b_to_i = plan.task_options.get("label_all_tokens", False), plan.task_options.get("b_to_i", False)
    encoded = tokenizer(split.inputs[0], truncation=True, is_split_into_words=True)
    rows = []
    for number, tags in enumerate(split.labels):
        row, previous = [], None
        for word in encoded.word_ids(number):
            if word is None:
                row.append(IGNORED)
            elif word != previous:
                row.append(ids[tags[word]])
            elif all_tokens:
                row.append(inside[ids[tags[word]]] if b_to_i else ids[tags[word]])
            else:
                row.append(IGNORED)
            previous = word
        rows.append({**{key: encoded[key][number] for key in encoded}, "labels": row})
    return rows


def _labelled(split: Split, tokenizer: Any, labels: Sequence[str], plan: Plan) -> list[Features]:
    """encode(), or a CardauditError where no token has a label: the loss would be 0 / 0, and nothing could be scored."""
    rows = encode(split, tokenizer, labels, plan)
    if all(label == IGNORED for row in rows for label in row["labels"]):
        raise CardauditError(
            f"the tokenizer of {plan.model.id} leaves nothing of the words of the split {split.name!r} of {plan.dataset.id}: "
            "name another column with --set text_columns="
        )
    return rows


def score(logits: Any, label_ids: Any, labels: Sequence[str], names: Sequence[str] = tuple(METRICS)) -> Score:
    """seqeval's scores, called directly. logits: (sentences, tokens, labels) float; label_ids: (sentences, tokens)."""
    guesses = np.argmax(logits, axis=2)
    truth = [[labels[t] for t in row if t != IGNORED] for row in label_ids]
    guess = [
        [labels[g] for g, t in zip(best, row, strict=True) if t != IGNORED] for best, row in zip(guesses, label_ids, strict=True)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # _facts has told why; a division by zero shows in the counts below
        metrics = {name: float(METRICS[name](truth, guess)) for name in names}
        gold, predicted = set(get_entities(truth)), set(get_entities(guess))
    facts = {
        "gold_entities": len(gold),
        "predicted_entities": len(predicted),
        "correct_entities": len(gold & predicted),
        "evaluation_tokens": sum(map(len, truth)),
        "correct_tokens": sum(t == g for row, best in zip(truth, guess, strict=True) for t, g in zip(row, best, strict=True)),
    }
    return Score(metrics, facts)


def judge(logits: Any, label_ids: Any, labels: Sequence[str], names: Sequence[str]) -> Score:
    """`score`, and where another order of the labels would name clearly more tokens rightly, what that would give."""
    plain = score(logits, label_ids, labels, names)
    guesses, counted = np.argmax(logits, axis=2), label_ids != IGNORED
    size = logits.shape[2]
    confusion = np.bincount(label_ids[counted] * size + guesses[counted], minlength=size * size).reshape(size, size)
    order = better_order(confusion)
    if order is None:
        return plain
    meant = np.argsort(order)  # the column that stands for gold id i
    again = score(logits[..., meant], label_ids, labels, names)
    relabelled = {"order": order, "correct": again.facts["correct_tokens"], "metrics": again.metrics}
    return Score(plain.metrics, {**plain.facts, "relabelled": relabelled})


LABELLINGS: Mapping[str, Mapping[str, bool]] = {
    "first": {"label_all_tokens": False},
    "all": {"label_all_tokens": True, "b_to_i": False},
    "all, B to I": {"label_all_tokens": True, "b_to_i": True},
}


def _other_labellings(split: Split, tokenizer: Any, labels: Sequence[str], plan: Plan) -> dict[str, dict[str, int]]:
    """What each way to label sub-tokens would count in this split: tokens and entities. Needs no model."""
    counts = {}
    for name, options in LABELLINGS.items():
        rows = encode(split, tokenizer, labels, replace(plan, task_options={**plan.task_options, **options}))
        truth = [[labels[t] for t in row["labels"] if t != IGNORED] for row in rows]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            counts[name] = {"tokens": sum(map(len, truth)), "entities": len(set(get_entities(truth)))}
    return counts


def invisible_labels(labels: Sequence[str]) -> list[str]:
    """Labels other than O that can form no entity in seqeval when they stand among O and one another.

    seqeval 1.2.2, get_entities: a tag's first character is its prefix and the rest its type, "_" where nothing is left. A chunk
    ends at a B, S or O that follows a B or I, after an E or S, or where the type changes. A one-character label other than B, I,
    E and S has the type "_", that of "O" itself, so its chunk never ends and is never counted. "NN" has the type "N".
    """
    return [label for label in labels if len(label) == 1 and label not in "OBIES"]


def _facts(evaluation: Split, labels: Sequence[str], tell: Tell) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entities = len(get_entities(evaluation.labels))
    words = sum(map(len, evaluation.labels))
    if not entities:
        tell(_why_no_entity(evaluation, labels))
    return {"labels": list(labels), "evaluation_words": words, "evaluation_word_entities": entities}


def _why_no_entity(evaluation: Split, labels: Sequence[str]) -> str:
    used = sorted({tag for tags in evaluation.labels for tag in tags})
    invisible = [label for label in invisible_labels(labels) if label in used]
    always = "precision, recall and F1 are 0 whatever is predicted"
    if not invisible:
        return f"the evaluation split holds no entity, only the label {', '.join(used)}: {always}"
    return (
        f"seqeval sees no entity in the evaluation split: its labels {', '.join(map(repr, invisible))} are single characters, "
        f"which it reads as a prefix whose type is that of 'O', so that no chunk ever ends; {always}"
    )


def _metric_names(plan: Plan, tell: Tell) -> list[str]:
    wanted = plan.task_options.get("metrics") or list(METRICS)
    for name in wanted:
        if name not in METRICS:
            tell(f"the recipe token_classification does not measure {name!r}; it measures {', '.join(METRICS)}")
    return [name for name in wanted if name in METRICS]
