"""Verdicts on published weights that were scored again, with runs written by hand; and how evidence fills a plan."""

from dataclasses import replace

import pytest
from plan_cards import card as card_of
from plan_cards import printed

from cardaudit.compare import exit_code, summary_sentence
from cardaudit.compare.counting import claims_of, fits
from cardaudit.compare.scoring import Explanation, as_averaged, row_given, score_verdicts
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.records import (
    Assumption,
    Card,
    DatasetPlan,
    Evaluation,
    Evidence,
    Fact,
    ModelPlan,
    Plan,
    Run,
    Schedule,
    Training,
    Verdict,
)

TEXT = """\
---
model-index:
- name: my-model
  results:
  - task:
      type: text-classification
    dataset:
      name: sst2
      type: sst2
    metrics:
    - name: Accuracy
      type: accuracy
      value: {exact}
---

# my-model

It achieves the following results on the evaluation set:
- Loss: 0.2512
- Accuracy: {printed}

### Training results

| Training Loss | Epoch | Step | Validation Loss | Accuracy |
|:-------------:|:-----:|:----:|:---------------:|:--------:|
| 0.5951        | 1.0   | 1000 | 0.2831          | 0.9002   |
| 0.2940        | 2.0   | 2000 | 0.2512          | {printed} |
"""
TOKENS = """\
# my-model

It achieves the following results on the evaluation set:
- Precision: {precision}
- Recall: {recall}
- F1: {f1}
- Accuracy: {accuracy}
"""


def plan(recipe: str = "text_classification", **dataset: object) -> Plan:
    training = Training(1e-5, 16, 8, 1, 3.0, None, "adamw", 0.9, 0.999, 1e-8, 0.0, 1.0, "linear", 0, 0.0, 0.0, "fp32", 128)
    data = DatasetPlan("stanfordnlp/sst2", None, "sst2", "sst2", True, "csv", None, "train", "validation", ("text",), "label")
    model = ModelPlan("user/my-model", None, "my-model", None, True)
    return Plan(
        "evaluate", recipe, model, replace(data, **dataset), training, Schedule("epoch", None, 500), {}, (0,), None, "5.x"
    )  # type: ignore[arg-type]


def scored(right: int, of: int = 872, loss: float = 0.2512, **facts: object) -> Run:
    row = Evaluation(0.0, 0, None, loss, {"accuracy": right / of})
    return Run("", 0, (row,), "finished", 1.0, {}, {"evaluation_examples": of, **facts})


def entities(gold: int, found: int, right: int, tokens: int, correct: int) -> Run:
    precision, recall = right / found, right / gold
    metrics = {"precision": precision, "recall": recall, "f1": 2 * right / (gold + found), "accuracy": correct / tokens}
    facts = {"gold_entities": gold, "predicted_entities": found, "evaluation_tokens": tokens}
    return Run("", 0, (Evaluation(0.0, 0, None, 0.1, metrics),), "finished", 1.0, {}, facts)


def text(right: int, of: int = 872) -> Card:
    return read_card(TEXT.format(exact=repr(right / of), printed=f"{right / of:.4f}"))


def tokens(precision: str, recall: str, f1: str, accuracy: str) -> Card:
    return read_card(TOKENS.format(precision=precision, recall=recall, f1=f1, accuracy=accuracy))


def primary(verdicts: tuple[Verdict, ...]) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.primary)


def test_equal_is_replayed() -> None:
    verdicts = score_verdicts(text(811), plan(), scored(811))
    assert [(each.metric, each.outcome) for each in verdicts] == [("accuracy", "replayed"), ("loss", "replayed")]
    assert exit_code(verdicts) == 0
    assert summary_sentence(verdicts).endswith("is replayed: the published weights give it to the digit.")


def test_one_example_is_counted_by_the_floats_of_the_front_matter() -> None:
    """0.95006 and 0.95003 print alike; the front matter's fraction tells one token of 65,182 apart."""
    card = text(61_927, 65_182)
    found = primary(score_verdicts(card, plan(), scored(61_926, 65_182)))
    assert found.outcome == "reproduced"
    assert "1 of 65,182 examples, within 25 of 65,182 examples" in found.because
    assert found.arithmetic["difference_in_units"] == pytest.approx(1)


