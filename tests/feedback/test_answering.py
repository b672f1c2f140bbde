"""Answering a feedback form: by the printed address and by the mailed link, before, meanwhile and afterwards."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.permissions import Role
from app.attendance import services as attendance
from app.attendance.types import Mark, Presence
from app.delivery.models import OutboundMessage
from app.events.choices import SittingsTaken
from app.feedback import queries, services
from app.feedback.messages import THANKS
from app.feedback.models import FeedbackBallot
from app.infra.db import db
from app.questions import codec
from app.registrations import queries as registrations
from app.registrations import signing_up
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event
from tests.feedback.builders import AFTER, HELD, LATER, a_form, an_event_held, mailed_paths
from tests.staff import at, post, signed_in, token_of

WELL = {"q-asked-standing": "o1", "q-asked-satisfied": "o2", "q-asked-good": "話し合いが楽しかった"}


def held(site):
    """A form that is open."""
    with site.app_context():
        return a_form(an_event_held())


@pytest.fixture
def later():
    with at(LATER):
        yield


def ballots(site):
    with site.app_context():
        return db.session.scalars(sa.select(FeedbackBallot.choices)).all()


def key_of(html):
    return re.search(r'name="submission_id" value="([^"]+)"', html)[1]


def test_an_answer_through_the_open_address_arrives_and_the_browser_knows_it(site, later):
    form = held(site)
    path, client = f"/f/{form.code}/", site.test_client()
    answer = post(client, path, **WELL)
    assert (answer.status_code, answer.location) == (303, f"{path}thanks/")
    assert "回答を受け取りました" in client.get(answer.location).text
    assert ballots(site) == [{"standing": "o1", "satisfied": "o2"}]
    assert "この端末からは回答済みです" in client.get(path).text
    assert "回答を送る" in client.get(f"{path}?again=1").text
    # The cookie says that somebody answered, and nothing else.
    assert client.get_cookie(f"answered-{form.code}", path=path).value == "1"


def test_the_same_page_sent_twice_counts_once(site, later):
    form = held(site)
    path, client = f"/f/{form.code}/", site.test_client()
    page = client.get(path).text
    sent = {"csrf_token": token_of(page), "submission_id": key_of(page), **WELL}
    assert [client.post(path, data=sent).status_code for _ in range(2)] == [303, 303]
    assert len(ballots(site)) == 1


def test_what_is_missing_is_named_at_its_question_and_what_was_typed_stays(site, later):
    form = held(site)
    answer = post(site.test_client(), f"/f/{form.code}/", **{**WELL, "q-asked-satisfied": ""})
    assert answer.status_code == 422
    assert "「全体として、いかがでしたか」を選んでください。" in answer.text
    assert 'href="#q-asked-satisfied"' in answer.text
    assert "話し合いが楽しかった" in answer.text
    assert ballots(site) == []


def test_a_form_without_any_answer_is_refused(site, later):
    form = held(site)
    (asked,) = form.definition.sections
    optional = replace(asked, questions=tuple(one for one in asked.questions if not one.required))
    changed, seen = replace(form.definition, sections=(optional,)), codec.digest(form.definition)
    with site.app_context():
        services.ask(form.event_id, changed, seen=seen, by=ORGANIZER, now=LATER)
    answer = post(site.test_client(), f"/f/{form.code}/")
    assert (answer.status_code, "一つ以上の質問にお答えください。" in answer.text) == (422, True)


@pytest.mark.parametrize(("moment", "words"), [(NOW, "まだ始まっていません"), (AFTER, "受付は終わりました")])
def test_outside_its_time_the_form_takes_nothing(site, moment, words):
    form = held(site)
    path, client = f"/f/{form.code}/", site.test_client()
    with at(LATER):
        page = client.get(path).text
    sent = {"csrf_token": token_of(page), "submission_id": key_of(page), **WELL}
    with at(moment):
        assert words in client.get(path).text
        answer = client.post(path, data=sent)
    assert (answer.status_code, ballots(site)) == (422, [])
    assert "回答の受付期間ではありません" in answer.text


def test_who_came_gets_one_mail_with_a_link_that_works_once(site, later):
    with site.app_context():
        event_id = an_event_held(2)
        form = a_form(event_id)
        assert [services.thank(event_id, by=ORGANIZER, now=LATER) for _ in range(2)] == [2, 0]
        path, other = mailed_paths()
    assert path != other
    client = site.test_client()
    assert post(client, path, **WELL).status_code == 303
    assert "回答を受け取りました" in client.get(path).text
    # The other person's link still works, in the same browser, too; one that was never mailed does not.
    assert "回答を送る" in client.get(other).text
    assert client.get(f"/f/{form.code}/{'x' * 22}/").status_code == 404
    sent = {"csrf_token": token_of(client.get(other).text), **WELL}
    assert client.post(path, data={**sent, "q-asked-satisfied": "o5"}).status_code == 303
    assert [one["satisfied"] for one in ballots(site)] == ["o2"]


def test_who_did_not_come_or_left_no_address_is_not_written_to(app):
    event_id = an_event_held(2, came=0)
    a_form(event_id)
    assert services.thank(event_id, by=ORGANIZER, now=LATER) == 0
    assert db.session.scalar(sa.select(sa.func.count()).where(OutboundMessage.kind == THANKS)) == 0


def test_who_came_to_several_sittings_is_written_to_once(app):
    event = an_event(sittings_taken=SittingsTaken.SOME)
    event_id, sittings = (
        event.id,
        [a_sitting(event, starts_at=HELD - timedelta(days=1, hours=3 * n)).id for n in (2, 1)],
    )
    signing_up.sign_up(an_application(sittings[0]), sittings, now=NOW)
    a_form(event_id)
    thanked = []
    for sitting_id in sittings:
        marks = [Mark(row.id, Presence.PRESENT) for row in registrations.everyone(sitting_id)]
        attendance.mark_many(sitting_id, marks, by=ORGANIZER, now=HELD)
        thanked.append(services.thank(event_id, by=ORGANIZER, now=LATER))
    assert thanked == [1, 0]


def test_an_unknown_address_is_not_found(site, later):
    assert site.test_client().get("/f/abcdef/").status_code == 404


def test_the_organizer_makes_changes_thanks_and_reads_once_it_is_closed(site):
    with site.app_context():
        event_id = an_event_held(1)
    base = f"/console/events/{event_id}/feedback/"
    with at(LATER):
        client = signed_in(site, Role.ORGANIZER)
        assert post(client, base, f"{base}new/").status_code == 303
        with site.app_context():
            form = queries.of_event(event_id, now=LATER)
        assert post(client, base, last_day="令和8年6月20日", breakdown="age").status_code == 303
        wrong = post(client, base, last_day="令和9年6月20日", breakdown="age")
        assert (wrong.status_code, "までの日付を入力してください" in wrong.text) == (422, True)
        assert "令和9年6月20日" in wrong.text
        assert post(client, base, f"{base}thanks/").status_code == 303
        assert "待機" in client.get(base).text
        sign = client.get(f"{base}sign/").text
        assert f"/f/{form.code}/" in sign
        assert client.get(f"{base}results/").status_code == 404
        questions = f"{base}questions/"
        seen = re.search(r'name="seen"[^>]*value="(\w+)"', client.get(questions).text)[1]
        moved = post(client, questions, hint="よろしくお願いします", do="down:1", seen=seen)
        assert moved.status_code == 303
        assert "答え方" in client.get(f"{questions}1/").text
        changed = post(client, f"{questions}0/", label="また参加したいですか", kind="yes_no", step="1", seen=seen)
        assert (changed.status_code, "別の職員が先に" in changed.text) == (422, True)
    with site.app_context():
        row = queries.of_event(event_id, now=LATER)
    assert (row.last_day.isoformat(), row.breakdown) == ("2026-06-20", "age")
    assert [one.key for one in row.questions][:2] == ["age", "standing"]
    assert row.definition.hint == "よろしくお願いします"
