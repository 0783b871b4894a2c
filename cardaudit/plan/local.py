"""Data on this disk: a folder, a file, or files named one by one."""

import os
from pathlib import Path

from cardaudit.errors import CardauditError
from cardaudit.plan.files import SUFFIXES, TRAIN, configs_of, find_splits
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.on_hub import some
from cardaudit.plan.place import Place, seen


def find_locally(ledger: Ledger, path: Path, config: str | None) -> Place | None:
    """The data at a path that exists; None where its config is missing, which is then noted. Raises CardauditError."""
    if path.is_file() or ledger.given("train_file") or ledger.given("eval_file"):
        return from_files(ledger, path)
    if config is not None and (path / config).is_dir():
        path = path / config
    splits = find_splits(path)
    if splits:
        return seen(ledger, Place(path.name, path=path, splits=splits))
    if names := configs_of(path):
        ledger.lack("dataset_config", f"{path.name} has the configs {some(names)}", "--set dataset_config=NAME")
        return None
    wanted = "expected train and validation, dev or test files"
    raise CardauditError(f"{path} holds no training data: {wanted} ({', '.join(SUFFIXES)})")


def from_files(ledger: Ledger, path: Path) -> Place:
    """Files named one by one, or a single one; what is not named is looked for in the folder of the data."""
    folder = path if path.is_dir() else path.parent
    train, evaluation = ledger.given("train_file"), ledger.given("eval_file")
    named = {"train": path} if path.is_file() else {}
    if train is not None:
        named["train"] = existing(ledger, "train_file", train, folder)
    if evaluation is not None:
        named["evaluation"] = existing(ledger, "eval_file", evaluation, folder)
    root = Path(os.path.commonpath([file.parent for file in named.values()] + ([folder] if path.is_dir() else [])))
    splits = {split: file.relative_to(root).as_posix() for split, file in named.items()}
    for split, pattern in find_splits(path).items() if path.is_dir() else ():
        if ("train" if split in TRAIN else "evaluation") not in named:
            splits[split] = (folder / pattern).relative_to(root).as_posix()
    return seen(ledger, Place(path.name, path=root, splits=splits))


def existing(ledger: Ledger, key: str, text: str, folder: Path | None) -> Path:
    """The file that the user gave, from here or from the folder of the data; raises CardauditError where there is none."""
    for path in (*([folder / text] if folder else []), ledger.path(key, text)):
        if path.is_file():
            return path.resolve()
    raise CardauditError(f"{key}={text}: there is no such file: give a path from here, or from the folder of the data")
