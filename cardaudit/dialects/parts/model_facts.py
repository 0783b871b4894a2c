"""Numbers that generators' cards state about the model and its data, none of them a result: sizes, lengths, counts.

sentence-transformers, PyLate, SetFit and SpanMarker: "**Maximum Sequence Length:** 512 tokens", "Size: 1,652 training samples".
"""

import re
from collections.abc import Mapping

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.numbers import read_word
from cardaudit.dialects.parts.pairs import Pair, pair_in
from cardaudit.document import Bullet
from cardaudit.patterns import deferred

FACT = deferred(
    r"(?:\*\*)?(?P<label>Maximum (?:Sequence|Entity) Length|(?:Maximum )?(?:Query|Document) Length|Output Dimensionality"
    r"|Number of Classes|Number of Output Labels|Size)"
    r"(?::\*\*|:)\s"
    r"(?P<number>\d[\d,]*)\s(?P<unit>tokens|words|dimensions|classes|labels?|training samples|evaluation samples)"
    r"(?: \(trained with (?P<active>\d[\d,]*) maximum active dimensions\))?\s*"
)
KEYS: Mapping[str, str] = {
    "Maximum Sequence Length": "max_seq_length",
    "Maximum Entity Length": "entity_max_length",
    "Maximum Query Length": "query_length",
    "Maximum Document Length": "document_length",
    "Query Length": "query_length",
    "Document Length": "document_length",
    "Output Dimensionality": "embedding_dimension",
    "Number of Classes": "num_labels",
    "Number of Output Labels": "num_labels",
    "training samples": "train_samples",
    "evaluation samples": "eval_samples",
}
MOST_SETS = 100
COSTS: Mapping[str, Mapping[str, str]] = {  # by heading: what the training took, each told with its unit
    "Training Time": {"Training": "training_time", "Evaluation": "evaluation_time", "Total": "total_time"},
    "Environmental Impact": {
        "Energy Consumed": "energy_consumed",
        "Carbon Emitted": "carbon_emitted",
        "Hours Used": "hours_used",
    },
    "Training Hardware": {"On Cloud": "on_cloud", "GPU Model": "gpu_model", "CPU Model": "cpu_model", "RAM Size": "ram_size"},
}
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


def read_cost(draft: Draft, heading: str, bullet: Bullet) -> bool:
    """Takes what a training took, in the words printed ("33.4 seconds", "0.012 kg of CO2"); False where a bullet tells none."""
    pair = pair_in(bullet.text, bullet.start) if heading in COSTS else None
    if pair is None or pair.label not in COSTS[heading]:
        return False
    draft.settings.setdefault(COSTS[heading][pair.label], read_word(pair.value, pair.start, pair.label))
    return True


def read_model_fact(draft: Draft, bullet: Bullet) -> bool:
    """Takes a fact into the other settings; the size of a second data set is `train_samples_2`. False where there is no fact."""
    found = FACT.fullmatch(bullet.text)
    key = KEYS.get(found["label"], KEYS.get(found["unit"])) if found else None
    if found is None or key is None:
        return False
    begin = bullet.start + found.start("label")
    if found["active"]:
        start = bullet.start + found.start("active")
        draft.put_setting(Pair("max_active_dims", found["active"], start, start), known_only=False)
    if key.endswith("samples"):
        key = next((each for each in (key, *(f"{key}_{at}" for at in range(2, MOST_SETS))) if each not in draft.settings), key)
    return draft.put_setting(Pair(key, found["number"], bullet.start + found.start("number"), begin), known_only=False)
