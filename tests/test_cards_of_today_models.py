"""Cards of language models and of fine-tuned ones in the layouts of 2023 to 2026: tables, lists, sentences and settings."""

import pytest
from told import results

from cardaudit import read_card

TABLES = {
    "a benchmark without a metric among those that name theirs": (
        "| Benchmark (Metric) | Frog-7B | Newt-7B |\n|---|---|---|\n| MMLU (EM) | 61.2 | 63.4 |\n"
        "| IFEval (Prompt Strict) | 70.1 | 72.5 |\n| MATH-500 (EM) | 40.0 | 41.5 |",
        [
            "em=61.2 dataset:MMLU model:Frog-7B",
            "em=63.4 dataset:MMLU model:Newt-7B",
            "score=70.1 dataset:IFEval model:Frog-7B setting:Prompt Strict",
            "score=72.5 dataset:IFEval model:Newt-7B setting:Prompt Strict",
            "em=40.0 dataset:MATH-500 model:Frog-7B",
            "em=41.5 dataset:MATH-500 model:Newt-7B",
        ],
    ),
    "which release of a model": (
        "| Benchmark | Newt-30B (prev.) | Newt-30B |\n|---|---|---|\n| MMLU-Pro | 75.2 | 80.4 |\n| GPQA | 61.0 | 71.9 |",
        [
            "score=75.2 dataset:MMLU-Pro model:Newt-30B (prev.)",
            "score=80.4 dataset:MMLU-Pro model:Newt-30B",
            "score=61.0 dataset:GPQA model:Newt-30B (prev.)",
            "score=71.9 dataset:GPQA model:Newt-30B",
        ],
    ),
    "quantisations, with sizes and speeds that are no scores": (
        "| Quantization | Size (GB) | tok/s (RTX 4090) | MMLU | GSM8K |\n|---|---|---|---|---|\n"
        "| BF16 | 15.1 | OOM | 66.1 | 80.4 |\n| AWQ INT4 | 5.3 | 88.2 | 65.2 | 78.9 |\n| bnb NF4 | 5.1 | 31.5 | 65.0 | 78.1 |",
        [
            "score=66.1 dataset:MMLU model:BF16",
            "score=80.4 dataset:GSM8K model:BF16",
            "score=65.2 dataset:MMLU model:AWQ INT4",
            "score=78.9 dataset:GSM8K model:AWQ INT4",
            "score=65.0 dataset:MMLU model:bnb NF4",
            "score=78.1 dataset:GSM8K model:bnb NF4",
        ],
    ),
    "quantisations of several models": (
        "| Model | Quant | MMLU | GSM8K |\n|-|-|-|-|\n| Frog-8B | BF16 | 66.1 | 80.4 |\n| Frog-8B | Q4_K_M | 65.2 | 78.9 |",
        [
            "score=66.1 dataset:MMLU model:Frog-8B setting:BF16",
            "score=80.4 dataset:GSM8K model:Frog-8B setting:BF16",
            "score=65.2 dataset:MMLU model:Frog-8B setting:Q4_K_M",
            "score=78.9 dataset:GSM8K model:Frog-8B setting:Q4_K_M",
        ],
    ),
    "perplexities and divergences of quantisations": (
        "| Quant | PPL | KLD (mean) |\n|---|---|---|\n| F16 | 7.1093 | - |\n| Q4_K_M | 7.2238 | 0.0261 |",
        ["perplexity=7.1093 model:F16", "perplexity=7.2238 model:Q4_K_M", "kld=0.0261 model:Q4_K_M setting:mean"],
    ),
    "pairs of correlations, which are no speeds": (
        "| Model | RTE | STS-B |\n|---|---|---|\n| | Acc | P/S |\n| Frog-large | 86.6 | 92.4/92.0 |",
        [
            "acc=86.6 dataset:RTE model:Frog-large",
            "pearson=92.4 dataset:STS-B model:Frog-large",
            "spearman=92.0 dataset:STS-B model:Frog-large",
        ],
    ),
    "rewards of a preference tuning": (
        "| Metric | Value |\n|---|---|\n| loss | 0.5872 |\n| rewards/chosen | -0.3124 |\n| rewards/margins | 0.5286 |",
        ["loss=0.5872", "rewards_chosen=-0.3124", "rewards_margins=0.5286"],
    ),
    "intervals of confidence, and an averaged metric": (
        "| Metric | Value | 95% CI |\n|---|---|---|\n| Accuracy | 0.846 | 0.822 – 0.868 |\n| Macro F1 | 0.835 | 0.810 – 0.858 |",
        ["accuracy=0.846", "macro_f1=0.835"],
    ),
    "decimal commas beside thousands with a point": (
        "| Entität | Präzision | Recall | F1 | Anzahl |\n|---|---|---|---|---|\n| ORT | 93,1 | 91,7 | 92,4 | 2.866 |\n"
        "| gesamt (Mikro) | 95,9 | 95,7 | 95,8 | 7.935 |",
        [
            "precision=93,1 setting:ORT",
            "recall=91,7 setting:ORT",
            "f1=92,4 setting:ORT",
            "count=2.866 setting:ORT",
            "precision=95,9 setting:gesamt (Mikro)",
            "recall=95,7 setting:gesamt (Mikro)",
            "f1=95,8 setting:gesamt (Mikro)",
            "count=7.935 setting:gesamt (Mikro)",
        ],
    ),
    "a report by scikit-learn, translated": (
        "```\n             precisão   revocação   f1    suporte\n\n   Multa        0,91       0,88     0,89     129\n"
        "   Foro         0,95       0,97     0,96     121\n\n   acurácia                         0,93     250\n"
        "   média macro  0,93       0,93     0,93     250\n```",
        [
            "precision=0,91 setting:label Multa",
            "recall=0,88 setting:label Multa",
            "f1=0,89 setting:label Multa",
            "support=129 setting:label Multa",
            "precision=0,95 setting:label Foro",
            "recall=0,97 setting:label Foro",
            "f1=0,96 setting:label Foro",
            "support=121 setting:label Foro",
            "accuracy=0,93",
            "support=250",
            "precision=0,93 setting:média macro",
            "recall=0,93 setting:média macro",
            "f1=0,93 setting:média macro",
            "support=250 setting:média macro",
        ],
    ),
}


