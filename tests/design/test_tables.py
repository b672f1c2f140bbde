"""Tables, which become cards on a phone."""

from __future__ import annotations

SOURCE = """{% from "components/table.html" import table, row, cell, head_cell %}
{% call table("申込者", ["氏名", ("人数", "number")], hide_caption=hide) %}
{% for name, count in people %}
{% call row() %}{{ head_cell("氏名", name) }}{{ cell("人数", count, "number") }}{% endcall %}
{% endfor %}
{% endcall %}"""


def test_every_cell_knows_the_header_it_stands_under(render):
    page = render(SOURCE, people=[("山田 花子", 1234)], hide=False)
    assert [th.text for th in page.all("thead//th")] == ["氏名", "人数"]
    assert [cell.get("data-label") for cell in page.one("tbody/tr")] == ["氏名", "人数"]
    assert page.one("tbody//td").text == "1,234"
    assert page.one("tbody//th").get("scope") == "row"


def test_a_table_stays_a_table_for_screen_readers_when_it_looks_like_cards(render):
    page = render(SOURCE, people=[("山田 花子", 1)], hide=False)
    assert page.one("table").get("role") == "table"
    assert {row.get("role") for row in page.all("tr")} == {"row"}
    assert page.one("tbody//td").get("role") == "cell"


def test_a_caption_that_is_not_shown_is_still_read_out(render):
    page = render(SOURCE, people=[], hide=True)
    assert page.one("caption").text == "申込者"
    assert page.one("caption").get("class") == "ts-hidden"


def test_what_people_typed_is_escaped_in_a_cell(render):
    page = render(SOURCE, people=[("<img src=x>", 1)], hide=False)
    assert page.one("tbody//th").text == "<img src=x>"


def test_a_cell_may_hold_more_than_text(render):
    page = render(
        '{% from "components/table.html" import table, row, cell %}{% call table("表", ["操作"]) %}{% call row() %}'
        '{% call cell("操作", kind="action") %}<a href="/x/">開く</a>{% endcall %}{% endcall %}{% endcall %}'
    )
    assert page.one("tbody//td/a").get("href") == "/x/"
