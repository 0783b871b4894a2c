"""A batch without padding: its sentences one after the other in one row, and attention that stays within each.

All layers but attention treat tokens one by one, so they lose nothing and save the padding. Attention works on a padded copy of
queries, keys and values. The stock model is called as it is: transformers looks attention up by name, and makes no mask for a
name that its mask registry does not have (transformers 5.23, masking_utils.py, _preprocess_mask_arguments).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from transformers import AttentionInterface

from cardaudit.engine.loops.fast.masks import Masks

ATTENTION = "cardaudit_packed"
# What attention may be given and we would not honour: a model that gives it cannot be packed.
UNKNOWN = ("sliding_window", "softcap", "position_bias", "s_aux", "cache", "attention_bias", "cu_seq_lens_q")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tokens of packed sentences lie in a padded batch of `heads`.

    With B sentences of at most L tokens, T in all: `pad` (B * H * L,) numbers the rows of a packed (T * H + 1, D) tensor, the
    last of them zero; `unpad` (T * H,) the rows of a padded (B * H * L, D) one. `mask` (B, 1, 1, L) is 0 or -inf.
    """

    sentences: int
    longest: int
    pad: torch.Tensor
    unpad: torch.Tensor
    mask: torch.Tensor


def layout_of(lengths: Sequence[int], heads: int) -> Layout:
    sizes, longest = torch.tensor(lengths), max(lengths)
    inside = torch.arange(longest) < sizes[:, None]  # (B, L)
    token = torch.zeros_like(inside, dtype=torch.long)
    total = int(sizes.sum())
    token[inside] = torch.arange(total)
    head = torch.arange(heads)
    pad = torch.where(inside[:, None], token[:, None] * heads + head[:, None], total * heads)  # (B, H, L)
    row = torch.arange(pad.numel()).view(pad.shape).transpose(1, 2)  # (B, L, H)
    mask = torch.zeros(inside.shape).masked_fill_(~inside, float("-inf"))
    return Layout(len(lengths), longest, pad.flatten(), row[inside].flatten(), mask[:, None, None])


class _Within(torch.autograd.Function):  # type: ignore[misc]
    """softmax(Q K' * scaling) V within each sentence, with dropout on the weights; forward and backward on the padded copy."""

    @staticmethod
    def forward(
        context: Any, query: Any, key: Any, value: Any, layout: Layout, scaling: float, keep: "_Keep | None"
    ) -> torch.Tensor:
        """query, key, value: (T * H, D). Returns (T * H, D)."""
        q, k, v = (_padded(packed, layout) for packed in (query, key, value))
        scores = torch.bmm(q, k.transpose(1, 2)).mul_(scaling)
        shape = (layout.sentences, -1, layout.longest, layout.longest)
        weights = torch.softmax(scores.view(shape).add_(layout.mask), -1).view_as(scores)
        mask = keep(weights) if keep else None
        dropped = weights if mask is None else weights * mask
        context.save_for_backward(q, k, v, weights, dropped, mask)
        context.layout, context.scaling = layout, scaling
        return _packed(torch.bmm(dropped, v), layout)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[Any, ...]:
        q, k, v, weights, dropped, mask = context.saved_tensors
        layout = context.layout
        g = _padded(gradient, layout)
        by_weight = torch.bmm(g, v.transpose(1, 2))
        if mask is not None:
            by_weight.mul_(mask)
        by_score = torch._softmax_backward_data(by_weight, weights, -1, weights.dtype).mul_(context.scaling)
        by_query, by_key = torch.bmm(by_score, k), torch.bmm(by_score.transpose(1, 2), q)
        by_value = torch.bmm(dropped.transpose(1, 2), g)
        return *(_packed(padded, layout) for padded in (by_query, by_key, by_value)), None, None, None


def _padded(packed: torch.Tensor, layout: Layout) -> torch.Tensor:
    """(T * H, D) -> (B * H, L, D), zero behind each sentence's end."""
    rows = torch.cat([packed, packed.new_zeros(1, packed.shape[1])]).index_select(0, layout.pad)
    return rows.view(-1, layout.longest, packed.shape[1])


def _packed(padded: torch.Tensor, layout: Layout) -> torch.Tensor:
    return padded.reshape(-1, padded.shape[2]).index_select(0, layout.unpad)


@dataclass(frozen=True, slots=True)
class _Keep:
    """Draws the dropout mask of one layer's attention weights."""

    masks: Masks
    p: float

    def __call__(self, weights: torch.Tensor) -> torch.Tensor:
        return self.masks.draw(weights, self.p)


class _Current:
    """What the attention of the batch in hand needs, set by `packed`. A model is called by one thread at a time."""

    lengths: tuple[int, ...] = ()
    masks: Masks | None = None


@contextmanager
def packed(lengths: tuple[int, ...], masks: Masks | None) -> Iterator[None]:
    """Within this, models with our attention read one row of sentences of these lengths; what follows them is one more."""
    _Current.lengths, _Current.masks = lengths, masks
    try:
        yield
    finally:
        _Current.lengths, _Current.masks = (), None


_layout = lru_cache(maxsize=4)(layout_of)


def _attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    **more: Any,
) -> tuple[torch.Tensor, None]:
    """query, key, value: (1, H, T, D). Returns (1, T, H, D). Raises NotImplementedError for attention that is not plain."""
    unknown = [name for name in UNKNOWN if more.get(name) is not None]
    if attention_mask is not None or unknown or getattr(module, "is_causal", False) or more.get("is_causal"):
        raise NotImplementedError(f"attention with {', '.join(unknown) or 'a mask of its own'}")
    _, heads, tokens, size = query.shape
    spare = tokens - sum(_Current.lengths)
    if not query.shape == key.shape == value.shape or not _Current.lengths or spare < 0:
        raise NotImplementedError("attention over something other than the packed sentences")
    layout = _layout((*_Current.lengths, spare) if spare else _Current.lengths, heads)
    if dropout and _Current.masks is None:
        raise NotImplementedError("dropout without masks")
    keep = _Keep(_Current.masks, dropout) if dropout and _Current.masks else None
    rows = (states.transpose(1, 2).reshape(tokens * heads, size) for states in (query, key, value))
    within = _Within.apply(*rows, layout, size**-0.5 if scaling is None else scaling, keep)
    return within.view(1, tokens, heads, size), None


AttentionInterface.register(ATTENTION, _attention)


def take_first_tokens(model: Any) -> list[Any]:
    """Lets a head that reads the first token of each text find it in a packed row. Returns the hooks, to be removed again.

    What follows the encoder, a pooler inside of the base model or the head behind it, gets (texts, 1, hidden) for (1, T, hidden).
    """
    base = getattr(model, model.base_model_prefix)
    hooks = [base.register_forward_hook(_shorten_output)]
    if getattr(base, "pooler", None) is not None:
        hooks.append(base.pooler.register_forward_pre_hook(_shorten_input))
    return hooks


def _firsts(hidden: torch.Tensor) -> torch.Tensor:
    if not _Current.lengths or hidden.ndim != 3:
        return hidden
    ends = torch.tensor(_Current.lengths).cumsum(0)
    starts = torch.cat([ends.new_zeros(1), ends[:-1]])
    return hidden[0].index_select(0, starts)[:, None]


def _shorten_input(_module: Any, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return _firsts(arguments[0]), *arguments[1:]


def _shorten_output(_module: Any, _arguments: Any, output: Any) -> Any:
    output["last_hidden_state"] = _firsts(output["last_hidden_state"])
    return output
