"""A GPU's part: data that lie on the device, padded to a few lengths, and recorded kernels instead of launched ones.

Not measured: no GPU was to be had when this was written. What does not need one is tested on a CPU: the padded batches with their
masks, and the steps that would be recorded. torch 2.13, notes/cuda.rst, "CUDA Graphs": static inputs, warm-up and recording on a
stream that is not the default one (the seed's own: lanes.py), gradients that stay where they are, and a generator whose seed is
read at each replay.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

import torch

from cardaudit.engine.loops.fast.batches import IGNORED, Batch, Examples
from cardaudit.engine.memory import ran_out
from cardaudit.engine.task import Tell

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


class Replayed(Protocol):
    """What a recording gives: work that can be done again."""

    def replay(self) -> None: ...


class Recording:
    """Whether and how kernels of one seed are recorded. `works` until a recording has failed; `tell` gets why, once.

    The GPU's own way, `record`, is replaced where there is no GPU to record on.
    """

    def __init__(self, tell: Tell, record: Callable[[Callable[[], object]], Replayed] | None = None) -> None:
        self._tell, self._record, self.works = tell, record or Captures(), True

    def record(self, work: Callable[[], object]) -> Replayed | None:
        """The work as recorded, not done; None where that fails, and work is to be done as it is from then on.

        Want of memory is no such failure: it is raised.
        """
        try:
            return self._record(work)
        except Exception as error:
            if ran_out(error):
                raise
            self.works = False
            why = str(error).strip().partition("\n")[0][:200]
        self._tell(f"this GPU's kernels could not be recorded ({why}): they are launched one by one, which only takes longer")
        return None


class Captures:
    """CUDA graphs that share one pool of memory: no two of a seed's are replayed at a time."""

    def __init__(self) -> None:
        self._pool: Any = None

    def __call__(self, work: Callable[[], object]) -> Replayed:
        graph: Any = torch.cuda.CUDAGraph()
        # torch.cuda.graph (2.13) does not go back to the stream in use where it fails; the outer context does.
        with torch.cuda.stream(torch.cuda.current_stream()), torch.cuda.graph(graph, self._pool, recording_stream()):
            work()
        self._pool = self._pool or graph.pool()
        return cast(Replayed, graph)


def recording_stream() -> Any:
    """The seed's own stream (lanes.py); None, for one of torch's, where nothing but the default stream is in use."""
    stream = torch.cuda.current_stream()
    return None if stream == torch.cuda.default_stream() else stream


class Recorder:
    """Runs a piece of work on batches, recorded once for each shape of them and replayed from then on.

    `parameters`: their gradients are the work's to add to. Without `recording`, or once it failed, the work is done as it is.
    """

    def __init__(self, work: Work, parameters: Sequence[torch.Tensor], recording: Recording | None) -> None:
        self._work, self._parameters, self._recording = work, parameters, recording
        self._graphs: dict[Any, tuple[Replayed, dict[str, torch.Tensor], list[Outputs]]] = {}

    def __call__(self, inputs: dict[str, torch.Tensor]) -> Outputs:
        """What the work gives for these inputs; it is overwritten by the next call with inputs of the same shapes."""
        if self._recording is None:
            return self._work(inputs)
        key = tuple((name, tuple(tensor.shape)) for name, tensor in sorted(inputs.items()))
        if key not in self._graphs and self._recording.works:
            self._learn_shape(key, inputs, self._recording)
        if key not in self._graphs:
            return self._work(inputs)
        graph, places, outputs = self._graphs[key]
        for name, tensor in inputs.items():
            places[name].copy_(tensor)
        graph.replay()
        return outputs[-1]

    def _learn_shape(self, key: Any, inputs: dict[str, torch.Tensor], recording: Recording) -> None:
        """Records the work for inputs of a shape; gradients and generator are as before, whether it succeeds or not."""
        places, outputs = {name: tensor.clone() for name, tensor in inputs.items()}, list[Outputs]()
        learned = [parameter for parameter in self._parameters if parameter.grad is not None]
        kept, drawn = [parameter.grad.clone() for parameter in learned], _generator_state()
        for _ in range(WARM_UPS):
            self._work(places)
        graph = recording.record(lambda: outputs.append(self._work(places)))
        if graph is not None:
            self._graphs[key] = graph, places, outputs
        if drawn is not None:
            torch.cuda.set_rng_state(drawn)  # so that masks do not depend on when a shape is met first
        for parameter, gradient in zip(learned, kept, strict=True):
            parameter.grad.copy_(gradient)


def _generator_state() -> Any:
    return torch.cuda.get_rng_state() if torch.cuda.is_available() else None
