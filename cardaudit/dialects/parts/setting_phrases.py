"""The phrases in which sentences print a training's settings, each with the key that its number is of.

A number stands in group `n`. Each phrase has a sign, which any of its spellings holds: the sentences without it are not searched.
"""

from cardaudit.dialects.parts.hyperparameters import COUNTS

IS = r"(?:\s(?:was|is|were|are|limited|of|to|at|as|set|kept|equal|used|being|that|=|:)){0,4}\s?[:=]?\s?[*_`\"']{0,2}"
NUMBER = r"(?P<n>\d(?:[\d.,]{0,12}\d)?(?:e-?\d{1,3})?)"
ROUND = r"(?P<n>\d(?:[\d.,]{0,12}\d)?(?:\s?(?:k|m|million|thousand)\b)?)"
BEFORE = rf"(?<![\w.,/x×^-]){NUMBER}[*_`]{{0,2}}\s"
COUNT = rf"(?:a\stotal\sof\s|only\s)?[*_`]{{0,2}}{NUMBER}[*_`]{{0,2}}\s"
MORE = r"(?:a\stotal\sof\s|only\s|an\s(?:additional|extra)\s|another\s)?"
OF_TRAINING = r"(?:(?:extra|additional|more)\s)?(?:(?:train|updat|optimi[sz]|gradi)\w{0,6}\s)?"
STEPS = rf"{MORE}[*_`]{{0,2}}{ROUND}[*_`]{{0,2}}\s{OF_TRAINING}steps\b"
LISTED = r"(?:[,;:]\s|(?:epochs?|steps)\s\()(?:and\s)?"
TRAINED = r"\b(?:re-?|fine-?)?(?:train|tun)(?:ed|ing)\b"
RATE = r"(?:learning[\s-]rate|LR)"
BEGINS = r"\A(?:hyper-?parameters?:)?\s*"
WITH = r"(?:at|with|using|and)\s(?:an?\s|the\s)?"
EXAMPLES = r"(?:sequences|samples|examples|sentences|instances|pairs)"
LENGTH = r"(?<!tokeni[sz]ed\s)(?<!initial\s)\b(?:max(?:imum|imal|\.)?[\s-])?sequence[\s-]length"
PRECISION = r"(?:mixed_)?b?float\d\d|[bf]p\d\d"
EVERY = rf"\b[^.\d\n]{{0,30}}?\bevery\s{NUMBER}\s(?:training\s)?steps?\b"
WHOSE = r"(?:(?P<whose>total|effective|global|overall|eval(?:uation)?|validation|test)\s)?(?:train(?:ing)?\s)?"
NAMED = (  # a key, what any of its spellings holds, and these
    (
        "learning_rate",
        "lr",
        rf"(?<!min\s)(?<!minimum\s)(?<!final\s)(?<!end\s)\b(?:learning[\s-]rates?|LR)(?:\s\(LR\))?{IS}{NUMBER}",
    ),
    ("learning_rate", "rate", rf"{BEFORE}learning[\s-]rate\b"),
    ("learning_rate", "rate", rf"\bbest\slearning[\s-]rate\s\({NUMBER}(?=\))"),
    ("train_batch_size", "batch", rf"\b{WHOSE}batch[\s-]?size{IS}{NUMBER}"),
    ("train_batch_size", "batch", rf"{BEFORE}{WHOSE}batch[\s-]?size\b"),
    ("train_batch_size", "batch", rf"\bbatches\sof\s[*_`]{{0,2}}{NUMBER}(?=[*_`]{{0,2}}\s{EXAMPLES}\b)"),
    ("train_batch_size", "batch", rf"{BEFORE}(?:training\s)?{EXAMPLES}\s(?:per|in\seach)\s(?:mini-?)?batch\b"),
    ("train_batch_size", "batch", rf"\bper[\s-](?:device|GPU)\s(?:train(?:ing)?\s)?batch\s(?:of\s)?{NUMBER}"),
    ("num_epochs", "epoch", rf"(?<!time\s)\b(?:for|over|on|during|in|with)\s{COUNT}(?:training\s|full\s|complete\s)?epochs?\b"),
    ("num_epochs", "epoch", rf"\btrain(?:ed)?\s{COUNT}epochs\b"),
    ("num_epochs", "epoch", rf"{TRAINED}\s(?:to|total|at)\s{COUNT}epochs\b"),
    (
        "num_epochs",
        "epoch",
        rf"{BEGINS}{COUNT}(?:training\s)?epochs?(?=\s?\(|,|\sof\straining\b|\s(?:at|with)\b)",
    ),
    ("num_epochs", "epoch", rf"(?<=steps)\s\(or\s{COUNT}(?:training\s)?epochs?(?=\))(?!.*\ssteps\b)"),
    ("num_epochs", "epoch", rf"\b(?:for|over)\s(?P<n>{'|'.join(COUNTS)})\s(?:training\s|full\s|complete\s)?epochs?\b"),
    ("num_epochs", "epoch", rf"{LISTED}{COUNT}(?:training\s)?epochs(?=\s?(?:[,.;)]|$|and\b|with\b|of\straining\b))"),
    ("num_epochs", "epoch", rf"(?:[,;]\s|\()epochs{IS}{NUMBER}"),
    ("num_epochs", "epoch", rf"\b(?:train+ing\s|number\sof\s(?:training\s)?)epochs?{IS}{NUMBER}"),
    ("training_steps", "steps", rf"(?<!up\s)\b(?:for|during)\s{STEPS}"),
    ("training_steps", "steps", rf"{LISTED}{STEPS}(?=\s?(?:[,.;)]|$|and\b|with\b))"),
    ("training_steps", "steps", rf"\b(?:in\stotal|total\sof|(?:tokens|samples|images)\sover)\s{STEPS}"),
    ("training_steps", "steps", rf"\b(?:with|through)\s{STEPS}(?!\s(?:of|warm|ddim|sampl|per|long|and))"),
    ("training_steps", "steps", rf"(?<!checkpoint\s){TRAINED}\s(?:to|at|total|on)\s{STEPS}"),
    ("training_steps", "steps", rf"\btraining\s[^\n;]{{0,80}}\swith\s{STEPS}(?!\s(?:of|warm|ddim|sampl|per|long))"),
    ("training_steps", "steps", rf"{TRAINED}\b[^.;\d]{{0,160}}\sin\s{STEPS}(?=\s?(?:[.,;)]|$))"),
    ("training_steps", "steps", rf"\b(?:makes?|making|gives?|giving|equals|totall?ing)\s{STEPS}"),
    ("training_steps", "steps", rf"\b(?:images|pictures|photos),?\s(?:and|at|in|for|with)\s{STEPS}"),
    ("training_steps", "steps", rf"\b{RATE}\s(?:of\s)?[*_`]{{0,2}}\d\S{{1,9}}\sand\s{STEPS}"),
    (
        "training_steps",
        "steps",
        rf"(?<![\w.,/x×^-]){STEPS}(?=\s{WITH}[*_`]{{0,2}}(?:\d\S{{1,9}}\s)?{RATE})",
    ),
    ("training_steps", " updates", rf"(?<!up\s)\bfor\s{MORE}{ROUND}\s(?:weight\s|gradient\s)?updates\b"),
    ("training_steps", "iterations", rf"(?<!up\s)\bfor\s(?:a\stotal\sof\s)?{ROUND}\s(?:training\s)?iterations\b"),
    (
        "lr_scheduler_warmup_steps",
        "warm",
        rf"\bwarm-?\s?up\s(?:phase\s|period\s)?(?:of|for|over)\s(?:the\sfirst\s)?{ROUND}\ssteps\b",
    ),
    ("lr_scheduler_warmup_steps", "warm", rf"{BEFORE}warm-?\s?up\ssteps\b"),
    ("lr_scheduler_warmup_steps", "warm", r"\bwarm-?\s?up\sof\s(?P<n>\d{2,3}(?:,?\d{3})?)(?=[;)]|[.,](?:\s|$)|$|\sand\b)"),
    (
        "lr_scheduler_type",
        "decay",
        r"\b(?P<n>linear|cosine|polynomial|inverse\ssquare\sroot)\s"
        r"(?:(?:learning[\s-]rate|LR)\sdecay|decay\s(?:\(\w+\sdecay\)\s)?of\sthe\slearning)\b",
    ),
    ("lr_scheduler_warmup_steps", "warm", rf"\bwarm-?\s?up\ssteps{IS}{ROUND}"),
    ("lr_scheduler_warmup_steps", "ramp", rf"\bramp-?\s?up\s(?:period|phase)\sof\s{ROUND}\s(?:steps|iterations|updates)\b"),
    (
        "lr_scheduler_warmup_steps",
        "increase",
        rf"\bincreases?\slinearly\s(?:from\s(?:zero|0)\s)?(?:over|during|for)\sthe\sfirst\s{ROUND}\s(?:steps|updates)\b",
    ),
    ("gradient_accumulation_steps", "accum", rf"\bgradient[\s-]accumulations?(?:\ssteps?)?{IS}{NUMBER}(?!\.)"),
    ("gradient_accumulation_steps", "accum", rf"{BEFORE}(?:steps?\sof\s)?gradient[\s-]accumulation(?:\ssteps?)?\b"),
    ("gradient_accumulation_steps", "acc", rf"{BEFORE}(?:iterations?\s(?:of\s)?)?grad(?:ient|\.)?[\s-]acc(?:umulation|\.)?\b"),
    ("gradient_accumulation_steps", "accum", rf"{BEFORE}accumulation\ssteps\b"),
    (
        "gradient_accumulation_steps",
        "accum",
        rf"\baccumulate[sd]?\sgradients\s(?:over|for)\s{NUMBER}\s(?:steps|iterations)\b",
    ),
    ("max_seq_length", "length", rf"{LENGTH}{IS}(?:limited\sto\s)?{NUMBER}"),
    ("max_seq_length", "length", rf"{BEFORE}(?:tokens?\s)?(?:max(?:imum)?\s)?sequence[\s-]length"),
    ("max_seq_length", "length", rf"\bsequences\sof\s(?:max(?:imum|imal)?\s)?length\s{NUMBER}"),
    ("max_seq_length", "tokens", rf"{BEFORE}tokens\sper\s(?:instance|sequence|example)\b"),
    (
        "max_seq_length",
        "max",
        rf"{TRAINED}\b[^.\n]{{0,80}}\s{WITH}max_?\s?len(?:gth)?\sof\s{NUMBER}",
    ),
    (
        "lr_scheduler_type",
        "schedule",
        r"\b(?P<n>linear|cosine|polynomial|constant|inverse\ssquare\sroot)\s(?:(?:decay|annealing)\s)?"
        r"(?:learning\s(?:rate\s)?|learning-rate\s|LR\s)?schedule[rd]?\b",
    ),
    ("eval_steps", "eval", rf"\beval(?:uat\w+)?{EVERY}"),
    ("save_steps", "save", rf"\bsaved?{EVERY}"),
    ("training_precision", "precision", rf"\btraining\sprecision(?:\sused)?\s(?:is|was|of)\s[*_`]{{0,2}}(?P<n>{PRECISION})"),
    ("lr_scheduler_warmup_ratio", "warm", rf"\bwarm-?\s?up\s(?:ratio|proportion){IS}{NUMBER}"),
    ("weight_decay", "decay", rf"\bweight\sdecay(?:\srate)?{IS}{NUMBER}"),
    ("dropout", "dropout", rf"(?:\b(?:an?|the|and|with|small)\s|,\s)dropout(?:\s(?:rate|ratio|probability))?{IS}{NUMBER}"),
    ("seed", "seed", rf"\b(?:random|training)\sseed{IS}{NUMBER}"),
    ("seed", "seed", rf"\b(?:with|using)\s(?:a\sfixed\s|the\s)?seed\s(?:of\s)?{NUMBER}(?!\.\w)"),
    ("seed", "seed", rf"\bseed\s?=\s?{NUMBER}(?!\.\w)"),
)
BOTH = (
    r"\btrain(?:ing)?\s(?:and|&)\seval(?:uation)?\sbatch[ -]?sizes?"
    rf"(?:\s(?:are|is|were|was|of|both|set|to|at)){{1,4}}\s[*_`]{{0,2}}{NUMBER}"
)
OPTIMIZERS = r"Adam(?:W|ax)?|AdaFactor|SGD|RMSProp|Adagrad|LAMB|Lion|RAdam"
OPTIMIZER = (
    rf"\b(?:the\s|an?\s|using\s)[*_`]{{0,2}}({OPTIMIZERS})[*_`]{{0,2}}\soptimi[sz]er\b"
    rf"|\boptimi[sz]er\s(?:used\s)?(?:is|was)\s(?:an?\s|the\s)?[*_`]{{0,2}}({OPTIMIZERS})\b"
    rf"|(?:\b(?:with|using|used|and)\s|,\s|\A\s*)[*_`]{{0,2}}({OPTIMIZERS})[*_`]{{0,2}}"
    r"(?=\s?\((?:lr|learning|peak|β|beta|weight)|\s(?:with|at)\s(?:an?\s)?(?:peak\s)?(?:learning|lr\b|weight))"
    r"|\b((?:paged_)?(?:adamw?|lion)_[a-z0-9_]{2,20})\b"
)
