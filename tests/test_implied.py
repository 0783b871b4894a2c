"""What a card's numbers imply about data that it names in part or not at all: told where that is missing, else assumed."""

from pathlib import Path

import pytest
from plan_cards import make_model

from cardaudit.cli.plan import missing_text
from cardaudit.errors import NotEnoughFacts
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.records import Assumption, Missing, Plan
from cardaudit.targets import read_one

CARDS = Path(__file__).resolve().parents[1] / "cards"
END = """
What is given in the place of what the card does not name is trained, and counts as a check of the card only where
--set same_dataset=true says that it is the card's own data."""


def text_card(
    task: str = "text-classification", named: str = "glue", title: str = "some-model", rows: str = "", **metrics: float
) -> str:
    """A Trainer card with full-precision metrics in the front matter and, with `rows`, a table."""
    values = "".join(f"    - name: {name}\n      type: {name}\n      value: {value}\n" for name, value in metrics.items())
    results = f"  results:\n  - task:\n      type: {task}\n    dataset:\n      name: {named}\n      type: {named}\n    metrics:\n"
    head = f"---\ntags:\n- generated_from_trainer\ndatasets:\n- {named}\nmodel-index:\n- name: {title}\n{results}{values}---\n"
    base = "This model is a fine-tuned version of [bert-base-cased](https://huggingface.co/bert-base-cased)"
    head_line = "".join(f"- {name.title()}: {value:.4f}\n" for name, value in metrics.items())
    settings = "learning_rate: 2e-05\n- train_batch_size: 24\n- eval_batch_size: 24\n- seed: 42\n- num_epochs: 3"
    table = f"| Training Loss | Epoch | Step | Validation Loss |\n|:---:|:---:|:---:|:---:|\n{rows}"
    body = f"{head}\n# {title}\n\n{base} on the {named} dataset.\nIt achieves the following results on the evaluation set:\n"
    trained = f"### Training hyperparameters\n\nThe following hyperparameters were used during training:\n- {settings}\n"
    return f"{body}{head_line}\n{trained}\n### Training results\n\n{table if rows else ''}"


def planned(text: str) -> Plan:
    return make_plan(read_card(text, "card.md"), PlanSettings(resolve=False))


def assumption(plan: Plan, field: str) -> Assumption:
    return next(each for each in plan.assumptions if each.field == field)


def missing(text: str) -> tuple[Missing, ...]:
    with pytest.raises(NotEnoughFacts) as caught:
        planned(text)
    found: tuple[Missing, ...] = caught.value.missing
    return found


# what is printed where the data is not named


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "bert-finetuned-ner-sumups",
            """\
  dataset: the card names no data set; its steps take 9 to 16 training examples
    what else is known of it:
      - evaluation set: accuracy 0.2605, 0.2347 and 0.2632 may be 192, 173 and 194 of 737 tokens, the smallest number that fits; \
random digits would fit 0.07
      - labels: at least 8 if the model does no worse than guessing evenly: the lowest validation loss, 1.9498, is above \
ln 7 = 1.9459
      - the model's name: it is one that chapter 7 of the Hugging Face course gives
    -> --set dataset=ID-OR-PATH
""",
        ),
        (
            "invoice-sender-name",
            """\
  dataset: the card names no data set; its steps take 31,281 to 31,296 training examples
    -> --set dataset=ID-OR-PATH
""",
        ),
        (
            "sst2-distilbert-5e",
            """\
  dataset: the card names no data set; its steps take 6,881 to 6,944 training examples
    what else is known of it:
      - evaluation set: accuracy 89.33%, 0.66, 0.8667 and 0.84 are 134, 99, 130 and 126 of 150 examples, or of a multiple; \
at 150: standard error 0.025, 95 % interval 0.834 to 0.933
      - the model's name: it holds that of glue/sst2 (67,349 train, 1,821 test, 872 validation), and the steps take 6,881 to 6,944
      - a known recipe of that size: 6,920: the whole sentences of two classes, without their phrases of glue/sst2 \
(SST-2 of 6,920, 872 and 1,821 sentences (SetFit/sst2))
    -> --set dataset=ID-OR-PATH
""",
        ),
    ],
)
def test_what_the_numbers_imply(name: str, text: str) -> None:
    with pytest.raises(NotEnoughFacts) as caught:
        make_plan(read_one(str(CARDS / name)), PlanSettings(resolve=False))
    assert missing_text(caught.value) == text + END


