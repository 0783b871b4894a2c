"""What Chinese, Japanese and Korean sentences tell: a model's base and data set, its settings, its metrics.

Names and numbers stand in Latin letters between words without blanks: "由bert-base-chinese微调得到", "正解率は0.91".
Only the plainest sentences are read. quick_look.is_east_asian says whether a text is asked at all, so that others lose no time.
"""

import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, printed
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Result, Span

WORD = r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,80}(?:/[A-Za-z0-9][A-Za-z0-9_.+-]{0,80})?"
NAME = (
    rf"\[?[`*\"'「『“]{{0,2}}(?<![A-Za-z0-9_./+-])(?P<name>{WORD})(?![A-Za-z0-9_/])[`*\"'」』”]{{0,2}}\]?"
    r"(?:\([^()\s]{1,200}\))?\s?"
)
TUNED = r"(?:ファイン[・-]?チューニング|微調整|追加学習|微调|微調|精调|精調|파인\s?튜닝|미세\s?조정|[Ff]ine-?\s?tun)"
BASES = (
    rf"(?:この|本|当)モデルは、?\s*{NAME}(?:モデル)?を(?!用|使|利用|通)[^。]{{0,200}}?{TUNED}",
    rf"{NAME}(?:モデル)?を\s?{TUNED}",
    rf"{NAME}(?:モデル)?を(?:ベース(?:モデル)?|元|もと|基)(?:に|と)",
    rf"(?:基[于於]|由|[从從]|[对對]|[将將])\s?{NAME}(?:预训练)?(?:模型)?(?!\s?(?:[数數]据|[资資]料|[语語]料))[^。；;\n]{{0,60}}?{TUNED}",
    rf"(?:在|以)\s?{NAME}(?:模型)?的?(?:基[础礎]上|[为為]基[础礎])",
    rf"{NAME}(?:모델)?\s?[을를]\s?(?!사용|이용|활용|통)[^.\n]{{0,80}}?{TUNED}",
    rf"{NAME}(?:모델)?\s?[을를]?\s?(?:기반으로|베이스로)",
)
SIGNS_OF_BASE = (
    "チューニング",
    "微調整",
    "追加学習",
    "微调",
    "微調",
    "精调",
    "精調",
    "튜닝",
    "조정",
    "tun",
    "ベース",
    "元",
    "もと",
    "基",
    "베이스로",
    "기반으로",
)
SETS = (
    rf"{NAME}(?:データセット|コーパス)(?:を(?:用い|使|利用)|で|により|にて)[^。\n]{{0,40}}?(?:学習|訓練|{TUNED})",
    rf"在\s?{NAME}(?:数据集|數據集|资料集|資料集|语料库?)[^。\n]{{0,20}}?(?:训练|訓練|{TUNED})",
    rf"{NAME}(?:데이터\s?(?:셋|세트)|말뭉치)(?:으로|로|을|를)[^.\n]{{0,40}}?(?:학습|훈련|{TUNED})",
)
ID_LIKE = deferred(r"\w[-_/]\w")
SET_LIKE = deferred(r"[A-Z]{2}[A-Z]|[A-Za-z]\d|\w_\w|[a-z][A-Z]|[A-Z]{2}[a-z]|\w-\w|/")
IS = r"\s?(?:设置[为為]|[为為是は가이은는が를を=:：]){0,2}\s?[*_`]{0,2}"
RATE = r"(?P<n>\d(?:\.\d{1,8})?(?:e-?\d{1,3})?)"
COUNT = r"(?P<n>\d{1,7})"
SETTINGS = (
    ("learning_rate", rf"(?:学习率|學習率|学習率|학습률|(?<![A-Za-z_])lr){IS}{RATE}"),
    ("train_batch_size", rf"(?:批(?:次|量|处理)?大小|バッチサイズ|배치\s?(?:크기|사이즈)){IS}{COUNT}"),
    ("num_epochs", rf"(?:エポック数|训练轮数|训练轮次|에포크\s?수){IS}{COUNT}"),
    ("num_epochs", r"(?:训练了?|訓練了?|共)\s?(?P<n>\d{1,4})\s?(?:个|個)?\s?(?:[Ee]pochs?|轮|輪)"),
    ("num_epochs", r"(?<![\d.,~-])(?P<n>\d{1,4})\s?エポック(?:の|間|だけ)?\s?(?:学習|訓練|トレーニング|ファイン)"),
    ("num_epochs", r"(?<![\d.,~-])(?P<n>\d{1,4})\s?(?:에포크|에폭)(?:동안|간|만큼)?\s?(?:학습|훈련|파인)"),
)
ENDS = deferred(r"(?![\d.]*\d|[A-Za-z%％]|\s?[x×*/~～、,]\s?\d|\s?(?:-|到|から|至)\s?\d)")
OTHERS = deferred(r"推論|推理|추론|搜索|探索|最终轮|每\s?\d|毎|ごと|後半|前半|最初|残り|追加で|再开")
NUMBER = r"[*_`]{0,2}(?P<n>\d{1,4}\.\d+[ ]?[%％]?|\d{1,3}[ ]?[%％])(?![A-Za-z\d/]|\.\d|\s?[-~～]\s?\d)"
DIFFERENCE = deferred(r"(?:提[高升]|增加|下降|降低|改善|上回|向上|향상|개선|超过|高出)[了約约]?\s?\Z")
OF_TRAINING = deferred(r"(?:训练集?|訓練集?|学習|학습|훈련)(?:上|的|の|時の)?\s?\Z")
SPLITS = (("test", deferred(r"测试|測試|テスト|테스트")), ("validation", deferred(r"验证|驗證|検証|검증")))
AVERAGED = (("マイクロ", "micro_"), ("マクロ", "macro_"), ("微平均", "micro_"), ("宏平均", "macro_"), ("매크로", "macro_"))
SENTENCE = deferred(r"[。！？!?；;\n]|(?<=다)\.")
LOOKED_AT = 8_000
LONGEST = 400


