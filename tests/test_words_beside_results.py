"""What the words above, in front of and behind a number say of it: metric, data set, split, average."""

import pytest
from told import results

from cardaudit import read_card


def table(*lines: str) -> str:
    header, *rows = lines
    return "\n".join([header, "|" + "---|" * (header.count("|") - 1), *rows]) + "\n"


TWO_MODELS = table("| | Accuracy |", "| Adam | 65.36 |", "| Lion | 68.28 |")
SCORES = table("| Model | Zorro |", "| acme/tiny-3 | 74.5 |", "| acme/tiny-4 | 78.1 |")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "Mean over 5 runs on MNLI validation set:\n\n" + TWO_MODELS,
            [
                "accuracy=65.36 dataset:MNLI split:validation setting:Adam",
                "accuracy=68.28 dataset:MNLI split:validation setting:Lion",
            ],
            id="data set and split of the sentence above a table",
        ),
        pytest.param(
            "These are the scores on the training of all models:\n\n" + TWO_MODELS,
            ["accuracy=65.36 setting:Adam", "accuracy=68.28 setting:Lion"],
            id="training is no split",
        ),
        pytest.param(
            "Results on the dev set and on the test set:\n\n" + TWO_MODELS,
            ["accuracy=65.36 setting:Adam", "accuracy=68.28 setting:Lion"],
            id="two splits are none",
        ),
        pytest.param(
            "GLUE test results:\n\n" + table("| Model | RTE | SST-2 |", "| BERT-Large | 70.4 | 93.2 |"),
            ["score=70.4 dataset:RTE split:test model:BERT-Large", "score=93.2 dataset:SST-2 split:test model:BERT-Large"],
            id="the split of a table of data sets",
        ),
        pytest.param(
            "The scores on the RTE validation set:\n\n```bash\nmatched_accuracy = 69.55\nmismatched_accuracy = 70.58\n```\n",
            ["matched_accuracy=69.55 dataset:RTE split:validation", "mismatched_accuracy=70.58 dataset:RTE split:validation"],
            id="a fence of a shell that prints numbers",
        ),
        pytest.param(
            "Overall accuracy on Zorro:\n\n" + SCORES,
            ["accuracy=74.5 model:acme/tiny-3 setting:Zorro", "accuracy=78.1 model:acme/tiny-4 setting:Zorro"],
            id="a metric that the sentence above begins with",
        ),
        pytest.param(
            "The numbers are reported in terms of Word Error Rate (WER %).\n\n" + SCORES,
            ["wer=74.5 model:acme/tiny-3 setting:Zorro", "wer=78.1 model:acme/tiny-4 setting:Zorro"],
            id="in terms of a metric",
        ),
        pytest.param("Measured by accuracy and F1.\n\n" + SCORES, [], id="two metrics are none"),
        pytest.param(
            '*Result (WER)* on a test of speech:\n\n| "clean" | "other" |\n|---|---|\n| 3.4 | 8.6 |\n',
            ['wer=3.4 setting:"clean"', 'wer=8.6 setting:"other"'],
            id="a metric in brackets",
        ),
    ],
)
def test_what_the_sentence_above_tells(text: str, read: list[str]) -> None:
    assert results(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            table(
                "| Model | SQuAD 1.1 | MNLI-m/mm |",
                "| BERT-Large | 90.9/84.1 | 86.6/- |",
                "| XLNet-Large | 95.1/89.7 | 90.8/90.1 |",
            ),
            [
                "f1=90.9 dataset:SQuAD 1.1 model:BERT-Large",
                "exact_match=84.1 dataset:SQuAD 1.1 model:BERT-Large",
                "score=86.6 dataset:MNLI-m model:BERT-Large",
                "f1=95.1 dataset:SQuAD 1.1 model:XLNet-Large",
                "exact_match=89.7 dataset:SQuAD 1.1 model:XLNet-Large",
                "score=90.8 dataset:MNLI-m model:XLNet-Large",
                "score=90.1 dataset:MNLI-mm model:XLNet-Large",
            ],
            id="F1 is never below exact match, and MNLI has two sets",
        ),
        pytest.param(
            table(
                "| Model | SQuAD | ABCD |", "| BERT-Large | 90.9/84.1 | 88.0/90.1 |", "| XLNet-Large | 85.1/89.7 | 90.8/91.1 |"
            ),
            [],
            id="pairs whose order differs, or that no rule names",
        ),
        pytest.param(
            "The columns hold `PSNR/SSIM`.\n\n"
            + table("|Dataset|Scale|Bicubic|", "|Set5|2x|33.64/0.9292|", "|Set14|2x|**30.22/0.8683**|"),
            [
                "psnr=33.64 dataset:Set5 model:Bicubic setting:2x",
                "ssim=0.9292 dataset:Set5 model:Bicubic setting:2x",
                "psnr=30.22 dataset:Set14 model:Bicubic setting:2x",
                "ssim=0.8683 dataset:Set14 model:Bicubic setting:2x",
            ],
            id="metrics joined above the table",
        ),
        pytest.param(
            "## Results\n\n"
            + table(
                "| Algorithm | Walker | Fish |",
                "| Random | 27.25 (± 10.7) | 0.0 (± 0.0) |",
                "| ADR | 14.7 (± 19.4) | 0.1 (± 0.2) |",
            ),
            [
                "score=27.25 dataset:Walker model:Random",
                "score=0.0 dataset:Fish model:Random",
                "score=14.7 dataset:Walker model:ADR",
                "score=0.1 dataset:Fish model:ADR",
            ],
            id="with their errors, numbers of any size are scores",
        ),
        pytest.param(
            "## Evaluation\n\n"
            + table("| | INT8 | FP32 |", "| **Accuracy (eval-f1)** | 0.9142 | 0.9042 |", "| **Model size (MB)** | 107 | 418 |"),
            ["f1=0.9142 model:INT8", "f1=0.9042 model:FP32"],
            id="accuracy is the word, F1 the metric",
        ),
        pytest.param(
            "| Exact Match | 47.44 |\n|---|---|\n| F1 | 55.2 |\n", ["exact_match=47.44", "f1=55.2"], id="a header that is a row"
        ),
        pytest.param(
            table(
                "| Category | Metric | Oak-2 |",
                "| **Math** | | |",
                "| | GSM8K (8-shot) | 87.27 |",
                "| | MMLU | 74.00 |",
                "| | Acorn Math (0-shot) | 59.33 |",
            ),
            [
                "score=87.27 dataset:GSM8K model:Oak-2 setting:8-shot, Math",
                "score=74.00 dataset:MMLU model:Oak-2 setting:Math",
                "score=59.33 dataset:Acorn Math model:Oak-2 setting:0-shot, Math",
            ],
            id="an unknown name among benchmarks",
        ),
        pytest.param(
            table("| | Accuracy | F1 |", "| small-transformer-base-imdb | 0.95 | 0.96 |"),
            ["accuracy=0.95 model:small-transformer-base-imdb", "f1=0.96 model:small-transformer-base-imdb"],
            id="a model's id that ends with a data set",
        ),
        pytest.param(
            table("|dataset|STOI|SAR|SDR|SIR|", "|mixed_tt|0.96|13.02|13.12|0.10|"),
            [
                "stoi=0.96 dataset:mixed_tt",
                "sar=13.02 dataset:mixed_tt",
                "sdr=13.12 dataset:mixed_tt",
                "sir=0.10 dataset:mixed_tt",
            ],
            id="separation of sources",
        ),
        pytest.param(
            "## Results\n\n" + table("| Model | UPOS | NER | SAR | STS |", "| acme/bert | 97.97 | 83.35 | 80.51 | 80.57 |"),
            [
                "score=97.97 dataset:UPOS model:acme/bert",
                "score=83.35 dataset:NER model:acme/bert",
                "score=80.51 dataset:SAR model:acme/bert",
                "score=80.57 dataset:STS model:acme/bert",
            ],
            id="the same letters among tasks",
        ),
    ],
)
def test_tables(text: str, read: list[str]) -> None:
    assert results(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "F1-Score: **92,16** (CoNLL-03 English), **87,33** (CoNLL-03 German)\n",
            ["f1=92,16 dataset:CoNLL-03 English", "f1=87,33 dataset:CoNLL-03 German"],
            id="decimal commas, each with its data set",
        ),
        pytest.param(
            "- Accuracy: 94,9%\n- F1: 91,5\n", ["headline: accuracy=94,9%", "headline: f1=91,5"], id="one digit behind a comma"
        ),
        pytest.param(
            "- F1 (weighted): 0.93\n- Accuracy (dev): 0.8\n- F1: 0.7 (macro)\n- F1: 91.2 at a threshold of 0.5\n",
            [
                "f1=0.93 setting:weighted",
                "accuracy=0.8 split:dev",
                "f1=0.7 setting:macro",
                "f1=91.2 setting:at a threshold of 0.5",
            ],
            id="averages, splits, thresholds",
        ),
        pytest.param("- F1: 0.98 (to update)\n", ["headline: f1=0.98"], id="any other remark says nothing"),
        pytest.param(
            "- Top-1 accuracy: 83.3% on ImageNet\n", ["top1_accuracy=83.3% dataset:ImageNet"], id="a data set behind the number"
        ),
        pytest.param("- Acc@2: 91.84\n", ["acc_2=91.84"], id="at a depth"),
        pytest.param("accuracy => 0.73\n", ["headline: accuracy=0.73"], id="an arrow for an equals sign"),
        pytest.param("Test set accuray: 0.94\n", ["accuracy=0.94 split:Test set"], id="a slip of the pen"),
        pytest.param(
            "* LAMBADA ppl 13.04, acc 45.16%\n* SC2016 acc 58.79%\n* ROC AUC 0.751\n",
            ["perplexity=13.04 dataset:LAMBADA", "acc=45.16% dataset:LAMBADA", "acc=58.79% dataset:SC2016", "roc_auc=0.751"],
            id="a name with one metric or two",
        ),
        pytest.param("`CER 25.70`.\n", ["cer=25.70"], id="marks around a name and its number"),
    ],
)
def test_lists(text: str, read: list[str]) -> None:
    assert results(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("It is able to achieve 84% accuracy on the test set.\n", ["accuracy=84% split:test"], id="to achieve"),
        pytest.param(
            "It achieves 53.8 % question match accuracy and 21.8 % interaction match accuracy on the SQuAD development set.\n",
            [
                "question_match_accuracy=53.8 % dataset:SQuAD split:development",
                "interaction_match_accuracy=21.8 % dataset:SQuAD split:development",
            ],
            id="words before the metric; the place is told once",
        ),
        pytest.param("It achieves 20% of the accuracy of others.\n", [], id="a share of an accuracy"),
        pytest.param(
            "The scores on the dev set are 83.25% and 87.76% for F1 and label-F1 respectively.\n",
            ["f1=83.25% split:dev", "label_f1=87.76% split:dev"],
            id="two numbers for two metrics",
        ),
        pytest.param(
            "The perplexity reached was 49.56, train loss: 3.336.\n", ["perplexity=49.56", "train_loss=3.336"], id="whose loss"
        ),
        pytest.param(
            "It has an accuracy of 94.3% and F1-macro of 92.4%.\n", ["accuracy=94.3%", "f1_macro=92.4%"], id="an average behind"
        ),
    ],
)
def test_sentences(text: str, read: list[str]) -> None:
    assert results(text) == read


