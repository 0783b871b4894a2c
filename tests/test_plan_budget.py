"""`cardaudit plan --budget`: how many seeds fit into a time, and what a verdict on them could say."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from command import CARDS, cardaudit
from test_cli import schema

from cardaudit.cli.plan_budget import fitting, rows
from cardaudit.compare.prospect import prospect
from cardaudit.compare.weighing import Distance, weigh
from cardaudit.durations import roughly
from cardaudit.parse import read_card
from cardaudit.plan import make_plan
from cardaudit.records import Plan

DEMO = CARDS / "invoice-demo" / "card.md"


@pytest.fixture(autouse=True)
def _no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


def plan_of(seconds: float | None, **changes: Any) -> Plan:
    from cardaudit.cli.plan import plan_settings
    from cardaudit.config import Settings

    card = read_card(DEMO.read_text(), str(DEMO))
    plan = make_plan(card, plan_settings(card, Settings(), (), None, None, 19, True, False))
    return replace(plan, estimate={"seconds_cpu": seconds, "seconds_gpu": seconds and seconds / 10}, **changes)


def values(seconds: float, *rows_: str, **changes: Any) -> list[tuple[str, str]]:
    return [(field, value) for field, value, _ in rows(fitting(plan_of(60.0, **changes), seconds)) if not rows_ or field in rows_]


def test_seeds_fit_after_the_cards_own() -> None:
    assert values(30) == [("budget", "30 s: 0 seeds"), ("verdict", "none")]
    assert values(60) == [("budget", "60 s: the card's own and 0 others"), ("verdict", "none")]
    assert values(239) == [("budget", "4 min: the card's own and 2 others"), ("verdict", "none")]
    assert values(240, "budget") == [("budget", "4 min: the card's own and 3 others")]
    assert values(240, "budget", replay_seed=None) == [("budget", "4 min: 4 seeds")]
    assert values(240, "budget", seeds=(1042, 2042)) == [("budget", "4 min: the card's own and 2 others")]
    assert values(28_800, "budget") == [("budget", "8 h: the card's own and 16 others")]


def test_an_estimate_that_is_wrong_by_its_factor_is_told() -> None:
    (_, _, origin), *_ = rows(fitting(plan_of(60.0), 600))
    assert origin == "roughly 60 s a seed on the CPU; 2 to 16 should that be wrong by a factor of three"
    _, (*_, origin) = rows(fitting(plan_of(60.0), 60))
    assert origin == "a claim is weighed after 3 seeds: here after roughly 4 min"


def test_a_time_that_cannot_be_told_is_none() -> None:
    told = "how many seeds fit is not known: the plan cannot tell what one takes"
    assert rows(fitting(plan_of(None), 600)) == [("budget", "10 min", told)]


def test_devices_share_the_seeds_up_to_the_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """From then on a look follows every seed, which is therefore trained alone."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    assert [fitting(plan_of(600.0), 60 * rounds)["seeds"] for rounds in range(6)] == [0, 0, 2, 3, 4, 5]
    assert fitting(plan_of(600.0), 60)["verdict_seconds"] == 180
    assert rows(fitting(plan_of(600.0), 60))[0][2].startswith("roughly 60 s a seed on 2 GPUs; ")


def test_what_is_foretold_is_what_the_test_then_says() -> None:
    """Seeds that spread as expected: a claim beyond the one border deviates, one within the other counts as the same."""
    ahead = prospect(5)
    assert (ahead.looks, prospect(2).looks, prospect(2).deviates_from) == ((3, 4, 5), (), None)
    seeds = (-1.2649110640673518, -0.6324555320336759, 0.0, 0.6324555320336759, 1.2649110640673518)  # of standard deviation 1
    assert ahead.deviates_from is not None
    assert ahead.reproduced_to is not None
    for away, deviates in ((ahead.deviates_from - 0.1, False), (ahead.deviates_from + 0.1, True)):
        test = weigh(Distance(away, away, away), seeds, 1.0, 0.0)
        assert (test.p_above < test.law.alpha_flattering[2]) == deviates
    for away, same in ((ahead.reproduced_to - 0.1, True), (ahead.reproduced_to + 0.1, False)):
        assert weigh(Distance(away, away, away), seeds, 1.0, 0.0).equivalent == same


def test_more_seeds_tell_closer_claims_apart() -> None:
    borders = [prospect(seeds).deviates_from or 0.0 for seeds in range(3, 17)]
    assert borders == sorted(borders, reverse=True)
    assert prospect(19) == prospect(16)._replace(seeds=19)  # the protocol's last look


@pytest.mark.parametrize(("seconds", "told"), [(45, "45 s"), (600, "10 min"), (7200, "2 h"), (9000, "2.5 h")])
def test_times_are_spelled(seconds: float, told: str) -> None:
    assert roughly(seconds) == told


def test_the_command_says_it_in_both_formats() -> None:
    text = cardaudit("plan", CARDS / "invoice-demo", "--budget", "2h", CUDA_VISIBLE_DEVICES="").stdout
    assert [line.split()[0] for line in text.splitlines()[-3:]] == ["budget", "deviates_from", "reproduced_to"]
    done = cardaudit("plan", CARDS / "invoice-demo", "--budget", "2h", "--format", "json", CUDA_VISIBLE_DEVICES="")
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema("plan"))
    budget = document["estimate"]["budget"]
    assert (budget["seconds"], budget["device"], budget["own_seed"], budget["looks"][0]) == (7200, "CPU", True, 3)
    assert "budget" not in cardaudit("plan", CARDS / "invoice-demo").stdout
