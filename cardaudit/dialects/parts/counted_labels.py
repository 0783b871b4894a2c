"""Labels that name what is counted or set rather than scored: parameters, hours, sizes, steps."""

import re

from cardaudit.dialects.parts.names import is_named, metric_key
from cardaudit.patterns import deferred

COUNTED = deferred(
    r"\b(?:params?|parameters?|size|sizes|hours?|hrs?|time|latency|speed|fps|throughput|memory|vram|ram|gb|mb|kb|gib|mib|gpus?|cpus?"
    r"|flops|gflops|tflops"
    r"|g?macs?|gmac|(?-i:[Aa]cts?)|resolution|img|image_?size|layers?|heads?|hidden|dims?|dimensions?|embedding|vocab|vocabulary|tokens?|sentences?|words?"
    r"|seq|seqlen|sequence|context|length|epochs?|steps?|batch|lr|learning|rate|seed|year|years|date|rank|ranking|bits?|bpw|bytes?"
    r"|quant|quantization"
    r"|price|cost|downloads?|examples?|samples?|instances?|documents?|docs|utterances?|speakers?|count|counts|number|num|quantity|id|index|idx"
    r"|duration|release"
    r"|dropout|decay|p[ -]values?|weight|weights|threshold|ratio|total hours"
    r"|energy|power|co2\w*|carbon|emissions?|delta|diff|difference|change|gain"
    r"|improvement|iterations?|min|max|median|minimum|maximum|std|variance|support|queries|passages|pairs|tuples|age|bpe|runtime"
    r"|per[ _]second|second|seconds|secs?|ms|date|released?|freq\w*"
    r"|interactions|horizons?|temperature|top_p|toks?|tps)\b(?![ -]level\b)"
    r"|(?<![A-Za-z])#|Δ|\$|€|samples_per_sec|per_second|[a-z]{2,} ?/ ?s(?:ec)?\b|_count\b|param_count"
    r"|時間|时间|サイズ|大小|速度|レイテンシ|パラメータ|参数量?|参數|维[度数]|次元数?|차원|시간|속도|크기|파라미터",
    re.I,
)
ALONE = deferred(r"ff|dm|kv|nh|nl|sent|snt|wrd|bp|parts?", re.I)  # in longer labels these are other words' ends: "SICK-NL"
OF_LENGTH = deferred(r"[A-Z]\w+(?: [A-Z]\w*){0,3} \d{2,4} (?:tokens|(?:sequence )?length)")  # a data set cut to that length


def counts(label: str) -> bool:
    """Whether a label names what is counted or set rather than scored: parameters, hours, sizes, steps."""
    counted = (COUNTED.search(label) or ALONE.fullmatch(label)) is not None and not is_named(metric_key(label))
    return counted and OF_LENGTH.fullmatch(label) is None
