"""The base model: whose it is, where it lies, how much it holds."""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.hub import canonical_model, is_repo_id, resolve_model, split_revision
from cardaudit.plan.implied import likely_base
from cardaudit.plan.ledger import Ledger
from cardaudit.records import ModelPlan
from cardaudit.runs import folder_sha256

NO_NAME = {"", "none", "null", "unknown", "an unknown model"}
TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model")
MAX_JSON = 32 * 2**20
NO_LIMIT = 100_000  # tokenizers without a limit say 1e30


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A plan's model with what its files say; `longest`, `parameters`, `hidden`, `layers` are None where they do not."""

    plan: ModelPlan
    longest: int | None = None
    parameters: int | None = None
    hidden: int | None = None
    layers: int | None = None


def plan_model(ledger: Ledger) -> BaseModel | None:
    """The base model, or None where neither card nor user names one, which is then missing.

    Raises CardauditError where it cannot be had, or is not a model that can be loaded without running foreign code.
    """
    printed = ledger.card.base_model
    claimed = printed.text.strip() if printed and printed.text.strip().lower() not in NO_NAME else None
    given: str | None = ledger.given("base_model", printed if claimed else None)
    declared: bool | None = ledger.given("same_base")
    if given is None and claimed is None and (loaded := _loaded_from(ledger)) is not None:
        given = claimed = loaded
    if given is None and claimed is None:
        likely = likely_base(ledger.card)
        known = (f"the model's name: it begins with that of {likely} (--base-model {likely})",) if likely else ()
        ledger.lack("base_model", "the card names no base model", "--set base_model=ID-OR-PATH", known)
        return None
    if given is None and printed is not None:
        ledger.read("base_model", claimed, printed)
    name = given or claimed or ""
    same = given in (None, claimed) or bool(declared)
    if not ledger.settings.resolve:
        return _unresolved(ledger, name, claimed, same)
    folder = ledger.path("base_model", name) if given else None
    if folder is not None and folder.exists():
        return _local(ledger, folder, claimed, bool(declared))
    return _from_hub(ledger, name, claimed, same)


def _loaded_from(ledger: Ledger) -> str | None:
    """The model that config.json was made from, where it is the id of one; transformers 5 no longer writes it."""
    fact = ledger.settings.evidence.first("name_or_path") if ledger.settings.evidence else None
    name = str(fact.value) if fact else ""
    if fact is None or not is_repo_id(name) or name.lower() in NO_NAME or name == ledger.card.source.name:
        return None
    return ledger.found("base_model", name, f"{fact.file} says {fact.where} {name}")


def _local(ledger: Ledger, folder: Path, claimed: str | None, declared: bool) -> BaseModel:
    if not declared:
        _tell_other(ledger, folder.name, claimed)
    _demand_model(folder, ledger.settings.allow_pickle)
    path = folder.resolve()
    return _described(ModelPlan(path.name, None, str(path), claimed, declared, folder_sha256(path)))


def _from_hub(ledger: Ledger, name: str, claimed: str | None, same: bool) -> BaseModel | None:
    settings = ledger.settings
    if not is_repo_id(name):
        because = f"{name!r} is neither a folder nor the id of a model on the Hub"
        ledger.lack("base_model", because, "--set base_model=ID-OR-PATH")
        return None
    bare, revision = split_revision(name)
    snapshot = resolve_model(bare, revision, offline=settings.offline, allow_pickle=settings.allow_pickle)
    same = same or (claimed is not None and canonical_model(claimed) == canonical_model(snapshot.id))
    if not same:
        _tell_other(ledger, snapshot.id, claimed)
    _demand_model(Path(snapshot.path), settings.allow_pickle)
    return _described(ModelPlan(snapshot.id, snapshot.revision, snapshot.path, claimed, same))


def _unresolved(ledger: Ledger, name: str, claimed: str | None, same: bool) -> BaseModel:
    bare, revision = split_revision(name) if is_repo_id(name) else (Path(name).name, None)
    same = same or (is_repo_id(name) and claimed is not None and canonical_model(claimed) == canonical_model(bare))
    if not same:
        _tell_other(ledger, bare, claimed)
    return BaseModel(ModelPlan(bare, revision, "", claimed, same))


