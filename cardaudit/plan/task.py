"""Which recipe of the engine a card's model was trained by, and that recipe's own choices."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cardaudit.plan.ledger import Ledger
from cardaudit.plan.recipes import recipe_of, title_of
from cardaudit.plan.steps import version_of
from cardaudit.records import Card, Printed, Training

TOKEN_TASKS = ("token classification", "named entity recognition", "ner", "part of speech tagging", "pos tagging", "chunking")
TEXT_TASKS = (
    "text classification",
    "sequence classification",
    "sentiment analysis",
    "sentiment classification",
    "natural language inference",
    "zero shot classification",
    "text pair classification",
)
TOKEN_WORDS = re.compile(
    r"named entit|token classification|\b(ner|pos|iob2?|bio|conll\w*|wnut\w*|wikiann|seqeval)\b|part.of.speech", re.I
)
TEXT_WORDS = re.compile(
    r"text classif|sentiment|sequence classif|\b(sst-?2|imdb|cola|mnli|mrpc|qnli|qqp|rte|stsb|wnli|ag_?news|emotion)\b", re.I
)
OTHER_MODALITY = re.compile(
    r"\b(vit|swin|resnet|convnext|deit|beit|segformer|detr|wav2vec2|hubert|whisper|wavlm|layoutlm\w*|videomae)\b", re.I
)
OTHER_KIND = re.compile(
    r"\b(vit|swin|resnet|convnext|deit|beit|segformer|detr|clip|yolo\w*|ultralytics|image|video|ocr|object detection|segmentation"
    r"|wav2vec2?|hubert|whisper|wavlm|audio|speech|asr|tts|layoutlm\w*|videomae|diffus\w+|sdxl|flux|text to \w+|autoencoder"
    r"|gguf|ggml|gptq|awq|mlx|exl2|llama|llava|mistral|mixtral|qwen\w*|gemma|phi|\w*gpt\w*|opt|t5|mt5|bart|opus mt|mergekit|llm"
    r"|chat|instruct|trl|dpo|sft|grpo|reinforcement learning|ppo|dqn|stable baselines3|sentence transformers|sentence similarity"
    r"|mlm|feature extraction|text generation|text2text|conversational|translation|summari[sz]ation|question answering"
    r"|\w*squad\w*|fill mask|wikitext\d*|tabular)\b",
    re.I,
)
OTHER_METRIC = re.compile(
    r"\b(wer|cer|rouge|bleu|sacrebleu|meteor|chrf|ter|map|iou|dice|perplexity|exact_match|em|ndcg|mrr|cosine|reward|fid|psnr|ssim"
    r"|bertscore|gen_len)|(?:_|\b)(map50|map|ndcg|mrr|iou|wer|cer|cosine|rewards?)(?:_|\b)"
)
FLAG = "--set task=token-classification or --set task=text-classification"
TEXT_METRICS = {"accuracy", "precision", "recall", "f1", "matthews_correlation", "pearson", "spearmanr", "spearman", "roc_auc"}
REGRESSION_METRICS = {"pearson", "spearman", "spearmanr", "mse", "rmse", "mae", "r2"}
PROBLEM_TYPES = ("single_label_classification", "multi_label_classification", "regression")
ENTITY_METRICS = ("precision", "recall", "f1", "accuracy")
ARCHITECTURES = {"ForTokenClassification": "token_classification", "ForSequenceClassification": "text_classification"}
FIRST_UNDIVIDED = (5, 0)  # measured with 5.23
NO_METRICS = {"loss", "runtime", "samples_per_second", "steps_per_second", "epoch", "step"}


def plan_task(ledger: Ledger) -> str | None:
    """ "token_classification" or "text_classification"; None where the card does not say, which is then missing."""
    given: str | None = ledger.given("task", ledger.card.task)
    if given is not None:
        return given.replace("-", "_")
    stated = ledger.card.task
    if stated is None:
        return _of_architecture(ledger) or _guess(ledger)
    words = re.sub(r"[\W_]+", " ", stated.text.lower()).strip()
    if words in TOKEN_TASKS:
        return ledger.read("task", "token_classification", stated)
    if words in TEXT_TASKS:
        return ledger.read("task", "text_classification", stated)
    because = f"the card's task is {stated.text!r}, and cardaudit trains token and text classification"
    ledger.lack("task", because, "")
    return None


def _of_architecture(ledger: Ledger) -> str | None:
    """The task of the architecture that config.json names, where it is one that cardaudit trains."""
    fact = ledger.settings.evidence.first("architectures") if ledger.settings.evidence else None
    named = str(fact.value[0]) if fact and isinstance(fact.value, list) and fact.value else ""
    task = next((task for ending, task in ARCHITECTURES.items() if named.endswith(ending)), None)
    return ledger.found("task", task, f"config.json says {named}") if task else None


def claimed_metrics(card: Card) -> tuple[str, ...]:
    """The metrics that the headline and the table print, in their order, without the loss."""
    names: Iterable[str] = [*card.headline, *(name for row in card.epochs for name in row.metrics)]
    return tuple(dict.fromkeys(name for name in names if name not in NO_METRICS and not name.endswith("_loss")))


def plan_options(ledger: Ledger, task: str, label: Any, training: Training) -> dict[str, Any]:
    """The task_options of a Plan; `label`: the first example's, or None where the data was not looked into."""
    options = _token_options(ledger) if task == "token_classification" else _text_options(ledger, label)
    if ledger.settings.allow_pickle:
        options["allow_pickle"] = True
    if training.gradient_accumulation_steps > 1:
        options["stock_accumulation_loss"] = _accumulation_loss(ledger)
    return options


