"""Verdicts on cards as authors write them, against runs written by hand: no training, no torch."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cardaudit.codec import pack
from cardaudit.compare import compare, exit_code, next_seeds, primary_outcome, summary_sentence
from cardaudit.parse import read_card
from cardaudit.records import Card, DatasetPlan, Evaluation, ModelPlan, Plan, Run, Schedule, Training, Verdict

SST2 = """\
---
base_model: bert-tiny
model-index:
- name: bert-tiny-finetuned-sst2
  results:
  - task:
      name: Text Classification
      type: text-classification
    dataset:
      name: sst2
      type: sst2
    metrics:
    - name: Accuracy
      type: accuracy
      value: 0.7064220183486238
---
# bert-tiny-finetuned-sst2

It achieves the following results on the evaluation set:
- Loss: 0.5712
- Accuracy: 0.7064

### Training hyperparameters

- seed: 42

### Training results

| Training Loss | Epoch | Step | Validation Loss | Accuracy |
|:-------------:|:-----:|:----:|:---------------:|:--------:|
| No log        | 1.0   | 433  | 0.6731          | 0.6433   |
| 0.6848        | 2.0   | 866  | 0.6330          | 0.6858   |
| 0.6529        | 3.0   | 1299 | 0.5712          | 0.7064   |
"""

OWN_SEED = ((None, 0.67312, 0.6433486238532110), (0.68481, 0.63301, 0.6857798165137615), (0.6529, 0.571233, 0.7064220183486238))

RECEIPTS = """\
# receipts

It achieves the following results on the evaluation set:
- Loss: 0.0226
- Precision: 0.0
- Recall: 0.0
- F1: 0.0
- Accuracy: 0.9940

### Training results

