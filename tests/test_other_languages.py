"""Cards in German, French, Spanish, Portuguese, Italian, Chinese and Japanese: their words for metrics and settings."""

from dataclasses import fields

import pytest

from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.records import Hyperparameters

FRONT = "---\nlicense: mit\n---\n# m\n\n"


def card_of(body):
    return read_card(f"{FRONT}{body}\n")


def results(card):
    return [(each.metric, each.number.text, each.setting) for each in card.results]


def unread(card):
    return [line.text for line in card.unread]


GERMAN = """\
## Ergebnisse

| Klasse | Genauigkeit (Precision) | Trefferquote (Recall) | F1-Maß | {count} |
|---|---|---|---|---|
| Lob | 0,913 | 0,884 | {f1} | 155 |
| Frage | 0,932 | 0,951 | 0,941 | 245 |
"""


@pytest.mark.parametrize(("count", "key"), [("Anzahl", "count"), ("Unterstützung", "support")])
def test_the_english_word_in_brackets_says_which_metric_it_is(count, key):
    card = card_of(GERMAN.format(f1="0,898", count=count))
    rows = {"Lob": ("0,913", "0,884", "0,898", "155"), "Frage": ("0,932", "0,951", "0,941", "245")}
    named = "label {}" if key == "support" else "{}"
    assert [(metric, text) for metric, text, _ in results(card)] == [
        each for numbers in rows.values() for each in zip(("precision", "recall", "f1", key), numbers, strict=True)
    ]
    assert {setting for _, _, setting in results(card)} <= {*rows, *map(named.format, rows)}
    assert unread(card) == []
    assert [each.rule for each in check_card(card).findings if each.kind == "inconsistent"] == []


def test_an_impossible_f1_of_a_german_table_is_found():
    card = card_of(GERMAN.format(f1="0,928", count="Anzahl"))
    assert [each.rule for each in check_card(card).findings if each.kind == "inconsistent"] == ["inconsistent-f1"]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Genauigkeit (Precision)", "precision"),
        ("Genauigkeit", "accuracy"),
        ("Genauigkeit (Accuracy)", "accuracy"),
        ("精度 (Precision)", "precision"),
        ("Accuracy (Recall)", "accuracy"),
        ("Gesamtgenauigkeit", "accuracy"),
        ("准确度", "accuracy"),
        ("F1スコア", "f1"),
        ("Perte de validation", "loss"),
        ("Punteggio F1", "f1"),
        ("Exatidão", "accuracy"),
    ],
)
def test_the_words_of_metrics(label, key):
    card = card_of(f"## x\n\n- {label}: 0.913")
    assert [*card.headline, *(each.metric for each in card.results)] == [key]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("Schritte: 723 (241 je Epoche)", "training_steps", 723),
        ("Schritte: 1.446", "training_steps", 1446),
        ("Startwert (Seed): 42", "seed", 42),
        ("Semente aleatória: 7", "seed", 7),
        ("总步数：5,004（每轮 1,668 步）", "training_steps", 5004),
        ("批尺寸：32", "train_batch_size", 32),
        ("Nombre d'étapes : 500", "training_steps", 500),
        ("Número de pasos: 500", "training_steps", 500),
        ("Dimensione dei batch: 16", "train_batch_size", 16),
        ("ステップ数: 900", "training_steps", 900),
    ],
)
def test_the_words_of_settings(line, key, value):
    card = card_of(f"## Training\n\n- {line}")
    stated = {each.name: getattr(card.hyperparameters, each.name) for each in fields(Hyperparameters) if each.name != "other"}
    assert {name: number.value for name, number in stated.items() if number} == {key: value}


@pytest.mark.parametrize(
    ("sentence", "metric", "text"),
    [
        ("Die Gesamtgenauigkeit beträgt 91,7 %.", "accuracy", "91,7 %"),
        ("Die Genauigkeit auf dem Testdatensatz liegt bei 91,7%.", "accuracy", "91,7%"),
        ("Le modèle a une exactitude de 0,917 sur le test.", "accuracy", "0,917"),
        ("L'exactitude globale est de 91,7 %.", "accuracy", "91,7 %"),
        ("La exactitud en el conjunto de prueba es del 91.7%.", "accuracy", "91.7%"),
        ("A acurácia no conjunto de teste é de 91,7%.", "accuracy", "91,7%"),
        ("L'accuratezza sul test è del 91,7%.", "accuracy", "91,7%"),
    ],
)
def test_the_sentences_of_other_languages(sentence, metric, text):
    assert results(card_of(sentence)) == [(metric, text, None)]
    assert str(card_of(sentence).results[0].number.value) == "0.917"


@pytest.mark.parametrize(
    "sentence",
    [
        "Eine Verbesserung der Genauigkeit von 3,2 % ist möglich.",
        "Wir haben die Genauigkeit von 80,1 % auf 91,7 % gebracht.",
        "Die Genauigkeit auf den Trainingsdaten beträgt 99,1 %.",
        "La exactitud en el conjunto de entrenamiento es del 99.1%.",
        "Une amélioration de l'exactitude de 3,2 points.",
    ],
)
def test_differences_and_training_data_are_no_results(sentence):
    assert results(card_of(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("Die Gesamtgenauigkeit beträgt 91,7 %, also 441 von 481 Briefen.", {"correct": 441, "examples": 481}),
        ("Die Genauigkeit beträgt 91,7 % (1.441 von 1.571).", {"correct": 1441, "examples": 1571}),
        ("The accuracy is 57.43%, i.e. 5,743 of 10,000 are right.", {"correct": 5743, "examples": 10000}),
        ("The accuracy is 57.43% (5,743/10,000).", {"correct": 5743, "examples": 10000}),
        ("准确率为 57.43%，即 10,000 条中 5,743 条正确。", {"correct": 5743, "examples": 10000}),
        ("The accuracy is 57.43% (3 of 5 runs were better).", {}),
        ("The accuracy is 57.43% (57 of 100 classes are seen).", {}),
        ("The accuracy is 57.43% (120 of 481 were new).", {}),
        ("The accuracy is 57.43% on 100 of 200 pages.", {}),
        ("The accuracy is 57.43%, that is 12.5 of 20.", {}),
    ],
)
def test_the_counts_behind_an_accuracy(sentence, counts):
    card = card_of(sentence)
    assert {each.metric: int(each.number.value) for each in card.results if each.metric != "accuracy"} == counts
    assert unread(card) == ([] if counts else [sentence])