def _guess(ledger: Ledger) -> str | None:
    card, metrics = ledger.card, set(claimed_metrics(ledger.card))
    base = card.base_model.text if card.base_model else ""
    named = f"{title_of(card)} {' '.join(mention.id for mention in card.datasets)}".replace("_", " ").replace("-", " ")
    if OTHER_MODALITY.search(base):
        ledger.lack("task", f"the card names no task, and its base model {base} does not read text", "")
    elif metrics >= {"precision", "recall", "f1"} and (TOKEN_WORDS.search(named) or TOKEN_WORDS.search(card.text)):
        reason = "the card names no task, but precision, recall and F1 in the words of token classification"
        return ledger.assume("task", "token_classification", reason, "text_classification")
    elif metrics & TEXT_METRICS and (metrics <= TEXT_METRICS | REGRESSION_METRICS or TEXT_WORDS.search(card.text)):
        reason = f"the card names no task, but {', '.join(sorted(metrics & TEXT_METRICS))} and no words of another task"
        return ledger.assume("task", "text_classification", reason, "token_classification")
    elif OTHER_METRIC.search(" ".join(metrics)):
        ledger.lack("task", "the card names no task, and its metrics are those of none that cardaudit trains", "")
    elif _is_other(card):
        ledger.lack("task", "the card names no task, and its words are those of one that cardaudit does not train", "")
    else:
        ledger.lack("task", f"the card names no task, and prints no metric that tells {'which' if metrics else 'one'}", FLAG)
    return None


def _is_other(card: Card) -> bool:
    """Whether what a card is called, or its front matter, speaks against a task that cardaudit trains."""
    told = card.metadata
    words = [title_of(card), Path(card.source.name).stem, *(tag.text for tag in told.tags)]
    words += [each.text for each in (card.base_model, told.library_name, told.pipeline_tag) if each]
    return OTHER_KIND.search(" ".join(words).replace("_", " ").replace("-", " ")) is not None


def _accumulation_loss(ledger: Ledger) -> bool:
    """Whether the loss of each micro-batch stayed undivided, as BERT-like heads have it (transformers issue 47688)."""
    given: bool | None = ledger.given("stock_accumulation_loss")
    version = version_of(ledger.card)
    if given is not None:
        return given
    affected = version is not None and version >= FIRST_UNDIVIDED
    reason = (
        "transformers 5.x does not divide the loss of BERT-like heads by the accumulated batches, and versions before 4.46 do"
    )
    return ledger.assume("stock_accumulation_loss", affected, reason, not affected)


def _metrics(ledger: Ledger, default: tuple[str, ...]) -> list[str]:
    given: tuple[str, ...] | None = ledger.given("metrics")
    claimed = claimed_metrics(ledger.card)
    if given is not None:
        return list(given)
    if claimed:
        return list(ledger.found("metrics", claimed, "the card's columns"))
    return list(ledger.assume("metrics", default, "the card prints no metric; the usual ones of the task"))


