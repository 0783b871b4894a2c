"""The pages, the Markdown and the JSON of an audit, whole, and what must hold for every card."""

import base64
import hashlib
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import HOSTILE_CARD, MADE_AT, hostile_audit, lint_audit, rich_audit, sample_zoo

from cardaudit.errors import CardauditError
from cardaudit.parse import read_card
from cardaudit.records import Audit, Checkup, Finding, Place, RuleCount, Span, Verdict, Zoo, ZooRow
from cardaudit.report import load_audit, render_html, render_json, render_markdown, render_zoo, save_audit
from cardaudit.report.comparison import compare_blocks
from cardaudit.report.words import beside

ROOT = Path(__file__).resolve().parents[1]
EXPECTED = Path(__file__).parent / "expected"
AUDITS = {"rich": rich_audit, "lint": lint_audit, "hostile": hostile_audit}
NO_ENDING = {"meta", "path", "circle", "rect", "input"}


def as_expected(name: str, text: str) -> None:
    """Compares with tests/expected/NAME; CARDAUDIT_UPDATE=1 writes it anew, to be reviewed in the diff."""
    path = EXPECTED / name
    if os.environ.get("CARDAUDIT_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} differs; CARDAUDIT_UPDATE=1 accepts the new text"


def scrubbed(page: str) -> str:
    """A page without what is tested elsewhere: style, script, record, hashes, and the rules' own pages."""
    page = re.sub(r"<style>.*?</style>", "<style></style>", page, flags=re.DOTALL)
    page = re.sub(r"(<script[^>]*>).*?</script>", r"\1</script>", page, flags=re.DOTALL)
    page = re.sub(r"sha256-[\w+/=]+", "sha256-", page)
    return re.sub(r'<div class="page">.*?</div>', '<div class="page"></div>', page, flags=re.DOTALL)


class Page(HTMLParser):
    """What a browser would make of a page: elements with attributes, and the ids, links and headings among them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in NO_ENDING:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, attribute: str) -> list[str]:
        return [value or "" for _, attributes in self.elements for name, value in attributes.items() if name == attribute]


@pytest.mark.parametrize("name", AUDITS)
def test_html_is_as_reviewed(name: str) -> None:
    as_expected(f"report-{name}.html", scrubbed(render_html(AUDITS[name]())))


@pytest.mark.parametrize("name", AUDITS)
def test_markdown_is_as_reviewed(name: str) -> None:
    as_expected(f"report-{name}.md", render_markdown(AUDITS[name]()))


def test_zoo_is_as_reviewed() -> None:
    as_expected("zoo.html", scrubbed(render_zoo(sample_zoo())))


@pytest.mark.parametrize("name", AUDITS)
def test_an_audit_comes_back_from_its_json_and_from_its_page(name: str) -> None:
    audit = AUDITS[name]()
    assert load_audit(render_json(audit)) == audit
    assert load_audit(render_html(audit)) == audit


@pytest.mark.parametrize("name", AUDITS)
def test_json_keeps_its_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "cardaudit" / "schemas" / "audit.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(render_json(AUDITS[name]())), schema)


def test_verdicts_have_the_shape_of_the_contract() -> None:
    verdict = json.loads(render_json(rich_audit()))["verdicts"][3]
    assert verdict["claim"] == {"metric": "f1", "where": "row 4", "text": "0.8131"}
    assert verdict["measured"] == [0.7985, 0.7943, 0.7965]
    assert verdict["outcome"] == "deviates"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is no saved audit"),
        ("{", "this is no saved audit"),
        ("[" * 100_000, "this is no saved audit"),
        ("[]", '"schema" is None'),
        ('{"schema": "cardaudit.lint/1"}', "\"schema\" is 'cardaudit.lint/1'"),
        ("<!doctype html><p>another page</p>", "this is no saved audit"),
        ('{"schema": "cardaudit.audit/1"}', "this saved audit cannot be read"),
        ('{"schema": "cardaudit.audit/1", "name": 7, "text": ""}', "this saved audit cannot be read"),
    ],
)
def test_what_is_no_audit_is_said_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(CardauditError, match=re.escape(said)) as caught:
        load_audit(text)
    assert "\n" not in str(caught.value)


def test_a_saved_audit_is_a_folder_of_whole_files(tmp_path: Path) -> None:
    audit = rich_audit()
    save_audit(audit, tmp_path / "audits" / "receipts")
    assert sorted(path.name for path in (tmp_path / "audits" / "receipts").iterdir()) == [
        "audit.json",
        "plan.json",
        "report.html",
    ]
    assert load_audit((tmp_path / "audits" / "receipts" / "audit.json").read_text(encoding="utf-8")) == audit
    assert load_audit((tmp_path / "audits" / "receipts" / "report.html").read_text(encoding="utf-8")) == audit


@pytest.mark.parametrize(
    "page", [*(lambda make=make: render_html(make()) for make in AUDITS.values()), lambda: render_zoo(sample_zoo())]
)
def test_a_page_is_sound(page) -> None:  # type: ignore[no-untyped-def]
    """Nothing acts but our own script, nothing is fetched, every link has its target, headings go down one step at a time."""
    text = page()
    html = Page(text)
    assert html.open == []
    assert not [
        name for _, attributes in html.elements for name in attributes if name.startswith("on") or name in ("style", "src")
    ]
    ids = html.all("id")
    assert len(ids) == len(set(ids))
    links = [href for href in html.all("href") if not href.startswith("#q=")]
    assert {href for href in links if not href.startswith("#")} <= {"cards/a/report.html", "cards/b/report.html"}
    assert {href[1:] for href in links if href.startswith("#")} <= set(ids)
    assert {name for label in html.all("aria-labelledby") for name in label.split()} <= set(ids)
    levels = [int(tag[1]) for tag, _ in html.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert all("scope" in attributes for tag, attributes in html.elements if tag == "th")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", scrubbed(text))


@pytest.mark.parametrize("page", [lambda: render_html(hostile_audit()), lambda: render_zoo(sample_zoo())])
def test_only_our_own_style_and_script_may_act(page) -> None:  # type: ignore[no-untyped-def]
    text = page()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    acting = re.findall(r"<style>(.*?)</style>", text, re.DOTALL) + re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in acting}
    allowed = policy[1].replace("&#39;", "'")
    assert set(re.findall(r"sha256-([\w+/=]+)", allowed)) == hashes
    assert allowed.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in allowed


def test_a_report_has_no_script_at_all() -> None:
    scripts = [attributes for tag, attributes in Page(render_html(hostile_audit())).elements if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "audit"}]


def test_every_section_is_there_whatever_is_known() -> None:
    titles = re.findall(r"<h2[^>]*>(.*?)</h2>", render_html(lint_audit()))
    assert titles == re.findall(r"<h2[^>]*>(.*?)</h2>", render_html(rich_audit()))
    assert titles == [
        "Findings", "The card", "Claimed and measured", "Evidence", "Assumptions", "Run it again", "Not checked", "Environment",
    ]  # fmt: skip


def test_a_card_that_was_only_linted_says_what_was_not_attempted_and_why() -> None:
    page = render_html(lint_audit())
    assert "Nothing was measured: the card leaves open dataset." in page
    assert "No run: the card leaves open dataset." in page
    assert "<code>--dataset</code>" in page


def test_a_clean_card_says_how_much_could_be_looked_at() -> None:
    audit = replace(lint_audit(), checkup=Checkup((), ("zero-f1", "inconsistent-f1"), ()), missing=())
    page = render_html(audit)
    assert "2 rules had something to check, and none found a fault." in page
    assert "2 of 2 rules had something to check" in page


def test_a_table_of_20_000_rows_is_whole_and_opens() -> None:
    rows = "".join(f"| 0.5 | {i}.0 | {i * 10} | 0.4 | 0.{i:05} |\n" for i in range(1, 20_001))
    card = read_card(f"| Training Loss | Epoch | Step | Validation Loss | F1 |\n|---|---|---|---|---|\n{rows}", "long.md")
    last = card.text.rindex("0.20000")
    findings = tuple(
        Finding("out-of-range-metric", "suspicious", "error", "proven", f"row {i}", (Place(Span(last, last + 7)),))
        for i in range(25)
    )
    audit = Audit("long", card, Checkup(findings, (), ()), None, (), (), (), MADE_AT, "0.1.0")
    page = render_html(audit)
    assert "lines 1,501 to 20,001, without marks" in page
    assert 'id="L20002"' in page
    assert "and 5 more of this rule" in page
    visible = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert all(f"0.{i:05}" in visible for i in (1, 1500, 1501, 19_999, 20_000))
    assert len(visible) < 3_000_000


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400) | st.text(alphabet="|-:. \n0129Nan%#*`<>&\"'{}", max_size=400))
def test_any_text_can_be_shown_and_comes_back(text: str) -> None:
    card = read_card(text, "any.md")
    audit = Audit("any", card, Checkup((), (), ()), None, (), (), (), MADE_AT, "0.1.0")
    page = render_html(audit)
    assert Page(page).open == []
    page.encode("utf-8")
    assert load_audit(page) == audit


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_run_that_diverged_is_shown(value: float) -> None:
    rich = rich_audit()
    verdict = Verdict("f1", "row 4", "0.8131", (value, 0.8), None, "undecided", "one run diverged", primary=True)
    page = render_html(replace(rich, verdicts=(*rich.verdicts[:3], verdict)))
    assert f"{value}" in page
    assert not re.search(r'(?:cx|cy|x|y|d)="[^"]*(?:nan|inf)', page)


@pytest.mark.parametrize(
    ("value", "printed", "shown"),
    [
        (0.93178, "0.9331", "0.93178"),
        (0.5, "0", "0.50"),
        (0.931784, "93.3%", "93.18 %"),
        (23.4567, "23.46", "23.457"),
        (1.5e-05, "2e-05", "0.00"),
    ],
)
def test_a_measurement_has_one_digit_more_than_the_claim(value: float, printed: str, shown: str) -> None:
    assert beside(value, printed) == shown


def test_a_zoo_is_ordered_by_impact_and_shows_its_first_200_cards() -> None:
    rows = tuple(ZooRow(f"model-{i:03}", downloads=i, notes=1) for i in range(300))
    zoo = Zoo(
        "many", (*rows, ZooRow("worst", errors=2, downloads=400)), (RuleCount("zero-f1", "error", 1, 290),), MADE_AT, "0.1.0"
    )
    page = render_zoo(zoo)
    names = re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', page)
    assert names == ["worst", *(f"model-{i:03}" for i in range(299, 100, -1))]
    assert "The first 200 of 301 cards" in page
    assert len(json.loads(re.search(r'id="zoo">(.*?)</script>', page)[1])["columns"]["name"]) == 301  # type: ignore[index]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast of two colours "#rrggbb"."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_can_be_read_in_light_dark_and_print() -> None:
    style = re.sub(r"#(\w)(\w)(\w)\b", r"#\1\1\2\2\3\3", (ROOT / "templates" / "style.css").read_text(encoding="utf-8"))
    schemes = [dict(re.findall(r"--(\w+): (#\w{6})\b", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)]
    assert len(schemes) == 3
    for scheme in schemes:
        for ink in ("ink", "soft", "claimed", "measured", "error", "agrees"):
            assert contrast(scheme[ink], scheme["paper"]) >= 4.5
            assert contrast(scheme[ink], scheme["panel"]) >= 4.5
        assert contrast(scheme["ink"], scheme["mark"]) >= 4.5
        assert contrast(scheme["ink"], scheme["target"]) >= 4.5
        assert contrast(scheme["paper"], scheme["error"]) >= 4.5


def test_markdown_calls_nobody() -> None:
    card = read_card("thanks @octocat, see #12 and <b>this</b> [link](javascript:alert(1))", "@octocat/model")
    finding = Finding("placeholder-text", "missing", "info", "proven", card.text, (Place(Span(0, 6)),))
    text = render_markdown(Audit("@octocat/model", card, Checkup((finding,), (), ()), None, (), (), (), MADE_AT, "0.1.0"))
    assert "@<!-- -->octocat" in text
    assert "#<!-- -->12" in text
    assert not re.search(r"@octocat|#12|(?<!\\)<b>|(?<!\\)\]\(javascript", text)


def test_the_text_of_a_hostile_card_is_all_there_as_text() -> None:
    page = render_html(hostile_audit())
    shown = re.sub(r"<[^>]*>", "", page[page.index('class="source"') : page.index('id="evidence"')])
    for words in (
        "&lt;img src=x onerror=",
        "(javascript:document.title=",
        "{{ 7 * 7 }} {% raw %}",
        "‹U+001B›[31m",
        "[red]markup[/red]",
    ):
        assert words in shown
    assert "‹U+202E›evil" in shown
    assert HOSTILE_CARD.count("\n") == page.count('<div class="line"')


def test_measured_runs_of_many_seeds_are_summed_up() -> None:
    rich = rich_audit()
    values = tuple(0.79 + i / 1000 for i in range(19))
    runs = tuple(replace(rich.runs[0], seed=i) for i in range(19))
    verdict = Verdict("f1", "row 4", "0.8131", values, (0.78, 0.82), "reproduced", "inside", primary=True)
    page = render_html(replace(rich, runs=runs, verdicts=(verdict,)))
    assert "0.79900 (0.79000 to 0.80800)" in page


def test_where_no_seed_varies_no_band_is_drawn_and_the_page_says_why() -> None:
    """The interval of such a claim is all assumption: it would fill the chart of an F1 that is 0 by construction."""
    rows = [Verdict("f1", f"row {at}", "0.0", (0.0, 0.0, 0.0), (0.0, 0.0055), "reproduced", "") for at in range(1, 5)]
    varied = [*rows[:3], replace(rows[3], measured=(0.0, 0.0, 0.001))]
    still, moving = (compare_blocks(replace(lint_audit(), verdicts=tuple(each)))[0] for each in (rows, varied))
    assert still.chart is not None
    assert moving.chart is not None
    assert (still.chart.band, moving.remark) == ("", "")
    assert moving.chart.band
    assert still.remark.startswith("No band: every seed gives the claimed number exactly, in each row.")
    assert still.remark in render_html(replace(lint_audit(), verdicts=tuple(rows)))
