"""How sentences spell data sets: "960 h of **PondSpeech**", "the Wide Pond Corpus (WPC)", "a data set called Ponds".

Each is told by the word "dataset" or "corpus" behind or before it, by a link to a page of data, or by a known name. A language, a
field or a model is none, and after "a" only a name that is called so: "a Twitter dataset" may be any.
"""

import re
from functools import cache
from typing import NamedTuple

from cardaudit.dialects.parts.data_in_prose import DEVICE, SET_LIKE
from cardaudit.dialects.parts.data_listed import CORPUS
from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.table_labels import is_benchmark, is_split, is_task, metric_of
from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

S = r"(?:[ \u00a0]{1,2}|[ ]?\r?\n(?![\s#*+|>-]))"  # a blank, or a line's end inside a paragraph
SET = r"(?:[Dd]ata ?[Ss]ets?|[Cc]orpus|[Cc]orpora|[Tt]ree ?[Bb]anks?|[Dd]atabase|[Bb]enchmark)\b"
DATA = rf"(?:{SET}|(?:training |train )?(?:data|set|split|subset)\b|dumps?\b|articles\b|abstracts\b|transcripts\b|notes\b)"
TOKEN = r"[A-Z0-9][\w+/&-]*(?:['’]s)?(?:\.\d\w*)?"
NAME = rf"{TOKEN}(?:{S}(?:(?:of|for|in){S}(?:the{S})?)?{TOKEN}){{0,6}}?"
NO_KIND = r"(?:and|or|with|using|for|of|to|in|on|from|model|which|by|as|at|was|were|is|are|language|that)\b"
KIND = rf"(?:{S}(?!{NO_KIND})[a-z][a-z-]{{2,16}}){{0,2}}?"
ABBREVIATION = rf"(?:\s?\\?\[\d{{1,2}}\\?\])?(?:{S}\([^()\n]{{1,40}}\))?"
MARK = r"[*_`\"“”]{1,3}"
MARK_END = r"(?:[*`\"“”]{1,3}|_{1,2}(?!\w))"
ADDRESS = r"\((?P<address>[^()\s]{1,200}(?:\([^()\s]{1,40}\))?[^()\s]{0,60})\)"
LEAD = deferred(
    rf"(?:(?P<indefinite>an?|one|any|another|some|different|various|several|multiple|other|custom)"
    r"|the|our|all|its|both|each|these|about|approximately|around|over|~|\*\*(?=\d)"
    r"|full|entire|whole|complete|raw|unlabell?ed|labell?ed|annotated|filtered|cleaned|deduplicated|original|official|popular|famous"
    r"|well-known|combined|publicly|public|available|open-source|open|multilingual|large-scale|newly|released|standard"
    r"|transcribed|version|english|german|french|spanish"
    r"|~?[\d.,]+(?:[kKmMbB]|h|hrs?|GB|MB|TB|G|%)?~?(?:[ -](?:k|million|billion|hours?|h|hrs|GB|MB|TB|gigabytes|percent))?"
    r"(?:[ ](?:tokens|words|sentences|examples|samples|images|pairs|tweets|articles|documents|texts|records|rows|utterances))?"
    r" (?:of|from|in)"
    r"|(?:(?:[\w-]+[ ]){0,3}(?:part|portion|subset|fraction|split|section|version|set|data|dump|sample|sentences|articles"
    r"|abstracts|texts|mixture|mix|combination|collection|concatenation|variant|half|union"
    r"|merge|embeddings|examples|pairs)s? (?:of|from|in)))"
    rf"{S}"
)
MEMBERS = (
    deferred(
        rf"(?:[a-z][\w-]*{S}){{0,2}}?(?i:data ?set|corpus)s?,?{S}?(?:(?:called|named|titled|known as|of){S}(?:the{S})?)?:?{S}?"
        rf"(?:{MARK}(?P<called>[A-Za-z0-9][^`*\"”\n]{{1,60}}?){MARK_END}"
        rf"|\[[*_`]{{0,3}}(?P<linked>[^\]\[\n]{{2,80}}?)[*_`]{{0,3}}\]{ADDRESS})"
    ),
    deferred(
        rf"(?P<mark>\"|“)?\[[*_`]{{0,3}}\s?(?:[Tt]he )?(?P<linked>[^\]\[\n]{{2,80}}?)[*_`]{{0,3}}\]{ADDRESS}\"?{ABBREVIATION}"
        rf"(?P<head>{KIND}{S}{DATA})?"
    ),
    deferred(
        rf"<a href=[\"']?(?P<address>[^\s\"'>]{{4,200}})[\"']?[^>\n]{{0,60}}>"
        rf"(?:[Tt]he )?(?P<linked>[^<\n]{{2,80}})</a>(?P<head>{KIND}{S}{DATA})?"
    ),
    deferred(rf"{MARK}(?P<marked>[A-Za-z0-9][^`*\"”\n]{{1,60}}?){MARK_END}{ABBREVIATION}(?P<head>{KIND}{S}?{DATA})?"),
    deferred(rf"(?P<named>{NAME}){ABBREVIATION}(?P<head>{KIND}{S}{DATA})"),
    deferred(rf"(?P<lower>[a-z][a-z]*[\d_-][\w-]*|[a-z][a-z0-9]{{3,20}})(?P<head>{S}(?:train(?:ing)?{S})?{SET})"),
    deferred(rf"(?P<bare>{NAME}(?!{S}[A-Z0-9])|[a-z]{{3,10}}\d{{1,4}}[a-z]?)(?![\w-]){ABBREVIATION}"),
)
JOINT = deferred(rf"(?:,?{S}(?:and|&|\+|plus|as well as)|,|{S}?\+|{S}?/){S}?(?:then{S})?(?:on{S})?")
LAST_WORD = deferred(r"(?P<name>.+?)\s(?i:data ?sets?)(?: (?:in|on|from|at) \w+)?|(?P<corpus>\S+)\s[Cc]orpus", re.S)
SET_WORD = deferred(SET)
BETWEEN_WORDS = deferred(r"[\s/-]+")
SPELLED_ID = deferred(r"[\d_]")
CITED = deferred(r"\([^()]*\d{4}\)\Z")
OF_HUB = deferred(r"https?://(?:www\.)?huggingface\.co/datasets/(?P<id>[\w.-]+(?:/[\w.-]+)?)/?(?:#\S*)?")
PAGE_OF_DATA = deferred(
    r"kaggle\.com/|/datasets?/|[Dd]ata-?[Ss]ets?\b|[Cc]orpus|[Cc]orpora|openslr\.org|zenodo\.org|opus\.nlpl\.eu|/competitions?/"
)
NO_PAGE_OF_DATA = deferred(r"huggingface\.co/(?!datasets/)|colab\.research|\.ipynb|sbert\.net|spacy\.io|speechbrain")
PARTS = ("set of", "split of", "subset of", "part of", "portion of")
GROUPS = ("called", "linked", "marked", "named", "lower", "bare")
LISTED = deferred(r"(?=.*[A-Z0-9_-]).{3,40}", re.S)
DEMONYM = deferred(r"[A-Z][a-z]+(?:ish|ese|ian|ani|ean)")
NO_NAME = deferred(
    r".*['’]s\Z|(?:https?|www)\b|.*[{}$<>]|.*\.(?:gz|zip|csv|tsv|jsonl?|txt|py|bin)\Z"
    r"|.*\b(?:Cloud|[TGC]PUs?|Colab|Sage[Mm]aker|AWS|Azure)\b"
    r"|.*(?:\blibrary|\btoolkit|\bmethod|[Tt]okeni[sz]er|[Mm]odels?|\bcode|[Ll]oss|[Oo]bjective|[Tt]rainer|[Tt]raining|[Oo]ptimi[sz]er)\b",
    re.S,
)
MOST_LEADS = 6
MOST = 12


