"""Base models told in sentences, with their size or under their own name; families, other models and the card's own are none."""

import pytest

from cardaudit.parse import read_card


def _base(text: str, name: str = "acme/pond-model") -> str | None:
    base = read_card(text, name).base_model
    return base.text if base else None


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("PondBERT was obtained by further training the English BERT base uncased model with notes.", "BERT base uncased"),
        ("The pond tagger is based on a fine-tuned  XLM-RoBERTa large model.", "XLM-RoBERTa large"),
        ("Trained on SD1.5\n", "SD1.5"),
        ("Fine-tuned SD v1-5 model, 25 steps", "SD v1-5"),
        ("A model based on Stable Diffusion 1.5, made by us.", "Stable Diffusion 1.5"),
        ("Pictures of ponds on top of SD1.5 model.", "SD1.5"),
        ("It's base is Stable Diffusion V2.1 and is trained with pictures.", "Stable Diffusion V2.1"),
        ("It is based on BioBERT and further pre-trained on notes.", "BioBERT"),
        ("We finetuned BART Large for the task of answering.", "BART Large"),
        ("### Fine tuned GPT Neo 125M with the pond notes", "GPT Neo 125M"),
        ("A finetuned version from ByT5 Small by Google for reviews.", "ByT5 Small"),
        ("Created by finetuning the NepaliBERT model on notes.", "NepaliBERT"),
        ("  - Pretrained model used: acme/hubert-base-cc\n", "acme/hubert-base-cc"),
        ("The model utilizes T5-base pre-trained model.", "T5-base"),
        ("It used the pre-trained weights of `distilbert-base-cased` as starting point.", "distilbert-base-cased"),
        ("Specifically, this model is a *bert-base-cased* model that was fine-tuned on ponds.", "bert-base-cased"),
        ("## BERT-base uncased model fine-tuned on SQuAD v1", "BERT-base uncased"),
        ("# Pond BERT2BERT (bert-base-pond) fine-tuned on notes", "bert-base-pond"),
        ("This is the checkpoint for T5-large after being trained on notes.", "T5-large"),
        ("This is an instance of acme/DialoGPT-small trained on a character.", "acme/DialoGPT-small"),
        ("The original model is from `BERT-base-uncased` trained from notes.", "BERT-base-uncased"),
        ("We initialized the weights of the model using [Pond-BERT](https://example.com/p) and trained it.", "Pond-BERT"),
        ("It was pre-trained from the XLM-RoBERTa checkpoint.", "XLM-RoBERTa"),
        ("The weights of the model were initialized by pruning the weights of bert-base-uncased.", "bert-base-uncased"),
        ("Based on Sber GPT3 small, with a notebook.", "GPT3 small"),
        ("Pretrained model : acme/ddpm-pond-256<br>\nIt is trained.", "acme/ddpm-pond-256"),
        ("This your pond model fine-tuned: the frog concept taught to waifu-diffusion v1.4 with care.", "waifu-diffusion v1.4"),
        (
            "It was obtained by first fine-tuning the acme/distilbart-6-6 summarization checkpoint on notes.",
            "acme/distilbart-6-6",
        ),
        ("PondGlacier, a GPT-Neo 125M model finetuned on talk.", "GPT-Neo 125M"),
        ("## Pond Journey V1 is Dreamlike Diffusion V1 fine-tuned on paintings", "Dreamlike Diffusion V1"),
        ("This model is a finetuning of bert-base-greek-uncased as a classifier.", "bert-base-greek-uncased"),
        ("Finetuned PONDi-Electra base with notes.", "PONDi-Electra base"),
        ("This Model is 8bit Version of acme/gpt-j-6B.", "acme/gpt-j-6B"),
        (
            "We fine-tuned the pretrained\nmodel available at https://huggingface.co/acme/wav2vec2-x\nwith care.",
            "acme/wav2vec2-x",
        ),
        ("This is a copy of: https://huggingface.co/acme/tiny-t5", "acme/tiny-t5"),
        ('```json\n{\n  "pretrained_model_name_or_path": "acme/sd-v1-5",\n  "learning_rate": 1e-6\n}\n```', "acme/sd-v1-5"),
    ],
)
def test_names_behind_words_of_descent(words: str, base: str):
    assert _base(f"# Ponds\n\n{words}\n") == base


HUB = "https://huggingface.co/acme/x-base"


@pytest.mark.parametrize(
    "words",
    [
        f"It further pretrained the original [x]({HUB}) model on notes.",
        f"It was trained using [x]({HUB}) as the base model.",
        f"This model is finetuned on top of feature extractor [X-model]({HUB}) from ACME.",
        f"The model was originally the pre-trained [X base]({HUB.replace('huggingface.co', 'hf.co')}) model, then fine-tuned.",
        f"The model originally used for fine-tuning is [X 1]({HUB}), which is old.",
        f"- **Parent Model:** [X]({HUB})",
        f"Language model: [x]({HUB})",
        f"A [x]({HUB}) tuned to match ponds.",
        f"A pretrained wav2vec 2.0 model ([acme/x-base]({HUB})) is combined with two layers and finetuned on ponds.",
        f"PondBERT was further pre-trained on this domain-specific corpus from [X]({HUB}).",
        f"It is based on the pre-trained language model [X]({HUB}).",
        f"The model is pre-trained on [x-base]({HUB}) with care.",
    ],
)
def test_a_link_to_the_hub_gives_its_repository(words: str):
    assert _base(f"# Ponds\n\n{words}\n") == "acme/x-base"


