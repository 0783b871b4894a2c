"""The only module that talks to the Hub: cards, and snapshots of models and data sets pinned to a commit.

huggingface_hub is imported inside functions. It honours HF_ENDPOINT, HF_HOME, HF_HUB_OFFLINE and the usual places of a token,
which is never printed. Everything is downloaded as files; nothing of a repository is ever run or unpickled here.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import ask
from cardaudit.hub.cached import NotCached, Snapshot, cached, is_offline
from cardaudit.hub.datasets import DatasetRepo, conversion_files, download_dataset, find_dataset
from cardaudit.hub.ids import canonical_dataset, canonical_model, is_repo_id, parse_target, split_revision
from cardaudit.hub.repositories import describe, download, sizes_of

__all__ = [
    "DatasetRepo",
    "FetchedCard",
    "NotCached",
    "Snapshot",
    "canonical_dataset",
    "canonical_model",
    "conversion_files",
    "download_dataset",
    "fetch_card",
    "find_dataset",
    "is_repo_id",
    "resolve_model",
    "split_revision",
]

MODEL_FILES = (".safetensors", ".json", ".txt", ".model")
PICKLES = re.compile(r"pytorch_model(-\d+-of-\d+)?\.bin")
MAX_CARD = 8 * 2**20  # as parse.py has it


class FetchedCard(NamedTuple):
    """A card from the Hub: its text, the commit it was read at, and the repository's id as the Hub spells it today."""

    text: str
    revision: str
    name: str


def fetch_card(target: str, offline: bool = False) -> FetchedCard:
    """The card of `user/model`, `user/model@revision`, or a model's web address.

    Raises CardauditError where there is none, it is gated or private, or the Hub cannot be reached and nothing is cached.
    """
    name, revision = parse_target(target)
    if is_offline(offline):
        snapshot = cached("model", name, revision, lambda files: "README.md" in files)
        return FetchedCard(_read_card(Path(snapshot.path, "README.md")), snapshot.revision, name)
    from huggingface_hub import hf_hub_download

    info = describe("model", name, revision)
    _demand_card(info)
    path = ask("model", name, revision, lambda _: hf_hub_download(info.id, "README.md", revision=info.sha), file="README.md")
    return FetchedCard(_read_card(Path(path)), info.sha, info.id)


def resolve_model(name: str, revision: str | None = None, offline: bool = False, allow_pickle: bool = False) -> Snapshot:
    """A model's weights, config and tokenizer at one commit; safetensors only unless `allow_pickle`.

    Raises CardauditError where it cannot be had.
    """
    if is_offline(offline):
        return cached("model", name, revision, lambda files: "config.json" in files)
    info = describe("model", name, revision)
    sizes = sizes_of(info)
    wanted = [n for n in sizes if "/" not in n and n.endswith(MODEL_FILES)]
    if not any(n.endswith(".safetensors") for n in wanted):
        pickles = [n for n in sizes if PICKLES.fullmatch(n)]
        if pickles and not allow_pickle:
            raise CardauditError(
                f"{info.id} has its weights as a pickle only, which can run code: --allow-pickle loads it with weights_only"
            )
        wanted += pickles
    return Snapshot(info.id, info.sha, download("model", info.id, info.sha, wanted, sum(sizes[n] for n in wanted)))


def _demand_card(info: Any) -> None:
    """Raises CardauditError where the repository's README.md is larger than any card, before it is downloaded."""
    size = sizes_of(info).get("README.md", 0)
    if size > MAX_CARD:
        raise CardauditError(f"the README.md of {info.id} has {size / 2**20:,.0f} MB, a card has at most {MAX_CARD // 2**20}")


def _read_card(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CardauditError(f"{path} cannot be read as UTF-8: {error}") from error
