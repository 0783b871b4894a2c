"""Asking the Hub: again while it is busy, and each refusal or failure as one sentence."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from cardaudit.errors import CardauditError

Answer = TypeVar("Answer")

WAITS = (0.5, 2.0)  # seconds before the second and the third try
BUSY = {408, 429, 500, 502, 503, 504}


def ask(kind: str, name: str, revision: str | None, question: Callable[[Any], Answer], file: str | None = None) -> Answer:
    """The Hub's answer, asked again while it is busy; its refusals and failures become one sentence each."""
    from huggingface_hub import HfApi

    for wait in (*WAITS, None):
        try:
            return question(HfApi())
        except Exception as error:  # the kinds differ between versions of huggingface_hub: requests, httpx, httpx2
            if wait is None or _status(error) not in BUSY:
                raise CardauditError(_sentence(error, kind, name, revision, file)) from error
            time.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _status(error: Exception) -> int | None:
    return getattr(getattr(error, "response", None), "status_code", None)


def _sentence(error: Exception, kind: str, name: str, revision: str | None, file: str | None) -> str:
    from huggingface_hub import constants, errors

    what = f"{'model' if kind == 'model' else 'data set'} {name}"
    status = _status(error)
    if isinstance(error, errors.GatedRepoError):
        return f"{what} is gated: accept its terms on the Hub, then log in with `hf auth login`"
    if isinstance(error, errors.RepositoryNotFoundError):
        return f"{what} is not on the Hub, or is private: check the id, or log in with `hf auth login`"
    if isinstance(error, errors.RevisionNotFoundError):
        return f"{what} has no revision {revision}: leave the revision out, or give a commit, branch or tag"
    if isinstance(error, errors.LocalEntryNotFoundError | errors.OfflineModeIsEnabled):
        return f"{what} is not in the cache and the Hub cannot be reached: check the network, or give a local folder"
    if isinstance(error, errors.EntryNotFoundError):
        return f"{what} has no {file or 'such file'}: give a repository that has one"
    if status == 429:
        return f"the Hub answers that there were too many requests for {what}: wait a few minutes, or log in with `hf auth login`"
    if status == 401 or status == 403:
        return f"the Hub refuses access to {what} (status {status}): log in with `hf auth login`"
    if status is not None:
        return f"the Hub failed on {what} with status {status}: try again later"
    if isinstance(error, ValueError) and "JSON" in type(error).__name__:
        return f"the Hub at {constants.ENDPOINT} gave no answer that can be read for {what}: check HF_ENDPOINT"
    seen = type(error).__name__
    return f"the Hub at {constants.ENDPOINT} cannot be reached for {what} ({seen}): check the network, or work with --offline"
