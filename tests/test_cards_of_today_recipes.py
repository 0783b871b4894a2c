"""Recipes and single claims of the cards of 2023 to 2026: flags of LeRobot, Ultralytics' YAML, notes on one line, comparisons."""

import pytest

from cardaudit import read_card
from cardaudit.exchange import card_json
from tests.told import results

SETTINGS = {
    "flags of LeRobot": (
        "```bash\nlerobot-train \\\n  --dataset.repo_id=acme/mugs \\\n  --policy.type=act \\\n  --batch_size=8 \\\n"
        "  --steps=100000 \\\n  --optimizer.lr=1e-5 \\\n  --seed=1000\n```",
        {"train_batch_size": "8", "training_steps": "100000", "learning_rate": "1e-5", "seed": "1000"},
    ),
    "a file of Ultralytics": (
        "```yaml\nmodel: yolov8m.pt\nepochs: 120\nimgsz: 640\nbatch: 24\noptimizer: SGD\nlr0: 0.01\nweight_decay: 0.0005\n```",
        {"num_epochs": "120", "train_batch_size": "24", "learning_rate": "0.01", "weight_decay": "0.0005", "optimizer": "sgd"},
    ),
    "a call of Ultralytics": (
        '```python\nmodel = YOLO("yolo11s.pt")\nmodel.train(data="bees.yaml", epochs=100, imgsz=640, batch=16, lr0=0.02)\n```',
        {"num_epochs": "100", "train_batch_size": "16", "learning_rate": "0.02"},
    ),
    "Ultralytics' own example": (
        '```python\nmodel = YOLO("yolo11s.pt")\nmodel.train(data="coco8.yaml", epochs=100, imgsz=640, batch=16)\n```',
        {},
    ),
    "a stop that may come before the last epoch": (
        "Training: AdamW, lr = 3e-5, batch = 16, 15 epochs, early stopping after 4 epochs without gain.",
        {"optimizer": "adamw", "learning_rate": "3e-5", "train_batch_size": "16", "num_epochs": "15"},
    ),
    "another sentence behind the last setting": (
        "5 epochs (effective batch size 32), learning rate 1e-5 with 500 warmup steps, label smoothing 0.1, AdamW. One A100.",
        {
            "num_epochs": "5",
            "total_train_batch_size": "32",
            "learning_rate": "1e-5",
            "lr_scheduler_warmup_steps": "500",
            "label_smoothing_factor": "0.1",
            "optimizer": "adamw",
        },
    ),
    "a rate, its optimizer and its schedule in brackets": (
        "Fine-tuned for 8 epochs, batch 32, lr 5e-5 (AdamW, cosine).",
        {
            "num_epochs": "8",
            "train_batch_size": "32",
            "learning_rate": "5e-5",
            "optimizer": "adamw",
            "lr_scheduler_type": "cosine",
        },
    ),
    "LoRA told by the names of its arguments": (
        "r=8, lora_alpha=16, lora_dropout=0.1; batch size 4, grad. accumulation 4 → 500 steps.",
        {
            "lora_r": "8",
            "lora_alpha": "16",
            "lora_dropout": "0.1",
            "train_batch_size": "4",
            "gradient_accumulation_steps": "4",
            "training_steps": "500",
        },
    ),
}


@pytest.mark.parametrize(("text", "told"), SETTINGS.values(), ids=SETTINGS)
def test_recipes(text, told):
    card = card_json(read_card(f"---\nlicense: mit\n---\n# M\n\n## Training\n\n{text}\n"))
    stated = card["hyperparameters"]
    known = {key: each["text"] for key, each in (stated | stated.get("other", {})).items() if key != "other"}
    optimizer = {"optimizer": card["optimizer"]["name"]} if card["optimizer"] else {}
    assert known | optimizer == told


CLAIMS = {
    "another model for comparison, with brackets of its own": (
        "For comparison, DeepLabV3+ (ResNet-50) reached 76.9 % mIoU on the same tiles.",
        ["miou=76.9 % model:DeepLabV3+ (ResNet-50)"],
    ),
    "metrics before their numbers, behind other verbs": (
        "On en→uk we have BLEU 28.7 and chrF 57.9. On read speech we measured WER 5.4 and CER 1.9.",
        ["bleu=28.7", "chrf=57.9", "wer=5.4", "cer=1.9"],
    ),
    "folds with the spread over them": (
        "5-fold CV: RMSE 44.9 ± 2.7\n\n10-fold cross-validation: AUC 0.871 ± 0.006, log loss 0.312 ± 0.004",
        [
            "rmse=44.9 setting:5-fold CV",
            "auc=0.871 setting:10-fold cross-validation",
            "log_loss=0.312 setting:10-fold cross-validation",
        ],
    ),
    "metrics at a depth": (
        "nDCG@10 of 0.689 on SciFact. It has a Recall@5 of 0.81.",
        ["ndcg_10=0.689 dataset:SciFact", "recall_5=0.81"],
    ),
    "mean average precision at an overlap": ("It has an mAP@0.5 of 0.61.", ["map50=0.61"]),
}


@pytest.mark.parametrize(("text", "told"), CLAIMS.values(), ids=CLAIMS)
def test_claims(text, told):
    assert results(f"## Results\n\n{text}\n") == told


def test_the_benchmark_in_a_headings_brackets():
    table = "| Backbone | AP | AP50 |\n|---|---|---|\n| ResNet-50 | 38.0 | 58.6 |\n"
    told = ["ap=38.0 dataset:COCO val2017 model:ResNet-50", "ap50=58.6 dataset:COCO val2017 model:ResNet-50"]
    assert results(f"## Detection (COCO val2017)\n\n{table}") == told


def test_an_authors_own_table_on_an_embedding_model_names_its_models():
    header = "| Metric | bge-small (before) | this model (after) | Δ |\n|---|---|---|---|\n"
    table = f"{header}| cosine_ndcg@10 | 0.709 | 0.826 | +0.117 |\n"
    card = read_card(
        "---\ntags:\n- sentence-transformers\n---\n# SentenceTransformer based on BAAI/bge-small-en-v1.5\n\n"
        f"This is a [sentence-transformers](https://www.SBERT.net) model.\n\n## Evaluation\n\n{table}"
    )
    told = [(each.metric, each.number.text, each.model, each.setting) for each in card.results]
    assert told == [("cosine_ndcg_10", "0.709", "bge-small", "before"), ("cosine_ndcg_10", "0.826", "this model", "after")]