def test_it_is_wrapped_to_a_terminal_and_steers_none() -> None:
    fact = Missing("dataset", "the card says 'a\x1b[31m' and names no data set", "--set dataset=ID", ("size: " + "9 " * 60,))
    lines = missing_text(NotEnoughFacts("", (fact,)), width=60).splitlines()
    assert lines[0] == "  dataset: the card says 'a‹U+001B›[31m' and names no data"
    assert max(len(line) for line in lines[:-2]) <= 60


def test_exact_fractions_tell_the_evaluation_set() -> None:
    told = missing(text_card("token-classification", "None", recall=5081 / 5648, accuracy=45001 / 46435))[0].implied
    assert told == (
        "evaluation set: accuracy 0.9691181221061699 is 45,001/46,435: a multiple of 46,435 examples or tokens",
        "evaluation set: recall 0.8996104815864022 is 5,081/5,648: a multiple of 5,648 gold entities or examples",
        "evaluation set: 5,648 gold entities and 46,435 tokens, as has test of conll2003, a label on the first sub-token only: "
        "run_ner.py",
    )


def test_a_title_that_names_a_set_of_the_right_size_names_the_flags() -> None:
    rows = "| 0.9 | 1.0 | 667 | 0.5 |\n| 0.5 | 2.0 | 1334 | 0.4 |\n"
    told = missing(text_card(named="None", title="bert-finetuned-emotion", rows=rows, accuracy=0.9))[0].implied
    assert (
        "the model's name: it holds that of emotion (16,000 train, 2,000 validation, 2,000 test), and the steps take that many "
        "(--dataset emotion)"
    ) in told


@pytest.mark.parametrize("loader", ["imagefolder", "csv", "json", "generator"])
def test_a_loader_of_files_is_no_data_set(loader: str) -> None:
    assert [fact.field for fact in missing(text_card(named=loader, accuracy=0.9))] == ["dataset"]


# what is assumed where the numbers tell


def test_the_accuracy_tells_the_config_and_the_split() -> None:
    plan = planned(text_card(accuracy=751 / 872))
    assert (plan.dataset.config, plan.dataset.eval_split) == ("sst2", "validation")
    reason = "the only one with a split of a multiple of 872 examples, of which the accuracy is a fraction"
    assert assumption(plan, "dataset_config").reason == reason
    test = planned(text_card(title="bert-finetuned-mrpc", accuracy=1466 / 1725))
    assert (test.dataset.config, test.dataset.eval_split) == ("mrpc", "test")
    because = "the accuracy is a fraction of 1,725, which divides its 1,725 examples alone"
    assert assumption(test, "eval_split") == Assumption("eval_split", "test", because, ("validation",))


def test_the_steps_tell_the_config() -> None:
    rows = "| 0.9 | 1.0 | 357 | 0.5 |\n| 0.5 | 2.0 | 714 | 0.4 |\n"
    plan = planned(text_card(rows=rows, matthews_correlation=0.5))
    assert plan.dataset.config == "cola"
    reason = "the only one with 8,545 to 8,568 training examples, which the card's steps take"
    assert assumption(plan, "dataset_config").reason == reason


def test_a_recipe_tells_the_config() -> None:
    rows = "| 0.9 | 1.0 | 525 | 0.5 |\n| 0.5 | 2.0 | 1050 | 0.4 |\n"
    plan = planned(text_card("token-classification", "xtreme", "xlm-roberta-base-finetuned-panx-de", rows, f1=0.86))
    assert plan.dataset.config == "PAN-X.de"
    assert 'and "NLP with Transformers", chapter 4 takes a sample of' in assumption(plan, "dataset_config").reason