| Training Loss | Epoch | Step | Validation Loss | Precision | Recall | F1  | Accuracy |
|:-------------:|:-----:|:----:|:---------------:|:---------:|:------:|:---:|:--------:|
| 0.0589        | 1.0   | 1956 | 0.0359          | 0.0       | 0.0    | 0.0 | 0.9853   |
| 0.0221        | 2.0   | 3912 | 0.0226          | 0.0       | 0.0    | 0.0 | 0.9940   |
"""


def plan(recipe: str = "text_classification", replay_seed: int | None = 42, seeds: int = 19) -> Plan:
    training = Training(1e-5, 16, 8, 1, 3.0, None, "adamw", 0.9, 0.999, 1e-8, 0.0, 1.0, "linear", 0, 0.0, 0.0, "fp32", 128)
    model = ModelPlan("user/bert-tiny", None, "bert-tiny", "bert-tiny", True)
    data = DatasetPlan("stanfordnlp/sst2", None, "sst2", "sst2", True, "csv", None, "train", "validation", ("text",), "label")
    numbers = tuple(1042 + 1000 * number for number in range(seeds))
    return Plan("train", recipe, model, data, training, Schedule("epoch", None, 500), {}, numbers, replay_seed, "current")


def run(seed: int, rows: Sequence[tuple[float | None, float, Mapping[str, float]]], steps: int, **facts: int) -> Run:
    """A finished run: rows of training loss, validation loss and metrics, `steps` an epoch."""
    evaluations = tuple(Evaluation(float(n), steps * n, *row) for n, row in enumerate(rows, 1))
    return Run("", seed, evaluations, "finished", 1.0, {}, facts)


def sst2_run(seed: int, *accuracies: float, loss: float = 0.571) -> Run:
    """Three epochs on 872 sentences that end at the given accuracies."""
    rows = [(None, 0.673, accuracies[0]), (0.6848, 0.633, accuracies[1]), (0.6529, loss, accuracies[2])]
    return run(seed, [(t, v, {"accuracy": round(a * 872) / 872}) for t, v, a in rows], 433, evaluation_examples=872)


def own_run() -> Run:
    return run(42, [(t, v, {"accuracy": a}) for t, v, a in OWN_SEED], 433, evaluation_examples=872)


SEEDS = (
    sst2_run(1042, 0.6410, 0.6830, 0.7041, loss=0.5730),
    sst2_run(2042, 0.6450, 0.6870, 0.7076, loss=0.5702),
    sst2_run(3042, 0.6430, 0.6850, 0.7053, loss=0.5717),
)


def receipts_run(seed: int, accuracy: float = 0.994, f1: float = 0.0) -> Run:
    scores = {"precision": f1, "recall": f1, "f1": f1}
    rows = [(0.0589, 0.0359, {**scores, "accuracy": 0.9853}), (0.0221, 0.0226, {**scores, "accuracy": accuracy})]
    return run(seed, rows, 1956, evaluation_tokens=40000, gold_entities=45)


def verdicts_of(text: str, runs: Sequence[Run], recipe: str = "text_classification", replay: bool = True) -> tuple[Verdict, ...]:
    return compare(read_card(text), plan(recipe), runs, replay)


def primary_of(verdicts: Sequence[Verdict]) -> Verdict:
    primary = [verdict for verdict in verdicts if verdict.primary]
    assert len(primary) == 1
    return primary[0]


def told(verdicts: Sequence[Verdict]) -> dict[tuple[str, str], str]:
    return {(verdict.where, verdict.metric): verdict.outcome for verdict in verdicts}


def raised(text: str, printed: str, by: float) -> str:
    return text.replace(printed, f"{float(printed) + by:.4f}")


class TestReplay:
    def test_all_cells_equal_to_the_digit(self) -> None:
        verdicts = verdicts_of(SST2, [own_run()])
        primary = primary_of(verdicts)
        assert set(told(verdicts).values()) == {"replayed"}
        assert (primary.where, primary.metric, primary.claimed, primary.measured) == (
            "headline",
            "accuracy",
            "0.7064",
            (OWN_SEED[2][2],),
        )
        assert primary.because == (
            "claimed 0.7064; the card's own seed 42 gives 0.7064, equal to the digit; "
            "10 of 10 cells that could be measured are equal"
        )
        assert primary.arithmetic["model_index"] == "0.7064220183486238"
        assert exit_code(verdicts) == 0
        assert summary_sentence(verdicts) == (
            "The claimed accuracy 0.7064 (headline) is replayed: the card's own seed gives its numbers to the digit."
        )
        assert next_seeds(read_card(SST2), plan(), [own_run()]) == ()

    def test_some_cells_equal_is_said_and_replays_only_whole_rows(self) -> None:
        verdicts = verdicts_of(raised(SST2, "0.7064", 0.05), [own_run()])
        outcomes = told(verdicts)
        assert (outcomes["row 1", "accuracy"], outcomes["row 2", "accuracy"]) == ("replayed", "replayed")
        assert outcomes["row 3", "validation_loss"] == outcomes["headline", "accuracy"] == "undecided"
        assert "gives 0.7064, with 8 of 10 printed cells equal to the digit" in primary_of(verdicts).because

    def test_the_own_seed_is_never_an_independent_one(self) -> None:
        outcomes = verdicts_of(SST2, [own_run(), *SEEDS[:2]], replay=False)
        assert primary_of(outcomes).outcome == "undecided"
        assert len(primary_of(outcomes).measured) == 2
        without = replace(plan(), replay_seed=None)
        assert primary_of(compare(read_card(SST2), without, [own_run(), *SEEDS], False)).measured == tuple(
            seed.rows[-1].metrics["accuracy"] for seed in SEEDS
        )

    def test_an_exact_zero_is_not_a_rounded_one(self) -> None:
        near = replace(receipts_run(42), rows=tuple(replace(r, metrics={**r.metrics, "f1": 3e-5}) for r in receipts_run(42).rows))
        exact = verdicts_of(RECEIPTS, [receipts_run(42)], "token_classification")
        assert primary_of(exact).outcome == "replayed"
        assert primary_of(verdicts_of(RECEIPTS, [near], "token_classification")).outcome == "undecided"


class TestStatistics:
    def test_an_honest_card_is_reproduced(self) -> None:
        verdicts = verdicts_of(SST2, SEEDS, replay=False)
        primary = primary_of(verdicts)
        assert set(told(verdicts).values()) == {"reproduced"}
        assert exit_code(verdicts) == 0
        assert primary.interval is not None
        assert primary.interval[0] < min(primary.measured) < max(primary.measured) < primary.interval[1]
        assert primary.because == (
            "claimed 0.7064; 3 seeds gave 0.7041 to 0.7076, mean 0.7057; the claim lies 0.00074 above (0.2 seed "
            "standard deviations of 0.0033, 0.646 of 872 examples); shown to be the same within three standard deviations of "
            "such runs, environments included (95 % equivalence); a claim 0.0040 above the mean would not have passed"
        )
        assert summary_sentence(verdicts) == (
            "The claimed accuracy 0.7064 (headline) is reproduced by 3 seeds (mean 0.7057); one inflated by less than 0.0040 "
            "would have been as well."
        )

    def test_raised_by_fifteen_seed_deviations_deviates(self) -> None:
        verdicts = verdicts_of(raised(SST2, "0.7064", 15 * 0.005), SEEDS)
        primary = primary_of(verdicts)
        assert (primary.outcome, primary.direction, primary.seeds_needed) == ("deviates", "above", None)
        assert primary.interval is not None
        assert primary.interval[1] < 0.7814
        assert "a difference that flatters the model" in primary.because
        assert exit_code(verdicts) == 1
        assert told(verdicts)["row 3", "accuracy"] == "deviates"
        assert summary_sentence(verdicts) == (
            "The claimed accuracy 0.7814 (headline) deviates: it lies above what 3 seeds of the same recipe give (mean 0.7057)."
        )

    def test_a_modest_claim_deviates_and_accuses_nobody(self) -> None:
        verdicts = verdicts_of(raised(SST2, "0.7064", -0.15), SEEDS)
        primary = primary_of(verdicts)
        assert (primary.outcome, primary.direction) == ("deviates", "below")
        assert "understated" in primary.because
        assert exit_code(verdicts) == 0

    def test_a_lower_loss_flatters(self) -> None:
        loss_only = (
            SST2.replace("- Accuracy: 0.7064\n", "").replace("0.5712", "0.3712").replace("      value: 0.7064220183486238", "")
        )
        card = read_card(
            "\n".join(line.rsplit("|", 2)[0] + "|" if line.startswith("|") else line for line in loss_only.split("\n"))
        )
        verdicts = compare(replace(card, model_index=()), plan(), SEEDS)
        primary = primary_of(verdicts)
        assert (primary.metric, primary.outcome, primary.direction) == ("loss", "deviates", "below")
        assert exit_code(verdicts) == 1

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_fewer_than_three_seeds_decide_nothing(self, count: int) -> None:
        verdicts = verdicts_of(raised(SST2, "0.7064", 0.2), [own_run(), *SEEDS[:count]])
        assert primary_of(verdicts).outcome == "undecided"
        assert primary_of(verdicts).seeds_needed == 3 - count
        assert exit_code(verdicts) == 4

    def test_undecided_tells_how_many_seeds_would(self) -> None:
        wide = [sst2_run(1042 + 1000 * n, 0.64, 0.68, 0.7064 + shift) for n, shift in enumerate((-0.010, 0.001, 0.011))]
        primary = primary_of(verdicts_of(raised(SST2, "0.7064", 0.06), wide, replay=False))
        assert (primary.outcome, primary.seeds_needed) == ("undecided", 1)
        assert "not far enough to be called different: 1 further seed would tell" in primary.because

    def test_a_spread_wider_than_the_cap_is_never_called_the_same(self) -> None:
        wild = [sst2_run(1042 + 1000 * n, 0.64, 0.68, 0.7064 + shift) for n, shift in enumerate((-0.06, 0.05, 0.06, -0.04, 0.02))]
        primary = primary_of(verdicts_of(SST2, wild, replay=False))
        assert (primary.outcome, primary.seeds_needed) == ("undecided", None)
        assert "no number of seeds up to 16 would tell" in primary.because
        assert next_seeds(read_card(SST2), plan(), wild, False) == ()

    def test_a_measured_spread_far_below_the_prior_still_convicts(self) -> None:
        tight = [sst2_run(1042 + 1000 * n, 0.643, 0.685, (616 + n % 3) / 872) for n in range(5)]
        assert primary_of(verdicts_of(raised(SST2, "0.7064", 15 * 0.0011), tight)).outcome == "deviates"

    def test_losses_may_be_exactly_zero_and_scores_exactly_one(self) -> None:
        perfect = [sst2_run(1042 + 1000 * n, 1.0, 1.0, 1.0, loss=0.0) for n in range(3)]
        claimed = SST2.replace("0.7064220183486238", "1.0").replace("0.7064", "1.0").replace("0.5712", "0.0")
        outcomes = told(verdicts_of(claimed, perfect, replay=False))
        assert outcomes["headline", "accuracy"] == outcomes["headline", "loss"] == "reproduced"


class TestOtherEvaluations:
    """The seeds' earlier evaluations tell how widely seeds spread, where they lie close by."""

    ENDS = (0.7041, 0.7076, 0.7053)

    def told(self, *earlier: float) -> Verdict:
        runs = [sst2_run(1042 + 1000 * n, 0.6, early, end) for n, (early, end) in enumerate(zip(earlier, self.ENDS, strict=True))]
        return primary_of(verdicts_of(raised(SST2, "0.7064", 0.02), runs, replay=False))

    def test_a_steady_earlier_row_makes_the_spread_better_known_and_a_wild_one_wider(self) -> None:
        apart, steady, wild = self.told(0.60, 0.66, 0.62), self.told(0.700, 0.703, 0.701), self.told(0.68, 0.74, 0.70)
        assert [each.arithmetic["other_evaluations"] for each in (apart, steady, wild)] == [0, 1, 1]
        deviations = [each.arithmetic["seed_deviation"] for each in (steady, apart, wild)]
        assert deviations == sorted(deviations)
        assert steady.arithmetic["p_flattering"] < apart.arithmetic["p_flattering"] < wild.arithmetic["p_flattering"]

    def test_a_row_in_which_no_seed_differs_tells_nothing(self) -> None:
        assert self.told(0.70, 0.70, 0.70).arithmetic["other_evaluations"] == 0

    def test_runs_that_were_not_evaluated_alike_are_not_pooled(self) -> None:
        short = replace(SEEDS[2], rows=SEEDS[2].rows[1:])
        assert primary_of(verdicts_of(SST2, [*SEEDS[:2], short], replay=False)).arithmetic["other_evaluations"] == 0


