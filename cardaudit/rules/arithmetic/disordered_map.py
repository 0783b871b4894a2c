"""Average precision grows with the overlap that is asked for.

## What it does
Holds mAP over all IoU thresholds and mAP at 0.75 against mAP at 0.5.

## Condition
A box that overlaps by 0.75 overlaps by 0.5 too, so average precision falls with the threshold, and COCO's mAP is the mean over
0.50, 0.55, ... 0.95: mAP <= mAP50 and mAP75 <= mAP50. Reported where the intervals say otherwise. COCO's greedy matching is
done anew at each threshold, which can break the order by a hair: hence `suspicious`.

## When it stays silent
Equal prints. Values of -1, which COCO prints for "absent". A mAP in retrieval, which has no threshold, stands alone.

## Usual causes
Columns interchanged; box and mask values mixed; mAP50 printed under the name mAP and the other way round.

## Example
`mAP 0.6210` beside `mAP50 0.5873`.
"""

from collections.abc import Iterator
from dataclasses import replace

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import exceeding, told
from cardaudit.rules._groups import tied as numbers_together

MAP50, MAP75 = ("map50", "map_50", "map_at_50", "ap50", "map_0_5", "map_iou_0_5"), ("map75", "map_75", "ap75", "map_0_75")
MAP = ("map50_95", "map_50_95", "map_0_5_0_95", "map5095", "map")


@rule(kind="suspicious", severity="error", confidence="likely", needs=("numbers", MAP50, MAP75 + MAP))
def check(subject: Subject) -> Iterator[Hit]:
    ties = [each for stricter in (MAP, MAP75) for each in numbers_together(subject.card, stricter, MAP50)]
    faults = [fault for fault in exceeding(ties, ", which asks for less overlap") if fault.tied.intervals[0].low >= 0]
    for hit in told(faults, ["both are taken over the same boxes"]):
        yield replace(hit, kind="suspicious", confidence="likely")
