"""Fixes for the cards that a command was given: as a diff, or written into their files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cardaudit.errors import CardauditError
from cardaudit.fixes import Mended, mend, rewrite
from cardaudit.output import Checked
from cardaudit.parse import read_card
from cardaudit.policy import Policy
from cardaudit.records import Finding


def diff_of(checked: Checked, policy: Policy, unsafe: bool) -> str:
    """What would change in a card, as a unified diff; empty where nothing would."""
    from difflib import unified_diff

    before, after = checked.card.text, _mended(checked, policy, unsafe).text
    name = checked.name.replace("\\", "/")
    lines = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def fixed(checked: Checked, policy: Policy, unsafe: bool) -> tuple[Checked, int]:
    """The card with its fixes written into its file, and how many; a card that has none comes back as it is.

    Raises CardauditError where a card with fixes is no file.
    """
    mended = _mended(checked, policy, unsafe)
    if not mended.fixed:
        return checked, 0
    path = Path(checked.name)
    if not path.is_file() or path.suffix in (".parquet", ".jsonl"):
        raise CardauditError(f"{checked.name} is no file that can be written: use --diff to see its fixes")
    rewrite(path, checked.card.text, mended.text)
    card = read_card(mended.text, checked.name)
    return Checked(checked.name, card, policy.check(card)), len(mended.fixed)


def sentence(mended: Sequence[tuple[Checked, int]], unsafe: bool) -> str:
    """How much was fixed, and how much more --unsafe-fixes would."""
    count, files = sum(number for _, number in mended), sum(number > 0 for _, number in mended)
    hidden = 0 if unsafe else sum(bool(f.fix) for each, _ in mended for f in each.checkup.findings)
    more = f"; {hidden} more with --unsafe-fixes" if hidden else ""
    return f"{count} fixed in {files} {'file' if files == 1 else 'files'}{more}"


def _mended(checked: Checked, policy: Policy, unsafe: bool) -> Mended:
    def check(text: str) -> Iterable[Finding]:
        return policy.check(read_card(text, checked.name)).findings

    return mend(checked.card.text, check, unsafe)


def _lines(text: str) -> list[str]:
    """Lines as `diff` sees them: ended by a line feed alone, a carriage return before it kept."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
