"""Writes cards with the `modelcard.py` of one release of transformers, taken out of its wheel: one JSON line in, one out.

`python older_generators.py FOLDER VERSION` with FOLDER holding the wheel's `modelcard.py` and `trainer.py`. A line of the input
is what a Trainer or a Keras model knows, see `trainer_card` and `keras_card`; the answer holds the card and the log as it was
passed on. Nothing of the release but this one module runs: all that it imports is stood in for, so that a release of 2021 runs on
today's Python and no torch is needed.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace

STANDINS = ("transformers", "huggingface_hub", "requests", "httpx", "torch", "tensorflow", "datasets", "tokenizers")
VERSIONS = {"torch": "1.13.1+cu117", "tensorflow": "2.11.0", "datasets": "2.8.0", "tokenizers": "0.13.2"}
TASKS = {
    "MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES": "ForTokenClassification",
    "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES": "ForSequenceClassification",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES": "ForConditionalGeneration",
    "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES": "ForCausalLM",
}
ROUNDS_EPOCH = "round(self.state.epoch, 2)"
ROUNDS_LOSS = "_globalstep_last_logged), 4)"


class ParallelMode(Enum):
    """As in training_args.py, 4.6 to 5.x."""

    NOT_PARALLEL = "not_parallel"
    NOT_DISTRIBUTED = "not_distributed"
    DISTRIBUTED = "distributed"
    SAGEMAKER_DATA_PARALLEL = "sagemaker_data_parallel"
    TPU = "tpu"


class Dataset(SimpleNamespace):
    """Stands in for datasets.Dataset: builder_name, config_name, split."""


class Standin(ModuleType):
    """A module that has every name which modelcard.py asks for."""

    __path__ = ()
    policy = "float32"

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        known = {
            "__version__": VERSIONS.get(self.__name__, ""),
            "ParallelMode": ParallelMode,
            "Dataset": Dataset,
            "IterableDataset": Dataset,
            "keras": SimpleNamespace(mixed_precision=SimpleNamespace(global_policy=lambda: SimpleNamespace(name=Standin.policy))),
            "logging": SimpleNamespace(get_logger=lambda _: SimpleNamespace(info=print_nothing, warning=print_nothing)),
        }
        if name in known:
            return known[name]
        if name.startswith("is_"):
            return lambda: True
        if name.endswith("_MAPPING_NAMES"):
            return {"any": TASKS[name]} if name in TASKS else {}
        return Exception if name.endswith(("Error", "Enabled")) else name


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a Standin for everything in STANDINS."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG002
        known = fullname.partition(".")[0] in STANDINS
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True) if known else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return Standin(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def print_nothing(*_: object) -> None:
    pass


def modelcard_of(folder: Path, version: str) -> ModuleType:
    """The release's `transformers.modelcard`, executed among stand-ins."""
    VERSIONS["transformers"] = version
    sys.meta_path.insert(0, Finder())
    spec = importlib.util.spec_from_file_location("transformers.modelcard", folder / "modelcard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def logged(entry: dict, source: str) -> dict:
    """An entry of the log history, rounded as the release's trainer.py rounds it (epoch to 4.39, loss to 4.57)."""
    entry = dict(entry)
    if "epoch" in entry and ROUNDS_EPOCH in source:
        entry["epoch"] = round(entry["epoch"], 2)
    if "loss" in entry and ROUNDS_LOSS in source:
        entry["loss"] = round(entry["loss"], 4)
    return entry


def named_class(name: str, **attributes: object) -> object:
    return type(name, (), attributes)()


def trainer_card(modelcard: ModuleType, asked: dict, log: list[dict]) -> str:
    """The card of a Trainer: `args` as TrainingArguments has them, `model_class`, `base`, `dataset`, `card` (from_trainer's)."""
    scheduler = SimpleNamespace(value=asked["args"]["lr_scheduler_type"])
    args = SimpleNamespace(
        **asked["args"] | {"parallel_mode": ParallelMode(asked["args"]["parallel_mode"]), "lr_scheduler_type": scheduler}
    )
    apex = asked["apex"]
    data = Dataset(**asked["dataset"]) if asked["dataset"] else None
    trainer = SimpleNamespace(
        args=args,
        model=named_class(asked["model_class"], config=SimpleNamespace(_name_or_path=asked["base"])),
        state=SimpleNamespace(log_history=log),
        train_dataset=data,
        eval_dataset=data,
        use_apex=apex,
        _use_apex=apex,
        use_amp=not apex,
        use_cuda_amp=not apex,
    )
    return modelcard.TrainingSummary.from_trainer(trainer, **asked["card"]).to_model_card()


def keras_card(modelcard: ModuleType, asked: dict, log: list[dict]) -> str:
    """The card of the Keras callback: `optimizer` is its get_config(), `precision` the policy's name."""
    Standin.policy = asked["precision"]
    optimizer = SimpleNamespace(get_config=lambda: asked["optimizer"]) if asked["optimizer"] else None
    config = SimpleNamespace(_name_or_path=asked["base"])
    model = named_class(asked["model_class"], config=config, optimizer=optimizer)
    return modelcard.TrainingSummary.from_keras(model, keras_history=log, **asked["card"]).to_model_card()


def main(folder: str, version: str) -> None:
    modelcard = modelcard_of(Path(folder), version)
    source = (Path(folder) / "trainer.py").read_text(encoding="utf-8")
    for line in sys.stdin:
        asked = json.loads(line)
        log = [logged(entry, source) for entry in asked["log"]]
        write = keras_card if "precision" in asked else trainer_card
        print(json.dumps({"card": write(modelcard, asked, log), "log": log}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
