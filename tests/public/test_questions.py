"""The questions of an event on the public form: asked, refused at the field, confirmed, mailed, put right."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.events import asking
from app.events.models import Event
from app.infra import clock
from app.infra.db import db
from app.infra.storage import storage
from app.questions.party import Answered
from app.questions.types import Condition, Kind
from app.registrations import answer_files, answering, queries, renderings, services
from app.registrations.models import AnswerFile, Registration, RegistrationAnswer
from tests.factories import NOW, ORGANIZER, a_question
from tests.public.conftest import form_of
from tests.public.door import applied, confirmation, fields, filled_in, problems, ready
from tests.staff import post

PDF = b"%PDF-1.7"


def asks(site: Flask, address: str, *asked: Any, **more: Any) -> None:
    """The event of the form asks one question more."""
    with site.app_context():
        slug = address.split("/")[2]
        a_question(db.session.scalar(sa.select(Event.id).filter_by(slug=slug)), *asked, **more)


def answers(site: Flask, number: int = 1) -> list[dict[str, Any]]:
    with site.app_context():
        return [dict(one) for one in answering.of_one(number)]


def test_what_was_answered_stands_on_the_confirmation_the_own_page_and_in_the_mail(any_site):
    visitor, form = any_site.test_client(), form_of(any_site)
    asks(any_site, form, Kind.MULTIPLE, "知ったきっかけ", key="heard", options=("広報紙", "チラシ"))
    asks(any_site, form, Kind.NUMBER, "お子さんの人数", key="children", unit="人")
    asks(any_site, form, Kind.LINE, "担当者の記録", key="secret", internal=True)
    typed = {"q-heard": ["heard1", "heard2"], "q-children": "２", "q-secret": "見せない"}
    shown = confirmation(visitor, form, **typed).text
    assert "広報紙、チラシ" in shown
    own = applied(visitor, form, **typed)
    assert "2人" in visitor.get(own).text
    assert answers(any_site) == [{"heard": ["heard1", "heard2"], "children": "2"}]
    with any_site.app_context():
        render = renderings._renderer("confirmed")
        mail = render({"registration": 1, "sequence": 0, "held_a_seat": False})
    assert "・お子さんの人数\n　2人" in mail.text.replace("\r\n", "\n")
    assert "広報紙、チラシ" in mail.html


def test_what_is_required_or_wrong_is_refused_at_its_field_and_everything_typed_stays(site, visitor, form):
    asks(site, form, Kind.SINGLE, "年代", key="age", options=("30代", "40代"), required=True)
    asks(site, form, Kind.DATE, "ご希望の日", key="day")
    asks(site, form, Kind.CONSENT, "撮影に同意します", key="photo", required=True)
    page = confirmation(visitor, form, **{"q-day": "いつでも"})
    assert page.status_code == 422
    assert set(problems(page)) == {"q-age", "q-day", "q-photo"}
    assert fields(page)["q-day"] == ["いつでも"]
    assert ready(visitor, form, **{"q-age": "age2", "q-day": "令和8年6月2日", "q-photo": "yes"})["q-day"] == [
        "2026-06-02"
    ]


def test_a_question_that_does_not_apply_is_dropped_and_one_that_does_is_needed(site, visitor, form):
    asks(site, form, Kind.YES_NO, "託児", key="care")
    condition = Condition("care", ("yes",))
    asks(site, form, Kind.LINE, "月齢", key="months", required=True, condition=condition)
    assert "q-months" in problems(confirmation(visitor, form, **{"q-care": "yes"}))
    applied(visitor, form, **{"q-care": "no", "q-months": "10か月"})
    assert answers(site) == [{"care": False}]


def test_each_companion_is_asked_once_their_number_is_known(site, visitor, form):
    asks(site, form, Kind.LINE, "お住まい", key="home", per_person=True, required=True)
    asks(site, form, Kind.LINE, "きっかけ", key="heard")
    first = filled_in(visitor, form, companions="2", **{"q-home": "児島", "q-heard": "友人"})
    page = visitor.post(form, data=first)
    assert page.status_code == 422
    assert "q-home-1" not in problems(page), "nobody is blamed for a question that was not there"
    sent = {**fields(page), "consent": "y", "q-home-1": "玉島"}
    assert (sent["q-home"], sent["q-heard"]) == (["児島"], ["友人"])
    assert set(problems(visitor.post(form, data=sent))) == {"q-home-2"}
    confirmed = visitor.post(form, data={**sent, "q-home-2": "真備"})
    done = visitor.post(form, data={**fields(confirmed), "confirmed": "1"})
    assert done.status_code == 303
    assert [one.get("home") for one in answers(site)] == ["児島", "玉島", "真備"]
    own = done.location.removesuffix("done/")
    assert "お住まい（同伴者2）" in visitor.get(own).text


def test_the_button_shows_the_questions_of_companions_before_anything_is_sent(site, visitor, form):
    asks(site, form, Kind.LINE, "お住まい", key="home", per_person=True)
    sent = filled_in(visitor, form, companions="1", back="people", **{"q-home": "児島"})
    page = visitor.post(form, data=sent)
    assert (page.status_code, fields(page)["q-home-1"], fields(page)["q-home"]) == (200, [""], ["児島"])


def test_answers_are_put_right_by_the_link_and_internal_ones_stay(any_site):
    visitor, form = any_site.test_client(), form_of(any_site)
    asks(any_site, form, Kind.LINE, "お住まい", key="home", per_person=True)
    asks(any_site, form, Kind.LINE, "担当者の記録", key="secret", internal=True)
    own = applied(visitor, form, companions="1", **{"q-home": "児島", "q-home-1": "玉島"})
    with any_site.app_context():
        row = db.session.scalars(sa.select(Registration)).one()
        known = answering.of_one(row.id)
        said = Answered(({**known[0], "secret": "記録"}, *known[1:]), ("home", "secret"))
        details = replace(queries.details_of(row), answered=said)
        services.change_details(row.id, details, version=row.version, by=ORGANIZER, now=NOW)
    page = visitor.get(own + "change/")
    assert "担当者の記録" not in page.text
    changed = {**fields(page), "q-home": "倉敷", "companions": "0"}
    assert post(visitor, own + "change/", **changed).status_code == 303
    assert answers(any_site) == [{"home": "倉敷", "secret": "記録"}]


def test_a_question_taken_away_meanwhile_is_no_answer_and_loses_none(site, visitor, form):
    asks(site, form, Kind.LINE, "お住まい", key="home")
    sent = ready(visitor, form, **{"q-home": "児島"})
    with site.app_context():
        asking.remove(1, 1, by=ORGANIZER, now=NOW)
    assert visitor.post(form, data=sent).status_code == 303
    assert rows_of(site, RegistrationAnswer) == 0


def rows_of(site: Flask, table: Any) -> int:
    with site.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_file_is_kept_between_the_pages_and_goes_with_the_registration(any_site):
    visitor, form = any_site.test_client(), form_of(any_site)
    asks(any_site, form, Kind.FILE, "活動の写真", key="picture", required=True)
    wrong = filled_in(visitor, form, **{"q-picture": (io.BytesIO(b"MZ"), "virus.pdf")})
    page = visitor.post(form, data=wrong, content_type="multipart/form-data")
    assert "受け付けられる" in problems(page)["q-picture"]
    sent = filled_in(visitor, form, name="", **{"q-picture": (io.BytesIO(PDF), "写真.pdf")})
    page = visitor.post(form, data=sent, content_type="multipart/form-data")
    assert page.status_code == 422
    assert "写真.pdf" in page.text, "nothing is chosen twice"
    kept = {**fields(page), "name": "倉敷　花子", "consent": "y"}
    confirmed = visitor.post(form, data=kept, content_type="multipart/form-data")
    assert visitor.post(form, data={**fields(confirmed), "confirmed": "1"}).status_code == 303
    with any_site.app_context(), clock.fixed(NOW + answer_files.LASTS * 2):
        file = db.session.scalars(sa.select(AnswerFile)).one()
        key, own = file.file_key, file.registration_id
        assert answer_files.sweep(now=clock.now()) == 0
        assert answer_files.content(own or 0, file.key)[1] == PDF
        # A registration that is deleted takes its answers along; its files are nobody's and are swept.
        for table in ("outbound_message", "registration"):
            db.session.execute(sa.text(f"DELETE FROM {table}"))  # names from the line above
        db.session.commit()
        assert answer_files.sweep(now=clock.now()) == 1
        assert not storage.has(key)
    assert rows_of(any_site, RegistrationAnswer) == 0


def test_a_file_of_somebody_else_cannot_be_claimed(site, visitor, form):
    asks(site, form, Kind.FILE, "写真", key="picture")
    sent = filled_in(visitor, form, **{"q-picture": (io.BytesIO(PDF), "写真.pdf")})
    confirmed = visitor.post(form, data=sent, content_type="multipart/form-data")
    stolen = fields(confirmed)["q-picture"]
    assert visitor.post(form, data={**fields(confirmed), "confirmed": "1"}).status_code == 303
    other = site.test_client()
    again = other.post(form, data=ready(other, form, name="別の人", **{"q-picture": stolen}))
    assert again.status_code == 422
    assert "もう一度ファイルを選んで" in again.text


@pytest.fixture(scope="module")
def open_form(quiet_site: Flask) -> str:
    address = form_of(quiet_site)
    asks(quiet_site, address, Kind.LINE, "一行", key="line")
    asks(quiet_site, address, Kind.TEXT, "文章", key="text")
    asks(quiet_site, address, Kind.MULTIPLE, "選択", key="many", options=("あ", "い", "う"))
    return address


TYPED = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=TYPED, text=TYPED, many=st.sets(st.sampled_from(["many1", "many2", "many3"])))
def test_what_the_confirmation_sends_is_confirmed_again_unchanged(quiet_site, open_form, line, text, many):
    with clock.fixed(NOW):
        visitor = quiet_site.test_client()
        typed = {"q-line": line, "q-text": text, "q-many": sorted(many)}
        once = confirmation(visitor, open_form, **typed)
        sent = fields(once)
        assert once.status_code == 200
        twice = visitor.post(open_form, data=sent)
        assert {n: v for n, v in fields(twice).items() if n.startswith("q-")} == {
            n: v for n, v in sent.items() if n.startswith("q-")
        }
