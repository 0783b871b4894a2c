"""ROUGE's three scores in one cell without a name."""

from cardaudit.parse import read_card

CARD = """# A model for summarization

It is measured in {metric}.

## Results

| {first} | News | Talks |
| --- | --- | --- |
| acme-base-512 | 30.18/{second}/22.92 | **46.48/32.40/39.45** |
"""


def read(metric: str = "ROUGE", first: str = "Model", second: str = "13.86") -> list[tuple[str, str, str | None, str | None]]:
    text = CARD.format(metric=metric, first=first, second=second)
    results = read_card(text).results
    assert all(text[slice(*each.number.span)] == each.number.text for each in results)
    return [(each.metric, each.number.text, each.dataset, each.model) for each in results]


def test_the_three_scores_are_named_in_order() -> None:
    assert read() == [
        ("rouge1", "30.18", "News", "acme-base-512"),
        ("rouge2", "13.86", "News", "acme-base-512"),
        ("rouge_l", "22.92", "News", "acme-base-512"),
        ("rouge1", "46.48", "Talks", "acme-base-512"),
        ("rouge2", "32.40", "Talks", "acme-base-512"),
        ("rouge_l", "39.45", "Talks", "acme-base-512"),
    ]


def test_nothing_is_read_that_may_be_other_scores() -> None:
    assert read(metric="points") == []
    assert [each[2] for each in read(second="25.00")] == ["Talks"] * 3
