"""Writes cards with the card code of one release of a library, taken out of its wheel: one JSON line in, one out.

`python card_writers.py FAMILY VERSIONS TABLES FOLDER...`: FOLDERs hold the kept files of one wheel each, first the library's
own; VERSIONS is a JSON object of what each module calls itself; TABLES is a `modelcard.py` of transformers, whose one function
that makes tables is taken. Modules that lie in a FOLDER run as they are; all else that they import is stood in for, but for
huggingface_hub, which fills the template.
"""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import huggingface_hub
from huggingface_hub import CardData, ModelCard, list_datasets  # noqa: F401  (before tqdm is stood in for)
from huggingface_hub.repocard_data import EvalResult  # noqa: F401

STANDINS = ("transformers", "torch", "datasets", "tokenizers", "accelerate", "tqdm", "PIL", "torchcodec")
LIBRARIES = ("sentence_transformers", "setfit", "span_marker", "pylate", "model2vec")
TABLE_MAKERS = ("_maybe_round", "_regular_table_line", "_second_table_line", "make_markdown_table")
REVISION = "0123456789abcdef0123456789abcdef01234567"
TUPLES = ("batch_size", "num_epochs", "body_learning_rate")  # which JSON gives back as lists
NAMED = ("loss", "distance_metric")  # which SetFit prints by their __name__


def fullname(thing: object) -> str:
    """As util.py of sentence-transformers (3.0 to 6.2)."""
    kind = type(thing)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def infer_modality(value: object, **_: object) -> str:
    """Text or nothing: base/modality.py of sentence-transformers 6.2 looks at models and files as well."""
    if not isinstance(value, str):
        raise ValueError
    return "text"


class Dataset:
    """Rows of equal columns, as far as the cards' code asks datasets.Dataset."""

    cache_files = ()

    def __init__(self, columns: dict[str, list]) -> None:
        self.columns, self.column_names = columns, list(columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, key: object) -> object:
        return self.columns[key] if isinstance(key, str) else {name: cells[key] for name, cells in self.columns.items()}

    def __iter__(self):
        return (self[at] for at in range(len(self)))

    def map(self, change) -> "Dataset":
        rows = [change(dict(row)) for row in self]
        return Dataset({name: [row[name] for row in rows] for name in rows[0]})


class Lengths(list):
    """Stands in for an attention mask: its sums are the lengths themselves."""

    def sum(self, dim: int) -> "Lengths":  # noqa: ARG002
        return self

    def tolist(self) -> list[int]:
        return list(self)


class Standin(ModuleType):
    """A module that has every name which a card's code asks for: a class where it is capitalised, else a function."""

    __path__ = ()
    known: ClassVar[dict[str, object]] = {}
    versions: ClassVar[dict[str, str]] = {}

    def __getattr__(self, name: str) -> object:
        if name == "__version__":
            return self.versions.get(self.__name__, "")
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.known:
            return self.known[name]
        made = type(name, (), {}) if name[:1].isupper() else lambda *_, **__: SimpleNamespace(warning=print_nothing)
        setattr(self, name, made)
        return made


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module in one of the folders, else a Standin for everything in STANDINS and LIBRARIES."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG002
        if fullname.partition(".")[0] not in STANDINS + LIBRARIES:
            return None
        for folder in self.folders:
            file = folder / f"{fullname.replace('.', '/')}.py"
            if file.is_file():
                return importlib.util.spec_from_file_location(fullname, file)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return Standin(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def print_nothing(*_: object) -> None:
    pass


def made_class(path: str, **attributes: object) -> object:
    """An object of a class of that full name."""
    module, _, name = path.rpartition(".")
    return type(name, (), attributes | {"__module__": module or "builtins"})()


def table_maker(source: str) -> object:
    """`make_markdown_table` of a modelcard.py of transformers, without the rest of it."""
    kept = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name in TABLE_MAKERS]
    names: dict[str, object] = {}
    exec(compile(ast.Module(kept, []), "modelcard.py", "exec"), names)
    return names["make_markdown_table"]


def model_of(asked: dict) -> object:
    """What a card asks of a model: lengths, labels, the text of its architecture."""
    told = asked["model"]
    tokens = lambda texts, **_: {"attention_mask": Lengths(len(text.split()) for text in texts)}  # noqa: E731
    kind = type(told["class"], (), {"__str__": lambda _: told["architecture"], "__getitem__": lambda *_: None})
    kind.__iter__ = lambda _: iter(())
    model = kind()
    vars(model).update(
        get_max_seq_length=lambda: told["max_length"], max_seq_length=told["max_length"], max_length=told["max_length"],
        get_sentence_embedding_dimension=lambda: told["dimension"], get_embedding_dimension=lambda: told["dimension"],
        similarity_fn_name=told["similarity"], num_labels=told["labels"], tokenize=tokens, tokenizer=tokens, preprocess=tokens,
        modalities=["text"], prompts={}, children=list, modules=list, document_length=180, query_length=32,
    )  # fmt: skip
    return model


