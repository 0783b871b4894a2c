"""The engine's recipes: labels and scores, data in every format, and what cannot be used."""

import json
import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import tiny
from tiny import sentence_of, train, warnings_of

from cardaudit.records import Plan, Run

pytestmark = [pytest.mark.train, pytest.mark.usefixtures("one_thread")]
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")


# --- seqeval and labels -------------------------------------------------------------------------------------------------


def test_seqeval_sees_no_entity_in_one_character_labels() -> None:
    """seqeval 1.2.2: the type of "1" is "_", that of "O" and "0" as well, so no chunk ends; "NN" has a type and becomes one."""
    from seqeval.metrics.sequence_labeling import get_entities

    assert version("seqeval") == "1.2.2"
    assert get_entities(["0", "1", "1", "0"]) == []
    assert get_entities(["1", "O", "1"]) == []
    assert get_entities(["B", "O"]) == [("_", 0, 0)]
    assert get_entities(["NN", "NN", "O"]) == [("N", 0, 1)]
    assert get_entities(["1", "10", "O"]) == [("_", 0, 0), ("0", 1, 1)]


def test_one_character_labels_score_zero_and_the_cause_is_told(base: Path, tmp_path: Path) -> None:
    def binary(rows: list[tuple[list[str], list[str]]]) -> list[tuple[list[str], list[str]]]:
        return [(words, [str(int(tag.endswith("PER"))) for tag in tags]) for words, tags in rows]

    tiny.write_conll(tmp_path / "train.conll", binary(tiny.sentences(40, 1)))
    tiny.write_conll(tmp_path / "dev.conll", binary(tiny.sentences(20, 2)))
    run, events = train(tiny.token_plan(base, tmp_path), tmp_path)
    scores = [{name: row.metrics[name] for name in ("precision", "recall", "f1")} for row in run.rows]
    counts = {name: run.facts[name] for name in ("labels", "gold_entities", "predicted_entities", "correct_entities")}
    assert scores == [{"precision": 0.0, "recall": 0.0, "f1": 0.0}] * 2
    assert run.rows[-1].metrics["accuracy"] > 0.7
    assert counts == {"labels": ["0", "1"], "gold_entities": 0, "predicted_entities": 0, "correct_entities": 0}
    assert warnings_of(events) == [
        "seqeval sees no entity in the evaluation split: its labels '0', '1' are single characters, which it reads as a prefix "
        "whose type is that of 'O', so that no chunk ever ends; precision, recall and F1 are 0 whatever is predicted"
    ]


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({}, [-100, 3, 0, 1, -100, 2, -100]),
        ({"label_all_tokens": True}, [-100, 3, 0, 1, 1, 2, -100]),
        ({"label_all_tokens": True, "b_to_i": True}, [-100, 3, 0, 1, 2, 2, -100]),
    ],
)
def test_labels_on_sub_tokens(base: Path, data: Path, options: dict[str, Any], labels: list[int]) -> None:
    from cardaudit.engine.base import load_tokenizer
    from cardaudit.engine.recipes.token_classification import encode
    from cardaudit.engine.splits import Split

    plan = replace(tiny.token_plan(base, data), task_options=options)
    split = Split("train", ([["clara", "in", "berlin", "oslo"]],), [["B-PER", "O", "B-LOC", "I-LOC"]])
    tokenizer = load_tokenizer(plan, words=True)
    [row] = encode(split, tokenizer, ["O", "B-LOC", "I-LOC", "B-PER"], plan)
    assert tokenizer.convert_ids_to_tokens(row["input_ids"]) == ["[CLS]", "clara", "in", "ber", "##lin", "oslo", "[SEP]"]
    assert row["labels"] == labels


def test_label_order_is_o_then_type_then_prefix() -> None:
    from cardaudit.engine.recipes.token_classification import conll_order

    assert conll_order({"I-PER", "B-PER", "O", "B-LOC", "I-LOC"}) == ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    assert conll_order({"0", "1"}) == ["0", "1"]


# --- data ---------------------------------------------------------------------------------------------------------------


def text_run(base: Path, folder: Path, tmp_path: Path, options: dict[str, Any], **dataset: Any) -> Run:
    plan = replace(tiny.text_plan(base, folder, num_epochs=1.0), task_options=options)
    return train(replace(plan, dataset=replace(plan.dataset, **dataset)), tmp_path)[0]


