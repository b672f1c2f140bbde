"""郵送する通知 and 電話で連絡する方, through the door."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest

from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.delivery.types import State
from app.infra import clock
from app.infra.db import db
from app.registrations import services
from tests.console.desk import Desk, browser_of, statements
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.staff import a_person, post

PHONE = {"email": None, "phone": "+81864263107"}
AT_HOME = {**PHONE, "postcode": "7108565", "address": "倉敷市西中新田640\n見本ビル3階"}


@pytest.fixture
def desk(site):
    """It is ten days before the sitting: letters arrive."""
    with site.app_context(), clock.fixed(NOW):
        event = an_event()
        desk = Desk(site, event.id, a_sitting(event, capacity=400).id)
    with clock.fixed(NOW):
        yield desk


def letters_of(desk):
    return f"/console/events/{desk.event_id}/letters/"


def calls_of(desk):
    return f"/console/events/{desk.event_id}/calls/"


def states(desk):
    return desk.ask(lambda: list(db.session.scalars(db.select(OutboundMessage.state).order_by(OutboundMessage.id))))


def a_batch(desk, organizer):
    answer = post(organizer, letters_of(desk), letters_of(desk), kind="registration.confirmed")
    assert answer.status_code == 303
    return answer.location


def test_letters_are_printed_in_one_file_posted_and_taken_back(desk, organizer):
    for name in ("𠮷田　花子", "髙﨑　一郎"):
        desk.somebody(name=name, **AT_HOME)
    batch = a_batch(desk, organizer)
    pdf = organizer.get(f"{batch}letters.pdf")
    assert pdf.headers["Cache-Control"] == "no-store"
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.data)).pages]
    assert len(pages) == 2
    for words in ("𠮷田　花子　様", "髙﨑　一郎　様", "〒710-8565", "見本ビル3階", "令和8年6月1日（月）"):
        assert words in "".join(pages)
    post(organizer, batch, f"{batch}posted/")
    assert states(desk) == [State.POSTED] * 2
    assert "投函を取り消す" in organizer.get(batch).text
    post(organizer, batch, f"{batch}back/")
    assert states(desk) == [State.LETTER] * 2
    assert {"letters.batched", "letters.printed", "letters.posted", "letters.taken_back"} <= {
        act.action for act in desk.acts("letters.")
    }


def test_the_same_batch_as_postcards_says_only_what_anybody_may_read(desk, organizer):
    desk.somebody(name="𠮷田　花子", **AT_HOME)
    batch = a_batch(desk, organizer)
    answer = organizer.get(f"{batch}postcards.pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    pages = pypdf.PdfReader(BytesIO(answer.data)).pages
    address, message = (page.extract_text() for page in pages)
    assert "𠮷田　花子　様" in address
    for words in ("申込確定のお知らせ", "令和8年6月11日（木）10時～13時", "電話 086-000-0000"):
        assert words in message
    for words in ("花子", "086-426-3107", "http", "/r/", "西中新田640\n見本"):
        assert words not in message
    assert not any(list(page.images) for page in pages)
    assert [act.fields for act in desk.acts("letters.printed")] == ["batch=1 rows=1 postcard"]


def test_a_letter_that_became_needless_is_named_so_that_it_can_be_pulled_out(desk, organizer):
    stays, leaves = desk.somebody(name="甲野　花子", **AT_HOME), desk.somebody(name="乙野　一郎", **AT_HOME)
    batch = a_batch(desk, organizer)
    desk.ask(lambda: services.cancel(leaves, by=ORGANIZER, now=NOW))
    assert "乙野　一郎さん（申込確定のお知らせ）" in organizer.get(batch).text
    text = pypdf.PdfReader(BytesIO(organizer.get(f"{batch}letters.pdf").data)).pages[0].extract_text()
    assert "甲野　花子" in text
    post(organizer, batch, f"{batch}posted/")
    assert states(desk) == [State.POSTED, State.WITHDRAWN, State.LETTER]
    assert stays


def test_a_letter_becomes_a_call_and_a_call_a_letter(desk, organizer):
    desk.somebody(**AT_HOME)
    desk.somebody(**PHONE)
    for message, way in ((1, "call"), (1, "letter"), (2, "letter")):
        assert post(organizer, letters_of(desk), f"/console/messages/{message}/{way}/").status_code == 303
    # Nobody knows where the second lives.
    assert "ご住所が登録されていない" in organizer.get(calls_of(desk)).text
    assert states(desk) == [State.LETTER, State.CALL]


def test_how_each_call_ended_stands_on_the_list_with_its_time_and_caller(desk, organizer):
    person = desk.somebody(name="丙野　春子", kana="ヘイノ　ハルコ", **PHONE)
    desk.ask(lambda: services.cancel(person, by=ORGANIZER, now=NOW))
    page = organizer.get(calls_of(desk)).text
    assert "086-426-3107" in page
    assert "お申込みを取り消しました。" in page
    assert "要らなくなった連絡が1件あります" in page
    for outcome, word in (("absent", "不在"), ("left_word", "伝言")):
        post(organizer, calls_of(desk), calls_of(desk), person=str(person), outcome=outcome)
        assert f"{word}　6月1日（月）10時" in organizer.get(calls_of(desk)).text
    post(organizer, calls_of(desk), f"{calls_of(desk)}drop/")
    for _twice in range(2):
        post(organizer, calls_of(desk), calls_of(desk), person=str(person), outcome="reached")
    assert states(desk) == [State.WITHDRAWN, State.CALLED]
    assert [act.action for act in desk.acts("message.")] == ["message.absent", "message.left_word", "message.called"]
    assert "電話で連絡する方はいません" in organizer.get(calls_of(desk)).text


def test_pages_need_as_many_statements_for_many_as_for_few(desk, organizer, site):
    def costs(batch):
        pages = (letters_of(desk), calls_of(desk), batch, f"{batch}letters.pdf", "/console/letters/")
        return [statements(site, organizer, page) for page in pages]

    for _ in range(2):
        desk.somebody(**AT_HOME)
        desk.somebody(**PHONE)
    few = costs(a_batch(desk, organizer))
    for _ in range(6):
        desk.somebody(**AT_HOME)
        desk.somebody(**PHONE)
    assert costs(a_batch(desk, organizer)) == few


def test_another_sections_letters_do_not_exist(desk, organizer, site):
    desk.somebody(name="水島　四郎", **AT_HOME)
    batch = a_batch(desk, organizer)
    a_person(site, Role.ORGANIZER, email="far@city.example.jp", section="生涯学習課")
    stranger = browser_of(site, "far@city.example.jp")
    for address in (letters_of(desk), calls_of(desk), batch, f"{batch}letters.pdf"):
        assert stranger.get(address).status_code == 404
    for address in (letters_of(desk), calls_of(desk), f"{calls_of(desk)}drop/", f"{batch}posted/"):
        assert post(stranger, "/console/", address).status_code == 404
    assert "郵送や電話で知らせるものはありません" in stranger.get("/console/letters/").text
    assert letters_of(desk) in organizer.get("/console/letters/").text
