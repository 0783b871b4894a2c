"""Which sentences that tell of descent tell of another model, or of what may yet be done: no reader takes a base from those."""

import re

from cardaudit.patterns import deferred

OTHERS = deferred(
    r"\b(?:can|could|should|may|might|must|would|will|cannot|teachers?|students?|compar\w+|baselines?|unlike|outperform\w*|than"
    r"|similar|likewise|like|instead(?! of (?:pre-?)?training)|others?|another|you|your|they|example|e\.g|such|inspired"
    r"|also|particular|not|never|n['’]t|tokeni[sz]e\w*"
    r"|vocabulary|embeddings?|scored?|label(?:l?ed)?|if|when|how|paper|follow\w*|scripts?|support\w*|notebook|code|card"
    r"|replicat\w*|evaluat\w*|results?(?! of (?:the )?(?:fine|further|tuning))"
    r"|generated|annotated|translated|inference|outputs?|discriminator|compet\w+|while|whereas|versus|vs"
    r"|to be|same|classifier|reward|critic|filter\w*|both|plan|distill(?:ed|ation|ing)|todo|soon)\b",
    re.I,
)
OF_LINKED = deferred(r"\), which (?:is|was|has been)\b(?:(?!\. )[^\n])*\Z")
TITLE = deferred(r"\[[^\]\[\n]{25,200}\]\([^()\s]{1,200}\)")  # linked words of a paper, no part of the sentence
SENTENCE_ENDS = (". ", "! ", "? ", ".<br>")
LONGEST_SENTENCE = 260


def is_of_another(text: str, start: int, at: int) -> bool:
    """Whether the sentence of a card's body tells before an offset that its model is not the card's own."""
    begin = sentence_begin(text, start, at)
    if text.find("](", begin, at) >= 0:
        return OTHERS.search(TITLE.sub("", text[begin:at])) is not None
    return OTHERS.search(text, begin, at) is not None


def is_of_linked(text: str, start: int, at: int) -> bool:
    """Whether a clause on a model that is linked before it holds an offset: "from [x](...), which is a model trained on"."""
    return OF_LINKED.search(text, max(start, at - LONGEST_SENTENCE), at) is not None


def sentence_begin(text: str, start: int, at: int) -> int:
    """Where the sentence around an offset begins."""
    begin = max(start, at - LONGEST_SENTENCE)
    begin = max(begin, text.rfind("\n", begin, at) + 1)
    return max(begin, *(found + 2 if (found := text.rfind(end, begin, at)) >= 0 else begin for end in SENTENCE_ENDS))
