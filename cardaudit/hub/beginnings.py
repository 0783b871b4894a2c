"""The beginnings of files of any size, read by ranges, and so the headers of a repository's weights.

The format of weights (github.com/huggingface/safetensors, README): 8 bytes little-endian length, that much JSON, the weights.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import ask

WHOLE = "model.safetensors"
SHARD = re.compile(r"model-(\d{5})-of-(\d{5})\.safetensors")
MOST_SHARDS = 64  # of 5 GB, as save_pretrained cuts them: a model of 160 billion parameters
MAX_HEADER = 25 * 2**20
FIRST = 100_000  # bytes asked for at once: 97 % of the Hub's headers are shorter (huggingface_hub/hf_api.py of 2.4)
Headers = tuple[tuple[str, bytes], ...]


def weight_files(names: Iterable[str]) -> tuple[str, ...]:
    """model.safetensors, else the shards that save_pretrained cuts large weights into; empty where there is neither."""
    there = set(names)
    return (WHOLE,) if WHOLE in there else tuple(sorted(name for name in there if SHARD.fullmatch(name)))


def broken_set(files: Iterable[str]) -> str | None:
    """What is wrong with a set of shards: not all of them there, or too many; None where it is whole, or no set of shards."""
    matches = [match for name in files if (match := SHARD.fullmatch(name))]
    said = sorted({int(match[2]) for match in matches})
    if matches and said != [len(matches)]:
        return f"{len(matches)} shards are there, and their names speak of {' and '.join(map(str, said))}"
    return f"there are {len(matches)} shards, more than {MOST_SHARDS}" if len(matches) > MOST_SHARDS else None


def fetch_headers(name: str, commit: str, files: tuple[str, ...]) -> tuple[Headers, tuple[tuple[str, str], ...]]:
    """The JSON of each file's header, and what could not be had with the reason: the headers of all files, or none."""
    wrong = broken_set(files)
    if wrong is not None:
        return (), ((f"{files[0]} (header)", wrong),)
    found: list[tuple[str, bytes]] = []
    for file in files:
        try:
            found.append((file, _header(name, commit, file)))
        except CardauditError as error:
            return (), ((f"{file} (header)", str(error)),)
    return tuple(found), ()


def _header(name: str, commit: str, file: str) -> bytes:
    start = first_bytes(name, commit, file, FIRST)
    length = int.from_bytes(start[:8], "little")
    if not 2 <= length <= MAX_HEADER:
        raise CardauditError(f"{file} is no safetensors file: its header would have {length:,} bytes")
    if len(start) < 8 + length:
        start = first_bytes(name, commit, file, 8 + length)
    return start[8 : 8 + length]


def first_bytes(name: str, commit: str, file: str, count: int) -> bytes:
    """The first `count` bytes of a model's file at most; raises NoSuchFile, or CardauditError where it cannot be had."""
    return ask("model", name, commit, lambda _: _read(name, commit, file, count), file=file)


def _read(name: str, commit: str, file: str, count: int) -> bytes:
    """Also from a server that knows no ranges: the rest is not taken."""
    from huggingface_hub import constants, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status  # type: ignore[attr-defined]

    url = hf_hub_url(name, file, revision=commit)
    asked = {
        "headers": {**build_hf_headers(), "Range": f"bytes=0-{count - 1}", "Accept-Encoding": "identity"},
        "timeout": constants.HF_HUB_DOWNLOAD_TIMEOUT,
    }
    with _opened(get_session(), url, asked) as response:
        hf_raise_for_status(response)
        chunks = response.iter_bytes if hasattr(response, "iter_bytes") else response.iter_content
        data = bytearray()
        for chunk in chunks(2**16):
            data += chunk
            if len(data) >= count:
                break
        return bytes(data[:count])


def _opened(session: Any, url: str, asked: Mapping[str, Any]) -> Any:
    """A response whose body is still to come: of httpx since huggingface_hub 1.0, of requests before."""
    if callable(getattr(session, "stream", None)):
        return session.stream("GET", url, **asked)
    return session.get(url, stream=True, **asked)
