"""Tables as people write them: units and intervals in cells, headers with a number sign, what the sentence above them tells."""

import pytest
from told import results

TABLES = {
    "a number sign in the header": (
        "| Metric | # score |\n|---|---|\n| Accuracy | 0.94 |\n| AUC | 0.92 |",
        ["accuracy=0.94", "auc=0.92"],
    ),
    "keys and values under results": (
        "## Eval results\n\n| key | value |\n|---|---|\n| epoch | 3 |\n| eval_loss | 1.53 |\n| test_rouge1 | 41.3 |\n"
        "| eval_samples | 818 |",
        ["loss=1.53", "test_rouge1=41.3"],
    ),
    "keys and values elsewhere": ("## Hyperparameters\n\n| key | value |\n|---|---|\n| accuracy | 0.9 |", []),
    "levels of text are no counts": (
        "| | Sentence-level | Note-level\n|---|---|---\nmean absolute error | 0.70 | 0.66",
        ["mae=0.70 setting:Sentence-level", "mae=0.66 setting:Note-level"],
    ),
    "decibels": (
        "| Release | Test-Set SI-SNRi |\n|---|---|\n| 16-09-22 | 20.6dB |",
        ["si_snri=20.6 split:Test-Set setting:16-09-22"],
    ),
    "an interval behind a number": (
        "| System | Rouge-1 |\n|---|---|\n| SimPond-1 | 56.24, [55.74, 56.74] |",
        ["rouge1=56.24 model:SimPond-1"],
    ),
    "decimal commas beside decimal points": (
        "| Dataset | WER |\n|---|---|\n| NST test | 15.8% |\n| common_voice | 26,3% |",
        ["wer=15.8% dataset:NST test", "wer=26,3% dataset:common_voice"],
    ),
    "SQuAD with its version and no blank": (
        "| Model | SQuAD1.1 | MNLI |\n|---|---|---|\n| ALBERT-base | 90.2/83.2 | 84.6 |",
        [
            "f1=90.2 dataset:SQuAD1.1 model:ALBERT-base",
            "exact_match=83.2 dataset:SQuAD1.1 model:ALBERT-base",
            "score=84.6 dataset:MNLI model:ALBERT-base",
        ],
    ),
    "languages as rows, models as columns": (
        "## Eval results on PondNER (F-score)\nlanguage | XLM-R-base | afro-xlmr-mini\n-|-|-\namh | 70.6 | 69.7",
        [
            "f1=70.6 dataset:PondNER model:XLM-R-base setting:amh",
            "f1=69.7 dataset:PondNER model:afro-xlmr-mini setting:amh",
        ],
    ),
    "the metric that is reported": (
        "We report Macro-averaged F1 score (in %)\n\n| Model | Dev | Test |\n|---|---|---|\n| XLM-R-base | 71.26 | 71.71 |",
        ["macro_averaged_f1=71.26 split:Dev model:XLM-R-base", "macro_averaged_f1=71.71 split:Test model:XLM-R-base"],
    ),
    "the benchmark of the evaluation": (
        "We evaluated the model on Acme's [FrogEval](https://a.b) benchmark which has riddles:\n\n"
        "| Metric | Value |\n|---|---|\n| pass@1 | 3.80% |",
        ["pass_1=3.80% dataset:FrogEval"],
    ),
    "several benchmarks": (
        "We evaluated the model on the FrogEval dataset and on the ToadEval dataset:\n\n"
        "| Metric | Value |\n|---|---|\n| pass@1 | 3.80% |",
        ["pass_1=3.80%"],
    ),
    "a corner with a known data set": (
        "XNLI (Accuracy) | en | hi | Average\n:--- | ---: | ---: | ---:\nFrogBERT | 81.72 | 60.52 | 66.81",
        [
            "accuracy=81.72 dataset:XNLI model:FrogBERT setting:en",
            "accuracy=60.52 dataset:XNLI model:FrogBERT setting:hi",
            "accuracy=66.81 dataset:XNLI model:FrogBERT setting:Average",
        ],
    ),
    "a corner with two metrics": (
        "XQUAD (F1/EM) | en | hi\n:--- | ---: | ---:\nFrogBERT | 83.85/72.86 | 58.46/43.53",
        [
            "f1=83.85 dataset:XQUAD model:FrogBERT setting:en",
            "em=72.86 dataset:XQUAD model:FrogBERT setting:en",
            "f1=58.46 dataset:XQUAD model:FrogBERT setting:hi",
            "em=43.53 dataset:XQUAD model:FrogBERT setting:hi",
        ],
    ),
    "the original's numbers behind its copy's": (
        "| Metric | # Value | # Original ([Table 2](https://x.y/z.pdf)) | Variation |\n|---|---|---|---|\n"
        "| **EM** | **80.9** | **80.8** | +0.1 |\n| **F1** | **88.2** | **88.5** | -0.3 |",
        ["em=80.9", "em=80.8 model:Original", "f1=88.2", "f1=88.5 model:Original"],
    ),
    "an item leads to the table": (
        "* Note: the weights were converted. We check them on the **CoFrog dataset**, and show the results below:\n\n"
        "| Model | Rouge-1 | Rouge-L |\n|---|---|---|\n| POND | 42.0 | 20.8 |",
        ["rouge1=42.0 dataset:CoFrog model:POND", "rouge_l=20.8 dataset:CoFrog model:POND"],
    ),
    "a sentence leads to the table": (
        "We use two metrics. The following is the classification report on the test set.\n\n"
        "| relation | precision | recall | f1-score |\n|---|---|---|---|\n"
        "| has | 0.74 | 0.96 | 0.83 |\n| is | 0.70 | 0.90 | 0.80 |",
        [
            "precision=0.74 split:test setting:has",
            "recall=0.96 split:test setting:has",
            "f1=0.83 split:test setting:has",
            "precision=0.70 split:test setting:is",
            "recall=0.90 split:test setting:is",
            "f1=0.80 split:test setting:is",
        ],
    ),
    "unknown names among models, and thin blanks around errors": (
        "| | mBERT | SlavicBERT | XLM-R | Pond-A |\n|---|---|---|---|---|\n"
        "| AUROC | 97.6\u2005±\u20050.1 | 97.8 ± 0.1 | 94.3 | **98.0**\u2005±\u2005**0.04** |",
        ["auroc=97.6 model:mBERT", "auroc=97.8 model:SlavicBERT", "auroc=94.3 model:XLM-R", "auroc=98.0 model:Pond-A"],
    ),
    "trained on is not measured on": (
        "It was trained on the CoFrog dataset, with these results:\n\n| Model | Rouge-1 |\n|---|---|\n| POND | 42.0 |",
        ["rouge1=42.0 model:POND"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_a_table_is_read(case: str) -> None:
    text, read = TABLES[case]
    assert results(text + "\n") == read


PLACES = {
    "It has an accuracy of 93.2% on the Pond development set.": ["accuracy=93.2% dataset:Pond split:development"],
    "It achieves 52.5 % accuracy on the CoFrog corpus.": ["accuracy=52.5 % dataset:CoFrog"],
    "The perplexity is 9.46 on the validation dataset.": ["perplexity=9.46 split:validation"],
    "It has an F1 score of 90.59 on the test split of the Pond dataset.": ["f1=90.59 dataset:Pond split:test"],
    "It has an F1 score of 90.59 on the test set of Pond-400.": ["f1=90.59 dataset:Pond-400 split:test"],
    "The accuracy on the test set is **99.6%**.": ["accuracy=99.6% split:test"],
    "The model performance is 14.3 dB SI-SNR on the test set of WHAM! dataset.": ["si_snr=14.3 dataset:WHAM! split:test"],
    "It is 3.5 dB SI-SNR-like.": [],
    "WER for NST + Pond test set (2% of all) is **2.5%**.": ["wer=2.5% dataset:NST + Pond split:test"],
    "The model achieves a BLEU score of 49.16 on a hold-out test set for the POND20 dataset.": [
        "bleu=49.16 dataset:POND20 split:test"
    ],
    "## A frog fine-tuned on its pond and evaluated with F1 = 86.85": ["f1=86.85"],
    "'em(exact)': 0.863, 'f1': 0.930": ["headline: em=0.863", "f1=0.930"],
    "Best Result of `Macro F1` - 49.30%": ["macro_f1=49.30%"],
    "WER=21.47% CER=7.21%": ["headline: wer=21.47%", "cer=7.21%"],
    "- Char Level: precision:0.93, recall:0.86, f1:0.89": [
        "precision=0.93 setting:Char Level",
        "recall=0.86 setting:Char Level",
        "f1=0.89 setting:Char Level",
    ],
    "- Test: accuracy: 0.93, f1: 0.86": ["accuracy=0.93 split:Test", "f1=0.86 split:Test"],
    "- Sizes: frogs: 0.93, ponds: 0.86": [],
    "**Test Result (wer)**: 13.9%": ["wer=13.9% split:test"],
    "The tagger has an F1 of 0.61 for the NER task.": ["f1=0.61"],
}


@pytest.mark.parametrize("sentence", PLACES)
def test_a_sentence_tells_what_was_measured_on(sentence: str) -> None:
    assert results(sentence + "\n") == PLACES[sentence]
