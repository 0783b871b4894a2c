"""Settings whose layout is no "name: value": told in sentences, "batch size 32" as an item, a schedule or a product as value.

Stable Diffusion's cards print "Learning rate: warmup to 0.0001 for 10,000 steps and then kept constant" and "32 x 8 = 256".
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cardaudit.dialects.parts.chapter import Chapter
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.european_settings import told_settings as european_settings
from cardaudit.dialects.parts.hyperparameters import BY_SPELLING, FAMILIAR, KNOWN_OPTIMIZER, hyperparameter_key
from cardaudit.dialects.parts.names import is_metric_label
from cardaudit.dialects.parts.numbers import has_digit
from cardaudit.dialects.parts.pairs import Pair, pair_in
from cardaudit.dialects.parts.quick_look import is_east_asian
from cardaudit.dialects.parts.terse_settings import further_settings, terse_settings
from cardaudit.dialects.parts.told_settings import agreed, is_finetuned, tells_settings, told_settings
from cardaudit.document import Line
from cardaudit.patterns import deferred

NUMBER = r"\d[\d.,]{0,12}(?:e-?\d{1,3})?"
ARGUMENT = deferred(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
OF_IMAGE = deferred(
    r"\b(?:guidance|cfg)[ _]scale\b|\bsampler[*_`]{0,2}:[*_` ]{1,4}\w|\bnegative prompt[*_`]{0,2}:|\bdenoising strength\b", re.I
)
AROUND_SEED = 200
AROUND_BASE = 120
TAKEN = deferred(
    r"\b(?:took the|[Uu]sed? the pre-?trained|[Bb]ased on|[Ii]nitiali[sz]ed (?:from|with))\b[^.\n]{0,30}(?:\[[^\n]*)?\Z"
)
GOES_ON = deferred(r"\b[Tt]his model was then fine-?tuned\b")
KEPT = frozenset(("optimizer", "lr_scheduler_type"))
STEPS = deferred(r"\d{2,8}|\d{1,3}(?:,\d{3}){1,2}")
COMMENTED = deferred(r"#[a-z]\w*_")
MARKS = r"[*_`]{0,3}"
OF_MODEL = deferred(r"\b(?:the|this|our) (?:final |best )?model (?:was|is|has been) ", re.I)
SPACED = deferred(
    rf"{MARKS}(?P<label>[A-Za-z][A-Za-z _-]{{1,30}}?){MARKS}\s{MARKS}(?P<value>{NUMBER}(?<![.,])k?)[*_`.,]{{0,3}}\s*"
)
UNIT_LAST = deferred(r"(?P<value>\d[\d,.]{0,9}k?)\s(?:training\s|train\s)?(?P<label>epochs|steps)[.,]?", re.I)
LONGEST_SPACED = 60
LISTED = deferred(r"\s*(?P<label>[A-Za-z][\w -]{1,40}?)\s*(?:[=:]\s*|\s(?=\d))(?P<value>[\w.+-]{1,40})[,;]?\s*")
LISTING = deferred(r"hyper-?\s?parameters?\b|\btraining (?:arguments|parameters|settings)\b", re.I)
ALONE = {"lr0": "learning_rate", "epoch": "num_epochs", "steps": "training_steps"}
OF_RUN = deferred(r"train(?:ing)? ?_?runtime", re.I)
CORE = frozenset(("learning_rate", "train_batch_size", "num_epochs"))
OF_USE = frozenset(
    ("sampler", "cfg scale", "cfg", "prompt", "negative prompt", "guidance scale", "temperature", "top_p", "top_k")
)
FEWEST_ALONE = 2
MOST_ALONE = 40
WORDED_KEYS = frozenset(("learning_rate", "batch", "batch_sizes", "train_batch_size", "total_train_batch_size"))
WARMED = deferred(rf"warm-?\s?up to ({NUMBER}) for ({NUMBER}) steps", re.I)
BOTH_SIZES = deferred(r"both (?:for )?train\w* and eval\w*(?: \w+){0,3}? (?:to|at|of|are|is|use) (\d{1,5})\b", re.I)
PRODUCT = deferred(rf"{NUMBER}(?:\s?[x×*]\s?\d{{1,5}}){{1,4}}\s?=\s?({NUMBER})\b")


class SettingsReader:
    """Reads words, in the order of a card. `told` are what its sentences say, of which only what they agree on counts.

    `told_before` are the optimizer and the schedule of the same authors' pretraining, of a model that "was then fine-tuned": they
    count where nothing else is told.
    """

    def __init__(self, draft: Draft) -> None:
        self.told: list[Pair] = []
        self.told_before: list[Pair] = []
        self.told_behind: list[Pair] = []
        self._draft = draft
        self._about_training = False
        self._finetuned: bool | None = None

    def open_section(self, heading: str) -> None:
        """A heading: one that speaks of training says what the sentences below it need not."""
        self._about_training = "rain" in heading or "tun" in heading

    def lead(self, line: str) -> None:
        """A line that ends with a colon may say the same of what follows."""
        self._about_training = self._about_training or "train" in line.lower()

    def read(self, words: Line, chapter: Chapter) -> None:
        """What a paragraph or an item tells."""
        if is_east_asian(words.text) and not (chapter.of_inference or chapter.of_evaluation or self._is_pretraining(chapter)):
            from cardaudit.dialects.parts import east_asian

            self.told.extend(east_asian.told_settings(words.text, words.start))
        if not (self._draft.document.text.isascii() or chapter.of_inference or chapter.of_evaluation):
            self.told.extend(european_settings(words.text, words.start))
        if "untime" in words.text or ("earning" in words.text and "\nSteps:" in words.text):
            self.told.extend(_settings_alone(_lines_of(words)))
        if chapter.of_inference:
            return
        terse = list(terse_settings(words.text, words.start)) if not chapter.of_evaluation else []
        if terse and not (self._is_pretraining(chapter) or OF_IMAGE.search(words.text)):
            self.told.extend(terse)
        if not tells_settings(words.text, self._about_training):
            return
        if chapter.of_evaluation and OF_MODEL.search(words.text) is None:
            return  # a pretrained model's settings on the tasks that it was tuned on for a measurement
        if not self._is_pretraining(chapter):
            known = {pair.start for pair in terse}
            told = told_settings(words.text, words.start, self._finetuned is True)
            self.told.extend(each for each in told if each.start not in known)
        elif GOES_ON.search(self._draft.document.text):
            self.told_before.extend(each for each in told_settings(words.text, words.start, False) if each.label in KEPT)

    def read_behind(self, key: str, pair: Pair, chapter: Chapter) -> None:
        """The further settings that a pair's value holds: "AdamW, weight decay 0.1"."""
        if (
            (key in BY_SPELLING or key in FAMILIAR)
            and "," in pair.value
            and not (chapter.of_evaluation or self._is_pretraining(chapter))
        ):
            self.told_behind.extend(further_settings(pair))

    def agreed(self) -> Iterator[Pair]:
        """What sentences say once, or every time alike."""
        for told in (self.told, self.told_before, self.told_behind):
            yield from agreed(told)

    def read_spaced(self, text: str, start: int, chapter: Chapter) -> None:
        """An item or a line that is a setting's name and its number, and no more: "batch size 32", "3 epochs"."""
        if len(text) > LONGEST_SPACED or chapter.of_inference or chapter.of_evaluation:
            return
        found, counted = SPACED.fullmatch(text), False
        if found is None and (self._about_training or chapter.of_settings):
            found, counted = UNIT_LAST.fullmatch(text), True
        key = hyperparameter_key(found["label"]) if found else ""
        in_list = found is not None and (self._about_training or chapter.of_settings) and ARGUMENT.fullmatch(found["label"])
        if found is None or not (key in FAMILIAR or key in BY_SPELLING or (key == "steps" and counted) or in_list):
            return
        if not self._is_pretraining(chapter):
            label = "training_steps" if key == "steps" else BY_SPELLING.get(key, key)
            self.told.append(Pair(label, found["value"], start + found.start("value"), start + found.start("label")))

    def _is_pretraining(self, chapter: Chapter) -> bool:
        """Whether a chapter tells of the pretraining of a model that was fine-tuned since: another model's settings."""
        if self._finetuned is None:
            document = self._draft.document
            self._finetuned = self._is_tuned_base() or is_finetuned(document.text, document.body_start)
        return self._finetuned and chapter.of_pretraining

    def _is_tuned_base(self) -> bool:
        """Whether the card names a base, and not only as what its own pretraining took the first weights from."""
        base, document = self._draft.base_model, self._draft.document
        if base is None:
            return False
        before = document.text[max(0, base.span.start - AROUND_BASE) : base.span.start]
        return base.span.start < document.body_start or TAKEN.search(before) is None


