"""How many cards have each word of a trait, in little memory: a large zoo has almost as many authors and tables as cards."""

import sqlite3
from collections import Counter
from typing import NamedTuple

MOST_HELD = 20_000  # words in memory; SQLite takes the others, into a file of its own that goes with the connection
TABLE = "CREATE TABLE counts (trait TEXT, word BLOB, cards INTEGER, faulty INTEGER)"
GROUPED = "SELECT word, sum(cards) AS all_cards, sum(faulty) FROM counts WHERE trait = ? GROUP BY word"


class WordCount(NamedTuple):
    """A word with the number of cards that have it; `faulty` of them have an error."""

    word: str
    cards: int
    faulty: int


class Words(NamedTuple):
    """The commonest words of a trait, how many different ones there are, and in how many cards."""

    most: tuple[WordCount, ...]
    different: int
    cards: int


class WordCounts:
    """Counts that grow word by word."""

    def __init__(self) -> None:
        self._cards: Counter[tuple[str, str]] = Counter()
        self._faulty: Counter[tuple[str, str]] = Counter()
        self._file = sqlite3.connect("")
        self._file.execute(TABLE)

    def add(self, trait: str, word: str, faulty: bool = False) -> None:
        """One card more that has the word."""
        self._cards[trait, word] += 1
        if faulty:
            self._faulty[trait, word] += 1
        if len(self._cards) > MOST_HELD:
            self._put_away()

    def commonest(self, trait: str, most: int) -> Words:
        """The commonest words first; of those in as many cards, the one that came first."""
        return self._words(trait, GROUPED, "all_cards DESC, min(rowid)", most)

    def shared(self, trait: str, most: int) -> Words:
        """Only what more than one card has, the commonest first and then by the alphabet."""
        return self._words(trait, f"{GROUPED} HAVING all_cards > 1", "all_cards DESC, word", most)

    def _words(self, trait: str, grouped: str, order: str, most: int) -> Words:
        self._put_away()
        rows = self._file.execute(f"{grouped} ORDER BY {order} LIMIT ?", (trait, most))
        found = tuple(WordCount(word.decode("utf-8", "surrogatepass"), cards, faulty) for word, cards, faulty in rows)
        sizes = self._file.execute(f"SELECT count(*), coalesce(sum(all_cards), 0) FROM ({grouped})", (trait,))
        return Words(found, *sizes.fetchone())

    def _put_away(self) -> None:
        faulty = self._faulty
        rows = ((*key, cards, faulty[key]) for key, cards in self._cards.items())
        self._file.executemany(
            "INSERT INTO counts VALUES (?, ?, ?, ?)",
            ((trait, word.encode("utf-8", "surrogatepass"), cards, bad) for trait, word, cards, bad in rows),
        )
        self._cards.clear()
        faulty.clear()