def data_of(told: dict, data: object, loss: object) -> dict:
    """A data set as the card's code describes it: its name, its size, its columns' statistics and its first rows."""
    info = {key: told[key] for key in ("name", "id") if told[key]} | ({"revision": REVISION} if told["id"] else {})
    return data.compute_dataset_metrics(Dataset(told["columns"]), info, loss)


def play(callback: object, data: object, model: object, asked: dict) -> None:
    """The training as its callback saw it: every loss logged, every evaluation, at its epoch and step."""
    takes_step = "step" in inspect.signature(data.set_evaluation_metrics).parameters
    evaluators = [made_class(told["class"], **evaluator(told)) for told in asked["evaluators"]]
    for event in asked["log"]:
        state = SimpleNamespace(epoch=event["epoch"], global_step=event["step"])
        data.trainer = SimpleNamespace(state=state)
        when = {"epoch": event["epoch"], "step": event["step"]} if takes_step else {}
        for at, metrics in event.get("scores", {}).items():
            data.set_evaluation_metrics(evaluators[int(at)], metrics, **when)
        if "eval" in event:
            callback.on_evaluate(None, state, None, model, event["eval"])
        if "loss" in event:
            callback.on_log(None, state, None, model, {"loss": event["loss"]})
    data.trainer = None


def evaluator(told: dict) -> dict:
    kept = {key: told[key] for key in ("name", "description", "primary_metric")}
    config = told["config"]
    return kept | ({"get_config_dict": lambda _: config} if config else {})


def sentence_transformers_card(cards: ModuleType, asked: dict) -> str:
    """The card of a model that the library's Trainer trained, dense, sparse, multi-vector or a cross-encoder."""
    kind = next(
        value for key, value in vars(cards).items() if key.endswith("ModelCardData") and value.__module__ == cards.__name__
    )
    base = sys.modules[generator(kind)]
    callback_kind = next(value for key, value in vars(base).items() if key.endswith("ModelCardCallback"))
    data, model = kind(**asked["data"]), model_of(asked)
    model.model_card_data = data
    data.register_model(model)
    data.generate_widget_examples = False
    data.run_usage_snippet = lambda: setattr(data, "similarities", asked["similarities"])
    if asked["base"]:
        data.set_base_model(asked["base"])
    callback = callback_kind.__new__(callback_kind)
    callback.default_args_dict = asked["defaults"]
    loss = made_class(
        asked["loss"]["class"], citation=asked["loss"]["citation"], get_config_dict=lambda _: asked["loss"]["config"]
    )
    data.train_datasets = data.validate_datasets([data_of(told, data, loss) for told in asked["train"]])
    data.eval_datasets = data.validate_datasets([data_of(told, data, loss) for told in asked["eval"]])
    data.set_losses([loss])
    callback.on_train_begin(SimpleNamespace(to_dict=lambda: asked["args"]), None, None, model)
    play(callback, data, model, asked)
    data.best_model_step = asked["best"]
    data.get_training_duration_data = lambda: dict.fromkeys(("training_time", "evaluation_time", "total_time")) | asked["times"]
    if asked["carbon"]:
        tracker = SimpleNamespace(_start_time=1.0, _prepare_emissions_data=lambda: SimpleNamespace(**asked["carbon"]))
        data.code_carbon_callback = SimpleNamespace(tracker=tracker)
    return base.generate_model_card(model)


def generator(kind: type) -> str:
    """The module of a card's class, or of the class that it extends, that has the function which fills the template."""
    return next(base.__module__ for base in kind.__mro__ if hasattr(sys.modules[base.__module__], "generate_model_card"))


def setfit_card(cards: ModuleType, asked: dict) -> str:
    """The card of a SetFit model: contrastive training of a body, then a head."""
    data = cards.SetFitModelCardData(**asked["data"])
    labels = asked["labels"]
    model = SimpleNamespace(
        model_card_data=data, labels=labels, label2id={label: at for at, label in enumerate(labels or ())},
        model_head=made_class(asked["head"]), multi_target_strategy=None,
        model_body=SimpleNamespace(get_max_seq_length=lambda: asked["max_length"]),
    )  # fmt: skip
    if asked["base"]:
        data.set_st_id(asked["base"])
    data.register_model(model)
    train = Dataset(asked["train"])
    callback = cards.ModelCardCallback.__new__(cards.ModelCardCallback)
    callback.trainer = SimpleNamespace(train_dataset=train, eval_dataset=None)
    data.set_train_set_metrics(train)
    data.num_classes = len(set(asked["train"]["label"]))
    data.set_label_examples(train)
    args = {
        key: tuple(value) if key in TUPLES else type(value, (), {}) if key in NAMED else value
        for key, value in asked["args"].items()
    }
    callback.on_train_begin(SimpleNamespace(to_dict=lambda: args), None, None, model)
    for event in asked["log"]:
        state = SimpleNamespace(epoch=event["epoch"], global_step=event["step"])
        if "loss" in event:
            callback.on_log(None, state, None, model, {"embedding_loss": event["loss"]})
        if "eval" in event:
            callback.on_evaluate(None, state, None, model, {"eval_embedding_loss": event["eval"]})
    data.best_model_step = asked["best"]
    if asked["results"]:
        data.post_training_eval_results(asked["results"])
    return cards.generate_model_card(model)