def test_the_entities_tell_the_split() -> None:
    plan = planned(text_card("token-classification", "conll2003", recall=5081 / 5648, accuracy=45001 / 46435))
    because = "recall and accuracy are fractions of its 5,648 entities and 46,435 tokens"
    assert assumption(plan, "eval_split") == Assumption("eval_split", "test", because, ("validation",))


def test_the_steps_tell_the_training_split() -> None:
    """Unless it is the one that was evaluated."""
    rows = "| 0.9 | 1.0 | 136 | 0.5 |\n| 0.5 | 2.0 | 272 | 0.4 |\n"
    plan = planned(text_card("token-classification", "conll2003", rows=rows, recall=5081 / 5648, accuracy=45001 / 46435))
    because = "its 3,250 examples are what the card's steps take, and not the 14,041 of train"
    assert (plan.dataset.train_split, plan.dataset.eval_split) == ("validation", "test")
    assert assumption(plan, "train_split") == Assumption("train_split", "validation", because, ("train",))
    other = planned(text_card("token-classification", "conll2003", rows=rows, f1=0.5))
    assert (other.dataset.train_split, other.dataset.eval_split) == ("train", "validation")


def test_numbers_that_fit_several_configs_are_told() -> None:
    fact = next(fact for fact in missing(text_card(accuracy=54 / 65)) if fact.field == "dataset_config")
    assert (fact.implied, fact.flag) == (("the card's numbers fit qqp, mnli, mnli_matched",), "--set dataset_config=NAME")


# a column that the numbers refute


NOT_ENTITIES = """\
  label_column: the card does not say which column was learned: no whole numbers of entities print like this on conll2003: \
5,648, 5,942, 8,426, 8,939 and 11,146 gold spans tried; its chunk and POS tags do
    -> --set label_column=chunk_tags or --set label_column=pos_tags or --set label_column=ner_tags"""


def test_entities_that_the_numbers_refute_are_not_planned() -> None:
    card = read_one(str(CARDS / "conll2003-token-classification/card.md"))
    with pytest.raises(NotEnoughFacts) as caught:
        make_plan(card, PlanSettings(resolve=False))
    assert missing_text(caught.value) == NOT_ENTITIES
    for column in ("pos_tags", "ner_tags"):
        plan = make_plan(card, PlanSettings(resolve=False, overrides={"label_column": column}))
        assert (plan.dataset.label_column, plan.origins["label_column"]) == (column, "given by --set")


def test_other_data_is_not_what_the_numbers_refute() -> None:
    card = read_one(str(CARDS / "conll2003-token-classification/card.md"))
    plan = make_plan(card, PlanSettings(resolve=False, overrides={"dataset": "user/data"}))
    assert plan.dataset.label_column == "ner_tags"


def test_entities_that_the_numbers_fit_are_planned() -> None:
    card = read_one(str(CARDS / "distilbert-finetuned-ner/card.md"))
    assert make_plan(card, PlanSettings(resolve=False)).dataset.label_column == "ner_tags"


def conll(folder: Path) -> Path:
    for split in ("train", "validation"):
        (folder / f"{split}.conll").write_text("Anna NNP B-NP B-PER\nsat VBD B-VP O\n\n")
    return folder


@pytest.mark.parametrize("same", [True, False])
def test_columns_of_a_file_that_the_numbers_refute(tmp_path: Path, same: bool) -> None:
    card = read_one(str(CARDS / "conll2003-token-classification/card.md"))
    base = make_model(tmp_path / "base")
    given = {"dataset": str(conll(tmp_path)), "base_model": str(base), "same_dataset": str(same).lower()}
    if not same:
        assert make_plan(card, PlanSettings(overrides=given)).dataset.label_column == "-1"
        return
    with pytest.raises(NotEnoughFacts) as caught:
        make_plan(card, PlanSettings(overrides=given))
    (fact,) = caught.value.missing
    assert fact.flag == "--set label_column=2 or --set label_column=1 or --set label_column=3"
