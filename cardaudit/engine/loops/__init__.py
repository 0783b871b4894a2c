"""Ways to train one seed of a plan: one file a loop, each with a `train_seed` that takes what reference.train_seed takes."""
