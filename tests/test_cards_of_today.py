"""Cards as they are written since 2023: notes of changes, quantised models, benchmark tables, and settings on one line."""

import pytest

from cardaudit import read_card
from cardaudit.exchange import card_json
from cardaudit.lint import check_card
from tests.told import results

CHANGES = {
    "an arrow: the later number is the result": (
        "GSM8K accuracy (greedy, 0-shot): 61.5% → 73.9% after 400 steps.",
        ["accuracy=73.9%"],
    ),
    "several arrows": ("- F1: 0.71 → 0.78 -> **0.84**", ["headline: f1=0.84"]),
    "an arrow behind a remark": ("- F1: 0.81 (base) → 0.88", ["headline: f1=0.88"]),
    "a benchmark under any heading": ("- IFEval: 46.2 → 52.8", ["score=52.8 dataset:IFEval"]),
    "names and arrows in a sentence": (
        "It helps on forms: FUNSD (0.781 → 0.842), CORD (0.949 → 0.960). GSM8K 44.1 → 48.9. Llama 3 → 4 comes next.",
        ["score=0.842 dataset:FUNSD", "score=0.960 dataset:CORD", "score=48.9 dataset:GSM8K"],
    ),
    "from one number to another": (
        "WER dropped from 97.1% to **22.8%** on the test set.",
        ["wer=22.8% split:test"],
    ),
    "two in a sentence": (
        "Tuning improves accuracy on SQuAD from 61.5 to 73.9, and reduces CER from 40% (base) to 20%.",
        ["accuracy=73.9 dataset:SQuAD", "cer=40% model:base", "cer=20%"],
    ),
    "by so many points, in brackets": (
        "ROUGE-L improves by 4.2 points (from 36.1 to 40.3).",
        ["rouge_l=40.3"],
    ),
    "a benchmark's score": ("GSM8K improved from 44.1% to 48.9%.", ["score=48.9% dataset:GSM8K"]),
    "an evaluation loss, and no training loss": (
        "Eval loss went from 2.31 to 1.18; perplexity from 10.1 down to 3.25. Training loss fell from 3.1 to 0.9.",
        ["loss=1.18", "perplexity=3.25"],
    ),
    "what got worse under other conditions, a range, and a course of training": (
        "Accuracy drops from 92% to 71% on rotated images. F1 scores range from 0.1 to 0.9. "
        "Accuracy rises from 0.2 to 0.8 during training.",
        [],
    ),
    "in Chinese": ("准确率从 85.2% 提升到 91.7%。", ["accuracy=91.7%"]),
}


@pytest.mark.parametrize(("text", "told"), CHANGES.values(), ids=CHANGES)
def test_the_later_number_of_a_change_is_the_result(text, told):
    assert results(text + "\n") == told


