"""Settings are found upwards, checked, and a mistake in them is told with the file and the way out."""

from pathlib import Path

import pytest

from cardaudit.config import beside_card, find_settings
from cardaudit.errors import CardauditError


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    (tmp_path / "cardaudit.toml").write_text(
        'fail-on = "warning"\nignore = ["placeholder-text"]\n[plan]\nweight_decay = 0.01\nsame_base = true\n'
    )
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    settings = find_settings(start=inner)
    assert (settings.fail_on, settings.ignore) == ("warning", ("placeholder-text",))
    assert settings.plan == {"weight_decay": "0.01", "same_base": "true"}
    assert settings.origin == tmp_path / "cardaudit.toml"


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "cardaudit.toml").write_text("offline = true\n")
    inner = tmp_path / "project"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert find_settings(start=inner).offline is True
    (inner / "pyproject.toml").write_text('[tool.cardaudit]\nselect = ["zero-f1"]\n')
    assert find_settings(start=inner).select == ("zero-f1",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("failon = 'error'", "unknown setting 'failon'; did you mean 'fail-on'?"),
        ("select = 'zero-f1'", "select is 'zero-f1', expected a list"),
        ("select = [", "cannot be read as TOML"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "cardaudit.toml"
    path.write_text(text)
    with pytest.raises(CardauditError) as error:
        find_settings(config=path)
    assert str(path) in str(error.value)
    assert complaint in str(error.value)


def test_a_settings_file_that_was_named_has_to_exist(tmp_path: Path) -> None:
    with pytest.raises(CardauditError, match="does not exist"):
        find_settings(config=tmp_path / "none.toml")


def test_the_plan_beside_a_card_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text('[plan]\nbase_model = "base"\nlabels = ["O", "B-X"]\nmax_length = 128\n')
    plan, folder = beside_card(str(tmp_path / "card.md"))
    assert plan == {"base_model": "base", "labels": "O,B-X", "max_length": "128"}
    assert folder == tmp_path
    assert beside_card("-") == ({}, None)
    assert beside_card("user/model") == ({}, None)
