"""Repositories made to harm: nothing of them runs, nothing is written elsewhere, no string steers a terminal or a page.

A canary file stands for the harm: whatever would touch it has run a stranger's code.
"""

import json
import os
import pickle
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from command import cardaudit
from hub_server import serve
from plan_cards import make_model
from published import write_events

ESCAPES = "\x1b[31m\x1b]8;;http://x\x07[bold]<script>alert(1)</script>[/bold][link=http://x]\u202e"
UNPICKLED = (
    *("training_args.bin", "pytorch_model.bin", "pytorch_model-00001-of-00001.bin", "optimizer.pt", "scheduler.pt"),
    *("rng_state.pth", "scaler.pt", "adapter_model.bin", "model.pkl", "tokenizer.pkl", "data.joblib"),
)
CARD = """---
license: mit
tags: [generated_from_trainer, "{escapes}"]
datasets: ["user/trap", "{escapes}"]
metrics: ["{escapes}"]
model-index:
- name: "{escapes}"
  results:
  - task: {{type: text-classification, name: "{escapes}"}}
    dataset: {{type: user/trap, name: "{escapes}", config: "{escapes}", split: "{escapes}"}}
    metrics:
    - {{type: accuracy, value: 0.9345, name: "{escapes}"}}
---

# {raw}

This model is a fine-tuned version of [user/trap](https://huggingface.co/user/trap) on the user/trap dataset. {raw}
It achieves the following results on the evaluation set:
- Loss: 0.25
- Accuracy: 0.9345
- {raw}: 0.5

<script src="http://x/evil.js"></script>
<img src=x onerror=alert(1)>

```python
import os; os.system("touch {canary}")
```

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 16
- eval_batch_size: 16
- seed: 42
- {raw}: {raw}
- num_epochs: 1

### Training results

| Training Loss | Epoch | Step | Validation Loss | Accuracy | {cell} |
|:---:|:---:|:---:|:---:|:---:|:---:|
| 0.5 | 1.0 | 1 | 0.25 | 0.8 | {cell} |
"""


