"""Settings of a pretraining told in prose: the card's own, unless the card says that its model was fine-tuned since."""

import pytest

from cardaudit import read_card
from cardaudit.records import Card

PRETRAINED = """---
language: fi
---
# Acme pond

{told}

### Pretraining

The model was trained on TPUv3-8 VM, sponsored by [Acme](https://acme.example/), for 850K steps with a batch size of 256 (in total
112B tokens). The optimizer used was {article}AdaFactor with learning rate warmup for 10K steps with a constant learning rate of
1e-2, and then an inverse square root decay (exponential decay) of the learning rate after.
"""
OWN = {
    "learning_rate": "1e-2",
    "train_batch_size": "256",
    "lr_scheduler_type": "inverse square root",
    "lr_scheduler_warmup_steps": "10K",
    "training_steps": "850K",
    "optimizer": "adafactor",
}


def stated(card: Card) -> dict[str, str]:
    named = card.hyperparameters
    keys = [key for key in OWN if key != "optimizer"]
    known = {key: printed.text for key in keys if (printed := getattr(named, key))}
    return known | ({"optimizer": card.optimizer.name} if card.optimizer and card.optimizer.name else {})


def test_a_pretraining_that_went_on_from_a_base_is_the_cards_own():
    text = "---\nbase_model: acme/pond\n---\n# Frog\n\n## Training procedure\n\n{} pretraining was done for 10 epochs.\n"
    epochs = [read_card(text.format(word)).hyperparameters.num_epochs for word in ("Continued", "Further")]
    assert [each and each.text for each in epochs] == ["10", "10"]


@pytest.mark.parametrize("article", ["an ", "a ", "the ", ""])
def test_a_pretraining_is_told_with_any_article(article: str):
    assert stated(read_card(PRETRAINED.format(told="A frog model.", article=article))) == OWN


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            "Others started from it, such as [acme/toad](https://acme.example/toad) which has been fine-tuned on toads.",
            id="another repository",
        ),
        pytest.param("Use this code to load the model and finetune it on your data.", id="advice"),
        pytest.param("We fine-tune and evaluate the models on five tasks.", id="for a measurement"),
        pytest.param("## Evaluation\n\nThe model has been fine-tuned on three tasks.", id="under evaluation"),
    ],
)
def test_a_fine_tuning_that_is_not_the_models_hides_nothing(told: str):
    assert stated(read_card(PRETRAINED.format(told=told, article="an "))) == OWN


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("The model was fine-tuned on frogs.", id="was"),
        pytest.param(
            "This is [acme/toad](https://acme.example/toad) which has been fine-tuned on frogs.", id="what the model is"
        ),
        pytest.param("We fine-tune the model on frogs.", id="we"),
        pytest.param("## Fine-tuned on frogs\n\nSee below.", id="heading"),
    ],
)
def test_a_pretraining_before_a_fine_tuning_is_another_models(told: str):
    assert stated(read_card(PRETRAINED.format(told=told, article="an "))) == {}