def _tell_other(ledger: Ledger, name: str, claimed: str | None) -> None:
    card = f"the card's is {claimed}" if claimed else "the card names none"
    reason = (
        f"{card}; {name} was put in its place, so the runs are not comparable unless same_base=true says that it is the card's"
    )
    ledger.assume("same_base", False, reason, True)


def _demand_model(folder: Path, allow_pickle: bool) -> None:
    """Raises CardauditError unless the folder holds a model, its tokenizer, and weights that can be read without running code."""
    if not (folder / "config.json").is_file():
        raise CardauditError(f"{folder} holds no config.json: give the folder of a model that save_pretrained wrote")
    if "auto_map" in read_json(folder / "config.json"):
        raise CardauditError(
            f"{folder} needs code of its own (auto_map in config.json), which cardaudit never runs: give another base model"
        )
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        raise CardauditError(f"{folder} holds no tokenizer: save it beside the model with tokenizer.save_pretrained")
    if any(folder.glob("*.safetensors")):
        return
    if not any(folder.glob("pytorch_model*.bin")):
        raise CardauditError(f"{folder} holds no weights: expected model.safetensors")
    if not allow_pickle:
        raise CardauditError(
            f"{folder} has its weights as a pickle only, which can run code: --allow-pickle loads it with weights_only"
        )


def describe_model(plan: ModelPlan, allow_pickle: bool) -> BaseModel:
    """A model at hand; raises CardauditError where it cannot be loaded without running foreign code."""
    _demand_model(Path(plan.path), allow_pickle)
    return _described(plan)


def _described(plan: ModelPlan) -> BaseModel:
    folder = Path(plan.path)
    config = read_json(folder / "config.json")
    return BaseModel(
        plan,
        longest=_longest(config, read_json(folder / "tokenizer_config.json")),
        parameters=_parameters(folder),
        hidden=_size(config, "hidden_size", "dim", "d_model", "n_embd"),
        layers=_size(config, "num_hidden_layers", "n_layers", "n_layer"),
    )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty where there is no such file. Raises CardauditError where it is no JSON object."""
    if not path.is_file():
        return {}
    if path.stat().st_size > MAX_JSON:
        raise CardauditError(f"{path} has {path.stat().st_size / 2**20:,.0f} MB: a configuration has a few kilobytes")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CardauditError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(document, dict):
        raise CardauditError(f"{path} is no JSON object")
    return document


def _longest(config: dict[str, Any], tokenizer: dict[str, Any]) -> int | None:
    """The most tokens that both hold. RoBERTa's kind reserves positions up to and including the padding id."""
    limits = []
    if isinstance(limit := tokenizer.get("model_max_length"), int | float) and 0 < limit < NO_LIMIT:
        limits.append(int(limit))
    if (positions := _size(config, "max_position_embeddings", "n_positions")) is not None:
        reserved = int(config.get("pad_token_id") or 0) + 1 if "roberta" in str(config.get("model_type")) else 0
        limits.append(positions - reserved)
    return min(limits, default=None)


def _size(config: dict[str, Any], *names: str) -> int | None:
    return next((value for name in names if isinstance(value := config.get(name), int) and value > 0), None)


def _parameters(folder: Path) -> int | None:
    """The elements of all tensors, from the headers of the safetensors files; about a quarter of a pickle's bytes."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        return sum(path.stat().st_size for path in folder.glob("pytorch_model*.bin")) // 4 or None
    return sum(map(_elements, files))


def _elements(path: Path) -> int:
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(path.stat().st_size, 100 << 20):
                raise ValueError("its header is longer than the file")
            header = json.loads(file.read(length))
        return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    except (OSError, ValueError, TypeError, KeyError, AttributeError, struct.error) as error:
        raise CardauditError(f"{path} is no safetensors file: {error}") from error
