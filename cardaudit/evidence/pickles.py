"""Pickles of strangers as plain data: nothing that a pickle names is imported, called or made.

A pickle is a program for a small stack machine (docs.python.org, `pickletools`). Here every class and function that it asks for
is an Inert: it remembers what it was called with and does nothing else. Out come numbers, texts, lists, dicts and Inerts.
"""

import io
import pickle
import pickletools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError

MAX_BYTES = 4 * 2**20
MAX_OPCODES = 200_000
MAX_DEPTH = 32
REFUSED = frozenset(("EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"))


class Inert:
    """Stands for an object of a pickle: `path` is the name it was asked by, `args` and `state` what it was made of."""

    path = ""

    def __new__(cls, *args: Any, **_: Any) -> "Inert":
        self = super().__new__(cls)
        self.args, self.state, self.items = args, {}, []
        return self

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    args: tuple[Any, ...]
    state: Any
    items: list[Any]

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def __setitem__(self, key: Any, value: Any) -> None:
        self.items.append((key, value))

    def append(self, item: Any) -> None:
        self.items.append(item)

    def extend(self, items: Any) -> None:
        self.items.extend(items)

    def add(self, item: Any) -> None:
        self.items.append(item)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return type("Named", (Inert,), {"path": f"{module}.{name}"})

    def persistent_load(self, pid: Any) -> Any:
        stored = Inert()
        stored.args = (pid,) if isinstance(pid, str | int) else ()
        return stored


def read_training_arguments(path: Path) -> dict[str, Any]:
    """The settings that `torch.save(args, "training_args.bin")` wrote, by name: numbers, texts, booleans, None, lists and dicts.

    Enums come as their values ("epoch"), devices as their names; what is neither is left out. Both layouts of torch.save are
    read: the zip archive (since torch 1.6) and the older sequence of pickles. Raises CardauditError where the file is neither.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CardauditError(
                f"{path.name} has {path.stat().st_size:,} bytes, training arguments have a few thousand: not read"
            )
        state = next(_settings(each) for each in _objects(path) if _settings(each))
    except CardauditError:
        raise
    except StopIteration:
        raise CardauditError(f"{path.name} holds no training arguments") from None
    except Exception as error:  # a hostile pickle can make the machine fail in any way
        raise CardauditError(f"{path.name} is no file of torch.save: {type(error).__name__}") from None
    return {str(key): value for key, value in _plain(state, 0).items() if not str(key).startswith("__")}


def read_pickle(data: bytes) -> Any:
    """What one pickle holds. Raises pickle.UnpicklingError for one that is too long or asks for registered extensions."""
    for number, (opcode, _, _) in enumerate(pickletools.genops(data)):
        if number > MAX_OPCODES or opcode.name in REFUSED:
            raise pickle.UnpicklingError(f"opcode {opcode.name} at {number}")
    return _Reader(io.BytesIO(data)).load()


def _objects(path: Path) -> Iterator[Any]:
    """The pickled objects of a file of torch.save."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            name = next(each for each in archive.infolist() if each.filename.endswith("data.pkl"))
            if name.file_size > MAX_BYTES:
                raise CardauditError(f"{path.name} holds {name.file_size:,} bytes of pickle: not read")
            yield read_pickle(archive.read(name))
        return
    data = path.read_bytes()
    at = 0
    while at < len(data):
        stream = io.BytesIO(data[at:])
        for number, (opcode, _, _) in enumerate(pickletools.genops(stream)):
            if number > MAX_OPCODES or opcode.name in REFUSED:
                raise pickle.UnpicklingError(f"opcode {opcode.name} at {number}")
        yield _Reader(io.BytesIO(data[at : at + stream.tell()])).load()
        at += stream.tell()


def _settings(value: Any) -> dict[Any, Any] | None:
    """The fields of an object that looks like training arguments: two of their names suffice."""
    state = value.state if isinstance(value, Inert) else None
    known = {"learning_rate", "per_device_train_batch_size", "num_train_epochs", "output_dir"}
    return state if isinstance(state, dict) and len(known & set(map(str, state))) >= 2 else None


_LEFT_OUT = object()


def _plain(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return _LEFT_OUT
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [item for item in (_plain(each, depth + 1) for each in value) if item is not _LEFT_OUT]
    if isinstance(value, dict):
        pairs = ((str(key), _plain(item, depth + 1)) for key, item in value.items() if isinstance(key, str | int))
        return {key: item for key, item in pairs if item is not _LEFT_OUT}
    if isinstance(value, Inert) and value.args and all(isinstance(each, str | int) for each in value.args):
        return value.args[0] if len(value.args) == 1 else ":".join(map(str, value.args))
    return _LEFT_OUT