class TestUnseededSplit:
    """An author who drew the evaluation examples without a seed counted over others than can be made again."""

    def told(self, by: float, **overrides: str) -> Verdict:
        drawn = replace(plan("text_classification"), overrides=overrides)
        return primary_of(compare(read_card(raised(SST2, "0.7064", by)), drawn, SEEDS, False))

    def test_room_is_left_for_another_draw_only_where_the_user_says_so(self) -> None:
        assert self.told(0.04).outcome == self.told(0.04, same_evaluation="true").outcome == "deviates"
        told = self.told(0.04, same_evaluation="false")
        assert told.outcome == "reproduced"
        assert told.arithmetic["evaluation_deviation"] == pytest.approx((2 * 0.7057 * 0.2943 / 872) ** 0.5, rel=0.02)
        assert "counted over other examples, which alone moves it by a standard deviation of 0.0218" in told.because

    def test_a_claim_beyond_any_draw_deviates_all_the_same(self) -> None:
        assert self.told(0.15, same_evaluation="false").outcome == "deviates"


class TestZero:
    def test_all_runs_zero_reproduce_a_claimed_zero(self) -> None:
        runs = [receipts_run(seed, accuracy) for seed, accuracy in ((1042, 0.9941), (2042, 0.9939), (3042, 0.9940))]
        verdicts = verdicts_of(RECEIPTS, runs, "token_classification")
        primary = primary_of(verdicts)
        assert (primary.metric, primary.outcome, primary.measured) == ("f1", "reproduced", (0.0, 0.0, 0.0))
        assert "every seed gives the claim's own digits, without any spread, so that no test is needed" in primary.because
        assert told(verdicts)["headline", "accuracy"] == "reproduced"
        assert json.loads(json.dumps(pack(verdicts), allow_nan=False))

    def test_one_entity_above_zero_is_not_accused(self) -> None:
        runs = [receipts_run(1042 + 1000 * n) for n in range(19)]
        text = RECEIPTS.replace("- F1: 0.0", "- F1: 0.0222").replace("| 0.0 | 0.9940", "| 0.0222 | 0.9940")
        assert primary_of(verdicts_of(text, runs, "token_classification")).outcome == "undecided"

    def test_a_high_score_where_all_runs_are_zero_deviates(self) -> None:
        runs = [receipts_run(1042 + 1000 * n) for n in range(5)]
        text = RECEIPTS.replace("- F1: 0.0", "- F1: 0.8000").replace("| 0.0 | 0.9940", "| 0.8000 | 0.9940")
        assert primary_of(verdicts_of(text, runs, "token_classification")).outcome == "deviates"


