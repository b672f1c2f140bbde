"""A course that changes: what is published stays, who has completed has completed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.elearning import certificates, contents, progress, queries, rules, services, taking
from app.elearning.errors import ContentsChanged, Frozen, Incomplete, NotReady, NoTriesLeft, Unanswered, Unread
from app.elearning.types import CourseDetails, Solution, Standing, UnitDraft, UnitKind
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from tests.elearning.courses import (
    MP4,
    RIGHT,
    SINGLE,
    VTT,
    a_course,
    answer,
    ask,
    complete,
    draft,
    page,
    read_all,
    somebody,
)
from tests.factories import NOW, ORGANIZER

HOW = {"by": ORGANIZER, "now": NOW}
FILM = UnitDraft(UnitKind.VIDEO, "動画", file_name="a.mp4", file=MP4, captions=VTT)


def test_who_completed_a_version_stays_done_and_who_is_on_the_way_reads_only_what_changed(any_app):
    course = a_course(page("一"), page("二"), check=True)
    done, halfway = somebody(), somebody()
    complete(course, done)
    taking.read(course, queries.published(course).units[0].id, halfway, **HOW)
    code = certificates.of_member(course, done).code

    services.begin_version(course, **HOW)
    first, second = draft(course).units
    contents.change_unit(course, second.id, page("二", "書き直しました。"), **HOW)
    assert progress.one(course, halfway).version.number == 1
    services.publish(course, **HOW)

    assert progress.one(course, done).standing is Standing.DONE
    assert certificates.verified(code).title == "協働の進め方"
    own = progress.one(course, halfway)
    assert own.version.number == 2
    assert own.read == {first.id}
    assert answer(course, done, q1="a") is True
    complete(course, halfway)
    assert certificates.of_member(course, halfway).number == 2
    assert certificates.of_member(course, done).number == 1


def test_a_published_version_is_frozen_and_a_new_one_must_differ(app):
    course = a_course(page("一"), check=True)
    unit = queries.published(course).units[0]
    with pytest.raises(Frozen):
        contents.change_unit(course, unit.id, page("別"), **HOW)
    with pytest.raises(Frozen):
        contents.remove_unit(course, unit.id, **HOW)
    with pytest.raises(Frozen):
        contents.set_rules(course, 50, None, **HOW)
    with pytest.raises(Frozen):
        services.publish(course, **HOW)
    before = queries.published(course)
    assert services.begin_version(course, **HOW) == services.begin_version(course, **HOW) == 2
    with pytest.raises(NotReady):
        services.publish(course, **HOW)
    with pytest.raises(NotFound):
        contents.change_unit(course, unit.id, page("別"), **HOW)
    contents.set_rules(course, 50, None, **HOW)
    services.publish(course, **HOW)
    assert queries.version(before.id) == before
    assert queries.published(course).check.pass_percent == 50


def test_a_course_needs_units_and_a_unit_what_its_kind_is_made_of(app):
    empty = services.make(2026, "市民活動推進課", CourseDetails("空", "", NOW.date()), **HOW)
    with pytest.raises(NotReady):
        services.publish(empty, **HOW)
    for unit, field in (
        (page(body=""), "body"),
        (UnitDraft(UnitKind.LINK, "外", url="http://example.jp/"), "url"),
        (UnitDraft(UnitKind.PDF, "紙"), "file"),
        (replace(FILM, captions=None), "body"),
    ):
        with pytest.raises(Incomplete) as refused:
            contents.add_unit(empty, unit, **HOW)
        assert refused.value.field == field
    contents.add_unit(empty, replace(FILM, captions=None, body="話している内容"), **HOW)
    assert len(draft(empty).units) == 1


def test_captions_of_a_film_are_not_dropped_while_nothing_says_what_is_spoken(app):
    course = a_course(FILM, published=False)
    unit = draft(course).units[0]
    kept = replace(FILM, file=None, captions=None)
    with pytest.raises(Incomplete):
        contents.change_unit(course, unit.id, replace(kept, drop_captions=True), **HOW)
    contents.change_unit(course, unit.id, replace(kept, drop_captions=True, body="文字起こし"), **HOW)
    changed = draft(course).units[0]
    assert changed.captions_key is None
    assert changed.file == unit.file
    assert not storage.has(unit.captions_key)


def test_a_file_goes_with_the_last_version_that_shows_it(app):
    course = a_course(FILM, page())
    key = queries.published(course).units[0].file.key
    services.begin_version(course, **HOW)
    contents.remove_unit(course, draft(course).units[0].id, **HOW)
    assert storage.has(key)
    services.discard(course, **HOW)
    assert storage.has(key)
    fresh = a_course(FILM, published=False)
    unit = draft(fresh).units[0]
    contents.remove_unit(fresh, unit.id, **HOW)
    assert not storage.has(unit.file.key)
    assert not storage.has(unit.captions_key)


def test_the_check_comes_after_all_units_and_no_oftener_than_it_may(any_app):
    course, who = a_course(page("一"), page("二"), check=True, pass_percent=100, most_tries=2), somebody()
    with pytest.raises(Unread):
        answer(course, who, **RIGHT)
    read_all(course, who)
    with pytest.raises(Unanswered) as refused:
        answer(course, who, q1="b")
    assert [problem.question for problem in refused.value.problems] == ["q2"]
    assert answer(course, who, q1="b", q2=["a"]) is False
    assert progress.one(course, who).last.right == {"q1"}
    assert answer(course, who, q1="a", q2=["a", "c"]) is False
    with pytest.raises(NoTriesLeft):
        answer(course, who, **RIGHT)
    taking.allow_again(course, who, **HOW)
    assert progress.one(course, who).tries_left == 2
    assert answer(course, who, **RIGHT) is True
    assert progress.one(course, who).last.number == 3


def test_a_course_without_check_is_done_when_all_is_read_and_reading_twice_is_once(any_app):
    course, who = a_course(page("一"), page("二")), somebody()
    one, two = (unit.id for unit in queries.published(course).units)
    assert taking.read(course, one, who, **HOW) is False
    assert taking.read(course, one, who, **HOW) is False
    assert taking.read(course, two, who, **HOW) is True
    assert taking.read(course, two, who, **HOW) is False
    assert len(progress.completions([course])) == 1


def test_an_answer_to_an_older_version_is_sent_back(app):
    course, who = a_course(page("一"), check=True), somebody()
    read_all(course, who)
    old = queries.published(course).id
    services.begin_version(course, **HOW)
    ask(course, replace(SINGLE, label="別の問い"), "a", place=0)
    services.publish(course, **HOW)
    with pytest.raises(ContentsChanged):
        taking.answer(course, who, {rules.CHECK: RIGHT}, version_id=old, **HOW)
    services.begin_version(course, **HOW)
    with pytest.raises(ContentsChanged):
        contents.put_question(course, None, SINGLE, Solution(("a",)), seen="", **HOW)


def test_a_course_goes_on_into_the_new_year_with_its_contents_and_once(any_app):
    course = a_course(page("一"), FILM, check=True, most_tries=3)
    before = queries.published(course)
    carried = services.carry(2027, "市民活動推進課", [course], **HOW)
    assert (carried, services.carry(2027, "市民活動推進課", [course], **HOW)) == (1, 0)
    new = queries.of_year(2027)[0]
    assert (new.code, new.published, new.due_on.year) == (queries.one(course).code, None, 2027)
    copied = draft(new.id)
    assert [unit.digest for unit in copied.units] == [unit.digest for unit in before.units]
    assert copied.check == before.check
    contents.remove_unit(new.id, copied.units[1].id, **HOW)
    assert storage.has(before.units[1].file.key)


def test_the_database_itself_keeps_a_film_readable_and_one_draft_a_course(any_app):
    course = a_course(FILM, published=False)
    for statement in (
        "UPDATE course_unit SET captions_key = NULL",
        "UPDATE course_unit SET file_key = NULL, file_size = 0",
        f"INSERT INTO course_version (course_id, number, pass_percent, solutions) VALUES ({course}, 2, 100, '{{}}')",
    ):
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.text(statement))
        db.session.rollback()
