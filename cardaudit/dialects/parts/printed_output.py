"""Fences that hold what a program printed: logs, printed metrics and tables, whose numbers count as read or not read.

A listing that gives itself away as code holds settings and examples, no claims: its lines never count as unread.
"""

from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import has_digit
from cardaudit.document import Code, Line
from cardaudit.patterns import deferred

SPOKEN = frozenset(("", "text", "txt", "plaintext", "plain", "log", "logs", "output", "console", "bash", "sh", "shell"))
DATA = frozenset(("json", "yaml", "yml"))  # what a program printed, only where it names a metric
METRIC = (
    r"(?:loss|accurac(?:y|ies)|acc|precision|recall|f1(?:[_ -]?score)?|wer|cer|(?:sacre)?bleu|rouge-?[\dl]\w{0,4}"
    r"|m?ap@?[\d.]{2,4}|map50-95|perplexity|ppl|mse|rmse|mae|m?iou|(?:roc_)?auc|exact[_ ]match|mrr|ndcg|spearman|pearson"
    r"|matthews_correlation)"
)
SIGNS = (  # one in each match of the next three, in small letters
    *("loss", "acc", "prec", "rec", "f1", "wer", "cer", "bleu", "rouge", "ap", "ppl", "perp", "mse", "mae", "iou", "auc"),
    *("match", "mrr", "ndcg", "spear", "pear", "matth", "epoch"),
)
MEASURED = deferred(
    rf"(?<![a-z]){METRIC}(?:[@_-]?\d{{1,3}})?['\"*]?\s{{0,9}}(?:\([^()\n]{{1,20}}\))?\s{{0,9}}[:=|]{{0,2}}\s{{0,9}}"
    r"-?\d{1,4}(?:\.\d+(?!\.?\d)|\s?%)"
)
PASSED = deferred(r"\bepoch\W{0,3}\d{1,4}\s?(?:/|of|\]|:|,)")
NAMED = deferred(rf"(?<![a-z]){METRIC}(?![a-z])")
PROGRAM = deferred(
    r"\s*(?:(?:import|from|def|class|return|for|if|with|print|assert|async|await|const|let|var|function|while|try)\b(?![^\n]*:\s*-?\d)"
    r"|@\w+|#include|[A-Z_]{2,40}=|[\w.]+\s?=\s?(?:[\w.]+[(\[]|[\[{'\"])|[\w.]+\(|[)\]}]+[,;]?\s*$)"
)
COMMAND = deferred(
    r"\s*(?:[$%!>]|#|--?\w|(?:pip|python3?|git|curl|wget|docker|cd|export|sudo|accelerate|torchrun|ollama|conda|make|bash|sh|mkdir"
    r"|huggingface-cli|hf|llama-cli|vllm|apt|npm|CUDA_\w+=\S*)\s)"
)
CONFIGURED = deferred(r"\s*[\w.-]+:\s(?:null|true|false|True|False|None|\[\]|\{\}|[\w.-]{0,80}/[\w./-]{1,200})\s*")
MOST_CONFIGURED = 2
NUMBER = deferred(r"(?<![\w.])\d+(?:\.\d+)?%?(?!\w)")
DECIMAL = deferred(r"(?<![\w.])\d+\.\d+")
PROMPTED = (">>> ", "$ ")


def printed_lines(block: Code) -> Iterator[Line]:
    """The lines with a number of a fence that holds what a program printed; none of a program or of a command."""
    if not (block.language in SPOKEN or block.language in DATA) or not block.lines:
        return
    texts = [line.text for line in block.lines]
    text = "\n".join(texts).lower()
    if not has_digit(text) or not any(map(text.__contains__, SIGNS)):
        return
    if not (MEASURED.search(text) or (block.language in SPOKEN and (PASSED.search(text) or _is_table(block, text)))):
        return
    is_prompted = any(each.lstrip().startswith(PROMPTED) for each in texts)
    if (not is_prompted and any(map(PROGRAM.match, texts))) or sum(map(bool, map(CONFIGURED.fullmatch, texts))) > MOST_CONFIGURED:
        return
    yield from (line for line in block.lines if has_digit(line.text) and not COMMAND.match(line.text))


def _is_table(block: Code, text: str) -> bool:
    """Whether metrics are named, and two lines hold numbers side by side, one of them with a fraction."""
    if NAMED.search(text) is None:
        return False
    rows = [line.text for line in block.lines if len(NUMBER.findall(line.text)) > 1]
    return len(rows) > 1 and any(map(DECIMAL.search, rows))
