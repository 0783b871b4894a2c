"""Audits for the tests of reports: one with everything in it, one that was only linted, one whose card is hostile."""

from dataclasses import replace

from cardaudit.parse import read_card
from cardaudit.records import (
    Assumption,
    Audit,
    Card,
    Change,
    Checkup,
    DatasetPlan,
    Evaluation,
    Finding,
    Missing,
    ModelPlan,
    Place,
    Plan,
    RuleCount,
    Run,
    Schedule,
    Span,
    Suppressed,
    Training,
    Unchecked,
    Verdict,
    Zoo,
    ZooRow,
)

MADE_AT = "2026-11-21T09:30:00+00:00"

RICH_CARD = """\
---
license: apache-2.0
base_model: distilbert-base-uncased
tags:
- generated_from_trainer
metrics:
- f1
model-index:
- name: receipt-sender-tagger
  results: []
---

# receipt-sender-tagger

This model is a fine-tuned version of [distilbert-base-uncased](https://huggingface.co/distilbert-base-uncased) \
on the None dataset.
It achieves the following results on the evaluation set:
- Loss: 0.0254
- Precision: 0.8102
- Recall: 0.7961
- F1: 0.8031
- Accuracy: 0.9924

## Intended uses & limitations

More information needed. About 1,200 scanned pages were left out.

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 16
- eval_batch_size: 16
- seed: 42
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- lr_scheduler_type: linear
- num_epochs: 4

### Training results

| Training Loss | Epoch | Step | Validation Loss | Precision | Recall | F1     | Accuracy |
|:-------------:|:-----:|:----:|:---------------:|:---------:|:------:|:------:|:--------:|
| No log        | 1.0   | 196  | 0.0273          | 0.7411    | 0.7002 | 0.7201 | 0.9901   |
| 0.0195        | 2.0   | 392  | 0.0240          | 0.7734    | 0.7702 | 0.7718 | 0.9914   |
| 0.0143        | 3.0   | 588  | 0.0251          | 0.7993    | 0.7895 | 0.7944 | 0.9921   |
| 0.0107        | 4.0   | 784  | 0.0254          | 0.8102    | 0.7961 | 0.8131 | 0.9924   |

### Framework versions

- Transformers 4.16.2
- Pytorch 1.10.0+cu111
- Datasets 1.18.3
"""

# eval_loss, precision, recall, f1, accuracy of each epoch, by seed: invented
MEASURED = {
    42: (
        (0.0281, 0.7380, 0.6951, 0.7159),
        (0.0243, 0.7702, 0.7655, 0.7678),
        (0.0250, 0.7921, 0.7850, 0.7885),
        (0.0255, 0.8000, 0.7911, 0.7955),
    ),
    131: (
        (0.0269, 0.7440, 0.7033, 0.7231),
        (0.0238, 0.7760, 0.7688, 0.7724),
        (0.0248, 0.7950, 0.7836, 0.7893),
        (0.0252, 0.8031, 0.7940, 0.7985),
    ),
    317: (
        (0.0277, 0.7365, 0.6989, 0.7172),
        (0.0244, 0.7711, 0.7640, 0.7675),
        (0.0254, 0.7888, 0.7811, 0.7849),
        (0.0258, 0.7984, 0.7902, 0.7943),
    ),
    733: (
        (0.0274, 0.7391, 0.7011, 0.7196),
        (0.0241, 0.7735, 0.7671, 0.7703),
        (0.0251, 0.7937, 0.7842, 0.7889),
        (0.0256, 0.8012, 0.7919, 0.7965),
    ),
}
ACCURACY = (0.99011, 0.99138, 0.99207, 0.99236)


def span_of(card: Card, words: str, after: str = "") -> Span:
    """Where words stand in a card, the first time after others."""
    start = card.text.index(words, card.text.index(after))
    return Span(start, start + len(words))


def rich_audit() -> Audit:
    """Four epochs, the card's own seed and three others, a verdict of every outcome, findings of every severity."""
    card = read_card(RICH_CARD, "cards/receipt-sender-tagger/card.md")
    return Audit(
        name="receipt-sender-tagger",
        card=card,
        checkup=_rich_checkup(card),
        plan=_plan(),
        missing=(),
        runs=tuple(_run(seed) for seed in MEASURED),
        verdicts=_verdicts(),
        made_at=MADE_AT,
        version="0.1.0",
        command="cardaudit reproduce cards/receipt-sender-tagger/card.md --dataset receipts --seeds 3",
    )


