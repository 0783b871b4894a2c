"""Two models' means in one sentence: "an average score of 68.8, whereas the unquantized model achieves 69.8"."""

from collections.abc import Iterator

from cardaudit.dialects.parts.numbers import printed
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

NUMBER = r"[*_`]{{0,2}}(?P<{0}>\d{{1,3}}\.\d+ ?%?)[*_`]{{0,2}}(?![\w/]|\.\d)"
SET = r"(?: on (?:the )?(?P<set>[A-Z][\w .-]{2,50}?)(?: \([^()\n]{1,40}\))?)?"
BOTH = deferred(
    rf"\b(?:an )?average (?:score |accuracy )?of {NUMBER.format('own')}{SET},? (?:whereas|while|compared (?:to|with)) (?:the )?"
    rf"(?P<model>(?:un|non-)?\w+ (?:model|version|checkpoint)|[\w.-]+/[\w.-]+)(?:'s)? (?:achieves|scores|reaches|has|gets)? ?"
    rf"{NUMBER.format('other')}"
)


def recovered_claims(text: str, start: int) -> Iterator[Result]:
    """Both numbers; the second is the named model's."""
    for found in BOTH.finditer(text) if "verage" in text else ():
        named = found["set"].removesuffix(" benchmark").removesuffix(" leaderboard") if found["set"] else None
        for group, model in (("own", None), ("other", found["model"])):
            stands, at = found[group].rstrip(), start + found.start(group)
            yield Result("score", printed(stands, Span(at, at + len(stands)), "average"), dataset=named, model=model)
