"""The page of benchmarks/zoo.py: each part as it was measured, whenever that was, and what was not measured says so."""

import sys

from command import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from zoo_report import PARTS, page

WHERE = {"day": "2026-11-21", "machine": "2 cores", "load": 0.25}


def test_what_was_not_measured_says_so() -> None:
    assert page({}).count("Unmeasured.") == len(PARTS)


def test_a_part_measured_alone_stands_beside_the_others() -> None:
    figures = {
        "kills": {**WHERE, "cards": 600, "killed": 50, "stores": 12, "equal": 12, "lost": 0},
        "copies": {
            **WHERE,
            "steps": [
                {"cards": 5000, "seconds": 5.0, "memory": 100},  # as it was measured before the processes were told apart
                {"cards": 9000, "seconds": 7.0, "memory": 101, "first": 60, "worker": 15},
            ],
            "runs": {
                "again": {"cards": 9000, "checked": 0, "linting": 0.5, "seconds": 1.25, "processor": 2.0, "peak": 101},
            },
            "page": 87,
            "store_mb": 1234,
        },
    }
    told = page(figures)
    assert told.count("Unmeasured.") == len(PARTS) - 2
    assert "| 5,000 | 5.0 | 1,000 | 100 |  |  |\n| 9,000 | 7.0 | 2,000 | 101 | 60 | 15 |" in told
    assert "The store has 1,234 MB. The index page was made in 87 MB." in told
    assert "| again | 9,000 | 0 | 18,000 | 0.5 | 1.2 | 2.0 | 101 |" in told
    assert "50 kill -9 at random moments of 12 zoos of 600 cards, then one run each to the end: 12 of 12 stores equal" in told
    assert told.count("2026-11-21, 2 cores, load before 0.2.") == 2
