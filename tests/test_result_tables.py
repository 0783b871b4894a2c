"""Tables of results: each number with what it measures; what no label explains stays unread."""

import time
from contextlib import suppress

import pytest

from cardaudit import read_card
from cardaudit.coverage import numbers
from cardaudit.errors import CardauditError

Stated = tuple[str, ...]


def results(text: str) -> list[str]:
    """Each result in one line: metric, number, then what is known beside it."""
    card = read_card("# M\n\n" + text)
    for result in card.results:
        span = result.number.span
        assert card.text[span.start : span.end] == result.number.text
    return [
        " ".join(
            [f"{each.metric}={each.number.text}"]
            + [f"{key}:{value}" for key in ("stderr", "dataset", "split", "model", "setting") if (value := getattr(each, key))]
        )
        for each in card.results
    ]


def table(*lines: str) -> str:
    header, *rows = lines
    return "\n".join([header, "|" + "---|" * (header.count("|") - 1), *rows]) + "\n"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            table(
                "|Tasks|Version|Filter|n-shot|Metric| |Value | |Stderr|",
                "|gsm8k|3|flexible-extract|5|exact_match|↑|0.6543|±|0.0131|",
                "| | |strict-match|5|exact_match|↑|0.6520|±|0.0132|",
                "| - virology|1|none|0|acc|↑|0.5000|±|0.0388|",
            ),
            [
                "exact_match=0.6543 stderr:0.0131 dataset:gsm8k setting:flexible-extract, 5-shot",
                "exact_match=0.6520 stderr:0.0132 dataset:gsm8k setting:strict-match, 5-shot",
                "acc=0.5000 stderr:0.0388 dataset:virology setting:0-shot",
            ],
            id="lm-evaluation-harness",
        ),
        pytest.param(
            table("| Metric | Value |", "| Avg. | 61.2 |", "| ARC (25-Shot) | 60.1 |", "| MMLU (5-shot) | 62.3 |"),
            ["score=61.2 dataset:Avg.", "score=60.1 dataset:ARC setting:25-Shot", "score=62.3 dataset:MMLU setting:5-shot"],
            id="leaderboard block",
        ),
        pytest.param(
            table(
                "| Benchmark | Ours-7B | Llama 2 7B |",
                "| [MMLU](https://a.b) (5-shot) | **62.1** | 45.3 |",
                "| GSM8K | 40 | 14.6 |",
            ),
            [
                "score=62.1 dataset:MMLU model:Ours-7B setting:5-shot",
                "score=45.3 dataset:MMLU model:Llama 2 7B setting:5-shot",
                "score=40 dataset:GSM8K model:Ours-7B",
                "score=14.6 dataset:GSM8K model:Llama 2 7B",
            ],
            id="benchmarks as rows",
        ),
        pytest.param(
            table("| Model | Params | MNLI | SST-2 |", "| [a-base](https://a.b) | 110M | 84.1 | 93.2 ± 0.3 |"),
            ["score=84.1 dataset:MNLI model:a-base", "score=93.2 stderr:0.3 dataset:SST-2 model:a-base"],
            id="models as rows",
        ),
        pytest.param(
            table("| | BERT | | SVM | |", "| | F1 | Recall | F1 | Recall |", "| Direct | 0.80 | 0.74 | 0.70 | 0.61 |"),
            [
                "f1=0.80 model:BERT setting:Direct",
                "recall=0.74 model:BERT setting:Direct",
                "f1=0.70 model:SVM setting:Direct",
                "recall=0.61 model:SVM setting:Direct",
            ],
            id="groups above the header",
        ),
        pytest.param(
            table("| Model | SQuAD 2.0 |", "| | F1/EM |", "| bert-base | 81.8/79.0 |"),
            ["f1=81.8 dataset:SQuAD 2.0 model:bert-base", "em=79.0 dataset:SQuAD 2.0 model:bert-base"],
            id="two metrics in one column",
        ),
        pytest.param(
            table(
                "| label | precision | recall | f1 | support |",
                "| 0 | 0.9 | 0.8 | 0.85 | 200 |",
                "| macro avg | 0.9 | 0.8 | 0.84 | 200 |",
            ),
            [
                *(
                    "precision=0.9 setting:label 0",
                    "recall=0.8 setting:label 0",
                    "f1=0.85 setting:label 0",
                    "support=200 setting:label 0",
                ),
                *("precision=0.9 setting:macro avg", "recall=0.8 setting:macro avg", "f1=0.84 setting:macro avg"),
                "support=200 setting:macro avg",
            ],
            id="per class",
        ),
        pytest.param(
            table("| Dataset | WER (%) | Test CER |", "| fleurs | **6,73%** ✅ | 2,1 |", "| vivos | 12,125 | 3,25 (0,1) |"),
            [
                "wer=6,73% dataset:fleurs",
                "cer=2,1 dataset:fleurs split:Test",
                "wer=12,125 dataset:vivos",
                "cer=3,25 dataset:vivos split:Test",
            ],
            id="decimal commas",
        ),
        pytest.param(
            table("| Metric | Validation | Test |", "| Loss | 0.31 (0.01) | 0.33 |", "| ImageNet top-1 accuracy | 76.1 | 75.9 |"),
            [
                "loss=0.31 stderr:0.01 split:Validation",
                "loss=0.33 split:Test",
                "top1_accuracy=76.1 dataset:ImageNet split:Validation",
                "top1_accuracy=75.9 dataset:ImageNet split:Test",
            ],
            id="metrics as rows",
        ),
        pytest.param(
            table("| Metric | NanoNQ | quora |", "| cosine_ndcg@10 | 0.51 | 0.87 |", "| cosine_map@100 | 0.44 | 0.83 |"),
            [
                *("cosine_ndcg_10=0.51 dataset:NanoNQ", "cosine_ndcg_10=0.87 dataset:quora"),
                *("cosine_map_100=0.44 dataset:NanoNQ", "cosine_map_100=0.83 dataset:quora"),
            ],
            id="retrieval",
        ),
        pytest.param(
            "### WER\n\n"
            + table("|dataset|Snt|Wrd|Corr|Sub|Del|Ins|Err|S.Err|", "|decode/dev|27|544|98.2|1.6|0.2|0.2|2.0|26.3|"),
            [
                *("corr=98.2 dataset:decode/dev setting:WER", "sub=1.6 dataset:decode/dev setting:WER"),
                *("del=0.2 dataset:decode/dev setting:WER", "ins=0.2 dataset:decode/dev setting:WER"),
                *("wer=2.0 dataset:decode/dev", "s_err=26.3 dataset:decode/dev setting:WER"),
            ],
            id="speech scoring report",
        ),
        pytest.param(
            table("| Epoch | Training Loss | Validation Loss |", "| 1 | 0.5 | 0.4 |")
            + "\n## Second run\n\n"
            + table("| Epoch | Training Loss | Validation Loss |", "| 1 | 0.45 | 0.35 |"),
            ["training_loss=0.45 setting:Second run, epoch 1", "loss=0.35 setting:Second run, epoch 1"],
            id="second training table",
        ),
        pytest.param(
            "<table>\n<tr><th rowspan=2>Model</th><th colspan=2>SQuAD 2.0</th><th>MNLI</th></tr>\n"
            "<!-- <tr><td>9.9</td></tr> -->\n\n"
            "<tr><td>F1</td><td>EM</td><td>Acc</td></tr>\n<tr><td>bert-base</td><td><b>81.2</b></td><td>79.0</td>\n"
            "<td>84.6 &plusmn; 0.2</tr>\n</table>\n",
            [
                "f1=81.2 dataset:SQuAD 2.0 model:bert-base",
                "em=79.0 dataset:SQuAD 2.0 model:bert-base",
                "acc=84.6 stderr:0.2 dataset:MNLI model:bert-base",
            ],
            id="HTML",
        ),
        pytest.param(
            "```\n              precision    recall  f1-score   support\n\n"
            "         ORG     0.9016    0.8667    0.8838      1523\n\n"
            "    accuracy                         0.9083      4963\n```\n",
            [
                "precision=0.9016 setting:label ORG",
                "recall=0.8667 setting:label ORG",
                "f1=0.8838 setting:label ORG",
                "support=1523 setting:label ORG",
                "accuracy=0.9083",
                "support=4963",
            ],
            id="classification report in a fence",
        ),
        pytest.param(
            "+-------+------+\n| model | WER  |\n+=======+======+\n| a     | 3.2  |\n"
            "+-------+------+\n| b     | 3.1  |\n+-------+------+\n",
            ["wer=3.2 model:a", "wer=3.1 model:b"],
            id="grid table",
        ),
        pytest.param("model\tF1\tWER\nbase a\t0.91\t3.2\n", ["f1=0.91 setting:base a", "wer=3.2 setting:base a"], id="tabs"),
    ],
)
def test_results(text, read):
    assert results(text) == read


