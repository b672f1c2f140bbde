"""Three want the last seat of the afternoon: one who holds a seat in the morning, two who hold none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.events.models import Sitting
from app.events.types import Audience
from app.infra.db import db
from app.registrations import queries, staffing
from app.registrations.errors import NoSeatsLeft
from app.registrations.models import Registration
from app.registrations.types import Status
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, an_event
from tests.fresh import processes

ROUNDS = 10

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def take_part(folder: str, url: str, who: str, rounds: list[tuple[int, int, int]], barrier) -> None:
    """In each round, at the same moment as the others, do what `who` does: (member or registration, sitting)."""
    site = create_app(config_for(Path(folder), database_url=url))
    with site.app_context():
        for _round, subject, sitting_id in rounds:
            barrier.wait(60)
            try:
                if who == "switches":
                    staffing.switch(subject, sitting_id, by=ORGANIZER, now=NOW)
                else:
                    staffing.register_member(sitting_id, subject, by=ORGANIZER, now=NOW)
            except NoSeatsLeft:
                continue


def a_round() -> tuple[int, int, int, int, int]:
    """Morning and afternoon with one seat left; the promoter's registration, the afternoon, two colleagues."""
    event = an_event(audience=Audience.STAFF)
    morning = a_sitting(event, capacity=1)
    later = {"starts_at": morning.starts_at + timedelta(hours=4), "ends_at": morning.ends_at + timedelta(hours=4)}
    afternoon = a_sitting(event, capacity=1, **later)
    promoter = a_member().id
    staffing.register_member(morning.id, promoter, by=ORGANIZER, now=NOW)
    registration = queries.of_member(promoter)[0].id
    return registration, afternoon.id, a_member().id, a_member().id, morning.id


def test_nobody_loses_a_seat_and_none_is_sold_twice(any_app, database_url, tmp_path):
    rounds = [a_round() for _ in range(ROUNDS)]
    db.session.remove()
    barrier = processes.Barrier(3)
    parts = [
        ("switches", [(n, r[0], r[1]) for n, r in enumerate(rounds)]),
        ("applies", [(n, r[2], r[1]) for n, r in enumerate(rounds)]),
        ("applies", [(n, r[3], r[1]) for n, r in enumerate(rounds)]),
    ]
    people = [processes.Process(target=take_part, args=(str(tmp_path), database_url, *part, barrier)) for part in parts]
    for person in people:
        person.start()
    for person in people:
        person.join(120)
    assert [person.exitcode for person in people] == [0, 0, 0]
    for registration_id, afternoon_id, _one, _two, morning_id in rounds:
        row = queries.by_id(registration_id)
        assert row.status is Status.CONFIRMED
        for sitting_id in (morning_id, afternoon_id):
            sitting = db.session.get_one(Sitting, sitting_id)
            held = sa.select(sa.func.count(Registration.id)).where(
                Registration.sitting_id == sitting_id, Registration.status == Status.CONFIRMED
            )
            assert sitting.seats_taken == db.session.scalar(held) <= 1
        assert db.session.get_one(Sitting, afternoon_id).seats_taken == 1
