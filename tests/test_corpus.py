"""Real cards, and cards that the installed transformers writes from random histories."""

import json
import os
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardaudit.exchange import card_json
from cardaudit.parse import read_card

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
CORPUS = SHARED / "corpus" / "cards.parquet"
SAMPLE = 1_500
SLOWEST_SECONDS = 4.0


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.is_file(), reason="the project's research material does not lie beside the checkout")
def test_real_cards_read_without_a_crash_and_fast():
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = parquet.read_table(CORPUS).to_pydict()
    cards = list(zip(columns["hub_id"], columns["card"], strict=True))
    stride = 1 if os.environ.get("CARDAUDIT_FULL_CORPUS") == "1" else len(cards) // SAMPLE
    slow = []
    for name, text in cards[::stride]:
        began = time.process_time()
        card = read_card(text or "", name)
        if time.process_time() - began > SLOWEST_SECONDS:
            slow.append(name)
        json.dumps(card_json(card), allow_nan=False)
    assert slow == []


@pytest.mark.shared
@pytest.mark.parametrize(
    "path", sorted((SHARED / "corpus" / "samples").glob("*.*")) if CORPUS.is_file() else [], ids=lambda path: path.name
)
def test_every_printed_value_stands_where_its_span_says(path):
    text = path.read_bytes().decode("utf-8-sig", "replace")
    card = read_card(text, path.name)
    numbers = [
        *card.headline.values(),
        *(number for row in card.epochs for number in row.metrics.values()),
        *(result.number for result in (*card.results, *card.model_index)),
        *card.framework_versions.values(),
        *card.unread,
    ]
    assert [number.text for number in numbers] == [text[slice(*number.span)] for number in numbers]


METRICS = ("accuracy", "f1", "precision", "recall", "rougeLsum", "matthews_correlation", "gen_len")
KEYS = {"rougeLsum": "rougelsum"}
SCORES = st.one_of(
    st.floats(0, 1), st.floats(0, 100), st.integers(0, 150).map(lambda k: k / 150), st.sampled_from([0.0, 1.0, 0.66])
)
LOSSES = st.floats(1e-6, 20)


@st.composite
def histories(draw):
    names = draw(st.lists(st.sampled_from(METRICS), unique=True, max_size=5))
    steps = draw(st.integers(1, 5_000))
    log, losses = [], draw(st.booleans())
    for epoch in range(1, draw(st.integers(1, 6)) + 1):
        if losses:
            log.append({"loss": draw(LOSSES), "epoch": float(epoch), "step": epoch * steps})
        scores = {f"eval_{name}": draw(SCORES) for name in names}
        log.append({"eval_loss": draw(LOSSES), **scores, "eval_runtime": 1.5, "epoch": float(epoch), "step": epoch * steps})
    log.append({"train_runtime": 9.9, "epoch": float(epoch), "step": epoch * steps})
    return log


def within(number, truth):
    """The Trainer prints `str(v)` where that is short, so a float is compared by its repr."""
    return number.low <= Decimal(repr(truth)) <= number.high


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    log=histories(),
    rate=st.floats(1e-7, 1),
    batch=st.integers(1, 512),
    dataset=st.sampled_from([None, "conll2003", ["glue", "imdb"]]),
    optimizer=st.sampled_from(["Use adamw_torch_fused with betas=(0.9,0.999) and epsilon=1e-08 and optimizer_args=None",
                               "Use adafactor and the args are:\nNo additional optimizer arguments"]),
)  # fmt: skip
def test_what_the_installed_trainer_writes_is_read_back(log, rate, batch, dataset, optimizer):
    modelcard = pytest.importorskip("transformers.modelcard")
    _, lines, results = modelcard.parse_log_history(log)
    summary = modelcard.TrainingSummary(
        model_name="my-model",
        license="mit",
        tags=["generated_from_trainer"],
        finetuned_from="bert-base-cased",
        tasks="text-classification",
        dataset=dataset,
        dataset_tags=dataset,
        eval_results=results,
        eval_lines=lines,
        hyperparameters={
            "learning_rate": rate,
            "train_batch_size": batch,
            "seed": 42,
            "optimizer": optimizer,
            "lr_scheduler_type": "linear",
            "num_epochs": 3.0,
        },
    )
    card = read_card(summary.to_model_card(), "written")
    assert (card.dialect, card.model_name.text, card.base_model.text) == ("trainer", "my-model", "bert-base-cased")
    assert float(card.hyperparameters.learning_rate.value) == rate
    assert int(card.hyperparameters.train_batch_size.value) == batch
    assert card.hyperparameters.num_epochs.text == "3.0"
    assert card.optimizer.text == optimizer
    assert [mention.id for mention in card.datasets] == ([dataset] if isinstance(dataset, str) else dataset or [])
    evaluations = [entry for entry in log if "eval_loss" in entry]
    assert len(card.epochs) == len(evaluations)
    for row, entry in zip(card.epochs, evaluations, strict=True):
        assert (float(row.epoch.value), int(row.step.value)) == (entry["epoch"], entry["step"])
        assert within(row.validation_loss, entry["eval_loss"])
        for name in METRICS:
            if f"eval_{name}" in entry:
                assert within(row.metrics[KEYS.get(name, name)], entry[f"eval_{name}"]), name
    if results is None:  # parse_log_history drops an evaluation that is the very first log entry ("if idx > 0")
        assert card.headline == {}
    else:
        assert within(card.headline["loss"], evaluations[-1]["eval_loss"])
    assert card.unread == ()
