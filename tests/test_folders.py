"""Which cards a folder holds: every one is read or told of, whatever lies beside it."""

import os
import time
from pathlib import Path

import pytest
from command import cardaudit
from zoo_samples import TEXTS, contents

from cardaudit.errors import CardauditError
from cardaudit.folders import cards_in
from cardaudit.targets import read_one

ZERO = "# a\n\n- Loss: 0.2\n- Precision: 0.0\n- Recall: 0.0\n- F1: 0.0\n- Accuracy: 0.9\n"


def lay(folder: Path, *names: str, text: str = "# a model\n") -> Path:
    """A folder with these files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(folder: Path) -> tuple[list[str], list[str]]:
    """The cards relative to the folder, and what is told."""
    told: list[str] = []
    return [str(path.relative_to(folder)) for path in cards_in(folder, told.append)], told


@pytest.mark.parametrize(
    "names",
    [
        ("README.md", "a.md", "b.md"),
        ("a.md", "sub/README.md"),
        ("README.md", "models/m1/README.md", "models/m2/README.md"),
        ("README.md", "card.md"),
        ("README.md", "a.md", "sub/README.md", "sub/card.md", "sub/deep/er/x.html", "sub/notes.txt"),
        ("A.MD", "b.markdown", "c.htm", "license-plates.md", "security-bert.md", "readme.md", "test.txt"),
        ("card.md",),
    ],
)
def test_a_collection_gives_every_card_at_any_depth(tmp_path: Path, names: tuple[str, ...]) -> None:
    lay(tmp_path, *names)
    assert found(tmp_path) == ([str(Path(name)) for name in sorted(names, key=lambda each: Path(each).parts)], [])


@pytest.mark.parametrize(
    "sign",
    [
        *("config.json", "adapter_config.json", "trainer_state.json", "model.safetensors", "pytorch_model.bin", "m.gguf", "m.pt"),
        ".eval_results/exam.json",
    ],
)
def test_a_repository_is_one_card(tmp_path: Path, sign: str) -> None:
    lay(tmp_path, "README.md", sign, "vocab.txt", "checkpoint-5/README.md", "docs/a.md", "notes.md", "LICENSE.md", "page.html")
    told = (
        "3 other Markdown files are not read, for a folder with a model's files is one card: "
        f"name a file or a folder to read it, such as {tmp_path / 'checkpoint-5' / 'README.md'}"
    )
    assert found(tmp_path) == (["README.md"], [told])
    assert read_one(str(tmp_path)).source.name == str(tmp_path / "README.md")


def test_repositories_in_a_collection_give_their_own_card_only(tmp_path: Path) -> None:
    lay(tmp_path, "README.md", "flat.md", "m1/README.md", "m1/config.json", "m1/docs/a.md", "m2/card.md", "m2/x.bin", "m3/a.md")
    names, told = found(tmp_path)
    assert names == ["README.md", "flat.md", "m1/README.md", "m2/card.md", "m3/a.md"]
    assert told == [
        "1 other Markdown file is not read, for a folder with a model's files is one card: "
        f"name a file or a folder to read it, such as {tmp_path / 'm1' / 'docs' / 'a.md'}"
    ]


def test_evaluations_come_after_their_card(tmp_path: Path) -> None:
    lay(tmp_path, "a.md", "m/README.md", "m/.eval_results/b.yaml", "m/.eval_results/a.yml", "m/.eval_results/c.txt", "z.md")
    assert found(tmp_path)[0] == ["a.md", "m/README.md", "m/.eval_results/a.yml", "m/.eval_results/b.yaml", "z.md"]


def test_files_that_are_no_cards(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "vocab.txt",
        "requirements.txt",
        "requirements-dev.txt",
        "LICENSE.txt",
        "merges.txt",
        "labels.txt",
        "spm_vocab.txt",
    )
    lay(tmp_path, "CHANGELOG.md", "LICENSE.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "LICENSE-MIT.md", "NOTICE", "a.json")
    lay(tmp_path, "node_modules/x/README.md", ".venv/README.md", ".git/a.md", ".a.md", "env/pyvenv.cfg", "env/lib/a.md")
    with pytest.raises(CardauditError, match=r"holds no card: expected README\.md, card\.md, or other"):
        found(tmp_path)
    assert found(lay(tmp_path, "b.md")) == (["b.md"], [])


def test_links_give_each_card_once(tmp_path: Path) -> None:
    beyond, folder = lay(tmp_path / "beyond", "x.md", "deep/y.md"), lay(tmp_path / "folder", "a.md", "sub/b.md")
    for name, target in (
        ("all", beyond),
        ("again", beyond / "deep"),
        ("own", folder / "sub"),
        ("up", tmp_path),
        ("file.md", beyond / "x.md"),
    ):
        (folder / name).symlink_to(target)
    (beyond / "back").symlink_to(folder)
    assert found(folder)[0] == ["a.md", "again/y.md", "all/x.md", "file.md", "sub/b.md"]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    lay(tmp_path, "a.md")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "README.md").symlink_to(tmp_path / "gone.md")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "piped.md").symlink_to(tmp_path / "pipe.md")
    done = cardaudit("lint", tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"cardaudit: {tmp_path}/m/README.md: {tmp_path}/m/README.md cannot be read: No such file or directory\n"


def test_a_card_of_a_folder_of_many_hides_none(tmp_path: Path) -> None:
    lay(tmp_path, *(f"{number}.md" for number in range(30)), text=ZERO)
    lay(tmp_path, "README.md", "sub/README.md")
    done = cardaudit("lint", tmp_path, "--format", "concise")
    assert (done.returncode, done.stderr) == (1, "")
    assert "30 errors, 32 warnings, 30 notes in 32 cards;" in done.stdout
    done = cardaudit("zoo", tmp_path, "-o", tmp_path / "zoo", "-q")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("32 cards: 30 errors")


@pytest.mark.parametrize("command", ["lint", "show", "zoo"])
def test_what_is_left_out_is_told_beside_the_answer(tmp_path: Path, command: str) -> None:
    lay(tmp_path / "m", "README.md", "config.json", "docs/a.md", text=TEXTS[0])
    arguments = {"lint": ("--format", "json"), "show": ("--format", "json"), "zoo": ("-o", tmp_path / "out")}[command]
    done = cardaudit(command, tmp_path / "m", *arguments)
    first = "cardaudit: 1 other Markdown file is not read, for a folder with a model's files is one card: "
    assert first + f"name a file or a folder to read it, such as {tmp_path / 'm' / 'docs' / 'a.md'}\n" in done.stderr
    assert "other Markdown" not in done.stdout
    assert cardaudit(command, tmp_path / "m", *arguments, "-q").stderr == ""


def test_pages_of_our_own_are_not_read_again(tmp_path: Path) -> None:
    lay(tmp_path, "README.md", "b/card.md", text=TEXTS[0])
    first = cardaudit("zoo", ".", "--fail-on", "never", "-q", cwd=tmp_path)
    assert first.stdout.startswith("2 cards:")
    before = contents(tmp_path / "zoo")
    for format_ in ("html=page.html", "html=b/report.html", "sarif=a.sarif", "markdown=summary.md"):
        cardaudit("lint", ".", "-o", format_, "--fail-on", "never", cwd=tmp_path)
    cardaudit("report", "zoo/cards/b/report.html", "--format", "markdown", "-o", "report.md", cwd=tmp_path)
    assert (tmp_path / "report.md").is_file()
    lay(tmp_path, "audits/b/audit.json", "audits/b/report.html", "audits/b/runs/1/a.md")
    assert cardaudit("zoo", ".", "--fail-on", "never", "-q", cwd=tmp_path).stdout == first.stdout
    assert contents(tmp_path / "zoo") == before
    assert "in 2 cards;" in cardaudit("lint", ".", "--format", "concise", cwd=tmp_path).stdout
    assert cardaudit("lint", "zoo", cwd=tmp_path).stderr.startswith("cardaudit: zoo holds no card")


def test_a_folder_is_gone_through_in_linear_time(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"m{number}").mkdir()
        (tmp_path / f"m{number}" / "README.md").touch()
        (tmp_path / f"{number}.md").touch()
    began = time.process_time()
    assert len(found(tmp_path)[0]) == 4_000
    assert time.process_time() - began < 1
