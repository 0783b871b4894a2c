"""Asking the Hub: again while it is busy, never for ever, and each refusal or failure as one sentence."""

import logging
import os
import re
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from cardaudit.errors import CardauditError

Answer = TypeVar("Answer")

WAITS = (0.5, 2.0)  # seconds before the second and the third try, where the Hub does not say how many
LONGEST_WAIT = 30.0  # a Retry-After beyond it is told and not waited for
PATIENCE = 3  # times HF_HUB_DOWNLOAD_TIMEOUT: the client itself waits that long for a file, and for ever for an API's answer
LEAST_RATE = 50_000  # bytes a second: a download may take as long as this needs, and no longer
CLIENTS_OWN = 10.0  # seconds more for a download: the client goes on five times by itself, a second after each break
TOO_MANY = 429
BUSY = {408, TOO_MANY, 500, 502, 503, 504}
LOG = logging.getLogger("cardaudit.hub")
BROKEN_OFF = {  # of requests, urllib3, httpx and httpx2; a refused connection is none of them
    "ReadTimeout",
    "ReadError",
    "RemoteProtocolError",
    "ChunkedEncodingError",
    "IncompleteRead",
    "ConnectionResetError",
    "RemoteDisconnected",
}


class NotFound(CardauditError):
    """There is no such repository, as far as this user may know."""


class NoSuchFile(CardauditError):
    """The repository has no such file at that commit."""


class TooSlow(Exception):
    """The Hub gave no whole answer in time."""


class Limited(Exception):
    """The Hub answered with status 429, before the client could sleep on it in silence."""

    def __init__(self, response: Any) -> None:
        super().__init__(f"status {TOO_MANY}")
        self.response = response


def ask(
    kind: str,
    name: str,
    revision: str | None,
    question: Callable[[Any], Answer],
    file: str | None = None,
    download: int | None = None,
) -> Answer:
    """The Hub's answer, asked again while it is busy or breaks off; its refusals and failures become one sentence each.

    `download`: the question fetches so many bytes, and may take as long as LEAST_RATE needs for them, beyond the three times
    HF_HUB_DOWNLOAD_TIMEOUT within which any other answer must be whole. A wait that the Hub asks for is told in one line.
    """
    from huggingface_hub import HfApi, constants

    _hush()
    _never_sleep_in_silence()
    seconds = float(PATIENCE * constants.HF_HUB_DOWNLOAD_TIMEOUT)
    if download is not None:
        seconds += CLIENTS_OWN + download / LEAST_RATE
    for number, usual in enumerate((*WAITS, None), 2):
        try:
            return _within(seconds, lambda: question(HfApi()))
        except CardauditError:
            raise
        except Exception as error:  # the kinds differ between versions of huggingface_hub: requests, httpx, httpx2
            wait = None if download is not None and _broke_off(error) else _wait(error, usual)
            if wait is None:
                raise _kind(error)(_sentence(error, kind, name, revision, file)) from error
            if _status(error) == TOO_MANY:
                LOG.warning(
                    "cardaudit: %s: waiting %s, then asking again (%d of 3)", _limited(_what(kind, name)), _time(wait), number
                )
            time.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _never_sleep_in_silence() -> None:
    """Makes the client raise what it would sleep on: it waits for files as long as Retry-After says, five times, without a word.

    Before huggingface_hub 1.0 its sleeps add up to 23 seconds at most (utils/_http.py, http_backoff), and are left to it.
    """
    from huggingface_hub.utils import get_session  # type: ignore[attr-defined]

    hooks = getattr(get_session(), "event_hooks", None)
    if hooks is not None and _raise_limited not in hooks["response"]:
        hooks["response"].append(_raise_limited)


def _raise_limited(response: Any) -> None:
    if response.status_code == TOO_MANY:
        raise Limited(response)


def _hush() -> None:
    """Stops the client's own words on standard error, which would stand beside our sentence, unless the user asked for them."""
    from huggingface_hub.utils import logging

    if not os.environ.get("HF_HUB_VERBOSITY"):
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def _kind(error: Exception) -> type[CardauditError]:
    from huggingface_hub import errors

    if isinstance(error, errors.RepositoryNotFoundError) and not isinstance(error, errors.GatedRepoError):
        return NotFound
    absent = isinstance(error, errors.EntryNotFoundError) and not isinstance(error, errors.LocalEntryNotFoundError)
    return NoSuchFile if absent else CardauditError


