"""`flask doctor` finds every promise about courses and joint applications that is broken."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.events.choices import SittingsTaken
from app.infra.db import db
from app.registrations import signing_up
from app.stewardship import doctor
from app.stewardship.sign_ups import SIGN_UPS
from tests.factories import NOW, a_course, a_sitting, an_application, an_event

PLANTED = (
    ("course_lead", "UPDATE sitting SET starts_at = '2026-06-01 01:00:00.000000' WHERE id = 2", (2,)),
    ("course_ledger", "UPDATE sitting SET lead_id = NULL WHERE id = 2", (1,)),
    ("sign_up", "UPDATE registration SET sitting_id = 3 WHERE id = 2", (1, 2)),
    ("sign_up_told", "DELETE FROM outbound_message WHERE kind = 'registration.signed_up'", (1,)),
)


@pytest.fixture
def sound(app):
    """A course of two meetings, 1 and 2, and somebody who takes both talks of another event, 3 and 4."""
    a_course(2)
    talks = an_event(sittings_taken=SittingsTaken.SOME)
    both = [a_sitting(talks, starts_at=NOW + timedelta(days=day)).id for day in (10, 17)]
    signing_up.sign_up(an_application(both[0]), both, now=NOW)
    assert doctor.examine(now=NOW) == []


@pytest.mark.parametrize(("name", "statement", "broken"), PLANTED)
@pytest.mark.usefixtures("sound")
def test_what_is_broken_is_named(name, statement, broken):
    db.session.execute(sa.text(statement))
    db.session.commit()
    found = {breach.name: breach.ids for breach in doctor.examine(now=NOW)}
    assert found[name] == broken


def test_every_promise_about_sign_ups_is_broken_in_some_test():
    assert {promise.name for promise in SIGN_UPS} == {name for name, _statement, _broken in PLANTED}
