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
    "The tagger has an F1 of 0.61 for the NER task.": ["f1=0.61"],
}


@pytest.mark.parametrize("sentence", PLACES)
def test_a_sentence_tells_what_was_measured_on(sentence: str) -> None:
    assert results(sentence + "\n") == PLACES[sentence]
