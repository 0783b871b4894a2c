"""Tables whose rows or columns no list knows: what their form and the words around them tell, and where that is not enough."""

import pytest
from told import results

from cardaudit import read_card

TABLES = {
    "models as columns, with deviations, beside unknown rows": (
        "### Pond tasks\n\n| | mBERT | FrogBERT |\n|---|---|---|\n| FB | 71.72 ± 0.91 | **76.55** ± **0.14** |",
        ["score=71.72 model:mBERT setting:FB", "score=76.55 model:FrogBERT setting:FB"],
    ),
    "models as columns under a heading on results": (
        "## Evaluations:\n\n| **Experiment** | **mBERT** | **AraBERT0.1** | **Croak** |\n|---|---|---|---|\n"
        "| Dialect Identification | 6.06% | 59.92% | 65.21% |",
        [
            "score=6.06% model:mBERT setting:Dialect Identification",
            "score=59.92% model:AraBERT0.1 setting:Dialect Identification",
            "score=65.21% model:Croak setting:Dialect Identification",
        ],
    ),
    "shares of a merge are no results": (
        "## Merging reference\n\n| Models | Pond v2.2 | Pond x3.4 |\n|---|---|---|\n| frog_mega v1 | 52.50% | 42.76% |",
        [],
    ),
    "tasks over models": (
        "The table below shows the F1 scores obtained:\n\n| Tasks/Models | croak-es | mBERT | BioBERT |\n|---|---|---|---|\n"
        "| PondNER | **0.8913** | 0.8754 | 0.8537 |\n| LilyNER | 0.8340 | 0.8078 | 0.8153 |",
        [
            "f1=0.8913 dataset:PondNER model:croak-es",
            "f1=0.8754 dataset:PondNER model:mBERT",
            "f1=0.8537 dataset:PondNER model:BioBERT",
            "f1=0.8340 dataset:LilyNER model:croak-es",
            "f1=0.8078 dataset:LilyNER model:mBERT",
            "f1=0.8153 dataset:LilyNER model:BioBERT",
        ],
    ),
    "data sets as rows, variants as columns": (
        "### Results\n\n| Task | Dataset | Mix | CA |\n|---|---|---|---|\n| Tagging | PondCorp | 80.8% | 67.9% |",
        ["score=80.8% dataset:PondCorp setting:Tagging, Mix", "score=67.9% dataset:PondCorp setting:Tagging, CA"],
    ),
    "data sets as rows without a word on results": (
        "### Corpus\n\n| Corpus | Lines(M) | Shares |\n|---|---|---|\n| Pond | 55.05 | 35.4 |\n| Lily | 33.56 | 25.2 |",
        [],
    ),
    "splits as rows, runs as columns": (
        "# Results\n\n| Dataset \\ Run | Run 1 | Run 2 | Avg. |\n|---|---|---|---|\n| Test | 85.43 | 85.88 | 85.62 |",
        ["score=85.43 split:Test setting:Run 1", "score=85.88 split:Test setting:Run 2", "score=85.62 split:Test setting:Avg."],
    ),
    "errors by class, in the plural above": (
        "Below are the MSEs of the model on the test split.\n\n| Annotator | Joy | Trust |\n|---|---|---|\n"
        "| Writer | 0.658 | 0.688 |",
        ["mse=0.658 split:test setting:Writer, Joy", "mse=0.688 split:test setting:Writer, Trust"],
    ),
    "word error rates in the plural": (
        "The WERs for the test datasets are\n\n| | test-clean | test-other |\n|---|---|---|\n| greedy search | 2.67 | 6.67 |",
        ["wer=2.67 dataset:test-clean setting:greedy search", "wer=6.67 dataset:test-other setting:greedy search"],
    ),
    "the metric in the heading, with what it was measured on": (
        "## mAP50 on COCO 2017 Dataset\n\n| Detection | 512x512 | 416x416 |\n|---|---|---|\n| YoloV9 | 55.43 | 52.32 |",
        [
            "map50=55.43 dataset:COCO 2017 model:YoloV9 setting:512x512",
            "map50=52.32 dataset:COCO 2017 model:YoloV9 setting:416x416",
        ],
    ),
    "the data set and the split of a line without a colon": (
        "Model performances computed on conll2003 validation dataset (computed on the predictions of all of its tokens)\n\n"
        "entity|precision|recall\n-|-|-\nPER|0.9914|0.9927",
        [
            "precision=0.9914 dataset:conll2003 split:validation setting:label PER",
            "recall=0.9927 dataset:conll2003 split:validation setting:label PER",
        ],
    ),
    "a test set in one word": (
        "Results on Tatoeba testset (EN-EL):\n\n| BLEU | chrF |\n|---|---|\n| 76.9 | 0.733 |",
        ["bleu=76.9 dataset:Tatoeba split:test", "chrf=0.733 dataset:Tatoeba split:test"],
    ),
    "one column, named by the line above": (
        "## Performance\n\nThe results on POND:\n\n| Model | POND |\n|---|---|\n| mBERT | 76.34 |",
        ["score=76.34 dataset:POND model:mBERT"],
    ),
    "programming languages are no data sets": (
        "The results on the test set are shown below.\n\n| Model | Ruby | PHP | Overall |\n|---|---|---|---|\n"
        "| T5 | 9.64 | 10.21 | 9.93 |",
        [
            "score=9.64 split:test model:T5 setting:Ruby",
            "score=10.21 split:test model:T5 setting:PHP",
            "score=9.93 dataset:Overall split:test model:T5",
        ],
    ),
    "a corner with an unknown data set": (
        "PONDX (F1) | en | hi_tr | Average\n---|---|---|---\nFrogBERT | 54.77 | 7.53 | 31.15",
        [
            "f1=54.77 dataset:PONDX model:FrogBERT setting:en",
            "f1=7.53 dataset:PONDX model:FrogBERT setting:hi_tr",
            "f1=31.15 dataset:PONDX model:FrogBERT setting:Average",
        ],
    ),
    "supports beside models": (
        "| | Bert-base-cased | FrogBERT | support |\n|---|---|---|---|\n| B | 63.77 | 64.29 | 224 |",
        ["score=63.77 model:Bert-base-cased setting:B", "score=64.29 model:FrogBERT setting:B"],
    ),
}


