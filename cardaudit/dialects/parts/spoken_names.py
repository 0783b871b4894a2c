"""How sentences spell the model that another was made from: "XLM-RoBERTa large", "SD v1.5", "acme/x-base", a link to the Hub.

A family alone ("BERT", "GPT-2") is no model; a member of one under its own name ("FinBERT") is.
"""

import re

from cardaudit.patterns import deferred

SIZE = r"(?:tiny|mini|small|medium|base|large|xl|xxl|xlarge|xxlarge|\d+(?:\.\d+)?[bm])"
TOKEN = rf"(?:{SIZE}|(?:un)?cased|multilingual|distilled|v\d(?:\.\d)?)"
STEM = (
    r"(?:(?i:(?:multilingual |distil)?(?:[a-z]{0,8}-?bert[a-z]{0,5}|[a-z]{0,3}-?roberta|(?:m|by|code|flan-)?t5"
    r"|(?:distil|rug|dialo)?gpt(?:-?[23j]|[ -]?neox?)?|m?bart|xlnet|bigbird|pegasus"
    r"|wav2vec ?2?(?:\.0)?|xls-?r|xlm-?r|[a-z]{0,6}-?electra"
    r"|[a-z]{0,3}deberta|longformer|mpnet|layoutlm(?:v\d)?))|CodeGen-(?:NL|Multi|Mono)|[Pp]ythia|OPT|BLOOM|BEiT|ViT|LED|Swin)"
)
SPACED = rf"(?<![\w/-]){STEM}(?:(?:[ _\u2011-](?i:{TOKEN})){{1,4}}|-[LSM]\b)(?![\w-]|[./]\w)"
DIFFUSION = (
    r"(?<![\w/-])(?:[Ss]table[ -][Dd]iffusion|[Ww]aifu[ -][Dd]iffusion|[Dd]reamlike[ -][Dd]iffusion|SD|Anything)"
    r"[ -]?(?i:version )?[vV]?\d(?:[.-]\d)?(?:\.\d)?"
    r"(?![\w-]|\.\w)"
)
OF_ITS_OWN_NAME = (
    r"(?<![\w/-])(?:(?!(?:Ro|XLM-Ro|XLM-R|Distil|Al|AL|De|m|M|Mobile|Camem|Hu|HU)(?:BERT|bert))"
    r"[A-Z][A-Za-z]{1,12}-?BERT(?:imbau|weet|je|[ -]?v?\d(?:\.\d)?)?|Indo-?[Rr]o[Bb][Ee][Rr][Tt]a|BETO|MuRIL|[Mm]ultilingual BERT"
    r"|BERTje|BERTimbau|BERTurk|BERTweet|[A-Z][a-z]+(?:ish|ese|an|ic|ch) BERT(?=\]\()"
    r"|BerTweet|UmBERTo|CamemBERT"
    r"|FlauBERT|mBERT|BARThez|huBERT|HerBERT)(?![\w-])"
)
REPOSITORY = r"(?<![\w/.-])[A-Za-z][\w.-]*/(?=[\w.-]*[a-zA-Z]{2})[\w.-]*\w(?![\w/])"
HYPHENED = (
    rf"(?<![\w/.-])(?!Transformer-)[A-Za-z][\w.]*[-_](?:[\w.]+[-_]){{0,5}}?(?i:{SIZE}|(?:un)?cased|scivocab)(?:[-_][\w.]*\w)*(?![\w/])"
    r"|(?:distil)?gpt2(?![\w/-])|t5\.1\.1\.\w+\.\w+"
)
LINKED = (
    r"\[[^\]\[\n]{1,100}\]\(https://(?:huggingface|hf)\.co/"
    r"(?!datasets/|spaces/|blog/|docs/|transformers/|models?\b|papers/)(?P<id>[\w.-]+(?:/[\w.-]+)?)/?\)"
)
TARGET = (
    rf"(?:[*_`\"“]{{0,3}}{LINKED}"
    rf"|\[?[*_`\"“']{{0,3}}(?P<name>{REPOSITORY}|{SPACED}|{HYPHENED}|{DIFFUSION}|{STEM}(?= checkpoint)"
    rf"|(?P<own>{OF_ITS_OWN_NAME})))"
    r"(?>[*_`\"”’']{0,3}(?:\]\((?P<address>[^()\s]{1,200})\))?[*_`\"”’']{0,3})"
)
OWNER = r"(?:[A-Z][\w-]+|facebook|google|vinai)['’]s "
NAMED = deferred(TARGET)
BEFORE_NAME = deferred(
    rf"(?:{OWNER}|(?:the|a|an|our|their|its|this|original|pre-?trained|publicly|available|public|base|vanilla|standard|existing"
    r"|uncased|cased|multilingual|monolingual|language|models?|transformer|[A-Z][a-z]+(?:an|ish|ese|ic|ch|i)|Hugging ?[Ff]ace"
    r"|Google|Facebook|OpenAI|Sber|CompVis|RunwayML|StabilityAI|distilled|medium|fine-?tuned|feature|extractor|large|small|weights|of|checkpoint|from|generic|popular|well-known"
    rf"|state-of-the-art|version|variant) |{STEM}(?: model| transformer)? "
    r"(?:`?\((?=\[?[*`]{0,3}[a-z][\w.]*-)|\([^()\n]{1,40}\), (?=\[))) {0,1}"
)
NO_MODEL = deferred(  # behind a name that tells how a model is built, or is no model's
    r"\w|/|['’]s|[ -](?:like|style|based|type)| ?\(?"
    r"(?i:(?:pre-?trained )?(?:language )?(?:model )?)(?i:architecture|config|tokeni[sz]er"
    r"|vocab|structure|settings?|paper|data ?set|corpus|corpora|script|embedding|format|code|framework|library|hyper|objective"
    r"|recipe|guideline|classifier|method|training|pre-?training|approach|implementation|repo)"
)
MODEL_LIKE = deferred(
    r"(?i:bert|t5|gpt|bart|xlnet|wav2vec|xls|xlm|electra|llama|mistral|opt-|bloom|pythia|whisper|diffusion|blender|vit-|swin"
    rf"|beit|minilm|mpnet|pegasus|-{SIZE}(?![a-z]))"
)
NO_REPOSITORY = deferred(
    r"(?i:model|checkpoints?|data|output)/|.*\.(?:bin|pt|pth|ckpt|py|json|h5|onnx|safetensors)\Z|.*[Dd]iffusers?\Z"
)
LOADED = deferred(r"from_pretrained\(\s{0,8}[\"']([\w.-]+)/[\w.-]+[\"']")
OTHER_PAGES = ("dataset", "kaggle", "tensorflow.org", "github.com")
MOST_WORDS = 7


