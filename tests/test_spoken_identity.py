"""A card without headings or front matter tells its base and its data as one with them does; an article's own come first."""

import pytest

from cardaudit.parse import read_card


def _identity(text: str, name: str = "acme/pond-model") -> tuple[str | None, list[str]]:
    card = read_card(text, name)
    return card.base_model.text if card.base_model else None, [each.id for each in card.datasets]


@pytest.mark.parametrize(
    ("text", "base", "datasets"),
    [
        (
            "`acme/swin-tiny-patch4` fine-tuned on the `acme/ponds` dataset.\n\nTest set accuracy after 50 epochs: 0.93.\n",
            "acme/swin-tiny-patch4",
            ["acme/ponds"],
        ),
        ("This is a T5-base reranker fine-tuned on the MS MARCO passage dataset for 100k steps.\n", "T5-base", ["MS MARCO"]),
        ("It uses an ELECTRA-Base model (acme/electra-base) fine-tuned on a ranking task.\n", "acme/electra-base", []),
        ('This is a version of "pondbert-base-cased" fine-tuned for ponds.\n', "pondbert-base-cased", []),
        ("Fine-tuned on the t5-base model with the ponds dataset.\n", "t5-base", ["ponds"]),
        ("Pond notes, none of which says more.\n", None, []),
    ],
)
def test_cards_without_headings(text: str, base: str | None, datasets: list[str]):
    assert _identity(text) == (base, datasets)


def test_the_own_name_is_no_base():
    assert _identity("Fine-tuned acme/pond-bert-base on notes.\n", "acme/pond-bert-base") == (None, [])
