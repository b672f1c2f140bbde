"""Decisions that need no database: what is missing, what there is to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.events import readiness, worklist
from app.events.types import Admission, Audience, EventRow, EventStatus, SittingRow
from app.events.worklist import Kind
from tests.factories import NOW

DAY = timedelta(days=1)


def sitting(in_days: float = 10, **changes) -> SittingRow:
    starts_at = NOW + in_days * DAY
    values = {"id": 1, "label": "", "venue": None, "capacity": 10, "seats_taken": 0, "waiting": 0, "sequence": 0}
    return SittingRow(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **{**values, **changes})


def event(*sittings: SittingRow, **changes) -> EventRow:
    empty = dict.fromkeys(EventRow.__slots__, "")
    values = {
        **empty,
        "id": 1,
        "fiscal_year": 2026,
        "status": EventStatus.PUBLISHED,
        "audience": Audience.RESIDENTS,
        "admission": Admission.FIRST_COME,
        "contact_phone": "086-426-3107",
        "purpose": "受付のため",
        "opens_at": NOW,
        "closes_at": NOW + DAY,
        "completed_after": None,
        "sittings": sittings,
        **changes,
    }
    return EventRow(**values)


def test_a_complete_event_lacks_nothing():
    assert readiness.missing(event(sitting()), NOW) == []


def test_an_address_alone_is_contact_enough():
    assert readiness.missing(event(sitting(), contact_phone="", contact_email="a@example.jp"), NOW) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"sittings": (sitting(-1),)}, "開始時刻を過ぎています"),
        ({"closes_at": NOW}, "締切を過ぎています"),
        ({"closes_at": NOW + 20 * DAY}, "最初の回の開始より後"),
        ({"sittings": (sitting(capacity=None),)}, "定員のない回"),
        ({}, "会場の決まっていない回"),
    ],
)
def test_what_is_often_a_slip_is_pointed_out(changes, word):
    assert any(word in sentence for sentence in readiness.cautions(event(sitting(), **changes), NOW))


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (event(sitting(-1)), Kind.FINISH),
        (event(status=EventStatus.DRAFT), Kind.DATES),
        (event(sitting(20), status=EventStatus.DRAFT), Kind.PUBLISH),
        (event(sitting(-20), status=EventStatus.DRAFT), Kind.PUBLISH),
        (event(sitting(20)), Kind.VENUE),
        (event(sitting(40, waiting=2)), Kind.WAITING),
    ],
)
def test_each_event_shows_its_most_pressing_task(row, kind):
    assert [task.kind for task in worklist.tasks([row], NOW)] == [kind]


def test_a_draw_that_can_be_held_is_named_until_the_first_sitting_begins():
    assert [task.kind for task in worklist.tasks([event(sitting(40))], NOW, undrawn={1})] == [Kind.DRAW]
    assert [task.kind for task in worklist.tasks([event(sitting(-1))], NOW, undrawn={1})] == [Kind.FINISH]


def test_what_runs_by_itself_asks_for_nothing():
    assert worklist.tasks([event(sitting(40)), event(sitting(60), status=EventStatus.DRAFT)], NOW) == []


def test_what_comes_next_stands_first_and_drafts_do_not_come():
    late, soon = event(sitting(9, id=1)), event(sitting(3, id=2), sitting(-3, id=3))
    draft = replace(soon, status=EventStatus.DRAFT)
    assert [s.id for _event, s in worklist.coming([late, soon, draft], NOW)] == [2, 1]
