"""What lies beside a card on the Hub: headers of weights of any size, old versions of the card, and limits on time and bytes."""

import json
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_server import commit_of
from hub_user import Hub, user
from plan_cards import make_model

LOOK = """
from cardaudit.ladder import look, open_repository
def looked(target, **more):
    audit = look(open_repository(target, **more))
    facts = {fact.key: fact.value for fact in audit.evidence.facts}
    return FetchedCard(json.dumps([facts, audit.evidence.looked_at, audit.evidence.unread, audit.rungs[1].details]), "", "")
"""
SWITCHED_OFF = ["README.md (history)", "the Hub is switched off, and the cache does not hold it"]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with user(tmp_path) as someone:
        yield someone


@pytest.fixture
def model(hub: Hub) -> Path:
    folder = make_model(hub.root / "models/user--base/main")
    (folder / "README.md").write_text("# base\n")
    return folder


def looked(hub: Hub, more: str = "", **environment: str) -> Any:
    """Facts, files read, files not read and the second rung's details of user/base."""
    answer = hub.ask(f"looked('user/base'{more})", before=LOOK, **environment)
    return json.loads(answer["text"])


def weights(path: Path, tensors: dict[str, list[int]], padding: int = 0) -> None:
    """A safetensors file of which only the header is true; a hole stands for the weights."""
    header = {name: {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]} for name, shape in tensors.items()}
    text = json.dumps(header | {"__metadata__": {"format": "x" * padding}}).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(file.tell() + 2**18)


def shards(folder: Path, count: int = 3, of: int = 3) -> None:
    (folder / "model.safetensors").unlink()
    for number in range(1, count + 1):
        weights(
            folder / f"model-{number:05}-of-{of:05}.safetensors", {f"layer{number}.x": [10, number], "classifier.weight": [7, 5]}
        )


def test_the_headers_of_all_shards_are_read_and_no_weights(hub: Hub, model: Path) -> None:
    shards(model)
    facts, read, unread, _ = looked(hub)
    assert (facts["parameters"], facts["head_labels"], facts["dtypes"]) == (10 + 20 + 30 + 35, 7, ["F32"])
    assert "3 shards of the weights (header)" in read
    assert unread == []
    assert not list(hub.home.rglob("*.safetensors"))


@pytest.mark.parametrize(
    ("count", "of", "why"),
    [(2, 3, "2 shards are there, and their names speak of 3"), (65, 65, "there are 65 shards, more than 64")],
)
def test_shards_that_are_not_whole_tell_nothing(hub: Hub, model: Path, count: int, of: int, why: str) -> None:
    shards(model, count, of)
    facts, _, unread, details = looked(hub)
    name = f"model-00001-of-{of:05}.safetensors (header)"
    assert unread == [[name, why]]
    assert "parameters" not in facts
    assert details[1] == f"not read: {name}: {why}"
    assert hub.asked(".safetensors") == 0


@pytest.mark.parametrize("rule", [{}, {"whole": ["models/user/base"]}], ids=["ranges", "no ranges"])
def test_a_long_header_is_read_to_its_end(hub: Hub, model: Path, rule: dict[str, Any]) -> None:
    weights(model / "model.safetensors", {"classifier.weight": [9, 4]}, padding=300_000)
    hub.rules(**rule)
    facts, _, unread, _ = looked(hub)
    assert (facts["head_labels"], unread) == (9, [])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            struct.pack("<Q", 2**62),
            "model.safetensors is no safetensors file: its header would have 4,611,686,018,427,387,904 bytes",
        ),
        (struct.pack("<Q", 8) + b"not JSON", "model.safetensors is no safetensors file: its header is no JSON of tensors"),
        (b"", "model.safetensors is no safetensors file: its header would have 0 bytes"),
    ],
    ids=["huge", "no JSON", "empty"],
)
def test_a_header_that_is_none_is_told(hub: Hub, model: Path, data: bytes, why: str) -> None:
    (model / "model.safetensors").write_bytes(data)
    facts, _, unread, _ = looked(hub)
    assert [sentence for _, sentence in unread] == [why]
    assert "parameters" not in facts


# offline


@pytest.mark.usefixtures("model")
def test_offline_the_cached_weights_tell_and_the_rest_is_said(hub: Hub) -> None:
    hub.ask("resolve_model('user/base')")
    online = looked(hub)
    for more, environment in ((", offline=True", {}), ("", {"HF_HUB_OFFLINE": "1"})):
        before = hub.asked("")
        facts, read, unread, details = looked(hub, more, **environment)
        assert facts == online[0]
        assert read == online[1]
        assert unread == [SWITCHED_OFF]
        assert f"not read: {': '.join(SWITCHED_OFF)}" in details
        assert hub.asked("") == before


