"""Cards that libraries and their courses write: what stands where in each template."""

import pytest

from cardaudit.exchange import card_json
from cardaudit.parse import read_card
from cardaudit.records import Card


def others(card: Card) -> dict[str, str]:
    return {key: value.text for key, value in card.hyperparameters.other.items()}


def results_of(card: Card) -> list[tuple[str | None, ...]]:
    return [(each.metric, each.number.text, each.dataset, each.setting) for each in card.results]


TWEETS = """---
language: en
---

<div
style="display:inherit; margin-left: 4px; width: 92px; height:92px">
</div>
<div style="margin-top: 8px">Frog 2000</div>

I was made with [huggingtweets](https://ponds.example/huggingtweets).

## How does it work?

The model was trained on tweets from Frog 2000 & Toad | 7.

{table}

The model is based on a pre-trained [GPT-2](https://huggingface.co/gpt2) which is fine-tuned on @frog's tweets.

{usage}
"""
IN_HTML = """<table style='border-width:0'>
<tr style='border-width:0 0 1px 0'>
<td style='border-width:0'>Tweets downloaded</td>
<td style='border-width:0'>3140</td>
</tr>
<tr style='border-width:0'>
<td style='border-width:0'>Tweets kept</td>
<td style='border-width:0'>888</td>
</tr>
</table>"""
USED = "```python\ngenerator = pipeline('text-generation',\n                     model='huggingtweets/frog')\n```"
USED_IN_HTML = """<pre><code>generator = pipeline('text-generation',
                     model=<span style="color:#FF9800">'huggingtweets/frog'</span>)
generator("My dream is", num_return_sequences=<span style="color:#8BC34A">5</span>)</code></pre>"""
BROKEN = "| Data | Frog 2000 | Toad | 7 |\n| --- | --- | --- |\n| Tweets downloaded | 3140 | 12 |\n| Tweets kept | 888 | 9 |"


@pytest.mark.parametrize("usage", [USED, USED_IN_HTML])
@pytest.mark.parametrize(("table", "accounts"), [(IN_HTML, 1), (BROKEN, 2)])
def test_tweets_are_counted_by_account(usage: str, table: str, accounts: int):
    card = read_card(TWEETS.format(table=table, usage=usage))
    first = {"tweets_downloaded": "3140", "tweets_kept": "888"}
    second = {"tweets_downloaded_2": "12", "tweets_kept_2": "9"}
    assert others(card) == (first if accounts == 1 else first | second)
    assert (card.dialect, card.model_name.text, card.base_model.text, card.unread) == (
        "huggingtweets",
        "huggingtweets/frog",
        "gpt2",
        (),
    )


OPUS = """---
tags:
- translation
---

### frg-tod

*  OPUS readme: [frg-tod](https://ponds.example/README.md)
*  model: transformer-align
* source language(s): frg
* target language(s): tod tod_Latn
* pre-processing: normalization + SentencePiece (spm32k,spm32k)
* release date: 2021-02-18

## Benchmarks

| testset | BLEU  | chr-F | #sent | #words | BP |
|---------|-------|-------|-------|--------|----|
| pondtest2009.frg-tod 	| 23.6 	| 0.5385 	| 2525 	| 62816 	| 0.999 |

### System Info:
- source_languages: frg
- chrF2_score: 0.54
- ref_len: 2783.0
- train_date: 2020-06-17
- port_time: 2020-08-21-14:41
"""
IN_PARTS = """* dataset: opus
* BLEU-scores
|Test set|score|
|---|---|
|pondtest.frg-tod|57.2|

* chr-F-scores
|Test set|score|
|---|---|
|pondtest.frg-tod|0.71|
"""


