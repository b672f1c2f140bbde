"""One says yes to a swap; at the same moment the colleague takes another sitting, or gives the place up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.events.models import Sitting
from app.events.types import Audience
from app.infra import clock
from app.infra.db import db
from app.kernel.errors import Refusal
from app.registrations import queries, services, staffing, swapping
from app.registrations.models import Registration
from app.registrations.types import Status
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, an_event
from tests.fresh import processes

ROUNDS = 10

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]
BY = {"by": ORGANIZER, "now": NOW}


def take_part(folder: str, url: str, who: str, rounds: list[tuple[int, int, int, int]], barrier) -> None:
    """In each round, at the same moment as the others, do what `who` does."""
    site = create_app(config_for(Path(folder), database_url=url))
    acts = {
        "accepts": lambda offer, _giver, _taker, _evening: swapping.accept(offer, **BY),
        "switches": lambda _offer, _giver, taker, evening: staffing.switch(taker, evening, **BY),
        "cancels": lambda _offer, giver, _taker, _evening: services.cancel(giver, **BY),
    }
    with site.app_context():
        for one in rounds:
            barrier.wait(60)
            try:
                acts[who](*one)
            except Refusal:
                continue


def a_round() -> tuple[int, int, int, int]:
    """A full morning, a full afternoon and an evening; the offer, both registrations, the evening."""
    event = an_event(audience=Audience.STAFF)
    start = NOW + timedelta(days=10)
    morning, afternoon, evening = (
        a_sitting(event, starts_at=start + timedelta(hours=4 * n), capacity=1).id for n in range(3)
    )
    people = [a_member() for _ in range(2)]
    staffing.register_member(morning, people[0].id, **BY)
    staffing.register_member(afternoon, people[1].id, **BY)
    giver, taker = (queries.of_member(person.id)[0] for person in people)
    with clock.fixed(NOW):
        return swapping.propose(giver.id, taker.details.email, **BY), giver.id, taker.id, evening


def test_both_move_or_neither_and_every_seat_is_counted_once(any_app, database_url, tmp_path):
    rounds = [a_round() for _ in range(ROUNDS)]
    db.session.remove()
    barrier = processes.Barrier(3)
    people = [
        processes.Process(target=take_part, args=(str(tmp_path), database_url, who, rounds, barrier))
        for who in ("accepts", "switches", "cancels")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(120)
    assert [person.exitcode for person in people] == [0, 0, 0]
    held = sa.select(sa.func.count(Registration.id)).where(
        Registration.sitting_id == Sitting.id, Registration.status == Status.CONFIRMED
    )
    counted = db.session.execute(sa.select(Sitting.seats_taken, held.correlate(Sitting).scalar_subquery())).all()
    assert [taken for taken, _held in counted] == [there for _taken, there in counted]
    assert max(taken for taken, _held in counted) <= 1
    for _offer, giver, taker, _evening in rounds:
        # Whoever changes a place that moved a moment ago is told so and loses nothing.
        assert queries.by_id(giver).status in {Status.CANCELLED, Status.CONFIRMED}
        assert queries.by_id(taker).status is Status.CONFIRMED
