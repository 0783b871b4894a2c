"""Times as people write them on a command line, and as they read them."""

from cardaudit.patterns import deferred

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
TIME = deferred(r"(\d+(?:\.\d+)?)\s*([smhd])?")


def seconds_in(text: str, unit: str = "") -> float | None:
    """Seconds of "90s", "30m", "8h" or "2d"; a bare number is in `unit`. None for anything else."""
    match = TIME.fullmatch(text.strip())
    known = (match[2] or unit) if match else ""
    return float(match[1]) * UNITS[known] if match and known else None


def roughly(seconds: float) -> str:
    """An estimated time: "45 s", "30 min", "8 h"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"


def exactly(seconds: float) -> str:
    """A measured time: "4.2 s", "48 s", "12 min 5 s", "3 h 20 min"."""
    whole = round(seconds)
    if whole < 120:
        return f"{seconds:.1f} s" if whole < 10 else f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
