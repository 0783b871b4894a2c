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


def test_a_configuration_that_is_cut_off_counts_too():
    opening = "config: conf/train.yaml\nprint_config: false\noutput_dir: exp/frogs\nngpu: 1\nseed: 7\nnum_workers: 1\n"
    said = read_card(f"{CARD.partition('# RESULTS')[0]}```yaml\n{opening}```\n").hyperparameters
    assert (said.seed.text, {key: value.text for key, value in said.other.items()}) == ("7", {"ngpu": "1", "num_workers": "1"})


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


SCORED = """## ESPnet2 ASR model

### `ponds/frogs_conformer, fs=16k`

This model was trained by a pond using frogs recipe in [espnet](https://github.com/espnet/espnet/).

# RESULTS
## Environments
- date: `Wed Dec 28 00:25:25 EST 2022`
- Git hash: `0aa06d0535323aabc1d8b057f8769da377f4d9ff`
  - Commit date: `Tue Dec 27 15:08:25 2022 -0600`

## asr_train_frogs
### WER

|dataset|Snt|Wrd|Corr|Sub|Del|Ins|Err|S.Err|
|---|---|---|---|---|---|---|---|---|
|decode_lm/test_pond|503|8234|94.2|5.0|0.8|0.7|6.5|52.5|

### TER

|dataset|Snt|Wrd|Corr|Sub|Del|Ins|Err|S.Err|
|---|---|---|---|---|---|---|---|---|
"""
ENHANCED = """This model was trained using frogs recipe in [espnet](https://github.com/espnet/espnet/).

# RESULTS

## ..

|dataset|STOI|SAR|SI_SNR|
|---|---|---|---|
|enhanced_cv_pond|0.98|24.69|-0.31|
"""


def results_of(text: str) -> list[tuple[str | None, ...]]:
    results = read_card(text).results
    return [(each.metric, each.number.text, each.dataset, each.split, each.model, each.setting) for each in results]


def test_a_score_has_its_data_set_its_decoding_and_how_much_was_scored():
    rates = {"corr": "94.2", "sub": "5.0", "del": "0.8", "ins": "0.7", "wer": "6.5", "s_err": "52.5"}
    assert results_of(SCORED) == [
        (key, text, "test_pond", "test", None, f"{'' if key == 'wer' else 'WER, '}decode_lm, Snt 503, Wrd 8234")
        for key, text in rates.items()
    ]


def test_the_place_of_a_score_is_that_of_its_cell():
    card = read_card(SCORED)
    span = next(each.number.span for each in card.results if each.metric == "wer")
    assert (card.line(span), card.column(span), card.text[span.start : span.end]) == (18, 48, "6.5")


def test_nothing_of_results_and_environment_is_left_unread():
    card = read_card(SCORED)
    assert (card.unread, card.model_name.text) == ((), "ponds/frogs_conformer")
    assert card.hyperparameters.other["espnet_commit"].text == "0aa06d0535323aabc1d8b057f8769da377f4d9ff"


def test_scores_of_enhanced_speech_have_no_rate_and_no_counts():
    assert results_of(ENHANCED) == [
        (key, text, "enhanced_cv_pond", "validation", None, None)
        for key, text in (("stoi", "0.98"), ("sar", "24.69"), ("si_snr", "-0.31"))
    ]


def test_results_in_a_fence_are_the_same():
    begin = SCORED.index("# RESULTS")
    assert results_of(f"{SCORED[:begin]}```bash\n{SCORED[begin:]}```\n") == results_of(SCORED)


def test_two_trainings_are_told_apart_by_their_folders():
    begin = SCORED.index("## asr_train_frogs")
    twice = SCORED + "\n" + SCORED[begin:].replace("asr_train_frogs", "asr_train_toads")
    assert {row[4] for row in results_of(twice)} == {"asr_train_frogs", "asr_train_toads"}


@pytest.mark.parametrize(
    ("folder", "split"),
    [
        ("dev_clean", "validation"),
        ("et05_real", "test"),
        ("test_dev93", None),
        ("train_dev", None),
        ("test_tr", "test"),
        ("x", None),
    ],
)
def test_a_split_is_read_where_a_folder_names_one(folder: str, split: str | None):
    assert {row[3] for row in results_of(SCORED.replace("test_pond", folder))} == {split}


def test_what_stands_below_a_key_belongs_to_it():
    nested = """optim: adamw
optim_conf:
    lr: 0.002
    betas:
    - 0.8
    - 0.99
    eps: 1.0e-09
    weight_decay: 0.01
scheduler: steplr
scheduler_conf:
    step_size: 3
    patience: 2
optim2: sgd
optim2_conf:
    lr: 0.1
token_list:
- batch_size
- '7'
model_conf:
    lsm_weight: 0.1
    patience: 9
encoder: conformer
encoder_conf:
    dropout_rate: 0.2
    num_blocks: 12
"""
    begin, end = CARD.index("optim: adam"), CARD.index("```\n\n</details>")
    card = read_card(CARD[:begin] + nested + CARD[end:])
    optimizer = card.optimizer
    assert (optimizer.name, optimizer.betas, optimizer.epsilon) == ("adamw", (0.8, 0.99), 1e-09)
    assert card.hyperparameters.learning_rate.text == "0.002"
    assert {key: value.text for key, value in card.hyperparameters.other.items()} == {
        "grad_clip": "5.0",
        "batch_bins": "4000000",
        "batch_type": "numel",
        "weight_decay": "0.01",
        "scheduler_step_size": "3",
        "scheduler_patience": "2",
        "optim2": "sgd",
        "optim2_lr": "0.1",
        "lsm_weight": "0.1",
        "encoder": "conformer",
        "encoder_dropout_rate": "0.2",
    }
