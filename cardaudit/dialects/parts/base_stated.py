"""A base model that a link or a mark leaves no doubt of: "Base model: [x](...)", "fine-tuned [x](...) on", "based on `a/x`"."""

import re

from cardaudit.dialects.parts.mentions import is_heading, printed_at
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

LINKED = (
    r"\[(?![^\]\n]{0,120}\b[Cc]ard\b)[^\]\n]{1,120}\]\(https://huggingface\.co/(?!datasets/|spaces/|unknown/?\))"
    r"([\w.-]+(?:/[\w.-]+)?)/?\)"
)
FORMAT = (
    r"[`*]{0,2}(?i:ONNX|CTranslate2|Core ?ML|ggml|gguf|TensorFlow|PyTorch|Flax|PaddlePaddle|OpenVINO|TFLite|TF ?Lite|safetensors"
    r"|int8|fp16)[`*]{0,2}\b"
)
BASE_STATED = (  # words of which one is there, what else is, and an expression that takes far longer to look for
    (
        ("ase model", "ase Model", "ase_model", "ase-model", "ASE MODEL"),
        "](https://huggingface.co/",
        deferred(rf"[Bb](?<!\w[Bb])(?i:ase[ _-]model[*_`]{{0,2}}\s?:[*_`]{{0,2}}\s?{LINKED})"),
    ),
    (
        ("uned from model",),
        "](https://huggingface.co/",
        deferred(rf"\b[Ff]inetuned from model(?: \[optional\])?[*_` ]{{0,4}}:[*_` ]{{0,4}}{LINKED}"),
    ),
    (
        ("adapter]",),
        "](https://adapterhub.ml)",
        deferred(r"\[adapter\]\(https://adapterhub\.ml\) for the `([\w./-]{2,100})` model"),
    ),
    (("uned on",), "](https://huggingface.co/", deferred(rf"{LINKED}[\w\s-]{{0,30}}\b(?i:fined?-?\s?tuned on)\b")),
    (
        ("uned to", "uned for", "uned in ", "uned with ", "uned using "),
        "](https://huggingface.co/",
        deferred(
            rf"(?:^|[.!?] |\b(?:is|is the|an?|from|version of) ){LINKED}[\w ,-]{{0,30}}"
            r"\b(?i:fined?-?\s?tuned (?:to|for|in|with|using))\b",
            re.M,
        ),
    ),
    (
        ("ed to ", "ed into "),
        "](https://huggingface.co/",
        deferred(
            rf"(?:^|[.!?] |\bis ){LINKED}(?: model)?,? (?:was |is |has been )?(?:exported|converted|ported|quanti[sz]ed) "
            rf"(?:in)?to (?:the )?{FORMAT}",
            re.M,
        ),
    ),
    (
        ("ersion of ", "xport of ", "onversion of ", "opy of "),
        "](https://huggingface.co/",
        deferred(
            rf"(?:\b{FORMAT} (?:model )?(?:[Ee]xport|[Vv]ersion|[Cc]onversion) of (?:the )?"
            rf"|\bis an? (?:(?:model )?copy|version) of (?:the )?(?!\[this )){LINKED}(?! pre-?trained)"
            rf"|\b[Cc]onversion of (?:the )?{LINKED}(?: model)? to (?:the )?{FORMAT}"
        ),
    ),
    (
        ("odel fine",),
        "/",
        deferred(r"\b[Mm]odel fine-?tuned[*_`]{0,2}\s?:[*_`]{0,2}\s?`?([A-Za-z][\w.-]*/[\w.-]*\w)(?![\w/])"),
    ),
    (
        ("ased on `", "ased on the `"),
        "`",
        deferred(r"\b[Bb]ased on (?:the )?`([A-Za-z][\w.-]*/[\w.-]+)`(?: model)?,? and fine-?tuned"),
    ),
)
HUB = "](https://huggingface.co/"
HUB_ID = deferred(r"(?:[\w-]+/https://huggingface\.co/)?(?!datasets/|spaces/)([\w.-]+(?:/[\w.-]+)?)(?:/tree/main)?/?\)")
MADE_FROM = deferred(
    r"(?:\b(?:[Bb]ased (?:up)?on|[Ii]nitiali[sz]ed (?:from|with)|[Bb]uilt (?:up)?on|[Ll]anguage model used is"
    r""
    r"|[Bb]ase model(?: used)? is|[Ff]oundation model is|[Ss]tarting point is)"
    r"(?: the| a| our| \w+['’]s)?(?: ?pre-?trained)?(?: language)?(?: model)? "
    r"|\b(?:(?:by|via|through) [Ff](?i:ine-?\s?tuning)"
    r"|concept taught to|[Mm]odel is pre-?trained on|[Ff]urther pre-?trained on [^.\[\]\n]{1,60} from"
    r"|(?:[Dd]erived|[Rr]esumed|[Ff]urther (?:pre-?)?trained"
    r"|[Mm]odel (?:is |was )?(?:adapted|trained)) from"
    r"(?: the checkpoint of)?|[Ss]haring smaller versions of|(?<!coder was )[Ww]arm-started (?:from|with)|[Bb]ase checkpoint is"
    r"|[Ff]ine-?tuned? checkpoint of"
    r"|[Uu]sing (?:the )?(?:pre-?trained )?weights of(?: pre-?trained)?|\b(?:[Uu]sed?|took) the pre-?trained(?: [A-Z]\w+| model)?"
    r"|(?<!trained model is an )(?<!trained model is a )(?:smaller|shortened|quantized|pruned|reduced|trimmed"
    r"|truncated|\d+[ -]layers?|instruct(?:ion)?(?:-tuned)?|chat) version of)(?: the| a)? "
    r"|(?<!with )(?<!using )(?<!teacher )\b[Ff](?i:ine-?\s?tuned\s{1,4})"
    r"(?:(?!(?:on|for|with|by|using|in|to|and|via)\s)[\w-]{1,30}\s){0,5})\Z"
)
DESCENT = (
    "uned",
    "uning",
    "ased",
    "niti",
    "uilt",
    "odel",
    "erived",
    "esumed",
    "rained",
    "ersion",
    "weights",
    "started ",
    "heckpoint",
    "TUN",
    "point is",
    "taught to",
)
LONGEST_LINK = 120
LONGEST_LEAD = 100
AROUND = 500
MOST_LINKS = 60


