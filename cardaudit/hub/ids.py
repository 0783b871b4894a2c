"""How repositories on the Hub are named: ids, revisions, web addresses, and what old bare ids are called today."""

import re

from cardaudit.errors import CardauditError
from cardaudit.facts import load
from cardaudit.facts.owners import OWNERS as OWNERS
from cardaudit.facts.owners import canonical_model as canonical_model

REPO_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
ADDRESS = re.compile(
    r"https?://[^/\s]+/(?P<id>[^/\s]+/[^/\s@?#]+)(?:/(?:blob|tree|resolve|raw)/(?P<revision>[^/\s?#]+)\S*)?/?(?:[?#]\S*)?"
)


def is_repo_id(name: str) -> bool:
    """Whether a name is spelled like the id of a repository, with or without a user, with or without `@revision`."""
    bare, _ = split_revision(name)
    return REPO_ID.fullmatch(bare) is not None and ".." not in name and "--" not in bare


def split_revision(name: str) -> tuple[str, str | None]:
    """ "user/model@v1" as its id and its revision; the revision is None where there is none."""
    bare, _, revision = name.partition("@")
    return bare, revision or None


def canonical_dataset(name: str) -> str:
    """The id that a data set with a bare, legacy id has today, by the shipped table; any other id as it is.

    A bare name is known in any spelling: "CoNLL-2003" and "conll2003" are "eriktks/conll2003".
    """
    if "/" in name:
        return name
    table: dict[str, str] = load("legacy_ids")["canonical"]
    spelled = next((known for known in table if _squeezed(known) == _squeezed(name)), None)
    return table.get(name) or table.get(spelled or "", name)


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def parse_target(target: str) -> tuple[str, str | None]:
    """The id and the revision of a model named on the command line. Raises CardauditError where it is no such name."""
    match = ADDRESS.fullmatch(target)
    name, revision = (match["id"], match["revision"]) if match else split_revision(target.strip("/"))
    if not is_repo_id(name):
        raise CardauditError(
            f"{target} is no id of a model on the Hub: give it as user/model, user/model@revision, or its web address"
        )
    return name, revision
