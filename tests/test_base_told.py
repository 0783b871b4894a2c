"""Base models told as a description, as a transfer, or by the command that trained; a teacher and a family are none."""

import pytest

from cardaudit.parse import read_card

TRAINED = """# Acme model

## {heading}

```bash
python run_qa.py \\
  --model_name_or_path acme/bert-some \\
  {flag} \\
  --learning_rate 3e-5 --num_train_epochs 2
```

## Eval

```bash
python run_qa.py --model_name_or_path acme/own-model --do_eval
```
"""


def _base(text: str) -> str | None:
    base = read_card(text, "acme/own-model").base_model
    return base.text if base else None


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("`tiny-codebert-small-96` model fine-tuned on the ABC task.", "tiny-codebert-small-96"),
        ("`bert-base-uncased` fine-tuned on ABC, using fine-tuned `bert-large-uncased` as a teacher model", "bert-base-uncased"),
        ("The model initialized from [`codebert++-96`](https://example.com/x/codebert) model and trained on C.", "codebert++-96"),
        ("A quantized-aware transfer learning of bert-base-uncased on Squadv1.", "bert-base-uncased"),
        ("Custom distillation with fine-tuned model [bert-x](https://huggingface.co/acme/bert-x)", None),
        ("XLM-RoBERTa finetuned on NER.", None),
        ("GPT2 fine-tuned on reviews of ponds.", "GPT2"),
        ("GPT-2 fine-tuned on reviews of ponds.", None),
        ("This model was post-trained from BERT-base-uncased on notes.", "BERT-base-uncased"),
        ("It was post-trained from scratch.", None),
        ("The model was fine-tuned on named-entity-recognition.", None),
    ],
)
def test_words_of_descent(words: str, base: str | None):
    assert _base(f"# Acme model\n\n{words}\n") == base


def test_a_title_names_the_base_and_not_itself():
    assert _base("# acme-bert-base fine-tuned on SQuAD\n\nHello.\n") == "acme-bert-base"
    assert _base("# acme-bert-base\n\nacme-bert-base fine-tuned on SQuAD.\n") is None


def test_a_training_command_starts_from_the_base():
    assert _base(TRAINED.format(heading="Train", flag="--do_train")) == "acme/bert-some"
    assert _base(TRAINED.format(heading="Train", flag="--do_predict")) is None
    assert _base(TRAINED.format(heading="Fine-tuning on NLU tasks", flag="--do_train")) is None
    assert _base(TRAINED.format(heading="Train", flag="--do_train").replace("acme/bert-some", "./bert-some")) is None
