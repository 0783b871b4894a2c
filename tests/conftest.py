"""What the tests that train share: a model of a few thousand weights, and a few sentences to train it on."""

from pathlib import Path

import pytest
import tiny
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long an example takes depends on who else uses the machine
settings.load_profile("untimed")


@pytest.fixture(scope="module")
def one_thread() -> None:
    """Models this small wait for one another on two threads."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.make_base(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """train and dev, as CoNLL columns and as JSON lines."""
    folder = tmp_path_factory.mktemp("data")
    tiny.write_conll(folder / "train.conll", tiny.sentences(40, seed=1))
    tiny.write_conll(folder / "dev.conll", tiny.sentences(20, seed=2))
    tiny.write_jsonl(folder / "train.jsonl", tiny.texts(40, seed=1))
    tiny.write_jsonl(folder / "dev.jsonl", tiny.texts(20, seed=2))
    return folder
