"""The configuration of a training as ESPnet writes it (espnet2/tasks/abs_task.py): YAML, one key a line, nested once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Line
from cardaudit.patterns import deferred
from cardaudit.records import Printed

SIGNS = ("\noptim_conf:", "\nmax_epoch: ")
OPENING = ("config: ", "\nprint_config: ", "\noutput_dir: ")  # its first lines, where a card cuts it off
ENTRY = deferred(r"(?P<indent>    )?(?P<key>[a-z]\w{0,40}):(?:[ \t]+(?P<value>\S.*?))?[ \t]*")
ITEM = deferred(r"(?:    )?- (?P<value>\S.*?)[ \t]*")
UNSET = frozenset(("null", "[]", "{}", "''"))
BY_BINS = frozenset(("numel", "length"))  # batches of so many bins; all other types count sequences (espnet2/samplers)
OF_TRAINING = frozenset(
    ("seed", "max_epoch", "patience", "keep_nbest_models", "num_iters_per_epoch", "ngpu", "dist_world_size", "num_workers",
     "grad_clip", "accum_grad", "train_dtype", "use_amp", "batch_size", "valid_batch_size", "batch_bins", "valid_batch_bins",
     "batch_type", "optim", "scheduler", "optim2", "scheduler2", "encoder", "decoder", "separator", "tts", "token_type")
)  # fmt: skip
OF_CHILDREN = {
    "optim_conf": "",
    "optim2_conf": "optim2_",
    "scheduler_conf": "scheduler_",
    "scheduler2_conf": "scheduler2_",
}
OF_LOSS = frozenset(("loss_type", "ctc_weight", "lsm_weight", "mt_weight", "asr_weight", "mtlalpha"))
OF_LAYERS = {"encoder_conf": "encoder_", "decoder_conf": "decoder_", "separator_conf": "separator_"}
DROPOUTS = frozenset(("dropout", "dropout_rate"))
OF_BINS = frozenset(("batch_bins", "valid_batch_bins"))
OF_SEQUENCES = frozenset(("batch_size", "valid_batch_size"))
LONGEST = 60


class Entry(NamedTuple):
    """A key with its value, and the key that it stands under; a list's items stand in `items`."""

    above: str
    pair: Pair
    items: tuple[Printed, ...] = ()


def is_configuration(text: str) -> bool:
    """Whether the text of a fence is the configuration of a training, whole or cut off."""
    return all(map(text.__contains__, SIGNS)) or (text.startswith(OPENING[0]) and all(map(text.__contains__, OPENING)))


def read_configuration(draft: Draft, lines: Sequence[Line]) -> None:
    """Takes what was set for the training; sizes of batches of a kind that was not used are defaults, and no settings."""
    entries = list(_entries(lines))
    kinds = {entry.pair.value for entry in entries if not entry.above and entry.pair.label == "batch_type"}
    unused = OF_SEQUENCES if kinds & BY_BINS else OF_BINS
    for entry in entries:
        label = _label(entry)
        if label and label not in unused and entry.pair.value and len(entry.pair.value) <= LONGEST:
            draft.put_setting(entry.pair._replace(label=label), known_only=False)
    _put_optimizer_parts(draft, [entry for entry in entries if entry.above == "optim_conf"])


def _label(entry: Entry) -> str | None:
    """The name of a setting, told by the block that it stands in: `optim2_lr`, `scheduler_gamma`; None for all others."""
    key = entry.pair.label
    if not entry.above:
        return key if key in OF_TRAINING else None
    if entry.above == "model_conf":
        return key if key in OF_LOSS else None
    if entry.above in OF_LAYERS:
        return OF_LAYERS[entry.above] + key if key in DROPOUTS else None
    if key == "warmup_steps" and entry.above == "scheduler_conf":
        return key
    of_optimizer = entry.above == "optim_conf" and key in ("eps", "betas")
    return None if entry.above not in OF_CHILDREN or of_optimizer else OF_CHILDREN[entry.above] + key


def _entries(lines: Sequence[Line]) -> Iterator[Entry]:
    """The keys with a value, and those with a list of numbers, in the order of the text."""
    above, opened = "", list[Entry]()
    for line in lines:
        item = ITEM.fullmatch(line.text)
        if item and opened:
            number = read_value(item["value"], line.start + item.start("value"), exact=True, whole=True)
            opened = [opened[0]._replace(items=(*opened[0].items, number))] if number else []
            continue
        yield from opened
        found, opened = ENTRY.fullmatch(line.text), []
        if found is None:
            continue
        above = above if found["indent"] else ""
        value = found["value"] or ""
        start = line.start + max(found.start("value"), found.end("key"))
        entry = Entry(above, Pair(found["key"], value, start, line.start + found.start("key")))
        if not value:
            opened = [entry]
            above = above or found["key"]
        elif value not in UNSET:
            yield entry
    yield from opened


def _put_optimizer_parts(draft: Draft, entries: Sequence[Entry]) -> None:
    """Puts the betas and the epsilon, which stand on lines of their own, with the optimizer's name."""
    if draft.optimizer is None:
        return
    for entry in entries:
        numbers = [float(item.value) for item in entry.items if item.value is not None]
        if entry.pair.label == "betas" and len(numbers) == 2:
            draft.optimizer = replace(draft.optimizer, betas=(numbers[0], numbers[1]))
        number = read_value(entry.pair.value, entry.pair.start) if entry.pair.label == "eps" else None
        if number is not None and number.value is not None:
            draft.optimizer = replace(draft.optimizer, epsilon=float(number.value))
