"""The evidence ladder of one model: its card against itself, against its repository, the published weights scored again.

`open_repository` fetches what is needed of a repository (or takes a folder that holds one), `look` climbs rungs 1 and 2, `score`
rung 3. Rung 4, retraining, is `audit.reproduction` with the evidence filling the plan.
"""

from cardaudit.ladder.looking import Looked, look
from cardaudit.ladder.repository import Repository, is_repository, open_repository
from cardaudit.ladder.scoring import Scored, score
from cardaudit.ladder.whole import audit_of, climbed, unclimbed

__all__ = [
    "Looked",
    "Repository",
    "Scored",
    "audit_of",
    "climbed",
    "is_repository",
    "look",
    "open_repository",
    "score",
    "unclimbed",
]