def test_scores_of_a_translation_with_what_they_are_counted_over():
    card = read_card(OPUS)
    counted = ("pondtest2009.frg-tod", "#sent 2525, #words 62816")
    assert results_of(card) == [
        ("bleu", "23.6", *counted),
        ("chrf", "0.5385", *counted),
        ("brevity_penalty", "0.999", *counted),
    ]
    assert others(card) == {
        "architecture": "transformer-align",
        "source_languages": "frg",
        "target_languages": "tod tod_Latn",
        "pre_processing": "normalization + SentencePiece (spm32k,spm32k)",
        "ref_len": "2783.0",
        "train_date": "2020-06-17",
    }
    assert (card.dialect, card.task.text, card.unread) == ("opus-mt", "translation", ())


def test_a_score_is_of_the_metric_that_the_item_above_its_table_names():
    assert results_of(read_card(IN_PARTS)) == [
        ("bleu", "57.2", "pondtest.frg-tod", None),
        ("chrf", "0.71", "pondtest.frg-tod", None),
    ]


PIPELINE = """| Feature | Description |
| --- | --- |
| **Name** | `fr_pond` |
| **spaCy** | `>=3.2.0,<3.3.0` |
| **Vectors** | 500000 keys, 20000 unique vectors (300 dimensions) |
| **Sources** | {sources} |
| **License** | `MIT` |

| Type | Score |
| --- | --- |
| **F1-Score** | 74.87 |
| `TAG_ACC` | 97.25 |
"""


def test_vectors_and_scores_of_a_pipeline():
    card = read_card(PIPELINE.format(sources="n/a"))
    assert others(card) == {"vector_keys": "500000", "unique_vectors": "20000", "vector_dimensions": "300"}
    assert results_of(card) == [("f1", "74.87", None, None), ("tag_accuracy", "97.25", None, None)]
    assert (card.dialect, card.unread) == ("spacy", ())


@pytest.mark.parametrize(
    ("sources", "datasets", "base"),
    [
        ("[UD Pond v2.8](https://ponds.example/ud) (Frog, A.; Toad, B. 2001)", ["UD Pond v2.8"], None),
        (
            "[Pond Corpus (bd311de5)](https://ponds.example/c) (Frog)<br />[Lemmatization Lists](https://ponds.example/l)",
            ["Pond Corpus"],
            None,
        ),
        ("[frogs](https://huggingface.co/datasets/ponds/frogs) (Frog)", ["ponds/frogs"], None),
        (
            "[Pond corpus vectors](https://ponds.example/v)<br />[frog-base](https://huggingface.co/ponds/frog-base)",
            [],
            "frog-base",
        ),
        ("[a](https://huggingface.co/a)<br />[Check corpus version on GitHub](https://ponds.example/c)", [], None),
        ("[our encoder](https://huggingface.co/ponds/frog-base)", [], None),
    ],
)
def test_sources_of_a_pipeline_are_data_sets_where_their_words_say_so(sources: str, datasets: list[str], base: str | None):
    card = read_card(PIPELINE.format(sources=sources))
    assert [each.id for each in card.datasets] == datasets
    assert (card.base_model and card.base_model.text) == base
    assert card.unread == ()


TAGGER = """---
tags:
- flair
- token-classification
---
## Pond NER in Flair

This is the standard 4-class NER model for 2 pond languages that ships with [Flair](https://github.com/flairNLP/flair/).

F1-Score: **92,16** (Pond-03), **87.3** (Pond-03 German dataset)

Predicts 4 tags:

Results:
- F-score (micro) 0.972
- F-score (macro) 0.9692

```python
embeddings = TransformerWordEmbeddings(
    model='frog-base',
)
tagger = SequenceTagger(hidden_size=256)
trainer.train('resources/taggers/pond',
              mini_batch_size=4,  # learning_rate=7
              max_epochs=150)
```
"""