@pytest.mark.parametrize(("text", "read"), TABLES.values(), ids=list(TABLES))
def test_what_is_read_of_a_table_of_today(text: str, read: list[str]) -> None:
    assert results(f"## Evaluation\n\n{text}\n") == read


SENTENCES = {
    "test accuracy 0.887": ["accuracy=0.887 split:test"],
    "Final test accuracy 0.887": ["accuracy=0.887 split:test"],
    "Final eval loss 0.8214.": ["loss=0.8214"],
    "It achieves an average score of 68.81, whereas the unquantized model achieves 69.83 (98.5% recovery).": [
        "score=69.83 model:unquantized model", "score=68.81"
    ],
    "- **Better tools**: 61.3 on BFCL-v3 (was 54.9 for the previous release).": [
        "score=61.3 dataset:BFCL-v3", "score=54.9 dataset:BFCL-v3 model:previous release"
    ],
    "* MBPP (3-shot): 65.8% for the instruct model, 58.6% for the base model": [
        "score=65.8% dataset:MBPP model:instruct model setting:3-shot", "score=58.6% dataset:MBPP model:base model setting:3-shot"
    ],
    "* DS-1000: 36.2% (base) / 37.9% (instruct)": [
        "score=36.2% dataset:DS-1000 model:base", "score=37.9% dataset:DS-1000 model:instruct"
    ],
    "Validation accuracy went from 71% (v1) to 79.5% (v2, this upload).": ["accuracy=71% model:v1", "accuracy=79.5%"],
    "- Exact match: Python 66.6, Java 78.4 (base model only)": [
        "exact_match=66.6 setting:Python, base model only", "exact_match=78.4 setting:Java, base model only"
    ],
    "- WER: test-clean 2.1%, test-other 4.3%": ["wer=2.1% dataset:test-clean", "wer=4.3% dataset:test-other"],
    "- F1: PER 0.951, LOC 0.930": ["f1=0.951 setting:PER", "f1=0.930 setting:LOC"],
    "- Loss: train 0.21, val 0.32": ["loss=0.21 split:train", "loss=0.32 split:val"],
    "- Accuracy: improved by 3.1, better than 2.2": [],
    "- AlpacaEval 2.0 (LC win rate): 8.3% → 14.9%": ["lc_win_rate=14.9% dataset:AlpacaEval 2.0"],
    "It took an hour, final training loss 0.4127.": ["training_loss=0.4127"],
    "Das Modell erreicht einen Makro-F1 von 0,887.": ["macro_f1=0,887"],
    "It achieves an average score of 73.44 on the OpenLLM benchmark (version 1), whereas the unquantized model achieves 73.79.": [
        "score=73.44 dataset:OpenLLM", "score=73.79 dataset:OpenLLM model:unquantized model"
    ],
    "O modelo anterior (v1) tinha acurácia de 0,89.": ["accuracy=0,89 model:modelo anterior"],
    "Zum Vergleich: Ein spaCy-Modell kam auf einen F1-Wert von 90,6.": ["f1=90,6 model:spaCy-Modell"],
    "全体のF1(マイクロ平均)は **0.901**、正解率は 0.984 です。": ["micro_f1=0.901", "accuracy=0.984"],
    "For reference, the majority baseline reaches 71.2% accuracy.": ["accuracy=71.2% model:majority baseline"],
    "Le modèle atteint un score F1 macro de **0,872**.": ["macro_f1=0,872"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "read"), SENTENCES.items(), ids=list(SENTENCES))
