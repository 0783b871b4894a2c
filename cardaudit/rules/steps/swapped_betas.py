"""Adam's betas or epsilon are not what the method takes.

## What it does
Checks the optimizer line's betas and epsilon.

## Condition
A beta outside [0, 1), beta2 below beta1, or epsilon above 0.01. Adam averages gradients with beta1 and their squares with beta2;
Kingma and Ba (2015, section 4) prove convergence for beta1 squared below the root of beta2, and every published setting has
beta1 <= beta2. An epsilon of that size exceeds the root of most squared gradients, so that the method becomes plain momentum.

## When it stays silent
Optimizers other than the Adam family; lines without betas; beta1 of 0; equal betas.

## Usual causes
The two numbers interchanged by hand; "1e-8" typed as "1e8" or "1e-0".

## Example
Adam with betas=(0.999,0.9) and epsilon=1e-08.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule

LARGEST_EPSILON = 0.01


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("optimizer",))
def check(subject: Subject) -> Iterator[Hit]:
    line = subject.card.optimizer
    if line is None or line.betas is None or not line.name.startswith("adam"):
        raise NotCheckable("the card states no betas of Adam")
    first, second = line.betas
    worked = {"beta1": first, "beta2": second, "epsilon": line.epsilon}
    if not (0 <= first < 1 and 0 <= second < 1):
        yield Hit(f"betas ({first}, {second}), of which one is outside [0, 1)", (line.span,), worked)
    elif second < first:
        yield Hit(f"beta2 {second} is below beta1 {first}", (line.span,), worked)
    elif line.epsilon is not None and line.epsilon > LARGEST_EPSILON:
        yield Hit(f"epsilon {line.epsilon} is above {LARGEST_EPSILON}", (line.span,), worked)
