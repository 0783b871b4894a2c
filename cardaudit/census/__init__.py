"""What everyone else got: runs of the same recipe by other authors, read off public cards.

The spread of such runs is one between authors, with their environments and hidden settings in it. It is no seed variance.

Nothing is read before it is asked for: linting a card without a recipe costs no import.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cardaudit.records import Card
    from cardaudit.records.census import Census, Peers, Twin

LEAST = ("base_model", "datasets", "headline")
LEAST_ROWS = 2
_last: list[Any] = []  # card, census and twins of the last call: several rules ask of one card


def peers(card: "Card", census: "Census | None" = None, metrics: int | None = None) -> "Peers | None":
    """Other authors' runs of the card's recipe and where its headline stands among them, by the shipped census unless another
    is given.

    None where the card does not state a whole recipe, or nobody else in the census ran it. The card itself is never among its
    peers: it is told by its Hub id, or by its numbers where it was read from a file. `metrics`: how many of the headline's are
    compared, the leading one first; None for all.
    """
    if not all(getattr(card, name) for name in LEAST) or card.hyperparameters.learning_rate is None:
        return None
    from cardaudit.census.standing import peers_of

    return peers_of(card, census or _shipped(), metrics)


def twins(card: "Card", census: "Census | None" = None) -> "tuple[Twin, ...]":
    """Other cards of the census with the same training table, cell by cell; empty where the table is too small to tell.

    A card read from a file does not say whose it is: one card of its own name is taken for itself.
    """
    if len(card.epochs) < LEAST_ROWS:
        return ()
    if not (_last and _last[0] is card and _last[1] is census):
        _last[:] = [card, census, _twins(card, census or _shipped())]
    found: tuple[Twin, ...] = _last[2]
    return found


def _twins(card: "Card", census: "Census") -> "tuple[Twin, ...]":
    from cardaudit.census.tables import table_digest

    digest = table_digest(card)
    found = census.twins(digest) if digest else ()
    if not found:
        return ()
    from cardaudit.census.build import hub_id

    name, title = hub_id(card), card.model_name.text if card.model_name else None
    if name is not None:
        return tuple(twin for twin in found if twin.id != name)
    itself = next((twin for twin in found if twin.id.rpartition("/")[2] == title), None)
    return tuple(twin for twin in found if twin is not itself)


def _shipped() -> "Census":
    from cardaudit.census.stored import shipped

    return shipped()
