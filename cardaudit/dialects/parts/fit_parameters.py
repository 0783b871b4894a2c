"""The dicts of sentence-transformers' older cards: the DataLoader's length and parameters, and those of `fit`.

`{'batch_size': 16}`, and a JSON object with "epochs", "optimizer_class", "optimizer_params": {"lr": ...}, "warmup_steps" ...
"""

import re
from collections.abc import Sequence

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Line
from cardaudit.patterns import deferred
from cardaudit.records import Span

ITEM = deferred(r"""['"](\w{1,40})['"]\s{0,8}:\s{0,8}['"]?([^'",{}\n]{1,100})""")
CLASS = deferred(r"([\w.]+)['>\s]*$")
LONGEST_CLASS = 200
LOSS = deferred(r"`sentence_transformers\.losses\.(?:\w{1,80}\.){0,3}(\w{1,80})`")
LONGEST_SEQUENCE = deferred(r"Transformer\(\{'max_seq_length': (\d{1,6}),")
LENGTH = deferred(r"of length (\d[\d,]*) with")
UNSET = frozenset(("null", "None", "NoneType"))
KEPT = frozenset(
    (
        "batch_size",
        "epochs",
        "evaluation_steps",
        "max_grad_norm",
        "lr",
        "scheduler",
        "steps_per_epoch",
        "warmup_steps",
        "weight_decay",
    )
)


def read_fit_parameters(draft: Draft, above: Line, lines: Sequence[Line]) -> bool:
    """Takes what the dicts set; False where they set nothing. The DataLoader's length above them is its `steps_per_epoch`."""
    if length := LENGTH.search(above.text):
        start = above.start + length.start(1)
        draft.put_setting(Pair("steps_per_epoch", length[1], start, start), known_only=False)
    taken = [_take(draft, line, found) for line in lines for found in ITEM.finditer(line.text)]
    return any(taken)


def read_loss(draft: Draft, line: Line) -> None:
    """Takes the loss's own name: `sentence_transformers.losses.TripletLoss.TripletLoss` is TripletLoss."""
    if found := LOSS.search(line.text):
        start = line.start + found.start(1)
        draft.put_setting(Pair("loss_function", found[1], start, start), known_only=False)


def read_loss_parameters(draft: Draft, lines: Sequence[Line]) -> bool:
    """Takes the numbers and words of the loss's own dict, the scale as `loss_scale`; False where it holds none."""
    taken = False
    for line in lines:
        for found in ITEM.finditer(line.text):
            value = found[2].strip()
            if value.startswith("["):
                value = line.text[found.start(2) : line.text.find("]", found.start(2)) + 1]
            pair = Pair(f"loss_{found[1]}", value, line.start + found.start(2), line.start + found.start(1))
            taken = (bool(value) and value not in UNSET and draft.put_setting(pair, known_only=False)) or taken
    return taken


def read_longest_sequence(draft: Draft, lines: Sequence[Line]) -> None:
    """Takes the tokens that the model reads of a text, where no sentence tells them and all its encoders agree."""
    found = [(each, line) for line in lines for each in LONGEST_SEQUENCE.finditer(line.text)]
    if len({each[1] for each, _ in found}) == 1 and not {"max_seq_length", "max_sequence_length"} & draft.settings.keys():
        start = found[0][1].start + found[0][0].start(1)
        draft.put_setting(Pair("max_seq_length", found[0][0][1], start, start), known_only=False)


def _take(draft: Draft, line: Line, found: re.Match[str]) -> bool:
    label, value = found[1], found[2].strip()
    start = line.start + found.start(2)
    if value in UNSET:
        return False
    if label == "optimizer_class":
        return _take_optimizer(draft, line, start)
    if label not in KEPT:
        return False
    return draft.put_setting(Pair(label, value, start, line.start + found.start(1)), known_only=False)


def _take_optimizer(draft: Draft, line: Line, start: int) -> bool:
    """The class's own name: "<class 'torch.optim.adamw.AdamW'>" is AdamW."""
    found = CLASS.search(line.text.rstrip(' ,"')[-LONGEST_CLASS:])
    name = found[1].rpartition(".")[2] if found else ""
    if not name:
        return False
    begin = line.start + line.text.rindex(name)
    draft.also_read.append(Span(start, begin))
    return draft.put_setting(Pair("optimizer", name, begin, start))
