"""Marking and cancelling at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import sqlalchemy as sa

from app.attendance import queries, services
from app.attendance.errors import NotOnTheList
from app.attendance.types import Presence, WalkIn
from app.infra.db import db
from app.registrations import services as registrations
from app.registrations.errors import AlreadyAttended
from app.registrations.models import Registration
from app.registrations.types import Category, Status
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for

THE_DAY = NOW + timedelta(days=10)


def together(app, *acts):
    """Run the acts at the same moment, each in a thread and an application context of its own."""
    start = Barrier(len(acts))

    def run(act):
        with app.app_context():
            start.wait(timeout=10)
            try:
                return act()
            except (AlreadyAttended, NotOnTheList) as refusal:
                return type(refusal)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_cancelling_and_marking_at_once_lets_one_of_them_win(any_app):
    sitting = a_sitting(capacity=100).id
    for _round in range(15):
        reference = apply_for(sitting).reference
        person = db.session.scalar(sa.select(Registration.id).filter_by(reference=reference))
        db.session.rollback()
        answers = together(
            any_app,
            lambda person=person: registrations.cancel(person, by=ORGANIZER, now=THE_DAY),
            lambda person=person: services.mark(sitting, person, Presence.PRESENT, by=ORGANIZER, now=THE_DAY),
        )
        status, attended = db.session.execute(
            sa.select(Registration.status, Registration.attended).filter_by(id=person)
        ).one()
        marked = bool(queries.marks_of(person))
        db.session.rollback()
        assert (status, attended, marked) in {(Status.CANCELLED, False, False), (Status.CONFIRMED, True, True)}
        assert sorted(answer is None for answer in answers) == [False, True]


def test_one_walk_in_form_sent_by_impatient_fingers_counts_once(any_app):
    sitting = a_sitting().id
    db.session.rollback()
    walk_in = WalkIn("玉島　三郎", "タマシマ　サブロウ", Category.RESIDENT, 1, "one-key")
    sent = [lambda: services.add_walk_in(sitting, walk_in, by=ORGANIZER, now=THE_DAY)] * 6
    assert len(set(together(any_app, *sent))) == 1
    assert queries.totals(sitting).people == 1