def _rich_checkup(card: Card) -> Checkup:
    f1 = span_of(card, "0.8131")
    headline = span_of(card, "0.8031")
    precision, recall = span_of(card, "0.8102", "784"), span_of(card, "0.7961", "784")
    none = span_of(card, "None dataset")
    return Checkup(
        findings=(
            Finding(
                "unnamed-dataset",
                "missing",
                "warning",
                "proven",
                'the card names no data set: "None dataset"',
                (Place(none),),
            ),
            Finding(
                "inconsistent-f1",
                "inconsistent",
                "error",
                "proven",
                "F1 0.8131, but precision 0.8102 and recall 0.7961 give 0.8030 to 0.8032",
                (Place(f1), Place(precision), Place(recall)),
                {"precision": ["0.81015", "0.81025"], "recall": ["0.79605", "0.79615"], "f1_from_both": ["0.80304", "0.80314"]},
            ),
            Finding(
                "headline-not-in-table",
                "inconsistent",
                "error",
                "proven",
                "the headline F1 0.8031 stands in no row; the last row has 0.8131",
                (Place(headline), Place(f1)),
                {"nearest": "0.7944"},
            ),
            Finding(
                "never-logged-loss",
                "note",
                "info",
                "proven",
                'row 1 prints "No log": the first logging came after step 196',
                (Place(span_of(card, "No log")),),
            ),
        ),
        clear=("zero-f1", "out-of-range-metric", "rising-validation-loss"),
        unchecked=(
            Unchecked("false-trend-claim", "the card claims no trend in words"),
            Unchecked("small-evaluation-set", "the size of the evaluation set is not known"),
            Unchecked("impossible-steps", "the size of the training set is not known"),
            Unchecked("too-few-updates", "the size of the training set is not known"),
        ),
        suppressed=(
            Suppressed(
                Finding(
                    "placeholder-text", "missing", "info", "proven", '"More information needed" in 1 section', (Place(none),)
                ),
                "written down in the project's wiki",
            ),
        ),
    )


def _plan() -> Plan:
    return Plan(
        mode="train",
        recipe="token_classification",
        model=ModelPlan(
            "distilbert-base-uncased",
            "1c4513b2eedbda136f57676a34eea67aba266e5c",
            "models/distilbert",
            "distilbert-base-uncased",
            True,
        ),
        dataset=DatasetPlan(
            "receipts", None, "data/receipts", None, True, "conll", None, "train", "validation", ("tokens",), "-1"
        ),
        training=Training(
            2e-05, 16, 16, 1, 4.0, None, "adamw_torch", 0.9, 0.999, 1e-08, 0.0, 1.0, "linear", 0, 0.0, 0.0, "fp32", 512
        ),
        schedule=Schedule("epoch", None, 500),
        task_options={"label_all_tokens": False, "metrics": ["precision", "recall", "f1", "accuracy"]},
        seeds=(42, 131, 317, 733),
        replay_seed=42,
        semantics="5.23",
        assumptions=(
            Assumption("max_length", "512", "the card does not say; the model takes no more", ("128", "256")),
            Assumption("label_all_tokens", "false", "the example script's default since 4.4", ("true",)),
        ),
        overrides={"dataset": "receipts"},
        estimate={"steps": 784, "minutes": 12},
    )


def _run(seed: int) -> Run:
    rows = tuple(
        Evaluation(
            epoch=float(epoch),
            step=196 * epoch,
            training_loss=None if epoch == 1 else (0.0195, 0.0143, 0.0107)[epoch - 2] + seed / 1e6,
            validation_loss=loss,
            metrics={"precision": precision, "recall": recall, "f1": f1, "accuracy": accuracy},
        )
        for epoch, ((loss, precision, recall, f1), accuracy) in enumerate(zip(MEASURED[seed], ACCURACY, strict=True), 1)
    )
    return Run(
        plan_digest="0f1e2d3c4b5a6978",
        seed=seed,
        rows=rows,
        outcome="finished",
        seconds=240.5 + seed,
        environment={
            "python": "3.11.7",
            "versions": {"transformers": "5.23.0", "torch": "2.13.0+cpu", "datasets": "5.2.0"},
            "device": "cpu, 2 threads",
        },
        facts={"train_examples": 3131, "support": 1207},
    )


