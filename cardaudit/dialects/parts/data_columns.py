"""Columns headed by a data set and a metric that no list knows together: "Pond News accuracy", "F1 Livros (out of domain)".

The metric is the known name at the header's end or beginning, never the whole header. The other words are a data set where they
are spelled as one, or where those of a fellow column are; else a setting.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import REMARK, is_named, metric_key
from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_labels import COMPARED, QUALIFIERS, Role, is_benchmark, is_split, is_task, metric_of
from cardaudit.dialects.parts.table_rows import kinds_of
from cardaudit.patterns import deferred

OF_METRIC = QUALIFIERS | frozenset(
    ("best", "final", "top", "top-1", "top-5", "eval", "evaluation", "test", "dev", "validation", "val", "train", "training",
     "pretraining", "overall", "exact", "arith", "arithmetic", "joint", "goal", "slot", "intent", "pixel", "box", "bbox",
     "mask", "token", "char", "character", "word", "sentence", "phrase", "span", "entity", "chunk", "class", "label",
     "subset", "sample", "samples", "cosine", "dot", "euclidean", "manhattan", "strict", "lenient", "partial", "relaxed",
     "raw", "normalized", "unnormalized", "filtered", "max", "min", "mid", "std", "total", "binary", "hard", "soft",
     "execution", "string", "tree", "answer", "directional", "logical", "form", "in-domain", "out-of-domain", "zero-shot",
     "few-shot")
)  # fmt: skip
CLASSES = deferred(
    r"(?:[bi]-)?(?:per|pers|person|loc|location|org|organi[sz]ation|misc|gpe|date|time|event|product|money|o)s?", re.I
)
LANGUAGES = deferred(
    r"(?:english|german|french|spanish|italian|portuguese|dutch|swedish|finnish|danish|norwegian|russian|polish|czech|turkish|arabic"
    r"|hindi|chinese|japanese|korean|vietnamese|indonesian|greek|hebrew|thai|ukrainian|romanian|hungarian|persian|swahili|basque)",
    re.I,
)
SET_LIKE = deferred(r"[A-Za-z]{3}-?v?\d|\w_\w|[a-z][A-Z]|\w\.[A-Z]|[A-Z]{2,}[a-z]{2}|[A-Z]{5}|[A-Z]{3} \d")
BRACKETED = deferred(r"(?P<name>[A-Z][^()\[\]]{1,40}?) ?\((?P<remark>[A-Za-z][\w@ -]{0,20})\)")
OF_LANGUAGE = deferred(r"[A-Z]{2}[-_][a-z]{2}\Z")
CROSS_VALIDATED = deferred(r"(?:CV|cross-?validation) (?=\S)")
REMARKED = deferred(r"(?P<name>[A-Z][^()\[\]]{1,40}?) ?\((?P<remark>[a-z][a-z -]{3,30})\)")
FEWEST = 2
NAME_BEGINS = deferred(r"[^\W\d_]")
SAME: Mapping[str, str] = {"acc": "accuracy"}


class Header(NamedTuple):
    """A header's known metric, its other words, the split beside them, and whether the words are sure to be a name."""

    metric: str
    words: str
    split: str | None
    sure: bool


def with_data(grid: Grid, roles: dict[int, Role]) -> dict[int, Role]:
    """The roles, where two columns or more share a metric under different words, with these words apart from it."""
    doubtful = {at: role for at, role in roles.items() if role.metric and not role.dataset and not role.model}
    found = {at: told for at in doubtful if (told := _header(grid.columns[at].label)) is not None}
    if not found or _of_classes(found):
        return roles
    kinds = kinds_of(grid)
    of_data = "dataset" in kinds.values()
    fellows = any(each.sure for each in found.values()) or any(role.metric and role.dataset for role in roles.values())
    named = {at for at in found if fellows and not of_data and len(grid.columns[at].labels) == 1}
    return {at: _with(role, found[at], at in named) if _shared(found, roles, at) else role for at, role in roles.items()}


def with_bracketed(grid: Grid, roles: Mapping[int, Role]) -> dict[int, Role]:
    """The roles, where a name with its metric in brackets ("Naver NER (F1)") is a data set, as its fellows are.

    The only column beside models is one where its name ends with a language's code ("STS-ca (Pearson)").
    """
    found = {at: name for at, role in roles.items() if (name := _bracketed(grid.columns[at].label, role))}
    others = [role for at, role in roles.items() if at not in found]
    placed = sum(role.dataset is not None for role in others) * 2 > len(others) > 1
    alone = len(found) == len(roles) == 1 and "model" in kinds_of(grid).values()
    named = {at for at, name in found.items() if placed or (alone and OF_LANGUAGE.search(name))}
    return {at: role._replace(dataset=role.setting, setting=None) if at in named else role for at, role in roles.items()}


