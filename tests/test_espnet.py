"""Cards of espnet: the environment's lines, and the configuration that stands whole below the results."""

import pytest

from cardaudit.parse import read_card

CARD = """# Frog ASR

This model was trained using frogs recipe in [espnet](https://github.com/espnet/espnet/).

# RESULTS
## Environments
- python version: `3.9.7 (default, Sep 16 2021, 13:09:58)  [GCC 7.5.0]`
- espnet version: `espnet 202304`
- chainer version: `chainer 6.0.0`
- pytorch version: `pytorch 1.10.1`

## ASR config

<details><summary>expand</summary>

```
config: conf/train.yaml
seed: 3
max_epoch: 45
grad_clip: 5.0
accum_grad: 6
batch_size: 20
valid_batch_size: null
batch_bins: 4000000
batch_type: numel
optim: adam
optim_conf:
    lr: 0.002
scheduler: warmuplr
scheduler_conf:
    warmup_steps: 25000
```

</details>
"""


def test_the_environment_names_the_versions():
    versions = {name: version.text for name, version in read_card(CARD).framework_versions.items()}
    assert versions == {"python": "3.9.7", "espnet": "202304", "chainer": "6.0.0", "pytorch": "1.10.1"}


def test_the_configuration_is_the_training_s():
    card = read_card(CARD)
    settings = card.hyperparameters
    assert (settings.seed.text, settings.num_epochs.text, settings.gradient_accumulation_steps.text) == ("3", "45", "6")
    assert (settings.learning_rate.text, settings.lr_scheduler_warmup_steps.text, card.optimizer.name) == (
        "0.002",
        "25000",
        "adam",
    )
    assert {key: value.text for key, value in settings.other.items()} == {
        "grad_clip": "5.0",
        "batch_bins": "4000000",
        "batch_type": "numel",
    }


def test_a_batch_size_counts_where_batches_are_made_by_it():
    assert read_card(CARD).hyperparameters.train_batch_size is None
    folded = read_card(CARD.replace("batch_type: numel", "batch_type: folded"))
    assert folded.hyperparameters.train_batch_size.text == "20"


@pytest.mark.parametrize(
    "line",
    [
        "Python 3.6 (or higher) and pip are required to install it.",
        "It requires transformers 4.20.",
        "- transformers >= 4.3.3 and torch 1.8.0",
        "Use at least Python 3.8.",
    ],
)
def test_a_version_that_a_use_needs_is_none_of_the_training(line: str):
    assert not read_card(f"# Frogs\n\n## Notes\n\n{line}\n").framework_versions


@pytest.mark.parametrize("heading", ["Installation", "Prerequisites", "Requirements"])
def test_versions_of_an_installation_are_none_of_the_training(heading: str):
    text = f"# Frogs\n\n## {heading}\n\n- transformers==4.19.2\n- Pytorch 1.13.0+cu117\n"
    assert not read_card(text).framework_versions
    trained = read_card(text.replace(heading, "Framework versions")).framework_versions
    assert {name: version.text for name, version in trained.items()} == {"transformers": "4.19.2", "pytorch": "1.13.0+cu117"}
