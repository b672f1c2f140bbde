"""一斉のお知らせ, through the door: written, tried, counted, sent, looked at afterwards."""

from __future__ import annotations

from io import BytesIO

import sqlalchemy as sa

from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.delivery.sending import send_due
from app.infra import clock
from app.infra.db import db
from app.questions.party import Answered
from app.questions.types import Kind
from app.registrations.models import BulkMessage
from tests.console.desk import browser_of, statements
from tests.factories import a_question
from tests.staff import a_person, post

WORDS = {"statuses": "confirmed", "came": "any", "subject": "{event}の駐車場", "body": "{name}様、東側です。"}


def bulk_of(desk):
    return f"/console/events/{desk.event_id}/bulk/"


def written(desk, organizer, **changes):
    """The address of a draft."""
    page = f"{bulk_of(desk)}new/"
    answer = post(organizer, page, **(WORDS | changes))
    assert answer.status_code == 303
    return answer.location


def sent(desk, organizer, people):
    draft = written(desk, organizer)
    post(organizer, draft, f"{draft}test/")
    assert post(organizer, f"{draft}send/", version="1", expected=str(people)).status_code == 303
    return draft


def outbox(desk, kind):
    wanted = sa.select(OutboundMessage.to_email).filter_by(kind=kind).order_by(OutboundMessage.id)
    return desk.ask(lambda: list(db.session.scalars(wanted)))


def test_it_is_counted_written_tried_confirmed_and_sent_once(desk, organizer):
    first = desk.somebody(name="甲", email="a@example.jp")
    desk.somebody(name="乙", email=None, phone="+81864263107")
    counted = post(organizer, f"{bulk_of(desk)}new/", **WORDS, do="count")
    assert "{name}様、東側です。" in counted.text
    draft = written(desk, organizer)
    assert "見本　花子様、東側です。" in organizer.get(draft).text
    assert "甲様、東側です。" in organizer.get(f"{draft}?person={first}").text
    assert "甲様、東側です。" in organizer.get(f"{draft}html/?person={first}").text
    assert organizer.get(f"{draft}send/").location == draft
    assert post(organizer, draft, f"{draft}test/").status_code == 303
    assert outbox(desk, "registration.bulk_test") == ["organizer@city.example.jp"]
    assert "2人に送りますか" in organizer.get(f"{draft}send/").text
    wrong = post(organizer, f"{draft}send/", version="1", expected="3")
    assert wrong.status_code == 422
    assert "3人から2人に変わりました" in wrong.text
    for _twice in range(2):
        form = {"version": "1", "expected": "2"}
        token_page = f"{bulk_of(desk)}new/"
        assert post(organizer, token_page, f"{draft}send/", **form).status_code == 303
    assert outbox(desk, "registration.bulk") == ["a@example.jp", None]
    page = organizer.get(draft).text
    assert all(words in page for words in ("検証 太郎", "要電話連絡1", "待機1", "甲"))
    assert "要電話連絡1" in organizer.get(bulk_of(desk)).text
    assert [act.action for act in desk.acts("bulk.")] == ["bulk.written", "bulk.tested", "bulk.sent"]


def test_what_is_wrong_comes_back_at_its_field_with_what_was_typed(desk, organizer):
    page = f"{bulk_of(desk)}new/"
    answer = post(organizer, page, **(WORDS | {"body": "{{7*7}} こちらです"}))
    assert answer.status_code == 422
    assert 'id="body-error"' in answer.text
    assert "こちらです" in answer.text
    assert post(organizer, page, subject="件名", body="本文").status_code == 422  # nobody chosen
    for invented in ({"came": "x"}, {"statuses": "x"}):
        assert post(organizer, page, **(WORDS | invented)).status_code == 422
        assert post(organizer, page, **(WORDS | invented), do="count").status_code == 200
    assert desk.ask(lambda: db.session.scalar(sa.select(sa.func.count(BulkMessage.id)))) == 0


def test_the_group_is_chosen_by_answers_to_the_events_questions(desk, organizer):
    with desk.site.app_context():
        a_question(desk.event_id, Kind.SINGLE, "昼食", key="lunch", options=("要る", "要らない"))
    desk.somebody(answered=Answered(({"lunch": "lunch1"},), ("lunch",)))
    desk.somebody(answered=Answered(({"lunch": "lunch2"},), ("lunch",)))
    page = f"{bulk_of(desk)}new/"
    assert "昼食：要らない" in organizer.get(page).text
    draft = written(desk, organizer, answers="1:lunch1")
    assert "確定、昼食：要る" in organizer.get(draft).text
    assert "checked" in organizer.get(f"{draft}edit/").text.split('value="1:lunch1"')[1][:12]
    assert post(organizer, page, **WORDS, answers="1:x", do="count").status_code == 200


def test_files_are_looked_at_and_a_change_asks_for_another_try(desk, organizer):
    draft = written(desk, organizer)
    post(organizer, draft, f"{draft}test/")
    refused = post(organizer, draft, f"{draft}files/", file=(BytesIO(b"MZ\x90"), "setup.pdf"))
    assert refused.status_code == 422
    taken = post(organizer, draft, f"{draft}files/", file=(BytesIO(b"%PDF-1.7"), "地図.pdf"))
    assert taken.status_code == 303
    page = organizer.get(draft).text
    assert "地図.pdf" in page
    assert "自分に試し送りをする" in page
    file = organizer.get(f"{draft}files/1/")
    assert (file.data, file.headers["Cache-Control"]) == (b"%PDF-1.7", "no-store")
    assert post(organizer, draft, f"{draft}files/1/remove/").status_code == 303
    assert post(organizer, draft, f"{draft}discard/").location == bulk_of(desk)
    assert organizer.get(draft).status_code == 404


def test_other_sections_and_helpers_do_not_write_and_a_manager_only_looks(desk, organizer, helper, site):
    desk.somebody()
    draft = written(desk, organizer)
    a_person(site, Role.ORGANIZER, email="far@city.example.jp", section="生涯学習課")
    a_person(site, Role.MANAGER)
    stranger, manager = browser_of(site, "far@city.example.jp"), browser_of(site, "manager@city.example.jp")
    for page in (bulk_of(desk), draft, f"{draft}html/", f"{draft}edit/", f"{draft}send/"):
        assert stranger.get(page).status_code == 404
        assert helper.get(page).status_code == 403
    for act in ("test", "send", "discard", "edit"):
        assert post(stranger, "/console/", f"{draft}{act}/", **WORDS).status_code == 404
        assert post(manager, "/console/", f"{draft}{act}/", **WORDS).status_code == 403
    assert manager.get(draft).status_code == 200
    assert "お知らせを書く" not in manager.get(bulk_of(desk)).text


def test_history_and_recipients_need_a_constant_number_of_statements(desk, organizer, site):
    desk.somebody(email="p0@example.jp")
    first = sent(desk, organizer, 1)
    needed = statements(site, organizer, bulk_of(desk)), statements(site, organizer, first)
    for number in range(1, 6):
        desk.somebody(email=f"p{number}@example.jp")
    last = sent(desk, organizer, 6)
    assert (statements(site, organizer, bulk_of(desk)), statements(site, organizer, last)) == needed


def test_the_worker_sends_what_the_test_mail_showed(desk, organizer, site):
    desk.somebody(name="{url}", email="a@example.jp")
    sent(desk, organizer, 1)
    with site.app_context():
        assert send_due(clock.now) == 3  # confirmation, test, the message itself
    page = organizer.get(bulk_of(desk)).text
    assert "送信済1" in page
