"""Ways to train one seed of a plan, each with a `train_seed` that takes what reference.train_seed takes: choice.py takes one."""