def span_marker_card(cards: ModuleType, asked: dict) -> str:
    """The card of a SpanMarker model: `args` are the Trainer's hyperparameters as transformers lists them."""
    data = cards.SpanMarkerModelCardData(**asked["data"])
    config = asked["config"]
    model = SimpleNamespace(
        model_card_data=data, tokenizer=SimpleNamespace(model_max_length=asked["max_length"]),
        config=SimpleNamespace(get=config.get, to_dict=lambda: config),
    )  # fmt: skip
    data.register_model(model)
    data.hyperparameters = asked["args"]
    data.set_train_set_metrics(Dataset(asked["train"]))
    callback = cards.ModelCardCallback.__new__(cards.ModelCardCallback)
    for event in asked["log"]:
        callback.trainer = SimpleNamespace(is_in_train=event["step"] is not None)
        state = SimpleNamespace(epoch=event["epoch"], global_step=event["step"])
        callback.on_evaluate(None, state, None, model, event["metrics"])
    return cards.generate_model_card(model)


def model2vec_card(cards: ModuleType, asked: dict) -> str:
    """The card of a distilled or trained static model."""
    with tempfile.TemporaryDirectory() as folder:
        cards.create_model_card(Path(folder), **asked)
        return (Path(folder) / "README.md").read_text(encoding="utf-8")


def fit_card(cards: ModuleType, asked: dict) -> str:
    """The card of a model trained by `fit` (to 2.x): what SentenceTransformer.py says of the training, and the card it makes."""
    tree = ast.parse((Path(cards.__file__).parent / "SentenceTransformer.py").read_text(encoding="utf-8"))
    methods = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    words = {"ModelCardTemplate": cards.ModelCardTemplate, "json": json, "os": os, "fullname": fullname, "type": type}
    objectives = [(loader_of(told), loss_of(told)) for told in asked["objectives"]]
    model = made_class("sentence_transformers.SentenceTransformer", __str__=lambda _: asked["architecture"])
    model._model_card_vars, model._modules, model._model_card_text = {}, (), None
    model.get_sentence_embedding_dimension = lambda: asked["dimension"]
    statements = [node for node in methods["fit"].body if "info_" in ast.unparse(node) and not isinstance(node, ast.Expr)]
    exec(
        compile(ast.Module(statements, []), "fit", "exec"), words | asked["fit"] | {"train_objectives": objectives, "self": model}
    )
    maker = methods["_create_model_card"]
    for each in maker.args.args:
        each.annotation = None
    exec(compile(ast.Module([maker], []), "card", "exec"), words)
    with tempfile.TemporaryDirectory() as folder:
        words["_create_model_card"](model, folder, asked["name"], asked["datasets"])
        return (Path(folder) / "README.md").read_text(encoding="utf-8")


def loader_of(told: dict) -> object:
    """A DataLoader with that many batches."""
    return made_class("torch.utils.data.dataloader.DataLoader", __len__=lambda _: told["length"], batch_size=told["batch_size"])


def loss_of(told: dict) -> object:
    config = {} if told["config"] is None else {"get_config_dict": lambda _: told["config"]}
    return made_class(f"sentence_transformers.losses.{told['loss']}.{told['loss']}", **config)


WRITERS = {
    "sentence_transformers": sentence_transformers_card,
    "setfit": setfit_card,
    "span_marker": span_marker_card,
    "pylate": sentence_transformers_card,
    "model2vec": model2vec_card,
}


def main(module: str, versions: str, tables: str, *folders: str) -> None:
    huggingface_hub.model_info = huggingface_hub.dataset_info = lambda name, **_: SimpleNamespace(
        id=name, sha=REVISION, cardData=None
    )
    huggingface_hub.DatasetFilter = None  # which SetFit 1.0 imports, and releases since 2024 lack
    Standin.versions = json.loads(versions)
    Standin.known = {
        "make_markdown_table": table_maker(Path(tables).read_text(encoding="utf-8")), "nn": Standin("torch.nn"),
        "logging": SimpleNamespace(get_logger=lambda _: SimpleNamespace()), "Dataset": Dataset,
        "fullname": fullname, "infer_modality": infer_modality, "format_modality": str,
        "is_accelerate_available": lambda: True, "is_datasets_available": lambda: True,
    }  # fmt: skip
    sys.meta_path.insert(0, Finder([Path(folder) for folder in folders]))
    if module.startswith("pylate."):
        parent = importlib.import_module("sentence_transformers.model_card")
        Standin.known["SentenceTransformerModelCardData"] = parent.SentenceTransformerModelCardData
    cards = importlib.import_module(module)
    write = fit_card if module.endswith("model_card_templates") else WRITERS[module.partition(".")[0]]
    for line in sys.stdin:
        print(json.dumps({"card": write(cards, json.loads(line))}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
