"""Two presses at the same moment, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.delivery.models import OutboundMessage
from app.elearning import progress, reminders, services
from app.elearning.errors import NoTriesLeft
from app.elearning.models import CourseAttempt, CourseVersion
from app.infra.db import db
from tests.elearning.courses import ON_THE_DAY, RIGHT, a_course, answer, page, read_all, somebody
from tests.factories import NOW, ORGANIZER


def both(app: Flask, press: Callable[[], Any]) -> list[Any]:
    """What two threads get that press at once: an answer, or the refusal."""

    def pressed() -> Any:
        with app.app_context():
            try:
                return press()
            except NoTriesLeft as refusal:
                return refusal
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(2) as pool:
        return [one.result() for one in [pool.submit(pressed) for _each in range(2)]]


def counted(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_only_try_is_taken_once_and_a_right_answer_completes_once(any_app):
    course, who, other = a_course(page(), check=True, most_tries=1), somebody(), somebody()
    read_all(course, who)
    read_all(course, other)
    results = both(any_app, lambda: answer(course, who, q1="a", q2=["a"]))
    assert sorted(isinstance(one, NoTriesLeft) for one in results) == [False, True]
    assert counted(CourseAttempt) == 1
    assert both(any_app, lambda: answer(course, other, **RIGHT)) == [True, True]
    assert len(progress.completions([course])) == 1


def test_a_reminder_goes_once_and_a_new_version_is_begun_once(any_app):
    course = a_course(page())
    somebody()
    reminders.plan(course, [-7], by=ORGANIZER, now=NOW)
    assert sorted(both(any_app, lambda: reminders.send(course, now=ON_THE_DAY))) == [0, 1]
    assert counted(OutboundMessage) == 1
    assert both(any_app, lambda: services.begin_version(course, by=ORGANIZER, now=NOW)) == [2, 2]
    assert counted(CourseVersion) == 2