def test_scores_of_a_tagger_have_the_data_sets_behind_them():
    card = read_card(TAGGER)
    assert results_of(card) == [
        ("f1", "92,16", "Pond-03", None),
        ("f1", "87.3", "Pond-03 German", None),
        ("f1", "0.972", None, "micro avg"),
        ("f1", "0.9692", None, "macro avg"),
    ]
    assert [str(each.number.value) for each in card.results[:2]] == ["92.16", "87.3"]
    assert (card.dialect, card.task.text, dict(card.headline), card.unread) == ("flair", "token-classification", {}, ())


def test_the_script_of_a_tagger_says_how_it_was_trained():
    card = read_card(TAGGER)
    settings = card.hyperparameters
    assert (settings.train_batch_size.text, settings.num_epochs.text, settings.learning_rate) == ("4", "150", None)
    assert others(card) == {"num_labels": "4", "hidden_size": "256"}
    assert card.base_model.text == "frog-base"


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("[Flair TransformerWordEmbeddings - frog-base](https://example.com)", "frog-base"),
        ("`TransformerDocumentEmbeddings (ponds/frog-small)`", "ponds/frog-small"),
        ("TransformerWordEmbeddings - frog-base or TransformerWordEmbeddings - toad-base", None),
    ],
)
def test_the_embeddings_that_a_tagger_s_sentence_names(words: str, base: str | None):
    told = f"A 7-class NER model of [Flair](https://github.com/flairNLP/flair/) using {words}.\n"
    card = read_card("---\ntags:\n- flair\n---\n## Pond NER\n\n" + told)
    assert (card.base_model and card.base_model.text) == base


ADAPTER = """# Adapter `ponds/frog-pf-pondqa` for frog-base

An [adapter](https://adapterhub.ml) for the `frog-base` model that was trained on the \
[qa/pondqa](https://ponds.example/qa) dataset and includes a prediction head for {head}.
"""


@pytest.mark.parametrize(
    ("head", "task"),
    [("question answering", "question-answering"), ("tagging", "token-classification"), ("dependency parsing", None)],
)
def test_an_adapter_is_named_in_its_title_and_its_task_is_the_head_s(head: str, task: str | None):
    card = read_card(ADAPTER.format(head=head))
    assert (card.dialect, card.model_name.text, card.base_model.text) == ("adapters", "ponds/frog-pf-pondqa", "frog-base")
    assert [each.id for each in card.datasets] == ["qa/pondqa"]
    assert (card.task and card.task.text) == task


REWARDED = """---
tags:
- deep-reinforcement-learning
model-index:
- name: frogger
  results:
  - dataset:
      name: Pond-v2
      type: Pond-v2
    metrics:
    - type: mean_reward
      value: {value}
---
"""


@pytest.mark.parametrize(
    ("value", "text", "stderr"),
    [("284.70 +/- 18.70", "284.70", "18.70"), ("'-16.8 +/- 3'", "-16.8", "3"), ("0.5", "0.5", None), ("1.0 (best)", "1.0", None)],
)
def test_the_spread_of_a_reward_stands_beside_it(value: str, text: str, stderr: str | None):
    card = read_card(REWARDED.format(value=value))
    assert [(each.number.text, each.stderr) for each in card.model_index] == [(text, stderr)]
    listed = card_json(card)["model_index"][0]
    assert listed.get("stderr") == stderr


AGENT = """---
tags:
- deep-reinforcement-learning
- reinforcement-learning
---
# **ppo** Agent playing **Frogger**

This model was trained using Sample Factory 2.0: https://ponds.example/sf

To learn to use this model and train yours check Unit 5 of the Pond Class: https://ponds.example/unit5

1. Go to the pond
2. Step 1: Write your model_id: ponds/ppo-Frogger1
3. Step 2: Select your *.nn /*.onnx file

learning_rate = 0.8          # Learning rate
max_steps = 100              # Max steps per {word}
"""


def test_steps_and_units_of_a_course_are_no_numbers_of_its_agents():
    card = read_card(AGENT.format(word="episode"))
    assert (card.dialect, card.task.text, card.unread) == ("reinforcement-learning", "reinforcement-learning", ())
    assert card.model_name.text == "ponds/ppo-Frogger1"
    assert {key: value.text for key, value in card.framework_versions.items()} == {"sample_factory": "2.0"}


