"""Make the demo: invoices, a small base model, and two cards that the stock Trainer wrote about real runs.

usage: make_demo.py [data] [base] [card] [cured] [--out CARDS]     (no step named: all four, in this order)

data    invoice-demo/data/int and iob2: the same lines; a sender's words are labelled 1 among 0, or B-SENDER, I-SENDER among O
base    invoice-demo/base: a BERT of two layers with a WordPiece vocabulary, pretrained on unlabelled lines of the same kind
card    invoice-demo/card.md: the base fine-tuned on data/int; seqeval sees no entity in "0" and "1": P, R and F1 are 0
cured   invoice-demo-cured/card.md: the same run on data/iob2
Both card steps write into truth.json what no card prints: full floats, versions, seconds.
Everything is drawn from SEED: data and vocabulary come out byte for byte the same, weights up to the machine's arithmetic.
Names of firms and people are put together at random from vocabulary.toml; no sender of one split is in another.
"""

import argparse
import json
import os
import random
import tempfile
import time
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

SEED = 2718
INVOICES = {"train": 240, "validation": 80, "unlabelled": 1500}
LABELS = {"int": ("0", "1", "1"), "iob2": ("O", "B-SENDER", "I-SENDER")}
RECIPE = {
    "learning_rate": 5e-4,
    "per_device_train_batch_size": 16,
    "per_device_eval_batch_size": 16,
    "num_train_epochs": 4,
    "seed": 42,
}
CARDS = {
    "card": ("invoice-demo", "invoice-sender-demo", "int"),
    "cured": ("invoice-demo-cured", "invoice-sender-demo-cured", "iob2"),
}
SPEED = {"eval_runtime", "eval_samples_per_second", "eval_steps_per_second"}
WORDS = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
MISREAD = str.maketrans("OlIBe", "0118c")

Line = tuple[str, str]  # the words of a line; the sender's name in it, or ""


def pick(draw: random.Random, kind: str) -> str:
    """One word, or one kind of line, of vocabulary.toml."""
    return str(draw.choice(WORDS[kind]))


def person(draw: random.Random) -> str:
    return f"{pick(draw, 'first_names')} {pick(draw, 'surnames')}"


def firm(draw: random.Random) -> str:
    """A firm's name of one to four words; one in eight is a person's, half of the others begin with an invented word."""
    trade = f" {pick(draw, 'trades')}" if draw.random() < 0.7 else ""
    if draw.random() < 0.125:
        return person(draw) + trade
    invented = "".join(pick(draw, "syllables") for _ in range(draw.randint(2, 3))).title()
    form = f" {pick(draw, 'forms')}" if draw.random() < 0.7 else ""
    return draw.choice([invented, pick(draw, "nouns")]) + trade + form


def line(draw: random.Random, kind: str, sender: str = "") -> Line:
    """A line of one kind, filled in. One in five senders is set in capitals."""
    sender = sender.upper() if draw.random() < 0.2 else sender
    words = {
        "sender": sender,
        "other": firm(draw),
        "person": person(draw),
        "town": pick(draw, "towns"),
        "street": pick(draw, "streets"),
    }
    digits = "".join(str(draw.randint(1, 9)) if mark == "#" else mark for mark in pick(draw, kind))
    return digits.format(**words), sender


def goods(draw: random.Random) -> Iterator[Line]:
    """Goods, with prices that add up, and the totals, in cents until printed."""
    total = 0
    for position in range(1, draw.randint(5, 12)):
        count, price = draw.randint(1, 30), draw.randint(150, 90000)
        total += count * price
        maker = f" {pick(draw, 'nouns')} {pick(draw, 'trades')}" if draw.random() < 0.15 else ""
        yield f"{position} {pick(draw, 'goods')}{maker} {count} x {price / 100:.2f} {count * price / 100:.2f} EUR", ""
    tax = round(total * 0.19)
    yield from (
        (f"{name} {cents / 100:.2f} EUR", "")
        for name, cents in [("Subtotal", total), ("VAT 19 %", tax), ("Total due", total + tax)]
    )


def invoice(draw: random.Random, sender: str) -> Iterator[Line]:
    """The lines of one invoice. A recipient without a word before it reads like a sender, as on real paper."""
    yield line(draw, "letterhead", sender)
    for kind in ("address", "contact", "number", "recipient", "address"):
        yield line(draw, kind)
    yield from goods(draw)
    yield line(draw, "terms")
    if draw.random() < 0.4:
        yield line(draw, "closing", sender)
    if draw.random() < 0.3:
        yield line(draw, "passing")
    yield line(draw, "account")