def named_after(text: str, at: int) -> re.Match[str] | None:
    """The model named at an offset, behind a few words such as "the original", with what marks or links it."""
    for _ in range(MOST_WORDS):
        if found := NAMED.match(text, at):
            return found if NO_MODEL.match(text, found.end()) is None and is_told(found) else None
        if not (word := BEFORE_NAME.match(text, at)):
            return None
        at = word.end()
    return None


def is_told(found: re.Match[str]) -> bool:
    """Whether what is spelled as a model names one: no file, no repository of code or data, no other model's card."""
    if found["id"]:
        return " card" not in found[0].lower()
    if "/" not in found["name"]:
        return True
    elsewhere = found["address"] is not None and any(page in found["address"] for page in OTHER_PAGES)
    return not elsewhere and MODEL_LIKE.search(found["name"]) is not None and NO_REPOSITORY.match(found["name"]) is None


def is_loaded(text: str, name: str) -> bool:
    """Whether the card's code loads a model of that name, as it does its own, or a heading ends with it."""
    owner, _, bare = name.rpartition("/")
    if owner and any(each[1] != owner for each in LOADED.finditer(text)):  # the card's own is another's
        return False
    last = re.escape(bare)
    if re.search(
        rf"(?:[Mm]odel\w*|MODEL\w*|tokenizer|pretrained\(|_path)[ =]{{0,4}}\(?\s{{0,8}}[\"'](?:[\w.-]+/)?{last}[\"']", text
    ):
        return True
    return re.search(rf"^#{{1,6}} [^\n]{{0,30}}(?<![\w-]){last}[`*]{{0,2}}$", text, re.M) is not None
