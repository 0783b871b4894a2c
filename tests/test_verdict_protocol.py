"""The protocol of the verdict: what holds of the test for every claim, and how often it is right, simulated in small."""

import json
import sys
from dataclasses import replace

import jsonschema
import pytest
from command import ROOT, cardaudit
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import rich_audit

from cardaudit.compare.protocol import error_rates, protocol_in_force
from cardaudit.compare.weighing import Distance, SeedTest, weigh
from cardaudit.records import Audit, Rung
from cardaudit.report import render_html, render_json
from cardaudit.report.comparison import compare_blocks
from cardaudit.report.headline import headline_of

sys.path.insert(0, str(ROOT / "benchmarks"))

from simulated_recipes import RECIPES
from verdict_simulation import FIVE, HONEST, Scenario, tallies, whole

SEEDS = st.lists(st.floats(-0.2, 0.2), min_size=3, max_size=19)
STEP, PRIOR = 0.01, 0.05


def weighed(claim: float, seeds: list[float], prior: float = PRIOR, step: float = STEP) -> SeedTest:
    return weigh(Distance(claim, claim, claim), seeds, prior, step)


class TestEveryClaim:
    @given(SEEDS, st.floats(0, 3), st.floats(0, 3))
    @settings(max_examples=60, deadline=None)
    def test_the_farther_the_less_honest_and_the_less_the_same(self, seeds: list[float], one: float, other: float) -> None:
        near, far = (weighed(max(seeds) + away, seeds) for away in sorted((one, other)))
        assert near.p_above >= far.p_above - 1e-12
        assert near.same >= far.same - 1e-12
        assert (near.p_below, far.p_below) == (1.0, 1.0)

    @given(SEEDS, st.floats(-1, 1), st.floats(-5, 5), st.floats(0.01, 100))
    @settings(max_examples=60, deadline=None)
    def test_another_origin_and_unit_change_nothing(self, seeds: list[float], claim: float, shift: float, unit: float) -> None:
        here = weighed(claim, seeds)
        there = weighed(shift + unit * claim, [shift + unit * seed for seed in seeds], unit * PRIOR, unit * STEP)
        assert there.same == pytest.approx(here.same, abs=1e-6)
        if abs(abs(here.gap) - STEP) > 1e-9:
            assert (there.p_above, there.p_below) == pytest.approx((here.p_above, here.p_below), abs=1e-6)

    @given(SEEDS, st.floats(-0.999, 0.999))
    @settings(max_examples=60, deadline=None)
    def test_one_example_is_never_too_far(self, seeds: list[float], share: float) -> None:
        test = weighed(sum(seeds) / len(seeds) + share * STEP, seeds)
        assert (test.p_above, test.p_below) == (1.0, 1.0)

    @given(SEEDS)
    @settings(max_examples=60, deadline=None)
    def test_the_reach_is_where_a_claim_stops_being_the_same(self, seeds: list[float]) -> None:
        mean = sum(seeds) / len(seeds)
        reach = weighed(mean, seeds).reach()
        assert reach > 0
        assert weighed(mean + 0.999 * reach, seeds).equivalent
        assert not weighed(mean + 1.001 * reach, seeds).equivalent

    @given(SEEDS)
    @settings(max_examples=30, deadline=None)
    def test_the_interval_holds_99_of_100_honest_claims(self, seeds: list[float]) -> None:
        test = weighed(0.0, seeds)
        low, high = test.honest()
        assert test.belief.beyond(high - test.mean) == pytest.approx(0.005, abs=1e-6)
        assert test.mean - low == pytest.approx(high - test.mean)


class TestBelief:
    def test_a_prior_that_the_seeds_contradict_gives_way(self) -> None:
        tight, loose = [0.005 * (-1) ** n for n in range(19)], [0.5 * (-1) ** n for n in range(19)]
        assert weighed(0.0, tight, prior=0.05, step=1e-5).spread.deviation == pytest.approx(0.0052, rel=0.15)
        assert weighed(0.0, loose, prior=0.05).spread.deviation == pytest.approx(0.51, rel=0.15)

    def test_three_seeds_that_agree_do_not_prove_that_nothing_varies(self) -> None:
        assert weighed(0.0, [0.0, 0.0, 0.0], prior=0.05, step=1e-5).spread.deviation > 0.05 / 30
        assert weighed(0.03, [0.0, 0.0, 0.0], prior=0.05, step=0.01).p_above > 0.003

    def test_seeds_foretold_go_on_like_those_measured(self) -> None:
        seeds = [-0.05, 0.0, 0.05]
        three, nineteen = weigh(Distance(0.3, 0.3, 0.3), seeds, 0.05, 0.01), weigh(Distance(0.3, 0.3, 0.3), seeds, 0.05, 0.01, 19)
        assert nineteen.p_above < three.p_above


