"""Tables whose numbers are told apart by words in cells, beside slashes, or above the table."""

import pytest
from told import results


def table(header: str, *rows: str) -> str:
    return "\n".join([f"| {header} |", "|" + "---|" * (header.count("|") + 1), *(f"| {row} |" for row in rows)]) + "\n"


def test_a_metric_that_each_cell_names():
    text = table("  | 10k train steps | 20k train steps", "acme/roberta-large-a | 37.61 eval acc | 58.14 eval acc")
    assert results(text) == [
        "acc=37.61 model:acme/roberta-large-a setting:10k train steps",
        "acc=58.14 model:acme/roberta-large-a setting:20k train steps",
    ]


def test_a_data_set_cut_to_a_length_is_a_column_of_scores():
    text = "This model achieves the following accuracy results:\n\n" + table(
        "  | Average | Acme News 128 length | Acme News 512 length", "acme/roberta-large | 88.19 | 94.91 | 95.18"
    )
    assert results(text)[1:] == [
        "accuracy=94.91 dataset:Acme News 128 length model:acme/roberta-large",
        "accuracy=95.18 dataset:Acme News 512 length model:acme/roberta-large",
    ]


@pytest.mark.parametrize(
    ("header", "row", "read"),
    [
        (
            "Model | SST-2 | MRPC | QQP | STS-B",
            "BERT-Tiny | 83.2 | 81.1/71.1 | 62.2/83.4 | 74.3/73.6",
            [
                "f1=81.1 dataset:MRPC",
                "accuracy=71.1 dataset:MRPC",
                "f1=62.2 dataset:QQP",
                "accuracy=83.4 dataset:QQP",
                "pearson=74.3 dataset:STS-B",
                "spearman=73.6 dataset:STS-B",
            ],
        ),
        ("Model | SST-2 | CoLA | XYZ", "BERT-Tiny | 83.2 | 60.1 | 81.1/71.1", ["score=60.1 dataset:CoLA"]),
    ],
)
def test_pairs_of_glue(header: str, row: str, read: list[str]):
    assert results(table(header, row))[1:] == [f"{each} model:BERT-Tiny" for each in read]


def test_metrics_that_a_cell_of_the_row_names_in_order():
    text = table(
        "Task | Metric | mBERT | MalayBERT",
        "POS Tagging | Acc | 95.4 | 96.8",
        "Parsing | UAS/LAS | 85.25/80.35 | <b>87.12</b>/<b>82.32</b>",
        "Summaries | R1/R2/RL | 67.96/61.65/67.24 | -",
    )
    assert results(text)[2:] == [
        "uas=85.25 dataset:Parsing model:mBERT",
        "las=80.35 dataset:Parsing model:mBERT",
        "uas=87.12 dataset:Parsing model:MalayBERT",
        "las=82.32 dataset:Parsing model:MalayBERT",
        "rouge1=67.96 dataset:Summaries model:mBERT",
        "rouge2=61.65 dataset:Summaries model:mBERT",
        "rouge_l=67.24 dataset:Summaries model:mBERT",
    ]


def test_a_task_beside_a_data_set_is_no_data_set():
    text = table("Task | Dataset | Metric | BERT-a | BERT-b", "Entities | CoNLL-2003 | F1 | 94.3 | 93.3")
    assert results(text) == [
        "f1=94.3 dataset:CoNLL-2003 model:BERT-a setting:Entities",
        "f1=93.3 dataset:CoNLL-2003 model:BERT-b setting:Entities",
    ]


def test_counts_of_examples_in_a_row_are_no_results():
    text = table("Model | accuracy | macro avg", "Bert-base-cased | 28.43 | 22.06", "Support | 2300 | 2300")
    assert results(text) == ["accuracy=28.43 model:Bert-base-cased"]


def test_columns_of_settings_are_no_data_sets():
    columns = table("Model | n=0 | n=5", "gpt-small | 0.6696 | 0.6477")
    read = ["0.6696 dataset:COPA model:gpt-small setting:n=0", "0.6477 dataset:COPA model:gpt-small setting:n=5"]
    assert results("### COPA (F1)\n\n" + columns) == [f"f1={each}" for each in read]
    assert results("## Evaluation\n\n" + columns) == [
        "score=0.6696 model:gpt-small setting:n=0",
        "score=0.6477 model:gpt-small setting:n=5",
    ]


@pytest.mark.parametrize(
    "above",
    [
        "The following table summarizes the F1 score obtained by models.",
        "The table below shows the F1 scores obtained:",
        "Different models achieve these results on languages (in F1 score):\n\nTest results :",
        "Validation set F1",
    ],
)
def test_the_metric_told_above(above: str):
    read = results(f"{above}\n\n" + table("Dataset | mBERT | BERT-a | XYZ", "CoNLL-2003 | 93.4 | 86.64 | 84.0"))
    assert [each.split(" ")[0] for each in read] == ["f1=93.4", "f1=86.64", "f1=84.0"]


def test_a_report_with_wide_blanks_between_its_columns():
    text = "              precision  recall  f1-score  support\n\n   name \u3000   0.83      0.90      0.87       215\n"
    read = ["precision=0.83", "recall=0.90", "f1=0.87", "support=215"]
    assert results(text) == [f"{each} setting:label name" for each in read]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("- Humaneval Score - 68.29%\n", ["score=68.29% dataset:Humaneval"]),
        ("- Macro F1 - 70%\n", ["macro_f1=70%"]),
        ("- Google Fleurs 13.94% WER\n", ["wer=13.94% dataset:Google Fleurs"]),
        ("- Chapter 3 - 20 pages\n", []),
    ],
)
def test_a_name_and_a_number_in_a_line(text: str, read: list[str]):
    assert results(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("- WER without KenLM: 15.38 %\n", ["wer=15.38 % setting:without KenLM"]),
        ("## With LM\n\n- WER: 52.30\n", ["wer=52.30 setting:With LM"]),
        ("With language model:\n\n- WER: 0.1026\n", ["wer=0.1026 setting:With language model"]),
        ("It has a WER of 0.27 without language model.\n", ["wer=0.27 setting:without language model"]),
        (
            "Without an additional language model it has a WER of 0.2205, and a WER of 0.1026 when used with a language model.\n",
            ["wer=0.2205 setting:Without an additional language model", "wer=0.1026 setting:with a language model"],
        ),
        ("The language model has a perplexity of 12.5.\n", ["perplexity=12.5"]),
    ],
)
def test_decoding_with_a_language_model_or_without(text: str, read: list[str]):
    assert results(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It has an F1 of 82.61% on dev/validation and 85.27% on test.\n", ["f1=82.61% split:dev", "f1=85.27% split:test"]),
        ("It has an F1 of 82.61% on dev and 85.27% on dev.\n", ["f1=82.61%"]),
    ],
)
def test_a_metric_on_two_splits(text: str, read: list[str]):
    assert results(text) == read
