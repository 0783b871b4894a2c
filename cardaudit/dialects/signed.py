"""Generators that leave a sentence of their own on a card that is otherwise read by its names, like a hand-written one."""

from collections.abc import Callable, Mapping

from cardaudit.document import Document

BY_TRAINER = ("hyperparameters were used during training:", "according to the information the Trainer had access to")
SIGNS: Mapping[str, tuple[str, ...]] = {
    "trl": (
        "trained using [TRL](https://github.com/huggingface/trl",
        "[TRL library](https://github.com/lvwerra/trl)",
        "[TRL language model](https://github.com/",
    ),
    "unsloth": ("trained 2x faster with [Unsloth]",),
    "diffusers": (
        " LoRA adaption weights for ",
        " LoRA adaptation weights for ",
        "according to the information the training script had access to",
        "DreamBooth LoRA weights for ",
        "DreamBooth weights for ",
        "# DreamBooth trained by AutoTrain",
        "This is a dreambooth model derived from ",
        "These are t2iadapter weights trained on",
        "This pipeline was finetuned from **",
        "These are textual inversion adaption weights for",
        "These are controlnet weights trained on",
        "concept trained by",
    ),
    "adapters": ("An [adapter](https://adapterhub.ml) for the",),
    "span-marker": ("This is a [SpanMarker](https://github.com/tomaarsen/SpanMarkerNER) model",),
    "espnet": ("recipe in [espnet](https://github.com/espnet/espnet/)",),
    "flair": ("(https://github.com/flairNLP/flair/)",),
    "opus-mt": ("* dataset: opus", "OPUS readme: ["),
    "bertopic": ("This is a [BERTopic](",),
    "lerobot": ("pushed to the Hub using [LeRobot](",),
    "keras-hub": ("uploaded using the KerasHub library", "uploaded using the KerasNLP library"),
    "mergekit": ("merge of pre-trained language models created using [mergekit]",),
    "peft": ("`bitsandbytes` quantization config was used during training", "base_model:adapter:", "library_name: peft"),
}


def signed(name: str) -> Callable[[Document], bool]:
    """A dialect's `recognises`: its sentence is there, and the Trainer's are not."""
    signs = SIGNS[name]

    def recognises(document: Document) -> bool:
        text = document.text
        for sign in signs:
            if sign in text:
                return not any(each in text for each in BY_TRAINER)
        return False

    return recognises