class Named(NamedTuple):
    """A data set as it is spelled, how sure it is to be one, and where its spelling ends."""

    mention: DatasetMention | None
    sure: int  # 0: where two others are, 1: beside another, 2: alone
    end: int


def sets_at(text: str, at: int, end: int, behind_on: bool = True) -> list[DatasetMention]:
    """The data sets that are listed from an offset on; beside two that are sure, a name that no one knows counts."""
    found: list[Named] = []
    for _ in range(MOST):
        each = _one_at(text, at, end, behind_on)
        if each is None:
            break
        found.append(each)
        joint = JOINT.match(text, each.end, end)
        if joint is None:
            break
        at = joint.end()
    enough = sum(each.sure > 0 for each in found) > 1
    return [each.mention for each in found if each.mention is not None and (each.sure > 1 or enough)]


def _one_at(text: str, at: int, end: int, behind_on: bool) -> Named | None:
    indefinite = is_part = False
    for _ in range(MOST_LEADS):
        found = LEAD.match(text, at, end)
        if found is None:
            break
        is_part = found[0].rstrip().endswith(PARTS)
        behind_on = behind_on or found[0].rstrip().endswith((" of", " from", " in"))
        indefinite = found["indefinite"] is not None or (indefinite and found[0].strip() not in ("the", "our"))
        at = found.end()
    for form in MEMBERS:
        if member := form.match(text, at, end):
            named = _named(member, indefinite, behind_on, is_part)
            if named.mention or member.lastgroup == "bare":
                return named
    return None


