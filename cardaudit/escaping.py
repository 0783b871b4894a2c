"""Text of strangers made harmless: it is shown as it stands and steers neither a terminal nor a Markdown renderer."""

from cardaudit.patterns import deferred

UNSEEN = deferred(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
SPECIAL = deferred(r"([\\`*_{}\[\]<>|~&$])")
ADDRESSED = deferred(r"([@#])(?=\w)")  # "@name" and "#12" call people and threads, backslash or not


def visible(text: str) -> str:
    """Text in which terminal escapes and direction overrides show as text: ESC as ‹U+001B›."""
    return UNSEEN.sub(lambda match: f"‹U+{ord(match.group()):04X}›", text)


def one_line(text: str) -> str:
    """Visible text on one line, for a terminal: tabs and ends of lines are blanks."""
    return visible(text.replace("\t", " ").replace("\r", " ").replace("\n", " "))


def as_markdown(text: str) -> str:
    """Text that Markdown shows as it stands, on one line; a name or an issue's number after @ or # calls nobody."""
    return ADDRESSED.sub(r"\1<!-- -->", SPECIAL.sub(r"\\\1", one_line(text)))
