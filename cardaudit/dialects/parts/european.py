"""Metrics that German, French, Spanish, Portuguese and Italian sentences tell: "Die Genauigkeit beträgt 91,7 %".

Only the plainest are read, of names that mean one metric alone ("précision" is often said of the accuracy): no differences, no
changes from one number to another, nothing of the training data.
"""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import printed
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

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
    "F1 ",
)
NAME = (
    r"(?P<metric>(?:Gesamt|Test|Validierungs)?[Gg]enauigkeit|(?:[Ee]xactitude|[Aa]ccuratezza)(?: globale)?"
    r"|(?:[Ee]xactitud|[Aa]curácia)(?: global)?|Trefferquote|(?:Makro|Mikro)-F1(?:-(?:Maß|Wert|Score))?"
    r"|[Rr]appel|[Ee]xhaustividad|[Rr]evocação|F1-(?:Maß|Wert)"
    r"|(?:[Ss]core|[Mm]edida) F1|F1(?:-[Ss]core)?)(?:[ -]\(?(?P<average>macro|micro|Makro|Mikro)\b\)?)?"
)
PLACE = r"(?:\s(?:auf|sur|en|no|na|nos|nas|sul|sulla|im|in)\s[^.,;:()\d\n]{1,50}?)?"
VERB = (
    r"\s(?:beträgt|betrug|liegt\sbei|lag\sbei|von|ist|erreicht|est\sde|est|atteint|de|es\sdel?|es|fue\sdel?|alcanza|é\sde|foi\sde"
    r"|atinge|è\sdel|è|del|di|pari\sal?|raggiunge|scende\sal?|sale\sal?|arriva\sal?)"
    r"\s(?:etwa|rund|ca\.|environ|aproximadamente|circa|cerca\sde)?\s?"
)
NUMBER = r"[*_`]{0,3}(?P<n>\d{1,3}(?:[.,]\d{1,4})?[ \xa0\u202f]?%|0[.,]\d{2,6}|\d\d,\d{1,2})(?![\w/]|[.,]\d)"
CLAIM = deferred(rf"(?<![\w-]){NAME}{PLACE}{VERB}{NUMBER}")
BESIDE = deferred(  # "F1 di 91,7%, con precisione 90,9% e recall 92,5%"
    r"[*_`]{0,3}(?:,?\s(?:con|com|avec|mit|und|et|y|e)|,)\s(?:una?\s|une\s|uma?\s|einer?\s|einem\s|la\s)?"
    r"(?P<metric>[Pp]recisione|[Pp]recisión|[Pp]recisão|[Pp]récision|Präzision|Precision|[Rr]ecall|[Rr]appel|[Ee]xhaustividad"
    rf"|[Rr]ichiamo|[Rr]evocação|Trefferquote)(?:\s(?:del?|di|von))?\s{NUMBER}"
)
CHANGE = deferred(
    r"(?:verbesser|steiger|erhöh|differenz|amélior|augment|gain|mejora|aument|increment|melhor|ganho|miglior|guadagn)\w*"
    r"(?:\s\w{1,12}){0,3}\s?\Z",
    re.I,
)
OF_TRAINING = deferred(r"\btrain|entrena|entraîn|trein|addestr", re.I)
LOOKED_BACK = 80
LONGEST_SENTENCE = 400
STOP = deferred(r"[.!?;:] ")
OTHER = deferred(  # "O modelo anterior (v1) tinha", "Das ursprüngliche Modell erreicht", "Zum Vergleich: Ein spaCy-Modell kam"
    r"\A(?:(?:O|El|Il|Le|Das|Ein)\s)?(?P<model>(?:modelo|modello|modèle)\s(?:anterior|precedente|précédent|original|d['’]origine)"
    r"|(?:vorherige|ursprüngliche|alte)s?\sModell|(?<=Ein\s)[\w.-]{2,30}-Modell)(?:\s\([^()\n]{1,60}\))?\s"
)
TO_ANOTHER = deferred(r"[*_`]{0,3}\s(?:(?:auf|à|a|até|bis)\s[*_`]{0,3}\d|points?\b|puntos\b|pontos\b|punti\b|Prozentpunkte\b)")


def told_metrics(text: str, start: int) -> Iterator[Result]:
    """The metrics of a line's sentences, without place."""
    until = 0
    for found in CLAIM.finditer(text) if any(map(text.__contains__, SIGNS)) else ():
        behind_name = text[found.end("metric") : found.start("n")]
        before = text[max(0, found.start() - LOOKED_BACK) : found.start()]
        if (
            found.start() < until
            or CHANGE.search(before)
            or OF_TRAINING.search(behind_name)
            or TO_ANOTHER.match(text, found.end())
        ):
            continue
        average = f"{found['average'].lower().replace('k', 'c')}_" if found["average"] else ""
        key = metric_key(found["metric"].replace("Makro-", "macro ").replace("Mikro-", "micro "))
        model = _other_model(text, found.start())
        yield Result(average + key, _number(text, found, start), model=model)
        if key == "f1":
            for beside in _beside(text, found.end()):
                until = beside.end()
                yield Result(metric_key(beside["metric"]), _number(text, beside, start), model=model)


def _beside(text: str, at: int) -> Iterator[re.Match[str]]:
    """The precision and the recall that a sentence gives with its F1: beside it their names mean themselves alone."""
    while found := BESIDE.match(text, at):
        yield found
        at = found.end()


def _number(text: str, found: re.Match[str], start: int) -> Printed:
    begin, end = found.span("n")
    stands = text[begin:end].replace("\xa0", " ").replace("\u202f", " ")
    return printed(stands, Span(start + begin, start + end), found["metric"], comma=True)


def _other_model(text: str, at: int) -> str | None:
    """The model that a sentence is about, where its first words say that it is another than the card's."""
    begin = max(0, at - LONGEST_SENTENCE)
    before = text[begin:at]
    if "odel" not in before and "odèl" not in before:
        return None
    sentences = STOP.split(before)
    found = OTHER.search(sentences[-1].strip()) if begin == 0 or len(sentences) > 1 else None
    return found["model"] if found else None
