"""Where a card's headline stands among other authors' runs of the same recipe: words, and a strip of dots a metric.

Coordinates are those of the SVG's view box, rounded to a tenth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cardaudit.census import peers, twins
from cardaudit.census.curves import curve_of
from cardaudit.plurals import count, listed
from cardaudit.records import Card
from cardaudit.records.census import Peers, Spread
from cardaudit.report.chart import Dot, Scale, Tick, ticks
from cardaudit.report.words import metric_words

WIDTH, LEFT, RIGHT = 440.0, 12.0, 12.0
TOP, HEIGHT, BOTTOM, DOT, LABEL = 40.0, 52.0, 26.0, 5.6, 100.0
SPELLED = {"f1": "F1", "wer": "WER", "cer": "CER", "bleu": "BLEU", "mae": "MAE"}


class Word(NamedTuple):
    """A label in the strip; `anchor` is SVG's text-anchor."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What the template draws: one dot an author above a line, the band of what is not atypical, the median, the claim."""

    width: float
    height: float
    base: float
    top: float
    left: float
    right: float
    dots: tuple[Dot, ...]
    band: tuple[float, float] | None
    median: Word
    claim: Word | None
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class PeerMetric:
    """One metric: `sentence` says where the claim stands, `beyond` which peers lie off the strip."""

    words: str
    sentence: str
    beyond: str
    tone: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class PeerSection:
    """The section of a report. `rows`: an author's card with its numbers in the order of `columns`; `curve`: epoch, the leading
    metric and the validation loss, each as claimed and as the others' median, and how many they are.
    """

    recipe: str
    key: str
    origin: str
    conditions: str
    metrics: tuple[PeerMetric, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    curve: tuple[tuple[str, ...], ...]
    same_table: tuple[str, ...]


def peer_section(card: Card) -> PeerSection | None:
    """The card's peers by the shipped census; None where it has none and no other card has its table."""
    found, same = peers(card), tuple(twin.id for twin in twins(card))
    if found is None:
        return PeerSection("", "", "", "", (), (), (), (), same) if same else None
    drawn = [spread for spread in found.spreads if len(spread.peers) > 1]
    values = {spread.metric: dict(spread.peers) for spread in found.spreads}
    rows = [(run.id, *(f"{values[key][run.id]:g}" if run.id in values[key] else "–" for key in values)) for run in found.runs]
    return PeerSection(
        recipe=found.recipe.words,
        key=found.recipe.key,
        origin=f"{count(found.source.get('cards', 0), 'card')}: {found.source.get('source')} ({found.source.get('date')})",
        conditions=_as_sentence("; ".join(_conditions(found))),
        metrics=tuple(_metric(spread) for spread in drawn),
        columns=tuple(SPELLED.get(key, metric_words(key)) for key in values),
        rows=tuple(sorted(rows, key=lambda row: row[1:])),
        curve=tuple(_points(found, card)),
        same_table=same,
    )


def _points(found: Peers, card: Card) -> Iterator[tuple[str, ...]]:
    for point in curve_of(found, card):
        pairs = ((point.metric, point.median_metric), (point.loss, point.median_loss))
        told = [text for claimed, median in pairs for text in (claimed or "–", "–" if median is None else f"{median:.4g}")]
        yield point.epoch, *told, str(point.authors)


def _conditions(found: Peers) -> list[str]:
    spans, tokens = found.evaluation.get("recall"), found.evaluation.get("accuracy")
    tagged = spans and tokens and spans < tokens
    told = f"{spans:,} gold spans and {tokens:,} tokens" if tagged else f"{tokens:,} examples" if tokens else ""
    lines = [f"most were evaluated on {told}, as the fractions in their front matter tell"] if told else []
    lines += [found.labelling] if found.labelling else []
    lines += [f"{count(found.steps_per_epoch, 'step')} an epoch"] if found.steps_per_epoch else []
    lines += [f"not compared: {number} with {reason}" for reason, number in found.left_out.items() if "another" in reason]
    period = "" if found.same_era else ", the card by another period's"
    lines += [f"written by {listed(found.eras)}{period}"] if found.eras else []
    return lines


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _metric(spread: Spread) -> PeerMetric:
    words = SPELLED.get(spread.metric, metric_words(spread.metric))
    low, high = _ends(spread)
    outside = [f"{value:g}" for value in spread.values if not low <= value <= high]
    beyond = f"{count(len(outside), 'author')} off this strip: {', '.join(outside[:6])}" if outside else ""
    tone = "deviates" if spread.standing in ("above", "below") else "agrees" if spread.standing == "among them" else "open"
    return PeerMetric(words, _sentence(spread), beyond, tone, _strip(spread, low, high))


def _sentence(spread: Spread) -> str:
    authors = count(len(spread.peers), "other author")
    deviation = f", robust standard deviation {spread.deviation:.2g}" if spread.deviation is not None else ""
    they = f"{authors}: median {spread.median:.4g}{deviation}."
    if spread.distance is None or spread.scale is None or spread.limit is None:
        return they
    if spread.standing == "not compared":
        return f"{they} Too few authors, or another unit, to say where {spread.text} stands."
    side = "above" if spread.distance > 0 else "below"
    away = f"{abs(spread.distance):.1f} times {spread.scale:.2g} {side} the median; {spread.limit:.1f} times is the limit"
    return f"{they} {spread.text} is {'one of them' if spread.standing == 'among them' else f'{side} them'}: {away}."


def _ends(spread: Spread) -> tuple[float, float]:
    """The strip's ends: the peers that are not atypical, the median, and the claim, with a margin."""
    low, high = spread.band or (spread.values[0], spread.values[-1])
    shown = [spread.median, *(value for value in spread.values if low <= value <= high)]
    if spread.claimed is not None and spread.distance is not None:
        shown.append(spread.claimed)
    margin = 0.05 * (max(shown) - min(shown)) or abs(spread.median) * 0.01 or 1.0
    return min(shown) - margin, max(shown) + margin


def _strip(spread: Spread, low: float, high: float) -> Strip:
    across = Scale(low, high, LEFT, WIDTH - RIGHT)
    piles = _piles([across(value) for value in spread.values if low <= value <= high])
    pitch = min(DOT, (HEIGHT - 4) / max(map(len, piles.values()), default=1))
    base = TOP + HEIGHT
    dots = [Dot(x, round(base - 3.4 - pitch * level, 1)) for xs in piles.values() for level, x in enumerate(xs)]
    ends = (max(low, spread.band[0]), min(high, spread.band[1])) if spread.band else None
    band = (across(ends[0]), round(across(ends[1]) - across(ends[0]), 1)) if ends else None
    claim = None if spread.claimed is None or spread.distance is None else _word(across(spread.claimed), f"{spread.text} claimed")
    median = _word(across(spread.median), f"median {spread.median:.4g}")
    return Strip(
        width=WIDTH,
        height=base + BOTTOM,
        base=base,
        top=TOP - 6,
        left=LEFT,
        right=WIDTH - RIGHT,
        dots=tuple(dots),
        band=band,
        median=_beside(median, claim),
        claim=claim,
        ticks=tuple(Tick(across(value), label) for value, label in ticks(low, high)),
    )


def _piles(xs: Sequence[float]) -> dict[int, list[float]]:
    """Dots that would lie on each other, pile by pile; each keeps the pile's middle."""
    piles: dict[int, list[float]] = {}
    for x in xs:
        piles.setdefault(int(x // DOT), []).append(x)
    return {at: [round((at + 0.5) * DOT, 1)] * len(pile) for at, pile in piles.items()}


def _beside(median: Word, claim: Word | None) -> Word:
    """The median's label on that side of its line where the claim's line does not cross it."""
    if claim is None or abs(claim.x - median.x) > LABEL:
        return median
    if claim.x > median.x:
        return median._replace(anchor="end") if median.x > LABEL else median
    return median._replace(anchor="start") if median.x < WIDTH - LABEL else median


def _word(x: float, text: str) -> Word:
    return Word(x, text, "start" if x < WIDTH * 0.25 else "end" if x > WIDTH * 0.75 else "middle")
