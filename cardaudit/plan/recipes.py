"""Widely followed tutorials, known by the titles that they give their models, and the settings that a card does not show.

Sources: huggingface/notebooks at 5068b11 (examples/, course/en/, transformers_doc/en/pytorch/); for the book, its repository.
"""

import re
from dataclasses import dataclass

from cardaudit.records import Card


@dataclass(frozen=True, slots=True)
class Recipe:
    """A tutorial. `title`: what its models' names look like, in lower case; None: the tutorial leaves the default."""

    name: str
    title: re.Pattern[str]
    weight_decay: float | None = None
    label_all_tokens: bool = False
    b_to_i: bool = False
    max_length: int | None = None


RECIPES = (
    Recipe(
        "chapter 7 of the Hugging Face course",
        re.compile(r"bert-finetuned-ner(\b|_).*"),
        weight_decay=0.01,
        label_all_tokens=True,
        b_to_i=True,
    ),
    Recipe(
        "the Hugging Face notebook for token classification",
        re.compile(r".+-finetuned-(ner|pos|chunk)(\b|_).*"),
        weight_decay=0.01,
        label_all_tokens=True,
    ),
    Recipe(
        "the Hugging Face notebook for text classification",
        re.compile(r".+-finetuned-(cola|mnli|mnli-mm|mrpc|qnli|qqp|rte|sst2|stsb|wnli)(\b|_).*"),
        weight_decay=0.01,
    ),
    Recipe("the task guides of transformers", re.compile(r"my_awesome_(wnut_)?model"), weight_decay=0.01),
    Recipe(
        "the book Natural Language Processing with Transformers", re.compile(r".+-finetuned-(emotion|panx-.+)"), weight_decay=0.01
    ),
)


def recipe_of(card: Card) -> Recipe | None:
    """The tutorial whose models are named like this card's, or None."""
    title = title_of(card)
    return next((recipe for recipe in RECIPES if recipe.title.fullmatch(title)), None)


def title_of(card: Card) -> str:
    """The model's name in lower case, without the user before it; "" where the card has none."""
    return card.model_name.text.strip().rsplit("/", 1)[-1].lower() if card.model_name else ""
