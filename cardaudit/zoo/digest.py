"""What changed between two zoos, in words: for a terminal, for a pull request or a chat, for programs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.escaping import visible
from cardaudit.output.columns import fold, terminal_columns
from cardaudit.records import Severity
from cardaudit.zoo.changes import GONE, Difference, State, contested, differences
from cardaudit.zoo.reading import Reading, Session, shown_name

RANK: tuple[Severity, ...] = ("error", "warning", "info")
WORDS = {"error": "error", "warning": "warning", "info": "note"}
SIGNS = {"error": "✗", "warning": "!", "info": "i"}
MOST_NAMES = 5


class Side(NamedTuple):
    """One of the two: when it was made, by which version, how many cards it saw."""

    made_at: str
    version: str
    cards: int


class Contested(NamedTuple):
    name: str
    words: str


class Digest(NamedTuple):
    """All differences, by name. `cards`: those that are new, gone or edited."""

    old: Side
    new: Side
    cards: tuple[Difference, ...]
    found: tuple[Difference, ...]
    fixed: tuple[Difference, ...]
    contested: tuple[Contested, ...]

    @property
    def worse(self) -> bool:
        """Whether an error is there that was not."""
        return any(each.severity == "error" for each in self.found) or bool(self.contested)


def digest_of(old: Reading, new: Reading) -> Digest:
    """Of the last runs of two zoos, or, of one, of its last run and the one before. Raises CardauditError without two runs."""
    same = old is new
    after = _last(new, new.sessions())
    before = _last(old, [each for each in old.sessions() if each.id < after.id] if same else old.sessions())
    one, other = State(old.connection, before.id), State(new.connection, after.id)
    found: defaultdict[str, list[Difference]] = defaultdict(list)
    for each in differences(one, other):
        found[each.kind].append(each)
    claims = tuple(Contested(shown_name(name, nth, form), words) for name, nth, form, _, words in contested(one, other))
    return Digest(_side(before), _side(after), tuple(found["card"]), tuple(found["new"]), tuple(found["fixed"]), claims)


def _last(reading: Reading, sessions: Sequence[Session]) -> Session:
    """The last run that saw its whole source."""
    finished = [each for each in sessions if each.outcome == "finished"]
    if not finished:
        raise CardauditError(f"{reading.path} has no finished run to compare: run cardaudit zoo over its source again")
    return finished[-1]


def _side(session: Session) -> Side:
    return Side(session.started, session.version, session.cards)


def render_text(digest: Digest) -> str:
    """One line a difference, gravest first, and one line of totals."""
    width = terminal_columns()
    lines = [f"contested  {visible(each.name)}  {visible(each.words)}" for each in digest.contested]
    for kind, found in (("new", digest.found), ("fixed", digest.fixed)):
        ordered = sorted(found, key=lambda each: (RANK.index(each.severity), each.rule, each.name))
        for each in ordered:
            words = f"{WORDS[each.severity]:8} {each.rule}  {visible(_name(each))}  {visible(each.message)} ({each.cause})"
            lines.append(f"{kind:9}  {words}")
    return "\n".join(fold(line, width, "    ") for line in (*lines, summary(digest))) + "\n"


def render_markdown(digest: Digest) -> str:
    """A digest for a pull request or a chat: a sentence, and a short table of rules; notes are counted, not listed."""
    lines = [f"**Zoo:** {summary(digest)}", ""]
    if digest.contested:
        lines += ["Claims that measurement now speaks against:", ""]
        lines += [f"- `{_code(each.name)}`: {_plain(each.words)}" for each in digest.contested] + [""]
    for title, found in (("New", digest.found), ("Fixed", _apart(digest.fixed)[0])):
        if found:
            lines += [f"| {title} | rule | cards |", "| --- | --- | --- |", *_rows(found), ""]
    return "\n".join(lines)


def render_json(digest: Digest) -> dict[str, Any]:
    """The document `cardaudit.zoo-diff/1`."""
    return {
        "schema": "cardaudit.zoo-diff/1",
        "old": digest.old._asdict(),
        "new": digest.new._asdict(),
        "cards": [{"name": _name(each), "because": each.cause} for each in digest.cards],
        "findings": [
            {
                "change": each.kind,
                "name": _name(each),
                "rule": each.rule,
                "severity": each.severity,
                "message": each.message,
                "because": each.cause,
            }
            for each in (*digest.found, *digest.fixed)
        ],
        "contested": [each._asdict() for each in digest.contested],
    }


def summary(digest: Digest) -> str:
    """One sentence: how many cards there are and changed, what is new, what is fixed, what is contested."""
    causes = Counter(each.cause.rpartition(" ")[2] for each in digest.cards)
    cards = ", ".join(f"{causes[word]:,} {word}" for word in ("new", "edited", "gone") if causes[word])
    parts = [f"{digest.new.cards:,} {'card' if digest.new.cards == 1 else 'cards'}{f' ({cards})' if cards else ''}"]
    mended, gone = _apart(digest.fixed)
    parts += [f"{len(found):,} {word}{_by_severity(found)}" for word, found in (("new", digest.found), ("fixed", mended))]
    parts += [f"{len(gone):,} gone with their cards"] if gone else []
    parts.append(f"{len(digest.contested):,} newly contested")
    return "; ".join(parts) + f"; compared with {digest.old.made_at[:16].replace('T', ' ')}"


def _apart(fixed: Sequence[Difference]) -> tuple[list[Difference], list[Difference]]:
    """Findings that a card no longer has, and those whose card is no longer there."""
    gone = [each for each in fixed if each.cause == GONE]
    return [each for each in fixed if each.cause != GONE], gone


def _by_severity(found: Sequence[Difference]) -> str:
    counted: Counter[Severity] = Counter(each.severity for each in found)
    told = [f"{counted[each]:,} {WORDS[each]}{'' if counted[each] == 1 else 's'}" for each in RANK if counted[each]]
    return f" ({', '.join(told)})" if told else ""


def _rows(found: Sequence[Difference]) -> Iterator[str]:
    """A row for each rule with errors or warnings, and one for all notes."""
    by_rule: defaultdict[tuple[Severity, str], dict[str, None]] = defaultdict(dict)
    for each in found:
        by_rule[each.severity, each.rule][_name(each)] = None
    ordered = sorted(by_rule.items(), key=lambda item: (RANK.index(item[0][0]), -len(item[1]), item[0][1]))
    for (severity, rule), names in ordered:
        if severity == "info":
            continue
        first = ", ".join(f"`{_code(name)}`" for name in list(names)[:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
        yield f"| {SIGNS[severity]} {WORDS[severity]} | {rule} | {first}{more} |"
    notes = [(rule, names) for (severity, rule), names in ordered if severity == "info"]
    if notes:
        rules = ", ".join(f"{rule} {len(names):,}" for rule, names in notes[:MOST_NAMES])
        more = f" and {len(notes) - MOST_NAMES:,} more rules" if len(notes) > MOST_NAMES else ""
        cards = len({name for _, names in notes for name in names})
        yield f"| {SIGNS['info']} notes | {rules}{more} | {cards:,} {'card' if cards == 1 else 'cards'} |"


def _name(each: Difference) -> str:
    return shown_name(each.name, each.nth, each.form)


def _code(name: str) -> str:
    """A stranger's name as it may stand between backticks in a table."""
    return visible(name).replace("`", "'").replace("|", "\\|")


def _plain(words: str) -> str:
    return visible(" ".join(words.split())).replace("<", "&lt;")
