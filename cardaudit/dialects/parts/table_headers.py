"""What the header of a column may be called that names things rather than measures them: models, data sets, splits, shots."""

import re

from cardaudit.patterns import deferred

MODEL = deferred(
    r"(?:\w+ ?/ ?)?(?:models?|checkpoints?|systems?|methods?|architectures?|models?[ _-]?(?:names?|ids?|variants?)|algorithms?"
    r"|polic(?:y|ies)|quants?(?: types?)?|quanti[sz]ations?(?: (?:type|method|level|scheme|format))?"
    r"|baselines?|encoders?|backbones?|[\w-]+ models?|modell?o?s?|模型(?:名称?)?(?: model)?|モデル名?|모델(?:명| 이름)?)",
    re.I,
)
DATASET = deferred(
    r"(?:eval(?:uation)? |test )?(?:data ?-?sets?|tasks?|bench(?:marks?)?|corpus|corpora|groups|test ?-?sets?|test ?data"
    r"|env(?:ironment)?s?"
    r"|tasks?/data ?sets?)(?: name)?(?: ?[(\[](?:metrics?|shots?)[)\]])?|data_?name|test"
    r"|数据集(?:名称)?|任务|データセット名?|タスク名?|데이터 ?(?:셋|세트)|태스크",
    re.I,
)
SPLIT = deferred(r"splits?|subsets?|partitions?|(?:data )?sets?", re.I)
METRIC = deferred(
    r"metrics?(?: name)?|keys?|measures?|eval(?:uation)? metrics?|metric \(.{1,20}\)"
    r"|(?:评[价估]|評価)?指[标標]|メトリック|메트릭|(?:평가 ?)?지표",
    re.I,
)
VALUE = deferred(
    r"values?|scores?(?: ?\(%\))?|results?|%|performance|(?:evaluation|metric) (?:results?|values?|scores?)"
    r"|# ?(?:values?|scores?)"
    r"|values? \([^()]{0,20}\bCI\)|valor(?:es?)?|valeurs?|wert|数值|[値值값]|スコア|得分|分数|[结結]果|점수|결과",
    re.I,
)
STDERR = deferred(r"std[. _-]*(?:err(?:or)?|dev(?:iation)?)?|standard (?:error|deviation)|±|\+/-", re.I)
INTERVAL = deferred(r"(?:\d\d ?% ?)?(?:CI|confidence intervals?)(?: ?[(\[]?\d\d ?%[)\]]?)?(?: ?\(.{1,20}\))?", re.I)
VERSION = deferred(r"versions?|v", re.I)
SHOTS = deferred(r"#? ?(?:n|num|k|few)?[ _-]?shots?|number of shots|num[ _-]few[ _-]?shots?", re.I)
LABEL = deferred(
    r"labels?|class(?:es)?|entit(?:y|ies)(?: types?)?|categor(?:y|ies)|types?|tags?|intents?|emotions?|topics?", re.I
)
LINK_HEADER = deferred(
    r"links?|urls?|downloads?|demos?|papers?|licen[sc]es?|comments?|notes?|remarks?|descriptions?|code|references?|🤗.*", re.I
)
SPREAD = deferred(r"\b(?:variance|std|stdev|standard deviation|count)\b", re.I)