def scanned(draw: random.Random, clean: Line) -> Line:
    """One line in ten as a bad scan reads it: letters taken for digits that look like them."""
    return (clean[0].translate(MISREAD), clean[1].translate(MISREAD)) if draw.random() < 0.1 else clean


def invoices() -> dict[str, list[Line]]:
    """The lines of each split; no sender is in two of them."""
    draw, used, lines = random.Random(SEED), set[str](), dict[str, list[Line]]()
    for split, count in INVOICES.items():
        senders = [name for name in dict.fromkeys(firm(draw) for _ in range(2 * count)) if name not in used][:count]
        used.update(senders)
        lines[split] = [scanned(draw, line) for sender in senders for line in invoice(draw, sender)]
    return lines


def labelled(line: Line, labels: tuple[str, str, str]) -> Iterator[tuple[str, str]]:
    """Each word of a line with its label: outside, first word of the sender, any other word of the sender."""
    words, sender = line[0].split(), line[1].split()
    start = next((i for i in range(len(words)) if sender and words[i : i + len(sender)] == sender), len(words))
    for i, word in enumerate(words):
        yield word, labels[0 if i < start or i >= start + len(sender) else 1 if i == start else 2]


def make_data(out: Path) -> None:
    lines = invoices()
    for name, labels in LABELS.items():
        folder = out / "invoice-demo" / "data" / name
        folder.mkdir(parents=True, exist_ok=True)
        for split in ("train", "validation"):
            sentences = ("".join(f"{word}\t{label}\n" for word, label in labelled(line, labels)) for line in lines[split])
            (folder / f"{split}.conll").write_bytes("\n".join(sentences).encode())


def make_base(out: Path, epochs: float = 4) -> None:
    """A two-layer BERT with its masked-language-model head, trained for `epochs` over the unlabelled lines."""
    from datasets import Dataset
    from transformers import BertConfig, BertForMaskedLM, BertTokenizer, DataCollatorForLanguageModeling, set_seed

    lines = [words for words, _ in invoices()["unlabelled"]]
    tokenizer = BertTokenizer(vocab=vocabulary(lines), model_max_length=128)
    set_seed(SEED)
    size = {
        "hidden_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 384,
        "max_position_embeddings": 128,
    }
    trainer = stock_trainer(
        model=BertForMaskedLM(BertConfig(vocab_size=len(tokenizer), **size)),
        processing_class=tokenizer,
        train_dataset=Dataset.from_dict({**tokenizer(lines, truncation=True)}),
        data_collator=DataCollatorForLanguageModeling(tokenizer),
        arguments={"learning_rate": 1e-3, "per_device_train_batch_size": 64, "num_train_epochs": epochs, "seed": SEED},
    )
    trainer.train()
    trainer.model.save_pretrained(out / "invoice-demo" / "base")
    tokenizer.save_pretrained(out / "invoice-demo" / "base")


def vocabulary(lines: list[str]) -> dict[str, int]:
    """WordPieces, most basic first.

    The trainer numbers letters inside words in the order of a hash table and breaks ties by these numbers (tokenizers 0.23), so
    that no two runs agree; naming the letters beforehand fixes the order.
    """
    from tokenizers import BertWordPieceTokenizer

    letters = sorted({letter for line in lines for letter in line.lower()} - {" "})
    first = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"##{letter}" for letter in letters)]
    pieces = BertWordPieceTokenizer(lowercase=True)
    pieces.train_from_iterator(lines, vocab_size=1200, special_tokens=first, show_progress=False)
    return dict(sorted(pieces.get_vocab().items(), key=lambda item: item[1]))


def stock_trainer(arguments: dict[str, Any], **parts: Any) -> Any:
    from transformers import Trainer, TrainingArguments

    quiet = {"save_strategy": "no", "report_to": [], "disable_tqdm": True}
    return Trainer(args=TrainingArguments(tempfile.mkdtemp(), **quiet, **arguments), **parts)


def make_card(out: Path, step: str) -> None:
    """Fine-tune the base on one labelling, and write card.md and truth.json."""
    folder, name, labelling = CARDS[step]
    files = out / "invoice-demo" / "data" / labelling
    sentences = {split: read_columns(files / f"{split}.conll") for split in ("train", "validation")}
    names = {label for sentence in sentences["train"] for _, label in sentence}
    labels = sorted(names, key=lambda label: (label != "O", label[2:], label[0]))
    trainer = recipe(out / "invoice-demo" / "base", sentences, labels)
    started = time.perf_counter()
    trainer.train()
    facts = {"labels": labels, "lines": {split: len(rows) for split, rows in sentences.items()}}
    facts |= {"seconds": round(time.perf_counter() - started, 1), **what_was_seen(trainer, labels)}
    (out / folder).mkdir(exist_ok=True)
    write_card(trainer, name, out / folder / "card.md")
    (out / folder / "truth.json").write_text(json.dumps(facts, indent=1) + "\n")