class TestEndpoints:
    def test_token_classification_leads_with_f1(self) -> None:
        assert primary_of(verdicts_of(RECEIPTS, [], "token_classification")).metric == "f1"

    def test_a_raised_earlier_row_is_told_by_the_curve_not_by_its_cell(self) -> None:
        verdicts = verdicts_of(raised(raised(SST2, "0.6433", 0.2), "0.6858", 0.1), SEEDS)
        outcomes = told(verdicts)
        assert outcomes["curve", "accuracy"] == "deviates"
        assert outcomes["row 1", "accuracy"] == outcomes["row 2", "accuracy"] == "undecided"
        assert outcomes["headline", "accuracy"] == "reproduced"
        assert exit_code(verdicts) == 0
        assert "1 other claim of the card deviates." in summary_sentence(verdicts)

    def test_the_authors_selection_is_applied_to_the_runs(self) -> None:
        best_second = SST2.replace("| 0.6330          | 0.6858 ", "| 0.6330          | 0.7064 ").replace(
            "| 0.5712          | 0.7064 ", "| 0.7712          | 0.6900 "
        ).replace("Loss: 0.5712", "Loss: 0.6330")  # fmt: skip
        runs = [
            sst2_run(seed, 0.64, second, third)
            for seed, second, third in ((1042, 0.70, 0.69), (2042, 0.69, 0.71), (3042, 0.7, 0.7))
        ]
        best = [max(row.metrics["accuracy"] for row in run.rows) for run in runs]
        assert list(primary_of(verdicts_of(best_second, runs)).measured) == best

    def test_a_headline_in_no_row_is_held_against_the_best_evaluation(self) -> None:
        text = SST2.replace("- Accuracy: 0.7064", "- Accuracy: 0.9064")
        runs = [sst2_run(1042 + 1000 * n, 0.64, 0.7064, 0.69 + n / 500) for n in range(3)]
        primary = primary_of(verdicts_of(text, runs))
        assert set(primary.measured) == {616 / 872}
        assert primary.outcome == "deviates"

    def test_without_a_headline_the_last_row_leads(self) -> None:
        text = SST2[SST2.index("### Training results") :]
        primary = primary_of(verdicts_of(text, SEEDS))
        assert (primary.where, primary.metric, primary.outcome) == ("row 3", "accuracy", "reproduced")

    def test_percentages_are_undone(self) -> None:
        text = SST2[SST2.index("It achieves") : SST2.index("### Training hyper")].replace("0.7064", "70.64")
        assert primary_of(verdicts_of(text, SEEDS)).outcome == "reproduced"

    def test_rows_are_matched_by_epoch_where_no_step_is_equal(self) -> None:
        text = SST2.replace("| 433 ", "| 434 ").replace("| 866 ", "| 868 ").replace("| 1299", "| 1302")
        assert "not measured" not in told(verdicts_of(text, SEEDS)).values()

    def test_a_front_matter_number_that_disagrees_is_a_claim_of_its_own(self) -> None:
        verdicts = verdicts_of(SST2.replace("value: 0.7064220183486238", "value: 0.8864220183486238"), SEEDS)
        outcomes = told(verdicts)
        assert (outcomes["headline", "accuracy"], outcomes["model-index", "accuracy"]) == ("reproduced", "deviates")

    def test_a_card_without_numbers_has_no_verdict(self) -> None:
        assert verdicts_of("# a model\n\nMore information needed\n", SEEDS) == ()
        assert (exit_code(()), primary_outcome(()), next_seeds(read_card("# a model"), plan(), ())) == (3, None, ())
        assert summary_sentence(()) == "The card claims no number that a run could be compared with."