def listed_settings(lines: Sequence[Line], lead: str) -> Iterator[Pair]:
    """The lines "name = value" of a listing under a line that calls them hyperparameters; none where a line is anything else.

    Under any other line the listing must tell itself what it is: two settings, one of them the rate, the batch or the epochs;
    or a whole number of epochs beside the time that the training ran.
    """
    if LISTING.search(lead) is None:
        yield from _settings_alone(lines)
        return
    found = [(line.start, LISTED.fullmatch(line.text)) for line in lines if line.text.strip()]
    for start, each in found if all(each for _, each in found) else ():
        if each:
            yield Pair(each["label"], each["value"], start + each.start("value"), start + each.start("label"))


def _settings_alone(lines: Sequence[Line]) -> list[Pair]:
    """The known settings of lines "Learning rate: 1e-6" of which each is a pair; none of a program, an image or a sentence."""
    written = [line for line in lines if line.text.strip() and not COMMENTED.match(line.text.replace(" ", ""))]
    if not 1 < len(written) <= MOST_ALONE:
        return []
    found = list[Pair]()
    for line in written:  # most listings are programs: the first line tells
        pair = pair_in(line.text.lstrip(), line.end - len(line.text.lstrip()))
        if pair is None or pair.label.lower() in OF_USE:
            return []
        found.append(pair)
    keys = [ALONE.get(key, BY_SPELLING.get(key)) for key in (hyperparameter_key(pair.label) for pair in found)]
    whole = all(pair.value.isdigit() for pair, key in zip(found, keys, strict=True) if key == "num_epochs")
    of_run = whole and any(OF_RUN.fullmatch(pair.label) for pair in found)
    if len({key for key in keys if key}) + of_run < FEWEST_ALONE or CORE.isdisjoint(keys):
        return []
    told = [pair._replace(label=key) for pair, key in zip(found, keys, strict=True) if key and has_digit(pair.value)]
    return told + [pair._replace(label=key) for pair in found if (key := _beside(pair))]


