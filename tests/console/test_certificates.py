"""The organizer issues certificates; whoever has one finds it at /my/, and nobody else does."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from app.accounts.permissions import Role
from app.attendance import services
from app.attendance.types import Presence
from app.events.types import Audience
from app.infra.db import db
from app.org.models import StaffMember
from app.registrations import queries as registrations
from app.registrations import staffing
from tests.console.desk import THE_DAY, statements
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, an_event, apply_for
from tests.staff import post, signed_in


def newest_member() -> int:
    return db.session.scalar(sa.select(sa.func.max(StaffMember.id)))


def a_training(member_ids: list[int]) -> tuple[int, int]:
    """A training held today to which these members came; ids of event and sitting."""
    event = an_event(audience=Audience.STAFF)
    sitting_id = a_sitting(event, starts_at=NOW + timedelta(days=10), capacity=None).id
    for member_id in member_ids:
        staffing.register_member(sitting_id, member_id, by=ORGANIZER, now=NOW)
    for row in registrations.everyone(sitting_id):
        services.mark(sitting_id, row.id, Presence.PRESENT, by=ORGANIZER, now=THE_DAY)
    return event.id, sitting_id


def test_issued_on_the_console_and_read_by_its_owner_alone(site, organizer):
    owner = signed_in(site, Role.MEMBER, email="owner@city.example.jp")
    with site.app_context():
        event_id, sitting_id = a_training([newest_member(), a_member().id])
    other = signed_in(site, Role.MEMBER, email="other@city.example.jp")
    page = f"/console/events/{event_id}/certificates/"
    assert "これから発行する人（2人）" in organizer.get(page).text
    assert organizer.get(page.removesuffix("/") + ".pdf").status_code == 404
    assert post(organizer, page).status_code == 303
    assert organizer.get(page).text.count("有効</span>") == 2
    assert organizer.get(page.removesuffix("/") + ".pdf").data.startswith(b"%PDF")

    address = re.search(r'href="(/my/certificates/\d+\.pdf)"', owner.get("/my/").text)[1]
    assert owner.get(address).data.startswith(b"%PDF")
    assert other.get(address).status_code == 404
    assert "修了証" not in other.get("/my/").text
    with site.app_context():
        for row in registrations.everyone(sitting_id):
            services.mark(sitting_id, row.id, Presence.ABSENT, by=ORGANIZER, now=THE_DAY)
    assert owner.get(address).status_code == 404
    assert "出欠の訂正" in organizer.get(page).text


def test_one_issued_wrongly_is_withdrawn_with_a_reason_and_another_follows(site, organizer):
    with site.app_context():
        event_id, _sitting_id = a_training([a_member().id])
    page = f"/console/events/{event_id}/certificates/"
    post(organizer, page)
    withdraw = re.search(rf'href="({page}\d+/withdraw/)"', organizer.get(page).text)[1]
    assert post(organizer, withdraw, reason="").status_code == 422
    assert post(organizer, withdraw, reason="氏名の字を誤ったため").status_code == 303
    assert organizer.get(withdraw).status_code == 404
    assert "氏名の字を誤ったため" in organizer.get(page).text
    post(organizer, page)
    assert [part in organizer.get(page).text for part in ("第1号", "第2号", "有効")] == [True] * 3


def test_a_manager_looks_and_another_section_finds_nothing(site, organizer):
    with site.app_context():
        event_id, _sitting_id = a_training([a_member().id])
    page = f"/console/events/{event_id}/certificates/"
    manager = signed_in(site, Role.MANAGER)
    assert "1人に発行する" not in manager.get(page).text
    other = signed_in(site, Role.ORGANIZER, email="else@city.example.jp", section="総務課")
    assert other.get(page).status_code == 404


def test_the_ledger_costs_the_same_for_many(site, organizer, desk):
    page = f"/console/events/{desk.event_id}/certificates/"
    few = statements(site, organizer, page)
    with site.app_context():
        for _ in range(12):
            apply_for(desk.sitting_id)
        for row in registrations.everyone(desk.sitting_id):
            services.mark(desk.sitting_id, row.id, Presence.PRESENT, by=ORGANIZER, now=THE_DAY)
    assert "12人に発行する" in organizer.get(page).text
    post(organizer, page)
    assert statements(site, organizer, page) == few


def test_one_persons_record_holds_the_training_and_the_certificate(site, organizer):
    owner = signed_in(site, Role.MEMBER, email="owner@city.example.jp")
    with site.app_context():
        member_id = newest_member()
        event_id, _sitting_id = a_training([member_id])
    post(organizer, f"/console/events/{event_id}/certificates/")
    console = f"/console/compliance/people/{member_id}/"
    for page in (owner.get("/my/record/").text, organizer.get(console).text):
        assert [part in page for part in ("令和8年度", "出席", "第1号")] == [True] * 3
    few = statements(site, owner, "/my/record/")
    with site.app_context():
        for _ in range(4):
            a_training([member_id])
    assert statements(site, owner, "/my/record/") == few
    other = signed_in(site, Role.ORGANIZER, email="else@city.example.jp", section="総務課")
    assert "研修の記録は、まだありません" in other.get(console).text
