"""Where the words above a result name the data set and its split: headings, leads, headers of columns and of rows."""

import pytest
from told import results

MODELS = "| Model | F1 |\n|---|---|\n| mBERT | 81.5 |\n"


def of_mbert(place: str) -> list[str]:
    return [f"f1=81.5 {place} model:mBERT"]


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("Named Entity Recognition with the PondNER dataset", "dataset:PondNER"),
        ("Natural Language Inference with XNLI", "dataset:XNLI"),
        ("Cross-lingual question answering - [MLQA](https://example.org/mlqa)", "dataset:MLQA"),
        ("Question answering (SQuAD 2.0)", "dataset:SQuAD 2.0"),
        ("Version 2: GermEval18", "dataset:GermEval18"),
        ("PNC Title Dataset", "dataset:PNC Title"),
        ("Comparison on PondNER Dataset from Kaggle:", "dataset:PondNER"),
        ("Evaluation on PNC Daily English Test Set (no beams)", "dataset:PNC Daily English split:test"),
        ("Test against Common Voice (out-of-domain)", "dataset:Common Voice"),
    ],
)
def test_headings_that_name_the_data_set_of_a_table(heading: str, place: str) -> None:
    assert results(f"## {heading}\n\n{MODELS}") == of_mbert(place)


@pytest.mark.parametrize(
    "heading",
    [
        "Fine-tuning with SQuAD",
        "Training Dataset",
        "Our Own PNC Dataset",
        "Evaluation with lm-eval",
        "BERT-base (SQuAD)",
        "Results on GPU",
    ],
)
def test_headings_that_name_none(heading: str) -> None:
    assert results(f"## {heading}\n\n{MODELS}") == ["f1=81.5 model:mBERT"]


@pytest.mark.parametrize(
    ("lead", "place"),
    [
        ("Below are the scores of the model on the test split of PondNER.", "dataset:PondNER split:test"),
        ("The best results (F1) on POND TEST are listed below, we averaged models of epoch 1 to 9.", "dataset:POND split:test"),
        ("The evaluation result below uses the Pond MRC 2021 test set. It is the best.", "dataset:Pond MRC 2021 split:test"),
        ("We report results on [PondNER 2019](https://example.org) for two languages.", "dataset:PondNER 2019"),
        ("Telling frogs from toads, using the [Lake Frogs dataset](https://example.org).", "dataset:Lake Frogs"),
        ("We evaluated the frog-base model on the PondNER test set against two others:", "dataset:PondNER split:test"),
        ("On the pondMRI validation data:", "dataset:pondMRI split:validation"),
    ],
)
def test_leads_that_name_the_data_set_of_a_table(lead: str, place: str) -> None:
    assert results(f"## Results\n\n{lead}\n\n{MODELS}") == of_mbert(place)


@pytest.mark.parametrize(
    "lead",
    [
        "We trained it on the [Lake Frogs dataset](https://example.org) and report results on the way.",
        "Scored using the [Pond evaluation script](https://example.org).",
        "Results on [frog-base-uncased](https://example.org).",
    ],
)
def test_leads_that_name_none(lead: str) -> None:
    assert results(f"## Results\n\n{lead}\n\n{MODELS}") == ["f1=81.5 model:mBERT"]


def test_the_lead_of_a_list_and_of_a_dict_names_their_data_set() -> None:
    listed = "## Evaluation\n\nOn the pondMRI validation data:\n\n- PSNR: 40.68\n- SSIM: 0.92\n"
    assert results(listed) == [f"{each} dataset:pondMRI split:validation" for each in ("psnr=40.68", "ssim=0.92")]
    printed = 'It gives these results on the SQuADv1.1 development set:<br>\n`{"exact_match": 84.67, "f1": 91.17}`\n'
    assert results(printed) == [f"{each} dataset:SQuADv1.1 split:development" for each in ("exact_match=84.67", "f1=91.17")]


def test_a_list_without_a_lead_stays_the_headline() -> None:
    assert results("## Evaluation\n\nIt reaches:\n\n- PSNR: 40.68\n") == ["headline: psnr=40.68"]
    told = results("## A\n\nOn the pondMRI validation data:\n\n- b\n\nWords.\n\n## B\n\nPSNR: 40.68\n")
    assert told == ["headline: psnr=40.68"]  # the lead of another list is none of this line's


def test_an_unnamed_result_under_a_heading_that_names_its_data_set() -> None:
    text = "### Test against [TEDx](https://a.org) (Out-of-domain)\n\n```python\nload_metric('wer')\n```\n\n**Result**: 35.21%\n"
    assert results(text) == ["wer=35.21% dataset:TEDx"]


