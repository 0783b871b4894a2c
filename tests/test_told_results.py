"""Results told in lists and sentences: each with the benchmark, the split and the model that stand beside it."""

import time
from contextlib import suppress

import pytest
from told import results

from cardaudit import read_card
from cardaudit.errors import CardauditError


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "## Evaluation\n\n- MMLU: 68.4\n- GSM8K (8-shot): 55.1\n",
            ["score=68.4 dataset:MMLU", "score=55.1 dataset:GSM8K setting:8-shot"],
            id="benchmarks in a list",
        ),
        pytest.param(
            '## Results\n\n```shell\n{"f1": 77.25, "exact_match": 52.5}\n```\n',
            ["f1=77.25", "exact_match=52.5"],
            id="a dict of JSON in a fence",
        ),
        pytest.param(
            "```\n{'test_f1': 0.74, 'test_accuracy_score': 0.93, 'test_runtime': 61.5, 'epoch': 2.0}\n```\n",
            ["test_f1=0.74", "test_accuracy=0.93"],
            id="the Trainer's dict with its times",
        ),
        pytest.param('```json\n[{"label": "A", "score": 0.93, "start": 4}]\n```\n', [], id="what a pipeline answers"),
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
        pytest.param(
            "It obtains a top-1 accuracy of 70.6 and a top-5 accuracy of 92.6 on the test set of Foo.\n",
            ["top1_accuracy=70.6 dataset:Foo split:test", "top5_accuracy=92.6 dataset:Foo split:test"],
            id="two accuracies are two metrics",
        ),
        pytest.param(
            "The test accuracy of the model is 83.57%.\n", ["test_accuracy=83.57%"], id="words between the metric and the number"
        ),
        pytest.param("Achieved ~0.7 F1-score on test data\n", ["f1=0.7 split:test"], id="about, in capitals"),
        pytest.param("### WER: 4.74%\n", ["headline: wer=4.74%"], id="a heading that is a metric with its number"),
        pytest.param(
            "Current accuracy 36.3 %  , Perplexity : 44.75\n",
            ["perplexity=44.75"],
            id="a label that holds another number is no name",
        ),
        pytest.param(
            "### Accuracy\n\n- Vanilla model: 92.5%\n- Quantized model: 92.24%\n- Payload: 128.5\n",
            ["accuracy=92.5% model:Vanilla model", "accuracy=92.24% model:Quantized model"],
            id="models in a list under a metric's name",
        ),
        pytest.param(
            "Foo-C test results for en-ru (BLEU score): 15.3\n",
            ["bleu=15.3 setting:Foo-C test results for en-ru"],
            id="metric in brackets",
        ),
        pytest.param("### BigSet\n\nBigSet WER: 12.3\n", ["wer=12.3 dataset:BigSet"], id="the heading's word before the metric"),
        pytest.param(
            "Results on the SQuAD dev set:\n\n```\n'exact': 79.45,\n\"f1\": 83.79,\n'total': 11873,\n```\n",
            ["exact=79.45 dataset:SQuAD split:dev", "f1=83.79 dataset:SQuAD split:dev"],
            id="items of a dict in a fence",
        ),
        pytest.param("```\nf1 = 82.50\nexact match = 70.49\n```\n", ["f1=82.50", "exact_match=70.49"], id="lines of a fence"),
        pytest.param("```python\naccuracy = 0.9\nf1 = 0.8\n```\n", [], id="a program's variables are no results"),
        pytest.param("```\nrecall_macro  0.735\nf1_macro  0.718\n```\n", [], id="blanks alone in a fence"),
        pytest.param(
            "recall_macro  0.735\n\nf1_macro  0.718\n",
            ["recall_macro=0.735", "f1_macro=0.718"],
            id="an average behind its metric",
        ),
    ],
)
def test_results_in_lists_and_sentences(text: str, read: list[str]) -> None:
    assert results(text) == read


@pytest.mark.parametrize(
    "piece", ["achieves 9.5 F1 and ", "- MMLU\n", "with 1.5% ", "'f1': 0.5, ", "{'f1': 0.5, ", "on the SQuAD 1.1 "]
)
def test_no_repetition_takes_long(piece: str) -> None:
    started = time.process_time()
    with suppress(CardauditError):  # what has more lines or numbers than a card is refused
        read_card("# M\n\n" + piece * (2**20 // len(piece)))
    assert time.process_time() - started < 12
