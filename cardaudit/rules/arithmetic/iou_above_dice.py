"""Intersection over union exceeds the Dice coefficient, or Jaccard's index exceeds F1.

## What it does
Holds IoU (Jaccard) against the Dice coefficient (F1) that is printed with it.

## Condition
IoU = TP / (TP + FP + FN) and Dice = 2 TP / (2 TP + FP + FN), so IoU = Dice / (2 - Dice) <= Dice for one class in one image,
and IoU <= Dice in every mean over classes, images or both. Reported where min I(IoU) > max I(Dice). The equality itself holds
for one pair of counts only: means of per-image values obey the bound and break the equation, and are left alone.

## When it stays silent
Different averages ("mean_iou" beside "dice_background"); numbers on different scales.

## Usual causes
The two names interchanged; values of two checkpoints in one line.

## Example
`IoU 0.8126` beside `Dice 0.7944`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._groups import exceeding, told
from cardaudit.rules._groups import tied as numbers_together

IOU, DICE, JACCARD, F1 = ("iou", "miou"), ("dice", "mdice", "dice_coefficient"), ("jaccard",), ("f1", "dice")
PAIRS = ((IOU, DICE), (JACCARD, F1))


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", IOU + JACCARD, DICE + F1))
def check(subject: Subject) -> Iterator[Hit]:
    ties = [each for first, second in PAIRS for each in numbers_together(subject.card, first, second)]
    if not ties:
        raise NotCheckable("IoU and Dice, or Jaccard and F1, are nowhere stated together")
    yield from told(exceeding(ties, ", which it never does over the same masks"), ["both are averaged in the same way"])