class TestNotMeasured:
    def test_no_runs(self) -> None:
        verdicts = verdicts_of(SST2, [])
        assert set(told(verdicts).values()) == {"not measured"}
        assert (primary_of(verdicts).because, exit_code(verdicts)) == ("no run has finished", 3)

    def test_failed_runs_are_told(self) -> None:
        failed = replace(SEEDS[0], outcome="failed: out of memory")
        assert primary_of(verdicts_of(SST2, [failed])).because == "no run has finished (seed 1042: failed: out of memory)"
        assert "not counted: seed 1042: failed: out of memory" in primary_of(verdicts_of(SST2, [failed, *SEEDS[1:]])).because

    def test_a_metric_that_the_runs_do_not_compute(self) -> None:
        text = SST2.replace("Accuracy: 0.7064", "Accuracy: 0.7064\n- Rouge1: 0.4321")
        rouge = next(v for v in verdicts_of(text, SEEDS) if v.metric == "rouge1")
        assert (rouge.outcome, rouge.because) == ("not measured", "the runs do not compute rouge1: they give accuracy")

    def test_a_diverged_run_is_told_and_not_counted(self) -> None:
        diverged = sst2_run(4042, 0.5, 0.5, 0.5, loss=float("nan"))
        loss = next(v for v in verdicts_of(SST2, [*SEEDS, diverged], replay=False) if (v.where, v.metric) == ("headline", "loss"))
        assert len(loss.measured) == 3
        assert "1 seed gave no number here and is not counted" in loss.because

    def test_a_replay_that_diverged_is_told(self) -> None:
        diverged = replace(own_run(), rows=tuple(replace(row, validation_loss=float("inf")) for row in own_run().rows))
        verdicts = verdicts_of(SST2, [diverged])
        assert json.dumps(pack(verdicts), allow_nan=False)
        loss = next(v for v in verdicts if (v.where, v.metric) == ("headline", "loss"))
        assert (loss.outcome, loss.measured, primary_of(verdicts).outcome) == ("undecided", (), "undecided")
        assert "1 seed gave no number here and is not counted" in loss.because

    def test_a_collapsed_run_widens_the_spread_and_accuses_nobody(self) -> None:
        collapsed = sst2_run(4042, 0.5, 0.5, 0.5)
        assert primary_of(verdicts_of(raised(SST2, "0.7064", 0.02), [*SEEDS, collapsed])).outcome == "undecided"

    def test_another_model_or_other_data_is_not_comparable(self) -> None:
        other = replace(plan(), model=replace(plan().model, id="user/other", same=False))
        verdicts = compare(read_card(SST2), other, SEEDS)
        assert set(told(verdicts).values()) == {"not comparable"}
        assert primary_of(verdicts).because == "the runs start from user/other, the card names bert-tiny"
        assert exit_code(verdicts) == 3
        data = replace(plan(), dataset=replace(plan().dataset, id="mine", same=False, claimed=None))
        assert (
            primary_of(compare(read_card(SST2), data, SEEDS)).because == "the runs use the data mine, the card names no data set"
        )


