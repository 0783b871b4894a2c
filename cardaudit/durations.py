"""Times as people write them on a command line."""

import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
TIME = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])?")


def seconds_in(text: str, unit: str = "") -> float | None:
    """Seconds of "90s", "30m", "8h" or "2d"; a bare number is in `unit`. None for anything else."""
    match = TIME.fullmatch(text.strip())
    known = (match[2] or unit) if match else ""
    return float(match[1]) * UNITS[known] if match and known else None
