"""Results told in lists and sentences: each with the benchmark, the split and the model that stand beside it."""

import time

import pytest

from cardaudit import read_card


def results(text: str) -> list[str]:
    """Each result of the body in one line; a headline metric as "headline: f1=0.9"."""
    card = read_card("---\nlicense: mit\n---\n# M\n\n" + text)
    for result in card.results:
        span = result.number.span
        assert card.text[span.start : span.end] == result.number.text
    told = [
        " ".join(
            [f"{each.metric}={each.number.text}"]
            + [f"{key}:{value}" for key in ("dataset", "split", "model", "setting") if (value := getattr(each, key))]
        )
        for each in card.results
    ]
    return [f"headline: {key}={number.text}" for key, number in card.headline.items()] + told


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "## Evaluation\n\n- MMLU: 68.4\n- GSM8K (8-shot): 55.1\n",
            ["score=68.4 dataset:MMLU", "score=55.1 dataset:GSM8K setting:8-shot"],
            id="benchmarks in a list",
        ),
        pytest.param("## Training data\n\n- MMLU: 68.4\n", [], id="no results without such a heading"),
        pytest.param(
            "## Results\n\n### SQuAD 2.0\n\n- Exact match: 71.2\n- F1: 75.3\n",
            ["exact_match=71.2 dataset:SQuAD 2.0", "f1=75.3 dataset:SQuAD 2.0"],
            id="a heading that is a data set's name",
        ),
        pytest.param(
            "- SST-2\n  - Accuracy: 93.1\n- MRPC\n  - Accuracy: 88.1\n- Accuracy: 70.2\n",
            ["headline: accuracy=70.2", "accuracy=93.1 dataset:SST-2", "accuracy=88.1 dataset:MRPC"],
            id="items under an item",
        ),
        pytest.param("- Accuracy on the SNLI dataset: 92.38\n", ["accuracy=92.38 dataset:SNLI"], id="a data set in the label"),
        pytest.param(
            "The model has an accuracy of 93.2% on the SST-2 dataset.\n", ["accuracy=93.2% dataset:SST-2"], id="metric first"
        ),
        pytest.param(
            "Tiny-7B-v2 achieves **7.06** on [MT-Bench](https://a.b), **89.17%** on AlpacaEval.\n",
            ["score=7.06 dataset:MT-Bench model:Tiny-7B-v2", "score=89.17% dataset:AlpacaEval model:Tiny-7B-v2"],
            id="number first, of a named model",
        ),
        pytest.param(
            "It achieves **10.53 BLEU** on the [Foo test set](https://a.b).\n", ["bleu=10.53 dataset:Foo"], id="a link's text"
        ),
        pytest.param("It is better, with 2.5% accuracy improvement on SST-2.\n", [], id="a difference is no result"),
        pytest.param("- Accuracy 0.8277\n- F-score (micro) **0.9033**\n", ["accuracy=0.8277", "f1=0.9033"], id="no colon"),
        pytest.param("- PIQA acc 65.07%\n- 2.289 eval loss\n", ["acc=65.07% dataset:PIQA", "loss=2.289"], id="either way round"),
        pytest.param("{'exact_match': 65.02, 'f1': 81.67}\n", ["exact_match=65.02", "f1=81.67"], id="a printed dict"),
        pytest.param("{'score': 0.23, 'token': 5}\n", [], id="a prediction is no result"),
        pytest.param(
            "The best score the model achieved on this task was 0.79, as measured by the\neval set accuracy.\n",
            ["accuracy=0.79 split:eval"],
            id="over two lines",
        ),
        pytest.param(
            '```python\nwer = load_metric("wer")\n```\n\n**Test Result**: 12.9 %\n',
            ["wer=12.9 % split:test"],
            id="the code's metric",
        ),
        pytest.param("**Test Result**: 12.9 %\n", [], id="no metric anywhere"),
    ],
)
def test_results_in_lists_and_sentences(text: str, read: list[str]) -> None:
    assert results(text) == read


@pytest.mark.parametrize(
    "piece", ["achieves 9.5 F1 and ", "- MMLU\n", "with 1.5% ", "'f1': 0.5, ", "{'f1': 0.5, ", "on the SQuAD 1.1 "]
)
def test_no_repetition_takes_long(piece: str) -> None:
    started = time.process_time()
    read_card("# M\n\n" + piece * (2**20 // len(piece)))
    assert time.process_time() - started < 12
