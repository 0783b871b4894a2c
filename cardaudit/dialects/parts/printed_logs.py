"""What programs print as they begin to train and at the end: the banner of the Trainer and of Unsloth, YOLO's table of classes.

The banner is that of transformers/trainer.py ("***** Running training *****", 4.0 to 5.x) and of unsloth/models/_utils.py, which
prints the same names beside its sloth. The table is that of yolov5/val.py and of ultralytics/models/yolo/detect/val.py: a name,
two counts, which are no results, and the precision, the recall and the two mean average precisions of the boxes, then those of
the masks or key points.
"""

from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Line
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

BANNER = ("Num examples = ", "Num Epochs = ")
TOLD = deferred(
    r"(?P<label>Num examples|Num Epochs|[Bb]atch size per device|Gradient [Aa]ccumulation steps|Total (?:train )?batch size"
    r"|Total (?:optimization )?steps|Data Parallel GPUs|[Tt]rainable parameters)(?: \([^()\n]{1,60}\))? = (?P<value>\d[\d,]*)"
    r"(?:/[\d,]+ \([\d.]+% trained\))?(?![\w.])"
)
CLASSES = deferred(r"\s*Class\s+Images\s+(?:Instances|Labels|Targets)\s+(?P<columns>(?:(?:Box|Mask|Pose)\()?P\s.*)")
COLUMN = deferred(
    r"(?<![\w.])(?:(?P<part>Box|Mask|Pose)\()?(?P<name>P|R|F1|mAP75|mAP@?(?:0?\.)?50?(?:[-:](?:0?\.)?95)?)(?=[\s:|)]|\Z)"
)
ROW = deferred(r"\s*(?P<name>\S.{0,60}?)\s+(?P<images>\d+)\s+(?P<instances>\d+)(?P<scores>(?:\s+\d[\d.]*(?:e-?\d+)?){2,12})\s*")
SCORE = deferred(r"\S+")
LONGEST_ROW = 300
METRICS = {"P": "precision", "R": "recall", "F1": "f1", "mAP75": "map75"}
OF_PARTS = {"Mask": "mask_", "Pose": "pose_"}


def read_printed(draft: Draft, text: str, lines: Sequence[Line]) -> list[Pair]:
    """The settings of a banner among the lines, which stand together as `text`; a table's results go into the draft."""
    if "Images" in text and "Class" in text:
        draft.results.extend(_results(draft, lines))
    if not all(map(text.__contains__, BANNER)):
        return []
    pairs = []
    for line in lines:
        for found in TOLD.finditer(line.text):
            start, begin = line.start + found.start("value"), line.start + found.start()
            pairs.append(Pair(found["label"], found["value"], start, begin))
            draft.also_read.append(Span(begin, line.start + found.end()))
    return pairs


def _results(draft: Draft, lines: Sequence[Line]) -> Iterator[Result]:
    """The rows under the last header, as far as each has a number for each column: a training log has a table each epoch."""
    headers = [(at, found["columns"]) for at, line in enumerate(lines) if (found := CLASSES.match(line.text))]
    if not headers:
        return
    at, columns = headers[-1]
    metrics = _columns(columns)
    draft.also_read.append(lines[at].span)
    for line in lines[at + 1 :]:
        row = ROW.fullmatch(line.text) if len(line.text) <= LONGEST_ROW else None
        scores = [each.span() for each in SCORE.finditer(line.text, row.start("scores"))] if row else []
        if row is None or len(scores) != len(metrics):
            return
        draft.also_read.append(Span(line.start + row.start("images"), line.start + row.end("instances")))
        for metric, (begin, end) in zip(metrics, scores, strict=True):
            number = printed(line.text[begin:end], Span(line.start + begin, line.start + end), metric)
            yield Result(metric, number, setting=f"label {row['name']}")


def _columns(header: str) -> list[str]:
    """The metrics that a header names from the precision on; those of masks and key points bear their name."""
    metrics, part = [], ""
    for found in COLUMN.finditer(header):
        part = OF_PARTS.get(found["part"], "") if found["part"] else part
        name = found["name"]
        metrics.append(part + (METRICS.get(name) or ("map50_95" if "95" in name else "map50")))
    return metrics
