"""The weights are of the best checkpoint, the headline of another row.

## What it does
Says which row the published weights belong to, where the run kept its best checkpoint.

## Condition
The arguments say load_best_model_at_end, trainer_state.json names a best checkpoint of some step, and the headline's loss is that
of a row of another step.

## When it stays silent
Without those files; where the headline is the best row, as after a final trainer.evaluate().

## Usual causes
The Trainer writes the headline from its last evaluation (transformers issues 15547 and 12741), the weights from the best.

## Example
Best checkpoint of step 1,500, headline loss that of step 2,000.
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, whole_rows
from cardaudit.rules._evidence import need_evidence, need_fact

CHECKPOINT = deferred(r"checkpoint-(\d+)/?$")


@rule(kind="note", severity="info", confidence="likely", needs=("training table", "headline", "evidence"))
def check(subject: Subject) -> Iterator[Hit]:
    evidence, card = need_evidence(subject), subject.card
    best = need_fact(evidence, "best_model_checkpoint", "trainer_state.json")
    loads = evidence.first("load_best_model_at_end")
    step = CHECKPOINT.search(str(best.value))
    loss = card.headline.get("loss")
    if loads is None or loads.value is not True or step is None or loss is None:
        raise NotCheckable("the files do not say that the best checkpoint was kept")
    reported = [row for row in whole_rows(card) if row.validation_loss and row.validation_loss.text == loss.text]
    if len(reported) != 1 or integer(reported[0].step) in (None, int(step[1])):
        return
    at = integer(reported[0].step)
    message = f"the headline is of step {at:,}, the published weights are of the best checkpoint, step {int(step[1]):,}"
    yield Hit(message, (loss.span,), {"headline_step": at, "weights_step": int(step[1])})