TABLES = {
    "one number under a sentence that names the benchmark": (
        "*5-shot performance.* Language understanding evaluated using [Massive Multitask Language Understanding](https://a.b/c):\n\n"
        "| Average |\n| :--: |\n| 57.2 |\n\nCode evaluated using [HumanEval](https://a.b/d):\n\n"
        "| p@1, 0-Shot |\n| :-- |\n| 22.9 |",
        [
            "score=57.2 dataset:Massive Multitask Language Understanding setting:5-shot",
            "pass_1=22.9 dataset:HumanEval setting:0-Shot",
        ],
    ),
    "the rows of one model apart by their dimensions": (
        "| Model | Dimensions | Average (56) | STS (10) |\n|-|-|-|-|\n| pond-embed | 768 | 62.4 | 80.1 |\n"
        "| pond-embed | 256 | 61.0 | 79.3 |\n| text-embedding-3-small | 1536 | 62.3 | 81.6 |",
        [
            "score=62.4 dataset:Average model:pond-embed setting:56, Dimensions 768",
            "score=80.1 dataset:STS model:pond-embed setting:10, Dimensions 768",
            "score=61.0 dataset:Average model:pond-embed setting:56, Dimensions 256",
            "score=79.3 dataset:STS model:pond-embed setting:10, Dimensions 256",
            "score=62.3 dataset:Average model:text-embedding-3-small setting:56",
            "score=81.6 dataset:STS model:text-embedding-3-small setting:10",
        ],
    ),
    "the base's column and the tuned model's": (
        "| Dataset | Baseline WER | Fine-tuned WER | Δ |\n|-|-|-|-|\n| FLEURS | 61.2 | **19.8** | -41.4 |",
        ["wer=61.2 dataset:FLEURS model:Baseline", "wer=19.8 dataset:FLEURS model:Fine-tuned"],
    ),
    "an improvement in words is no setting": (
        "| Metric | Before fine-tuning | After fine-tuning | Improvement |\n|-|-|-|-|\n| WER | 112.4% | 41.7% | -70.7 pts |",
        ["wer=112.4% model:Before fine-tuning", "wer=41.7% model:After fine-tuning"],
    ),
    "a model whose name ends like a metric": (
        "| Bench | DeepSeek R1 | Pond-7B |\n|-|-|-|\n| AIME 2024 | 79.8 | 55.5 |\n| MATH-500 | 97.3 | 92.8 |",
        [
            "score=79.8 dataset:AIME 2024 model:DeepSeek R1",
            "score=55.5 dataset:AIME 2024 model:Pond-7B",
            "score=97.3 dataset:MATH-500 model:DeepSeek R1",
            "score=92.8 dataset:MATH-500 model:Pond-7B",
        ],
    ),
    "several lines in each cell": (
        "| Topic | Bench | GPT-4o | Pond-7B |\n|-|-|-|-|\n| **Math** | AIME 2024<br>MATH-500 | 9.3<br>74.6 | 55.5<br>92.8 |",
        [
            "score=9.3 dataset:AIME 2024 model:GPT-4o setting:Math",
            "score=55.5 dataset:AIME 2024 model:Pond-7B setting:Math",
            "score=74.6 dataset:MATH-500 model:GPT-4o setting:Math",
            "score=92.8 dataset:MATH-500 model:Pond-7B setting:Math",
        ],
    ),
    "models named in a second row under a blank header, sections, and a mean over them": (
        "| Benchmark | | |\n|-|-|-|\n| | **Qwen3-8B** | **Qwen3-8B-INT4** |\n| **General** | | |\n"
        "| mmlu | To be filled | 72.9 |\n"
        "| **Math** | | |\n| gsm8k | 87.8 | 87.4 |\n| **Overall** | 80.1 | 79.7 |",
        [
            "score=72.9 dataset:mmlu model:Qwen3-8B-INT4 setting:General",
            "score=87.8 dataset:gsm8k model:Qwen3-8B setting:Math",
            "score=87.4 dataset:gsm8k model:Qwen3-8B-INT4 setting:Math",
            "score=80.1 dataset:Overall model:Qwen3-8B",
            "score=79.7 dataset:Overall model:Qwen3-8B-INT4",
        ],
    ),
    "a task beside a benchmark that has its metric in brackets": (
        "| Task | Benchmark (Metric) | Pond-4B (Thinking) |\n|-|-|-|\n"
        "| General | MMLU-Redux (EM) | 83.7 |\n| Math | MATH-500 (EM) | 97.0 |",
        [
            "em=83.7 dataset:MMLU-Redux model:Pond-4B setting:General, Thinking",
            "em=97.0 dataset:MATH-500 model:Pond-4B setting:Math, Thinking",
        ],
    ),
    "LaTeX in cells": (
        "| Method | Top-1 (%) | Macro-F1 |\n|-|-|-|\n| ViT-B/16 | $82.1 \\pm 0.3$ | $0.781$ |\n"
        "| Ours | $\\mathbf{86.3 \\pm 0.2}$ | $\\mathbf{0.834}$ |",
        [
            "top1_accuracy=82.1 model:ViT-B/16",
            "macro_f1=0.781 model:ViT-B/16",
            "top1_accuracy=86.3 model:Ours",
            "macro_f1=0.834 model:Ours",
        ],
    ),
    "an interval of confidence in the header": (
        "| Task | Metric | Value (95% CI) |\n|-|-|-|\n"
        "| Malignancy | AUROC | 0.931 (0.914–0.947) |\n| Malignancy | Accuracy | 0.76 (0.7–0.8) |",
        ["auroc=0.931 dataset:Malignancy", "accuracy=0.76 dataset:Malignancy"],
    ),
    "a part below the line": (
        "| Benchmark | FishVL-2B | Qwen2-VL-2B |\n|-|-|-|\n"
        "| MMMU<sub>val</sub> | 42.6 | 41.1 |\n| DocVQA<sub>test</sub> | 91.2 | 90.1 |",
        [
            "score=42.6 dataset:MMMU val model:FishVL-2B",
            "score=41.1 dataset:MMMU val model:Qwen2-VL-2B",
            "score=91.2 dataset:DocVQA test model:FishVL-2B",
            "score=90.1 dataset:DocVQA test model:Qwen2-VL-2B",
        ],
    ),
    "forecasts; neither speed nor size is a score": (
        "| Model | Params | MASE ↓ | WQL ↓ | Latency (ms) |\n|-|-|-|-|-|\n| chronos-bolt-small | 48M | 0.94 | 0.071 | 0.6 |",
        ["mase=0.94 model:chronos-bolt-small", "wql=0.071 model:chronos-bolt-small"],
    ),
    "groups of people are no data sets": (
        "| Group | FPR | FNR | N |\n|-|-|-|-|\n| Female | 0.081 | 0.112 | 1,204 |\n| Male | 0.079 | 0.108 | 1,318 |",
        ["fpr=0.081 setting:Female", "fnr=0.112 setting:Female", "fpr=0.079 setting:Male", "fnr=0.108 setting:Male"],
    ),
    "differences have signs": (
        "| Benchmark | Base | Ours | Lift |\n|-|-|-|-|\n| GSM8K | 59.6 | 66.4 | +6.8 |\n| MATH-500 | 52.4 | 52.0 | -0.4 |",
        [
            "score=59.6 dataset:GSM8K model:Base",
            "score=66.4 dataset:GSM8K model:Ours",
            "score=52.4 dataset:MATH-500 model:Base",
            "score=52.0 dataset:MATH-500 model:Ours",
        ],
    ),
    "the metric behind the task's letters above the table": (
        "ASR: WER (%) on the leaderboard\n\n| Model | RTFx | AMI | GigaSpeech |\n|-|-|-|-|\n"
        "| canary-fish-180m | 1233 | 14.86 | 10.51 |",
        ["wer=14.86 dataset:AMI model:canary-fish-180m", "wer=10.51 dataset:GigaSpeech model:canary-fish-180m"],
    ),
}


