"""Cards of 2023 to 2026 in shorthand, in other languages, and of embeddings: notes, lists by class, averages over languages."""

import pytest

from cardaudit import read_card
from cardaudit.exchange import card_json
from tests.told import results

RESULTS = {
    "an average over languages names the metric of each": (
        "## Benchmark Results on [PondQA](https://example.org/pond)\n\n"
        "| Model | Avg MRR@10 | | fi | sw |\n|---|---|---|---|---|\n| BM25 | 30.0 | | 20.5 | 39.5 |\n| | | | | |\n"
        "| embed-pond | **62.5** | | 59.5 | 65.5 |",
        [
            "avg_mrr_10=30.0 dataset:PondQA model:BM25",
            "mrr_10=20.5 dataset:PondQA model:BM25 setting:fi",
            "mrr_10=39.5 dataset:PondQA model:BM25 setting:sw",
            "avg_mrr_10=62.5 dataset:PondQA model:embed-pond",
            "mrr_10=59.5 dataset:PondQA model:embed-pond setting:fi",
            "mrr_10=65.5 dataset:PondQA model:embed-pond setting:sw",
        ],
    ),
    "an average of another thing than languages names none": (
        "| Model | Avg MRR@10 | frogs | toads |\n|---|---|---|---|\n| BM25 | 30.0 | 20.5 | 39.5 |",
        ["avg_mrr_10=30.0 model:BM25"],
    ),
    "tasks of embeddings in Chinese; dimensions are no scores": (
        "| 模型 | 维度 | 平均 | 检索 | 聚类 |\n|---|---|---|---|---|\n| bge-base-zh | 768 | 60.11 | 70.12 | 50.10 |",
        [
            "score=60.11 dataset:平均 model:bge-base-zh",
            "score=70.12 dataset:检索 model:bge-base-zh",
            "score=50.10 dataset:聚类 model:bge-base-zh",
        ],
    ),
    "a class of the name none": (
        "| Label | Precision | Recall |\n|---|---|---|\n| frog | 0.91 | 0.88 |\n| none | 0.97 | 0.95 |",
        [
            "precision=0.91 setting:label frog",
            "recall=0.88 setting:label frog",
            "precision=0.97 setting:label none",
            "recall=0.95 setting:label none",
        ],
    ),
    "a list of classes under the metric's name": (
        "F1 por categoría:\n\n* ranas: 0,91\n* sapos: 0,776\n* total de casos: 120\n",
        ["f1=0,91 setting:label ranas", "f1=0,776 setting:label sapos"],
    ),
    "the same in English, under a heading": ("### Per-class recall\n\n- frog: 91.5%\n- toad: 88%\n", [
        "recall=91.5% setting:label frog",
        "recall=88% setting:label toad",
    ]),
    "a list under another lead": ("Share by category:\n\n- frog: 0.61\n- toad: 0.39\n", []),
    "a fence of benchmarks": (
        "```\nGSM8K (5 shot, flexible): 58.15\nEQ-Bench v2: 71.34\n```",
        ["score=58.15 dataset:GSM8K setting:5 shot, flexible", "score=71.34 dataset:EQ-Bench v2"],
    ),
    "a fence of which one line is no benchmark": ("```\nGSM8K: 58.15\ntemperature of the pond: 18.25\n```", []),
    "splits in shorthand, and a baseline": (
        "val acc = 0.912\nval f1 = .897\nmajority baseline: acc .513 f1 .339",
        [
            "acc=0.912 split:val",
            "f1=.897 split:val",
            "acc=.513 model:majority baseline",
            "f1=.339 model:majority baseline",
        ],
    ),
    "an F1 with its precision and recall in Italian": (
        "Sul test set il modello ottiene una **F1 (micro) di 91,7%**, con precisione 90,9% e recall 92,5%.",
        ["micro_f1=91,7%", "precision=90,9%", "recall=92,5%"],
    ),
    "the same in French, each number once": (
        "Le modèle obtient un F1 de 88,4 % avec une précision de 87,0 % et un rappel de 89,9 %.",
        ["f1=88,4 %", "precision=87,0 %", "recall=89,9 %"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), RESULTS.values(), ids=RESULTS)
def test_results(text, told):
    assert results(text + "\n") == told


def settings(text):
    read = dict(card_json(read_card(f"---\nlicense: mit\n---\n# M\n\n{text}\n"))["hyperparameters"])
    return {key: value["text"] for key, value in {**read, **read.pop("other", {})}.items() if key != "other"}


SETTINGS = {
    "parted by blanks": (
        "2 epochs lr=3e-5 batch=32 maxlen=128 seed=0. took ~50min on colab",
        {"num_epochs": "2", "learning_rate": "3e-5", "train_batch_size": "32", "max_length": "128", "seed": "0"},
    ),
    "what is parted so beside no setting is left": ("lr=3e-5 batch=32 ponds=12", {"learning_rate": "3e-5"}),
    "a table of params": (
        "| param | value |\n|---|---|\n| lr | 3e-5 |\n| epochs | 5 (early stopped at 4) |\n| warmup ratio | 0.06 |",
        {"learning_rate": "3e-5", "num_epochs": "5", "lr_scheduler_warmup_ratio": "0.06"},
    ),
    "accumulation in short": (
        "```\nbatch_size = 12\nlearning_rate = 4e-5\ngrad_acc_steps=4\n```",
        {"train_batch_size": "12", "learning_rate": "4e-5", "gradient_accumulation_steps": "4"},
    ),
    "the command of a distillation": (
        "```bash\npython distill_classifier.py \\\n--teacher_batch_size 32 \\\n--per_device_train_batch_size 16 \\\n--fp16\n```",
        {"train_batch_size": "16", "teacher_batch_size": "32"},
    ),
}


@pytest.mark.parametrize(("text", "told"), SETTINGS.values(), ids=SETTINGS)
def test_settings(text, told):
    assert settings(text) == told


def test_the_benchmarks_of_an_embedding_models_index_are_no_training_data():
    card = read_card(
        "---\nmodel-index:\n- name: embed-pond\n  results:\n  - task:\n      type: STS\n    dataset:\n"
        "      type: mteb/stsbenchmark-sts\n      name: MTEB STSBenchmark\n      split: test\n"
        "    metrics:\n    - type: cos_sim_spearman\n      value: 88.9\n---\n# embed-pond\n"
    )
    assert card.datasets == ()
    assert [(each.dataset_name, each.number.text) for each in card.model_index] == [("MTEB STSBenchmark", "88.9")]
