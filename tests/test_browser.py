"""The pages in a real browser: Debian's chromium, headless, through playwright."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from report_samples import MADE_AT, hostile_audit, lint_audit, rich_audit, sample_zoo

from cardaudit.audit import lint_audit as audited
from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.records import Audit, RuleCount, Zoo, ZooRow
from cardaudit.report import render_html, render_zoo, save_zoo
from cardaudit.zoo import index_of

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

BASE_IN_A_FOLDER = """---
license: mit
base_model: /data/somebody/checkpoints/a_model_with_a_name_that_does_not_end_1_5b
---
# otter

This model is a fine-tuned version of [/data/somebody/checkpoints/a_model_with_a_name_that_does_not_end_1_5b](https://huggingface.co/).

### Training hyperparameters

- learning_rate: 2e-05
"""


def checked(text: str) -> Audit:
    """A card with what the linter finds in it."""
    card = read_card(text, "otter.md")
    return audited(card, checkup=check_card(card))


PAGES = {
    "rich": lambda: render_html(rich_audit()),
    "lint": lambda: render_html(lint_audit()),
    "hostile": lambda: render_html(hostile_audit()),
    "zoo": lambda: render_zoo(sample_zoo()),
    "linted": lambda: index_of([(each.card, each.checkup) for each in (lint_audit(), hostile_audit(), rich_audit())]),
    "long word": lambda: render_html(checked(BASE_IN_A_FOLDER)),
}


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as player:
        started = player.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield started
        started.close()


class Opened:
    """A page in the browser, with all that it asked for and complained of."""

    def __init__(self, browser: "playwright.Browser", file: Path, **options: object) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.address = file.as_uri()
        self.page.goto(self.address)


@pytest.fixture
def opened(browser: "playwright.Browser", tmp_path: Path) -> Iterator[object]:
    pages: list[Opened] = []

    def open_page(text: str, **options: object) -> Opened:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        pages.append(Opened(browser, file, **options))
        return pages[-1]

    yield open_page
    for each in pages:
        each.context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_page_opens_quietly_and_fits(opened, name: str, scheme: str, width: int) -> None:  # type: ignore[no-untyped-def]
    it = opened(PAGES[name](), viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert it.said == []
    assert it.asked == [it.address]
    assert it.page.evaluate("document.documentElement.scrollWidth") <= width
    assert it.page.title() != "taken"


def test_a_hostile_card_cannot_act_even_where_its_markup_is_let_in(opened) -> None:  # type: ignore[no-untyped-def]
    it = opened(PAGES["hostile"]())
    it.page.evaluate("""document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="document.title=1">')""")
    it.page.evaluate(
        """document.body.append(Object.assign(document.createElement("script"), {textContent: "document.title=1"}))"""
    )
    it.page.wait_for_timeout(100)
    assert it.page.title() != "1"
    assert all("Content Security Policy" in line for line in it.said)
    assert len(it.said) >= 2


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_without_scripts(opened, name: str) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES[name](), java_script_enabled=False).page
    assert page.locator(".verdict").is_visible()
    assert page.locator("tbody tr" if name == "zoo" else ".line").count() > 3
    assert not page.locator("#filter").is_visible()


def test_findings_and_lines_link_both_ways(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["rich"]()).page
    page.locator("#f-inconsistent-f1-1 a").first.click()
    line = page.evaluate("location.hash")
    assert "0.8131" in page.locator(line).inner_text()
    page.locator(f"{line} + .notes a", has_text="inconsistent-f1").click()
    assert page.evaluate("location.hash") == "#f-inconsistent-f1-1"
    assert page.locator("#f-inconsistent-f1-1").evaluate("e => e.getBoundingClientRect().top < innerHeight")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_of_linted_cards_cuts_no_rule_and_leads_to_its_findings(opened, width: int) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["linted"](), viewport={"width": width, "height": 800}).page
    rules = page.locator("#rows .rules")
    assert rules.count() == 3
    assert rules.evaluate_all("all => all.every(e => e.scrollWidth <= e.clientWidth + 1 && e.getBoundingClientRect().height > 0)")
    page.locator("#rows th a").first.click()
    assert page.evaluate("location.hash") == "#card-1"
    assert page.locator("#card-1 h3").first.evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_a_link_to_a_folded_cell_unfolds_it(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["rich"]()).page
    assert not page.locator("#cell-4-precision").is_visible()
    page.locator(".notes a[href='#cell-4-precision']").click()
    assert page.locator("#cell-4-precision").is_visible()