@pytest.mark.usefixtures("model")
def test_offline_without_the_weights(hub: Hub) -> None:
    looked(hub)
    facts, _, unread, _ = looked(hub, ", offline=True")
    missing = ["model.safetensors (header)", "the weights are not in the cache, and the Hub is switched off"]
    assert unread == [SWITCHED_OFF, missing]
    assert "parameters" not in facts


# the card's history


def history(hub: Hub, model: Path, count: int) -> None:
    """So many older commits of user/base, each with a card of its own."""
    states = [["main", "2024-02-28"]]
    for number in range(1, count + 1):
        folder = model.with_name(f"old{number}")
        folder.mkdir()
        (folder / "README.md").write_text(f"# base {number}\n")
        states.append([folder.name, f"2024-01-{28 - number:02}"])
    hub.rules(history={"models/user/base": states})


VERSIONS = """
from cardaudit.hub.evidence import card_versions
{more}
def versions(commit):
    return FetchedCard(json.dumps(card_versions("user/base", commit)), "", "")
"""


def versions(hub: Hub, model: Path, more: str = "") -> Any:
    return json.loads(hub.ask(f"versions({commit_of(model)!r})", before=VERSIONS.replace("{more}", more))["text"])


def test_of_many_versions_the_last_ten_are_read(hub: Hub, model: Path) -> None:
    history(hub, model, 14)
    found, left_out = versions(hub, model)
    assert [text for _, _, text in found] == [*(f"# base {number}\n" for number in range(9, 0, -1)), "# base\n"]
    assert left_out == [["README.md (history)", "of 15 commits the last 10 are read"]]


def test_an_old_card_of_any_size_is_not_taken(hub: Hub, model: Path) -> None:
    history(hub, model, 3)
    (model.with_name("old1") / "README.md").write_bytes(b"#" * (2**20 + 1))
    (model.with_name("old2") / "README.md").write_bytes(b"\xff\xfe")
    (model.with_name("old3") / "README.md").unlink()
    (model.with_name("old3") / "config.json").write_text("{}")
    found, left_out = versions(hub, model)
    assert [text for _, _, text in found] == ["# base\n"]
    assert [(name, why.split(":")[0]) for name, why in left_out] == [
        ("README.md of 2024-01-27", "it has more than 1 MB"),
        ("README.md of 2024-01-26", "it is no UTF-8"),
    ]


def test_a_slow_history_ends(hub: Hub, model: Path) -> None:
    history(hub, model, 3)
    limit = "import cardaudit.hub.evidence; cardaudit.hub.evidence.HISTORY_SECONDS = -1.0"
    found, left_out = versions(hub, model, limit)
    assert (found, left_out) == ([], [["README.md (history)", "the Hub is slow: nothing from 2024-02-28 back is read"]])


# limits on time


def test_a_file_that_is_rationed_is_waited_for_aloud(hub: Hub, model: Path) -> None:
    hub.rules(limited_files={"models/user/base": [1, 2]})
    words = "the Hub answers that there were too many requests for model user/base: waiting 2 seconds, then asking again (2 of 3)"
    assert hub.ask("resolve_model('user/base')", told=f"cardaudit: {words}\n")["revision"] == commit_of(model)


@pytest.mark.usefixtures("model")
def test_a_file_that_is_rationed_for_long_is_not_waited_for(hub: Hub) -> None:
    hub.rules(limited_files={"models/user/base": [99, 3600]})
    began = time.monotonic()
    words = (
        "the Hub answers that there were too many requests for model user/base: wait 3600 seconds, or log in with `hf auth login`"
    )
    assert hub.ask("resolve_model('user/base')") == [2, words]
    assert time.monotonic() - began < 20


@pytest.mark.usefixtures("model")
def test_a_file_that_drips_has_an_end(hub: Hub) -> None:
    """Each byte comes within the client's own limit of time, and so it would read on for days."""
    hub.put("models/user--base/main/README.md", "# base\n" * 99)
    hub.rules(drips=["models/user/base"])
    quick = "import cardaudit.hub.asking; cardaudit.hub.asking.CLIENTS_OWN = 0.0"
    began = time.monotonic()
    sentence = f"the Hub at {hub.endpoint} was too slow for model user/base: try again later, or raise HF_HUB_DOWNLOAD_TIMEOUT"
    assert hub.ask("resolve_model('user/base')", before=quick, HF_HUB_DOWNLOAD_TIMEOUT="2") == [2, sentence]
    assert time.monotonic() - began < 30
    assert hub.ask("fetch_card('user/base')", HF_HUB_DOWNLOAD_TIMEOUT="2")[1] == sentence


@pytest.mark.usefixtures("model")
def test_what_does_not_fit_on_the_disk_is_not_downloaded(hub: Hub) -> None:
    hub.rules(sizes={"models/user/base": {"model.safetensors": 10**18}})
    code, sentence = hub.ask("resolve_model('user/base')")
    assert (code, sentence.split(", and ")[0]) == (2, "user/base takes 931,322,574.6 GB")
    assert hub.asked("/resolve/") == 0
