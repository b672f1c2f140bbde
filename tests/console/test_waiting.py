"""The organizer telephones those who wait, and chooses what becomes of seats that are free."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.events import queries as events
from app.events.choices import LargeParties, WaitingMode
from app.infra import clock
from app.registrations import queries, services
from app.registrations.types import Status
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event, apply_for
from tests.public.door import fields
from tests.staff import post

START = NOW + timedelta(days=10)
LATE = START - timedelta(hours=2)


@pytest.fixture
def line(desk):
    """A seat is free two hours before the start, and two wait: the page, and their registrations."""
    with desk.site.app_context():
        sitting = a_sitting(an_event(waiting_mode=WaitingMode.OFFER), capacity=1, starts_at=START)
        held, *waiting = (apply_for(sitting, email=None, phone=f"+8186426310{n}") for n in range(3))
        held, *waiting = (queries.by_token(one.token, now=NOW).id for one in (held, *waiting))
        services.cancel(held, by=ORGANIZER, now=LATE)
        return f"/console/events/{sitting.event_id}/waiting/{sitting.id}/", waiting


def call(organizer, page, who, outcome):
    return post(organizer, page, f"/console/registrations/{who}/call/", outcome=outcome)


def status(desk, who):
    return desk.ask(lambda: queries.by_id(who).status)


def test_the_list_names_who_is_next_and_records_each_call(desk, organizer, line):
    page, (first, second) = line
    with clock.fixed(LATE):
        shown = organizer.get(page).text
        assert shown.index("tel:+81864263101") < shown.index("tel:+81864263102")
        assert shown.count("1席を渡せます") == 1
        assert call(organizer, page, second, "accepted").status_code == 422
        assert call(organizer, page, first, "no_answer").status_code == 303
        assert call(organizer, page, second, "accepted").status_code == 303
        assert (status(desk, first), status(desk, second)) == (Status.WAITLISTED, Status.CONFIRMED)
        after = organizer.get(page).text
        assert "つながらない　" in after
        assert "参加　" in after
        assert call(organizer, page, first, "declined").status_code == 303
    assert status(desk, first) is Status.CANCELLED
    assert [one.fields for one in desk.acts("waiting.listed")][:1] == ["rows=2"]


def test_nobody_gets_a_seat_once_the_sitting_began(desk, organizer, line):
    page, (first, _second) = line
    with clock.fixed(START):
        assert "開始時刻を過ぎたため、席を渡すことはできません" in organizer.get(page).text
        assert call(organizer, "/my/password/", first, "accepted").status_code == 422
    assert status(desk, first) is Status.WAITLISTED


def test_the_list_costs_the_same_however_many_wait(desk, organizer, line):
    page, _waiting = line
    with clock.fixed(LATE):
        few = statements(desk.site, organizer, page)
        with desk.site.app_context():
            sitting_id = int(page.split("/")[-2])
            for _ in range(8):
                services.apply(an_application(sitting_id), by=ORGANIZER, now=LATE)
        assert statements(desk.site, organizer, page) == few


def test_the_registration_and_the_list_say_why_nobody_was_served(desk, organizer, line):
    page, (first, _second) = line
    with clock.fixed(LATE):
        for address in (f"/console/registrations/{first}/", page.split("waiting/")[0] + "registrations/"):
            assert "担当から順番にお電話します" in organizer.get(address).text


def test_the_rule_is_chosen_in_the_form_and_can_be_changed_once_published(desk, organizer):
    page = f"/console/events/{desk.event_id}/edit/"
    form = fields(organizer.get(page))
    wrong = organizer.post(page, data=form | {"large_parties": "partial"})
    assert (wrong.status_code, "「案内して回答を待つ」のときに選べます" in wrong.text) == (422, True)
    answer = organizer.post(page, data=form | {"waiting_mode": "offer", "large_parties": "partial"})
    assert answer.status_code == 303
    row = desk.ask(lambda: events.by_id(desk.event_id))
    assert (row.waiting_mode, row.large_parties) == (WaitingMode.OFFER, LargeParties.PARTIAL)
    assert "期限までに回答がないときは、次の方にご案内します" in organizer.get(f"/events/{row.slug}/").text