@pytest.mark.parametrize(
    "words",
    [
        "XLM-RoBERTa finetuned on ponds.",
        "This is a Stable Diffusion model fine-tuned on ponds.",
        "PondNet follows the BERT-base architecture and is based on BERT-base architecture.",
        "The model was trained based on Google's ALBERT BASE Version 2.0 over ponds.",
        "Our tokenizer is based on the T5-base tokenizer.",
        "Unlike models fine-tuned from BERT base, ours is small.",
        "You can fine-tune it like models fine-tuned on BERT base.",
        "The student learned from a teacher fine-tuned from BERT large.",
        "See the scripts that support finetuning on Pond-BERT for classification.",
        "Model trained on [acme/pond-base](https://huggingface.co/datasets/acme/pond-base).",
        "This card was written by us and is based on the [X model card](https://huggingface.co/acme/x-base).",
        "Stable Diffusion v1 was trained on pictures.",
        "`pond-bert-medium` model was pretrained on words.",
        "The [previous model](https://huggingface.co/acme/x-base) was trained for only 3 epochs.",
        "Trained with [acme/x-base](https://github.com/acme/x-base).",
    ],
)
def test_families_others_and_data_are_no_base(words: str):
    assert _base(f"# Ponds\n\n{words}\n") is None


def test_what_the_card_itself_loads_is_its_own():
    text = "# Ponds\n\nA fine-tuned pond-bert-base for ponds.\n\n```python\nmodel = AutoModel.from_pretrained({name!r})\n```\n"
    assert _base(text.format(name="acme/another")) == "pond-bert-base"
    assert _base(text.format(name="acme/pond-bert-base")) is None


def test_a_long_text_of_signs_is_read_in_time():
    assert _base("# Ponds\n\n" + "fine-tuned on top of the huggingface.co/ as the base model " * 15_000) is None


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("This checkpoint was firstly initialized with *CodeGen-Multi 6B*, and then pre-trained on ponds.", "CodeGen-Multi 6B"),
        ("# Pond Diffusion 1.0 is SD 1.5 fine tuned on pictures, made by us.", "SD 1.5"),
        (
            "We used notes to build the vocabulary and took the cased version of BERT-base as an initialization for it.",
            "BERT-base",
        ),
        ("P1-6B is a GPT-J 6B model fine-tuned on notes.", "GPT-J 6B"),
        ("Starting with BERT-base, we fine-tuned on notes.", "BERT-base"),
        ("This is a fine-tuned downstream version of the bert-base-uncased model.", "bert-base-uncased"),
        ("It is based on the medium OpenAI GPT-2 ([`gpt2-medium`](https://huggingface.co/gpt2-medium)) model.", "gpt2-medium"),
        ("This model fine-tunes [SD 2](https://huggingface.co/acme/sd-2-base) with 220k steps.", "acme/sd-2-base"),
        ("- the starting checkpoint was `acme/bart-large-ponds`", "acme/bart-large-ponds"),
        ("This model is the result of fine-tuning [t5-base](https://huggingface.co/t5-base) on notes.", "t5-base"),
        ("Here, we re-train the BERT-base-uncased model on notes.", "BERT-base-uncased"),
        ("A model obtained by MLM adaptive-tuning [**x**](https://huggingface.co/acme/x-base) on notes.", "acme/x-base"),
        ("Obtained by fine-tuning the Pondish bert model (acme/bert-base-pondish-cased)", "acme/bert-base-pondish-cased"),
        ("It uses an ELECTRA-Base model (acme/electra-base-ponds) fine-tuned on notes.", "acme/electra-base-ponds"),
        ("[acme/jets](https://huggingface.co/acme/jets) exported to ONNX.", "acme/jets"),
        ("TensorFlow version of [pond-base](https://huggingface.co/acme/pond-base).", "acme/pond-base"),
        ("This is a version of [Albert](https://huggingface.co/albert-base-v2) for ponds.", "albert-base-v2"),
        ("This is a version of [RoBERTa](https://huggingface.co/roberta-base) pretrained on ponds.", None),
        ("This is a copy of [this model](https://huggingface.co/roberta-base).", None),
        ("It was distilled with a teacher fine-tuned from BERT-large on notes.", None),
        ("It is good, unlike models fine-tuned from BERT-base on notes.", None),
        ("It was fine-tuned from BERT-base on notes.", "BERT-base"),
    ],
)
def test_bases_in_less_common_words(words: str, base: str | None):
    assert _base(f"# Ponds\n\n{words}\n" if not words.startswith("#") else words) == base


def test_a_base_that_the_card_loads_beside_its_own_model():
    text = "# Ponds\n\nThis model is the fine-tuned model of base/bert-base-pond.\n\n```python\n"
    text += 'model_checkpoint = "base/bert-base-pond"\nmodel = AutoModel.from_pretrained("acme/bert-base-pond-ner")\n```\n'
    assert _base(text) == "base/bert-base-pond"