@pytest.mark.parametrize(("text", "told"), TABLES.values(), ids=TABLES)
def test_tables_of_today(text, told):
    assert results(f"## Evaluation\n\n{text}\n") == told


def test_detection_metrics_on_one_line_and_in_a_list():
    text = "mAP@50: 0.991 | mAP@50-95: 0.867 | Precision: 0.98 | Recall: 0.97\n"
    assert results(text) == ["headline: map_50=0.991", "map50_95=0.867", "precision=0.98", "recall=0.97"]
    listed = "- **mAP@0.5**: 0.912\n- **mAP@0.5:0.95**: 0.643\n- mAP@.5:.95 on all classes\n- Box mAP@0.5:0.95 0.43\n"
    assert results(listed) == ["headline: map50=0.912", "headline: map50_95=0.643"]


def test_a_baseline_is_the_base_models():
    assert results("- Baseline accuracy: 38.2%\n- Accuracy: 71.4%\n") == [
        "headline: accuracy=71.4%",
        "accuracy=38.2% model:Baseline",
    ]


NOTES = {
    "a detector": (
        "Trained 100 epochs at imgsz 640, batch 16 with yolov8s.pt.",
        {"num_epochs": "100", "imgsz": "640", "train_batch_size": "16"},
    ),
    "an adapter": (
        "- LoRA: r=16, alpha=32, dropout=0.05\n- 3 epochs, batch 16 × 2 grad accum, lr 2e-4 (cosine), warmup 3%\n"
        "- max_seq_length 2048, bf16, seed 3407",
        {
            "lora_r": "16",
            "lora_alpha": "32",
            "lora_dropout": "0.05",
            "num_epochs": "3",
            "train_batch_size": "16",
            "gradient_accumulation_steps": "2",
            "learning_rate": "2e-4",
            "lr_scheduler_type": "cosine",
            "lr_scheduler_warmup_ratio": "3%",
            "max_seq_length": "2048",
            "seed": "3407",
        },
    ),
    "speech": (
        "Training: AdamW, lr 1e-5, warmup 500 steps, effective batch size 32 (16 × 2 grad accum), fp16, 1× A100 40GB, 3h 12m.",
        {
            "learning_rate": "1e-5",
            "lr_scheduler_warmup_steps": "500",
            "total_train_batch_size": "32",
            "train_batch_size": "16",
            "gradient_accumulation_steps": "2",
        },
    ),
    "preferences": (
        "DPO with β = 0.1, lr 5e-7, 2 epochs, batch 8 × 4 grad accum on 2×A100.",
        {"learning_rate": "5e-7", "num_epochs": "2", "train_batch_size": "8", "gradient_accumulation_steps": "4"},
    ),
    "a search over rates": ("3 epochs, batch 16, lr 1e-5, 2e-5, 5e-5", {"num_epochs": "3", "train_batch_size": "16"}),
    "an image's prompt": ("20 steps, seed 42, batch 4, sampler: Euler, CFG scale: 7", {}),
    "a rank that is no adapter's": ("Ranked r=3, alpha=2 of 12 teams.", {}),
}


@pytest.mark.parametrize(("text", "told"), NOTES.values(), ids=NOTES)
def test_settings_in_notes(text, told):
    read = dict(card_json(read_card(f"---\nlicense: mit\n---\n# M\n\n## Training\n\n{text}\n"))["hyperparameters"])
    other = read.pop("other", {})
    assert {key: value["text"] for key, value in {**read, **other}.items()} == told


@pytest.mark.parametrize("text", [text for text, _ in [*CHANGES.values(), *TABLES.values(), *NOTES.values()]])
def test_honest_cards_are_not_accused(text):
    card = read_card(f"---\nlicense: mit\nlanguage: en\n---\n# M\n\n## Evaluation\n\n{text}\n")
    assert [each.rule for each in check_card(card).findings if each.kind in ("inconsistent", "suspicious", "error")] == []
