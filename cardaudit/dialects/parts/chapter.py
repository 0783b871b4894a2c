"""What a heading says of the text below it: whether it tells of training, of its settings, of evaluation or of use."""

import re
from typing import NamedTuple

from cardaudit.dialects.parts.remembered import remembered
from cardaudit.document import Block, Bullet, Paragraph
from cardaudit.patterns import deferred

SETTINGS = deferred(
    r"hyper-?\s?parameters?|training (?:arguments?|parameters?|settings?|config\w*|args)|(?:key )?parameters", re.I
)
INFERENCE = deferred(
    r"\b(?:inference|generat(?:e|ion|ing)|sampling|decoding|prompt(?:ing|s)?|usage|how to use|quick ?start)\b"
    r"|\brecommended settings\b|推論|推理|[使利]用方法|使い方|사용법",
    re.I,
)
EVALUATION = deferred(
    r"\b(?:evaluations?|benchmarks?|latency|throughput|speed)\b|性能比[較较]|評価|评[估测价]|ベンチマーク|평가", re.I
)
TRAINING = deferred(r"(?:model )?(?:pre-?|fine-?)?(?:training|tuning)(?: details| procedure| setup| process)?:?", re.I)
PRETRAINING = deferred(r"pre-?\s?train", re.I)


RESULTS = deferred(r"\b(?:results?|scores?|performances?|evaluat\w+|achieves|classification report)\b", re.I)
FOLLOWS = deferred(r"\b(?:following|below|this table|table shows)\b", re.I)
COMPUTED = deferred(r"\b(?:performances?|results?|scores?) (?:computed|measured|obtained|evaluated) on\b", re.I)
ON_SPLIT = deferred(r"\bon the (?:test|dev|development|validation|evaluation) (?:set|split|data)\b", re.I)
EVALUATED_ON = deferred(r"\b(?:evaluat|test)ed on [^.]{2,80} (?:test|dev|development|validation)[ -](?:set|split|data)\.?\Z")
LINKED = ("esults on [", "sing the [", "valuated on [", "ested on [")  # a link to a data set
EMPHASISED = deferred(r"([*_]{1,3})([^*_\s][^*]{1,76}[^*_\s])\1")
NUMBERED = deferred(r"\A(?:Table|Tab\.) ?\d{0,2}[.:]? ")
TELLS_RESULTS = deferred(
    r"\b(?:eval\w*|results?|performances?|benchmarks?|scores?|metrics?|leaderboard|accuracy|wer|resultados|résultats|ergebnisse)\b",
    re.I,
)
LONGEST_LEAD = 80
LONGEST_END = 600


class Chapter(NamedTuple):
    """`heading` as printed; the rest says what the text below it is about. All False before the first heading."""

    heading: str = ""
    of_inference: bool = False
    of_settings: bool = False
    of_evaluation: bool = False
    of_training: bool = False
    of_pretraining: bool = False


def lead_of(above: Block | None) -> str:
    """The line that leads to what stands below a block: it ends with a colon, or is short, no sentence, and tells of results."""
    if isinstance(above, Bullet):
        return above.text.rstrip() if above.text.rstrip().endswith(":") else ""
    line = above.lines[-1].text[-LONGEST_END:].strip() if isinstance(above, Paragraph) else ""
    if not line or line[-1] in ":：" or line.endswith(("arameters", "as follows.")):
        return line
    if line[0] in "*_" and (bold := EMPHASISED.fullmatch(line)):
        return NUMBERED.sub("", bold[2])
    longest = 2 * LONGEST_LEAD if COMPUTED.search(line) else LONGEST_LEAD
    if len(line) < longest and line[-1] not in ".!?" and RESULTS.search(line):
        return line
    if " [" in line and any(map(line.__contains__, LINKED)):
        return line
    sentences = line.split(". ") if line[-1] == "." else []
    return next((told for sentence in reversed(sentences[-2:]) if (told := _leading(sentence.strip()))), "")


def _leading(sentence: str) -> str:
    """A short sentence that says that results follow, up to how they were obtained."""
    told = sentence.partition(", we ")[0]
    if len(told) > 2 * LONGEST_LEAD or " and " in told:
        return ""
    if not FOLLOWS.search(told):
        return told if EVALUATED_ON.search(told) else ""
    return told if RESULTS.search(told) or ON_SPLIT.search(told) else ""


def led_by(before: Block | None, block: Block) -> Block:
    """A block as what stands above the next one: "Test results:" alone goes on with the paragraph before it."""
    if not (isinstance(block, Paragraph) and isinstance(before, Paragraph) and len(block.lines) == 1):
        return block
    line = block.lines[0].text
    return Paragraph((before.lines[-1], *block.lines)) if len(line) < LONGEST_LEAD // 4 and RESULTS.search(line) else block


@remembered
def chapter(heading: str) -> Chapter:
    """What a heading opens. One that speaks of training tells of no use, whatever else it says."""
    about_training = "rain" in heading or "tun" in heading
    inference = not about_training and INFERENCE.search(heading) is not None
    return Chapter(
        heading,
        inference,
        not inference and SETTINGS.search(heading) is not None,
        not about_training and EVALUATION.search(heading) is not None,
        TRAINING.fullmatch(heading) is not None,
        PRETRAINING.search(heading) is not None,
    )


@remembered
def is_about_evaluation(heading: str) -> bool:
    """Whether a heading tells of results, in any of the languages that are read."""
    return TELLS_RESULTS.search(heading) is not None
