"""Residents and staff race for the last seats while two workers release what was kept: nothing is given twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.events.audiences import Category
from app.events.drafts import AllotmentPlan
from app.events.models import Sitting
from app.events.types import Audience
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations import allotments, services
from app.stewardship import doctor
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event
from tests.fresh import processes

ROUNDS = 8
RELEASE = NOW + timedelta(minutes=1)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def take_part(folder: str, url: str, who: str, sittings: list[int], barrier) -> None:
    """In each round, at the same moment as the others, do what `who` does."""
    site = create_app(config_for(Path(folder), database_url=url))
    with site.app_context():
        for sitting_id in sittings:
            barrier.wait(60)
            if who.startswith("worker"):
                allotments.release(sitting_id, Category.STAFF, by=ORGANIZER, now=NOW)
                continue
            category = Category.STAFF if who == "staff" else Category.RESIDENT
            for number in range(2):
                asked = an_application(
                    sitting_id, submission_id=f"{who}-{number}", category=category, companions=number
                )
                services.apply(asked, now=NOW)


def a_round() -> int:
    """Four seats, of which two are kept for staff."""
    sitting = a_sitting(an_event(audience=Audience.BOTH), capacity=4).id
    allotments.change(sitting, 0, [AllotmentPlan(Category.STAFF, 2, RELEASE)], by=ORGANIZER, now=NOW)
    return sitting


def test_no_kept_seat_is_sold_and_a_release_happens_once(any_app, database_url, tmp_path):
    sittings = [a_round() for _ in range(ROUNDS)]
    db.session.remove()
    people = ("first resident", "second resident", "staff", "worker 1", "worker 2")
    barrier = processes.Barrier(len(people))
    racing = [
        processes.Process(target=take_part, args=(str(tmp_path), database_url, who, sittings, barrier))
        for who in people
    ]
    for one in racing:
        one.start()
    for one in racing:
        one.join(120)
    assert [one.exitcode for one in racing] == [0] * len(people)
    rows = db.session.execute(sa.select(Sitting.seats_taken, Sitting.kept, Sitting.waiting)).all()
    # Nine seats are wanted by six parties: nobody is alone with the last one.
    assert all(row.kept == 0 and 3 <= row.seats_taken <= 4 and row.waiting for row in rows)
    released = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "sitting.released")
    assert db.session.scalar(released) == ROUNDS
    assert doctor.examine(now=NOW) == []
