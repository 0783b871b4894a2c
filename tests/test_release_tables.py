"""Tables of language model releases: benchmarks with shots, sections, recovery, and what stands above a table."""

import pytest
from test_result_tables import results, table


def html(*rows: str) -> str:
    """A table with a cell a line; one that begins with "2^" spans two rows."""
    cells = ("".join(f"<td>{cell}</td>\n" for cell in row.split("|")) for row in rows)
    written = "<table>\n" + "".join(f"<tr>\n{row}</tr>\n" for row in cells) + "</table>\n"
    return written.replace("<td>2^", '<td rowspan="2" >')


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            table(
                "| Metric | acme/Roller-8B | acme/Roller-8B-w4a16 |",
                "| ARC-Challenge (Acc-Norm, 25-shot) | 66.81 | 66.11 |",
                "| GSM8K (Strict-Match, 5-shot) | 64.52 | 65.66 |",
                "| HumanEval pass@1 | 71.0 | 70.5 |",
                "| **Average Score** | **70.30** | **69.81** |",
                "| **Recovery** | **100** | **99.31** |",
            ),
            [
                "acc_norm=66.81 dataset:ARC-Challenge model:acme/Roller-8B setting:25-shot",
                "acc_norm=66.11 dataset:ARC-Challenge model:acme/Roller-8B-w4a16 setting:25-shot",
                "score=64.52 dataset:GSM8K model:acme/Roller-8B setting:Strict-Match, 5-shot",
                "score=65.66 dataset:GSM8K model:acme/Roller-8B-w4a16 setting:Strict-Match, 5-shot",
                "pass_1=71.0 dataset:HumanEval model:acme/Roller-8B",
                "pass_1=70.5 dataset:HumanEval model:acme/Roller-8B-w4a16",
                "score=70.30 dataset:Average model:acme/Roller-8B",
                "score=69.81 dataset:Average model:acme/Roller-8B-w4a16",
                "recovery=100 model:acme/Roller-8B",
                "recovery=99.31 model:acme/Roller-8B-w4a16",
            ],
            id="a metric's column that names benchmarks",
        ),
        pytest.param(
            html(
                "<strong>Benchmark</strong>|Roller-8B|Roller-8B-w8a8 (this model)|<strong>Recovery</strong>",
                "<strong>OpenLLM v1</strong>",
                "MMLU (5-shot)|68.32|66.89|97.9%",
                "Average|74.31|73.51|98.9%",
                "<strong>OpenLLM v2</strong>",
                "Average|27.62|26.53|96.1%",
            ),
            [
                "score=68.32 dataset:MMLU model:Roller-8B setting:5-shot, OpenLLM v1",
                "score=66.89 dataset:MMLU model:Roller-8B-w8a8 setting:5-shot, OpenLLM v1",
                "score=74.31 dataset:Average model:Roller-8B setting:OpenLLM v1",
                "score=73.51 dataset:Average model:Roller-8B-w8a8 setting:OpenLLM v1",
                "score=27.62 dataset:Average model:Roller-8B setting:OpenLLM v2",
                "score=26.53 dataset:Average model:Roller-8B-w8a8 setting:OpenLLM v2",
                "recovery=97.9% dataset:MMLU setting:5-shot, OpenLLM v1",
                "recovery=98.9% dataset:Average setting:OpenLLM v1",
                "recovery=96.1% dataset:Average setting:OpenLLM v2",
            ],
            id="a column of recoveries, sections in rows of their own",
        ),
        pytest.param(
            html(
                "Benchmark|Roller-1B|Roller-1B-w4 (this model)|Recovery",
                "2^<strong>OpenLLM v1</strong>|MMLU (5-shot)|51.2|50.9|99.4%",
                "Average|47.5|47.1|99.2%",
                "2^<strong>OpenLLM v2</strong>|MMLU-Pro (5-shot)|18.3|18.0|98.4%",
                "Average|25.4|25.5|100.4%",
            ),
            [
                "score=51.2 dataset:MMLU model:Roller-1B setting:OpenLLM v1, 5-shot",
                "score=50.9 dataset:MMLU model:Roller-1B-w4 setting:OpenLLM v1, 5-shot",
                "score=47.5 dataset:Average model:Roller-1B setting:OpenLLM v1",
                "score=47.1 dataset:Average model:Roller-1B-w4 setting:OpenLLM v1",
                "score=18.3 dataset:MMLU-Pro model:Roller-1B setting:OpenLLM v2, 5-shot",
                "score=18.0 dataset:MMLU-Pro model:Roller-1B-w4 setting:OpenLLM v2, 5-shot",
                "score=25.4 dataset:Average model:Roller-1B setting:OpenLLM v2",
                "score=25.5 dataset:Average model:Roller-1B-w4 setting:OpenLLM v2",
                "recovery=99.4% dataset:MMLU setting:OpenLLM v1, 5-shot",
                "recovery=99.2% dataset:Average setting:OpenLLM v1",
                "recovery=98.4% dataset:MMLU-Pro setting:OpenLLM v2, 5-shot",
                "recovery=100.4% dataset:Average setting:OpenLLM v2",
            ],
            id="groups that span rows under a header without a cell for them",
        ),
        pytest.param(
            table(
                "| | License | # Params | MMLU | HumanEval |",
                "| **Roller** | MIT | **7B** | 64.3 | **55.5** |",
                "| Bolt-0 | Closed | ???B | 73 | 63.2 |",
            ),
            [
                "score=64.3 dataset:MMLU model:Roller",
                "score=55.5 dataset:HumanEval model:Roller",
                "score=73 dataset:MMLU model:Bolt-0",
                "score=63.2 dataset:HumanEval model:Bolt-0",
            ],
            id="unknown names beside a count of parameters are models",
        ),
        pytest.param(
            '### Results on Foo Voice "test" (WER):\n\n' + table("| Plain | With LM (`./decode.py`) |", "| 41.25 | 30.5 |"),
            ["wer=41.25 setting:Plain", "wer=30.5 setting:With LM, ./decode.py"],
            id="a lone row of ways under a heading that ends with a metric",
        ),
        pytest.param(
            "### Data (WER)\n\n" + table("| Plain | Noisy |", "| 41.25 | 30.5 |"), [], id="a heading that tells of no results"
        ),
        pytest.param(
            table(
                "| **Category** | **Benchmark (Metric)** | **# Shots** | **Rival-7B** | **Roller** |",
                "| | # Params | - | 7B | 9B |",
                "| English | BBH (EM) | 3-shot | 79.8 | **87.5** |",
                "| | MMLU (Acc.) | 5 | 85.0 | **87.1** |",
                "| Code | HumanEval (Pass@1) | 0-shot | 53.0 | **65.2** |",
            ),
            [
                "em=79.8 dataset:BBH model:Rival-7B setting:3-shot, English",
                "em=87.5 dataset:BBH model:Roller setting:3-shot, English",
                "acc=85.0 dataset:MMLU model:Rival-7B setting:5-shot, English",
                "acc=87.1 dataset:MMLU model:Roller setting:5-shot, English",
                "pass_1=53.0 dataset:HumanEval model:Rival-7B setting:0-shot, Code",
                "pass_1=65.2 dataset:HumanEval model:Roller setting:0-shot, Code",
            ],
            id="categories, metrics in brackets and a column of shots",
        ),
        pytest.param(
            table(
                "| Benchmark | Metric | 2B Params | 7B Params |",
                "| MMLU | 5-shot | 42.3 | 64.3 |",
                "| BoolQ | | 69.4 | 83.2 |",
                "| MBPP | average | 29.2 | 44.4 |",
            ),
            [
                "score=42.3 dataset:MMLU model:2B Params setting:5-shot",
                "score=64.3 dataset:MMLU model:7B Params setting:5-shot",
                "score=69.4 dataset:BoolQ model:2B Params",
                "score=83.2 dataset:BoolQ model:7B Params",
                "score=29.2 dataset:MBPP model:2B Params setting:average",
                "score=44.4 dataset:MBPP model:7B Params setting:average",
            ],
            id="blank cells and means under a metric's header",
        ),
        pytest.param(
            table("| | MMLU | GSM8K |", "|V2 |", "| Roller-7B | 82.3 | 84.6 |", "|V1 |", "| Roller-7B | 80.1 | 81.6 |"),
            [
                "score=82.3 dataset:MMLU model:Roller-7B setting:V2",
                "score=84.6 dataset:GSM8K model:Roller-7B setting:V2",
                "score=80.1 dataset:MMLU model:Roller-7B setting:V1",
                "score=81.6 dataset:GSM8K model:Roller-7B setting:V1",
            ],
            id="one name in two sections",
        ),
        pytest.param(
            table("| | PER | LOC | Avg |", "| Precision | 88.7% | 69.0% | 84.1% |", "| Recall | 88.9% | 62.9% | 84.0% |"),
            [
                "precision=88.7% setting:PER",
                "precision=69.0% setting:LOC",
                "precision=84.1% setting:Avg",
                "recall=88.9% setting:PER",
                "recall=62.9% setting:LOC",
                "recall=84.0% setting:Avg",
            ],
            id="a class that is spelled like a metric",
        ),
        pytest.param(
            table("| Model | SQuAD 2.0 (F1/EM) | Bleu 4 |", "| a-bert | 86.2/83.1 | 24.2 |"),
            [
                "f1=86.2 dataset:SQuAD 2.0 model:a-bert",
                "em=83.1 dataset:SQuAD 2.0 model:a-bert",
                "bleu4=24.2 model:a-bert",
            ],
            id="two metrics in brackets",
        ),
        pytest.param(
            "### Results\n\n" + table("| Model | HTS2 | HTS5 |", "| a-bert | 85.55 | 68.99 |", "| b-bert | 85.1 | 65.2 |"),
            [
                "score=85.55 dataset:HTS2 model:a-bert",
                "score=68.99 dataset:HTS5 model:a-bert",
                "score=85.1 dataset:HTS2 model:b-bert",
                "score=65.2 dataset:HTS5 model:b-bert",
            ],
            id="unknown data sets under a heading that tells of results",
        ),
        pytest.param(
            table("| Task | F1 | Recall | Fine-tuned model |", "| POS | 97.3 | 97.1 | a-bert |", "| SQuAD | to-do | | b-bert |"),
            ["f1=97.3 dataset:POS model:a-bert", "recall=97.1 dataset:POS model:a-bert"],
            id="numbers that are to come",
        ),
        pytest.param(
            table("| Class | Precision | Recall | Variance (Recall) |", "| A | 0.80 | 0.78 | 0.01 |"),
            ["precision=0.80 setting:label A", "recall=0.78 setting:label A"],
            id="a variance is no recall",
        ),
    ],
)
def test_tables_of_releases(text, read):
    assert results(text) == read


@pytest.mark.parametrize(
    ("above", "place"),
    [
        ("### Results on Natural Questions - Test Set\n\n", " dataset:Natural Questions split:test"),
        ("### on ARC-Challenge\n\n", " dataset:ARC-Challenge"),
        ("### 5. XQuAD\n\n", " dataset:XQuAD"),
        ("### MNLI results\n\nScores of the last checkpoint.\n\n", " dataset:MNLI"),
        ("### Evaluation\n\nResults on the SQuAD dev set:\n\n", " dataset:SQuAD split:dev"),
        ("### Evaluation on Foo-Korean corpus\n\n", " dataset:Foo-Korean"),
        ("### Named Entity Recognition\n\n", ""),
        ("### Results\n\n", ""),
    ],
)
def test_what_stands_above_a_table_tells_its_data_set(above, place):
    assert results(above + table("| Accuracy | F1 |", "| 81.2 | 80.1 |")) == [f"accuracy=81.2{place}", f"f1=80.1{place}"]
