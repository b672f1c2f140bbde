"""Seats that are kept for an audience, as a resident and as a member of staff see them."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.accounts.permissions import Role
from app.events.audiences import Category
from app.events.drafts import AllotmentPlan
from app.events.types import Audience
from app.kernel.japanese_dates import TOKYO
from app.registrations import allotments
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.public.test_structured_data import json_ld
from tests.staff import signed_in

RELEASE = datetime(2026, 6, 8, tzinfo=TOKYO)


@pytest.fixture
def address(site) -> str:
    """An event of six seats, three of them kept for staff until 7 June and one in the organizer's hand."""
    with site.app_context():
        event = an_event(slug="shared", audience=Audience.BOTH)
        sitting = a_sitting(event, capacity=6)
        plans = [AllotmentPlan(Category.STAFF, 3, RELEASE)]
        allotments.change(sitting.id, 1, plans, by=ORGANIZER, now=NOW)
    return "/events/shared/"


def test_the_page_says_what_is_kept_until_when_and_counts_the_seats_a_resident_gets(site, visitor, address):
    page = visitor.get(address).text
    assert "定員のうち3席は、市職員の枠です（6月7日（日）まで）。" in page
    assert 'data-seats-left="2"' in page
    assert json_ld(visitor, address)["remainingAttendeeCapacity"] == 2
    with site.app_context():
        allotments.release_due(now=RELEASE)
    page = visitor.get(address).text
    assert "枠です" not in page
    assert 'data-seats-left="5"' in page


def test_a_member_of_staff_sees_the_seats_for_staff(site, address):
    assert "残り5席" in signed_in(site, Role.MEMBER).get("/my/trainings/shared/").text
