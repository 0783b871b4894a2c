"""What else gives a claim that the stated recipe does not: other recipes, tried on the data and by training.

`explain` searches and gives rung 5 of the ladder. Which recipes there are to try is in alternatives, how one is tried in search,
what is said of it in words. A recipe is chosen on one seed and confirmed on fresh ones over all of the card's numbers: among a
dozen recipes some one fits any single number.
"""

from cardaudit.explain.explanation import explain, explicable
from cardaudit.explain.words import named

__all__ = ["explain", "explicable", "named"]