def test_the_same_texts_train_alike_in_every_format(base: Path, data: Path, tmp_path: Path) -> None:
    from datasets import ClassLabel, Dataset, Features, Value

    rows = {"train": tiny.texts(40, seed=1), "dev": tiny.texts(20, seed=2)}
    hub = tmp_path / "hub"
    for name, examples in rows.items():
        table = Dataset.from_list(examples)
        table.to_csv(tmp_path / f"{name}.csv", index=False)
        table.to_csv(tmp_path / f"{name}.tsv", index=False, sep="\t")
        (tmp_path / f"{name}.json").write_text(json.dumps({"version": 1, "data": examples}))
        named = Features({"text": Value("string"), "label": ClassLabel(names=["none", "place"])})
        table.cast(named).to_parquet(hub / "data" / f"{name}-00000-of-00001.parquet")
    (hub / "README.md").write_text(
        "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n"
        "  - split: dev\n    path: data/dev-*\n---\n"
    )
    metrics = {"metrics": ["accuracy", "f1", "precision", "recall", "matthews_correlation", "f1_macro", "roc_auc"]}
    options = [
        {"path": str(data)},
        {"path": str(tmp_path), "format": "csv", "files": {"train": "train.csv", "dev": "dev.csv"}},
        {"path": str(tmp_path), "format": "csv", "files": {"train": "train.tsv", "dev": "dev.tsv"}},
        {"path": str(tmp_path), "format": "json"},
        {"path": str(hub / "data"), "format": "parquet"},
        {"path": str(hub), "format": "hub"},
    ]
    runs = [text_run(base, data, tmp_path / str(i), metrics, **option) for i, option in enumerate(options)]
    assert [run.rows == runs[0].rows for run in runs] == [True] * len(runs)
    assert list(runs[0].rows[0].metrics) == metrics["metrics"]
    assert [run.facts["labels"] for run in runs] == [["0", "1"]] * 4 + [["none", "place"]] * 2


def test_several_labels_and_numbers(base: Path, tmp_path: Path) -> None:
    several = [{"text": row["text"], "label": ["place"] * row["label"] + ["text"]} for row in tiny.texts(40, 1)]
    numbers = [{"text": row["text"], "label": row["label"] + len(row["text"]) / 10} for row in tiny.texts(40, 1)]
    for name, rows in (("several", several), ("numbers", numbers)):
        (tmp_path / name).mkdir()
        tiny.write_jsonl(tmp_path / name / "train.jsonl", rows)
        tiny.write_jsonl(tmp_path / name / "dev.jsonl", rows[:20])
    problem = {"problem_type": "multi_label_classification", "average": "micro", "metrics": ["f1", "accuracy", "roc_auc"]}
    run = text_run(base, tmp_path / "several", tmp_path / "1", problem)
    assert run.facts["labels"] == ["place", "text"]
    assert list(run.rows[0].metrics) == ["f1", "accuracy", "roc_auc"]
    names = ["mse", "rmse", "mae", "pearson", "spearmanr", "r2"]
    run = text_run(base, tmp_path / "numbers", tmp_path / "2", {"problem_type": "regression", "metrics": names})
    assert list(run.rows[0].metrics) == names
    assert run.rows[0].metrics["mse"] == pytest.approx(run.rows[0].validation_loss, rel=1e-4)
    assert run.rows[0].metrics["rmse"] == pytest.approx(run.rows[0].metrics["mse"] ** 0.5)


def test_conll_lines(tmp_path: Path) -> None:
    from cardaudit.engine.columns import Sentence, read_columns

    path = tmp_path / "train.txt"
    path.write_text("-DOCSTART- -X- O\n\nEU NNP B-ORG\r\nrejects VBZ O\n\n\nnon\u2028break NN O\n", encoding="utf-8")
    assert read_columns(path, 0, -1) == [Sentence(["EU", "rejects"], ["B-ORG", "O"]), Sentence(["non\u2028break"], ["O"])]
    assert [s.labels for s in read_columns(path, 0, 1)] == [["NNP", "VBZ"], ["NN"]]


# --- what cannot be used ------------------------------------------------------------------------------------------------


