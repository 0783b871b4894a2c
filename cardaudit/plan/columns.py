"""Which columns hold the texts and the labels, by the names that data sets give them."""

from collections.abc import Mapping, Sequence
from typing import Any

from cardaudit.facts import entity_counts
from cardaudit.plan.identified import other_tags
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.recipes import title_of

TOKENS = ("tokens", "words", "token", "sentence_words", "text_tokens")
TAGS = ("ner_tags", "tags", "labels", "ner", "label", "ner_labels", "pos_tags", "upos", "pos", "chunk_tags")
PAIRS = (
    ("sentence1", "sentence2"),
    ("premise", "hypothesis"),
    ("question1", "question2"),
    ("question", "sentence"),
    ("question", "passage"),
    ("text1", "text2"),
)
TEXTS = ("text", "sentence", "content", "review", "tweet", "utterance", "comment", "query", "document", "title", "headline")
LABELS = ("label", "labels", "sentiment", "intent", "category", "class", "label-coarse", "coarse_label", "target", "score")
TAGS_OF_CONLL_2003 = ("pos_tags", "chunk_tags", "ner_tags")
COLUMNS_OF_CONLL_2003 = {"pos": "1", "chunk": "2"}


def choose_columns(ledger: Ledger, task: str, columns: Mapping[str, Any], kind: str, name: str) -> tuple[tuple[str, ...], str]:
    """The text columns and the label column: given, else by name; `columns` (name -> a value) is empty where it is not known.

    What cannot be told is noted as missing, with the columns that there are.
    """
    if kind == "conll":
        return _conll(ledger, columns, name)
    texts = _texts(ledger, task, columns, name)
    return texts, _label(ledger, task, columns, name, texts)


def _texts(ledger: Ledger, task: str, columns: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given: tuple[str, ...] | None = ledger.given("text_columns")
    if given is not None:
        if all(_has(ledger, "text_columns", column, columns, name) for column in given) and len(given) > 2:
            ledger.lack(
                "text_columns", f"{len(given)} text columns were given, and a model reads one or two", "--set text_columns=A,B"
            )
        return given
    singles = TOKENS if task == "token_classification" else TEXTS
    if not columns:
        return (ledger.assume("text_columns", singles[0], "the data was not looked into; the usual name", *singles[1:3]),)
    pair = next((pair for pair in PAIRS if set(pair) <= columns.keys()), None)
    if task == "text_classification" and pair is not None:
        return ledger.found("text_columns", pair, "the data's columns")
    found = next((column for column in singles if column in columns), None)
    if found is None:
        because = f"{name} has the columns {', '.join(columns)}, none of which is known to hold the {singles[0]}"
        ledger.lack("text_columns", because, "--set text_columns=NAME")
        return ()
    return (ledger.found("text_columns", found, "the data's columns"),)


def _label(ledger: Ledger, task: str, columns: Mapping[str, Any], name: str, texts: Sequence[str]) -> str:
    given: str | None = ledger.given("label_column")
    if given is not None:
        _has(ledger, "label_column", given, columns, name)
        return given
    names = TAGS if task == "token_classification" else LABELS
    if task == "token_classification":
        counted = TAGS_OF_CONLL_2003 if entity_counts(name) else ()
        known = [column for column in columns or counted if column in TAGS_OF_CONLL_2003]
        if (other := _other_tags(ledger, {column.split("_")[0]: column for column in known})) is not None:
            return other
    if not columns:
        return ledger.assume("label_column", names[0], "the data was not looked into; the usual name", *names[1:3])
    present = [column for column in names if column in columns and column not in texts]
    if task == "token_classification":
        present = [column for column in present if isinstance(columns[column], list) or columns[column] is None]
    if not present:
        because = f"{name} has the columns {', '.join(columns)}, none of which is known to hold the labels"
        ledger.lack("label_column", because, "--set label_column=NAME")
        return ""
    titled = [column for column in present if column.split("_")[0] in _title_words(ledger)]
    if titled and titled[0] != present[0]:
        return ledger.assume("label_column", titled[0], f"the model is called {title_of(ledger.card)}", *present)
    if len(present) == 1:
        return ledger.found("label_column", present[0], "the data's columns")
    return ledger.assume("label_column", present[0], "the first of the columns that can hold the labels", *present[1:])


def _other_tags(ledger: Ledger, columns: Mapping[str, str]) -> str | None:
    """The column of another task where the card's numbers refute the entities; "" where several are left, which is then missing.

    `columns`: "ner", "pos" and "chunk" -> column. None where nothing is refuted, or no other column is known to fit.
    """
    if ledger.given("dataset") is not None and not ledger.given("same_dataset"):
        return None
    tasks, because = other_tags(ledger.card) or ((), "")
    fitting = [columns[task.lower()] for task in tasks if task.lower() in columns]
    reason = f"the card does not say which column was learned: {because}"
    rest = [column for column in columns.values() if column not in fitting]
    if len(fitting) == 1:
        return ledger.assume("label_column", fitting[0], reason, *rest)
    if fitting:
        ledger.lack("label_column", reason, " or ".join(f"--set label_column={column}" for column in (*fitting, *rest)))
    return "" if fitting else None


def _conll(ledger: Ledger, columns: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], str]:
    texts: tuple[str, ...] = ledger.given("text_columns") or ledger.found(
        "text_columns", ("0",), "the first column of a CoNLL file"
    )
    given: str | None = ledger.given("label_column")
    if given is not None:
        width = len(columns)
        if not given.removeprefix("-").isdecimal() or (columns and not -width <= int(given) < width):
            ledger.lack(
                "label_column",
                f"{name} has {width} columns, and {given!r} is none",
                f"--set label_column=N, from 0 to {width - 1}, or -1",
            )
        return texts, given
    if len(columns) <= 2:
        return texts, ledger.found("label_column", "-1", "the last column of a CoNLL file")
    if len(columns) == 4 and (other := _other_tags(ledger, {**COLUMNS_OF_CONLL_2003, "ner": "3"})) is not None:
        return texts, other
    others = [str(i) for i in range(1, len(columns) - 1)]
    word = next((word for word in COLUMNS_OF_CONLL_2003 if word in _title_words(ledger)), None)
    if word is not None and len(columns) == 4:
        reason = f"the model is called {title_of(ledger.card)}, and of CoNLL 2003's columns this is the {word} one"
        return texts, ledger.assume("label_column", COLUMNS_OF_CONLL_2003[word], reason, "-1", *others)
    return texts, ledger.assume(
        "label_column", "-1", f"the last of {len(columns)} columns, where the CoNLL sets have the entities", *others
    )


def _title_words(ledger: Ledger) -> list[str]:
    return title_of(ledger.card).replace("_", "-").split("-")


def _has(ledger: Ledger, field: str, column: str, columns: Mapping[str, Any], name: str) -> bool:
    if not columns or column in columns:
        return True
    ledger.lack(field, f"{name} has the columns {', '.join(columns)}, and not {column!r}", f"--set {field}=NAME")
    return False
