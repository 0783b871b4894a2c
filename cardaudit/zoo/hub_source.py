"""Cards from the Hub, as fast as its limits allow; a model whose commit the store has costs no request."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from cardaudit.errors import CardauditError
from cardaudit.hub import fetch_card
from cardaudit.hub.asking import limited_for
from cardaudit.hub.listing import WINDOW, Listed, Pace, allowed, card_bytes, list_models
from cardaudit.zoo.items import Item, KnownText, Popularity

MOST_FOUND = 1000  # of a search
AT_ONCE = 8
ROUND = 64
TRIES = 4
LONGEST_PAUSE = 3 * WINDOW
SNAPSHOT = "librarian-bots/model_cards_with_metadata"
Tell = Callable[[str], None]


def cards_of_ids(ids: Sequence[str], offline: bool, tell: Tell) -> Iterator[Item]:
    """The cards of these ids, in their order; offline, out of the cache."""
    if offline:
        yield from map(_cached, ids)
        return
    yield from _fetched([Listed(each, None, None, None, None) for each in ids], lambda *_: None, tell)


def cards_of_hub(question: str, offline: bool, known: KnownText, tell: Tell) -> Iterator[Item]:
    """The cards of "author:NAME" or "search:WORDS", the most downloaded first; of a search the first 1,000.

    Raises CardauditError where nothing is found, or offline.
    """
    kind, _, words = question.partition(":")
    if offline:
        raise CardauditError(f"{question} asks the Hub, which is switched off: give a list of ids, or an earlier zoo")
    models = list_models(author=words) if kind == "author" else list_models(search=words, most=MOST_FOUND)
    if not models:
        raise CardauditError(f"the Hub lists no model for {question}: check the spelling")
    yield from _fetched(models, known, tell)


def _fetched(models: Sequence[Listed], known: KnownText, tell: Tell) -> Iterator[Item]:
    rate = allowed()
    pace = Pace(rate, lambda seconds: tell(f"the Hub's limit of cards in 5 minutes is reached: going on in {seconds:.0f} s"))
    if len(models) > rate:
        minutes = len(models) / rate * WINDOW / 60
        tell(
            f"{len(models):,} cards take about {minutes:,.0f} minutes, for the Hub gives {rate:,} in 5 minutes; "
            f"a snapshot of all cards is one download: hf download --repo-type dataset {SNAPSHOT}"
        )
    waiting = iter(models)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while some := list(islice(waiting, ROUND)):
            answers = [_asked(each, known, pace, threads) for each in some]
            yield from (answer() for answer in answers)


def _asked(model: Listed, known: KnownText, pace: Pace, threads: ThreadPoolExecutor) -> Callable[[], Item]:
    """How to get a card: out of the store, or by a request that is on its way."""
    popularity = Popularity(model.revision, model.downloads, model.likes, model.last_modified)
    stored = known(model.id, model.revision) if model.revision else None
    if stored is not None:
        item = Item(model.id, stored, "row", popularity)
        return lambda: item
    pace.wait()
    future = threads.submit(_fetch, model.id, popularity, pace)
    return future.result


def _fetch(name: str, popularity: Popularity, pace: Pace) -> Item:
    """A card, asked for again after the pause where the Hub gives no more for now: others than us may use up its limit."""
    because = ""
    for _ in range(TRIES):
        try:
            return Item(name, card_bytes(name), "row", popularity)
        except CardauditError as error:
            because, pause = str(error), limited_for(error)
        if pause is None or pause > LONGEST_PAUSE:
            break
        pace.rest(pause)
    return Item(name, b"", "row", popularity, because)


def _cached(name: str) -> Item:
    try:
        fetched = fetch_card(name, offline=True)
    except CardauditError as error:
        return Item(name, b"", "row", error=str(error))
    return Item(fetched.name, fetched.text.encode("utf-8", "surrogatepass"), "row")
