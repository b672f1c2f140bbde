"""A coordinator sees who of the own department still owes; no other department, and nobody else sees any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.permissions import Role
from app.compliance import services
from app.compliance.types import RequirementDraft
from app.events.types import Audience
from app.infra import clock
from app.infra.db import db
from app.org.models import StaffMember
from app.org.types import DutyKind, UnitKind
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_sitting, a_unit, an_event
from tests.staff import signed_in


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """Departments 1 and 3 with a section each (2 and 4), and a requirement (1) for their promoters."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
        for name in ("甲", "乙"):
            department = a_unit(UnitKind.DEPARTMENT, name=f"{name}部")
            section = a_unit(UnitKind.SECTION, department, name=f"{name}課")
            a_duty(section, a_member(name=f"{name}　推進").id)
        event = an_event(audience=Audience.STAFF)
        a_sitting(event)
        draft = RequirementDraft(2026, "kyodo", "協働推進員研修", event.id, date(2026, 9, 1))
        services.make(draft, by=ORGANIZER, now=NOW)
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


def test_the_own_department_and_no_other(site):
    coordinator = signed_in(site, Role.MEMBER)
    with site.app_context():
        newest = db.session.scalar(sa.select(sa.func.max(StaffMember.id)))
        a_duty(1, newest, DutyKind.COORDINATOR)
    assert 'href="/my/department/"' in coordinator.get("/my/").text
    assert "1人のうち0人が完了" in coordinator.get("/my/department/").text
    page = coordinator.get("/my/department/1/1/").text
    assert ("甲　推進" in page, "乙　推進" in page) == (True, False)
    assert coordinator.get("/my/department/3/1/").status_code == 404
    assert coordinator.get("/my/department/1/2/").status_code == 404


def test_whoever_coordinates_nothing_finds_nothing(site):
    member = signed_in(site, Role.MEMBER)
    assert 'href="/my/department/"' not in member.get("/my/").text
    assert member.get("/my/department/").status_code == 404
    assert member.get("/my/department/1/1/").status_code == 404
    assert signed_in(site, Role.ORGANIZER).get("/my/department/1/1/").status_code == 404
