"""What a rule is: one file, whose docstring is its page and whose `check` says what a card gives cause for.

A rule's file `rules/arithmetic/zero_f1.py` makes the rule `zero-f1` of the group `arithmetic`:

    @rule(kind="suspicious", severity="error", confidence="proven", needs=("metric f1",))
    def check(subject: Subject) -> Iterator[Hit]: ...

The decorator replaces the function by a `Rule`, so that the list in `rules/__init__.py` is a tuple of rules and not of modules.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cardaudit.records import Card, Confidence, Finding, Fix, Hyperparameters, Kind, Place, Severity, Span

if TYPE_CHECKING:
    from cardaudit.records import Census, Evidence, Run

LACKS = {
    "front matter": "the card has no front matter",
    "model index": "the front matter holds no model-index",
    "headline": "the card has no list of results on an evaluation set",
    "stated results": "the card states no results on an evaluation set",
    "training table": "the card has no training table",
    "results": "the card holds no evaluation table",
    "hyperparameters": "the card states no hyperparameters",
    "numbers": "the card prints no metric",
    "data set": "no data set is named",
    "base model": "no base model is named",
    "optimizer": "the card states no optimizer",
    "license": "the front matter states no license",
    "language": "the front matter states no language",
    "task": "the card names no task",
    "generator": "the card does not say that a library wrote it",
    "model-index key": "the front matter holds no model-index",
    "evidence": "the repository's files were not looked at (cardaudit verify does)",
    "own results": "the card has no list of results, no training table and no model-index",
    "step": "no step is stated",
    "listed base model": "the front matter names no base model",
    "listed data sets": "the front matter names no data sets",
    "loading code": "the card has no code that loads a model",
    "file of scores": "the text is no file of scores with sources",
    "metric correct": "no counts stand behind an accuracy",
    "run": "no run of a token classification was made",
    "scored weights": "the published weights were not scored (cardaudit verify does)",
    "index of one model": "the card is not the Trainer's, or its index does not name one model",
    "validation loss": "no validation loss is stated",
    "total batch size": "no total batch size is stated",
    "warm-up steps": "no warm-up steps are stated",
    "Trainer": "the Trainer did not write the card",
    "Trainer's schedule": "the Trainer did not write the card, so the schedule may scale the rate",
    "place for results": "only the Trainer's and the Keras callback's cards give results in a fixed place",
}
METRIC = "metric "
NO_SETTINGS = Hyperparameters()
SECTIONS = ("What it does", "Condition", "When it stays silent", "Usual causes", "Example")


class NotCheckable(Exception):
    """The card gives a rule nothing to work on; the message completes "unchecked because ..."."""


@dataclass(frozen=True, slots=True)
class Key:
    """A need: one of the printed metrics has a key that `fits`; `because` is what a card lacks that prints none."""

    fits: Callable[[str], bool]
    because: str


Need = str | tuple[str, ...] | Key


class Subject(NamedTuple):
    """All that a rule may look at: the card, what earlier rules found, the chosen rules (`ran`), runs made from the card, the
    evidence of its repository (None where nobody looked), and the census to compare with (None: the one that is shipped).
    `surfaces` is the answer of `surfaces_of`, None where nobody asked.
    """

    card: Card
    findings: tuple[Finding, ...] = ()
    ran: tuple[str, ...] = ()
    runs: "tuple[Run, ...]" = ()
    surfaces: frozenset[str] | None = None
    evidence: "Evidence | None" = None
    census: "Census | None" = None

    @property
    def has(self) -> frozenset[str]:
        """What the card has for rules to work on."""
        return surfaces_of(self.card, self.evidence, self.runs) if self.surfaces is None else self.surfaces

    def lacks(self, needs: Iterable[Need]) -> str | None:
        """The first of `needs` that the card does not have, in words; None where it has them all."""
        return lacking(self.has, needs)


def lacking(surfaces: frozenset[str], needs: Iterable[Need]) -> str | None:
    """The first of `needs` that is not among a card's surfaces, in words; None where all are.

    A need is a surface, a family of metric names of which the card has to print one, under whatever further words, or a Key.
    """
    for need in needs:
        if isinstance(need, str):
            if need not in surfaces:
                return LACKS.get(need) or f"the card prints no {need.removeprefix(METRIC).replace('_', ' ')}"
        elif isinstance(need, Key):
            if not any(need.fits(key) for key in printed_keys(surfaces)):
                return need.because
        elif not _bears_one(printed_words(surfaces), need):
            return f"the card prints no {spoken(need[0])}"
    return None


def printed_keys(surfaces: frozenset[str]) -> list[str]:
    """The keys of all printed metrics."""
    return [name[len(METRIC) :] for name in surfaces if name.startswith(METRIC)]


def _bears_one(words: str, family: tuple[str, ...]) -> bool:
    for name in family:  # noqa: SIM110 (asked for each card, and a generator costs more than the look)
        if f"_{name}_" in words:
            return True
    return False


@lru_cache(maxsize=64)
def printed_words(surfaces: frozenset[str]) -> str:
    """All printed metric keys in one string, each word between underscores."""
    return " ".join([f"_{key}_" for key in printed_keys(surfaces)])


@lru_cache(maxsize=1024)
def spoken(key: str) -> str:
    """A metric's key in words, as it stands inside a sentence."""
    return {"f1": "F1", "wer": "WER", "cer": "CER", "bleu": "BLEU"}.get(
        key, key.replace("_", " ").replace(" f1", " F1").replace("f1 ", "F1 ")
    )