def told_base(text: str, start: int) -> Printed | None:
    """The model that a sentence says was tuned, or built on: only a name that is spelled as an id is."""
    if not any(map(text.__contains__, SIGNS_OF_BASE)):
        return None
    for pattern in BASES:
        for found in _compiled(pattern).finditer(text, start, start + LOOKED_AT):
            name = found["name"].rstrip(".-")
            if ID_LIKE.search(name) and ("/" in name or is_model(name)) and not name.lower().endswith(("dataset", "corpus")):
                begin = found.start("name")
                return Printed(name, None, ZERO, Span(begin, begin + len(name)))
    return None


def told_datasets(text: str, start: int) -> Iterator[DatasetMention]:
    """The data sets that sentences say the model was trained on."""
    for pattern in SETS:
        for found in _compiled(pattern).finditer(text, start, start + LOOKED_AT):
            name = found["name"].rstrip(".-")
            if is_name(name) and SET_LIKE.search(name):
                begin = found.start("name")
                yield DatasetMention(name, None, None, name, Span(begin, begin + len(name)))


def told_settings(text: str, start: int) -> Iterator[Pair]:
    """The settings that sentences give, as pairs of a key and its number."""
    for begin, sentence in _sentences(text):
        if OTHERS.search(sentence):
            continue
        for key, pattern in SETTINGS:
            for found in _compiled(pattern).finditer(sentence):
                if ENDS.match(sentence, found.end("n")):
                    yield Pair(key, found["n"], start + begin + found.start("n"), start + begin + found.start())


def told_metrics(text: str, start: int) -> Iterator[Result]:
    """The metrics that sentences give: "准确率达到0.95", "正解率は0.91", "0.61的准确率"; no differences, none of the training."""
    for begin, sentence in _sentences(text):
        for found in _claim().finditer(sentence):
            before = sentence[: found.start()]
            if DIFFERENCE.search(before) or OF_TRAINING.search(before):
                continue
            group = "n" if found["n"] else "m"
            stands, at = found[group].rstrip(), start + begin + found.start(group)
            label = found["metric"] or found["behind"]
            number = printed(stands.replace("％", "%"), Span(at, at + len(stands)), label)
            average = next((name for sign, name in AVERAGED if sign in (found["way"] or "")), "")
            yield Result(average + metric_key(label), number, split=_split(before))


def _split(before: str) -> str | None:
    """The split that the words before a number name last."""
    named = [(found.end(), split) for split, pattern in SPLITS for found in pattern.finditer(before)]
    return max(named)[1] if named else None


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for end in [*(found.end() for found in SENTENCE.finditer(text)), len(text)]:
        if 0 < end - begin <= LONGEST:
            yield begin, text[begin:end]
        begin = end


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _claim() -> re.Pattern[str]:
    """A metric's name with its number behind it, or, where a particle joins them, before it."""
    names = [each for each in load("metric_names")["whole"] if any("\u3040" <= letter <= "\ud7af" for letter in each)]
    latin = r"(?<![A-Za-z_-])(?:[Aa]ccuracy|F1(?:[- ]?[Ss]core)?|WER|CER|BLEU|[Ll]oss|[Pp]recision|[Rr]ecall)"
    spelled = sorted((each.replace("_", "[ _]?") for each in names), key=len, reverse=True)
    metric = "(?:(?i:" + "|".join(spelled) + f")|{latin})"
    changed = r"(?:\s?[从從由]\s?\d[\d.]*\s?[%％]?\s?(?:提[高升]|下降|降低|降|升|上升|改善)[至到]\s?)"
    verb = r"(?:\s?スコア)?\s?(?:[为為是は가이은는が]|[达達]到?了?|约为?|高达|＝){1,2}\s?(?:约|約|약)?\s?"
    number = NUMBER.replace("<n>", "<m>")
    return re.compile(
        rf"(?P<metric>{metric})(?:[（(](?P<way>[^（）()\n]{{1,12}})[)）])?(?:{verb}|{changed}){NUMBER}|{number}\s?[的の의]\s?(?P<behind>{metric})"
    )