@pytest.mark.parametrize(
    "text",
    [
        table(
            "| Filename | Quant type | File Size |", "| [a-Q8_0.gguf](https://a.b) | Q8_0 | 8.54GB |", "| a-Q4.gguf | Q4 | 4.1 |"
        ),
        table(
            "| Model | Params | Context length | Release year |",
            "| Llama 3 8B | 8 | 8192 | 2024 |",
            "| Llama 3 70B | 70 | 8192 | 2024 |",
        ),
        table("| Dataset | Hours | % of total hours |", "| Common Voice | 9.7 | 3.52 % |", "| LibriSpeech | 90.3 | 96.5 % |"),
        table("| Models | Mix A (Photo) | Mix B (Photo) |", "| other v1 | 52.50% | 42.76% |", "| third v1 | 30.00% | 24.44% |"),
        table("| Model | Time (GPU hours) | Power (W) |", "| Llama 3 8B | 1.3 | 700 |"),
        table("| Name | Sentences | Tokens |", "| MNLI | 3.5 | 20.1 |", "| QQP | 1.5 | 9.1 |"),
        table("| Data | Quantity |", "| Sentences kept | 330.5 |"),
    ],
    ids=["file sizes", "sizes and years", "hours", "shares of a mix", "power", "sentences", "counts"],
)
def test_numbers_that_are_no_results_stay_unread(text):
    card = read_card("# M\n\n" + text)
    assert (card.results, list(numbers(card))) == ((), [])
    assert card.unread


