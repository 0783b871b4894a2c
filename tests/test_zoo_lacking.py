"""Cards of a zoo that cannot be retrained: a line a reason, and no flag that a card speaks against."""

import pytest

from cardaudit.cli.zoo_lacking import by_reason
from cardaudit.errors import CardauditError
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan

TASK = "--set task=token-classification or --set task=text-classification"
OTHER = {
    "whisper": "# whisper-small-hu\n\n- Loss: 0.2\n- Wer: 21.5\n",
    "speech": "# my-model\n\nThis model is a fine-tuned version of facebook/wav2vec2-base on some dataset.\n\n- Loss: 0.2\n",
    "yolo": "---\nlibrary_name: ultralytics\n---\n# detector\n\nFinds cars.\n",
    "gguf": "---\ntags:\n- gguf\n---\n# A model in four bits\n",
    "writer": "---\npipeline_tag: text-generation\n---\n# A model\n",
    "translator": "# a-model\n\n- Loss: 0.2\n- Bleu: 30.1\n",
}
UNSAID = {name: f"# {name}\n\n- Loss: 0.2\n" for name in ("invoice-model", "my-bert", "letters", "a", "b")}


def lacking(cards: dict[str, str]) -> list[tuple[str, CardauditError]]:
    found = []
    for name, text in cards.items():
        with pytest.raises(CardauditError) as raised:
            make_plan(read_card(text, f"{name}.md"), PlanSettings(offline=True, resolve=False))
        found.append((f"{name}.md", raised.value))
    return found


@pytest.mark.parametrize(("name", "text"), [*OTHER.items(), *UNSAID.items()])
def test_a_task_is_proposed_where_nothing_speaks_against_it(name: str, text: str) -> None:
    ((_, error),) = lacking({name: text})
    (task,) = (fact for fact in error.missing if fact.field == "task")  # type: ignore[attr-defined]
    assert task.flag == (TASK if name in UNSAID else "")
    assert ("--set task=" in str(error)) is (name in UNSAID)
    assert "()" not in str(error)


def test_many_cards_are_told_by_reason() -> None:
    assert by_reason([*lacking(UNSAID), *lacking(OTHER), ("gone", CardauditError("x/y is not on the Hub"))]) == [
        "6 cards (whisper.md, speech.md, yolo.md and 3 more) cannot be retrained: "
        "cardaudit trains token and text classification only, and they tell of another task",
        "5 cards (invoice-model.md, my-bert.md, letters.md and 2 more) cannot be retrained for want of "
        "base_model (--set base_model=ID-OR-PATH), dataset (--set dataset=ID-OR-PATH), "
        f"num_epochs (--set num_epochs=N or --set max_steps=N) and task ({TASK})",
        "1 card (gone) cannot be retrained: x/y is not on the Hub",
        "cardaudit plan CARD says for one of them what is missing and what is known of it",
    ]


def test_few_cards_are_told_one_by_one() -> None:
    found = lacking({name: UNSAID[name] for name in ("a", "b")})
    assert by_reason(found) == [f"{name}: {error}" for name, error in found]
    assert by_reason([]) == []


def test_reasons_without_end_are_cut() -> None:
    lines = by_reason([(f"card-{number}", CardauditError(f"reason {number}")) for number in range(30)])
    assert len(lines) == 22
    assert lines[-2] == "10 cards (card-20, card-21, card-22 and 7 more) cannot be retrained for other reasons"
