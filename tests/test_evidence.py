"""What is read beside a card, without running or loading anything: arguments, event files, weight headers, history."""

import io
import json
import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from published import write_events

from cardaudit.errors import CardauditError
from cardaudit.evidence.event_files import read_events
from cardaudit.evidence.history import Version, changes
from cardaudit.evidence.pickles import read_training_arguments
from cardaudit.evidence.repository import read_repository
from cardaudit.evidence.weights import count_labels, parse_header, read_header
from cardaudit.parse import read_card
from cardaudit.records import Changed

CARD = """# my-model

This model is a fine-tuned version of [some/base](https://huggingface.co/some/base) on the some/data dataset.
It achieves the following results on the evaluation set:
- Loss: 0.2512
- F1: {f1}
- Accuracy: 0.9132

### Training results

| Training Loss | Epoch | Step | Validation Loss | F1     | Accuracy |
|:-------------:|:-----:|:----:|:---------------:|:------:|:--------:|
| 0.5951        | 1.0   | {step} | 0.2831          | 0.8011 | 0.9011   |
"""


def sentence(read: Any, path: Path) -> str:
    with pytest.raises(CardauditError) as refusal:
        read(path)
    return str(refusal.value)


# --- training_args.bin ------------------------------------------------------------------------------------------------------


class Settings:
    """Stands for TrainingArguments: torch.save pickles its __dict__."""


def settings() -> Settings:
    made = Settings()
    vars(made).update(learning_rate=2e-5, per_device_train_batch_size=16, num_train_epochs=3.0, output_dir="out", fp16=True)
    return made


def test_a_zip_of_torch_save_is_read(tmp_path: Path) -> None:
    path = tmp_path / "training_args.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(settings(), protocol=2))
    read = read_training_arguments(path)
    assert read == {
        "learning_rate": 2e-5,
        "per_device_train_batch_size": 16,
        "num_train_epochs": 3.0,
        "output_dir": "out",
        "fp16": True,
    }


@pytest.mark.train
@pytest.mark.parametrize("zipped", [True, False], ids=["since 1.6", "before 1.6"])
def test_both_layouts_of_torch_save(tmp_path: Path, zipped: bool) -> None:
    torch = pytest.importorskip("torch")
    path = tmp_path / "training_args.bin"
    torch.save(settings(), path, _use_new_zipfile_serialization=zipped)
    assert read_training_arguments(path)["per_device_train_batch_size"] == 16


@pytest.mark.train
def test_the_trainers_own_arguments(tmp_path: Path) -> None:
    hf, torch = pytest.importorskip("transformers"), pytest.importorskip("torch")
    arguments = hf.TrainingArguments(
        output_dir=str(tmp_path), learning_rate=3e-5, lr_scheduler_type="cosine", optim="adafactor", report_to="none"
    )
    torch.save(arguments, tmp_path / "training_args.bin")
    read = read_training_arguments(tmp_path / "training_args.bin")
    told = {name: read[name] for name in ("learning_rate", "lr_scheduler_type", "optim", "per_device_train_batch_size", "seed")}
    assert told == {
        "learning_rate": 3e-5,
        "lr_scheduler_type": "cosine",
        "optim": "adafactor",
        "per_device_train_batch_size": 8,
        "seed": 42,
    }


class Bomb:
    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.canary}",)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_bomb_is_not_run(tmp_path: Path, protocol: int) -> None:
    path, canary = tmp_path / "training_args.bin", tmp_path / "canary"
    bombs = (pickle.dumps(Bomb(canary), protocol), pickle.dumps([Bomb(canary), settings()], protocol))
    for bomb in bombs:
        path.write_bytes(bomb)
        assert "no training arguments" in sentence(read_training_arguments, path)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", bomb)
        assert "no training arguments" in sentence(read_training_arguments, path)
    assert not canary.exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"PK\x03\x04", b"\x80\x04" + b"]" * 300_000 + b".", b"(" * 1000, b"cos\nsystem\n(S'x'\ntR.", os.urandom(4096)],
    ids=["empty", "cut", "no zip", "too many opcodes", "marks", "call", "noise"],
)
def test_no_arguments_are_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "training_args.bin"
    path.write_bytes(data)
    assert sentence(read_training_arguments, path).startswith("training_args.bin ")


def test_a_large_pickle_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "training_args.bin"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)
    assert "10,737,418,240 bytes" in sentence(read_training_arguments, path)


# --- event files ------------------------------------------------------------------------------------------------------------


def test_scalars_and_arguments_of_an_event_file(tmp_path: Path) -> None:
    path = tmp_path / "runs/a/events.out.tfevents.1"
    write_events(path, [{"step": 10, "loss": 0.5}, {"step": 20, "eval_loss": 0.25, "epoch": 1.0}], '{"seed": 7}')
    log = read_events(path)
    assert {tag: [tuple(point) for point in points] for tag, points in log.scalars.items()} == {
        "train/loss": [(10, 0.5)],
        "eval/loss": [(20, 0.25)],
    }
    assert log.texts == {"args": '{"seed": 7}'}
    assert not log.cut


def test_a_cut_event_file_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    write_events(path, [{"step": step, "loss": 0.5} for step in range(1, 4)], "{}")
    path.write_bytes(path.read_bytes()[:-5])
    log = read_events(path)
    assert [point.step for point in log.scalars["train/loss"]] == [1, 2]
    assert log.cut


