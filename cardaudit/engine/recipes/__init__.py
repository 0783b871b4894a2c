"""What a task is to the engine: one file a task, one line here."""

from collections.abc import Callable, Mapping

from cardaudit.engine.recipes import text_classification, token_classification
from cardaudit.engine.task import Task, Tell
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

RECIPES: Mapping[str, Callable[[Plan, Tell], Task]] = {
    "token_classification": token_classification.prepare,
    "text_classification": text_classification.prepare,
}


def prepare_task(plan: Plan, tell: Tell) -> Task:
    """The plan's data, read, tokenised and ready to score. Raises CardauditError for an unknown recipe or unfit data."""
    recipe = RECIPES.get(plan.recipe.replace("-", "_"))
    if recipe is None:
        raise CardauditError(f"the engine has no recipe {plan.recipe!r}: it has {', '.join(sorted(RECIPES))}")
    return recipe(plan, tell)