COUNTED = """\
---
model-index:
- name: tagger
  results:
  - dataset: {{name: tagged, type: tagged}}
    metrics:
    - {{type: precision, value: {0!r}}}
    - {{type: recall, value: {1!r}}}
    - {{type: f1, value: {2!r}}}
---
# tagger

It achieves the following results on the evaluation set:
- Precision: {0:.4f}
- Recall: {1:.4f}
- F1: {2:.4f}
"""


class TestCounts:
    def card(self, right: int, found: int, gold: int, more: float = 0.0) -> str:
        return COUNTED.format(right / found, right / gold, 2 * right / (found + gold) + more)

    def outcome(self, text: str) -> Verdict:
        scores = [(right / 100, right / 90, 2 * right / 190) for right in (70, 71, 72)]
        rows = [(0.1, 0.1, {"precision": p, "recall": r, "f1": f}) for p, r, f in scores]
        runs = [run(1042 + 1000 * n, [row], 10, gold_entities=90, evaluation_tokens=400) for n, row in enumerate(rows)]
        return primary_of(verdicts_of(text, runs, "token_classification"))

    def test_fractions_of_other_counts_are_not_compared(self) -> None:
        assert self.outcome(self.card(71, 101, 90)).outcome == "reproduced"
        other = self.outcome(self.card(103, 150, 131))
        assert (other.outcome, other.because) == (
            "not comparable",
            "protocol mismatch: the claimed recall 0.7862595419847328 is 103/131, a share of 131 entities or a multiple, "
            "and 90 entities were scored here",
        )

    def test_one_number_that_is_no_such_fraction_is_a_claim_like_any(self) -> None:
        assert self.outcome(self.card(71, 101, 90, more=0.2)).outcome == "deviates"

    def test_more_entities_than_there_can_be_are_no_other_counts(self) -> None:
        assert self.outcome(self.card(9_001, 11_000, 10_007)).outcome != "not comparable"