@pytest.mark.parametrize("name", ["CoVoST2", "MuST-C"])
def test_a_label_at_length_is_a_data_set_with_its_split(name: str) -> None:
    text = f"## Results\n\n{name} test results for en-de (BLEU score): 22.7\n"
    assert results(text) == [f"bleu=22.7 dataset:{name} split:test setting:en-de"]


def test_columns_named_with_their_metric_in_brackets() -> None:
    fellows = "| | NSMC (acc) | Pond NER (F1) | PAWS (acc) |\n|---|---|---|---|\n| KoBERT | 89.5 | 87.9 | 81.2 |\n"
    assert results(fellows) == [
        "acc=89.5 dataset:NSMC model:KoBERT",
        "f1=87.9 dataset:Pond NER model:KoBERT",
        "acc=81.2 dataset:PAWS model:KoBERT",
    ]
    spelled = "| Model | PNC-ca (Pearson) |\n|---|---|\n| mBERT | 76.3 |\n"
    assert results(spelled) == ["pearson=76.3 dataset:PNC-ca model:mBERT"]
    classes = "| Model | ORG (F1) | LOC (F1) |\n|---|---|---|\n| mBERT | 76.3 | 70.1 |\n"
    assert results(classes) == ["f1=76.3 model:mBERT setting:ORG", "f1=70.1 model:mBERT setting:LOC"]


def test_the_header_of_the_rows_names_their_data_set() -> None:
    text = "| Common Voice Languages | WER | CER |\n|---|---|---|\n| ar | 75.2 | 31.2 |\n"
    assert results(text) == [
        "wer=75.2 dataset:Common Voice setting:ar",
        "cer=31.2 dataset:Common Voice setting:ar",
    ]


def test_a_round_of_anli_is_a_data_set_and_a_number_no_model() -> None:
    text = "## Dev results\n\nsnli-v1.0 | anli-1.0-r1 | anli-1.0-r2\n---|---|---\n0.92 | 0.77 | 0.63\n"
    assert [each.split()[:2] for each in results(text)][-1] == ["score=0.63", "dataset:anli-1.0-r2"]
    depth = "## Results\n\n| | 1 | 20 |\n|---|---|---|\n| TriviaQA | 54.2 | 79.5 |\n| SQuAD | 44.2 | 76.9 |\n"
    assert not any("model:" in each for each in results(depth))


@pytest.mark.parametrize(
    ("above", "place"),
    [
        ("## SQuAD 2.0\n\n### Results", "dataset:SQuAD 2.0"),
        ("## SQuAD 2.0\n\n### Dev set", "dataset:SQuAD 2.0 split:dev"),
        ("## Results\n\n**XNLI**", "dataset:XNLI"),
        ("## Results\n\n**SQuAD 2.0 (dev)**", "dataset:SQuAD 2.0 split:dev"),
        ("## Results\n\n*XNLI test set*", "dataset:XNLI split:test"),
        ("## Results\n\n**Table 1: F1 on Common Voice**", "dataset:Common Voice"),
        ("## Results\n\nPondNER benchmark:", "dataset:PondNER"),
    ],
)
def test_a_heading_around_and_a_line_in_bold_name_the_data_set(above: str, place: str) -> None:
    assert results(f"{above}\n\n{MODELS}") == of_mbert(place)


@pytest.mark.parametrize(
    "above", ["## Fine-tuned on the SQuAD dataset\n\n### Results", "## XNLI\n\n### Speed", "## Results\n\n**BERT-base**"]
)
def test_a_heading_around_and_a_line_in_bold_that_name_none(above: str) -> None:
    assert results(f"{above}\n\n{MODELS}") == ["f1=81.5 model:mBERT"]


GLUE = "| Model | RTE | SST-2 |\n|---|---|---|\n| mBERT | 81.5 | 70.2 |\n"


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("## Results\n\nF1 scores:\n\n" + GLUE, "f1"),
        ("## Results\n\nAverage Spearman correlation of the runs:\n\n" + GLUE, "spearman"),
        ("## Results\n\nWe measure exact match of each model.\n\n" + GLUE, "exact_match"),
        ("## Results (metric: accuracy)\n\n" + GLUE, "accuracy"),
        ("## Zero-shot accuracy\n\n" + GLUE, "accuracy"),
        ("## Results\n\n" + GLUE + "\n*Table 2: Exact match on the dev sets.*\n", "exact_match"),
        (
            "## Results\n\n" + GLUE + "\nComparison of F1 achieved by each. For more see [the paper](https://a.org/2103.131).\n",
            "f1",
        ),
    ],
)
def test_the_metric_of_a_table_of_data_sets(text: str, metric: str) -> None:
    assert results(text) == [f"{metric}=81.5 dataset:RTE model:mBERT", f"{metric}=70.2 dataset:SST-2 model:mBERT"]