class Bomb:
    """What a pickle that runs a command on loading is made of."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.canary}",)


class Trap(NamedTuple):
    """user/trap, a model and a data set, on a Hub on loopback; `home`: whoever looks into it."""

    root: Path
    endpoint: str
    home: Path
    canary: Path

    @property
    def model(self) -> Path:
        return self.root / "models/user--trap/main"

    def ask(self, *command: str, **environment: str) -> tuple[int, str]:
        """Exit code and both streams of a command, run in a folder of its own."""
        here = {"HF_ENDPOINT": self.endpoint, "HF_HOME": str(self.home / "hf"), "HF_HUB_OFFLINE": "0", "OMP_NUM_THREADS": "1"}
        done = cardaudit(*command, cwd=self.home, **here, **environment)
        return done.returncode, done.stdout + done.stderr

    def page(self, name: str) -> str:
        """A report without its own record, which follows as JSON."""
        return (self.home / name / "report.html").read_text().partition('<script type="application/json"')[0]


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    root, home, canary = tmp_path / "hub", tmp_path / "home", tmp_path / "canary"
    home.mkdir()
    _model(make_model(root / "models/user--trap/main"), canary)
    _data(root / "datasets/user--trap/main", canary)
    with serve(root) as endpoint:
        yield Trap(root, endpoint, home, canary)


def _model(folder: Path, canary: Path) -> None:
    quoted = json.dumps(ESCAPES)[1:-1]
    raw = ESCAPES.replace("\u202e", "\u202ex")
    card = CARD.format(escapes=quoted, raw=raw, cell=raw.replace("|", ""), canary=canary)
    (folder / "README.md").write_text(card, encoding="utf-8")
    bomb = pickle.dumps(Bomb(canary))
    for name in UNPICKLED:
        (folder / name).write_bytes(bomb)
    with zipfile.ZipFile(folder / "training_args.bin", "w") as archive:
        archive.writestr("../../../archive/data.pkl", pickle.dumps([Bomb(canary), {"learning_rate": Bomb(canary)}]))
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": {"0": ESCAPES, "1": ESCAPES + "1"}, "architectures": [ESCAPES], "_name_or_path": ESCAPES}
    config |= {"model_type": config.get("model_type", "bert"), "problem_type": ESCAPES, "transformers_version": ESCAPES}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": ESCAPES, "name_or_path": ESCAPES}))
    logged = {"step": 1, "epoch": 1.0, "eval_loss": 0.25, f"eval_{ESCAPES}": 0.5}
    state = {"log_history": [logged], "best_model_checkpoint": ESCAPES}
    (folder / "trainer_state.json").write_text(json.dumps(state))
    (folder / "all_results.json").write_text(json.dumps({ESCAPES: 0.5, "eval_accuracy": 0.7}))
    write_events(folder / "runs/a/events.out.tfevents.1", [{"step": 1, ESCAPES: 0.5}], json.dumps({"learning_rate": ESCAPES}))
    header = json.dumps({ESCAPES: {"dtype": ESCAPES, "shape": [2, 3]}, "classifier.weight": {"dtype": ESCAPES, "shape": [2, 3]}})
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header.encode())) + header.encode())
    for name in ("modeling_evil.py", "tokenization_evil.py", "handler.py"):
        (folder / name).write_text(f"open({str(canary)!r}, 'w')")


def _data(folder: Path, canary: Path) -> None:
    folder.mkdir(parents=True)
    quoted = json.dumps(ESCAPES)
    entry = f"config_name: default\n  features:\n  - {{name: text, dtype: string}}\n  - {{name: label, dtype: {quoted}}}\n"
    splits = f"  splits:\n  - {{name: train, num_examples: 9}}\n  - {{name: validation, num_examples: {quoted}}}\n"
    (folder / "README.md").write_text(f"---\ndataset_info:\n- {entry}{splits}---\n# {ESCAPES}\n", encoding="utf-8")
    row = json.dumps({"text": ESCAPES, "label": ESCAPES})
    for split in ("train", "validation"):
        (folder / f"{split}.jsonl").write_text(f"{row}\n" * 4)
    (folder / "evil.py").write_text(f"open({str(canary)!r}, 'w')")


def harmless(trap: Trap, text: str) -> None:
    for sign in ("\x1b", "\x07", "\u202e", "Traceback"):
        assert sign not in text, repr(text)
    assert not trap.canary.exists()
    assert {path.name for path in trap.root.parent.iterdir()} <= {"hub", "home"}


@pytest.mark.parametrize("command", ["lint", "show", "plan"])
def test_no_command_runs_what_a_card_holds(trap: Trap, command: str) -> None:
    code, text = trap.ask(command, "user/trap")
    harmless(trap, text)
    assert code in (0, 1, 2, 3)
    assert text


@pytest.mark.parametrize("format_", ["concise", "json", "jsonl", "sarif", "github", "markdown", "html"])
def test_no_format_of_lint_carries_an_escape(trap: Trap, format_: str) -> None:
    _, text = trap.ask("lint", "user/trap", "--format", format_)
    assert "\x1b" not in text
    if format_ in ("markdown", "html"):
        assert not re.search(r"(?<!\\)<(script>alert|img src=x)", text.partition('<script type="application/json"')[0])
    assert not trap.canary.exists()


def test_the_evidence_is_read_and_nothing_runs(trap: Trap) -> None:
    code, text = trap.ask("verify", "user/trap", "--rung", "2", "-o", "audit")
    harmless(trap, text)
    assert code in (0, 1)
    assert "training_args.bin holds no training arguments" in text
    for sign in ("<script>alert", "<img src=x", "\x1b"):
        assert sign not in trap.page("audit")


@pytest.mark.train
@pytest.mark.parametrize("rule", ["config.json", "tokenizer_config.json"])
def test_code_of_ones_own_is_refused(trap: Trap, rule: str) -> None:
    pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
    document = json.loads((trap.model / rule).read_text())
    document["auto_map"] = {"AutoModel": "modeling_evil.Model", "AutoTokenizer": ["tokenization_evil.Tokenizer", None]}
    (trap.model / rule).write_text(json.dumps(document))
    code, text = trap.ask("verify", "user/trap", "--allow-pickle", "-o", "audit")
    harmless(trap, text)
    assert code == 2
    if rule == "config.json":
        assert "needs code of its own (auto_map in config.json), which cardaudit never runs" in text


@pytest.mark.train
def test_scoring_and_retraining_end_in_a_sentence(trap: Trap) -> None:
    pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
    (trap.model / "model.safetensors").unlink()
    code, text = trap.ask("reproduce", "user/trap", "--allow-pickle", "-o", "audit")
    harmless(trap, text)
    assert code in (2, 3)
    assert "<script>alert" not in trap.page("audit")


def test_names_that_lead_out_are_not_followed(trap: Trap) -> None:
    names = ["../../evil.json", "/etc/evil.safetensors", "runs/../../../events.out.tfevents.9"]
    names.append(f"runs/{ESCAPES[:5]}/events.out.tfevents.1")
    rules = {"also": {"models/user/trap": names, "datasets/user/trap": ["../../evil.parquet", "data/../../../train.parquet"]}}
    (trap.root / "hub.json").write_text(json.dumps(rules))
    for command in (("verify", "user/trap", "--rung", "2", "-o", "audit"), ("plan", "user/trap")):
        _, text = trap.ask(*command)
        harmless(trap, text)
    assert not [path for path in trap.home.rglob("*") if "evil.json" in path.name or "evil.parquet" in path.name]


def test_a_data_set_that_is_a_script_is_not_run(trap: Trap) -> None:
    data = trap.root / "datasets/user--trap/main"
    (data / "trap.py").write_text(f"open({str(trap.canary)!r}, 'w')")
    code, text = trap.ask("plan", "user/trap", "--set", "base_model=user/trap")
    harmless(trap, text)
    assert code in (2, 3)


@pytest.mark.parametrize("name", ["config.json", "trainer_state.json", "README.md", "all_results.json", "model.safetensors"])
def test_a_file_of_ten_gigabytes_is_not_downloaded(trap: Trap, name: str) -> None:
    """Its true content is small; the Hub says that it is large, which must be enough."""
    rules = {"sizes": {"models/user/trap": {name: 10 * 2**30}}}
    (trap.root / "hub.json").write_text(json.dumps(rules))
    code, text = trap.ask("verify", "user/trap", "--rung", "2", "-o", "audit")
    harmless(trap, text)
    asked = (trap.root / "asked.log").read_text()
    if name != "model.safetensors":  # of it the header is read
        assert f"/{name}" not in asked
    assert code in (0, 1, 2)