def surfaces_of(card: Card, evidence: "Evidence | None" = None, runs: "Sequence[Run]" = ()) -> frozenset[str]:
    """What a card, its evidence and its runs have for rules to work on: keys of LACKS, and "metric KEY" for each metric printed.

    A rule that lacks one is not called at all: that costs nothing, where to call it and to hear why not costs two microseconds.
    """
    front, settings, metadata, by = card.front_matter, card.hyperparameters, card.metadata, card.dialect
    keys = {*card.headline, *[result.metric for result in card.model_index], *[result.metric for result in card.results]}
    for row in card.epochs:
        keys.update(row.metrics)
    index = front.get("model-index", front.get("model_index")) if front else None
    of_one_model = isinstance(index, list) and len(index) == 1 and card.model_name is not None
    present = {
        "front matter": front is not None,
        "model index": card.model_index,
        "headline": card.headline,
        "stated results": card.headline or card.results,
        "training table": card.epochs,
        "results": card.results,
        "hyperparameters": settings != NO_SETTINGS,
        "numbers": keys or card.epochs,
        "data set": card.datasets,
        "base model": card.base_model is not None,
        "optimizer": card.optimizer is not None,
        "license": metadata.license is not None,
        "language": metadata.languages,
        "task": card.task is not None,
        "generator": card.generator is not None,
        "model-index key": front is not None and "model-index" in front,
        "evidence": evidence is not None,
        "own results": card.headline or card.epochs or card.model_index,
        "step": card.epochs or settings.training_steps is not None,
        "listed base model": metadata.base_models,
        "listed data sets": front is not None and front.get("datasets") not in (None, []),
        "loading code": "from_pretrained" in card.text or "TrainingArguments(" in card.text,
        "file of scores": front is None and "source:" in card.text,
        "run": runs,
        "scored weights": runs and any("relabelled" in run.facts or run.facts.get("scored") for run in runs),
        "index of one model": of_one_model and by in ("trainer", "keras"),
        "validation loss": "loss" in card.headline or any(row.validation_loss for row in card.epochs),
        "total batch size": settings.total_train_batch_size or settings.total_eval_batch_size,
        "warm-up steps": settings.lr_scheduler_warmup_steps is not None,
        "Trainer": by == "trainer",
        "Trainer's schedule": by == "trainer",
        "place for results": by in ("trainer", "keras"),
    }
    return frozenset([*(name for name, there in present.items() if there), *(METRIC + key for key in keys)])


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding before the rule puts its name on it. `at[0]` is the place; None takes the rule's own grade."""

    message: str
    at: tuple[Span, ...]
    arithmetic: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    fix: Fix | None = None


Check = Callable[[Subject], Iterable[Hit]]


class Rule(NamedTuple):
    """A rule with its page.

    `yields_to`: rules whose finding explains the same ground, so that this one keeps quiet. `needs`: what a card must have for
    the rule to look at it at all, as in `lacking`; every one of them. `signs`: words of which a text has to hold one for the rule
    to find anything; it is clear where there is none, and not called. A rule that yields has none.
    """

    name: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    page: str
    hits: Check
    yields_to: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    group: str = ""
    signs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0]

    def check(self, subject: Subject) -> tuple[Finding, ...]:
        """The findings; none means clear. Raises NotCheckable where the card gives nothing to check."""
        if lacking := subject.lacks(self.needs):
            raise NotCheckable(lacking)
        return self.found(subject) if not self.signs or self.has_sign(subject.card.text) else ()

    def has_sign(self, text: str) -> bool:
        """Whether a text holds one of the rule's signs."""
        for sign in self.signs:  # noqa: SIM110 (asked for each card, and a generator costs more than the look)
            if sign in text:
                return True
        return False

    def found(self, subject: Subject) -> tuple[Finding, ...]:
        """As `check`, of a card that is known to have all that the rule needs, and one of its signs."""
        if self.yields_to:
            for finding in subject.findings:
                if finding.rule in self.yields_to:
                    raise NotCheckable(f"{finding.rule} already explains it")
        hits = tuple(self.hits(subject))
        return tuple([self._finding(hit) for hit in hits]) if hits else ()

    def _finding(self, hit: Hit) -> Finding:
        return Finding(
            self.name,
            hit.kind or self.kind,
            hit.severity or self.severity,
            hit.confidence or self.confidence,
            hit.message,
            tuple([Place(span) for span in hit.at]),
            hit.arithmetic,
            hit.fix,
        )


def rule(
    kind: Kind,
    severity: Severity,
    confidence: Confidence,
    yields_to: tuple[str, ...] = (),
    needs: tuple[Need, ...] = (),
    signs: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Makes a rule of a check function; name, group and page come from the module that it stands in."""

    def name_it(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        *_, group, stem = check.__module__.split(".")
        page = (module.__doc__ or "").strip()
        return Rule(stem.replace("_", "-"), kind, severity, confidence, page, check, yields_to, needs, group, signs)

    return name_it