def test_differences_are_no_results():
    read = results(table("| Model | Accuracy | Δ |", "| a-bert | 81.2 | 1.1 |", "| Gap | 2.1 | 0.2 |"))
    assert read == ["accuracy=81.2 model:a-bert"]


@pytest.mark.parametrize(
    "piece",
    ["<table>", "<table", "<table><!--", "<table><tr><td>1</td>", "|a|b|\n\n", "f1 recall precision\n", "|1|", "<td rowspan=99>"],
)
def test_tables_of_any_size_read_in_time_that_grows_with_their_length(piece):
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        with suppress(CardauditError):  # what has more lines or numbers than a card is refused
            read_card(text)
        return time.process_time() - began

    assert seconds(400_000) < max(24 * seconds(50_000), 1)  # quadratic time would be 64 times


def test_rows_that_tell_speed_or_size_hold_no_scores():
    scores = ("| | ColBERTv2 | this |", "|--|--|--|", "| NFCorpus | 33.7 | 34.8 |", "| SciFact | 69.3 | 72.1 |")
    effort = ("| docs/s (CPU) | 18 | 64 |",)
    card = read_card("# T\n\nNDCG@10\n\n" + "\n".join((*scores, *effort)))
    told = [(result.metric, result.number.text, result.dataset, result.model) for result in card.results]
    assert told == [
        ("ndcg_10", "33.7", "NFCorpus", "ColBERTv2"),
        ("ndcg_10", "34.8", "NFCorpus", "this"),
        ("ndcg_10", "69.3", "SciFact", "ColBERTv2"),
        ("ndcg_10", "72.1", "SciFact", "this"),
    ]