class TestPrior:
    def test_a_recipe_that_many_ran_has_its_own_prior(self) -> None:
        text = (Path(__file__).parent.parent / "cards/conll2003-token-classification/card.md").read_text()
        scores = {"precision": 0.9266, "recall": 0.9371, "accuracy": 0.9839}
        rows = [[(None, 0.06, {**scores, "f1": 0.932 + 0.001 * n})] * 3 for n in range(3)]
        runs = [run(1042 + n, each, 878, gold_entities=8939, evaluation_tokens=62947) for n, each in enumerate(rows)]
        verdicts = verdicts_of(text, runs, "token_classification")
        assert primary_of(verdicts).arithmetic["prior_from"].endswith(" other authors of the recipe")
        assert primary_of(verdicts).arithmetic["prior_deviation"] == pytest.approx(0.00143, rel=0.1)
        early = next(verdict for verdict in verdicts if (verdict.where, verdict.metric) == ("row 1", "f1"))
        assert early.arithmetic["prior_from"] == "all recipes"


class TestSequence:
    def ask(self, runs: Sequence[Run], text: str = SST2, replay: bool = True, seeds: int = 19) -> tuple[int, ...]:
        return next_seeds(read_card(text), plan(seeds=seeds), runs, replay)

    def test_the_own_seed_first_then_the_looks(self) -> None:
        assert self.ask([]) == (42,)
        assert self.ask([], replay=False) == (1042, 2042, 3042)
        another = replace(own_run(), rows=SEEDS[0].rows)
        assert self.ask([another]) == (1042, 2042, 3042)
        assert self.ask([another, SEEDS[0]]) == (2042, 3042)

    def test_a_decided_claim_needs_no_more(self) -> None:
        assert self.ask(SEEDS, replay=False) == ()
        assert self.ask([replace(own_run(), rows=SEEDS[0].rows), *SEEDS], raised(SST2, "0.7064", 0.08)) == ()

    def test_an_undecided_one_goes_to_the_next_look_and_no_further_than_the_plan(self) -> None:
        wide = [sst2_run(1042 + 1000 * n, 0.64, 0.68, 0.7064 + shift) for n, shift in enumerate((-0.010, 0.001, 0.011))]
        between = raised(SST2, "0.7064", 0.035)
        assert self.ask(wide, between, replay=False) == (4042,)
        four = [*wide, sst2_run(4042, 0.64, 0.68, 0.720)]
        assert self.ask(four, between, replay=False) == (5042,)
        assert self.ask([*four, sst2_run(5042, 0.64, 0.68, 0.722)], between, replay=False) == (6042,)
        assert self.ask(four, between, replay=False, seeds=4) == ()

    def test_a_failed_seed_is_replaced_and_a_stopped_one_goes_on(self) -> None:
        failed, stopped = replace(SEEDS[0], outcome="failed: disk full"), replace(SEEDS[1], outcome="stopped")
        assert self.ask([failed, stopped], replay=False) == (2042, 3042, 4042)


def test_honest_cards_are_not_accused_and_inflated_ones_are() -> None:
    """300 honest cards and 100 raised by 15 seed standard deviations, over three seed spreads."""
    luck = random.Random(7)

    def outcome(deviation: float, inflation: float) -> str:
        runs = [sst2_run(1042 + 1000 * n, 0.643, 0.685, luck.gauss(0.7064, deviation)) for n in range(5)]
        claim = round((luck.gauss(0.7064, deviation) + deviation * (inflation + 0.5 * luck.gauss(0, 1))) * 872) / 872
        card: Card = read_card(SST2.replace("0.7064220183486238", repr(claim)).replace("0.7064", f"{claim:.4f}"))
        return primary_of(compare(card, plan(), runs)).outcome

    honest = [outcome(deviation, 0) for deviation in (0.004, 0.008, 0.016) for _ in range(100)]
    assert honest.count("deviates") <= 3
    assert [outcome(deviation, 15) for deviation in (0.005, 0.008) for _ in range(50)] == ["deviates"] * 100
