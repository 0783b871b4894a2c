"""Settings of agents, as RL Zoo, CleanRL, the Hub's course and skrl print them: each one under its own name, none evaluated."""

from time import process_time

from cardaudit.parse import read_card
from cardaudit.records import Card

ZOO = """---
library_name: stable-baselines3
---
# **DQN** Agent playing **Pond-v0**

## Hyperparameters
```python
OrderedDict([('batch_size', 48),
             ('env_wrapper',
              ['acme.wrappers.Pond', {'acme.wrappers.Skip': {'n': 2}}]),
             ('learning_rate', 'lin_2.5e-4'),
             ('n_epochs', 7),
             ('n_timesteps', 3000000.0),
             ('policy', 'CnnPolicy'),
             ('policy_kwargs',
              "dict(net_arch=dict(pi=[30, 20], kind='a', "
              'qf=[4]))'),
             ('seed', None),
             ('normalize', False)])
```
"""
COURSE = """---
tags:
- deep-reinforcement-learning
---
  # PPO Agent Playing Pond-v0

  # Hyperparameters
  ```python
  {'exp_name': 'ppo'
'seed': 3
'cuda': True
'environment': 'pond'
'wandb_project_name': 'frogs'
'total_timesteps': 40000
'learning_rate': 0.0003
'anneal_lr': True
'gamma': 0.98
'update_epochs': 5
'target_kl': None
'repo_id': 'acme/pond'
'batch_size': 256
'minibatch_size': 64}
  ```
"""
CLEANRL = """---
tags:
- deep-reinforcement-learning
---
# (CleanRL) **DQN** Agent Playing **Pond-v0**

# Hyperparameters
```python
{'batch_size': 128,
 'env_id': 'Pond-v0',
 'layers': [64,
            32],
 'note': 'a: b, '
         'c',
 'learning_rate': 1e-3}
```
"""
SKRL = """---
tags:
- deep-reinforcement-learning
---
# Hyperparameters
```python
cfg_ppo = PPO_DEFAULT_CONFIG.copy()
cfg_ppo["rollouts"] = 12  # memory_size
cfg_ppo["learning_rate"] = 4e-4
cfg_ppo["state_preprocessor_kwargs"] = {"size": env.space, "device": device}
cfg_ppo["rewards_shaper"] = None
```
"""


def stated(card: Card) -> dict[str, str]:
    named = card.hyperparameters
    keys = ("learning_rate", "train_batch_size", "seed", "num_epochs", "training_steps")
    known = {key: getattr(named, key).text for key in keys if getattr(named, key)}
    return known | {key: value.text for key, value in named.other.items()}


def test_each_pair_of_an_ordered_dict_is_a_setting():
    assert stated(read_card(ZOO)) == {
        "train_batch_size": "48",
        "env_wrapper": "['acme.wrappers.Pond', {'acme.wrappers.Skip': {'n': 2}}]",
        "learning_rate": "lin_2.5e-4",
        "n_epochs": "7",
        "n_timesteps": "3000000.0",
        "policy": "CnnPolicy",
        "policy_kwargs": "dict(net_arch=dict(pi=[30, 20], kind='a', qf=[4]))",
        "normalize": "False",
    }


def test_a_setting_stands_where_it_is_printed():
    card = read_card(ZOO)
    steps = card.hyperparameters.other["n_timesteps"]
    assert (card.line(steps.span), card.column(steps.span), steps.value) == (13, 30, 3_000_000)


def test_a_dict_without_commas_is_read_by_its_lines():
    assert stated(read_card(COURSE)) == {
        "seed": "3",
        "environment": "pond",
        "total_timesteps": "40000",
        "learning_rate": "0.0003",
        "anneal_lr": "True",
        "gamma": "0.98",
        "update_epochs": "5",
        "train_batch_size": "256",
        "minibatch_size": "64",
    }


def test_a_value_goes_on_over_lines():
    assert stated(read_card(CLEANRL)) == {
        "train_batch_size": "128",
        "layers": "[64, 32]",
        "note": "a: b, c",
        "learning_rate": "1e-3",
    }


def test_assignments_to_a_configuration_are_settings():
    assert stated(read_card(SKRL)) == {
        "rollouts": "12",
        "learning_rate": "4e-4",
        "state_preprocessor_kwargs": '{"size": env.space, "device": device}',
    }


def test_nothing_is_read_behind_a_value_without_an_end():
    assert stated(read_card(ZOO.replace("{'n': 2}}]", "{'n': 2"))) == {"train_batch_size": "48"}


def test_settings_under_another_heading_are_none_of_the_training():
    assert "n_timesteps" not in stated(read_card(ZOO.replace("## Hyperparameters", "## Usage")))


def test_a_long_block_takes_time_for_each_character_once():
    for filling in ("('a', 1), ", "('a', [", "('a', '", "(" + " " * 90):
        block = "OrderedDict([" + filling * (1_000_000 // len(filling))
        begin = process_time()
        read_card(ZOO.replace("OrderedDict([", block, 1))
        assert process_time() - begin < 3
