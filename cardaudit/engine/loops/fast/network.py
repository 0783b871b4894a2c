"""The stock model with what it is fed: packed batches where it gives the same logits for them, padded ones elsewhere."""

import inspect
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from transformers import AutoModelForTokenClassification

from cardaudit.engine.environment import plain_products
from cardaudit.engine.loops.fast.batches import Batch, Examples, Feed, examples_of, pack, pad
from cardaudit.engine.loops.fast.graphs import Grids, Recorder, Recording
from cardaudit.engine.loops.fast.masks import Masks, replace_dropout
from cardaudit.engine.loops.fast.mixed import Forward, Scaler
from cardaudit.engine.loops.fast.packing import ATTENTION, packed, take_first_tokens
from cardaudit.engine.loops.fast.products import use_onednn
from cardaudit.engine.loops.fast.vocabulary import keep_rows, renumber, rows_in_use
from cardaudit.engine.memory import ran_out
from cardaudit.engine.task import Features, Task, Tell

AGREE = 1e-4
CHECKED = 8
DIVISOR = "divisor"


@dataclass(frozen=True, slots=True)
class Network:
    """A model, its data numbered as it wants them, and how batches of them are made.

    `why_padded`: None where they are packed, or made on the device. `rows`: the token ids whose embeddings were kept, or None for
    all. `recording`: None where kernels are not recorded; else gradients stay where they are.
    """

    model: Any
    train: Examples
    evaluation: Examples
    feed: Feed
    masks: Masks
    per_token: bool
    why_padded: str | None
    rows: torch.Tensor | None
    recording: Recording | None
    learn: Recorder
    look: Recorder

    def gradients(self, batch: Batch, divisor: float, more: dict[str, torch.Tensor]) -> torch.Tensor:
        """Adds the gradients of a batch's loss, divided; returns that loss. `more` goes to the model with the batch."""
        share = torch.tensor(float(divisor), device=self.model.device)
        with packed(batch.lengths, self.masks):
            return self.learn({**batch.inputs, **more, DIVISOR: share})[0]

    def outputs(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """The loss and the logits: of packed sentences (1, tokens, labels), else as the model has them."""
        with torch.no_grad(), packed(batch.lengths, self.masks):
            loss, logits = self.look(batch.inputs)
        return (loss.clone(), logits.clone()) if self.recording else (loss, logits)

    def real(self, numbers: torch.Tensor, batch: Batch) -> torch.Tensor:
        """A batch's logits, or what was made of each token's, without padding: (tokens, ...) or (texts, ...)."""
        return _without_padding(numbers, batch) if self.per_token else numbers


def build_network(
    forward: Forward, task: Task, masks: Masks, at_most: int = CHECKED, scaler: Scaler | None = None, tell: Tell = print
) -> Network:
    """The network of a model, whose dropout comes from `masks` from here on. `scaler`: of its gradients in fp16.

    Whether sentences can be packed is tried: on some examples the logits must be those that the model gave, before anything in it
    was changed, for the padded batch that the Trainer makes. `at_most`: so many, where memory does not hold more.
    """
    model, per_token = forward.model, task.auto is AutoModelForTokenClassification
    keys = set(inspect.signature(model.forward).parameters)
    padded = partial(pad, collator=task.collator, device=model.device)
    probe = _probe(task.train, at_most)
    model.eval()
    wanted = _try(model, padded, examples_of(probe, keys, per_token), per_token)
    rows = rows_in_use((task.train, task.evaluation), task.tokenizer.pad_token_id)
    splits = [task.train, task.evaluation, probe]
    if cut := keep_rows(model, rows):
        splits = [renumber(split, rows) for split in splits]
    train, evaluation, probed = (examples_of(split, keys, per_token) for split in splits)
    why: Feed | str
    if model.device.type == "cpu":
        if forward.dtype is None:
            use_onednn(model)  # which knows no autocast; torch's own layers take oneDNN for half precision
        why = _pack_if_same(model, probed, wanted, per_token)
        replace_dropout(model, masks)
    else:
        why = _grid_if_same(model, probed, wanted, per_token, task.tokenizer.pad_token_id)
    recording = Recording(tell) if model.device.type == "cuda" and not isinstance(why, str) else None
    return Network(
        model,
        train,
        evaluation,
        feed=padded if isinstance(why, str) else why,
        masks=masks,
        per_token=per_token,
        why_padded=why if isinstance(why, str) else None,
        rows=rows if cut else None,
        recording=recording,
        learn=Recorder(partial(_learn, forward, scaler), list(model.parameters()), recording),
        look=Recorder(forward, (), recording),
    )


def _learn(forward: Forward, scaler: Scaler | None, inputs: dict[str, torch.Tensor]) -> tuple[torch.Tensor]:
    loss = forward({key: tensor for key, tensor in inputs.items() if key != DIVISOR})[0] / inputs[DIVISOR]
    (loss if scaler is None else loss * scaler.scale).backward()
    return (loss.detach(),)


def _probe(train: list[Features], at_most: int) -> list[Features]:
    """Some examples of different lengths, the longest of the first hundred among them."""
    ordered = sorted(train[:100], key=lambda features: len(features["input_ids"]))
    return ordered[:: max(1, len(ordered) // at_most)][: at_most - 1] + ordered[-1:]


def _pack_if_same(model: Any, probe: Examples, wanted: torch.Tensor, per_token: bool) -> Feed | str:
    """How to pack, with the first numbering of positions that gives the logits wanted; or why not, the model as it was."""
    usual, why = model.config._attn_implementation, "its logits for packed sentences are others"
    hooks: list[Any] = []
    try:
        model.set_attn_implementation(ATTENTION)
        hooks = [] if per_token else take_first_tokens(model)
        for first in (0, (model.config.pad_token_id or 0) + 1):
            feed = partial(pack, first=first)
            logits = _try(model, feed, probe, per_token)
            if logits.shape == wanted.shape and torch.allclose(logits, wanted, rtol=AGREE, atol=AGREE):
                return feed
    except Exception as error:  # whatever a model raises at inputs that it does not know
        if ran_out(error):
            raise
        why = f"{type(error).__name__}, {str(error).strip().partition(chr(10))[0][:200]}"
    for hook in hooks:
        hook.remove()
    model.set_attn_implementation(usual)
    return why


def _grid_if_same(model: Any, probe: Examples, wanted: torch.Tensor, per_token: bool, padding: int) -> Feed | str:
    """Batches made on the device, if the model gives the logits wanted for them; or why not."""
    feed = Grids(model.device, padding)
    try:
        logits = _try(model, feed, probe, per_token)
    except Exception as error:
        if ran_out(error):
            raise
        return f"{type(error).__name__}, {str(error).strip().partition(chr(10))[0][:200]}"
    return feed if torch.allclose(logits, wanted, rtol=AGREE, atol=AGREE) else "its logits for batches made there are others"


def _try(model: Any, feed: Feed, examples: Examples, per_token: bool) -> torch.Tensor:
    batch = feed(examples, range(len(examples)))
    with torch.no_grad(), packed(batch.lengths, None), plain_products():
        logits: torch.Tensor = model(**batch.inputs).logits.cpu()
    return _without_padding(logits, batch) if per_token else logits


def _without_padding(numbers: torch.Tensor, batch: Batch) -> torch.Tensor:
    """(1, tokens and filling, ...) or (texts, longest, ...) -> (tokens, ...)."""
    return numbers[0, : sum(batch.lengths)] if batch.real is None else numbers[batch.real]
