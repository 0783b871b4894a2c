"""Metrics that German, French, Spanish, Portuguese and Italian sentences tell: "Die Genauigkeit beträgt 91,7 %".

Only the plainest are read, of names that mean one metric alone ("précision" is often said of the accuracy): no differences, no
changes from one number to another, nothing of the training data.
"""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import printed
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

SIGNS = (
    "enauigkeit",
    "xactitud",
    "curáci",
    "ccuratezz",
    "refferquote",
    "rappel",
    "Rappel",
    "xhaustividad",
    "evocação",
    "-F1",
    "F1-M",
    "F1-W",
    "core F1",
    "edida F1",
)
NAME = (
    r"(?P<metric>(?:Gesamt|Test|Validierungs)?[Gg]enauigkeit|(?:[Ee]xactitude|[Aa]ccuratezza)(?: globale)?"
    r"|(?:[Ee]xactitud|[Aa]curácia)(?: global)?|Trefferquote|(?:Makro|Mikro)-F1(?:-(?:Maß|Wert|Score))?"
    r"|[Rr]appel|[Ee]xhaustividad|[Rr]evocação|F1-(?:Maß|Wert)"
    r"|(?:[Ss]core|[Mm]edida) F1)(?:[ -](?P<average>macro|micro|Makro|Mikro))?"
)
PLACE = r"(?:\s(?:auf|sur|en|no|na|nos|nas|sul|sulla|im|in)\s[^.,;:()\d\n]{1,50}?)?"
VERB = (
    r"\s(?:beträgt|betrug|liegt\sbei|lag\sbei|von|ist|erreicht|est\sde|est|atteint|de|es\sdel?|es|fue\sdel?|alcanza|é\sde|foi\sde"
    r"|atinge|è\sdel|è|del|di|pari\sal?|raggiunge)\s(?:etwa|rund|ca\.|environ|aproximadamente|circa|cerca\sde)?\s?"
)
NUMBER = r"[*_`]{0,3}(?P<n>\d{1,3}(?:[.,]\d{1,4})?[ \xa0\u202f]?%|0[.,]\d{2,6}|\d\d,\d{1,2})(?![\w/]|[.,]\d)"
CLAIM = deferred(rf"(?<![\w-]){NAME}{PLACE}{VERB}{NUMBER}")
CHANGE = deferred(
    r"(?:verbesser|steiger|erhöh|differenz|amélior|augment|gain|mejora|aument|increment|melhor|ganho|miglior|guadagn)\w*"
    r"(?:\s\w{1,12}){0,3}\s?\Z",
    re.I,
)
OF_TRAINING = deferred(r"\btrain|entrena|entraîn|trein|addestr", re.I)
LOOKED_BACK = 80
STOP = deferred(r"[.!?;:] ")
OTHER = deferred(  # "O modelo anterior (v1) tinha", "Das ursprüngliche Modell erreicht", "Zum Vergleich: Ein spaCy-Modell kam"
    r"\A(?:(?:O|El|Il|Le|Das|Ein)\s)?(?P<model>(?:modelo|modello|modèle)\s(?:anterior|precedente|précédent|original|d['’]origine)"
    r"|(?:vorherige|ursprüngliche|alte)s?\sModell|(?<=Ein\s)[\w.-]{2,30}-Modell)(?:\s\([^()\n]{1,60}\))?\s"
)
TO_ANOTHER = deferred(r"[*_`]{0,3}\s(?:(?:auf|à|a|até|bis)\s[*_`]{0,3}\d|points?\b|puntos\b|pontos\b|punti\b|Prozentpunkte\b)")


def told_metrics(text: str, start: int) -> Iterator[Result]:
    """The metrics of a line's sentences, without place."""
    for found in CLAIM.finditer(text) if any(map(text.__contains__, SIGNS)) else ():
        behind_name = text[found.end("metric") : found.start("n")]
        before = text[max(0, found.start() - LOOKED_BACK) : found.start()]
        if CHANGE.search(before) or OF_TRAINING.search(behind_name) or TO_ANOTHER.match(text, found.end()):
            continue
        begin, end = found.span("n")
        number = printed(
            text[begin:end].replace("\xa0", " ").replace("\u202f", " "),
            Span(start + begin, start + end),
            found["metric"],
            comma=True,
        )
        average = f"{found['average'].lower().replace('k', 'c')}_" if found["average"] else ""
        key = metric_key(found["metric"].replace("Makro-", "macro ").replace("Mikro-", "micro "))
        yield Result(average + key, number, model=_other_model(text[: found.start()]))


def _other_model(before: str) -> str | None:
    """The model that a sentence is about, where its first words say that it is another than the card's."""
    found = OTHER.search(STOP.split(before)[-1].strip())
    return found["model"] if found else None