@pytest.mark.parametrize(("text", "read"), TABLES.values(), ids=list(TABLES))
def test_what_is_read_of_unknown_names(text: str, read: list[str]) -> None:
    assert results(text) == read


LABELS = {
    "how the model was run": (
        "| Dataset | WER with LM | Test WER w/o LM |\n|---|---|---|\n| NST | 15.8 | 11.9 |",
        ["wer=15.8 dataset:NST setting:with LM", "wer=11.9 dataset:NST split:Test setting:w/o LM"],
    ),
    "a name that ends like a count": (
        "| Model | SICK-NL | MLDoc |\n|---|---|---|\n| mBERT | 84.2 | 91.0 |",
        ["score=84.2 dataset:SICK-NL model:mBERT", "score=91.0 dataset:MLDoc model:mBERT"],
    ),
    "other F scores": (
        "| Model | P | R | F<sub>0.5</sub> |\n|---|---|---|---|\n| mBERT | 53.5 | 26.4 | 44.4 |",
        ["precision=53.5 model:mBERT", "recall=26.4 model:mBERT", "f05=44.4 model:mBERT"],
    ),
    "a metric and its short form": (
        "| Metric | Value |\n|---|---|\n| Exact Match (EM) | 61.9 |\n| F1 (macro) | 77.2 |",
        ["exact_match=61.9", "f1=77.2 setting:macro"],
    ),
    "classes of words are no error rates": (
        "| | B-LOC | B-PER |\n|---|---|---|\n| Train | 13919 | 12347 |",
        [],
    ),
    "a benchmark in brackets behind its metric": (
        "| Model-Name | MRR@10 (MS Marco Dev) | Docs / Sec |\n|---|---|---|\n| acme/cross-base-msmarco | 37.88 | 340 |",
        ["mrr_10=37.88 dataset:MS Marco Dev model:acme/cross-base-msmarco"],
    ),
    "a benchmark in front of joined metrics": (
        "| Model | SQUAD 1.1 F1/EM | Multi NLI Accuracy |\n|---|---|---|\n| mBERT | 91.5/84.8 | 86.09 |",
        [
            "f1=91.5 dataset:SQUAD 1.1 model:mBERT",
            "em=84.8 dataset:SQUAD 1.1 model:mBERT",
            "accuracy=86.09 dataset:Multi NLI model:mBERT",
        ],
    ),
    "what a model was tuned on is not what it was measured on": (
        "| Metric | Model FT on SQuAD |\n|---|---|\n| EM | 73.66 |\n| F1 | 78.00 |",
        ["em=73.66 model:Model FT on SQuAD", "f1=78.00 model:Model FT on SQuAD"],
    ),
    "what a model was pretrained on": (
        "### ImageNet\n\n| Model | Pretrain | Top-1 |\n|---|---|---|\n| Frogformer-S | ImageNet-1K | 82.9 |",
        ["top1_accuracy=82.9 dataset:ImageNet model:Frogformer-S setting:ImageNet-1K"],
    ),
    "the metric behind each number": (
        "| Task | Score (metric) |\n|---|---|\n| XNLI | 71.99 (accuracy) |\n| PAWS-X | 74.85 (F1) |",
        ["accuracy=71.99 dataset:XNLI", "f1=74.85 dataset:PAWS-X"],
    ),
    "a metric of two": (
        "| Task/Model | Metric | T5-base (PyTorch) |\n|---|---|---|\n| QQP | mean(Accuracy,F1) | [86.5](https://a.b) |\n"
        "| RTE | Accuracy | 62.8 |",
        [
            "mean_accuracy_f1=86.5 dataset:QQP model:T5-base setting:PyTorch",
            "accuracy=62.8 dataset:RTE model:T5-base setting:PyTorch",
        ],
    ),
    "a subset that is no split": (
        "| Model | Subset | Accuracy |\n|---|---|---|\n| T5-base | Type 1 | 68.0 |\n| T5-base | test-hard | 61.9 |",
        ["accuracy=68.0 model:T5-base setting:Type 1", "accuracy=61.9 split:test-hard model:T5-base"],
    ),
    "a part of a data set called Time": (
        "| | i2b2 2010 | i2b2 2012 (Time) |\n|---|---|---|\n| mBERT | 82.25 | 75.28 |\n| BERT | 80.1 | 75.0 |",
        [],
    ),
    "an average beside data sets": (
        "| Dataset | Model | Average (Acc.) |\n|---|---|---|\n| CrowS-Pairs | T0 | 59.2 |",
        ["acc=59.2 dataset:CrowS-Pairs model:T0 setting:Average"],
    ),
    "a label under several groups": (
        "| | TNEWS | | CSLDCP | |\n|---|---|---|---|---|\n| Model | plain | whitened | plain | whitened |\n"
        "| mBERT | 43.53 | 47.16 | 33.50 | 36.53 |",
        [
            "score=43.53 dataset:TNEWS model:mBERT setting:plain",
            "score=47.16 dataset:TNEWS model:mBERT setting:whitened",
            "score=33.50 dataset:CSLDCP model:mBERT setting:plain",
            "score=36.53 dataset:CSLDCP model:mBERT setting:whitened",
        ],
    ),
}