def _within(seconds: float, question: Callable[[], Answer]) -> Answer:
    """The answer, or TooSlow: asked in a thread of its own, because not every call of the client takes a timeout."""
    answers: SimpleQueue[tuple[Answer | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((question(), None))
        except Exception as error:
            answers.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except Empty:
        raise TooSlow(f"no answer within {seconds:g} seconds") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]


def _wait(error: Exception, usual: float | None) -> float | None:
    """Seconds until the question is asked again; None where that is no use, or was done often enough."""
    if usual is None:
        return None
    if _status(error) in BUSY:
        asked = retry_after(getattr(_response(error), "headers", None) or {})
        return usual if asked is None else None if asked > LONGEST_WAIT else asked
    return usual if _broke_off(error) else None


def retry_after(headers: Any) -> float | None:
    """Seconds to wait, from Retry-After (a number or a date) or from the `t=` of RateLimit; None where neither stands."""
    text = str(headers.get("Retry-After") or "").strip()
    if text.isdecimal():
        return float(text)
    if text:
        try:
            return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
        except ValueError:
            return None
    reset = re.search(r"\bt=(\d{1,6})\b", str(headers.get("RateLimit") or ""))
    return float(reset[1]) if reset else None


def limited_for(error: CardauditError) -> float | None:
    """Seconds until the Hub, which gave so much for now, says that it answers again; None for any other error of `ask`."""
    if _status(error) != TOO_MANY:
        return None
    asked = retry_after(getattr(_response(error), "headers", None) or {})
    return LONGEST_WAIT if asked is None else asked


def _chain(error: BaseException) -> list[BaseException]:
    """An error and what it was raised from: the client wraps what the network said into "not in the cache"."""
    found: list[BaseException] = []
    while error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__ or error
    return found


def _response(error: Exception) -> Any:
    return next((response for each in _chain(error) if (response := getattr(each, "response", None)) is not None), None)


def _status(error: Exception) -> int | None:
    return getattr(_response(error), "status_code", None)


def _broke_off(error: Exception) -> bool:
    """Whether an answer came late, in part, or of another length than announced (file_download.py: "Consistency check")."""
    return any(type(each).__name__ in BROKEN_OFF or "Consistency check failed" in str(each) for each in _chain(error))


def _sentence(error: Exception, kind: str, name: str, revision: str | None, file: str | None) -> str:
    from huggingface_hub import errors

    what = _what(kind, name)
    status = _status(error)
    if isinstance(error, errors.GatedRepoError):
        return f"{what} is gated: accept its terms on the Hub, then log in with `hf auth login`"
    if isinstance(error, errors.RepositoryNotFoundError):
        return f"{what} is not on the Hub, or is private: check the id, or log in with `hf auth login`"
    if isinstance(error, errors.RevisionNotFoundError):
        return f"{what} has no revision {revision}: leave the revision out, or give a commit, branch or tag"
    if isinstance(error, errors.EntryNotFoundError) and not isinstance(error, errors.LocalEntryNotFoundError):
        return f"{what} has no {file or 'such file'}: give a repository that has one"
    if status is not None and status != 200:
        return _refusal(status, what, error)
    return _failure(error, what)


def _what(kind: str, name: str) -> str:
    return f"{'model' if kind == 'model' else 'data set'} {name}"


def _limited(what: str) -> str:
    return f"the Hub answers that there were too many requests for {what}"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"


def _refusal(status: int, what: str, error: Exception) -> str:
    if status == TOO_MANY:
        seconds = retry_after(getattr(_response(error), "headers", None) or {})
        wait = _time(seconds) if seconds is not None and seconds >= 1 else "a few minutes"
        return f"{_limited(what)}: wait {wait}, or log in with `hf auth login`"
    if status in (401, 403):
        return f"the Hub refuses access to {what} (status {status}): log in with `hf auth login`"
    return f"the Hub failed on {what} with status {status}: try again later"


def _failure(error: Exception, what: str) -> str:
    from huggingface_hub import errors

    if isinstance(error, TooSlow) or any("Timeout" in type(each).__name__ for each in _chain(error)):
        return f"the Hub at {endpoint()} was too slow for {what}: try again later, or raise HF_HUB_DOWNLOAD_TIMEOUT"
    if _broke_off(error):
        return f"the answer of the Hub at {endpoint()} for {what} breaks off: try again later"
    if isinstance(error, errors.LocalEntryNotFoundError | errors.OfflineModeIsEnabled):
        return f"{what} is not in the cache and the Hub cannot be reached: check the network, or give a local folder"
    if isinstance(error, ValueError) and "JSON" in type(error).__name__:
        return f"the Hub at {endpoint()} gave no answer that can be read for {what}: check HF_ENDPOINT"
    seen = type(error).__name__
    return f"the Hub at {endpoint()} cannot be reached for {what} ({seen}): check the network, or work with --offline"


def endpoint() -> str:
    """HF_ENDPOINT without the user and the password that it may hold."""
    from huggingface_hub import constants

    return re.sub(r"//[^/@]*@", "//", str(constants.ENDPOINT))