def test_the_settings_fit_each_other() -> None:
    law = protocol_in_force()
    assert len(law.looks) == len(law.alpha_flattering) == len(law.alpha_modest)
    assert list(law.looks) == sorted(set(law.looks))
    assert [law.look_of(number) for number in (2, 3, 6, 7, 99)] == [-1, 0, 3, 4, len(law.looks) - 1]


def test_the_published_figures_are_those_of_the_protocol_in_force() -> None:
    version = protocol_in_force().version
    assert error_rates(version).startswith(f"Protocol {version}, simulated with ")
    assert error_rates(version - 1) == ""


FEW = tuple(
    RECIPES[number] for number in (0, 5, 9, 10)
)  # one of counts coarser than its spread, one whose prior is far too small


def test_honest_cards_are_seldom_accused_and_inflated_ones_mostly() -> None:
    """The figures for many cards: benchmarks/results/verdict-simulation.md. Here they are drawn from fixed seeds."""
    wrong = replace(HONEST, name="honest, prior", prior=0.5)
    found = {name: whole(parts) for name, parts in tallies((HONEST, FIVE, wrong), FEW, 8, 1).items()}
    honest, five = found[HONEST.name], found[FIVE.name]
    assert honest.accused <= 4
    assert found[wrong.name].accused <= 2
    assert honest.outcomes["undecided"] <= 8
    assert five.accused >= 0.8 * five.cards
    assert honest.seeds < 4.5
    assert five.seeds < 7.5


def test_most_of_the_best_of_ten_pass() -> None:
    best = whole(tallies((Scenario("best of 10", best_of=10),), FEW[:1], 40, 1)["best of 10"])
    assert best.outcomes["reproduced"] >= 26


class TestReport:
    def audit(self, **changes: object) -> Audit:
        sample = rich_audit()
        version = {"protocol": protocol_in_force().version}
        verdicts = tuple(replace(each, arithmetic={**each.arithmetic, **version}) for each in sample.verdicts)
        return replace(sample, verdicts=verdicts, **changes)

    def test_the_primary_metric_says_how_often_its_protocol_is_right(self) -> None:
        blocks = compare_blocks(self.audit())
        assert [block.protocol for block in blocks if block.primary] == [error_rates(protocol_in_force().version)]
        assert not any(block.protocol for block in blocks if not block.primary)
        assert error_rates(protocol_in_force().version) in render_html(self.audit())

    def test_an_audit_of_another_protocol_is_not_given_these_figures(self) -> None:
        assert not any(block.protocol for block in compare_blocks(rich_audit()))

    def test_what_else_gives_the_claim_is_said_first(self) -> None:
        found = Rung(5, "What else gives the claim", "compatible with A; 3 other recipes were tried", 1.0)
        assert " It is compatible with A; 3 other recipes were tried." in headline_of(self.audit(rungs=(found,))).sentence
        schema = json.loads((ROOT / "cardaudit/schemas/audit.schema.json").read_text())
        jsonschema.validate(json.loads(render_json(self.audit(rungs=(found,)))), schema)
        none = replace(found, outcome="none of 3 other recipes gives the card's numbers")
        assert "None of 3 other recipes gives the card's numbers." in headline_of(self.audit(rungs=(none,))).sentence

    def test_where_only_a_stand_in_could_tell_the_arithmetic_comes_first(self) -> None:
        shape = Rung(5, "Which labels give the card's shape", "compatible in shape with label_column 1", 1.0)
        told = headline_of(self.audit(rungs=(shape,))).sentence
        plain = headline_of(self.audit()).sentence
        first, found, last = told.partition(" It is compatible in shape with label_column 1. ")
        assert first
        assert found
        assert plain.startswith(last)


def test_help_and_readme_name_the_looks_of_the_protocol() -> None:
    first, last = protocol_in_force().looks[0], protocol_in_force().looks[-1]
    told = " ".join(cardaudit("reproduce", "--help").stdout.split())
    assert f"weighed after {first} and after each further one up to {last};" in told
    assert f"each from {first} to {last} seeds" in (ROOT / "README.md").read_text()