def test_a_result_of_the_metric_that_the_front_matter_declares() -> None:
    body = "# M\n\n**Test Result**: 12.3 %\n"
    one = read_card("---\nmetrics:\n- wer\n---\n" + body).results
    assert [(each.metric, each.number.text, each.split) for each in one] == [("wer", "12.3 %", "test")]
    assert read_card("---\nmetrics:\n- wer\n- cer\n---\n" + body).results == ()


def test_a_trainer_list_with_a_number_for_each_class() -> None:
    text = "---\ntags:\n- generated_from_trainer\n---\n# M\n\nIt achieves the following results on the evaluation set:\n"
    card = read_card(text + "- Loss: 0.0512\n- F1: [0.991 0.9915]\n- Matrix: [[1, 0], [0, 1]]\n")
    assert [(each.metric, each.number.text, each.setting) for each in card.results] == [
        ("f1", "0.991", "label 0"),
        ("f1", "0.9915", "label 1"),
    ]
    assert list(card.headline) == ["loss"]


def test_a_cell_with_a_blank_before_its_point() -> None:
    card = read_card(
        "# M\n\n" + table("| Step | Training Loss | Validation Loss | Wer |", "| 1500 | 0.302 | 0.349 | 0 .283908 |")
    )
    number = card.epochs[0].metrics["wer"]
    assert (number.text, str(number.value), card.text[slice(*number.span)]) == ("0 .283908", "0.283908", "0 .283908")
