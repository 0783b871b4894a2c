"""Headers of a data set and a metric in one: "Pond News accuracy", "F1 Livros (out of domain)"; a metric's own words are none."""

import pytest
from told import results


def table(*lines: str) -> str:
    header, *rows = lines
    return "\n".join([header, "|" + "---|" * (header.count("|") - 1), *rows]) + "\n"


def two(*headers: str, names: tuple[str, str] = ("acme/tiny-base", "acme/tiny-large"), first: str = "Model") -> str:
    """A table of two rows; the n-th column holds 70.n and 80.n."""
    rows = [
        " | ".join([name, *(f"{tens}.{at}" for at in range(1, len(headers) + 1))])
        for name, tens in zip(names, (70, 80), strict=True)
    ]
    return table(f"| {first} | {' | '.join(headers)} |", *(f"| {row} |" for row in rows))


def of_first_row(text: str) -> list[str]:
    return [each.replace(" model:acme/tiny-base", "") for each in results(text) if "=70." in each]


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        pytest.param(
            ("Pond News accuracy", "Senate accuracy"),
            ["accuracy=70.1 dataset:Pond News", "accuracy=70.2 dataset:Senate"],
            id="two capitals before a small metric are a name, and so is the fellow's",
        ),
        pytest.param(
            ("SST-2 accuracy", "Senate acc."),
            ["accuracy=70.1 dataset:SST-2", "acc=70.2 dataset:Senate"],
            id="the fellow of a known benchmark",
        ),
        pytest.param(
            ("Pond CER", "Pond2000 CER", "Pond WER", "Pond2000 WER"),
            ["cer=70.1 dataset:Pond", "cer=70.2 dataset:Pond2000", "wer=70.3 dataset:Pond", "wer=70.4 dataset:Pond2000"],
            id="each with two metrics",
        ),
        pytest.param(
            ("FrogVox Test BLEU", "Own Set Validation BLEU"),
            ["bleu=70.1 dataset:FrogVox split:Test", "bleu=70.2 dataset:Own Set split:Validation"],
            id="a split before the metric",
        ),
        pytest.param(
            ("F1 CV Frogs.Br (in domain)", "F1 Livros (out of domain)"),
            ["f1=70.1 dataset:Frogs.Br setting:CV, in domain", "f1=70.2 dataset:Livros setting:out of domain"],
            id="the metric first, and remarks",
        ),
        pytest.param(("RTQE 2022 Test WER", "GPUs"), ["wer=70.1 dataset:RTQE 2022 split:Test"], id="a name with its year, alone"),
    ],
)
def test_words_beside_a_metric_are_a_data_set(headers: tuple[str, ...], read: list[str]):
    assert of_first_row(two(*headers)) == read


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        pytest.param(
            ("Clean accuracy", "Noisy accuracy"), ["accuracy=70.1 setting:Clean", "accuracy=70.2 setting:Noisy"], id="words"
        ),
        pytest.param(("English WER", "German WER"), ["wer=70.1 setting:English", "wer=70.2 setting:German"], id="languages"),
        pytest.param(("MLM accuracy", "NSP accuracy"), ["accuracy=70.1 setting:MLM", "accuracy=70.2 setting:NSP"], id="tasks"),
        pytest.param(
            ("Test clean WER", "Test other WER"),
            ["wer=70.1 split:Test setting:clean", "wer=70.2 split:Test setting:other"],
            id="parts of a split",
        ),
    ],
)
def test_words_that_may_be_anything_are_a_setting(headers: tuple[str, ...], read: list[str]):
    assert of_first_row(two(*headers)) == read


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        (("Pixel accuracy", "Mean accuracy"), ["pixel_accuracy=70.1", "mean_accuracy=70.2"]),
        (("Intent accuracy", "Joint goal accuracy"), ["intent_accuracy=70.1", "joint_goal_accuracy=70.2"]),
        (("Macro F1", "Micro F1"), ["macro_f1=70.1", "micro_f1=70.2"]),
        (("PER F1", "LOC F1"), ["per_f1=70.1", "loc_f1=70.2"]),
        (("Frog precision", "Frog recall", "Toad precision"), ["frog_precision=70.1", "frog_recall=70.2", "toad_precision=70.3"]),
        (("Pond accuracy", "Pond loss"), ["pond_accuracy=70.1", "pond_loss=70.2"]),
    ],
)
def test_words_that_qualify_a_metric_or_name_classes_stay_its_own(headers: tuple[str, ...], read: list[str]):
    assert of_first_row(two(*headers)) == read


def test_rows_that_are_data_sets_leave_the_columns_settings():
    text = two("Own Frogs accuracy", "Own Toads accuracy", names=("SST-2", "MNLI"), first="Dataset")
    assert of_first_row(text) == [
        "accuracy=70.1 dataset:SST-2 setting:Own Frogs",
        "accuracy=70.2 dataset:SST-2 setting:Own Toads",
    ]


@pytest.mark.parametrize("lead", ["### F1\n\n", "Results, F1:\n\n", "Final results - F1\n\n"])
def test_columns_with_remarks_under_a_metric_told_above(lead: str):
    assert of_first_row(lead + two("CV Frogs.Br (in domain)", "Livros (out of domain)")) == [
        "f1=70.1 dataset:Frogs.Br setting:CV, in domain",
        "f1=70.2 dataset:Livros setting:out of domain",
    ]
