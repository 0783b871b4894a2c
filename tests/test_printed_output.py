"""What programs printed into a fence: the banner of a training, YOLO's table of classes, and lines that count as not read."""

import time

import pytest

from cardaudit.coverage import coverage
from cardaudit.exchange import card_json
from cardaudit.lint import check_card
from cardaudit.parse import read_card


def card_with(fence, language="", above="## Results"):
    return read_card(f"---\nlicense: mit\n---\n# m\n\n{above}\n\n```{language}\n{fence.strip(chr(10))}\n```\n")


def settings(card):
    stated = card_json(card)["hyperparameters"]
    other = stated.pop("other", {})
    return {key: each["text"] for key, each in {**stated, **other}.items()}


def unread(card):
    return [line.text for line in card.unread]


def results(card):
    return [(each.setting, each.metric, each.number.text) for each in card.results]


UNSLOTH = r"""
==((====))==  Unsloth - 2x faster free finetuning | Num GPUs used = 1
   \\   /|    Num examples = 12,000 | Num Epochs = 2 | Total steps = 3,000
O^O/ \_/ \    Batch size per device = 2 | Gradient accumulation steps = 4
\        /    Data Parallel GPUs = 1 | Total batch size (2 x 4 x 1) = 8
 "-____-"     Trainable parameters = 11,272,192/1,247,086,592 (0.90% trained)
"""
UNSLOTH_2024 = r"""
==((====))==  Unsloth - 2x faster free finetuning | Num GPUs = 1
   \\   /|    Num examples = 12,000 | Num Epochs = 2
O^O/ \_/ \    Batch size per device = 2 | Gradient Accumulation steps = 4
\        /    Total batch size = 8 | Total steps = 3,000
 "-____-"     Number of trainable parameters = 11,272,192
"""
TRAINER = """
***** Running training *****
  Num examples = 12000
  Num Epochs = 2
  Instantaneous batch size per device = 2
  Total train batch size (w. parallel, distributed & accumulation) = 8
  Gradient Accumulation steps = 4
  Total optimization steps = 3000
"""
RUN = {
    "num_examples": "12000",
    "num_epochs": "2",
    "train_batch_size": "2",
    "gradient_accumulation_steps": "4",
    "total_train_batch_size": "8",
    "training_steps": "3000",
}


@pytest.mark.parametrize(
    ("banner", "beside"),
    [
        (UNSLOTH, {"num_devices": "1", "trainable_parameters": "11272192"}),
        (UNSLOTH_2024, {"trainable_parameters": "11272192"}),
        (TRAINER, {}),
    ],
)
@pytest.mark.parametrize("language", ["", "text"])
def test_the_banner_of_a_training(banner, beside, language):
    card = card_with(banner, language, "## Training")
    assert {key: text.replace(",", "") for key, text in settings(card).items()} == RUN | beside
    assert unread(card) == []


def test_what_a_list_says_goes_before_the_banner():
    card = read_card(f"---\nlicense: mit\n---\n# m\n\n```\n{UNSLOTH}```\n\n## Training\n\n- num_epochs: 3\n- seed: 7\n")
    assert (settings(card)["num_epochs"], settings(card)["training_steps"], settings(card)["seed"]) == ("3", "3,000", "7")


YOLO = """
                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|##########| 16/16 [00:03<00:00,  5.05it/s]
                   all        256       1100      0.912      0.874       0.93      0.641
                   cat        140        700       0.95        0.9      0.961      0.702
         traffic light        120        400      0.874      0.848      0.899       0.58
"""  # noqa: E501


def test_the_classes_of_a_detector():
    card = card_with(YOLO)
    columns = ("precision", "recall", "map50", "map50_95")
    rows = {
        "all": ("0.912", "0.874", "0.93", "0.641"),
        "cat": ("0.95", "0.9", "0.961", "0.702"),
        "traffic light": ("0.874", "0.848", "0.899", "0.58"),
    }
    assert results(card) == [
        (f"label {name}", *each) for name, numbers in rows.items() for each in zip(columns, numbers, strict=True)
    ]
    assert unread(card) == []
    assert [each.rule for each in check_card(card).findings if each.kind in ("inconsistent", "suspicious")] == []


