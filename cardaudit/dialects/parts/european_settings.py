"""Settings that German, French, Spanish, Portuguese and Italian sentences tell: "3 épocas", "Lernrate von 3e-5", "lote de 8".

Only a setting's own name with its number is read; nothing of a pretraining, and no range or product.
"""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.pairs import Pair
from cardaudit.patterns import deferred

SIGNS = (
    "poche",
    "poca",
    "époque",
    "ernrate",
    "aprendiza",
    "pprentissage",
    "pprendimento",
    "lote",
    " lot",
    "tchgr",
    "cumula",
    "kkumul",
)
OF = r"\s?(?:de|von|di|da|d['’]|del?|é\sde|est\sde|est|ist|beträgt|betrug|war|[:=])?\s?[*_`]{0,2}"
NUMBER = r"(?P<n>\d+(?:[.,]\d+)?(?:e-?\d+)?)"
COUNT = r"(?P<n>\d{1,5})"
RATE = (
    r"(?:taxa\sde\saprendiza(?:do|gem)|tasa\sde\saprendizaje|taux\sd['’]apprentissage|tasso\sdi\sapprendimento|Lernrate"
    r"|learning\srate)"
)
BATCH = r"(?:tamanho\s(?:de|do)\slote|tamaño\s(?:de|del)\slote|taille\sde\slot|lotes?|lots?|Batch-?[Gg]röße|batch(?:\ssize)?)"
ACCUMULATION = (
    r"(?:acumula(?:ção|ción)\sde\sgradientes?|accumulation\sd(?:e|u|es)\sgradients?|Gradienten-?[Aa]kkumulation"
    r"|accumulo\sde(?:i|l)\sgradient[ei])"
)
NO_RANGE = r"(?<![\d.,/~–-])(?<!\d\s[àaeou]\s)(?<!\d\s(?:et|ou)\s)(?<!\d\s(?:bis|und)\s)"
PHRASES = (
    ("num_epochs", deferred(rf"{NO_RANGE}{COUNT}\s(?:époques|épocas|epocas|epoche|Epochen)\b")),
    ("learning_rate", deferred(rf"\b{RATE}(?:\s(?:initial|inicial|iniziale))?{OF}{NUMBER}", re.I)),
    ("train_batch_size", deferred(rf"\b{BATCH}\s(?:de|von|di)\s[*_`]{{0,2}}{COUNT}", re.I)),
    ("gradient_accumulation_steps", deferred(rf"\b{ACCUMULATION}\s(?:de|von|di|sur|über|en|su)\s{COUNT}", re.I)),
)
ENDS = deferred(r"(?![\w%]|[.,]\d|[*_`]{0,2}\s?(?:[x×*/^·–-]|a|à|bis|e|et|und|ou|o|oder|y)\s?\d)")
OTHERS = deferred(
    r"vortrain|pré-?tre?in|pré-?entra|preentren|prétrain|preaddestr|pre-?train|inferenz|inférence|inferencia|inferência|early|stop"
    r"|letzte|dernière|última|ultima",
    re.I,
)
STOP = deferred(r"[.!?;]\s|\n")


def told_settings(text: str, start: int) -> Iterator[Pair]:
    """The settings that sentences of these languages tell, as pairs of a key and its number."""
    if not any(map(text.__contains__, SIGNS)):
        return
    begin = 0
    for end in [*(found.end() for found in STOP.finditer(text)), len(text)]:
        if not OTHERS.search(sentence := text[begin:end]):
            for key, pattern in PHRASES:
                for found in pattern.finditer(sentence):
                    if ENDS.match(sentence, found.end("n")):
                        yield Pair(key, found["n"], start + begin + found.start("n"), start + begin + found.start())
        begin = end
