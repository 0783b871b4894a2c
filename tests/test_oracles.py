"""Our bounds against independent implementations: mlscorecheck, scikit-learn, seqeval, statsmodels, scipy.

Each test skips where its oracle is not installed. Random inputs come from fixed seeds; differences are explained where they are
allowed.
"""

import math
import random
from fractions import Fraction

import pytest

from cardaudit.intervals import Interval, entity_counts, harmonic, possible_counts, proportion
from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.rules._binary import correlation, prevalence

HALF = Fraction(1, 20_000)
TRIALS = 200


def around(value: float | Fraction) -> Interval:
    """What prints like `value` with four decimals."""
    printed = Fraction(round(Fraction(value) * 10_000), 10_000)
    return Interval(printed - HALF, printed + HALF)


def matrices(seed: int, trials: int = TRIALS) -> list[tuple[int, int, int, int]]:
    """Random true positives, false positives, false negatives and true negatives, none of them 0."""
    chance = random.Random(seed)
    return [tuple(chance.randint(1, 300) for _ in range(4)) for _ in range(trials)]  # type: ignore[misc]


def scores(tp: int, fp: int, fn: int, tn: int) -> tuple[Fraction, Fraction, Fraction]:
    """Accuracy, precision and recall."""
    return Fraction(tp + tn, tp + fp + fn + tn), Fraction(tp, tp + fp), Fraction(tp, tp + fn)


def test_prevalence_holds_the_true_share_wherever_mlscorecheck_finds_a_matrix() -> None:
    """Ours knows no sizes, so it may pass what mlscorecheck refutes by counting; never the other way round."""
    binary = pytest.importorskip("mlscorecheck.check.binary", reason="mlscorecheck is not installed")
    chance = random.Random(1)
    refuted_by_both = refuted_by_counting = 0
    for tp, fp, fn, tn in matrices(1, 60):
        accuracy, precision, recall = scores(tp, fp, fn, tn)
        share = Fraction(tp + fn, tp + fp + fn + tn)
        own = prevalence(around(accuracy), around(precision), around(recall))
        assert own is not None
        assert own.low <= share <= own.high
        tampered = round(float(accuracy) + chance.choice((-1, 1)) * chance.uniform(0.0003, 0.05), 4)
        if not 0 < tampered < 1:
            continue
        printed = {"acc": tampered, "ppv": round(float(precision), 4), "sens": round(float(recall), 4)}
        result = binary.check_1_testset_no_kfold(testset={"p": tp + fn, "n": fp + tn}, scores=printed, eps=5e-5)
        left = prevalence(around(Fraction(str(tampered))), around(precision), around(recall))
        refuted = left is None or not left.low <= share <= left.high
        assert result["inconsistency"] or not refuted
        refuted_by_both += refuted and result["inconsistency"]
        refuted_by_counting += result["inconsistency"] and not refuted
    assert refuted_by_both > 40
    assert refuted_by_counting < 15


def test_accuracy_below_the_jaccard_index_is_refuted_with_any_class_sizes() -> None:
    """The rule impossible-prevalence: mlscorecheck finds no matrix either, whatever the share of positives."""
    binary = pytest.importorskip("mlscorecheck.check.binary", reason="mlscorecheck is not installed")
    assert prevalence(around(0.7120), around(0.8842), around(0.9017)) is None
    printed = {"acc": 0.7120, "ppv": 0.8842, "sens": 0.9017}
    for positives in range(10, 500, 49):
        result = binary.check_1_testset_no_kfold(testset={"p": positives, "n": 500 - positives}, scores=printed, eps=5e-5)
        assert result["inconsistency"]


def test_possible_counts_are_those_of_mlscorecheck() -> None:
    binary = pytest.importorskip("mlscorecheck.check.binary", reason="mlscorecheck is not installed")
    chance = random.Random(2)
    for _ in range(60):
        positives, negatives = chance.randint(1, 40), chance.randint(1, 40)
        accuracy = round(chance.random(), 4)
        result = binary.check_1_testset_no_kfold(
            testset={"p": positives, "n": negatives}, scores={"acc": accuracy}, eps=5e-5, prefilter_by_pairs=False
        )
        assert result["inconsistency"] is not bool(possible_counts(around(Fraction(str(accuracy))), positives + negatives))


def test_matthews_correlation_lies_within_its_bounds() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    for tp, fp, fn, tn in matrices(3):
        truth = [1] * (tp + fn) + [0] * (fp + tn)
        predicted = [1] * tp + [0] * fn + [1] * fp + [0] * tn
        accuracy, precision, recall = (around(value) for value in scores(tp, fp, fn, tn))
        share = prevalence(accuracy, precision, recall)
        assert share is not None
        bounds = correlation(share, precision, recall)
        assert bounds is not None
        assert bounds[0] <= metrics.matthews_corrcoef(truth, predicted) <= bounds[1]


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_no_average_of_f1_exceeds_the_harmonic_mean_of_its_averages(average: str) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    for truth, predicted in labellings(4):
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
        bound = harmonic(around(precision), around(recall))
        assert around(f1).low <= bound.high
        assert average != "micro" or around(f1).meets(bound)


def test_weighted_and_micro_recall_are_the_accuracy() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    for truth, predicted in labellings(5):
        accuracy = metrics.accuracy_score(truth, predicted)
        for average in ("weighted", "micro"):
            recall = metrics.recall_score(truth, predicted, average=average, zero_division=0)
            assert recall == pytest.approx(accuracy, abs=1e-12)


