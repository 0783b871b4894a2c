"""A GPU's part: data that lie on the device, padded to a few lengths, and recorded kernels instead of launched ones.

Not measured: no GPU was to be had when this was written. What does not need one is tested on a CPU: the padded batches with their
masks, and the steps that would be recorded. torch 2.13, notes/cuda.rst, "CUDA Graphs": static inputs, warm-up and recording on a
stream that is not the default one (the seed's own: lanes.py), gradients that stay where they are, and a generator whose seed is
read at each replay.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from cardaudit.engine.loops.fast.batches import IGNORED, Batch, Examples

# Lengths that batches are padded to: few, so that few graphs are recorded.
LENGTHS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
WARM_UPS = 3
Outputs = tuple[torch.Tensor, ...]
Work = Callable[[dict[str, torch.Tensor]], Outputs]


class Grids:
    """Feeds padded batches from tables of the examples that lie on the device; only example numbers go there."""

    def __init__(self, device: Any, padding: int) -> None:
        self._device, self._padding = device, padding
        self._tables: dict[int, tuple[Examples, dict[str, torch.Tensor]]] = {}

    def __call__(self, examples: Examples, numbers: Sequence[int]) -> Batch:
        """Batches have a mask (texts, 1, 1, length) of numbers to add, so that the model need not look at one to make it."""
        lengths = torch.tensor([len(examples.features[number]["input_ids"]) for number in numbers])
        longest = int(lengths.max())
        width = next((length for length in LENGTHS if length >= longest), longest)
        chosen = torch.tensor(numbers).to(self._device, non_blocking=True)
        inputs = {
            key: table[chosen][:, :width] if table.ndim > 1 else table[chosen] for key, table in self._table(examples).items()
        }
        inside = torch.arange(width) < lengths[:, None]
        mask = torch.zeros(inside.shape).masked_fill_(~inside, torch.finfo(torch.float32).min)
        inputs["attention_mask"] = mask[:, None, None].to(self._device, non_blocking=True)
        return Batch(inputs, real=inside)

    def _table(self, examples: Examples) -> dict[str, torch.Tensor]:
        if id(examples) not in self._tables:
            self._tables[id(examples)] = (examples, self._made(examples))
        return self._tables[id(examples)][1]

    def _made(self, examples: Examples) -> dict[str, torch.Tensor]:
        longest = max(map(len, examples.rows["input_ids"]))
        width = max(longest, next((length for length in LENGTHS if length >= longest), longest))
        fill = {"input_ids": self._padding, "labels": IGNORED}
        tables = {}
        for key, rows in examples.rows.items():
            if key != "attention_mask":
                table = torch.full((len(rows), width), fill.get(key, 0))
                for number, row in enumerate(rows):
                    table[number, : len(row)] = row
                tables[key] = table.to(self._device)
        if examples.labels is not None:
            tables["labels"] = examples.labels.to(self._device)
        return tables


def recording_stream() -> Any:
    """The seed's own stream (lanes.py); None, for one of torch's, where nothing but the default stream is in use."""
    stream = torch.cuda.current_stream()
    return None if stream == torch.cuda.default_stream() else stream


class Recorder:
    """Runs a piece of work on batches, recorded once for each shape of them and replayed from then on.

    `parameters`: their gradients are the work's to add to. Without `record` the work is done as it is.
    """

    def __init__(self, work: Work, parameters: Sequence[torch.Tensor], record: bool) -> None:
        self._work, self._parameters, self._record = work, parameters, record
        self._graphs: dict[Any, tuple[Any, dict[str, torch.Tensor], Outputs]] = {}
        self._pool: Any = None

    def __call__(self, inputs: dict[str, torch.Tensor]) -> Outputs:
        """What the work gives for these inputs; it is overwritten by the next call with inputs of the same shapes."""
        if not self._record:
            return self._work(inputs)
        key = tuple((name, tuple(tensor.shape)) for name, tensor in sorted(inputs.items()))
        if key not in self._graphs:
            self._graphs[key] = self._recorded(inputs)
        graph, places, outputs = self._graphs[key]
        for name, tensor in inputs.items():
            places[name].copy_(tensor)
        graph.replay()
        return outputs

    def _recorded(self, inputs: dict[str, torch.Tensor]) -> tuple[Any, dict[str, torch.Tensor], Outputs]:
        places = {name: tensor.clone() for name, tensor in inputs.items()}
        learned = [parameter for parameter in self._parameters if parameter.grad is not None]
        kept, drawn = [parameter.grad.clone() for parameter in learned], torch.cuda.get_rng_state()
        for _ in range(WARM_UPS):
            self._work(places)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, stream=recording_stream()):
            outputs = self._work(places)
        self._pool = self._pool or graph.pool()
        torch.cuda.set_rng_state(drawn)  # so that masks do not depend on when a shape is met first
        for parameter, gradient in zip(learned, kept, strict=True):
            parameter.grad.copy_(gradient)
        return graph, places, outputs
