"""Card writers of training libraries, out of their wheels: the few functions and templates that make a card, among stand-ins.

`written_by(project, version)` fetches a wheel from PyPI once and keeps the files that KEPT_FILES names beside those of
test_older_generators.py (wheels.py). Of a file, `definitions` executes the named functions, methods and constants alone: whatever
they ask for besides is handed in, so no library runs and none needs to be installed. Cards are made with the huggingface_hub at
hand.
"""

import __future__

import ast
import json
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

from wheels import kept

KEPT_FILES = {
    "trl": (r"trl/trainer/\w+\.py", r"trl/templates/.*\.md"),
    "peft": (r"peft/peft_model\.py", r"peft/utils/other\.py"),
    "diffusers": (r"diffusers/utils/(?:hub_utils\.py|model_card_template\.md)",),
    "autotrain-advanced": (r"autotrain/trainers/\w+/utils\.py",),
    "axolotl": (r"axolotl/train\.py",),
    "unsloth-zoo": (r"unsloth_zoo/saving_utils\.py",),
    "huggingface-hub": (r"huggingface_hub/(?:keras_mixin|fastai_utils)\.py",),
    "huggingface-sb3": (r"huggingface_sb3/push_to_hub\.py",),
    "rl-zoo3": (r"rl_zoo3/push_to_hub\.py",),
    "sample-factory": (r"sample_factory/huggingface/huggingface_utils\.py",),
    "mlagents": (r"mlagents/utils/push_to_hf\.py",),
    "lerobot": (r"lerobot/templates/lerobot_modelcard_template\.md",),
    "mergekit": (r"mergekit/card\.py",),
    "adapters": (r"adapters/hub_mixin\.py",),
    "keras-hub": (r"keras_hub/src/utils/preset_utils\.py",),
    "lm-eval": (r"lm_eval/utils\.py",),
    "mlx-lm": (r"mlx_lm/utils\.py",),
    "lighteval": (r"lighteval/utils/utils\.py",),
    "bertopic": (r"bertopic/_save_utils\.py",),
    "model2vec": (r"model2vec/modelcards/(?:modelcards\.py|model_card_template\.md)",),
    "timm": (r"timm/models/_hub\.py",),
    "cleanrl": (r"cleanrl_utils/huggingface\.py",),
    "open-clip-torch": (r"open_clip/push_to_hf_hub\.py",),
}


def written_by(project: str, version: str) -> Path:
    """The folder with a release's card writers; raises Unreachable, at once where an earlier release could not be had."""
    return kept(f"writers-{project}-{version}", f"{project}=={version}", _place_of_writer)


def _place_of_writer(path: str) -> str | None:
    return path if any(re.fullmatch(pattern, path) for patterns in KEPT_FILES.values() for pattern in patterns) else None


def definitions(path: Path, names: Iterable[str], without: Iterable[str] = (), **given: Any) -> SimpleNamespace:
    """The functions, methods and constants of a module that have these names, executed with `given` as its globals.

    The statements `without` are left out: imports inside a function, and what sends a card off.
    """
    space: dict[str, Any] = {"os": os, "Path": Path, "json": json, "textwrap": textwrap, **given}
    exec(_code(path, tuple(names), tuple(without)), space)
    return SimpleNamespace(**{name: space[name] for name in names})


@cache
def _code(path: Path, names: tuple[str, ...], without: tuple[str, ...]) -> CodeType:
    source = path.read_text(encoding="utf-8")
    for statement in without:
        source = source.replace(statement, "pass")
    found = [node for node in ast.walk(ast.parse(source)) if _name(node) in names]
    assert set(names) == {_name(node) for node in found}, (path, names)
    for node in found:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
    return compile(ast.Module(found, []), str(path), "exec", __future__.annotations.compiler_flag)


