"""What staff do in a course: read a unit, take the check, complete. Each verb is one transaction."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from app.elearning import progress, rules
from app.elearning.errors import ContentsChanged, NoTriesLeft, Unanswered, Unread
from app.elearning.models import CourseAttempt, CourseCompletion, UnitReading
from app.elearning.types import Progress
from app.infra import audit
from app.infra.db import db, insert_into, rows_changed, run, transaction
from app.kernel.errors import NotFound
from app.kernel.types import JSON, Actor
from app.org.models import StaffMember
from app.questions.validate import check as checked


@transaction
def read(course_id: int, unit_id: int, member_id: int, *, by: Actor, now: datetime) -> bool:
    """Note that somebody read a unit; a second time changes nothing. True where that completed the course.

    Raises NotFound; ContentsChanged where the unit belongs to an older version.
    """
    person = _held(member_id)
    own = progress.one(course_id, member_id)
    if unit_id not in {unit.id for unit in own.version.units}:
        raise ContentsChanged("この講座は新しい版になりました。単元の一覧から、もう一度開いてください。")
    row = {"staff_member_id": member_id, "unit_id": unit_id, "read_at": now}
    if unit_id not in own.read:
        run(insert_into(UnitReading).values(row).on_conflict_do_nothing())
        audit.record("course.read", "course", course_id, by=by, at=now, fields=[f"unit={unit_id}"])
    own = progress.one(course_id, member_id)
    if own.completion is not None or own.version.check.questions or not own.all_read:
        return False
    _complete(own, person, by=by, now=now)
    return True


@transaction
def answer(course_id: int, member_id: int, answers: object, *, version_id: int, by: Actor, now: datetime) -> bool:
    """Take the check; True where it is passed, which completes the course. Whoever completed it already takes no more.

    Raises NotFound, Unread, NoTriesLeft, Unanswered, ContentsChanged.
    """
    person = _held(member_id)
    own = progress.one(course_id, member_id)
    check = own.version.check
    if check.definition is None:
        raise NotFound
    if own.completion is not None:
        return True
    _check_takeable(own, version_id)
    found = checked(check.definition, answers, complete=True)
    if found.problems:
        raise Unanswered(found.problems)
    passed = rules.passed(check, len(rules.right_answers(check, found.answers)))
    _enter(own, member_id, found.answers, passed, now)
    audit.record("course.attempted", "course", course_id, by=by, at=now)
    if passed:
        _complete(own, person, by=by, now=now)
    return passed


@transaction
def allow_again(course_id: int, member_id: int, *, by: Actor, now: datetime) -> None:
    """Let somebody who used up their tries take the check anew; what they answered stays. Raises NotFound."""
    _held(member_id)
    own = progress.one(course_id, member_id)
    chosen = sa.update(CourseAttempt).where(
        CourseAttempt.version_id == own.version.id, CourseAttempt.staff_member_id == member_id, CourseAttempt.counts
    )
    if rows_changed(chosen.values(counts=False)):
        fields = [f"member={member_id}"]
        audit.record("course.allowed_again", "course", course_id, by=by, at=now, fields=fields)


def _held(member_id: int) -> StaffMember:
    """The person, held: their own presses come one after the other. Raises NotFound."""
    person = db.session.scalar(sa.select(StaffMember).filter_by(id=member_id).with_for_update())
    if person is None:
        raise NotFound
    return person


def _check_takeable(own: Progress, version_id: int) -> None:
    if own.version.id != version_id:
        raise ContentsChanged("この講座は新しい版になりました。もう一度、問題を確かめて答えてください。")
    if not own.all_read:
        raise Unread("確認テストは、すべての単元を読んでから受けてください。")
    if own.tries_left == 0:
        raise NoTriesLeft(f"確認テストを受けられる回数が残っていません。{own.course.section}に連絡してください。")


def _enter(own: Progress, member_id: int, answers: dict[str, JSON], passed: bool, now: datetime) -> None:
    db.session.add(
        CourseAttempt(
            version_id=own.version.id,
            staff_member_id=member_id,
            number=own.last.number + 1 if own.last else 1,
            answers=answers,
            passed=passed,
            counts=True,
            at=now,
        )
    )


def _complete(own: Progress, person: StaffMember, *, by: Actor, now: datetime) -> None:
    db.session.add(
        CourseCompletion(
            course_id=own.course.id,
            version_id=own.version.id,
            staff_member_id=person.id,
            name=person.name,
            title=own.course.title,
            code="".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH)),
            completed_at=now,
        )
    )
    audit.record("course.completed", "course", own.course.id, by=by, at=now)
