"""Finds out whether a machine-learning model's card tells the truth."""

__version__ = "0.1.0"