def _name(node: ast.AST) -> str | None:
    if isinstance(node, ast.FunctionDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.col_offset == 0:
        return node.targets[0].id
    return None


def hub() -> Mapping[str, Any]:
    """The names of huggingface_hub that card writers use."""
    from huggingface_hub import ModelCard, ModelCardData
    from huggingface_hub.repocard import metadata_eval_result, metadata_save

    return {
        "ModelCard": ModelCard,
        "ModelCardData": ModelCardData,
        "metadata_eval_result": metadata_eval_result,
        "metadata_save": metadata_save,
    }


TRL_VERSIONS = {"transformers": "4.57.1", "torch": "2.8.0+cu128", "datasets": "4.1.1", "tokenizers": "0.22.1"}


def trl_card(version: str, trainer: str, asked: Mapping[str, Any]) -> str:
    """What `create_model_card` of a trainer writes: `base`, `model_name`, `repo`, `dataset`, `tags`, `wandb`, `comet`."""
    folder = written_by("trl", version) / "trl"
    source, attributes = folder / "trainer" / f"{trainer}_trainer.py", {}
    if (folder / "templates" / "rm_model_card.md").is_file():  # since then all trainers share one function
        attributes = class_attributes(source, ("_tag_names", "_name", "_paper", "_template_file"))
        source = folder / "trainer" / "base_trainer.py"
    create = definitions(source, ["create_model_card"], **_around_trl(folder, version, asked)).create_model_card
    with tempfile.TemporaryDirectory() as out:
        trained = SimpleNamespace(
            model=SimpleNamespace(config=SimpleNamespace(_name_or_path=asked["base"])),
            hub_model_id=asked["repo"],
            args=SimpleNamespace(output_dir=out),
            is_world_process_zero=lambda: True,
            **attributes,
        )
        create(trained, asked["model_name"], asked["dataset"], list(asked["tags"]))
        return (Path(out) / "README.md").read_text(encoding="utf-8")


def _around_trl(folder: Path, version: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a trainer's module has beside its class: the function that fills the template, and the runs that are logged."""
    versions = {**TRL_VERSIONS, "trl": version}
    inside = {**hub(), "pkg_resources": SimpleNamespace(files=lambda _: folder), "version": versions.__getitem__}
    run = SimpleNamespace(url=asked["wandb"], get_url=lambda: asked["wandb"]) if asked["wandb"] else None
    return {
        "generate_model_card": definitions(
            folder / "trainer" / "utils.py", ["generate_model_card"], **inside
        ).generate_model_card,
        "is_wandb_available": lambda: True,
        "wandb": SimpleNamespace(run=run),
        "get_comet_experiment_url": lambda: asked["comet"],
        "get_trackio_space_url": lambda: None,
        "get_config_model_id": lambda config: config._name_or_path,
    }


def class_attributes(path: Path, names: Iterable[str]) -> dict[str, Any]:
    """The values of a trainer's class attributes; what it does not set itself has the base's value."""
    found: dict[str, Any] = {"_template_file": "lm_model_card.md", "_paper": {}, "_name": "Base", "_tag_names": []}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Trainer"):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id in names:
                    value = compile(ast.Expression(line.value), str(path), "eval")
                    found[line.targets[0].id] = eval(value, {"textwrap": textwrap})
    return found


def trl_ppo_card(version: str, name: str, repo: str) -> str:
    """The template of the PPO trainer up to 0.11."""
    path = written_by("trl", version) / "trl" / "trainer" / "ppo_trainer.py"
    return definitions(path, ["MODEL_CARD_TEMPLATE"]).MODEL_CARD_TEMPLATE.format(model_name=name, model_id=repo)


def peft_card(version: str, base: str, quantization: Mapping[str, Any] | None, before: str | None = None) -> str:
    """What `create_or_update_model_card` makes of a card that lies there, or of none."""
    path = written_by("peft", version) / "peft" / "peft_model.py"
    config = type("Config", (dict,), {"to_dict": lambda self: self})(_name_or_path=base)
    if quantization is not None:
        config.quantization_config = SimpleNamespace(to_dict=lambda: dict(quantization))
    model = SimpleNamespace(
        config=config, get_base_model=lambda: SimpleNamespace(), _get_peft_specific_model_tags=lambda: {"lora"}
    )
    around = {
        **hub(),
        "__version__": version,
        "add_library_to_model_card": _library_adder(path.parent / "utils" / "other.py"),
        "BaseTuner": SimpleNamespace(get_model_config=lambda _: config),
        "DUMMY_MODEL_CONFIG": {},
        "PeftModelForCausalLM": SimpleNamespace,
    }
    write = definitions(path, ["create_or_update_model_card"], **around).create_or_update_model_card
    with tempfile.TemporaryDirectory() as out:
        readme = Path(out) / "README.md"
        if before is not None:
            readme.write_text(before, encoding="utf-8")
        write(model, out)
        return readme.read_text(encoding="utf-8")


def _library_adder(path: Path) -> Callable[[str], None] | None:
    """`add_library_to_model_card`, which releases up to 0.5 have."""
    if not path.is_file() or "def add_library_to_model_card" not in path.read_text(encoding="utf-8"):
        return None
    added: Callable[[str], None] = definitions(path, ["add_library_to_model_card"]).add_library_to_model_card
    return added


def diffusers_card(version: str, description: str, **asked: Any) -> str:
    """The card of a training script, which gives the words between front matter and the template's end."""
    folder = written_by("diffusers", version) / "diffusers" / "utils"

    class Absent(Exception):
        pass

    around = {
        **hub(),
        "is_jinja_available": lambda: True,
        "EntryNotFoundError": Absent,
        "RepositoryNotFoundError": Absent,
        "MODEL_CARD_TEMPLATE_PATH": folder / "model_card_template.md",
    }
    around["ModelCard"] = type("Unsaved", (around["ModelCard"],), {"load": classmethod(lambda *_, **__: _fail(Absent))})
    load_or_create = definitions(folder / "hub_utils.py", ["load_or_create_model_card"], **around).load_or_create_model_card
    tags = asked.pop("tags")
    card = load_or_create(repo_id_or_path="mine", from_training=True, model_description=description, **asked)
    card.data.tags = tags
    return str(card)


def _fail(error: type[Exception]) -> None:
    raise error


def autotrain_card(version: str, trainer: str, config: Mapping[str, Any], scores: Mapping[str, float], classes: int = 2) -> str:
    """The card of one of AutoTrain's trainers but that of tables."""
    path = written_by("autotrain-advanced", version) / "autotrain" / "trainers" / trainer / "utils.py"
    source = path.read_text(encoding="utf-8")
    lists = [name for name in re.findall(r"^([A-Z_]{4,}) = [([]", source, re.M) if name.endswith("METRICS")]
    given = {"logger": SimpleNamespace(info=lambda *_: None)}
    module = definitions(path, ["create_model_card", "MODEL_CARD", *lists], **given)
    trained = SimpleNamespace(evaluate=lambda: {f"eval_{key}": value for key, value in scores.items()})
    settings = SimpleNamespace(**config)
    if trainer in ("llm", "clm", "vlm"):
        return str(module.create_model_card(settings))
    more = (classes,) if "num_classes" in source.partition("def create_model_card(")[2].partition(")")[0] else ()
    return str(module.create_model_card(settings, trained, *more))


def autotrain_table_card(version: str, task: str, dataset: str, params: Mapping[str, Any], scores: Mapping[str, float]) -> str:
    """The card of AutoTrain's trainer of tables."""
    path = written_by("autotrain-advanced", version) / "autotrain" / "trainers" / "tabular" / "utils.py"
    module = definitions(path, ["create_model_card", "MARKDOWN"])
    return str(module.create_model_card(SimpleNamespace(task=task, data_path=dataset), task, params, scores))


def axolotl_card(version: str, config: str, trainer_card: str) -> str:
    """A Trainer's card with what axolotl hangs to its comment: a badge and the configuration."""
    path = written_by("axolotl", version) / "axolotl" / "train.py"
    comment = SimpleNamespace(AUTOGENERATED_TRAINER_COMMENT="")
    metadata = SimpleNamespace(metadata=SimpleNamespace(version=lambda _: version))
    module = definitions(
        path, ["setup_model_card"], transformers=SimpleNamespace(modelcard=comment), importlib=metadata, DictDefault=dict
    )
    with tempfile.TemporaryDirectory() as out:
        file = Path(out) / "config.yml"
        file.write_text(config, encoding="utf-8")
        module.setup_model_card(SimpleNamespace(axolotl_config_path=str(file)))
    head, mark, rest = trainer_card.partition("remove this comment. -->\n")
    assert mark
    return head + mark + comment.AUTOGENERATED_TRAINER_COMMENT + "\n" + rest


def unsloth_card(version: str, **asked: str) -> str:
    """The card of an upload by unsloth: `base_model`, `username`, `model_type`, `method`, `extra`."""
    path = written_by("unsloth-zoo", version) / "unsloth_zoo" / "saving_utils.py"
    return str(definitions(path, ["MODEL_CARD"]).MODEL_CARD.format(**asked))


def keras_hub_push_card(version: str, metadata: dict[str, Any], optimizer: Mapping[str, Any] | None, precision: str) -> str:
    """What `push_to_hub_keras` writes for a model with this optimizer's get_config()."""
    import collections.abc

    import yaml

    path = written_by("huggingface-hub", version) / "huggingface_hub" / "keras_mixin.py"
    policy = SimpleNamespace(global_policy=lambda: SimpleNamespace(name=precision))
    around = {
        "collections": SimpleNamespace(MutableMapping=collections.abc.MutableMapping),
        "tf": SimpleNamespace(keras=SimpleNamespace(mixed_precision=policy)),
        "yaml_dump": yaml.safe_dump,
        "is_graphviz_available": lambda: False,
        "is_pydot_available": lambda: False,
    }
    names = ["_flatten_dict", "_create_hyperparameter_table", "_plot_network", "_create_model_card"]
    held = SimpleNamespace(get_config=lambda: dict(optimizer)) if optimizer else None
    with tempfile.TemporaryDirectory() as out:
        definitions(path, names, **around)._create_model_card(SimpleNamespace(optimizer=held), Path(out), False, dict(metadata))
        return (Path(out) / "README.md").read_text(encoding="utf-8")


def fastai_card(version: str) -> str:
    path = written_by("huggingface-hub", version) / "huggingface_hub" / "fastai_utils.py"
    return str(definitions(path, ["README_TEMPLATE"]).README_TEMPLATE)


def agent_card(project: str, version: str, **asked: Any) -> str:
    """The card of Stable-Baselines3's two pushes (huggingface-sb3, rl-zoo3), Sample Factory and ML-Agents."""
    with tempfile.TemporaryDirectory() as out:
        readme = Path(out) / "README.md"
        if project == "sample-factory":
            _factory_card(version, out, **asked)
        else:
            text, metadata = {"huggingface-sb3": _sb3_card, "rl-zoo3": _zoo_card, "mlagents": _unity_card}[project](
                version, Path(out), **asked
            )
            readme.write_text(text, encoding="utf-8")
            hub()["metadata_save"](readme, metadata)
        return readme.read_text(encoding="utf-8")


def _sb3_card(version: str, _: Path, **asked: Any) -> tuple[str, dict[str, Any]]:
    path = written_by("huggingface-sb3", version) / "huggingface_sb3" / "push_to_hub.py"
    made: tuple[str, dict[str, Any]] = definitions(
        path, ["generate_metadata", "_generate_model_card"], **hub()
    )._generate_model_card(**asked)
    return made


def _zoo_card(version: str, _: Path, **asked: Any) -> tuple[str, dict[str, Any]]:
    from pprint import pformat

    sb3 = written_by("huggingface-sb3", "3.0") / "huggingface_sb3" / "push_to_hub.py"
    metadata = definitions(sb3, ["generate_metadata"], **hub()).generate_metadata
    path = written_by("rl-zoo3", version) / "rl_zoo3" / "push_to_hub.py"
    module = definitions(path, ["generate_model_card"], generate_metadata=metadata, pformat=pformat)
    made: tuple[str, dict[str, Any]] = module.generate_model_card(**asked)
    return made


def _unity_card(version: str, out: Path, env: str, trainer: str, repo: str) -> tuple[str, dict[str, Any]]:
    path = written_by("mlagents", version) / "mlagents" / "utils" / "push_to_hf.py"
    (out / "config.json").write_text(json.dumps({"behaviors": {env: {"trainer_type": trainer}}}))
    made: tuple[str, dict[str, Any]] = definitions(path, ["_generate_metadata", "_generate_model_card"])._generate_model_card(
        out, "configuration.yaml", repo
    )
    return made


def _factory_card(version: str, out: str, **asked: Any) -> None:
    from huggingface_hub import repocard

    path = written_by("sample-factory", version) / "sample_factory" / "huggingface" / "huggingface_utils.py"
    numpy = SimpleNamespace(mean=average, std=spread)
    definitions(path, ["generate_model_card"], np=numpy, repocard=repocard).generate_model_card(out, **asked)


def lerobot_card(version: str, front: Mapping[str, Any], **context: Any) -> str:
    """The card of a policy; `front` is its front matter."""
    from huggingface_hub import ModelCard, ModelCardData

    path = written_by("lerobot", version) / "lerobot" / "templates" / "lerobot_modelcard_template.md"
    template = path.read_text(encoding="utf-8")
    return str(ModelCard.from_template(ModelCardData(**front), template_str=template, **context))


def mergekit_card(version: str, name: str, method: str, base: str | None, models: Iterable[str], config: str) -> str:
    """The card of a merge of models of the Hub."""
    import yaml

    path = written_by("mergekit", version) / "mergekit" / "card.py"
    spec = SimpleNamespace(reference_url="https://arxiv.org/abs/2203.05482", pretty_name=method.upper(), name=method)
    around = {
        "yaml": yaml,
        "merge_methods": SimpleNamespace(get=lambda _: SimpleNamespace(spec=spec)),
        "huggingface_hub": SimpleNamespace(repo_exists=lambda *_, **__: True),
        "HFValidationError": ValueError,
    }
    names = ["CARD_TEMPLATE", "is_hf", "extract_hf_paths", "method_md", "maybe_link_hf", "modelref_md", "generate_card"]
    listed = [SimpleNamespace(model=SimpleNamespace(path=each), lora=None) for each in models]
    first = next((each for each in listed if each.model.path == base), None)
    merge = SimpleNamespace(referenced_models=lambda: listed, base_model=first, merge_method=method)
    return str(definitions(path, names, **around).generate_card(merge, config, name))


def adapter_card(version: str, out: str, head: str | None, **asked: Any) -> str:
    """The card of `push_adapter_to_hub`."""
    path = written_by("adapters", version) / "adapters" / "hub_mixin.py"
    around = {"logger": SimpleNamespace(info=lambda *_: None)}
    module = definitions(path, ["DEFAULT_TEXT", "ADAPTER_CARD_TEMPLATE", "_save_adapter_card"], **around)
    model = SimpleNamespace(config=SimpleNamespace(model_type="bert"), model_name=asked.pop("base"))
    if head:
        model.heads = {"mine": SimpleNamespace(config={"head_type": head})}
    module._save_adapter_card(model, out, "mine", **asked)
    return (Path(out) / "README.md").read_text(encoding="utf-8")


def keras_preset_card(version: str, backbone: str, task: str | None, config: Mapping[str, Any]) -> str:
    """The card of KerasHub's `upload_preset`."""
    path = written_by("keras-hub", version) / "keras_hub" / "src" / "utils" / "preset_utils.py"
    files = {"config.json": {"class_name": backbone, "config": dict(config)}, "task.json": {"class_name": task}}
    around = {
        "re": re,
        "README_FILE": "README.md",
        "CONFIG_FILE": "config.json",
        "TASK_CONFIG_FILE": "task.json",
        "load_json": lambda _, name: files[name],
        "check_file_exists": lambda *_: task is not None,
    }
    with tempfile.TemporaryDirectory() as out:
        definitions(path, ["to_snake_case", "create_model_card"], **around).create_model_card(out)
        return (Path(out) / "README.md").read_text(encoding="utf-8")


class Table:
    """Stands in for pytablewriter's MarkdownTableWriter: cells padded to their column, numbers to the right."""

    headers: list[str]
    value_matrix: list[list[Any]]

    def dumps(self) -> str:
        rows = [[str(cell) for cell in row] for row in self.value_matrix]
        widths = [max(3, *(len(row[at]) for row in [self.headers, *rows])) for at in range(len(self.headers))]
        lines = ["|".join(name.center(width) for name, width in zip(self.headers, widths, strict=True))]
        lines.append("|".join("-" * width for width in widths))
        lines += ["|".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        return "".join(f"|{line}|\n" for line in lines)


def harness_table(version: str, results: Mapping[str, Any]) -> str:
    """`make_table` of lm-evaluation-harness."""
    path = written_by("lm-eval", version) / "lm_eval" / "utils.py"
    source = path.read_text(encoding="utf-8")
    names = ["make_table", "_build_hierarchy_info", "HIGHER_IS_BETTER_SYMBOLS"]
    names = [name for name in names if re.search(rf"^(?:def )?{name}\b", source, re.M)]
    imported = ["from pytablewriter import LatexTableWriter, MarkdownTableWriter"]
    module = definitions(path, names, imported, MarkdownTableWriter=Table, LatexTableWriter=Table)
    return str(module.make_table(results))


def mlx_card(version: str, base: str, repo: str) -> str:
    """The card of a model that mlx-lm converted and uploaded."""
    from huggingface_hub import ModelCard, ModelCardData

    path = written_by("mlx-lm", version) / "mlx_lm" / "utils.py"
    off = ["from . import __version__", "from huggingface_hub import HfApi, ModelCard, logging", "logging.set_verbosity_info()"]
    hub = SimpleNamespace(create_repo=lambda **_: None, upload_large_folder=lambda **_: None)
    upload = definitions(
        path, ["upload_to_hub"], off, HfApi=lambda: hub, ModelCard=ModelCard, __version__=version, dedent=textwrap.dedent
    ).upload_to_hub
    data = ModelCardData(base_model=base, library_name="mlx", pipeline_tag="text-generation", tags=["mlx"])
    with tempfile.TemporaryDirectory() as out:
        (Path(out) / "README.md").write_text(f"---\n{data.to_yaml()}\n---\n", encoding="utf-8")
        upload(out, repo)
        return (Path(out) / "README.md").read_text(encoding="utf-8")


def lighteval_table(version: str, results: Mapping[str, Any]) -> str:
    """`make_results_table` of lighteval."""
    path = written_by("lighteval", version) / "lighteval" / "utils" / "utils.py"
    return str(definitions(path, ["make_results_table"], MarkdownTableWriter=Table).make_results_table(results))


def open_clip_card(version: str, card: dict[str, Any], name: str) -> str:
    """`generate_readme` of OpenCLIP."""
    path = written_by("open-clip-torch", version) / "open_clip" / "push_to_hf_hub.py"
    return str(definitions(path, ["generate_readme"]).generate_readme(dict(card), name))


def timm_card(version: str, card: dict[str, Any], name: str) -> str:
    """`generate_readme` of timm."""
    path = written_by("timm", version) / "timm" / "models" / "_hub.py"
    return str(definitions(path, ["generate_readme"]).generate_readme(dict(card), name))


def topic_card(version: str, repo: str, told: Mapping[str, Any], sizes: Mapping[int, int], installed: Mapping[str, str]) -> str:
    """`generate_readme` of BERTopic for topics with so many documents each, and the settings that `get_params` gives."""
    path = written_by("bertopic", version) / "bertopic" / "_save_utils.py"
    model = SimpleNamespace(
        get_params=lambda: dict(told),
        topics_=list(sizes),
        topic_sizes_=dict(sizes),
        get_topic=lambda _: [("frog", 0.9), ("2020", 0.8), ("pond", 0.1)],
        get_topic_freq=sizes.__getitem__,
        custom_labels_=None,
        topic_labels_={topic: f"{topic}_frog_2020_pond" for topic in sizes},
    )
    around = {"get_package_versions": lambda: dict(installed), "check_has_visual_aspect": lambda _: False}
    return str(definitions(path, ["MODEL_CARD_TEMPLATE", "generate_readme"], **around).generate_readme(model, repo))


def model2vec_card(version: str, base: str, name: str) -> str:
    """`create_model_card` of Model2Vec for a distilled model."""
    path = written_by("model2vec", version) / "model2vec" / "modelcards" / "modelcards.py"
    module = definitions(path, ["create_model_card"], **hub(), __file__=str(path))
    with tempfile.TemporaryDirectory() as out:
        module.create_model_card(out, base, language=["en"], model_name=name)
        return (Path(out) / "README.md").read_text(encoding="utf-8")


def cleanrl_card(version: str, algorithm: str, rewards: list[float], told: Mapping[str, Any]) -> str:
    """What `push_to_hub` of CleanRL's utilities writes before it sends it off."""
    from pprint import pformat

    path = written_by("cleanrl", version) / "cleanrl_utils" / "huggingface.py"
    api = SimpleNamespace(list_repo_files=lambda **_: [], create_commit=lambda **_: None)
    api.create_repo = lambda **_: "https://huggingface.co/ponds/frog"
    numpy = SimpleNamespace(average=average, std=spread)
    names = ["HUGGINGFACE_VIDEO_PREVIEW_FILE_NAME", "HUGGINGFACE_README_FILE_NAME", "push_to_hub"]
    off = ["from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi"]
    around = {"np": numpy, "pformat": pformat, "HfApi": lambda: api, "CommitOperationAdd": lambda **_: None, "sys": sys}
    module = definitions(path, names, off, **around, __file__=str(path))
    with tempfile.TemporaryDirectory() as out:
        module.push_to_hub(SimpleNamespace(**told), rewards, "ponds/frog", algorithm, out)
        return (Path(out) / "README.md").read_text(encoding="utf-8")


def average(values: list[float]) -> float:
    return sum(values) / len(values)


def spread(values: list[float]) -> float:
    """The standard deviation of a population, as numpy's."""
    return average([(value - average(values)) ** 2 for value in values]) ** 0.5
