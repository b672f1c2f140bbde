"""The parts of a page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from jinja2 import UndefinedError

from app.kernel.types import Page


def show(render, macro, source, **context):
    return render(f'{{% from "components/page.html" import {macro} %}}{source}', **context)


def links(page):
    return [(a.get("href"), "".join(a.itertext()).strip()) for a in page.all("a")]


def test_breadcrumbs_end_where_the_reader_is(render):
    page = show(render, "breadcrumbs", "{{ breadcrumbs(items) }}", items=[("トップ", "/"), ("イベント一覧", None)])
    assert page.one("nav").get("aria-label") == "現在位置"
    assert links(page) == [("/", "トップ")]
    assert page.one("span[@aria-current='page']").text == "イベント一覧"


def test_steps_say_which_one_is_now_and_which_are_done(render):
    page = show(render, "steps", "{{ steps(['入力', '確認', '完了'], 2) }}")
    assert [li.get("aria-current") for li in page.all("li")] == [None, "step", None]
    assert "済み" in page.text("li[1]")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, ["1", "2", "10"]), (2, ["1", "2", "3", "10"]), (5, ["1", "4", "5", "6", "10"]), (10, ["1", "9", "10"])],
)
def test_pagination_shows_the_ends_and_the_neighbours(render, number, shown):
    page = show(render, "pagination", "{{ pagination(page) }}", page=Page([], number, 20, 187, lambda n: f"?page={n}"))
    numbers = [item for item in page.all("li") if item.get("aria-hidden") is None]
    assert ["".join(n.itertext()).strip().removeprefix("ページ") for n in numbers] == shown
    assert page.one("*[@aria-current='page']").find("span").tail == str(number)
    assert "全187件" in page.text()


def test_pagination_leads_back_and_on_where_there_is_more(render):
    first, last = (
        show(render, "pagination", "{{ pagination(page) }}", page=Page([], n, 20, 40, lambda n: f"?page={n}"))
        for n in (1, 2)
    )
    assert [a.get("rel") for a in first.all("a") if a.get("rel")] == ["next"]
    assert [a.get("rel") for a in last.all("a") if a.get("rel")] == ["prev"]


def test_a_single_page_needs_no_pagination(render):
    assert show(render, "pagination", "{{ pagination(page) }}", page=Page([], 1, 20, 20)).text() == ""


@pytest.mark.parametrize(
    ("taken", "said"), [(0, "残り40席"), (28, "残り12席"), (37, "残り3席"), (40, "満席"), (43, "満席")]
)
def test_the_seats_bar_says_its_figures_in_words(render, taken, said):
    page = show(render, "meter", "{{ meter('午前の部', taken, 40) }}", taken=taken)
    assert page.text("p").replace(" ", "") == f"午前の部{said}定員40名"
    assert page.one("*[@aria-hidden='true']").get("class") == "ts-meter__bar"


def test_the_seats_bar_of_a_sitting_without_seats_is_full(render):
    assert "満席" in show(render, "meter", "{{ meter('午前の部', 0, 0) }}").text()


def test_a_teaser_links_its_title_and_shows_its_day(render):
    day = datetime(2026, 12, 14, 20, 0, tzinfo=UTC)
    status = "day=day, status=('few', '残りわずか'), eyebrow='シリーズ'"
    call = f"{{% call teaser('地域<づくり>', '/events/x/', {status}) %}}会場{{% endcall %}}"
    page = show(render, "teaser", call, day=day)
    assert links(page) == [("/events/x/", "地域<づくり>")]
    assert page.one("time").get("datetime") == "2026-12-15"
    assert "".join(page.one("time").itertext()) == "令和8年12月15日（火）"
    assert page.one("h3") is not None


def test_a_teaser_needs_no_day_and_no_status(render):
    page = show(render, "teaser", "{{ teaser('題', '/x/', level=2) }}")
    assert page.all("time") == []
    assert page.text("h2") == "題"


def test_only_an_error_interrupts_the_reader(render):
    page = show(
        render,
        "notice",
        "{% for k in kinds %}{% call notice(k, '題') %}<p>文</p>{% endcall %}{% endfor %}",
        kinds=["info", "success", "warn", "error"],
    )
    assert [box.get("role") for box in page.all("div[@role]")] == ["alert"]


def test_an_unknown_kind_of_notice_is_a_mistake(render):
    with pytest.raises(FileNotFoundError):
        show(render, "notice", "{% call notice('kaboom') %}x{% endcall %}")


def test_a_summary_escapes_what_was_typed(render):
    page = show(
        render, "summary_list", "{{ summary_list(rows) }}", rows=[("お名前", "<b>山田</b>"), ("電話", "086", "/edit/")]
    )
    assert "<b>山田</b>" in page.text()
    assert page.all("b") == []
    assert links(page) == [("/edit/", "変更：電話")]


def test_an_agenda_nests(render):
    inner = {"kind": "ア", "title": "子ども食堂", "speakers": [{"text": "山田 花子（架空学区）"}], "items": []}
    page = show(
        render,
        "agenda",
        "{{ agenda(items) }}",
        items=[{"kind": "事例発表", "title": "", "speakers": [], "items": [inner]}],
    )
    assert page.text("ol/li/ol/li") == "ア 子ども食堂 山田 花子（架空学区）"


def test_the_reference_number_can_be_found_by_its_id(render):
    assert show(render, "reference", "{{ reference('受付番号', 'K7-492') }}").by_id("reference").text == "K7-492"


def test_a_figure_has_its_thousands_and_its_unit(render):
    assert show(render, "stat", "{{ stat('確定', 1137, '人') }}").text().split() == ["確定", "1,137人"]


def test_an_empty_list_says_what_to_do(render):
    page = show(
        render, "empty", "{% call empty('ありません', '条件を変えてください。') %}<a href='/'>外す</a>{% endcall %}"
    )
    assert links(page) == [("/", "外す")]


@pytest.mark.parametrize(
    "source",
    [
        "{{ chip('open', '受付中') }}",
        "{% call card('題') %}x{% endcall %}",
        "{{ facts([('clock', '13時')]) }}",
        "{% call toolbar() %}x{% endcall %}",
        "{{ page_header('題', 'リード', '肩書') }}",
        "{{ hero('題', 'リード') }}",
    ],
)
def test_components_with_little_to_them_show_their_words(render, source):
    macro = source.split()[2 if "call" in source else 1].split("(")[0]
    assert show(render, macro, source).text()


def test_a_forgotten_value_is_a_mistake_and_not_an_empty_space(render):
    with pytest.raises(UndefinedError):
        render("{{ forgotten }}")


def test_a_day_may_be_a_plain_date(render):
    assert render("{{ (day|day_parts).weekday }}", day=date(2026, 6, 2)).text() == "火"
