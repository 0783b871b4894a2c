"""The base model's id is one letter away from a well-known one.

## What it does
Holds the base model's name against the well-known ones.

## Condition
One letter is missing, too many, another, or interchanged with its neighbour, in a name of ten characters or more, and the id is
no well-known one itself.

## When it stays silent
Names that differ in a digit (versions, sizes); a letter in front ("mt5-base"); letters that make another word of the
field: a size ("xsmall", "xlarge") or a word that a well-known name has ("bart-base-chinese" beside "bert-base-chinese").

## Usual causes
A slip; a repository that hopes for it, which serves its own weights under the name.

## Example
`bert-base-uncasd`
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule

KNOWN = (
    "bert-base-uncased", "bert-base-cased", "bert-large-uncased", "bert-large-cased", "bert-base-multilingual-cased",
    "bert-base-multilingual-uncased", "bert-base-chinese", "bert-base-german-cased", "distilbert-base-uncased",
    "distilbert-base-cased", "distilbert-base-multilingual-cased", "distilroberta-base", "roberta-base", "roberta-large",
    "xlm-roberta-base", "xlm-roberta-large", "albert-base-v2", "camembert-base", "xlnet-base-cased", "distilgpt2", "gpt2-medium",
    "gpt2-large", "electra-base-discriminator", "electra-small-discriminator", "deberta-v3-base", "deberta-v3-small",
    "deberta-v3-xsmall", "deberta-v3-large", "deberta-base", "bart-base", "bart-large", "wav2vec2-base", "wav2vec2-xls-r-300m",
    "wav2vec2-large-xlsr-53",
    "whisper-small", "whisper-medium", "whisper-large-v2", "whisper-tiny", "vit-base-patch16-224-in21k", "layoutlmv3-base",
    "pegasus-large", "pegasus-cnn_dailymail", "longformer-base-4096", "scibert_scivocab_uncased",
)  # fmt: skip
SHORTEST = 10
WORDS = frozenset(word for known in KNOWN for word in known.split("-")) | {"mini", "xsmall", "xlarge", "xxlarge", "xxl", "nano"}


@rule(kind="suspicious", severity="warning", confidence="smell", needs=("base model",))
def check(subject: Subject) -> Iterator[Hit]:
    base = subject.card.base_model
    assert base is not None
    name = base.text.rpartition("/")[2].lower()
    if len(name) < SHORTEST or name in KNOWN:
        return
    if all(word in WORDS for word in name.split("-")):
        return
    for known in KNOWN:
        if known[0] == name[0] and abs(len(known) - len(name)) <= 1 and _one_letter_apart(name, known):
            yield Hit(f'the base model "{base.text}" is one letter from {known}', (base.span,), {"near": known})
            return


def _one_letter_apart(first: str, second: str) -> bool:
    """Substitution, insertion, deletion or a swap of neighbours, of letters alone."""
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    one, other = first[at : at + 2], second[at : at + 2]
    if not (one[:1] or "a").isalpha() or not (other[:1] or "a").isalpha():
        return False
    swapped = len(one) == 2 and one == other[::-1] and first[at + 2 :] == second[at + 2 :]
    return swapped or first[at + 1 :] == second[at + 1 :] or first[at + 1 :] == second[at:] or first[at:] == second[at + 1 :]
