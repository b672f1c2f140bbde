"""What was sent, what failed, whom to telephone."""

from __future__ import annotations

import sqlalchemy as sa

from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.delivery.types import State
from app.infra import clock
from app.infra.db import db
from tests.console.desk import browser_of
from tests.staff import a_person, post

LIST = "/console/messages/"


def message_of(desk, person, **changes):
    """The message about a registration, put into a state."""

    def act():
        row = db.session.scalar(sa.select(OutboundMessage).filter_by(thread=f"registration:{person}"))
        for name, value in changes.items():
            setattr(row, name, value)
        db.session.commit()
        return row.id

    return desk.ask(act)


def state_of(desk, message_id):
    return desk.ask(lambda: db.session.get(OutboundMessage, message_id).state)


def test_the_list_shows_each_state_and_is_narrowed_by_it(desk, organizer):
    sent, failed, call = (
        desk.somebody(name="甲"),
        desk.somebody(name="乙"),
        desk.somebody(name="丙", email=None, phone="+81864263107"),
    )
    message_of(desk, sent, state=State.SENT, sent_at=clock.now())
    message_of(desk, failed, state=State.FAILED, last_error="550 5.1.1 宛先がありません")
    page = organizer.get(LIST).text
    for words in ("送信済", "失敗", "要電話連絡", "550 5.1.1 宛先がありません", "電話 086-426-3107"):
        assert words in page
    only = organizer.get(f"{LIST}?state=failed").text
    assert f'/console/registrations/{failed}/"' in only
    assert f'/console/registrations/{sent}/"' not in only
    assert f'/console/registrations/{call}/"' in organizer.get(f"{LIST}?event={desk.event_id}&state=call").text


def test_a_failed_message_is_tried_again_from_either_page(desk, organizer):
    person = desk.somebody()
    message = message_of(desk, person, state=State.FAILED)
    answer = post(organizer, LIST, f"{LIST}{message}/retry/", state="failed")
    assert (answer.status_code, answer.location) == (303, "/console/messages/?state=failed")
    assert state_of(desk, message) is State.RETRY
    page = f"/console/registrations/{person}/"
    answer = post(organizer, page, f"{LIST}{message}/retry/", **{"from": "registration"})
    assert answer.location == f"{page}#messages"
    assert "失敗したメッセージではないため" in organizer.get(page).text


def test_sending_again_goes_to_the_address_of_today(desk, organizer):
    person = desk.somebody(email="old@example.jp")
    message = message_of(desk, person, state=State.SENT, sent_at=clock.now(), to_email="mistyped@example.jp")
    post(organizer, LIST, f"{LIST}{message}/resend/")
    copy = desk.ask(lambda: db.session.scalar(sa.select(OutboundMessage).filter_by(resend_of=message)))
    assert copy.to_email == "old@example.jp"


def test_who_was_telephoned_is_ticked_off(desk, organizer):
    person = desk.somebody(email=None, phone="+81864263107")
    message = message_of(desk, person)
    for _twice in range(2):
        assert post(organizer, LIST, f"{LIST}{message}/called/").status_code == 303
    assert state_of(desk, message) is State.CALLED


def test_one_message_shows_its_attempts(desk, organizer):
    page = organizer.get(f"{LIST}{message_of(desk, desk.somebody())}/").text
    assert "送信はまだ試していません" in page


def test_another_sections_messages_do_not_exist(desk, organizer, site):
    a_person(site, Role.ORGANIZER, email="far@city.example.jp", section="生涯学習課")
    stranger = browser_of(site, "far@city.example.jp")
    person = desk.somebody(name="水島　四郎")
    message = message_of(desk, person)
    assert "水島　四郎" in organizer.get(LIST).text
    assert "水島　四郎" not in stranger.get(LIST).text
    assert stranger.get(f"{LIST}?event={desk.event_id}").status_code == 404
    assert stranger.get(f"{LIST}{message}/").status_code == 404
    for act in ("resend", "retry", "called"):
        assert post(stranger, "/console/", f"{LIST}{message}/{act}/").status_code == 404


def test_a_helper_has_nothing_to_do_with_messages(desk, helper):
    assert helper.get(LIST).status_code == 403
