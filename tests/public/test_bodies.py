"""A body's own page, and the pages of the people of a party."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.events.choices import Naming
from app.infra import clock
from app.registrations import bodies, queries
from tests.factories import NOW, ORGANIZER, a_sitting, details
from tests.public.conftest import form_of
from tests.public.door import applied, confirmation, fields, problems, read, receipt, rows

UNTIL = NOW + timedelta(days=5)
PASTED = "氏名\tフリガナ\r\n倉敷　太郎\tｸﾗｼｷ ﾀﾛｳ\t車いす\r\n倉敷 次郎、くらしき じろう\r\n\r\n玉島さくら\t\t\r\n"


@pytest.fixture
def page(site) -> str:
    """The page of a body with three of five seats."""
    with site.app_context():
        of_it = details(name="早島町", kana="ハヤシマチョウ", email="machi@example.jp", companions=2)
        draft = bodies.BodyDraft(a_sitting(capacity=5).id, of_it, "担当　一郎", UNTIL, "key")
        made = bodies.make(draft, by=ORGANIZER, now=NOW)
        return f"/g/{queries.with_link(made)[1]}/"


def understood(visitor, page, **typed):
    """The page that shows what was understood."""
    return visitor.post(page, data={**fields(visitor.get(page)), **typed})


def saved(visitor, page, **typed):
    return visitor.post(page, data={**fields(understood(visitor, page, **typed)), "confirmed": "1"})


def named(site) -> list[tuple[str, str, str]]:
    return [(one["name"], one["kana"], one["note"]) for one in rows(site, "party_member")]


def test_names_pasted_from_a_sheet_are_shown_as_understood_and_then_saved(site, visitor, page):
    shown = understood(visitor, page, names=PASTED)
    assert "3人分のお名前を読み取りました" in shown.text
    assert named(site) == []
    assert saved(visitor, page, names=PASTED).status_code == 303
    people = [
        ("倉敷　太郎", "クラシキ　タロウ", "車いす"),
        ("倉敷　次郎", "クラシキ　ジロウ", ""),
        ("玉島さくら", "", ""),
    ]
    assert named(site) == people
    assert "倉敷　太郎" in visitor.get(f"{page}list/").text
    assert visitor.get(f"{page}list.pdf").data.startswith(b"%PDF")
    assert "BEGIN:VEVENT" in visitor.get(f"{page}invitation.ics").text


def test_what_was_not_understood_is_named_by_its_line_and_stays(site, visitor, page):
    refused = understood(visitor, page, names="倉敷　太郎、鞍敷\r\n、クラシキ　ハナコ")
    assert refused.status_code == 422
    assert "1行目：フリガナはカタカナで" in problems(refused)["names"]
    assert "2行目：お名前がありません" in problems(refused)["names"]
    assert "鞍敷" in fields(refused)["names"][0]


def test_a_number_alone_will_do_within_the_seats(site, visitor, page):
    assert saved(visitor, page, head_count="2").status_code == 303
    assert rows_of_body(site)["head_count"] == 2
    refused = saved(visitor, page, head_count="4")
    assert (refused.status_code, list(problems(refused))) == (422, ["head_count"])


def rows_of_body(site) -> dict:
    with site.app_context():
        held = bodies.one(1)
        return {"head_count": held.head_count, "named": held.named}


def test_when_somebody_else_saved_meanwhile_both_versions_are_on_the_page(site, visitor, page):
    mine = fields(understood(visitor, page, names="倉敷　太郎"))
    saved(site.test_client(), page, names="玉島　次郎")
    refused = visitor.post(page, data={**mine, "confirmed": "1"})
    assert refused.status_code == 422
    assert "ほかの方が、ちょうどこの名簿を保存しました" in refused.text
    assert fields(refused)["names"] == ["倉敷　太郎"]
    assert "玉島　次郎" in "".join(read(refused).text)
    assert saved(visitor, page, **{**fields(refused), "names": "倉敷　太郎\n玉島　次郎"}).status_code == 303
    assert rows_of_body(site)["named"] == 2


def test_after_the_deadline_the_page_only_shows(visitor, page):
    with clock.fixed(UNTIL):
        shown = visitor.get(page)
        assert "入力の期限を過ぎました" in shown.text
        assert "names" not in fields(shown)


def test_a_persons_link_opens_no_body_and_a_bodys_no_persons_page(site, visitor, page, form):
    own = applied(visitor, form)
    assert visitor.get(own.replace("/r/", "/g/")).status_code == 404
    as_person = page.replace("/g/", "/r/")
    assert visitor.get(as_person).location == page
    assert visitor.get(f"{as_person}cancel/").location == page
    for part in ("change/", "hand-over/", "sitting/"):
        assert visitor.get(as_person + part).status_code == 404


@pytest.fixture
def party_form(site) -> str:
    return form_of(site, names_companions=Naming.REQUIRED)


def test_companions_are_named_on_the_form_and_each_has_a_page_of_their_own(site, visitor, party_form):
    missing = confirmation(visitor, party_form, companions="2", names="倉敷　太郎、くらしき　たろう")
    assert (missing.status_code, list(problems(missing))) == (422, ["names"])
    own = applied(visitor, party_form, companions="2", names="倉敷　太郎、くらしき　たろう\n倉敷　次郎")
    assert [one[0] for one in named(site)] == ["倉敷　太郎", "倉敷　次郎"]
    theirs = re.findall(r'href="(/p/[^"]+)"', visitor.get(own).text)
    assert len(theirs) == 2
    shown = visitor.get(theirs[0]).text
    assert "倉敷　太郎" in shown
    assert not any(word in shown for word in ("倉敷　次郎", "倉敷　花子", "hanako"))
    assert "BEGIN:VEVENT" in visitor.get(f"{theirs[0]}invitation.ics").text
    token = fields(visitor.get(f"{theirs[0]}leave/"))
    assert visitor.post(f"{theirs[0]}leave/", data=token).status_code == 303
    assert visitor.get(theirs[0]).status_code == 404
    assert receipt(visitor.get(own))[1] == "confirmed"
    assert [one["seats_taken"] for one in rows(site, "sitting")] == [2]


def test_the_party_is_changed_by_ones_own_page(site, visitor, party_form):
    own = applied(visitor, party_form, companions="1", names="倉敷　太郎")
    sent = fields(visitor.get(f"{own}change/"))
    assert sent["names"] == ["倉敷　太郎"]
    answer = visitor.post(f"{own}change/", data={**sent, "companions": "2", "names": "倉敷　太郎\n玉島　さくら"})
    assert answer.status_code == 303
    assert [one[0] for one in named(site)] == ["倉敷　太郎", "玉島　さくら"]