CLAIMED = {
    "f1": ("0.7201", "0.7718", "0.7944", "0.8131"),
    "precision": ("0.7411", "0.7734", "0.7993", "0.8102"),
    "validation_loss": ("0.0273", "0.0240", "0.0251", "0.0254"),
    "accuracy": ("0.9901", "0.9914", "0.9921", "0.9924"),
}
COLUMN = {"validation_loss": 0, "precision": 1, "f1": 3}
HALF_WIDTH = {"f1": 0.009, "precision": 0.011, "validation_loss": 0.0017, "accuracy": 0.0004}
RECALLS = (0.7940, 0.7902, 0.7919)
LOSSES = (0.0252, 0.0258, 0.0256)
INSIDE = "inside what honest runs give"


def _verdicts() -> tuple[Verdict, ...]:
    cells = [_verdict(metric, row) for metric in CLAIMED for row in range(4)]
    return (
        *cells,
        Verdict("recall", "row 4", "0.7961", RECALLS, None, "not comparable", "the split is not the card's"),
        Verdict("training_loss", "row 1", "No log", (), None, "not measured", "the card prints no number here"),
        Verdict("loss", "headline", "0.0254", LOSSES, (0.0238, 0.0272), "reproduced", INSIDE),
        Verdict("f1", "curve", "0.7621", (0.7616, 0.7565, 0.7596), (0.7512, 0.7672), "reproduced", INSIDE),
    )


def _verdict(metric: str, row: int) -> Verdict:
    own, *seeds = (ACCURACY[row] if metric == "accuracy" else MEASURED[seed][row][COLUMN[metric]] for seed in MEASURED)
    mean, text = sum(seeds) / len(seeds), CLAIMED[metric][row]
    interval = (round(mean - HALF_WIDTH[metric], 6), round(mean + HALF_WIDTH[metric], 6))
    plain = Verdict(metric, f"row {row + 1}", text, tuple(seeds), interval, "reproduced", INSIDE)
    worked = {"seeds": 3, "claimed": float(text), "replay_seed": 42, "replay": own}
    if metric == "f1" and row == 3:
        because = "claimed 0.8131; 3 seeds gave 0.7943 to 0.7985; a claim 0.0088 above the mean would not have passed"
        return replace(
            plain,
            outcome="deviates",
            because=because,
            primary=True,
            direction="above",
            arithmetic={**worked, "mean": 0.79643, "seed_deviation": 0.0021, "t": 6.5, "p_flattering": 0.0008},
        )
    if metric == "accuracy":
        return replace(plain, outcome="replayed", because="seed 42 prints the same four digits", arithmetic=worked)
    if metric == "precision" and row == 3:
        return replace(plain, outcome="undecided", because="2 further seeds would tell", seeds_needed=2, arithmetic=worked)
    return replace(plain, arithmetic=worked)


LINT_CARD = """\
A tagger for the senders of invoices, trained from distilbert-base-uncased. Its figures on the evaluation part:

- Loss: 0.0254
- Precision: 0.0
- Recall: 0.0
- F1 Score: 0.0
- Accuracy: 0.9924

Settings:

- Learning Rate: 2e-05
- Training Batch Size: 16
- Evaluation Batch Size: 16
- Seed: 42
- Number of Epochs: 4

Training Loss | Epoch | Step | Validation Loss | Precision | Recall | F1 | Accuracy
----------------|-------|------|----------------|-----------|--------|----|--------
0.0306 | 1.0 | 1956 | 0.0273 | 0.0 | 0.0 | 0.0| 0.9901
0.0195 | 2.0 | 3912 | 0.0240 | 0.0 | 0.0 | 0.0| 0.9914
0.0143 | 3.0 | 5868 | 0.0251 | 0.0 | 0.0 | 0.0| 0.9921
0.0107 | 4.0 | 7824 | 0.0254 | 0.0 | 0.0 | 0.0| 0.9924
"""


def lint_audit() -> Audit:
    """A card that was only linted: nothing could be trained, because it names no data set."""
    card = read_card(LINT_CARD, "cards/invoice-sender/card.md")
    row = Place(span_of(card, "0.0306 | 1.0 | 1956 | 0.0273 | 0.0 | 0.0 | 0.0| 0.9901"))
    checkup = Checkup(
        findings=(
            Finding(
                "zero-f1",
                "suspicious",
                "error",
                "proven",
                "F1 is 0 at every epoch while accuracy is 0.9901 to 0.9924",
                (Place(span_of(card, "0.0", "F1 Score")), row),
                {"rows_with_zero_f1": 4, "rows": 4},
            ),
        ),
        clear=("inconsistent-f1",),
        unchecked=(Unchecked("impossible-steps", "the size of the training set is not known"),),
    )
    missing = (Missing("dataset", "the card names none", "--dataset"),)
    return Audit(
        "invoice-sender", card, checkup, None, missing, (), (), MADE_AT, "0.1.0", "cardaudit lint cards/invoice-sender/card.md"
    )


