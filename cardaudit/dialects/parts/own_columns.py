"""Columns of models beside rows of tasks, of which one is told to be the card's own: "Task | ACT (this) | Diffusion Policy"."""

from collections.abc import Mapping

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_labels import Role
from cardaudit.patterns import deferred

OWN = deferred(
    r"(?i:.*[(\[](?:ours?|mine|proposed|this(?: (?:model|work|checkpoint|policy|adapter|release|one))?)[)\]]"
    r"|ours?|this (?:model|work|checkpoint))"
)
NO_MODEL = deferred(
    r"(?i:[^A-Za-z]+|.*\b(?:train|test|dev|val(?:id\w*)?|easy|medium|hard|clean|noisy|seen|unseen|in-domain|out-of-domain|greedy|beam"
    r"|zero|few|avg|average|mean|overall|all|total)\b.*)"
)


def compares_models(grid: Grid, roles: Mapping[int, Role], *, told: bool) -> bool:
    """Whether the columns are models, as one of them is the card's own or, under a metric's name (`told`), a known model.

    None of them may be known as anything else, or be spelled as a split or a condition is.
    """
    labels = [grid.columns[at].label for at in roles]
    if len(labels) < 2 or any(role.known and not role.model for role in roles.values()):
        return False
    if any(NO_MODEL.fullmatch(label) for label in labels) or any(len(grid.columns[at].labels) > 1 for at in roles):
        return False
    return any(map(OWN.fullmatch, labels)) or (told and any(map(is_model, labels)))


def as_models(grid: Grid, roles: Mapping[int, Role]) -> dict[int, Role]:
    """The columns as models of their own names."""
    return {at: role if role.model else Role(model=role.setting or grid.columns[at].label) for at, role in roles.items()}