def test_print_shows_the_folded_numbers(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["rich"]()).page
    page.emulate_media(media="print")
    assert page.locator("#cell-4-precision").evaluate("e => e.checkVisibility() && e.getBoundingClientRect().height > 0")
    assert not page.locator("nav").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_the_keyboard_reaches_the_findings_first(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["rich"]()).page
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("e => e === document.activeElement && e.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#findings"


def test_the_script_makes_the_rows_that_the_template_made(opened) -> None:  # type: ignore[no-untyped-def]
    shown = "e => [...e.tBodies[0].rows].filter(row => row.className !== 'gap')"
    rows = shown + ".map(row => row.outerHTML.replace(/\\s+/g, ' ').replace(/ role=\"[a-z]+\"/g, '').replaceAll('> <', '><'))"
    text = render_zoo(sample_zoo())
    without = opened(text, java_script_enabled=False).page.content()
    with_script = opened(text).page.locator("#rows").evaluate(rows)
    context = opened("<!doctype html><title>x</title>").page
    static = context.evaluate(
        f"text => ({rows})(new DOMParser().parseFromString(text, 'text/html').getElementById('rows'))", without
    )
    assert with_script == static


def names(page) -> list[str]:  # type: ignore[no-untyped-def]
    return page.locator("#rows tbody th > a, #rows tbody th > bdi:first-child").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", ["raised", "faulty", "broken", "clean"]),
        ("rule:zero-f1", ["faulty"]),
        ("-rule:zero-f1", ["raised", "broken", "clean"]),
        ("severity:warning", ["raised"]),
        ("-severity:warning -severity:unread", ["faulty", "clean"]),
        ("severity:none", ["clean"]),
        ("task:token", ["faulty"]),
        ('task:"text-classification"', ["raised"]),
        ("outcome:deviates", ["raised"]),
        ("bert-base -conll2003", ["raised"]),
        ("BERT-BASE GLUE", ["raised"]),
        ("0.9335", ["raised"]),
        ("-", ["raised", "faulty", "broken", "clean"]),
        ("severity:error rule:", ["faulty"]),
        ("nothing has this", []),
    ],
)
def test_filters_can_say_not(opened, query: str, left: list[str]) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["zoo"]()).page
    page.get_by_label("Show only").fill(query)
    shown = ["broken" if name.startswith("<") else name for name in names(page)]
    assert shown == left


def test_the_address_keeps_filter_and_order(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["zoo"]()).page
    page.get_by_label("Show only").fill("-severity:error")
    page.get_by_role("button", name="Card").click()
    before, address = names(page), page.url
    assert before == sorted(before)
    assert "sort=name" in address
    page.goto("about:blank")
    page.goto(address)
    assert names(page) == before
    assert page.get_by_label("Show only").input_value() == "-severity:error"
    assert page.locator("th[aria-sort]").inner_text() == "Card"


def test_a_count_is_a_link_to_its_cards(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["zoo"]()).page
    page.get_by_role("region", name="Findings by rule").get_by_role("link", name="zero-f1").click()
    first = page.locator("#rows tbody tr:not(.gap) th").first
    # asks again until it holds, without eval, which the page's policy bars
    playwright.expect(page.locator("#rows tbody tr:not(.gap)")).to_have_count(1)
    assert names(page) == ["faulty"]
    page.get_by_role("link", name="nothing found").click()
    playwright.expect(first).to_have_text(re.compile("^clean"))
    page.go_back()
    playwright.expect(first).to_have_text(re.compile("^faulty"))