def _beside(pair: Pair) -> str:
    """The key of a line that is a setting beside others alone: "batch: 24", "optimizer: SGD", "weight_decay: 0.0005"."""
    if pair.label == "batch":
        return "train_batch_size" if pair.value.isdigit() else ""
    if pair.label.lower() == "optimizer":
        return "optimizer" if KNOWN_OPTIMIZER.fullmatch(pair.value.strip("'\" ")) else ""
    key = hyperparameter_key(pair.label)
    return key if key in FAMILIAR and has_digit(pair.value) else ""


def _lines_of(words: Line) -> list[Line]:
    """The lines of a paragraph."""
    starts = accumulate((len(each) for each in words.text.splitlines(keepends=True)), initial=words.start)
    return [Line(start, text) for start, text in zip(starts, words.text.splitlines(), strict=False)]


def is_argument(label: str, metric: str) -> bool:
    """Whether a label under "Training" is an argument's name, snake case and no metric."""
    return ARGUMENT.fullmatch(label) is not None and not is_metric_label(metric)


def of_training(pair: Pair, chapter: Chapter) -> Pair:
    """A pair with the name that it has among settings: "Steps: 2000" under "Training details" are the training's."""
    if pair.label not in ("Steps", "steps") or chapter.of_inference or not (chapter.of_training or chapter.of_settings):
        return pair
    return pair._replace(label="training_steps") if STEPS.fullmatch(pair.value) else pair


def is_of_no_training(key: str, pair: Pair, chapter: Chapter, text: str) -> bool:
    """Whether a pair states no setting of the training, whatever its name: one commented out, of a use, or an image's seed."""
    if COMMENTED.match(pair.label):
        return True
    if chapter.of_inference and (key in BY_SPELLING or key in FAMILIAR):
        return True
    if key == "seed":
        return OF_IMAGE.search(text, max(0, pair.begin - AROUND_SEED), pair.start + AROUND_SEED) is not None
    return chapter.of_evaluation and key == "train_batch_size" and "rain" not in pair.label


def pairs_of_worded(key: str, pair: Pair) -> list[Pair]:
    """The settings that a pair's worded value holds: a schedule's rate and steps, a product's total; none where it has none."""
    if key == "learning_rate":
        found = WARMED.match(pair.value)
        labels: tuple[str, ...] = ("learning_rate", "lr_scheduler_warmup_steps")
    elif found := BOTH_SIZES.match(pair.value):
        return [Pair(each, found[1], pair.start + found.start(1), pair.begin) for each in ("train_batch_size", "eval_batch_size")]
    else:
        found, labels = PRODUCT.match(pair.value), ("total_train_batch_size",)
    if found is None:
        return []
    return [Pair(label, found[at], pair.start + found.start(at), pair.begin) for at, label in enumerate(labels, 1)]
