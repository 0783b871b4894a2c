"""Numbers that generators' cards state about the model and its data, none of them a result: sizes, lengths, counts.

sentence-transformers and SetFit: "**Maximum Sequence Length:** 512 tokens", "Size: 1,652 training samples".
"""

import re
from collections.abc import Mapping

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Bullet
from cardaudit.patterns import deferred

FACT = deferred(
    r"(?:\*\*)?(?P<label>Maximum Sequence Length|Output Dimensionality|Number of Classes|Number of Output Labels|Size)"
    r"(?::\*\*|:)\s"
    r"(?P<number>\d[\d,]*)\s(?P<unit>tokens|dimensions|classes|labels?|training samples|evaluation samples)\s*"
)
KEYS: Mapping[str, str] = {
    "Maximum Sequence Length": "max_seq_length",
    "Output Dimensionality": "embedding_dimension",
    "Number of Classes": "num_labels",
    "Number of Output Labels": "num_labels",
    "training samples": "train_samples",
    "evaluation samples": "eval_samples",
}
MOST_SETS = 100
WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("embedding_dimension", deferred(r"to an? (\d{2,5})[ -]dimensional dense vector space")),
    ("num_labels", deferred(r"View label scheme \((\d+) labels")),
    ("components", deferred(r"labels for (\d+) components\)")),
)


def read_told_facts(draft: Draft, text: str, start: int) -> None:
    """Facts in a template's own sentences: the embedding's dimension, the labels of a spaCy pipeline."""
    for key, pattern in WORDS:
        found = pattern.search(text)
        if found and key not in draft.settings:
            draft.put_setting(Pair(key, found[1], start + found.start(1), start + found.start(1)), known_only=False)


def read_model_fact(draft: Draft, bullet: Bullet) -> bool:
    """Takes a fact into the other settings; the size of a second data set is `train_samples_2`. False where there is no fact."""
    found = FACT.fullmatch(bullet.text)
    key = KEYS.get(found["label"], KEYS.get(found["unit"])) if found else None
    if found is None or key is None:
        return False
    begin = bullet.start + found.start("label")
    if key.endswith("samples"):
        key = next((each for each in (key, *(f"{key}_{at}" for at in range(2, MOST_SETS))) if each not in draft.settings), key)
    return draft.put_setting(Pair(key, found["number"], bullet.start + found.start("number"), begin), known_only=False)
