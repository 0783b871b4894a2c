"""Where the words stand that a reader must see before it looks closer; looked for once in a card, whoever asks."""

from functools import lru_cache

TRAINED_ON = ("uned on ", "rained on ")  # the verbs that name data sets most
MOST_KEPT = 1_000  # places of a sign
ENDINGS = {"uned ": "ned ", "rained ": "ned ", "uning ": "ning ", "raining ": "ning "}  # verbs that are looked for together


class Signs(dict[str, list[int]]):
    """The places of signs in a card from an offset on, each looked for when it is first asked for."""

    __slots__ = ("start", "text")

    def __init__(self, text: str, start: int) -> None:
        super().__init__()
        self.text, self.start = text, start

    def __missing__(self, sign: str) -> list[int]:
        first = sign.find(" ", 1) + 1
        if sign in ENDINGS:
            before = len(sign) - len(ENDINGS[sign])
            places = [at - before for at in self[ENDINGS[sign]] if self.text.startswith(sign, at - before)]
        elif 0 < first < len(sign):
            places = [at for at in self[sign[:first]] if self.text.startswith(sign, at)]
        else:
            places = self._look_for(sign)
        self[sign] = places
        return places

    def _look_for(self, sign: str) -> list[int]:
        text = self.text
        places: list[int] = []
        at = text.find(sign, self.start)
        while at >= 0 and len(places) < MOST_KEPT:
            places.append(at)
            at = text.find(sign, at + 1)
        return places


@lru_cache(maxsize=1)
def signs_in(text: str, start: int) -> Signs:
    """Those of a card; of the one at hand they are kept."""
    return Signs(text, start)
