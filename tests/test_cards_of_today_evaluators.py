"""Names that sentence-transformers gives its evaluators are no data sets; a detector's and a policy's notes are settings."""

from cardaudit import read_card
from cardaudit.exchange import card_json

CARD = """---
library_name: sentence-transformers
model-index:
- name: Pond
  results:
  - task:
      type: information-retrieval
    dataset:
      name: pond dev
      type: pond-dev
    metrics:
    - type: cosine_ndcg@10
      value: 0.71
---
# Pond

This is a [sentence-transformers](https://www.SBERT.net) model finetuned from [acme/frog](https://huggingface.co/acme/frog).

## Evaluation

### Metrics

#### Information Retrieval

* Dataset: `pond-dev`
* Evaluated with [<code>InformationRetrievalEvaluator</code>](https://sbert.net/docs/evaluation.html)

| Metric         | Value |
|:---------------|:------|
| cosine_ndcg@10 | 0.71  |

## Training Details

"""
TRAINED_ON = """### Training Dataset

#### acme/pond

* Dataset: [acme/pond](https://huggingface.co/datasets/acme/pond)
* Size: 90 training samples
"""


def test_the_name_of_an_evaluator_is_no_data_set():
    assert read_card(CARD).datasets == ()


def test_the_data_set_that_a_card_names_beside_its_evaluator():
    assert [each.id for each in read_card(CARD + TRAINED_ON).datasets] == ["acme/pond"]


def settings(text):
    return {
        key: each["text"]
        for key, each in card_json(read_card(f"# Pond\n\n{text}\n"))["hyperparameters"].items()
        if key != "other"
    }


def test_short_notes():
    assert settings("80 epochs, imgsz 512, A10") == {"num_epochs": "80"}
    assert settings("15k steps, bs 32, 40 episodes.") == {"training_steps": "15k", "train_batch_size": "32"}
