"""What the stages of a zoo work with: what the user wants, the store, and the machines."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cardaudit.config import Settings
    from cardaudit.policy import Policy
    from cardaudit.records import Rate
    from cardaudit.zoo.budget import Limit
    from cardaudit.zoo.reading import Reading
    from cardaudit.zoo.store import Store
    from cardaudit.zoo.worth import Candidate


class Wish(NamedTuple):
    """What the user wants verified and retrained, and how; `budget` None without end, `rate` None where no price was said."""

    verify: tuple[str, ...]
    reproduce: tuple[str, ...]
    sets: tuple[str, ...]
    dataset: str | None
    base_model: str | None
    seeds: int
    min_seeds: int
    replay: bool
    allow_pickle: bool
    quiet: bool
    policy: "Policy"
    budget: "Limit | None" = None
    rate: "Rate | None" = None


class Slots(NamedTuple):
    """How many reproductions a cluster takes at once, and whether on GPUs."""

    number: int
    gpu: bool


class Bench(NamedTuple):
    """What every stage works with; `slots` of a cluster, None: this machine."""

    store: "Store"
    reading: "Reading"
    output: Path
    settings: "Settings"
    wish: Wish
    slots: Slots | None = None

    def folder(self, candidate: "Candidate") -> Path:
        return self.output / "cards" / (candidate.page or "")