def stated_base(document: Document) -> Printed | None:
    """In a hand-written card: "Base model: [x](...)", an adapter's model, a linked model "fine-tuned on" something."""
    text, start = document.text, document.body_start
    is_linked, signs = HUB in text, signs_in(text, start)
    for words, link, pattern in BASE_STATED:
        told = (is_linked if link == HUB else link in text) and any(map(signs.__getitem__, words))
        found = _around(pattern, text, start, sorted({at for word in words for at in signs[word]})) if told else None
        at = (found.lastindex or 1) if found else 0
        if found and not is_heading(document, found[at].rpartition("/")[2]):  # the card's own: "The model [x](...) is tuned on"
            return printed_at(found[at], Span(*found.span(at)))
    linked = _linked_base(text, start) if is_linked else None
    if linked or "--model_name_or_path" not in text:
        return linked
    from cardaudit.dialects.parts.identity_in_prose import base_in_command

    return base_in_command(text, start)


def _around(pattern: re.Pattern[str], text: str, start: int, places: list[int]) -> re.Match[str] | None:
    """The first match near one of the places: to look for it in a whole card takes long."""
    near = (pattern.search(text, max(start, at - AROUND), at + AROUND) for at in places[:MOST_LINKS])
    return next((found for found in near if found), None)


def _linked_base(text: str, start: int) -> Printed | None:
    """The first model of the Hub that words of descent link: "Fine-tuned [x](...) on", "based on [x](...)"; no model's card."""
    at = text.find(HUB, start)
    for _ in range(MOST_LINKS):
        if at < 0:
            return None
        opened = text.rfind("[", max(start, at - LONGEST_LINK), at)
        found = HUB_ID.match(text, at + len(HUB)) if opened >= 0 else None
        lead = text[max(start, opened - LONGEST_LEAD) : opened]
        if found and any(map(lead.__contains__, DESCENT)) and " card" not in text[opened:at] and MADE_FROM.search(lead):
            return printed_at(found[1], Span(*found.span(1)))
        at = text.find(HUB, at + 1)
    return None