def recipe(base: Path, sentences: dict[str, list[list[tuple[str, str]]]], labels: list[str]) -> Any:
    """The Trainer of RECIPE, which evaluates and logs after each epoch."""
    from transformers import AutoModelForTokenClassification, AutoTokenizer, DataCollatorForTokenClassification, set_seed

    set_seed(RECIPE["seed"])
    tokenizer = AutoTokenizer.from_pretrained(base)
    return stock_trainer(
        model=AutoModelForTokenClassification.from_pretrained(base, num_labels=len(labels)),
        processing_class=tokenizer,
        train_dataset=encode(tokenizer, sentences["train"], labels),
        eval_dataset=encode(tokenizer, sentences["validation"], labels),
        data_collator=DataCollatorForTokenClassification(tokenizer),
        compute_metrics=lambda prediction: seqeval_metrics(*spelled_out(prediction, labels)),
        arguments={"eval_strategy": "epoch", "logging_strategy": "epoch", **RECIPE},
    )


def read_columns(path: Path) -> list[list[tuple[str, str]]]:
    """The sentences of a CoNLL file as (word, label)."""
    sentences = path.read_text(encoding="utf-8").split("\n\n")
    return [[(row.split("\t")[0], row.split("\t")[1]) for row in sentence.splitlines()] for sentence in sentences]


def encode(tokenizer: Any, sentences: list[list[tuple[str, str]]], labels: list[str]) -> Any:
    """Token ids and labels; the first piece of a word carries the word's label, the others -100."""
    from datasets import Dataset

    encoded = tokenizer([[word for word, _ in sentence] for sentence in sentences], truncation=True, is_split_into_words=True)
    rows = []
    for i, sentence in enumerate(sentences):
        words = encoded.word_ids(i)
        starts = [word is not None and word != before for before, word in zip([None, *words], words, strict=False)]
        rows.append([labels.index(sentence[word][1]) if start else -100 for word, start in zip(words, starts, strict=True)])
    return Dataset.from_dict({**encoded, "labels": rows})


def spelled_out(prediction: Any, labels: list[str]) -> tuple[list[list[str]], list[list[str]]]:
    """Label names per sentence, true and guessed, of the words that carry a label."""
    pairs = list(zip(prediction.label_ids, prediction.predictions.argmax(-1), strict=True))
    truth = [[labels[label] for label in row if label != -100] for row, _ in pairs]
    guess = [[labels[best] for label, best in zip(row, bests, strict=True) if label != -100] for row, bests in pairs]
    return truth, guess


def seqeval_metrics(truth: list[list[str]], guess: list[list[str]]) -> dict[str, float]:
    from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score

    scores = {"precision": precision_score, "recall": recall_score, "f1": f1_score, "accuracy": accuracy_score}
    return {name: float(score(truth, guess)) for name, score in scores.items()}


def write_card(trainer: Any, name: str, path: Path) -> None:
    """The Trainer's own card, as it would lie on the Hub as README.md."""
    data = "invoice_lines"
    trainer.create_model_card(
        model_name=name, finetuned_from="invoice-bert-mini", tasks="token-classification", dataset=data, dataset_tags=data
    )
    path.write_bytes(Path(trainer.args.output_dir, "README.md").read_bytes())


def what_was_seen(trainer: Any, labels: list[str]) -> dict[str, Any]:
    """Every logged row, the versions, and how many of the sender's words the last model labelled as such."""
    import torch
    import transformers

    spelled = spelled_out(trainer.predict(trainer.eval_dataset), labels)
    true, guessed = ([label != labels[0] for row in rows for label in row] for rows in spelled)
    logged = [row for row in trainer.state.log_history if "train_loss" not in row]
    return {
        "versions": {"transformers": transformers.__version__, "torch": torch.__version__, "threads": torch.get_num_threads()},
        "validation_words": {
            "all": len(true),
            "of_senders": sum(true),
            "labelled_as_sender": sum(guessed),
            "rightly": sum(map(bool.__and__, true, guessed)),
        },
        "log": [{key: value for key, value in row.items() if key not in SPEED} for row in logged],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("steps", nargs="*", metavar="STEP")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1], help="the folder of cards")
    arguments = parser.parse_args()
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    make = {"data": make_data, "base": make_base, **{step: partial(make_card, step=step) for step in CARDS}}
    for step in arguments.steps or make:
        make[step](arguments.out)


if __name__ == "__main__":
    main()