def test_more_than_a_handful_deviates_in_its_direction() -> None:
    above = score_verdicts(text(811), plan(), scored(808))
    assert (primary(above).outcome, primary(above).direction, exit_code(above)) == ("deviates", "above", 1)
    assert "3 of 872 examples, more than 1 of 872 examples" in primary(above).because
    assert "lies above what the published weights give, 3 of 872 examples apart" in summary_sentence(above)
    below = score_verdicts(text(811), plan(), scored(820))
    assert (primary(below).outcome, primary(below).direction, exit_code(below)) == ("deviates", "below", 0)


def test_fractions_of_another_size_are_another_protocol() -> None:
    verdicts = score_verdicts(text(811, 873), plan(), scored(700))
    assert {each.outcome for each in verdicts} == {"not comparable"}
    assert exit_code(verdicts) == 3
    assert "protocol mismatch: the claimed accuracy 0.9289" in primary(verdicts).because
    assert "is 811/873, a share of 873 examples or a multiple, and 872 examples were scored here" in primary(verdicts).because


def test_a_print_that_no_count_gives_is_another_protocol() -> None:
    verdicts = score_verdicts(
        tokens("0.9001", "0.8001", "0.8471", "0.9501"), plan("token_classification"), entities(10, 10, 8, 90, 80)
    )
    assert "is no count over the 90 tokens" in primary(verdicts).because or "10 entities" in primary(verdicts).because
    assert primary(verdicts).outcome == "not comparable"


def test_a_single_precision_number_is_equal() -> None:
    card = read_card(TEXT.format(exact="0.9300458431243896", printed="0.9300"))  # float32 of 811/872
    assert primary(score_verdicts(card, plan(), scored(811))).outcome == "replayed"


def test_a_loss_alone_accuses_nobody() -> None:
    verdicts = score_verdicts(text(811), plan(), scored(811, loss=0.31))
    assert [(each.metric, each.outcome) for each in verdicts] == [("accuracy", "replayed"), ("loss", "not comparable")]


def test_four_decimals_over_many_tokens_accuse_nobody() -> None:
    """Over 65,182 tokens and 5,942 entities any print is a count: a difference may be one of labelling."""
    card = tokens("0.9301", "0.9401", "0.9351", "0.9855")
    verdicts = score_verdicts(card, plan("token_classification"), entities(5942, 6000, 5500, 65_182, 64_000))
    assert primary(verdicts).outcome == "undecided"
    assert "nothing follows" in primary(verdicts).because
    assert exit_code(verdicts) == 4


def test_one_edited_number_beside_others_that_replay_deviates() -> None:
    run = entities(5942, 6000, 5500, 65_182, 64_000)
    metrics = run.rows[0].metrics
    card = tokens(f"{metrics['precision']:.4f}", f"{metrics['recall']:.4f}", "0.9731", f"{metrics['accuracy']:.4f}")
    verdicts = score_verdicts(card, plan("token_classification"), run)
    assert (primary(verdicts).outcome, primary(verdicts).direction) == ("deviates", "above")
    assert "of 5,942 entities" in primary(verdicts).because


def test_other_data_is_not_comparable() -> None:
    assert primary(score_verdicts(text(811), plan(same=False), scored(811))).outcome == "not comparable"


def test_a_run_without_the_metric_is_not_measured() -> None:
    run = replace(scored(811), rows=(Evaluation(0.0, 0, None, 0.2512, {}),))
    assert primary(score_verdicts(text(811), plan(), run)).outcome == "not measured"


def test_an_explanation_decides() -> None:
    told = Explanation("in another order they give the claims", "not comparable")
    found = primary(score_verdicts(text(811), plan(), scored(61), told))
    assert (found.outcome, found.direction) == ("not comparable", None)
    assert found.because.endswith("; in another order they give the claims")


def test_the_row_whose_checkpoint_was_published() -> None:
    card = text(811)
    assert row_given(card, claims_of(card, plan()), scored(785)) == 0
    assert row_given(card, claims_of(card, plan()), scored(700)) is None