def test_what_is_read_of_a_sentence_of_today(text: str, read: list[str]) -> None:
    assert results(f"## Evaluation\n\n{text}\n") == read


def test_both_numbers_of_a_change_below_a_heading_that_says_so() -> None:
    assert results("## Before / after\n\n- Exact match: 12.2% ➜ **38.6%**\n") == [
        "headline: exact_match=38.6%",
        "exact_match=12.2% model:Before",
    ]


def test_a_score_on_problems_in_python_is_no_version_of_it() -> None:
    assert read_card("# M\n\n## Results\n\nInfilling: Python 66.6, Java 78.4\n").framework_versions == {}


def test_a_table_of_rewards_by_step_is_a_training_table() -> None:
    card = read_card(
        "# M\n\n| step | reward (mean) | format reward |\n|---|---|---|\n| 50 | 0.92 | 0.81 |\n| 150 | 1.27 | 0.95 |\n"
    )
    assert [(row.step and row.step.text, {key: each.text for key, each in row.metrics.items()}) for row in card.epochs] == [
        ("50", {"reward": "0.92", "format_reward": "0.81"}),
        ("150", {"reward": "1.27", "format_reward": "0.95"}),
    ]


SETTINGS = {
    "**LoRA config**\n\n- r = 16\n- alpha = 32\n- dropout = 0.05": {"lora_r": "16", "lora_alpha": "32", "lora_dropout": "0.05"},
    "**Pond config**\n\n- r = 16\n- alpha = 32": {},
    "| Setting | Value |\n|---|---|\n| LoRA rank (r) | 32 |\n| LoRA alpha | 64 |": {"lora_r": "32", "lora_alpha": "64"},
    "`lr=1e-5` `batch_size=16` `epochs=6` `weight_decay=0.01`": {
        "learning_rate": "1e-5", "train_batch_size": "16", "num_epochs": "6", "weight_decay": "0.01"
    },
    "* Peak learning rate: 4e-4, WSD schedule, 2000 warmup steps\n* Optimizer: AdamW (β1 = 0.9, β2 = 0.95), weight decay 0.1": {
        "learning_rate": "4e-4", "lr_scheduler_type": "WSD", "lr_scheduler_warmup_steps": "2000", "weight_decay": "0.1",
        "optimizer": "adamw",
    },
    "Settings: lr 5.0e-7, batch size 2 per GPU × 4 GPUs × 8 accumulation steps = 64, cosine decay with 10% warmup": {
        "learning_rate": "5.0e-7", "train_batch_size": "2", "num_devices": "4", "gradient_accumulation_steps": "8",
        "total_train_batch_size": "64", "lr_scheduler_type": "cosine", "lr_scheduler_warmup_ratio": "10%",
    },
    "It was trained with a per-device batch of 4 and 8 accumulation steps, which makes 720 optimizer steps.": {
        "train_batch_size": "4", "gradient_accumulation_steps": "8", "training_steps": "720"
    },
    "We used `paged_adamw_8bit`, bf16, with seed 7 for training.": {"seed": "7", "optimizer": "paged_adamw_8bit"
    },
    "Fine-tuned for 4 epochs, AdamW with learning rate 2e-5, with seed 7.": {
        "num_epochs": "4", "learning_rate": "2e-5", "seed": "7", "optimizer": "adamw"
    },
    "| Paramètre | Valeur |\n|-|-|\n| Taux d'apprentissage | 2e-5 |\n| Planification | linéaire, sans fin |\n| Graine | 7 |": {
        "learning_rate": "2e-5", "lr_scheduler_type": "linéaire", "seed": "7"
    },
    "- 3 épocas\n- taxa de aprendizado de 3e-5\n- lote de 8, com acumulação de gradiente de 4 passos": {
        "num_epochs": "3", "learning_rate": "3e-5", "train_batch_size": "8", "gradient_accumulation_steps": "4"
    },
    "Das Modell für Teiche wurde 4 Epochen trainiert, mit einer Lernrate von 3e-5.": {"num_epochs": "4", "learning_rate": "3e-5"},
    "- Steps: 100,000, batch size 128, sequence length 256": {
        "train_batch_size": "128", "training_steps": "100,000", "max_seq_length": "256"
    },
    "- Learning rate: 2e-4 (cosine, 5% warmup)": {
        "learning_rate": "2e-4", "lr_scheduler_type": "cosine", "lr_scheduler_warmup_ratio": "5%"
    },
    "* num_generations: 8\n* max_prompt_length: 256, max_completion_length: 1024": {
        "num_generations": "8", "max_prompt_length": "256", "max_completion_length": "1024"
    },
    "| Hyperparameter | Value |\n|---|---|\n| max_length / max_prompt_length | 1024 / 512 |": {
        "max_length": "1024", "max_prompt_length": "512"
    },
    "Das Vortraining für Teiche lief 40 Epochen.": {},
    "Testé sur l'étang après 3 à 5 époques.": {},
}  # fmt: skip


@pytest.mark.parametrize(("text", "read"), SETTINGS.items(), ids=list(SETTINGS))
def test_settings_as_notes_of_today_have_them(text: str, read: dict[str, str]) -> None:
    card = read_card(f"---\nlicense: mit\n---\n\n# Mare aux têtards\n\n## Training\n\n{text}\n")
    settings = card.hyperparameters
    keys = (
        *(
            "learning_rate",
            "train_batch_size",
            "num_epochs",
            "training_steps",
            "gradient_accumulation_steps",
            "num_devices",
            "seed",
        ),
        *("total_train_batch_size", "lr_scheduler_type", "lr_scheduler_warmup_steps", "lr_scheduler_warmup_ratio"),
    )
    known = {key: number.text for key in keys if (number := getattr(settings, key))}
    named = {"optimizer": card.optimizer.name} if card.optimizer else {}
    assert known | {key: number.text for key, number in settings.other.items()} | named == read
