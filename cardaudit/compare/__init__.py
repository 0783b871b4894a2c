"""Claims against runs: is each printed number one that an honest run would give?

`compare` gives the verdicts, `next_seeds` which seeds to train next, `exit_code` and `summary_sentence` what they amount to. The
protocol is in the modules: what is claimed and what is measured for it (claims, measured, trial), the author's own seed (replay),
the scale on which a metric varies evenly (scale), the test (weighing) and its settings (protocol), the endpoints (endpoints),
the sentences (words, summary), the order of seeds (sequence). Nothing in here trains, and nothing accuses on fewer than 3 seeds.
"""

from cardaudit.compare.endpoints import compare
from cardaudit.compare.protocol import error_rates
from cardaudit.compare.sequence import exit_code, next_seeds, primary_outcome
from cardaudit.compare.summary import summary_sentence

__all__ = ["compare", "error_rates", "exit_code", "next_seeds", "primary_outcome", "summary_sentence"]