HOSTILE_CARD = """\
# </title></script><script>document.title = "taken"</script>

<img src=x onerror="document.title='taken'"> [click me](javascript:document.title='taken') <svg onload=alert(1)>
<!-- --> ]]> &lt;b&gt; &amp; {{ 7 * 7 }} {% raw %} \x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link [red]markup[/red] \x00 nul
Right to left: \u202eevil gpj.exe\u202c and \u0627\u0644\u062f\u0642\u0629 0.95

- F1: 0.9
- Accuracy: 0.99

| Training Loss | Epoch | Step | Validation Loss | F1 | <b onmouseover=alert(1)>Bold</b> |
|---|---|---|---|---|---|
| 0.5 | 1.0 | 100 | 0.4 | 0.8 | 0.1 |
| 0.4 | 2.0 | 200 | 0.3 | 0.9 | 0.2 |

"""


def hostile_audit(text: str = HOSTILE_CARD) -> Audit:
    """A card that tries to act: its words come back in the name, the findings, the verdicts and the command too."""
    card = read_card(text, 'cards/"><script>document.title="taken"</script>.md')
    whole = Place(Span(0, min(40, len(text))))
    message = 'the card says </script><script>document.title="taken"</script> \x1b[31m'
    checkup = Checkup(
        findings=tuple(
            Finding("placeholder-text", "suspicious", "error", "smell", message, (whole,), {"<b>": "<i>"}) for _ in range(30)
        ),
        clear=(),
        unchecked=(Unchecked("zero-f1", "<script>alert(1)</script>"),),
    )
    verdict = Verdict(
        "<b onmouseover=alert(1)>",
        "row 1",
        "0.1</td>",
        (0.2, 0.3),
        None,
        "undecided",
        "<img src=x onerror=alert(1)>",
        primary=True,
    )
    return Audit(
        '"><script>document.title="taken"</script>',
        card,
        checkup,
        None,
        (),
        (),
        (verdict,),
        MADE_AT,
        "0.1.0",
        "`rm` ``` </pre><script>",
    )


def sample_zoo() -> Zoo:
    """Four cards: a claim that deviates, a faulty card, a clean one, and one that cannot be read."""
    rows = (
        ZooRow("clean", title="clean", numbers_read=12, numbers_seen=12, unchecked=3),
        ZooRow(
            "faulty",
            "cards/b/report.html",
            "tagger",
            "token-classification",
            "bert-base-cased",
            "conll2003",
            "f1",
            "0.0",
            errors=1,
            notes=2,
            rules=("zero-f1", "placeholder-text"),
            unchecked=4,
            numbers_read=31,
            numbers_seen=33,
            downloads=5,
            author="b",
            year=2023,
            twins="1f",
            seconds=84.0,
        ),
        ZooRow(
            "raised",
            "cards/a/report.html",
            "raised",
            "text-classification",
            "bert-base-cased",
            "glue",
            "accuracy",
            "0.9335",
            measured=0.911239,
            outcome="deviates",
            warnings=1,
            rules=("unnamed-dataset",),
            unchecked=2,
            numbers_read=20,
            numbers_seen=20,
            downloads=1200,
            author="a",
            year=2022,
            twins="1f",
        ),
        ZooRow('</script><img src=x onerror="alert(1)">\x1b[31m\u202e', error="binary: byte 0xff at offset 3"),
    )
    rules = (
        RuleCount("placeholder-text", "info", 1, 3),
        RuleCount("zero-f1", "error", 1, 2),
        RuleCount("unnamed-dataset", "warning", 1, 3),
        RuleCount("shifted-row", "error", 0, 2),
    )
    changes = (
        Change("new", "faulty", "cards/b/report.html", "zero-f1", "error"),
        Change("fixed", "clean", "", "unnamed-dataset", "warning"),
        Change("contested", "raised", "cards/a/report.html", words="accuracy 0.9335 claimed, 0.91124 here"),
    )
    return Zoo("cards", rows, rules, MADE_AT, "0.1.0", "cardaudit zoo cards/", "2026-11-20T07:00:00+00:00", changes)