@pytest.mark.parametrize(("text", "read"), LABELS.values(), ids=list(LABELS))
def test_what_labels_say(text: str, read: list[str]) -> None:
    assert results(text) == read


@pytest.mark.parametrize("cell", ["78.03 (SD = 1.28)", "78.03 (std 1.28)", "78.03 ± 1.28", "78.03 (1.28)"])
def test_the_deviation_behind_a_number(cell: str) -> None:
    card = read_card(f"# M\n\n| Model | F1 |\n|---|---|\n| mBERT | {cell} |")
    assert [(each.number.text, each.stderr) for each in card.results] == [("78.03", "1.28")]


def test_a_whole_row_ends_what_was_said_to_span_it() -> None:
    rows = "<tr><td rowspan='9'>PondA</td><td>mBERT</td><td>59.2</td></tr><tr><td>T5</td><td>57.6</td></tr>"
    rows += "<tr><td rowspan='9'>PondB</td><td>mBERT</td><td>84.2</td></tr>"
    text = f"<table><tr><td>Dataset</td><td>Model</td><td>Accuracy</td></tr>{rows}</table>"
    assert results(text) == [
        "accuracy=59.2 dataset:PondA model:mBERT",
        "accuracy=57.6 dataset:PondA model:T5",
        "accuracy=84.2 dataset:PondB model:mBERT",
    ]