def _token_options(ledger: Ledger) -> dict[str, Any]:
    recipe = recipe_of(ledger.card)
    hint = f"; the title is that of {recipe.name}, which labels all" if recipe and recipe.label_all_tokens else ""
    every: bool | None = ledger.given("label_all_tokens")
    if every is None:
        reason = f"a card never says; the first sub-token of a word carries its label in the Trainer's own scripts{hint}"
        every = ledger.assume("label_all_tokens", False, reason, True)
    options: dict[str, Any] = {"label_all_tokens": every, "metrics": _metrics(ledger, ENTITY_METRICS)}
    if every:
        reason = "a card never says; the notebook copies B- to every sub-token, the course and run_ner.py turn it into I-"
        within: bool | None = ledger.given("b_to_i")
        options["b_to_i"] = ledger.assume("b_to_i", False, reason, True) if within is None else within
    return options


def _text_options(ledger: Ledger, label: Any) -> dict[str, Any]:
    metrics = _metrics(ledger, ("accuracy",))
    kind: str | None = ledger.given("problem_type")
    if kind is None:
        kind = _problem_type(ledger, set(metrics), label)
    options: dict[str, Any] = {"problem_type": kind, "metrics": metrics}
    if kind != "regression" and {"precision", "recall", "f1"} & set(metrics):
        options["average"] = ledger.given("average") or _average(ledger)
    return options


def _problem_type(ledger: Ledger, metrics: set[str], label: Any) -> str:
    if (told := _told_problem_type(ledger)) is not None:
        return told
    if _is_fraction(label):
        return ledger.found("problem_type", "regression", "the labels are fractions")
    if isinstance(label, list):
        return ledger.found("problem_type", "multi_label_classification", "an example has a list of labels")
    if metrics and metrics <= REGRESSION_METRICS:
        reason = f"the metrics are {', '.join(sorted(metrics))}"
        return ledger.assume("problem_type", "regression", reason, "single_label_classification")
    reason = "one label an example, as most cards of text classification have"
    return ledger.assume("problem_type", "single_label_classification", reason, "multi_label_classification", "regression")


def _told_problem_type(ledger: Ledger) -> str | None:
    fact = ledger.settings.evidence.first("problem_type") if ledger.settings.evidence else None
    if fact is None or fact.value not in PROBLEM_TYPES:
        return None
    return ledger.found("problem_type", str(fact.value), f"{fact.file} says {fact.where} {fact.value}")


def _is_fraction(label: Any) -> bool:
    if isinstance(label, str):
        return "." in label and label.replace(".", "", 1).removeprefix("-").isdecimal()
    return isinstance(label, float) and not label.is_integer()


def _average(ledger: Ledger) -> str:
    """How precision, recall and F1 were averaged, by the identities that the printed columns hold in every row."""
    rows = [row.metrics for row in ledger.card.epochs] or [ledger.card.headline]
    if _equal(rows, "recall", "accuracy") and _equal(rows, "precision", "recall"):
        return ledger.assume("average", "micro", "precision, recall and accuracy are equal in every row", "weighted", "macro")
    if _equal(rows, "recall", "accuracy"):
        return ledger.assume("average", "weighted", "recall equals accuracy in every row, as the weighted average must", "macro")
    if all({"precision", "recall", "f1"} <= row.keys() for row in rows) and not all(map(_harmonic, rows)):
        return ledger.assume("average", "macro", "F1 is not the harmonic mean of precision and recall in every row", "weighted")
    return ledger.assume(
        "average", "binary", "nothing in the columns speaks for an average over classes", "weighted", "macro", "micro"
    )


def _equal(rows: Iterable[Any], one: str, other: str) -> bool:
    return all(one in row and other in row and row[one].value == row[other].value is not None for row in rows)


def _harmonic(row: Any) -> bool:
    """Whether F1 can be the harmonic mean of precision and recall, within what rounds to the printed digits."""

    def mean(p: Printed, r: Printed, high: bool) -> Any:
        a, b = (p.high, r.high) if high else (p.low, r.low)
        return None if a is None or b is None else 2 * a * b / (a + b) if a + b > 0 else a + b

    low, high, f1 = mean(row["precision"], row["recall"], False), mean(row["precision"], row["recall"], True), row["f1"]
    return low is None or high is None or f1.value is None or (f1.high >= low and f1.low <= high)
