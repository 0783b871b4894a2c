"""Records as the JSON documents of the contract: `cardaudit.card/1`, `cardaudit.lint/1`, and the verdicts of an audit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args

from cardaudit.records import (
    Card,
    Checkup,
    DatasetMention,
    EpochRow,
    Finding,
    Fix,
    Generator,
    IndexResult,
    Kind,
    Metadata,
    OptimizerLine,
    Printed,
    Result,
    Span,
    Verdict,
)

Json = dict[str, Any]


def card_json(card: Card) -> Json:
    """One card as `show --format json` prints it."""
    return {
        "schema": "cardaudit.card/1",
        "source": {"name": card.source.name, "sha256": card.source.sha256, "dialect": card.source.dialect},
        "model_name": card.model_name.text if card.model_name else None,
        "base_model": card.base_model.text if card.base_model else None,
        "task": card.task.text if card.task else None,
        "datasets": [_dataset(mention) for mention in card.datasets],
        "front_matter_error": _place(card, card.front_matter_error.span) | {"text": card.front_matter_error.text}
        if card.front_matter_error
        else None,
        "hyperparameters": _hyperparameters(card),
        "optimizer": _optimizer(card, card.optimizer) if card.optimizer else None,
        "headline": _numbers(card, card.headline),
        "epochs": [_row(card, row) for row in card.epochs],
        "elided": [{"line": card.line(span)} for span in card.elided],
        "model_index": [_index_result(card, result) for result in card.model_index],
        "results": [_result(card, result) for result in card.results],
        "framework_versions": {key: version.text for key, version in card.framework_versions.items()},
        "metadata": _metadata(card.metadata),
        "generator": _generator(card.generator) if card.generator else None,
        "unread": [{"line": card.line(line.span), "text": line.text} for line in card.unread],
    }


def checkup_json(name: str, card: Card, checkup: Checkup) -> Json:
    """One entry of a lint document's `cards`."""
    return {
        "source": name,
        "findings": [_finding(name, card, finding) for finding in checkup.findings],
        "clear": list(checkup.clear),
        "unchecked": [{"rule": each.rule, "because": each.because} for each in checkup.unchecked],
        "suppressed": [{**_finding(name, card, each.finding), "reason": each.reason} for each in checkup.suppressed],
        "known": [_finding(name, card, finding) for finding in checkup.known],
    }


def lint_json(entries: Sequence[Mapping[str, Any]]) -> Json:
    """The lint document of `checkup_json` entries, with the findings counted by kind."""
    kinds = Counter(finding["kind"] for entry in entries for finding in entry["findings"])
    return {
        "schema": "cardaudit.lint/1",
        "cards": list(entries),
        "summary": {"cards": len(entries), **{kind: kinds[kind] for kind in get_args(Kind)}},
    }


def verdict_json(verdict: Verdict) -> Json:
    """One verdict as `audit.json` holds it."""
    return {
        "claim": {"metric": verdict.metric, "where": verdict.where, "text": verdict.claimed},
        "measured": list(verdict.measured),
        "interval": list(verdict.interval) if verdict.interval else None,
        "outcome": verdict.outcome,
        "because": verdict.because,
        "primary": verdict.primary,
        "direction": verdict.direction,
        "seeds_needed": verdict.seeds_needed,
        "arithmetic": dict(verdict.arithmetic),
    }


def _place(card: Card, span: Span) -> Json:
    return {"line": card.line(span), "column": card.column(span)}


def _float(number: Decimal | None) -> float | int | None:
    """An integer print as an integer ("16" -> 16), so that a program reads a batch size as one."""
    if number is None:
        return None
    return int(number) if number.as_tuple().exponent == 0 else float(number)


def _number(card: Card, number: Printed) -> Json:
    low, high = (None if each is None else float(each) for each in (number.low, number.high))
    return {
        "text": number.text,
        "value": _float(number.value),
        "low": low,
        "high": high,
        **_place(card, number.span),
        "label": number.label,
    }


def _numbers(card: Card, numbers: Mapping[str, Printed]) -> Json:
    return {key: _number(card, number) for key, number in numbers.items()}


def _dataset(mention: DatasetMention) -> Json:
    return {"id": mention.id, "config": mention.config, "split": mention.split, "text": mention.text}


def _hyperparameters(card: Card) -> Json:
    stated = (
        (each.name, getattr(card.hyperparameters, each.name)) for each in fields(card.hyperparameters) if each.name != "other"
    )
    known = {key: _setting(card, value) for key, value in stated if value is not None}
    other = {key: _setting(card, value) for key, value in card.hyperparameters.other.items()}
    return known | ({"other": other} if other else {})


def _setting(card: Card, value: Printed) -> Json:
    return {"text": value.text, "value": _float(value.value), **_place(card, value.span), "label": value.label}


def _optimizer(card: Card, line: OptimizerLine) -> Json:
    betas = list(line.betas) if line.betas else None
    return {"text": line.text, "name": line.name, "betas": betas, "epsilon": line.epsilon, **_place(card, line.span)}


def _row(card: Card, row: EpochRow) -> Json:
    fixed = {key: getattr(row, key) for key in ("epoch", "step", "training_loss", "validation_loss")}
    numbers = {key: _number(card, number) for key, number in fixed.items() if number is not None}
    return {**numbers, "metrics": _numbers(card, row.metrics), "line": card.line(row.span), "repair": row.repair}


def _index_result(card: Card, result: IndexResult) -> Json:
    dataset = {"name": result.dataset_name, "type": result.dataset_type, "config": result.config, "split": result.split}
    return {
        "task": result.task,
        "dataset": dataset,
        "metric": result.metric,
        "text": result.number.text,
        "value": _float(result.number.value),
        "verified": result.verified,
        **({"stderr": result.stderr} if result.stderr else {}),
        **_place(card, result.number.span),
        "label": result.number.label,
    }


def _result(card: Card, result: Result) -> Json:
    number = _number(card, result.number)
    return {
        "metric": result.metric,
        **number,
        "stderr": result.stderr,
        "dataset": result.dataset,
        "split": result.split,
        "model": result.model,
        "setting": result.setting,
    }


def _metadata(metadata: Metadata) -> Json:
    """Texts only: what the front matter says of the model; absent keys are left out."""
    stated = ((each.name, getattr(metadata, each.name)) for each in fields(metadata))
    return {key: [each.text for each in value] if isinstance(value, tuple) else value.text for key, value in stated if value}


def _generator(generator: Generator) -> Json:
    return {
        "name": generator.name,
        "declared": generator.declared.text if generator.declared else None,
        "earliest": generator.earliest,
        "latest": generator.latest,
        "because": list(generator.because),
    }


def _finding(name: str, card: Card, finding: Finding) -> Json:
    first, *related = finding.at
    return {
        "rule": finding.rule,
        "kind": finding.kind,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        **_place(card, first.span),
        "related": [{"file": place.file or name, **_place(card, place.span)} for place in related],
        "arithmetic": dict(finding.arithmetic),
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> Json:
    """Edits by offsets in characters of the card's text."""
    edits = [{"start": edit.span.start, "end": edit.span.end, "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
