"""A requirement that an e-learning course meets: instead of a sitting that was missed, or by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.attendance import ledger
from app.attendance.types import Presence
from app.compliance import carrying, certifying, queries, records, reminders, services
from app.compliance.errors import WrongCourse
from app.compliance.types import Audience, RequirementDraft, Standing
from app.delivery.rendering import render
from app.elearning import services as elearning
from app.infra import clock
from app.infra.db import db
from app.org import services as org
from app.stewardship import doctor
from tests.compliance import city
from tests.compliance.test_board import statements
from tests.elearning.courses import a_course, complete, page
from tests.factories import NOW, ORGANIZER

BY = {"by": ORGANIZER, "now": NOW}
JULY = date(2026, 7, 1)
LATE = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
SECTION = "市民活動推進課"


def alone(course_id: int, **changes) -> int:
    values = {"code": "course", "title": "Eラーニングの受講", "event_id": None, "due_on": city.DUE, **changes}
    return services.make(RequirementDraft(fiscal_year=2026, course_id=course_id, **values), **BY)


def standings(requirement_id: int) -> list[tuple[Standing, bool]]:
    return [(line.standing, line.done) for line in queries.board(requirement_id, today=JULY).lines]


def test_a_missed_sitting_is_made_up_for_by_the_course_and_who_came_needs_none(any_app):
    _sections, promoters, _coordinators = city.build(3)
    event_id, (morning, _afternoon) = city.training()
    course = a_course(page())
    requirement = city.required(event_id, course_id=course)
    city.assign(event_id, morning, promoters[:2])
    city.come(event_id, morning, promoters[:1])
    city.come(event_id, morning, promoters[1:2], Presence.ABSENT)
    complete(course, promoters[0])
    assert standings(requirement)[1:] == [(Standing.ABSENT, False), (Standing.NOT_REGISTERED, False)]

    complete(course, promoters[1])

    assert standings(requirement) == [
        (Standing.ATTENDED, True), (Standing.COURSE, True), (Standing.NOT_REGISTERED, False)
    ]  # fmt: skip
    told = reminders.preview(requirement, today=LATE.date()).told
    assert [line.person.id for line in told] == promoters[2:]
    with clock.fixed(LATE):
        mail = render("compliance.reminder", {"requirement": requirement, "member": promoters[2]}).text
    assert f"/my/elearning/{course}/" in mail
    assert "/my/trainings/" in mail

    plan = certifying.plan(requirement, today=JULY)
    assert [(one.member_id, one.title) for one in plan.due] == [
        (promoters[0], plan.due[0].title), (promoters[1], "協働推進員研修")
    ]  # fmt: skip
    assert certifying.issue(requirement, seen=plan.digest, issuer="倉敷市長", **BY) == 2
    assert ledger.of_member(promoters[1])[0].attended_on == NOW.date()
    assert certifying.plan(requirement, today=JULY).unfounded == ()
    assert [breach for breach in doctor.examine(now=NOW) if "certificate" in breach.name] == []


def test_the_course_alone_is_a_requirement_of_its_section(any_app):
    _sections, promoters, _coordinators = city.build(2)
    course = a_course(page())
    requirement = alone(course)
    complete(course, promoters[0])
    assert standings(requirement) == [(Standing.COURSE, True), (Standing.NOT_COMPLETED, False)]
    assert [one.id for one in queries.of_year(2026, section=SECTION)] == [requirement]
    assert queries.of_year(2026, section="環境政策課") == []
    board = queries.board(requirement, today=JULY)
    assert [(one.done, one.every) for one in queries.comparison(board, today=JULY)] == [(1, 2)]
    assert [one.owed[0].standing for one in records.record(promoters[0], today=JULY, section=SECTION)] == [
        Standing.COURSE
    ]
    assert [done.title for one in records.record(promoters[0], today=JULY) for done in one.courses] == ["協働の進め方"]
    assert records.record(promoters[0], today=JULY, section="環境政策課") == []
    with clock.fixed(LATE):
        mail = render("compliance.reminder", {"requirement": requirement, "member": promoters[1]}).text
    assert f"/my/elearning/{course}/" in mail
    assert "研修会名" not in mail
    plan = certifying.plan(requirement, today=JULY)
    assert (plan.due, plan.left_out[0].reason) == ((), "Eラーニングの修了証があります")
    assert certifying.issue(requirement, seen=plan.digest, issuer="倉敷市長", **BY) == 0


def test_something_must_teach_and_a_course_is_of_its_year(app):
    with pytest.raises(WrongCourse) as nothing:
        services.make(RequirementDraft(2026, "none", "なし", None, city.DUE), **BY)
    assert nothing.value.field == "event_id"
    with pytest.raises(WrongCourse):
        alone(a_course(page(), year=2025))
    requirement = alone(a_course(page()))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text(f"UPDATE requirement SET course_id = NULL WHERE id = {requirement}"))


def test_in_april_it_waits_for_its_course_and_goes_on_with_it(app):
    city.build(1)
    course = a_course(page())
    alone(course, audience=Audience.EVERYONE)
    org.begin_year(2027, **BY)
    waits = carrying.plan(2027, SECTION)
    assert "まだ引き継がれていません" in waits.left_out[0].reason
    elearning.carry(2027, SECTION, [course], **BY)
    move = carrying.plan(2027, SECTION).moved[0]
    assert (move.taught, move.draft.event_id, move.draft.due_on.year) == ("協働の進め方", None, 2027)
    services.carry(2027, SECTION, [move.requirement.id], **BY)
    assert queries.of_year(2027)[0].course_id == move.draft.course_id


def test_boards_with_courses_cost_the_same_for_many(app):
    boards = []
    for year, sections in ((2025, 2), (2026, 40)):
        _sections, promoters, _coordinators = city.build(sections, departments=2, year=year)
        course = a_course(page(), year=year)
        values = {"due_on": city.DUE.replace(year=year), "course_id": course}
        draft = RequirementDraft(year, "course", "Eラーニングの受講", None, **values)
        boards.append(services.make(draft, **BY))
        for who in promoters[::2]:
            complete(course, who)
    few, many = ([statements(lambda one=one: queries.board(one, today=JULY))] for one in boards)
    assert len(few[0]) == len(many[0])
    assert queries.board(boards[1], today=JULY).done == 20