@pytest.mark.parametrize(
    ("header", "metrics"),
    [
        ("Class Images Labels P R mAP@.5 mAP@.5:.95: 100%", ("precision", "recall", "map50", "map50_95")),
        ("Class Images Instances P R mAP50 mAP50-95", ("precision", "recall", "map50", "map50_95")),
        (
            "Class Images Instances Box(P R mAP50) Mask(P R): 9%",
            ("precision", "recall", "map50", "mask_precision", "mask_recall"),
        ),
    ],
)
def test_the_columns_of_a_detectors_table_by_version(header, metrics):
    numbers = ["0.91", "0.82", "0.73", "0.64", "0.55"][: len(metrics)]
    card = card_with(f"{header}\n  all  128  929  {'  '.join(numbers)}")
    assert [each[1:] for each in results(card)] == list(zip(metrics, numbers, strict=True))


def test_of_a_training_log_the_last_table_counts_and_the_rest_is_not_read():
    rows = [
        "      1/2      2.5G     1.212     3.301        25       640",
        "   Class   Images  Instances   Box(P      R   mAP50  mAP50-95)",
        "     all      128        929    0.31   0.22    0.23       0.14",
        "      2/2      2.5G     1.012     2.301        25       640",
        "   Class   Images  Instances   Box(P      R   mAP50  mAP50-95)",
        "     all      128        929    0.61   0.52    0.53       0.34",
    ]
    card = card_with("\n".join(rows))
    assert [each[2] for each in results(card)] == ["0.61", "0.52", "0.53", "0.34"]
    assert unread(card) == [rows[0].strip(), rows[2].strip(), rows[3].strip()]


@pytest.mark.parametrize(
    ("printed", "not_read"),
    [
        ("Epoch 1/3 - 120s - best so far 17", ["Epoch 1/3 - 120s - best so far 17"]),
        ("{'loss': 0.412, 'grad_norm': 3.1, 'epoch': 0.5}", ["{'loss': 0.412, 'grad_norm': 3.1, 'epoch': 0.5}"]),
        ("run    loss   steps\nfirst  0.31   500\nsecond 0.29   900", ["first  0.31   500", "second 0.29   900"]),
        ("$ python evaluate.py --n 5\nword accuracy (clean): 91.5 of it", ["word accuracy (clean): 91.5 of it"]),
        ("eval_f1 = 0.81\neval_accuracy = 0.92\neval_runtime = 12.5", ["eval_runtime = 12.5"]),
        ("f1: 0.81\naccuracy: 0.92", []),
    ],
)
def test_what_a_program_printed_and_nobody_read_is_counted(printed, not_read):
    assert unread(card_with(printed)) == not_read


def test_numbers_that_a_program_printed_count_in_the_share_that_was_read():
    assert coverage(card_with("{'loss': 0.412, 'grad_norm': 3.1, 'epoch': 0.5}")) == (0, 3)


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("", "import torch\naccuracy = 0.91\nprint(accuracy)"),
        ("", "loss = compute(0.5)\naccuracy: 0.91"),
        ("", "model.generate(x, top_p=0.95)\nprecision 0.5"),
        ("python", "{'accuracy': 0.5, 'epoch': 3}"),
        ("bash", "python train.py --loss 0.5 --epoch 3"),
        ("json", '{"temperature": 0.7, "max_new_tokens": 256}'),
        ("yaml", "loss_scale: null\nfp16: true\nsave: out/run\nmax_loss: 0.5"),
        ("", "[{'label': 'joy', 'score': 0.9987}]"),
        ("", "numpy   1.19.5\nrouge1  0.1.4\nwer     1.2.0"),
        ("bibtex", "@article{x, year={2020}, note={accuracy 0.91}}"),
        ("", "Q: What is 12 times 4?\nA: 48, or 0.5 more."),
    ],
)
def test_code_and_examples_are_not_counted(language, code):
    card = card_with(code, language, "## Usage")
    assert unread(card) == []


@pytest.mark.parametrize(
    "line", ["loss " * 20_000, "1" * 100_000, "a 1 " + " " * 100_000, "epoch: " * 20_000, "1_" * 50_000, "accuracy(" * 9_000]
)
def test_long_lines_are_looked_at_in_time(line):
    began = time.process_time()
    card_with(f"Class Images Instances P R mAP50\n{line}\nloss 0.5")
    assert time.process_time() - began < 1