def _bracketed(label: str, role: Role) -> str | None:
    """The name in front of a column's metric in brackets, where nothing tells what it is."""
    found = BRACKETED.fullmatch(label) if role.metric and role.setting and not (role.dataset or role.model) else None
    name = found["name"].strip() if found else ""
    if found is None or name != role.setting or metric_of(found["remark"]) is None:
        return None
    other = is_task(name) or is_model(name) or metric_of(name) or CLASSES.fullmatch(name) or LANGUAGES.fullmatch(name)
    return None if other or COMPARED.fullmatch(name) else name


def with_remarks_apart(grid: Grid, roles: Mapping[int, Role]) -> dict[int, Role]:
    """Columns of scores named "Livros (out of domain)", where one is spelled as a data set: all names, with the brackets apart.

    Columns of another form stay as they are.
    """
    found = {at: REMARKED.fullmatch(grid.columns[at].label) for at, role in roles.items() if not role.known and role.setting}
    told = {at: each for at, each in found.items() if each and len(grid.columns[at].labels) == 1 and not is_model(each["name"])}
    if len(told) < FEWEST or not any(SET_LIKE.search(each["name"]) and not is_task(each["name"]) for each in told.values()):
        return dict(roles)
    return {at: _apart(role, told[at]["name"], told[at]["remark"]) if at in told else role for at, role in roles.items()}


def _apart(role: Role, name: str, remark: str) -> Role:
    way = CROSS_VALIDATED.match(name)
    told = ", ".join(filter(None, (way[0].strip() if way else "", remark)))
    return Role(role.metric, name[way.end() :] if way else name, role.split, None, told or None)


def _shared(found: Mapping[int, Header], roles: Mapping[int, Role], at: int) -> bool:
    """Whether a column is such a one and names a split too, or another gives the same metric under other words."""
    if at not in found:
        return False
    mine = found[at]
    if mine.split and mine.sure:
        return True
    if any(_same(each.metric) == _same(mine.metric) and each.words != mine.words for each in found.values()):
        return True
    return any(_same(role.metric) == _same(mine.metric) and role.dataset for role in roles.values())


def _same(metric: str | None) -> str | None:
    return SAME.get(metric or "", metric)


def _with(role: Role, header: Header, named: bool) -> Role:
    remarks = role.setting.removeprefix(header.words).lstrip(", ") if role.setting else ""
    split = role.split or header.split
    plain = LANGUAGES.fullmatch(header.words) or is_task(header.words) or not header.words[0].isupper()
    if not named or plain:
        return Role(header.metric, None, split, None, ", ".join(filter(None, (header.words, remarks))))
    return _apart(Role(header.metric, split=split), header.words, remarks)


def _of_classes(found: Mapping[int, Header]) -> bool:
    """Whether the words are classes: entity types, or each with its precision and its recall."""
    return {"precision", "recall"} <= {each.metric for each in found.values()} or any(
        CLASSES.fullmatch(each.words) for each in found.values()
    )


def _header(label: str) -> Header | None:
    """A header's metric and other words; None where it has no known metric at either end, or the words only qualify it."""
    main = " ".join(REMARK.sub(" ", label).split())
    if is_named(metric_key(main)):
        return None
    words = main.split(" ")
    at = next((at for at in range(1, len(words)) if is_named(metric_key(" ".join(words[at:])))), None)
    if at is not None:
        lead, metric = words[:at], " ".join(words[at:])
    elif len(words) > 1 and is_named(metric_key(words[0])):
        lead, metric = words[1:], words[0]
    else:
        return None
    split = lead.pop(0 if is_split(lead[0]) else -1) if len(lead) > 1 and (is_split(lead[-1]) or is_split(lead[0])) else None
    name = " ".join(lead).strip(" :-–,")
    if not NAME_BEGINS.match(name) or any(_qualifies(word) for word in lead) or is_model(name):
        return None
    titled = len(lead) > 1 and metric.islower() and all(word[0].isupper() for word in lead)
    sure = (titled or SET_LIKE.search(name) is not None or is_benchmark(name)) and not is_task(name)
    return Header(metric_key(metric), name, split, sure)


def _qualifies(word: str) -> bool:
    bare = word.lower().strip(".,:()-–")
    return not bare or bare in OF_METRIC or metric_of(bare) is not None or is_split(bare)
