"""Columns that are the splits of data sets which no list knows: "Pondspeech dev | Pondspeech test | Lakes test | Rivers"."""

from collections.abc import Mapping

from cardaudit.dialects.parts.corner_tables import is_language
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_labels import Role, is_task, metric_of
from cardaudit.patterns import deferred

NAMED = deferred(
    r"(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3}?)(?:[ _-]| \()(?P<split>(?i:test|dev|val(?:id(?:ation)?)?|eval))"
    r"(?:[ -](?i:set|split))?\)?"
)
FELLOW = deferred(r"[^\W\d_][\w.'’ -]{2,40}")
NO_SET = deferred(
    r"(?i:best|final|avg|average|mean|overall|all|public|private|internal|external|official|hidden|blind|clean|other|noisy|easy|medium"
    r"|hard|original|augmented|full|small|large|own|our|the|my|train|training|held|in|out|zero|few|without|with|w|no|new|old|base|unseen"
    r"|seen|ood|id|far|near|macro|micro|weighted|top|first|second|last|human|random|standard|mini)\b.*"
)
FEWEST = 2


def with_splits(grid: Grid, roles: Mapping[int, Role]) -> dict[int, Role]:
    """The roles, where two columns or more of unknown names end with a split: each with its data set, as all their fellows."""
    unknown = {
        at: role.setting for at, role in roles.items() if not role.known and role.setting and len(grid.columns[at].labels) == 1
    }
    told = {
        at: found
        for at, name in unknown.items()
        if (found := NAMED.fullmatch(grid.columns[at].label)) and _is_name(found["name"])
    }
    if len(told) < FEWEST or len({grid.columns[at].label for at in told}) < len(told):
        return dict(roles)
    fellows = [at for at, name in unknown.items() if at not in told and FELLOW.fullmatch(name) and _is_name(name)]
    placed = {at: Role(dataset=found["name"], split=found["split"].lower()) for at, found in told.items()}
    return {**roles, **placed, **{at: Role(dataset=unknown[at]) for at in fellows}}


def _is_name(name: str) -> bool:
    """Whether a name is spelled as one, and is no word for a part of some data, no language, model, task or metric."""
    if not name[:1].isupper() or NO_SET.fullmatch(name) or is_language(name) or is_task(name):
        return False
    return not is_model(name) and metric_of(name) is None
