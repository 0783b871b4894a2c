"""Plan file in, run folder out: the only home of torch, transformers and datasets, started as a process of its own.

    python -m cardaudit.engine PLAN.json RUN_DIR --seeds 42 1042

Nothing imports this package; runs.start_engine starts it and reads its events.
"""
