"""出席確定, and what holds after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.attendance import queries, services
from app.attendance.errors import CountDiffers, ReasonNeeded, SomeUnmarked, TooEarly
from app.attendance.types import Mark, Presence, WalkIn
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations.models import Registration
from app.registrations.types import Category
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for

AFTER = NOW + timedelta(days=10, hours=4)
BY = {"by": ORGANIZER, "now": AFTER}

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def sitting():
    return a_sitting().id


@pytest.fixture
def people(sitting):
    references = [apply_for(sitting).reference for _ in range(3)]
    known = dict(db.session.execute(sa.select(Registration.reference, Registration.id)).all())
    return [known[reference] for reference in references]


def mark_all(sitting, people):
    services.mark_many(sitting, [Mark(person, Presence.PRESENT) for person in people], **BY)


def test_nobody_is_forgotten(sitting, people):
    mark_all(sitting, people[:2])
    with pytest.raises(SomeUnmarked, match="1件"):
        services.close(sitting, **BY)


def test_the_rest_is_absent_only_when_that_is_said(sitting, people):
    mark_all(sitting, people[:2])
    services.close(sitting, rest=Presence.ABSENT, **BY)
    sheet = queries.sheet(sitting)
    assert (sheet.totals.people, sheet.totals.absent, sheet.closed_at) == (2, 1, AFTER)


def test_paper_and_record_must_agree(sitting, people):
    mark_all(sitting, people)
    services.set_sheet_count(sitting, 4, **BY)
    with pytest.raises(CountDiffers, match=r"4人.*3人"):
        services.close(sitting, **BY)
    services.add_walk_in(sitting, WalkIn("玉島　三郎", "", Category.RESIDENT, 1, "k"), **BY)
    services.close(sitting, **BY)
    assert queries.sheet(sitting).difference == 0


def test_a_refused_closing_marks_nobody_absent(sitting, people):
    services.set_sheet_count(sitting, 2, **BY)
    with pytest.raises(CountDiffers):
        services.close(sitting, rest=Presence.ABSENT, **BY)
    assert queries.totals(sitting).unmarked == len(people)


def test_a_sitting_cannot_be_closed_before_it_begins(sitting):
    with pytest.raises(TooEarly):
        services.close(sitting, by=ORGANIZER, now=NOW + timedelta(days=10) - timedelta(minutes=1))


def test_closing_twice_changes_nothing(sitting):
    services.close(sitting, **BY)
    services.close(sitting, by=ORGANIZER, now=AFTER + timedelta(hours=1))
    assert queries.sheet(sitting).closed_at == AFTER


CHANGES = {
    "mark": lambda sitting, person, **why: services.mark(sitting, person, Presence.LATE, **BY, **why),
    "undo": lambda sitting, person, **why: services.undo(sitting, person, **BY, **why),
    "many": lambda sitting, person, **why: services.mark_many(sitting, [Mark(person, Presence.LATE)], **BY, **why),
    "walk-in": lambda sitting, _person, **why: services.add_walk_in(
        sitting, WalkIn("玉島　三郎", "", Category.STAFF, 1, "k"), **BY, **why
    ),
    "count": lambda sitting, _person, **why: services.set_sheet_count(sitting, 9, **BY, **why),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_closing_each_change_needs_a_reason_and_the_log_keeps_it(sitting, people, change):
    mark_all(sitting, people)
    services.close(sitting, **BY)
    with pytest.raises(ReasonNeeded):
        change(sitting, people[0])
    change(sitting, people[0], reason="名簿の読み違い")
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last.reason == "名簿の読み違い"


def test_a_walk_in_and_a_headcount_can_be_taken_back_with_a_reason():
    by_names, by_numbers = a_sitting().id, a_sitting().id
    line = services.add_walk_in(by_names, WalkIn("玉島　三郎", "", Category.STAFF, 1, "k"), **BY)
    services.set_headcount(by_numbers, Category.STAFF, 7, **BY)
    services.close(by_names, **BY)
    services.close(by_numbers, **BY)
    with pytest.raises(ReasonNeeded):
        services.remove_walk_in(by_names, line, **BY)
    with pytest.raises(ReasonNeeded):
        services.set_headcount(by_numbers, Category.STAFF, 8, **BY)
    services.remove_walk_in(by_names, line, reason="二重に入力", **BY)
    services.set_headcount(by_numbers, Category.STAFF, 8, reason="数え直し", **BY)
    assert (queries.totals(by_names).people, queries.totals(by_numbers).people) == (0, 8)


def test_what_is_there_already_needs_no_reason(sitting, people):
    mark_all(sitting, people)
    services.close(sitting, **BY)
    mark_all(sitting, people)
    assert queries.totals(sitting).people == len(people)