def test_a_damaged_record_ends_the_log(tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    write_events(path, [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}], "{}")
    data = bytearray(path.read_bytes())
    data[-8] ^= 1
    path.write_bytes(data)
    assert [point.step for point in read_events(path).scalars["train/loss"]] == [1]


@pytest.mark.parametrize("data", [b"", b"\xff" * 200, struct.pack("<Q", 2**63) + bytes(20)], ids=["empty", "noise", "huge"])
def test_no_event_file_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(data)
    assert "is no TensorBoard event file" in sentence(read_events, path)


@pytest.mark.train
def test_the_reader_agrees_with_tensorboards_writer(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(tmp_path))
    writer.add_text("args", json.dumps({"learning_rate": 2e-5}))
    for step in range(300):
        writer.add_scalar("train/loss", 1 / (step + 1), step)
    writer.add_scalar("eval/f1", 0.931, 2**33)
    writer.add_scalar("eval/new", 0.5, 3, new_style=True)
    writer.close()
    log = read_events(next(tmp_path.glob("events*")))
    assert [point.step for point in log.scalars["train/loss"]] == list(range(300))
    assert log.scalars["train/loss"][2].value == pytest.approx(1 / 3, rel=1e-7)
    assert log.scalars["eval/f1"][0].step == 2**33
    assert log.scalars["eval/new"][0].value == 0.5
    assert json.loads(log.texts["args"]) == {"learning_rate": 2e-5}
    assert not log.cut


# --- weights' headers -------------------------------------------------------------------------------------------------------


def header_of(tensors: dict[str, Any]) -> bytes:
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text)) + text


def test_a_header_tells_the_labels_without_the_weights(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(
        header_of({"bert.x": {"dtype": "F32", "shape": [3, 4]}, "classifier.weight": {"dtype": "F32", "shape": [9, 4]}})
    )
    assert count_labels(read_header(path)) == 9


@pytest.mark.parametrize(
    "data",
    [b"", struct.pack("<Q", 2**62), struct.pack("<Q", 10) + b"not json..", header_of({"a": {"dtype": "F32", "shape": "x"}})],
    ids=["empty", "huge", "no JSON", "no shape"],
)
def test_no_header_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    assert "is no safetensors file" in sentence(read_header, path)


def test_deep_json_is_a_sentence() -> None:
    with pytest.raises(CardauditError):
        parse_header(b"[" * 100_000, "model.safetensors")


# --- the whole folder -------------------------------------------------------------------------------------------------------


def test_links_out_of_a_repository_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.json"
    outside.write_text('{"eval_f1": 0.5}')
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "eval_results.json").symlink_to(outside)
    (folder / "all_results.json").write_text('{"eval_f1": 0.25}')
    (folder / "test_results.json").symlink_to(folder / "all_results.json")
    evidence = read_repository(folder)
    assert evidence.results == {"all_results.json": {"eval_f1": 0.25}, "test_results.json": {"eval_f1": 0.25}}
    assert evidence.unread == (
        ("eval_results.json", "eval_results.json is a link that leads out of the repository: not followed"),
    )


def test_files_of_the_hubs_cache_are_links_and_are_followed(tmp_path: Path) -> None:
    blobs, folder = tmp_path / "blobs", tmp_path / "snapshots/0123"
    blobs.mkdir()
    folder.mkdir(parents=True)
    (blobs / "abc").write_text('{"eval_f1": 0.25}')
    (folder / "eval_results.json").symlink_to("../../blobs/abc")
    assert read_repository(folder).results == {"eval_results.json": {"eval_f1": 0.25}}


def test_no_file_makes_reading_fail(tmp_path: Path) -> None:
    for name in ("config.json", "trainer_state.json", "tokenizer_config.json", "all_results.json"):
        (tmp_path / name).write_text("[" * 100_000)
    (tmp_path / "eval_results.json").write_text("[1]")
    (tmp_path / "training_args.bin").write_bytes(io.BytesIO(b"\x80\x05.").getvalue())
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert len(read_repository(tmp_path).unread) == 7


def test_a_header_from_the_network_is_taken(tmp_path: Path) -> None:
    header = json.dumps({"classifier.weight": {"dtype": "F32", "shape": [9, 4]}}).encode()
    evidence = read_repository(tmp_path, (("model.safetensors", header),))
    assert [(fact.key, fact.value) for fact in evidence.facts] == [("head_labels", 9), ("parameters", 36), ("dtypes", ["F32"])]


# --- history ----------------------------------------------------------------------------------------------------------------


def version(number: int, f1: str, step: str = "1000") -> Version:
    return Version(f"commit{number}", f"2023-01-0{number}", read_card(CARD.format(f1=f1, step=step)))


def test_a_number_that_changed_alone_is_told() -> None:
    assert changes([version(1, "0.8411"), version(2, "0.9411")]) == (
        Changed("f1 of the headline", "0.8411", "0.9411", "2023-01-01", "2023-01-02", ("commit1", "commit2"), 6),
    )


@pytest.mark.parametrize(
    "versions",
    [
        [],
        [version(1, "0.8411")],
        [version(1, "0.8411"), version(2, "0.8411")],
        [version(1, "0.8411"), version(2, "0.84")],
        [version(1, "0.8411"), version(2, "0.9411", step="2000")],
    ],
    ids=["none", "one", "the same", "fewer digits", "another run"],
)
def test_no_change_is_told(versions: list[Version]) -> None:
    assert changes(versions) == ()
