"""The fast loop: the updates of the stock Trainer without its padding, its idle rows and its waiting.

order        which examples each update sees, in the Trainer's order
ability      what this loop leaves to the reference loop
vocabulary   embedding rows that the data never use, left out: exact
batches      examples as tensors, and batches of them
packing      a batch without padding, and attention within its sentences
masks        dropout from a stream that a seed and a step determine
network      the stock model, fed by packed batches where a check at the start says that it gives the same
mixed        half precision: autocast and the scale of gradients; labels smoothed
products     linear layers by the faster of two libraries
graphs       on a GPU: data that lie there, and recorded kernels
lanes        on a GPU: a stream for each of several seeds
descent      clipping, optimizer, schedule
evaluation   the loss by the card's own batches, and counts or logits for the metrics
state        what a checkpoint holds
loop         one seed, from the first update to the last row
"""

from cardaudit.engine.loops.fast.loop import Run, in_steps, train_seed

__all__ = ["Run", "in_steps", "train_seed"]