@pytest.mark.parametrize(("word", "steps", "other"), [("episode", None, {"max_steps": "100"}), ("training", "100", {})])
def test_the_steps_of_an_episode_are_no_steps_of_the_training(word: str, steps: str | None, other: dict[str, str]):
    settings = read_card(AGENT.format(word=word)).hyperparameters
    assert (settings.training_steps and settings.training_steps.text) == steps
    assert {key: value.text for key, value in settings.other.items()} == other


TRAINED = """---
tags: {tags}
---
# Model Trained Using AutoTrain

- Problem type: {problem}
- Model ID: 7

## Usage

```
$ curl -X POST https://api-inference.huggingface.co/models/ponds/autotrain-frogs-7
```
"""


@pytest.mark.parametrize(
    ("tags", "problem", "task"),
    [
        ("[autotrain, vision, image-classification]", "Binary Classification", "image-classification"),
        ("autonlp", "Binary Classification", "text-classification"),
        ("autotrain", "Binary Classification", None),
        ("autotrain", "Entity Extraction", "token-classification"),
    ],
)
def test_a_problem_type_is_a_task_where_it_can_be_only_one(tags: str, problem: str, task: str | None):
    card = read_card(TRAINED.format(tags=tags, problem=problem))
    assert (card.dialect, card.model_name.text, card.unread) == ("autotrain", "ponds/autotrain-frogs-7", ())
    assert (card.task and card.task.text) == task


CONCEPT = """---
tags: {tags}
---
# DreamBooth model for the frog concept trained by a pond.
"""


@pytest.mark.parametrize(
    ("tags", "task"), [("[text-to-image]", "text-to-image"), ("[translation, text-to-image]", None), ("[a]", None)]
)
def test_the_one_task_among_the_tags_is_the_card_s(tags: str, task: str | None):
    card = read_card(CONCEPT.format(tags=tags))
    assert (card.dialect, card.task and card.task.text) == ("diffusers", task)


SIZES = """# Frog encoder

This is a [sentence-transformers](https://www.SBERT.net) model.

| Dataset | Paper | Number of training tuples |
|---|---|---|
| [Pond comments (2015-2018)](https://ponds.example/c) | [paper](https://ponds.example/p) | 726,484 |
| Frog pairs | - | 12 |
| **Total** | | **726,496** |
"""


def test_sizes_of_the_data_sets_that_an_encoder_was_trained_on():
    card = read_card(SIZES)
    assert {key: (value.label, value.text) for key, value in card.hyperparameters.other.items()} == {
        "training_tuples": ("Pond comments (2015-2018)", "726,484"),
        "training_tuples_2": ("Frog pairs", "12"),
        "training_tuples_total": ("Total", "726,496"),
    }
    assert (card.results, card.unread) == ((), ())


@pytest.mark.parametrize(("title", "name"), [("{MODEL_NAME}", None), ("Frog encoder", "Frog encoder")])
def test_a_name_that_the_template_asks_for_is_none(title: str, name: str | None):
    card = read_card(SIZES.replace("Frog encoder", title))
    assert (card.model_name and card.model_name.text) == name


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ("Steps:1000", "1000"),
        ("A frog fine-tuned with DreamBooth. Used 1600 steps. It can be used by its prompt", "1600"),
        ("Take 2 steps: 30 to the left", None),
    ],
)
def test_the_steps_that_a_concept_was_trained_for(line: str, steps: str | None):
    card = read_card(CONCEPT.format(tags="[a]") + f"\n{line}\n\n![frog](3.png) ![frog](./frog 4.png)\n")
    stated = card.hyperparameters.training_steps
    assert (stated and stated.text, len(card.unread)) == (steps, 0 if steps else 1)
