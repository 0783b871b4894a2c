"""Finds out whether a machine-learning model's card tells the truth.

    from cardaudit import check_card, read_card

    checkup = check_card(read_card(open("README.md").read(), "README.md"))

Public functions are imported when first asked for: importing the package itself costs next to nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "check_card", "load_audit", "make_plan", "read_card", "render_html"]

_HOMES = {
    "read_card": "cardaudit.parse",
    "check_card": "cardaudit.lint",
    "make_plan": "cardaudit.plan",
    "load_audit": "cardaudit.report",
    "render_html": "cardaudit.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cardaudit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
