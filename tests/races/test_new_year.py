"""Two organizers move into the new year at the same moment: everything goes on once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from app.compliance import queries as compliance
from app.compliance import services as requirements
from app.compliance.types import RequirementDraft
from app.events import services
from app.events.carrying import copies
from app.infra.db import db
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.staff import SECTION

BY = {"by": ORGANIZER, "now": NOW}


def both_at_once(app, verb, chosen):
    barrier = Barrier(2)

    def press() -> int:
        with app.app_context():
            barrier.wait(10)
            return verb(2027, SECTION, chosen, **BY)

    with ThreadPoolExecutor(2) as pool:
        return sorted(one.result() for one in [pool.submit(press) for _ in range(2)])


def test_two_at_once_make_nothing_twice(any_app):
    trainings = []
    for number in range(3):
        event = an_event()
        a_sitting(event)
        trainings.append(event.id)
        requirements.make(RequirementDraft(2026, f"code-{number}", "受講", event.id, date(2026, 9, 1)), **BY)
    every = [row.id for row in compliance.of_year(2026)]
    db.session.rollback()
    assert both_at_once(any_app, services.carry, trainings) == [0, 3]
    assert both_at_once(any_app, requirements.carry, every) == [0, 3]
    assert (len(copies(2027)), len(compliance.of_year(2027))) == (3, 3)