def test_errors_cost_at_least_ln_2_each() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    chance = random.Random(6)
    for _ in range(50):
        truth = [chance.randrange(4) for _ in range(80)]
        weights = [[chance.expovariate(1) ** 2 for _ in range(4)] for _ in truth]
        chances = [[weight / sum(row) for weight in row] for row in weights]
        wrong = sum(row[label] < max(row) for row, label in zip(chances, truth, strict=True)) / len(truth)
        assert wrong <= metrics.log_loss(truth, chances, labels=range(4)) / math.log(2)


def test_a_classification_report_has_no_findings_until_a_digit_is_changed() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rules = (
        "average-contradicts-classes",
        "recall-off-its-support",
        "supports-do-not-sum",
        "inconsistent-averages",
        "inconsistent-f1",
    )
    seen = 0
    for truth, predicted in labellings(7, trials=40):
        report = metrics.classification_report(truth, predicted, output_dict=True, zero_division=0)
        text = report_card(report)
        assert not check_card(read_card(text, "card.md"), select=rules).findings
        recall = f"{report['weighted avg']['recall']:.4f}"
        changed = text.replace(f"Weighted avg Recall: {recall}", f"Weighted avg Recall: {float(recall) + 0.01:.4f}")
        seen += bool(check_card(read_card(changed, "card.md"), select=rules).findings)
    assert seen == 40


def report_card(report: dict[str, dict[str, float]]) -> str:
    """A Trainer card that prints a scikit-learn report."""
    names = {"precision": "Precision", "recall": "Recall", "f1-score": "F1-score"}
    lines = [
        f"- {label.capitalize()} {names[key]}: {value[key]:.4f}\n"
        for label, value in report.items()
        if label != "accuracy"
        for key in names
    ]
    supports = [
        f"- {label.capitalize()} Support: {value['support']:.0f}\n" for label, value in report.items() if label != "accuracy"
    ]
    return (
        "---\ntags:\n- generated_from_trainer\n---\n\n# m\n\n"
        "This model is a fine-tuned version of [bert-base-uncased](https://huggingface.co/bert-base-uncased) on imdb.\n"
        f"It achieves the following results on the evaluation set:\n- Loss: 0.5\n- Accuracy: {report['accuracy']:.4f}\n"
        + "".join(lines + supports)
    )


def labellings(seed: int, trials: int = TRIALS) -> list[tuple[list[int], list[int]]]:
    """Random gold and predicted labels of three unequal classes."""
    chance = random.Random(seed)
    found = []
    for _ in range(trials):
        truth = [0, 1, 2, *chance.choices((0, 1, 2), (5, 3, 1), k=chance.randint(40, 150))]
        found.append((truth, [label if chance.random() < 0.7 else chance.randrange(3) for label in truth]))
    return found


def test_entity_counts_hold_the_spans_that_seqeval_counts() -> None:
    seqeval = pytest.importorskip("seqeval.metrics", reason="seqeval is not installed")
    labels = pytest.importorskip("seqeval.metrics.sequence_labeling", reason="seqeval is not installed")
    chance = random.Random(8)
    tags = ("O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    for _ in range(40):
        truth = [[chance.choice(tags) for _ in range(12)] for _ in range(20)]
        predicted = [[tag if chance.random() < 0.8 else chance.choice(tags) for tag in row] for row in truth]
        gold, found = set(labels.get_entities(truth)), set(labels.get_entities(predicted))
        printed = [around(score(truth, predicted)) for score in (seqeval.precision_score, seqeval.recall_score, seqeval.f1_score)]
        assert (len(gold & found), len(found)) in set(entity_counts(printed[0], printed[1], printed[2], len(gold)))
        assert printed[2].meets(harmonic(printed[0], printed[1]))


def test_wilson_interval_is_that_of_statsmodels() -> None:
    proportions = pytest.importorskip("statsmodels.stats.proportion", reason="statsmodels is not installed")
    chance = random.Random(9)
    for _ in range(TRIALS):
        n = chance.randint(1, 5_000)
        k = chance.randint(0, n)
        low, high = proportions.proportion_confint(k, n, alpha=0.05, method="wilson")
        own = proportion(k, n)
        assert own.low == pytest.approx(low, abs=1e-8)
        assert own.high == pytest.approx(high, abs=1e-8)


def test_wilson_interval_covers_about_95_percent_of_binomial_counts() -> None:
    """Exact coverage by scipy's binomial; it oscillates around 0.95 (Brown, Cai and DasGupta 2001)."""
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    for n, p in ((50, 0.5), (150, 0.89), (872, 0.91), (737, 0.26)):
        covered = sum(stats.binom.pmf(k, n, p) for k in range(n + 1) if proportion(k, n).low <= p <= proportion(k, n).high)
        assert 0.93 < covered < 0.975


def test_a_standard_error_gives_the_size_of_the_sample() -> None:
    """lm-evaluation-harness: sample deviation over the root of n; the rule stderr-contradicts-benchmark solves it for n."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    for n, k in ((10_042, 6_239), (1_319, 164), (198, 65)):
        hits = numpy.array([1.0] * k + [0.0] * (n - k))
        error = hits.std(ddof=1) / math.sqrt(n)
        assert 1 + k / n * (1 - k / n) / error**2 == pytest.approx(n)
