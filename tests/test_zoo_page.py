"""What the index page of a zoo tells: groups, twins, news, doubts, claim against measured."""

import json
import re
import tracemalloc
from collections.abc import Iterator

from report_samples import MADE_AT

from cardaudit.records import Change, Rate, RuleCount, Zoo, ZooRow
from cardaudit.report import render_zoo
from cardaudit.report.zoo.groups import Group, Twins, traits_of, twins_of
from cardaudit.report.zoo.news import doubts_of, news_of
from cardaudit.report.zoo.rows import LETTERS, record, shown
from cardaudit.report.zoo.scatter import scatter_of
from cardaudit.report.zoo.totals import totals_of


def test_cards_are_grouped_with_the_share_that_has_an_error() -> None:
    rows = [
        ZooRow(f"m{i}", task="token-classification" if i < 3 else "summarization", errors=int(i == 0), year=2020 + i)
        for i in range(5)
    ]
    by_task, by_year = traits_of(totals_of([*rows, ZooRow("bare")]))
    assert by_task.groups == (
        Group("token-classification", 'task:"token-classification"', 3, 1, 33.3),
        Group("summarization", 'task:"summarization"', 2, 0, 0.0),
    )
    assert by_task.others == "1 card without one"
    assert [group.name for group in by_year.groups] == ["2024", "2023", "2022", "2021", "2020"]


def test_a_trait_that_tells_no_cards_apart_is_left_out() -> None:
    assert traits_of(totals_of([ZooRow("a", task="x"), ZooRow("b", task="x")])) == []


def test_cards_of_the_same_numbers_are_named_with_what_they_differ_in() -> None:
    rows = [ZooRow(f"m{i}", twins="t", author=f"u{i}", base_model="bert", dataset=f"d{i % 2}") for i in range(5)]
    lonely = [ZooRow("x", twins="one"), ZooRow("y"), ZooRow("z")]
    cards = [*rows, *lonely]
    assert twins_of(cards, totals_of(cards)) == (
        [Twins("same:t", "5 cards", "m0, m1, m2 and 2 more", "5 authors and 2 data sets")],
        1,
    )