def test_data_that_does_not_fit(base: Path, data: Path, tmp_path: Path) -> None:
    token, text = tiny.token_plan(base, data), tiny.text_plan(base, data)
    odd = tmp_path / "odd"
    odd.mkdir()
    tiny.write_conll(odd / "train.conll", tiny.sentences(8, 1))
    tiny.write_conll(odd / "dev.conll", [(["anna", "sang"], ["B-PER", "B-VERB"])])
    (odd / "none.conll").write_text("\n\n")
    (odd / "bare.conll").write_text("anna\nmet\n")
    (odd / "train.jsonl").write_text("no json\n")

    def refused(plan: Plan, **dataset: Any) -> str:
        return sentence_of(replace(plan, dataset=replace(plan.dataset, **dataset)), tmp_path)

    assert [
        refused(token, path=str(odd)),
        refused(token, path=str(odd), eval_split="none"),
        refused(token, path=str(odd), train_split="bare"),
        refused(token, label_column="5"),
        refused(token, label_column="ner"),
        refused(token, eval_split="test"),
        refused(text, label_column="target"),
        refused(text, path=str(odd)),
        refused(text, text_columns=("label",)),
    ] == [
        "the split 'dev' of tiny-conll has the label 'B-VERB', which is not among the 4 known from training: "
        "give all labels in their order with --set labels=A,B,C",
        "the split 'none' of tiny-conll holds no example: name another with --set train_split= or eval_split=",
        "line 1 of bare.conll has 1 column, so no label column -1 beside the token: "
        "give another with --set label_column=N, counted from 0",
        "line 1 of train.conll has 2 columns, so no label column 5 beside the token: "
        "give another with --set label_column=N, counted from 0",
        "the label column of CoNLL data is a number counted from 0 (-1 is the last), not 'ner'",
        f"the split 'test' of tiny-conll has no file {data / 'test.*'}",
        "the split 'train' of tiny-texts has no column 'target', it has text, label: "
        "name others with --set label_column= or text_columns=",
        "the split 'train' of tiny-texts cannot be read as json: JSON parse error: Invalid value. in row 0",
        "row 0 of the split 'train' of tiny-texts has no text: name the column with --set text_columns=",
    ]


def test_models_that_do_not_fit(base: Path, data: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    token = tiny.token_plan(base, data)
    empty, weightless, pickled, foreign, other = (
        tmp_path / name for name in ("empty", "weightless", "pickled", "foreign", "other")
    )
    empty.mkdir()
    for folder in (weightless, pickled, foreign, other):
        shutil.copytree(base, folder)
        (folder / "model.safetensors").unlink()
    tensors = load_file(base / "model.safetensors")
    torch.save(tensors, pickled / "pytorch_model.bin")
    save_file({f"vision.{name}": tensor for name, tensor in tensors.items()}, foreign / "model.safetensors", {"format": "pt"})
    shutil.copy(base / "model.safetensors", other)
    (other / "config.json").write_text(json.dumps({**json.loads((base / "config.json").read_text()), "model_type": "whisper"}))

    def refused(folder: Path) -> str:
        return sentence_of(replace(token, model=replace(token.model, path=str(folder))), tmp_path)

    assert refused(empty) == f"the base model tiny has no config.json in {empty}: give a folder with --set model="
    assert refused(weightless) == f"the base model tiny has no weights (*.safetensors) in {weightless}"
    assert refused(pickled) == (
        "the base model tiny has its weights only as pytorch_model.bin, a pickle file: "
        "allow reading tensors from it with --set allow_pickle=true"
    )
    assert refused(foreign).startswith("the base model tiny does not fit: ")
    assert refused(other).startswith("the base model tiny cannot be used, it does not load with ModelForTokenClassification: ")
    allowed = replace(token, model=replace(token.model, path=str(pickled)), task_options={"allow_pickle": True})
    assert train(allowed, tmp_path / "allowed")[0].rows == train(token, tmp_path / "safe")[0].rows


def test_plans_that_cannot_be_done(base: Path, data: Path, tmp_path: Path) -> None:
    token = tiny.token_plan(base, data)
    assert sentence_of(replace(token, recipe="summarization"), tmp_path) == (
        "the engine has no recipe 'summarization': it has text_classification, token_classification"
    )
    assert sentence_of(tiny.token_plan(base, data, optimizer="sophia"), tmp_path).startswith(
        "the optimizer 'sophia' is none that"
    )
    assert sentence_of(tiny.token_plan(base, data, lr_scheduler_type="zigzag"), tmp_path).startswith(
        "the lr_scheduler_type 'zigzag'"
    )
    run, events = train(replace(token, task_options={"metrics": ["f1", "rouge"]}), tmp_path)
    assert list(run.rows[0].metrics) == ["f1"]
    assert warnings_of(events) == [
        "the recipe token_classification does not measure 'rouge'; it measures precision, recall, f1, accuracy"
    ]
