"""A batch without padding: its sentences one after the other in one row, and attention that stays within each.

All layers but attention treat tokens one by one, so they lose nothing and save the padding. Attention works on a padded copy of
queries, keys and values. The stock model is called as it is: transformers looks attention up by name, and makes no mask for a
name that its mask registry does not have (transformers 5.23, masking_utils.py, _preprocess_mask_arguments).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from transformers import AttentionInterface

from cardaudit.engine.loops.fast.masks import Masks

ATTENTION = "cardaudit_packed"
# What attention may be given and we would not honour: a model that gives it cannot be packed.
UNKNOWN = ("sliding_window", "softcap", "position_bias", "s_aux", "cache", "attention_bias", "cu_seq_lens_q")

# A second group of sentences pays where it leaves less than this of the work.
WORTH = 0.85


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the packed sentences, B of at most L tokens, as a padded batch of H heads.

    `pad` (B * H * L,) numbers the rows of a packed (T * H + 1, D) tensor, the last of them zero. `mask` (B, 1, 1, L): 0 or -inf.
    """

    sentences: int
    longest: int
    pad: torch.Tensor
    mask: torch.Tensor


@dataclass(frozen=True, slots=True)
class Layout:
    """Where T packed tokens lie in the padded batches of short and of long sentences.

    `unpad` (T * H,) numbers the rows of all padded (B * H * L, D) tensors, one below the other.
    """

    groups: tuple[Group, ...]
    unpad: torch.Tensor


def layout_of(lengths: Sequence[int], heads: int) -> Layout:
    sizes = torch.tensor(lengths)
    starts = sizes.cumsum(0) - sizes
    unpad = torch.empty(int(sizes.sum()), heads, dtype=torch.long)
    groups, above = [], 0
    for chosen in _by_length(lengths):
        group, rows = _group(sizes[chosen], starts[chosen], len(unpad), heads)
        unpad[rows.tokens] = rows.places + above
        groups.append(group)
        above += len(group.pad)
    return Layout(tuple(groups), unpad.flatten())


def _by_length(lengths: Sequence[int]) -> list[list[int]]:
    """The sentences in two groups, short and long, where that clearly lessens the sum of squared padded lengths; else in one."""
    order = sorted(range(len(lengths)), key=lambda number: lengths[number])
    whole = len(order) * lengths[order[-1]] ** 2
    costs = {
        cut: cut * lengths[order[cut - 1]] ** 2 + (len(order) - cut) * lengths[order[-1]] ** 2 for cut in range(1, len(order))
    }
    best = min(costs, key=lambda cut: costs[cut], default=0)
    return [order[:best], order[best:]] if best and costs[best] < WORTH * whole else [order]


class _Rows(NamedTuple):
    """`tokens` (n,) of a group, and `places` (n, H): their rows in its padded batch."""

    tokens: torch.Tensor
    places: torch.Tensor


def _group(sizes: torch.Tensor, starts: torch.Tensor, total: int, heads: int) -> tuple[Group, _Rows]:
    longest = int(sizes.max())
    inside = torch.arange(longest) < sizes[:, None]  # (B, L)
    token, head = starts[:, None] + torch.arange(longest), torch.arange(heads)
    pad = torch.where(inside[:, None], token[:, None] * heads + head[:, None], total * heads)  # (B, H, L)
    row = torch.arange(pad.numel()).view(pad.shape).transpose(1, 2)  # (B, L, H)
    mask = torch.zeros(inside.shape).masked_fill_(~inside, float("-inf"))
    return Group(len(sizes), longest, pad.flatten(), mask[:, None, None]), _Rows(token[inside], row[inside])


class _Within(torch.autograd.Function):  # type: ignore[misc]
    """softmax(Q K' * scaling) V within each sentence, with dropout on the weights; forward and backward on padded copies."""

    @staticmethod
    def forward(
        context: Any, query: Any, key: Any, value: Any, layout: Layout, scaling: float, keep: "_Keep | None"
    ) -> torch.Tensor:
        """query, key, value: (T * H, D). Returns (T * H, D)."""
        saved, outputs = [], []
        for group in layout.groups:
            q, k, v = (_padded(packed, group) for packed in (query, key, value))
            scores = torch.bmm(q, k.transpose(1, 2)).mul_(scaling)
            shape = (group.sentences, -1, group.longest, group.longest)
            weights = torch.softmax(scores.view(shape).add_(group.mask), -1).view_as(scores)
            mask = keep(weights) if keep else None
            dropped = weights if mask is None else weights * mask
            saved += [q, k, v, weights, dropped, mask]
            outputs.append(torch.bmm(dropped, v))
        context.save_for_backward(*saved)
        context.layout, context.scaling = layout, scaling
        return _packed(outputs, layout)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[Any, ...]:
        saved, layout = context.saved_tensors, context.layout
        gradients: tuple[list[torch.Tensor], ...] = ([], [], [])
        for number, group in enumerate(layout.groups):
            q, k, v, weights, dropped, mask = saved[6 * number : 6 * number + 6]
            g = _padded(gradient, group)
            by_weight = torch.bmm(g, v.transpose(1, 2))
            if mask is not None:
                by_weight.mul_(mask)
            by_score = torch._softmax_backward_data(by_weight, weights, -1, weights.dtype).mul_(context.scaling)
            gradients[0].append(torch.bmm(by_score, k))
            gradients[1].append(torch.bmm(by_score.transpose(1, 2), q))
            gradients[2].append(torch.bmm(dropped.transpose(1, 2), g))
        return *(_packed(padded, layout) for padded in gradients), None, None, None


def _padded(packed: torch.Tensor, group: Group) -> torch.Tensor:
    """(T * H, D) -> (B * H, L, D), zero behind each sentence's end."""
    rows = torch.cat([packed, packed.new_zeros(1, packed.shape[1])]).index_select(0, group.pad)
    return rows.view(-1, group.longest, packed.shape[1])


def _packed(padded: Sequence[torch.Tensor], layout: Layout) -> torch.Tensor:
    """(B * H, L, D) of each group -> (T * H, D)."""
    rows = [each.reshape(-1, each.shape[2]) for each in padded]
    return (rows[0] if len(rows) == 1 else torch.cat(rows)).index_select(0, layout.unpad)


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
    exact = torch.promote_types(query.dtype, torch.float32)  # under autocast scores are not rounded, as in torch's own attention
    rows = (states.transpose(1, 2).reshape(tokens * heads, size).to(exact) for states in (query, key, value))
    with torch.autocast(query.device.type, enabled=False):
        within = _Within.apply(*rows, layout, size**-0.5 if scaling is None else scaling, keep)
    return within.view(1, tokens, heads, size).to(query.dtype), None


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
