"""The card's code runs what it downloads.

## What it does
Names the calls in the card's snippets that execute code from a file or a repository.

## Condition
`trust_remote_code=True`; `pickle.load`, `joblib.load`, `dill.load`; `torch.load` without `weights_only=True` (which executes
pickles up to PyTorch 2.5); `allow_pickle=True`; the output of curl or wget piped into a shell.

## When it stays silent
Safetensors; `torch.load` with `weights_only=True`; the same words outside of calls.

## Usual causes
Models with code of their own; scikit-learn's models, which have no other common format.

## Example
`AutoModel.from_pretrained("owner/model", trust_remote_code=True)`
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._text import holds_any

SIGNS = ("trust_remote_code", "allow_pickle")
DOWNLOADERS = ("curl", "wget")
LOADERS = ("pickle", "joblib.load", "dill.load", "torch.load")
CALL = deferred(
    r"(?P<remote>trust_remote_code\s*=\s*True)|(?P<pickle>\b(?:c?[pP]ickle|joblib|dill)\.loads?\()"
    r"|(?P<torch>\btorch\.load\((?![^\n]{0,200}weights_only\s*=\s*True))|(?P<numpy>allow_pickle\s*=\s*True)"
    r"|(?P<shell>\b(?:curl|wget)[ \t][^\n|]{1,200}\|[ \t]*(?:sudo[ \t]+)?(?:ba|z)?sh\b)"
)
SPOKEN = {"shell": "a download piped into a shell"}


@rule(kind="note", severity="info", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    if not _may_run(text):
        return
    found = list(CALL.finditer(text))
    if found:
        names = [SPOKEN.get(match.lastgroup or "", match[0].replace(" ", "").rstrip("(")) for match in found]
        calls = list(dict.fromkeys(names))
        message = f"the card's code executes what it loads: {listed(calls)}"
        yield Hit(message, tuple(Span(*match.span()) for match in found), {"calls": calls})


def _may_run(text: str) -> bool:
    """A look that spares most cards the search for calls."""
    if holds_any(text, SIGNS) or (".load" in text and holds_any(text, LOADERS)):
        return True
    return "|" in text and holds_any(text, DOWNLOADERS)