def test_authors_of_any_number_are_counted_in_the_same_memory() -> None:
    def rows(count: int) -> Iterator[ZooRow]:
        for number in range(count):
            yield ZooRow("m", author=f"u{number % (count // 2)}", errors=int(number % (count // 2) == 7), twins=f"t{number}")

    def peak(count: int) -> int:
        tracemalloc.start()
        (by_author,) = (trait for trait in traits_of(totals_of(rows(count))) if trait.name == "author")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert by_author.groups[:2] == (Group("u0", 'author:"u0"', 2, 0, 0.0), Group("u1", 'author:"u1"', 2, 0, 0.0))
        assert by_author.groups[7] == Group("u7", 'author:"u7"', 2, 2, 100.0)
        assert by_author.others == f"{count // 2 - 12:,} smaller groups"
        return most

    assert peak(48_000) < 1.2 * peak(16_000)


def test_news_come_by_rule_gravest_first_with_a_filter_each() -> None:
    changes = (
        Change("new", "a", "a.html", "placeholder-text", "info"),
        Change("new", "b", "b.html", "zero-f1", "error"),
        Change("new", "a", "a.html", "zero-f1", "error"),
        Change("fixed", "c", "", "zero-f1", "error"),
    )
    new, fixed, contested = news_of(Zoo("z", (), (), MADE_AT, "1", since=MADE_AT, changes=changes))
    assert [(change.what, change.cards, change.query) for change in new.changes] == [
        ("zero-f1", "2 cards", "change:new rule:zero-f1"),
        ("placeholder-text", "1 card", "change:new rule:placeholder-text"),
    ]
    assert new.cards == "2 cards"
    # a card that was mended no longer has the rule
    assert [change.query for change in fixed.changes] == ["change:fixed"]
    assert contested.changes == ()


def test_a_rule_is_as_grave_as_its_gravest_finding_with_the_number_of_such_cards() -> None:
    rows = render_zoo(Zoo("z", (), (RuleCount("zero-f1", "error", 3, 5, 1), RuleCount("typo", "info", 2, 5, 2)), MADE_AT, "1"))
    table = re.sub(r"<[^>]+>|\s+", " ", rows.partition('aria-label="Findings by rule"')[2].partition("</table>")[0])
    assert re.findall(r"(zero-f1|typo) +(\S+ +error(?: in \d+)?|i +note(?: in \d+)?)", re.sub(" +", " ", table)) == [
        ("zero-f1", "✕ error in 1"),
        ("typo", "i note"),
    ]


def test_the_cheapest_open_doubts_come_with_their_price() -> None:
    rows = [
        ZooRow("dear", metric="f1", claimed="0.9", errors=1, seconds=3600.0),
        ZooRow("cheap", metric="f1", claimed="0.9", errors=1, seconds=60.0),
        ZooRow("settled", metric="f1", claimed="0.9", errors=1, seconds=1.0, outcome="reproduced"),
        ZooRow("undecided", metric="f1", claimed="0.9", warnings=2, seconds=5.0, outcome="undecided"),
        ZooRow("sound", metric="f1", claimed="0.9", notes=3, seconds=1.0),
        ZooRow("unpriced", metric="f1", claimed="0.9", errors=1),
    ]
    assert [(doubt.name, doubt.why, doubt.price) for doubt in doubts_of(rows)] == [
        ("undecided", "2 warnings", "less than a minute of one GPU for 5 seeds"),
        ("cheap", "1 error", "about 5 min of one GPU for 5 seeds"),
        ("dear", "1 error", "about 5 h of one GPU for 5 seeds"),
    ]
    assert [doubt.price for doubt in doubts_of(rows, Rate(2.5, "$"))] == [
        "about $0.02, less than a minute of one GPU for 5 seeds",
        "about $0.21, 5 min of one GPU for 5 seeds",
        "about $12.50, 5 h of one GPU for 5 seeds",
    ]


def test_an_honest_claim_lies_on_the_diagonal_and_a_raised_one_below_it() -> None:
    rows = [
        ZooRow("honest", metric="f1", claimed="0.90", measured=0.90, outcome="reproduced"),
        ZooRow("raised", metric="accuracy", claimed="95 %", measured=0.85, outcome="deviates"),
        ZooRow("loss", metric="validation_loss", claimed="0.3", measured=0.2, outcome="undecided"),
        ZooRow("diverged", metric="f1", claimed="0.9", measured=float("nan"), outcome="deviates"),
        ZooRow("linted", metric="f1", claimed="0.9"),
    ]
    picture = scatter_of(rows)
    assert picture is not None
    honest, raised = picture.dots
    slope = (picture.bottom - picture.top) / (picture.right - picture.left)
    assert abs(picture.bottom - honest.y - slope * (honest.x - picture.left)) < 0.2
    assert picture.bottom - raised.y < slope * (raised.x - picture.left) - 10
    assert (honest.mark.word, raised.mark.word, picture.hidden) == ("reproduced", "deviates", 2)


def test_a_zoo_without_retrained_cards_has_no_picture() -> None:
    assert scatter_of([ZooRow("linted", metric="f1", claimed="0.9")]) is None


def test_the_rows_come_back_from_their_columns() -> None:
    rows = [
        shown(ZooRow(f"u/m{i}", f"cards/u/m{i}/report.html", task=f"task {i}", errors=i % 2, rules=("zero-f1",) * (i % 2)))
        for i in range(100)
    ]
    columns = json.loads(record(rows))["columns"]

    def value(name: str, row: int) -> object:
        column = columns[name]
        if isinstance(column, list):
            return column[row]
        place = column["rows"][row]
        return column["words"][LETTERS.index(place) if isinstance(place, str) else place]

    assert [value("name", i) for i in range(100)] == [row.name for row in rows]
    assert [value("task", i) for i in range(100)] == [row.task for row in rows]
    assert [value("rules", i) for i in range(100)] == [list(row.rules) for row in rows]
    assert {value("href", i) for i in range(100)} == {True}
