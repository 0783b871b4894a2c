"""What a reader took of a card's body, in lines that a test can state."""

from cardaudit import read_card


def results(text: str) -> list[str]:
    """Each result of the body in one line; a headline metric as "headline: f1=0.9". Each stands where its span says."""
    card = read_card("---\nlicense: mit\n---\n# M\n\n" + text)
    for result in card.results:
        span = result.number.span
        assert card.text[span.start : span.end] == result.number.text
    told = [
        " ".join(
            [f"{each.metric}={each.number.text}"]
            + [f"{key}:{value}" for key in ("dataset", "split", "model", "setting") if (value := getattr(each, key))]
        )
        for each in card.results
    ]
    return [f"headline: {key}={number.text}" for key, number in card.headline.items()] + told
