"""The repository's own files against its card: what the Trainer, TensorBoard and the model's configuration left beside it."""
