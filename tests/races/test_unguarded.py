"""The negative control: without its guards the same race is lost, so the tests beside this one can fail."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.events.models import Sitting
from app.infra.db import Base, db
from app.registrations.models import Registration
from app.registrations.types import Status
from tests.live import Installation, a_database, an_open_sitting
from tests.races.crowd import all_at_once
from tests.races.test_last_seats import an_applicant

CAPACITY = 10
ATTEMPTS = 5

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def unguarded(request, tmp_path_factory):
    """Two web processes without lock and condition, on tables without the CHECK of seats."""
    folder = tmp_path_factory.mktemp("unguarded")
    with a_database(request, folder) as url, Installation(folder, url) as installation:
        with installation.inside():
            _tables_without_the_check()
        installation.web("tests.races.unguarded:app")
        yield installation


def _tables_without_the_check():
    table = Sitting.__table__
    check = next(c for c in table.constraints if str(c.name).endswith("seats"))
    table.constraints.discard(check)
    try:
        Base.metadata.create_all(db.engine)
    finally:
        table.constraints.add(check)


def _seats_given_away(installation):
    with installation.inside():
        event, sitting = an_open_sitting(capacity=CAPACITY)
        slug, sitting_id = event.slug, sitting.id
    all_at_once([an_applicant(installation.port, slug, n) for n in range(60)])
    with installation.inside():
        held = sa.select(sa.func.count()).where(
            Registration.sitting_id == sitting_id, Registration.status == Status.CONFIRMED
        )
        return db.session.scalar(held)


def test_without_lock_and_check_seats_are_sold_twice(unguarded):
    assert any(_seats_given_away(unguarded) > CAPACITY for _attempt in range(ATTEMPTS))
