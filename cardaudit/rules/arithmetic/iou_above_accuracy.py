"""The intersection over union of a class exceeds the accuracy of that class.

## What it does
Holds the mean IoU of a segmentation against its mean accuracy, and each class's IoU against that class's accuracy.

## Condition
Of one class IoU = TP / (TP + FP + FN) and accuracy = TP / (TP + FN), its recall (`evaluate`, metric mean_iou), so IoU <=
accuracy. The means run over classes alike; a class that is predicted and never occurs lowers the mean IoU alone. Reported
where the interval of the IoU lies above that of the accuracy.

## When it stays silent
Overall accuracy, which is a share of all pixels and may lie below the mean IoU. Numbers on different scales.

## Usual causes
The two columns interchanged; numbers of two checkpoints in one line.

## Example
`Mean IoU 0.5512` beside `Mean accuracy 0.5319`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import exceeding, told
from cardaudit.rules._groups import together as numbers_together

IOU, ACCURACY = ("iou",), ("accuracy",)
WHY = ", the recall of the same classes, which it never does"


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", IOU, ACCURACY))
def check(subject: Subject) -> Iterator[Hit]:
    ties = (each for each in numbers_together(subject.card, IOU, ACCURACY) if each.keys[0] != "iou")
    yield from told(exceeding(ties, WHY), ["accuracy of a class is its recall over pixels (evaluate, mean_iou)"])
