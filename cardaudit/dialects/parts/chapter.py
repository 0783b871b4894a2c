"""What a heading says of the text below it: whether it tells of training, of its settings, of evaluation or of use."""

import re
from typing import NamedTuple

SETTINGS = re.compile(
    r"hyper-?\s?parameters?|training (?:arguments?|parameters?|settings?|config\w*|args)|(?:key )?parameters", re.I
)
INFERENCE = re.compile(
    r"\b(?:inference|generat(?:e|ion|ing)|sampling|decoding|prompt(?:ing|s)?|usage|how to use|quick ?start)\b"
    r"|\brecommended settings\b",
    re.I,
)
EVALUATION = re.compile(r"\b(?:evaluations?|benchmarks?|latency|throughput|speed)\b", re.I)
TRAINING = re.compile(r"(?:model )?(?:pre-?|fine-?)?(?:training|tuning)(?: details| procedure| setup| process)?:?", re.I)
PRETRAINING = re.compile(r"pre-?\s?train", re.I)


class Chapter(NamedTuple):
    """`heading` as printed; the rest says what the text below it is about. All False before the first heading."""

    heading: str = ""
    of_inference: bool = False
    of_settings: bool = False
    of_evaluation: bool = False
    of_training: bool = False
    of_pretraining: bool = False


def chapter(heading: str) -> Chapter:
    """What a heading opens. One that speaks of training tells of no use, whatever else it says."""
    about_training = "rain" in heading or "tun" in heading
    inference = not about_training and INFERENCE.search(heading) is not None
    return Chapter(
        heading,
        inference,
        not inference and SETTINGS.search(heading) is not None,
        not about_training and EVALUATION.search(heading) is not None,
        TRAINING.fullmatch(heading) is not None,
        PRETRAINING.search(heading) is not None,
    )
