"""The organizer assigns everybody who has no place yet: a plan first, then all at once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.events import queries as events
from app.events.types import Audience
from app.infra import clock
from app.infra.db import db
from app.org import queries as org
from app.org import services
from app.org.drafts import Appointment
from app.org.types import DutyKind, UnitKind
from app.registrations import queries, staffing, substituting
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_sitting, a_unit, an_event
from tests.staff import post


@pytest.fixture
def training(site) -> int:
    """A training of two sittings, three departments with four sections and their promoters each; the event's id."""
    with site.app_context():
        event = an_event(audience=Audience.STAFF)
        start = clock.now() + timedelta(days=10)
        for hours in (0, 4):
            when = {"starts_at": start + timedelta(hours=hours), "ends_at": start + timedelta(hours=hours + 3)}
            a_sitting(event, capacity=8, **when)
        for _ in range(3):
            department = a_unit(UnitKind.DEPARTMENT)
            for _section in range(4):
                a_duty(a_unit(UnitKind.SECTION, department))
        return event.id


def page_of(event_id: int) -> str:
    return f"/console/events/{event_id}/assignment/"


def plan_of(answer) -> str:
    return re.search(r'name="plan" value="(\w+)"', answer.text)[1]


def test_looking_at_the_plan_writes_nothing(site, organizer, training):
    assert "12人を割り当てて、お知らせを送る" in organizer.get(page_of(training)).text
    with site.app_context():
        assert queries.members_with_place(training) == []


def test_everybody_gets_a_place_and_is_told_and_sittings_are_even(site, organizer, training):
    page = page_of(training)
    assert post(organizer, page, plan=plan_of(organizer.get(page))).status_code == 303
    with site.app_context():
        placed = queries.members_with_place(training)
        assert sorted(Counter(where for _who, where in placed).values()) == [6, 6]
        told = sa.select(sa.func.count()).where(OutboundMessage.kind == "registration.confirmed")
        assert db.session.scalar(told) == 12
    assert "割り当てる協働推進員はいません" in organizer.get(page).text


def test_who_comes_for_a_colleague_is_left_out_and_says_why(site, organizer, training):
    with site.app_context():
        officer, colleague = a_promoter(), a_member(name="代理　花子").id
        section, elsewhere = org.member(officer, on=NOW.date()).unit.id, a_unit(UnitKind.SECTION)
        services.post(colleague, section, date(2026, 4, 1), by=ORGANIZER, now=NOW)
        duty = Appointment(colleague, elsewhere, DutyKind.PROMOTER, 2026, date(2026, 4, 1))
        services.appoint(duty, by=ORGANIZER, now=NOW)
        sitting = events.by_id(training).sittings[0].id
        staffing.register_member(sitting, officer, by=ORGANIZER, now=NOW)
        place = queries.of_member(officer)[0].id
        substituting.name_substitute(place, colleague, by=ORGANIZER, now=NOW)
    assert "代理で出席することになっています" in organizer.get(page_of(training)).text


def test_who_chose_meanwhile_is_left_alone_and_the_plan_is_shown_again(site, organizer, training):
    page = page_of(training)
    looked_at = plan_of(organizer.get(page))
    with site.app_context():
        first = a_promoter()
        staffing.register_member(1, first, by=ORGANIZER, now=NOW)
    answer = post(organizer, page, plan=looked_at)
    assert answer.status_code == 422
    assert "割当案を作り直しました" in answer.text
    assert "11人を割り当てて" in answer.text
    with site.app_context():
        assert len(queries.members_with_place(training)) == 1


def test_who_finds_no_seat_is_named_with_the_reason(site, organizer, training):
    with site.app_context():
        db.session.execute(sa.text("UPDATE sitting SET capacity = 5"))
        db.session.commit()
    answer = organizer.get(page_of(training))
    assert answer.text.count("空いている席がありません。") == 2


def test_one_without_an_address_keeps_nobody_else_from_being_assigned(site, organizer, training):
    with site.app_context():
        db.session.execute(sa.text("UPDATE staff_member SET email = NULL WHERE id = :id"), {"id": a_promoter()})
        db.session.commit()
    page = page_of(training)
    shown = organizer.get(page)
    assert "メールアドレスが登録されていません。" in shown.text
    assert post(organizer, page, plan=plan_of(shown)).status_code == 303
    with site.app_context():
        assert len(queries.members_with_place(training)) == 11


def test_a_promoter_of_a_section_that_was_merged_away_is_not_assigned(site, organizer, training):
    with site.app_context():
        gone, stays = (duty.unit.id for duty in org.duties(2026)[:2])
        services.succeed([gone], [stays], 2026, by=ORGANIZER, now=NOW)
    assert "11人を割り当てて" in organizer.get(page_of(training)).text
    assert organizer.get("/console/org/2026/export.csv").status_code == 200


def test_the_plan_costs_the_same_for_many(site, organizer, training):
    few = statements(site, organizer, page_of(training))
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT)
        for _ in range(20):
            a_duty(a_unit(UnitKind.SECTION, department))
    assert statements(site, organizer, page_of(training)) == few


def a_promoter() -> int:
    return db.session.scalar(sa.text("SELECT staff_member_id FROM duty ORDER BY id LIMIT 1"))
