"""What binds a member of staff stands first on their page, each once: until when, what is missing, where to go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.permissions import Role
from app.compliance import services
from app.compliance.types import Audience, RequirementDraft
from app.events.types import Audience as EventAudience
from app.events.types import EventStatus
from app.infra import clock
from app.infra.db import db
from app.org.types import UnitKind
from app.registrations import staffing
from tests.conftest import config_for
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_duty, a_sitting, a_template, a_unit, a_worksheet, an_event
from tests.staff import signed_in

BY = {"by": ORGANIZER, "now": NOW}
SECTION = 2


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """Requirement 1: the training (sitting 1) and worksheet 1, demanded of the promoter of a section."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        db.create_all()
        assert a_unit(parent_id=a_unit(UnitKind.DEPARTMENT), name="環境課") == SECTION
        event = an_event(title="協働推進員研修", audience=EventAudience.STAFF, slug="suishin")
        a_sitting(event, label="午前の部")
        require(event.id, title="受講と提出", due_on=date(2026, 6, 13), template_id=a_template(needs_approval=False))
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def promoter(site: Flask) -> FlaskClient:
    """The browser of the section's promoter, member 1."""
    client = signed_in(site, Role.MEMBER)
    with site.app_context():
        a_duty(SECTION, 1)
    return client


def require(event_id: int, **about) -> int:
    values = {"fiscal_year": 2026, "code": "kyodo", "title": "受講", "due_on": date(2026, 9, 1), **about}
    return services.make(RequirementDraft(event_id=event_id, **values), **BY)


def due(client: FlaskClient) -> str:
    """What the page says of what is due, as text."""
    found = re.search(r'aria-labelledby="due">(.*?)</section>', client.get("/my/").text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]) if found else ""


def test_a_requirement_is_one_thing_with_its_two_parts_and_is_told_nowhere_else(site, promoter):
    page = promoter.get("/my/").text
    said = due(promoter)
    for word in ("受講と提出", "令和8年6月13日", "あと12日", "未申込", "参加する回を選ぶ", "未着手", "記入する"):
        assert word in said
    assert page.count('href="/my/trainings/suishin/"') == 1
    assert page.count(f'href="/my/worksheets/1/{SECTION}/"') == 1
    with site.app_context():
        staffing.register_member(1, 1, **BY)
        a_worksheet(1, SECTION, "窓口", submitted=True)
    said = due(promoter)
    for word in ("申込済", "午前の部", "申込みを確かめる・変える", "提出済", "担当課の確認を待っています。"):
        assert word in said


def test_what_is_done_is_one_line_and_what_is_over_asks_for_nothing(site, promoter):
    with site.app_context():
        services.exempt(1, 1, "育児休業", **BY)
    said = re.sub(r"\s+", " ", due(promoter))
    assert ("完了 受講と提出 免除・シート未着手" in said, "参加する回" in said) == (True, False)
    with site.app_context():
        services.take_back_exemption(1, 1, **BY)
        services.end(1, **BY)
    assert "終了（未申込・シート未着手）" in due(promoter)


def test_a_training_that_is_not_published_yet_has_no_link(site, promoter):
    with site.app_context():
        draft = an_event(status=EventStatus.DRAFT, audience=EventAudience.STAFF, slug="later")
        require(draft.id, code="later", audience=Audience.EVERYONE, due_on=date(2026, 5, 30))
    said = due(promoter)
    assert ("日程は、決まり次第お知らせします。" in said, "期限を2日過ぎています" in said) == (True, True)
    assert "/my/trainings/later/" not in promoter.get("/my/").text


def test_who_is_not_bound_sees_nothing_of_it_and_the_training_as_before(site):
    other = signed_in(site, Role.MEMBER)
    page = other.get("/my/").text
    assert (due(other), page.count('href="/my/trainings/suishin/"')) == ("", 1)


def test_the_page_costs_the_same_for_many_requirements_and_years(site, promoter):
    few = statements(site, promoter, "/my/")
    with site.app_context():
        for number, audience in enumerate([*Audience] * 2):
            event = an_event(audience=EventAudience.STAFF)
            a_sitting(event)
            sheet = a_template(code=f"sheet-{number}") if audience is Audience.PROMOTERS else None
            named = {"units": (SECTION,), "members": (1,), "template_id": sheet}
            require(event.id, code=f"more-{number}", audience=audience, **named)
            require(event.id, code=f"more-{number}", fiscal_year=2025, due_on=date(2025, 9, 1))
    assert statements(site, promoter, "/my/") == few