@pytest.mark.parametrize(
    "below",
    [
        "Table 2: F1 and accuracy on the dev sets.",
        "The F1 is 80.2 elsewhere.",
        "Table 3: BLEU of 12.3 elsewhere.",
        "We use BLEU next.",
    ],
)
def test_a_line_below_that_is_no_caption_of_one_metric(below: str) -> None:
    text = "## Results\n\n" + GLUE + f"\n{below}\n"
    assert [each for each in results(text) if "model:mBERT" in each] == [
        "score=81.5 dataset:RTE model:mBERT",
        "score=70.2 dataset:SST-2 model:mBERT",
    ]


def test_a_unit_behind_the_metric_in_a_heading() -> None:
    text = "## Results (SI-SDR [dB]) on separation\n\n| Method | Lead | Bass |\n|---|---|---|\n| MRDLA | 8.7 | 11.8 |\n"
    assert results(text) == ["si_sdr=8.7 model:MRDLA setting:Lead", "si_sdr=11.8 model:MRDLA setting:Bass"]


def test_a_data_set_in_front_of_its_metrics() -> None:
    text = "## Results\n\n- **SQuAD**: EM 80.1, F1 88.2\n- CoNLL-2003 test: F1 91.2\n"
    assert results(text) == ["em=80.1 dataset:SQuAD", "f1=88.2 dataset:SQuAD", "f1=91.2 dataset:CoNLL-2003 split:test"]


def test_a_header_that_links_to_a_data_set_of_the_hub() -> None:
    linked = "[Summary](https://huggingface.co/datasets/pond/summaries)"
    text = f"Validation split accuracy\n\n| Model | WebGPT | {linked} |\n|---|---|---|\n| electra-large | 59.30 | 68.66 |\n"
    assert results("## Performance\n\n" + text)[1] == "accuracy=68.66 dataset:Summary model:electra-large"


def test_a_word_between_the_data_set_and_its_split() -> None:
    text = "## Results\n\nOn Libri1Mix min test set :\n\n```yml\nsi_sdr: 14.74\nsdr: 15.3\n```\n"
    assert results(text) == [f"{each} dataset:Libri1Mix split:test" for each in ("si_sdr=14.74", "sdr=15.3")]


def test_the_split_of_a_list_under_a_data_set() -> None:
    assert results("## Results on PondNER\n\n- Dev F1: 80.1\n") == ["f1=80.1 dataset:PondNER split:Dev"]
    value = "## Evaluation on the PondNER test set\n\n| Metric | Value |\n|---|---|\n| F1 | 80.1 |\n| Precision | 81.1 |\n"
    assert results(value) == ["f1=80.1 dataset:PondNER split:test", "precision=81.1 dataset:PondNER split:test"]


LANGUAGES = "| Model | en | de |\n|---|---|---|\n| mBERT | 81.5 | 70.1 |\n"


@pytest.mark.parametrize(
    "above",
    ["## Results\n\nPerformance (accuracy) on XNLI:", "## XNLI accuracy", "## Results\n\nAccuracy on XNLI (higher is better):"],
)
def test_a_metric_and_its_data_set_told_together(above: str) -> None:
    assert results(f"{above}\n\n{LANGUAGES}") == [
        "accuracy=81.5 dataset:XNLI model:mBERT setting:en",
        "accuracy=70.1 dataset:XNLI model:mBERT setting:de",
    ]


def test_a_sentence_that_says_what_a_model_is_evaluated_on_leads_to_the_table_below() -> None:
    assert results("## Evaluation\n\nThe model is evaluated on PondNER test set.\n\n" + MODELS) == of_mbert(
        "dataset:PondNER split:test"
    )
    assert results("## Evaluation\n\nIt was trained on PondNER test set.\n\n" + MODELS) == ["f1=81.5 model:mBERT"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("## WER\n\n- Common Voice: 12.3%\n", ["wer=12.3% dataset:Common Voice"]),
        ("## Accuracy\n\n- XNLI: 81.2\n", ["score=81.2 dataset:XNLI"]),
        ("## Results\n\n- **CoNLL-2003**: 91.2% F1\n", ["f1=91.2% dataset:CoNLL-2003"]),
        ("## Results\n\n- SQuAD EM/F1: 80.1/88.2\n", ["em=80.1 dataset:SQuAD", "f1=88.2 dataset:SQuAD"]),
    ],
)
def test_lists_of_data_sets(text: str, read: list[str]) -> None:
    assert results(text) == read


def test_a_metric_behind_its_own_name() -> None:
    assert results("## Evaluation\n\nMetric: F1 (macro)\n\n" + GLUE)[0] == "f1=81.5 dataset:RTE model:mBERT"
