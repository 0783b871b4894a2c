"""The owners that the Hub gave in 2024 to models that had none.

It redirects the bare names itself; this serves offline, and to tell that two spellings are one model.
"""

from collections.abc import Mapping
from functools import cache

OWNERS = {
    "google-bert": "bert-base-uncased bert-base-cased bert-large-uncased bert-large-cased bert-base-chinese "
    "bert-base-multilingual-uncased bert-base-multilingual-cased bert-base-german-cased",
    "distilbert": "distilbert-base-uncased distilbert-base-cased distilbert-base-multilingual-cased distilroberta-base "
    "distilgpt2 distilbert-base-uncased-finetuned-sst-2-english distilbert-base-uncased-distilled-squad",
    "FacebookAI": "roberta-base roberta-large roberta-large-mnli xlm-roberta-base xlm-roberta-large",
    "albert": "albert-base-v1 albert-large-v1 albert-xlarge-v1 albert-xxlarge-v1 "
    "albert-base-v2 albert-large-v2 albert-xlarge-v2 albert-xxlarge-v2",
    "almanach": "camembert-base",
    "openai-community": "gpt2 gpt2-medium gpt2-large gpt2-xl",
    "google-t5": "t5-small t5-base t5-large t5-3b t5-11b",
    "xlnet": "xlnet-base-cased xlnet-large-cased",
}


def canonical_model(name: str) -> str:
    """The id that a model with a bare, legacy id has today, by the table above; any other id as it is."""
    return _today().get(name, name)


@cache
def _today() -> Mapping[str, str]:
    return {name: f"{owner}/{name}" for owner, names in OWNERS.items() for name in names.split()}