def test_the_labelling_that_fractions_allow() -> None:
    card = read_card(
        "---\nmodel-index:\n- name: m\n  results:\n  - task: {type: token-classification}\n    dataset: {name: d, type: d}\n"
        f"    metrics:\n    - {{type: accuracy, value: {100 / 217!r}}}\n    - {{type: recall, value: {31 / 80!r}}}\n---\n\n# m\n"
    )
    claims = claims_of(card, plan("token_classification"))
    assert fits(claims, {"tokens": 217, "entities": 80})
    assert not fits(claims, {"tokens": 300, "entities": 80})
    assert not fits(claims, {"tokens": 217, "entities": 81})


def test_the_average_that_the_digits_name() -> None:
    card = read_card("# m\n\nIt achieves the following results on the evaluation set:\n- Accuracy: 0.9000\n- F1: 0.8123\n")
    row = Evaluation(0.0, 0, None, 0.1, {"accuracy": 0.9, "f1": 0.7, "f1_macro": 0.81234, "f1_weighted": 0.85, "f1_micro": 0.9})
    run = Run("", 0, (row,), "finished", 1.0, {}, {"evaluation_examples": 100})
    open_ = replace(plan(), assumptions=(Assumption("average", "binary", "nothing speaks for another"),))
    averaged, words = as_averaged(card, run, open_)
    assert (averaged.rows[0].metrics["f1"], words) == (0.81234, "the macro average")
    assert as_averaged(card, run, plan()) == (run, None)


# --- evidence in a plan -----------------------------------------------------------------------------------------------------


def told(*facts: tuple[str, object, str]) -> PlanSettings:
    return PlanSettings(resolve=False, evidence=Evidence(tuple(Fact(key, value, file, key) for key, value, file in facts)))


def origins(card: Card, settings: PlanSettings) -> tuple[Plan, dict[str, str]]:
    made = make_plan(card, settings)
    return made, dict(made.origins)


def test_what_the_card_leaves_open_is_told_by_the_arguments() -> None:
    settings = told(
        ("weight_decay", 0.01, "training_args.bin"),
        ("learning_rate", 0.5, "training_args.bin"),
        ("bf16", True, "training_args.bin"),
    )
    made, origin = origins(card_of(), settings)
    assert (made.training.weight_decay, origin["weight_decay"]) == (0.01, "training_args.bin says weight_decay 0.01")
    assert (made.training.precision, origin["precision"]) == ("bf16", "training_args.bin says precision bf16")
    assert (made.training.learning_rate, origin["learning_rate"][:13]) == (2e-05, "from the card")


def test_the_users_word_goes_before_the_files() -> None:
    settings = replace(told(("weight_decay", 0.01, "training_args.bin")), overrides={"weight_decay": "0.3"})
    made, origin = origins(card_of(), settings)
    assert (made.training.weight_decay, origin["weight_decay"]) == (0.3, "given by --set")


@pytest.mark.parametrize(
    "fact",
    [
        ("max_steps", -1, "training_args.bin"),
        ("weight_decay", "rm -rf", "training_args.bin"),
        ("weight_decay", -1, "training_args.bin"),
        ("weight_decay", ["x"], "training_args.bin"),
        ("weight_decay", 0.7, "trainer_state.json"),
    ],
)
def test_what_does_not_fit_is_not_taken(fact: tuple[str, object, str]) -> None:
    made, origin = origins(card_of(), told(fact))
    assert made.training.weight_decay == 0.0
    assert made.training.max_steps is None
    assert fact[0] not in origin


def test_epochs_seed_base_and_task_from_the_files() -> None:
    card = replace(card_of(base=None, task=None, said={}, optimizer=None), headline={"f1": printed("0.5")})
    settings = told(
        ("num_epochs", 3.0, "training_args.bin"),
        ("seed", 7, "training_args.bin"),
        ("name_or_path", "bert-base-cased", "config.json"),
        ("architectures", ["BertForTokenClassification"], "config.json"),
    )
    made, origin = origins(card, settings)
    assert (made.training.num_epochs, made.replay_seed, made.recipe) == (3.0, 7, "token_classification")
    assert origin["base_model"] == "config.json says name_or_path bert-base-cased"
    assert origin["task"] == "config.json says BertForTokenClassification"
