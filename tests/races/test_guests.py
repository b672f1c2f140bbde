"""Guests race for the last place kept for them, one of them from the other sitting; an approval races with a colleague
for the last seat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.events.models import GuestQuota, Sitting
from app.events.types import Audience
from app.infra.db import db
from app.kernel.types import RESIDENT
from app.registrations import deciding, guests, queries, services, staffing
from app.registrations.errors import NoGuestPlacesLeft, NoSeatsLeft
from app.registrations.models import Guest, Registration
from app.registrations.types import Category, Status
from app.stewardship import doctor
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, an_application, an_event
from tests.fresh import processes

ROUNDS = 10

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def ask(sitting_id: int, who: str) -> int:
    asked = an_application(sitting_id, submission_id=who, category=Category.NEIGHBOUR, affiliation="総社市　企画課")
    place = services.apply(replace(asked, municipality="総社市"), now=NOW)
    return queries.by_token(place.token, now=NOW).id


def take_part(folder: str, url: str, who: str, rounds: list[tuple[int, int, int, int]], barrier) -> None:
    """In each round, at the same moment as the others, do what `who` does: (sitting, guest, member, other guest)."""
    site = create_app(config_for(Path(folder), database_url=url))
    with site.app_context():
        for sitting_id, guest, member, elsewhere in rounds:
            barrier.wait(60)
            try:
                if who == "approves":
                    deciding.approve(guest, by=ORGANIZER, now=NOW)
                elif who == "registers":
                    staffing.register_member(sitting_id, member, by=ORGANIZER, now=NOW)
                elif who == "moves":
                    guests.change_sitting(elsewhere, sitting_id, by=RESIDENT, now=NOW)
                else:
                    ask(sitting_id, who)
            except (NoGuestPlacesLeft, NoSeatsLeft):
                continue


def a_round() -> tuple[int, int, int, int]:
    """One seat, two places for guests of which one is asked for; the guest who did, a colleague without a place, and a
    guest of the other sitting."""
    event = an_event(audience=Audience.STAFF)
    sitting, other = a_sitting(event, capacity=1).id, a_sitting(event).id
    for one in (sitting, other):
        guests.change_guest_places(one, 2, by=ORGANIZER, now=NOW)
    return sitting, ask(sitting, "first"), a_member().id, ask(other, "elsewhere")


def test_neither_places_nor_seats_are_given_twice(any_app, database_url, tmp_path):
    rounds = [a_round() for _ in range(ROUNDS)]
    db.session.remove()
    barrier = processes.Barrier(4)
    people = [
        processes.Process(target=take_part, args=(str(tmp_path), database_url, who, rounds, barrier))
        for who in ("approves", "registers", "second", "moves")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(120)
    assert [person.exitcode for person in people] == [0] * len(people)
    for sitting_id, _guest, _member, _elsewhere in rounds:
        held = sa.select(sa.func.count()).select_from(Registration).where(Registration.sitting_id == sitting_id)
        confirmed = db.session.scalar(held.where(Registration.status == Status.CONFIRMED))
        asked = db.session.scalar(held.join(Guest, Guest.registration_id == Registration.id))
        sitting, quota = db.session.get_one(Sitting, sitting_id), db.session.get_one(GuestQuota, sitting_id)
        assert (sitting.seats_taken, confirmed, quota.taken, asked) == (1, 1, 2, 2)
    assert doctor.examine(now=NOW) == []
