"""Tables of the cards of 2023 to 2026 by kind of model: robots, agents, speech, translation, time series, vision, embeddings."""

import pytest

from tests.told import results

TABLES = {
    "a column told to be the card's own: all are models": (
        "20 trials per cell, success rate in %:\n\n"
        "| Task | ACT (this) | Diffusion Policy |\n|---|:-:|:-:|\n| Pick the mug | 95 | 80 |\n| **Average** | **67.5** | 52.5 |",
        [
            "success_rate=95 dataset:Pick the mug model:ACT",
            "success_rate=80 dataset:Pick the mug model:Diffusion Policy",
            "success_rate=67.5 dataset:Average model:ACT",
            "success_rate=52.5 dataset:Average model:Diffusion Policy",
        ],
    ),
    "rewards beyond 100 with their spread": (
        "| Environment | PPO | SAC (ours) |\n| :-- | --: | --: |\n| Ant-v4 | 3478 ± 821 | **5233 ± 312** |",
        ["score=3478 dataset:Ant-v4 model:PPO", "score=5233 dataset:Ant-v4 model:SAC"],
    ),
    "episode returns": (
        "Average episode return:\n\n| Game | Human | This model |\n|---|---|---|\n| Frogger | 4335.0 | 5120.5 |",
        ["mean_return=4335.0 model:Human setting:Frogger", "mean_return=5120.5 model:This model setting:Frogger"],
    ),
    "splits of corpora that no list knows, under a metric's name": (
        "**Word error rate (%)**\n\n"
        "| | Lakespeech dev | Lakespeech test | Moorland test | Rivers |\n|:--|--:|--:|--:|--:|\n"
        "| greedy | 8.4 | 9.0 | 12.7 | 6.3 |",
        [
            "wer=8.4 dataset:Lakespeech split:dev setting:greedy",
            "wer=9.0 dataset:Lakespeech split:test setting:greedy",
            "wer=12.7 dataset:Moorland split:test setting:greedy",
            "wer=6.3 dataset:Rivers setting:greedy",
        ],
    ),
    "parts of a test set are no corpora": (
        "Word error rate (%)\n\n| | Public test | Private test |\n|:--|--:|--:|\n| greedy | 8.4 | 9.0 |",
        ["wer=8.4 setting:greedy, Public test", "wer=9.0 setting:greedy, Private test"],
    ),
    "rates of speech over corpora of which one is spelled so": (
        "Character error rate on two test sets, in %:\n\n"
        "| Model | LakesNLP | Radio |\n|---|---|---|\n| mms-1b-all | 12.1 | 22.9 |",
        ["cer=12.1 dataset:LakesNLP model:mms-1b-all", "cer=22.9 dataset:Radio model:mms-1b-all"],
    ),
    "a column of no known name beside a model": (
        "| Task | multilingual-e5-base | embed-fi |\n|---|---|---|\n| STS (Spearman) | 78.0 | 81.4 |\n| NER (F1) | 70.1 | 73.0 |",
        [
            "spearman=78.0 dataset:STS model:multilingual-e5-base",
            "spearman=81.4 dataset:STS model:embed-fi",
            "f1=70.1 dataset:NER model:multilingual-e5-base",
            "f1=73.0 dataset:NER model:embed-fi",
        ],
    ),
    "lettered tables, and the metric of all of them": (
        "The following tables give the word error rate (WER%) with greedy decoding.\n\n"
        "a) Transducer decoder\n\n| Version | MLS DEV | FLEURS TEST |\n|---|---|---|\n| 1.2 | 5.10 | 5.87 |\n\n"
        "b) CTC decoder\n\n| Version | MLS DEV | FLEURS TEST |\n|---|---|---|\n| 1.2 | 5.55 | 6.31 |",
        [
            "wer=5.10 dataset:MLS DEV setting:Transducer decoder",
            "wer=5.87 dataset:FLEURS TEST setting:Transducer decoder",
            "wer=5.55 dataset:MLS DEV setting:CTC decoder",
            "wer=6.31 dataset:FLEURS TEST setting:CTC decoder",
        ],
    ),
    "a metric in brackets with its spread; a horizon is no score": (
        "**Selected data sets** (CRPS ± std over 3 seeds)\n\n"
        "| Data set | Horizon | DeepAR | Gauge-48m |\n| --- | --- | --- | --- |\n| traffic | 24 | 0.110 ± 0.002 | 0.10 ± 0.01 |",
        ["crps=0.110 dataset:traffic model:DeepAR", "crps=0.10 dataset:traffic model:Gauge-48m"],
    ),
    "columns before and after in brackets": (
        "| Pair | BLEU (base) | BLEU (ours) | COMET-22 (ours) |\n|---|---|---|---|\n| en → sw | 30.9 | **34.6** | 0.842 |",
        ["bleu=30.9 model:base setting:en → sw", "bleu=34.6 setting:en → sw", "comet=0.842 setting:en → sw"],
    ),
    "MetricX under pairs of languages": (
        "<table><tr><th rowspan=2>System</th><th colspan=2>en-de</th></tr><tr><th>COMET</th><th>MetricX</th></tr>"
        "<tr><td>Tower-7B</td><td>83.4</td><td>1.72</td></tr></table>",
        ["comet=83.4 model:Tower-7B setting:en-de", "metricx=1.72 model:Tower-7B setting:en-de"],
    ),
    "errors beside accuracies, as timm prints them": (
        "|model|top1|top1_err|param_count|\n|---|---|---|---|\n|pondnet_small (256)|74.9|25.1|4.12|",
        ["top1_accuracy=74.9 model:pondnet_small (256)", "top1_err=25.1 model:pondnet_small (256)"],
    ),
    "precision over several lines of a header": (
        "| Model | size<br><sup>(pixels) | mAP<sup>val<br>50-95 | mAP<sup>val<br>50 |\n|---|---|---|---|\n"
        "| YOLO11n | 640 | 57.1 | 85.0 |",
        ["map50_95=57.1 model:YOLO11n", "map50=85.0 model:YOLO11n"],
    ),
    "a metric told below": (
        "| Model | WMT23 en→de | FLORES en→fi |\n|---|---:|---:|\n| NLLB-3.3B | 33.2 | 24.8 |\n\nScores are BLEU.",
        ["bleu=33.2 dataset:WMT23 en→de model:NLLB-3.3B", "bleu=24.8 dataset:FLORES en→fi model:NLLB-3.3B"],
    ),
    "learners of tables, and whole names of areas under curves": (
        "| | ROC AUC | PR AUC | R² |\n|---|---|---|---|\n| Ridge | 0.81 | 0.54 | 0.72 |\n| **LightGBM** | 0.87 | 0.64 | 0.91 |",
        [
            "roc_auc=0.81 model:Ridge",
            "pr_auc=0.54 model:Ridge",
            "r2=0.72 model:Ridge",
            "roc_auc=0.87 model:LightGBM",
            "pr_auc=0.64 model:LightGBM",
            "r2=0.91 model:LightGBM",
        ],
    ),
}


@pytest.mark.parametrize(("text", "told"), TABLES.values(), ids=TABLES)
def test_tables_by_kind_of_model(text, told):
    assert results(f"## Evaluation\n\n{text}\n") == told
