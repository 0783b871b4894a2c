"""Training commands of shell code: variables are put in, and every flag with a number is a setting."""

from cardaudit.parse import read_card

COMMAND = """# Model

## Training

```bash
export EPOCHS=5
LR=3e-5
BS=16  # per device
SCHEDULE=cosine
python -m launcher --nproc_per_node=8 run_qa.py \\
  --model_name_or_path acme/some-model --do_train \\
  --num_train_epochs $EPOCHS \\
  --learning_rate ${LR} \\
  --per_device_train_batch_size=$BS \\
  --lr_scheduler_type $SCHEDULE \\
  --max_seq_length 384 --teacher-ratio 0.9 \\
  --weight_decay $DECAY --output_dir out2
```
"""


def test_variables_of_the_block_are_put_in():
    settings = read_card(COMMAND).hyperparameters
    assert (settings.num_epochs.text, settings.learning_rate.text, settings.train_batch_size.text) == ("5", "3e-5", "16")
    assert settings.lr_scheduler_type.text == "cosine"
    assert COMMAND[settings.num_epochs.span.start - 7 :].startswith("EPOCHS=5")


def test_each_flag_with_a_number_counts_but_those_of_the_machine():
    other = read_card(COMMAND).hyperparameters.other
    assert {key: value.text for key, value in other.items()} == {"max_seq_length": "384", "teacher_ratio": "0.9"}


def test_a_variable_that_is_set_twice_or_never_says_nothing():
    text = COMMAND.replace("LR=3e-5\n", "LR=3e-5\nLR=1e-5\n")
    settings = read_card(text).hyperparameters
    assert settings.learning_rate is None
    assert "weight_decay" not in settings.other


def test_flags_of_a_command_that_trains_nothing_are_left_alone():
    text = COMMAND + "\n```bash\npython evaluate.py --per_device_eval_batch_size 4 --num_samples 500 --temperature 0.7\n```\n"
    assert read_card(text).hyperparameters.other.keys() == {"max_seq_length", "teacher_ratio"}