def _named(member: re.Match[str], indefinite: bool, behind_on: bool, is_part: bool) -> Named:
    """What a form has found, and whether it names a data set."""
    groups = member.groupdict()
    group = next(name for name in GROUPS if groups.get(name))
    name, begin, address = member[group], member.start(group), groups.get("address") or ""
    is_set = (
        "called" in groups or _is_set_word((groups.get("head") or "").strip()) or (is_part and group == "marked" and "_" in name)
    )
    if last := LAST_WORD.fullmatch(name):
        name, is_set = last[last.lastgroup or 0], True
    cited = CITED.search(name) is not None
    name = CITED.sub("", name).strip(" .,")
    if not _may_be_one(name, group):
        return Named(None, 0, member.end())
    hosted = OF_HUB.fullmatch(address)
    sure = (
        hosted is not None
        or (cited and behind_on and not NO_PAGE_OF_DATA.search(address))
        or _is_one(group, name, is_set and not indefinite, indefinite, address, behind_on)
    )
    if not sure and (group not in ("bare", "lower", "marked") or indefinite or not LISTED.fullmatch(name)):
        return Named(None, 0, member.end())
    if group == "named" and (known := _without_language(name)):
        begin, name = begin + len(name) - len(known), known
    elif group == "named" and _is_language(name.rpartition(" ")[2]) and SET_LIKE.search(name.rpartition(" ")[0]):
        name = name.rpartition(" ")[0]
    mention = DatasetMention(hosted["id"] if hosted else name, None, None, name, Span(begin, begin + len(name)))
    return Named(mention, 2 if sure else int(group == "bare" and _is_known(name)), member.end())


def _may_be_one(name: str, group: str) -> bool:
    if not name or NO_NAME.match(name) or not is_name(name) or not is_name(name.split(" ")[0]) or _is_field(name):
        return False
    return group == "called" or not (is_model(name) or DEVICE.match(name) or is_task(name) or metric_of(name) or is_split(name))


def _is_one(group: str, name: str, is_set: bool, indefinite: bool, address: str, behind_on: bool) -> bool:
    if group == "called":
        return True
    if group == "linked":
        if NO_PAGE_OF_DATA.search(address):
            return False
        spelled = SET_LIKE.search(name) is not None
        return _is_known(name) or is_set or (spelled and (behind_on or PAGE_OF_DATA.search(address) is not None))
    if group == "lower":
        return is_set and name not in load("set_words")["common_ids"] and (is_benchmark(name) or _is_listed(name))
    if group == "bare":
        return behind_on and _is_known(name) and not indefinite
    return is_set or (_is_known(name) and not indefinite)


def _is_set_word(head: str) -> bool:
    """Whether the words behind a name end in "dataset" or "corpus": "data" and "notes" follow any name."""
    last = head.rpartition(" ")[2].rpartition("\n")[2]
    return SET_WORD.fullmatch(last) is not None or head.lower().endswith(("data set", "data sets"))


def _is_known(name: str) -> bool:
    words = name.split(" ")
    if is_task(name) or name.lower() in load("set_words")["common_ids"]:
        return False
    return CORPUS.fullmatch(name) is not None or (len(words) < 5 and is_benchmark(name)) or _without_language(name) is not None


def _without_language(name: str) -> str | None:
    """The known corpus's name behind a language: "Slovak Common Crawl"."""
    first, _, rest = name.partition(" ")
    return rest if rest and _is_language(first) and CORPUS.fullmatch(rest) else None


def _is_field(name: str) -> bool:
    """Whether each word is a language, a field, a task or a maker."""
    words = BETWEEN_WORDS.split(name)
    return all(word.lower() in _fields() or _is_language(word) or not word for word in words)


def _is_language(word: str) -> bool:
    facts = load("languages")
    small = word.lower()
    return small in facts["names"] or small in facts["codes"] or small in _fields() or DEMONYM.fullmatch(word) is not None


def _is_listed(name: str) -> bool:
    return name in _ids() and (SPELLED_ID.search(name) is not None or "corpus" in name or name.endswith(("qa", "quad")))


@cache
def _ids() -> frozenset[str]:
    return frozenset(load("datasets")["datasets"])


@cache
def _fields() -> frozenset[str]:
    """Languages, fields, tasks and makers, in small letters."""
    return frozenset(load("set_words")["fields"])