def many(count: int) -> Zoo:
    rows = tuple(ZooRow(f"model-{i:05}", notes=i % 2, rules=("placeholder-text",) * (i % 2)) for i in range(count))
    return Zoo("many", rows, (RuleCount("placeholder-text", "info", count // 2, count),), MADE_AT, "0.1.0")


def test_of_many_cards_only_those_in_sight_are_drawn(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(render_zoo(many(5000))).page
    assert page.get_by_role("status").inner_text() == "Showing 5,000 cards."
    assert 10 < len(names(page)) < 60
    assert page.locator("#rows").get_attribute("aria-rowcount") == "5001"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator("#rows tbody tr:not(.gap)").last
    playwright.expect(last).to_have_attribute("aria-rowindex", "5001")
    assert last.locator("th").inner_text() == "model-04998"  # the notes come first
    page.get_by_label("Show only").fill("model-0009 -rule:placeholder")
    assert page.get_by_role("status").inner_text() == "Showing 5 matching cards of 5,000."
    assert len(names(page)) == 5


def test_a_row_in_sight_keeps_the_keyboard_while_the_page_scrolls(opened) -> None:  # type: ignore[no-untyped-def]
    rows = tuple(ZooRow(f"model-{i:05}", f"cards/model-{i:05}/report.html") for i in range(2000))
    page = opened(render_zoo(Zoo("many", rows, (), MADE_AT, "0.1.0")), viewport={"width": 1280, "height": 800}).page
    page.get_by_role("link", name="model-00003").focus()
    page.mouse.wheel(0, 150)
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.textContent") == "model-00003"
    page.get_by_role("link", name="model-00009").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "model-00039"


def test_the_slash_key_comes_to_the_filter(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["zoo"]()).page
    page.keyboard.press("/")
    page.keyboard.type("-severity:error")
    assert page.get_by_label("Show only").input_value() == "-severity:error"


def test_many_cards_print_as_the_first_of_them(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(render_zoo(many(1000))).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(names(page)) == 200
    assert page.get_by_role("status").inner_text() == "The first 200 of 1,000 cards."
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(names(page)) < 60
    assert page.get_by_role("status").inner_text() == "Showing 1,000 cards."
    assert page.pdf(format="A4").count(b"/Type /Page\n") < 20  # what is not printed leaves no empty pages


@pytest.mark.parametrize("width", [1280, 390])
def test_the_cards_fill_the_width_and_their_findings_are_in_sight(opened, width: int) -> None:  # type: ignore[no-untyped-def]
    page = opened(render_zoo(many(300)), viewport={"width": width, "height": 800}).page
    right = "e => e.getBoundingClientRect().right"
    edge = page.locator("#rows").evaluate(right)
    assert width - edge <= 80
    assert page.locator("#rows tbody tr:not(.gap) td:visible").last.evaluate(right) == pytest.approx(edge, abs=1)
    findings = page.locator("#rows tbody tr:not(.gap) td span").first
    assert findings.inner_text() == "i 1 note"
    assert findings.evaluate(right) <= width


LONGEST = f"{'organisation-' * 3}/{'distilbert-base-uncased-finetuned-conll2003-ner-' * 3}"[:96]  # the Hub takes no longer name
FINDINGS = ("placeholder-text", "inconsistent-f1", "unnamed-dataset")


@pytest.mark.parametrize("width", [360, 420])
@pytest.mark.parametrize("outcome", [None, "not comparable"])
def test_a_narrow_window_cuts_no_name_and_no_finding(opened, width: int, outcome: str | None) -> None:  # type: ignore[no-untyped-def]
    measured = {} if outcome is None else {"outcome": outcome, "measured": 0.77123}
    long = ZooRow(
        LONGEST, "cards/long/report.html", "", "token-classification", "xlm-roberta-base", "conll2003", "accuracy", "0.9331",
        errors=2, warnings=10, notes=12, rules=FINDINGS, downloads=1234567, **measured,
    )  # fmt: skip
    short = tuple(ZooRow(f"model-{i:05}", **measured) for i in range(2000))
    page = opened(render_zoo(Zoo("narrow", (long, *short), (), MADE_AT, "0.1.0")), viewport={"width": width, "height": 800}).page
    row = page.locator("#rows tbody tr:not(.gap)").first
    assert row.locator("th > a").inner_text() == LONGEST
    cut = "e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight"
    for part in ("th > a", "th > .about", "td.claimed", "td > span", "td > .rules"):
        assert not row.locator(part).evaluate(cut), part
    bottom = "e => e.getBoundingClientRect().bottom"
    assert row.locator(".rules").evaluate(bottom) <= row.evaluate(bottom)
    heights = page.locator("#rows tbody tr:not(.gap)").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert len(set(heights)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator("#rows tbody tr:not(.gap)").last
    playwright.expect(last).to_have_attribute("aria-rowindex", "2002")
    assert len(names(page)) < 60


def test_a_narrow_window_has_a_table_for_a_screen_reader_too(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(render_zoo(many(3)), viewport={"width": 390, "height": 800}).page
    assert page.get_by_role("table", name="").filter(has_text="model-00001").get_by_role("row").count() == 4
    row = page.get_by_role("row").filter(has_text="model-00001")
    assert row.get_by_role("rowheader").inner_text().strip() == "model-00001"
    assert row.get_by_role("cell").all_inner_texts() == ["", "i 1 note\nplaceholder-text"]


def test_what_changed_is_a_filter(opened) -> None:  # type: ignore[no-untyped-def]
    page = opened(PAGES["zoo"]()).page
    page.get_by_role("link", name="new", exact=True).click()
    playwright.expect(page.locator("#rows tbody tr:not(.gap)")).to_have_count(1)
    assert names(page) == ["faulty"]


def test_cards_beyond_the_page_are_loaded_from_beside_it(browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("cardaudit.report.zoo.PART", 100)
    (tmp_path / "cards-9.js").write_text("of a larger zoo")
    it = Opened(browser, save_zoo(many(250), tmp_path))
    page, more = it.page, it.page.locator("#more")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cards-2.js", "cards-3.js", "index.html"]
    assert more.inner_text() == "Load the next 100 cards (150 are not loaded)"
    page.get_by_label("Show only").fill("model-0024")
    assert names(page) == []  # the notes come first: the first 100 are the odd ones
    for left in ("Load the next 50 cards (50 are not loaded)", ""):
        more.click()
        playwright.expect(more).to_have_text(left) if left else playwright.expect(more).to_be_hidden()
    assert sorted(names(page)) == [f"model-0024{i}" for i in range(10)]
    assert it.said == []
    it.context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_meets_nothing_serious(opened, name: str, scheme: str) -> None:  # type: ignore[no-untyped-def]
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(PAGES[name](), color_scheme=scheme, bypass_csp=True).page
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []
