"""`flask doctor` finds every promise about completed courses that is broken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.infra.db import db
from app.stewardship import doctor
from app.stewardship.learned import LEARNED
from tests.elearning.courses import a_course, complete, page, somebody
from tests.factories import NOW
from tests.stewardship.test_doctor import unguarded

PLANTED = [
    ("completed_version", "UPDATE course_version SET published_at = NULL"),
    ("completed_version", "UPDATE course_completion SET course_id = 2"),
    ("completed_check", "UPDATE course_attempt SET passed = false"),
    ("completed_check", "DELETE FROM course_attempt"),
    ("completed_units", "DELETE FROM unit_reading WHERE unit_id = 2"),
]


@pytest.fixture(scope="module")
def completed_once(tmp_path_factory):
    with unguarded(tmp_path_factory.mktemp("learned")):
        complete(a_course(page("一"), page("二"), check=True), somebody())
        yield


@pytest.mark.parametrize(("name", "statement"), PLANTED)
def test_a_broken_promise_about_a_completed_course_is_found_and_named(completed_once, name, statement):
    assert doctor.examine(now=NOW) == []
    db.session.execute(sa.text(statement))
    assert {breach.name: breach.ids for breach in doctor.examine(now=NOW)}[name] == (1,)
    db.session.rollback()


def test_every_promise_about_completed_courses_is_broken_in_some_test():
    assert {promise.name for promise in LEARNED} == {name for name, _statement in PLANTED}
