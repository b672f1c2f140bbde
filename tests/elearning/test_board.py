"""Who has completed, and who is reminded: of all staff, with as many statements as of a few."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from app.delivery.models import OutboundMessage
from app.delivery.rendering import is_wanted, render
from app.elearning import board, queries, reminders
from app.elearning.models import CourseCompletion
from app.elearning.types import Standing
from app.infra import clock
from app.infra.db import db, transaction
from app.org.models import Posting, StaffMember
from tests.console.desk import statements
from tests.elearning.courses import ON_THE_DAY, a_course, answer, complete, page, read_all, somebody
from tests.factories import NOW, ORGANIZER, a_unit
from tests.staff import post, signed_in

HERE = "/console/elearning/1/"
TODAY = date(2026, 6, 1)


@transaction
def a_crowd(sections: list[int], each: int, *, done: int) -> None:
    """`each` people at every section, of whom the first `done` have completed course 1."""
    first = (db.session.scalar(sa.select(sa.func.max(StaffMember.id))) or 0) + 1
    ids = range(first, first + each * len(sections))
    member = {"kana": "ショクイン", "kana_order": "シヨクイン", "created_at": NOW, "updated_at": NOW}
    people = [{"id": n, "number": f"C{n:06}", "name": f"職員　{n}", "email": f"c{n}@example.jp", **member} for n in ids]
    db.session.execute(sa.insert(StaffMember), people)
    places = [
        {"staff_member_id": n, "unit_id": sections[(n - first) // each], "starts_on": date(2026, 4, 1)} for n in ids
    ]
    db.session.execute(sa.insert(Posting), places)
    version = {"course_id": 1, "version_id": queries.published(1).id, "title": "協働の進め方", "completed_at": NOW}
    finished = [n for n in ids if (n - first) % each < done]
    rows = [{"staff_member_id": n, "name": f"職員　{n}", "code": f"{n:012}", **version} for n in finished]
    db.session.execute(sa.insert(CourseCompletion), rows)


@pytest.fixture
def site(site: Flask) -> Flask:
    """With a course that is published."""
    with site.app_context():
        a_course(page(), check=True)
    return site


def test_the_board_of_2000_staff_costs_as_many_statements_as_one_of_20(site):
    organizer = signed_in(site)
    with site.app_context():
        a_crowd([a_unit()], 20, done=5)
    pages = (HERE, f"{HERE}people/", f"{HERE}reminders/")
    few = [statements(site, organizer, address) for address in pages]
    with site.app_context():
        sections = [a_unit(name=f"第{n}課") for n in range(1, 100)]
        a_crowd(sections, 20, done=7)
    assert [statements(site, organizer, address) for address in pages] == few
    shown = organizer.get(HERE).text
    assert "698" in shown
    assert "／2,000人" in shown
    assert "34" in shown
    assert shown.count('data-label="課・室"') == 100
    of_one = organizer.get(f"{HERE}people/", query_string={"unit": sections[0], "standing": "done"}).text
    assert of_one.count('data-label="氏名"') == 7
    table = list(csv.reader(StringIO(organizer.get(f"{HERE}people.csv").data.decode("utf-8-sig"))))
    assert len(table) == 2001
    assert sum(row[4] == "修了" for row in table) == 698
    book = openpyxl.load_workbook(BytesIO(organizer.get(f"{HERE}people.xlsx", query_string={"unit": sections[0]}).data))
    assert book.active.max_row == 21


def test_the_board_counts_who_works_here_and_how_far_they_have_come(any_app):
    course = a_course(page("一"), page("二"), check=True, most_tries=1)
    department = a_unit(name="市民協働部")
    section = a_unit(name="環境政策課", parent_id=department)
    done, begun, idle = somebody(section), somebody(section), somebody(department)
    complete(course, done)
    read_all(course, begun)
    found = board.board(course, today=TODAY)
    assert {one.id: one.standing for one in found.people} == {
        done: Standing.DONE,
        begun: Standing.BEGUN,
        idle: Standing.NOT_BEGUN,
    }
    lines = [(one.section, one.done, one.every) for one in found.sections]
    assert lines == [("市民協働部", 0, 1), ("環境政策課", 1, 2)]
    assert (found.done, found.begun) == (1, 1)
    assert board.board(course, today=date(2026, 3, 1)).people != ()


def test_each_is_reminded_once_a_step_and_who_completed_is_not(any_app):
    course = a_course(page())
    done, open_, silent = somebody(), somebody(), somebody()
    db.session.execute(sa.update(StaffMember).filter_by(id=silent).values(email=None))
    db.session.commit()
    complete(course, done)
    assert reminders.send(course, by=ORGANIZER, now=ON_THE_DAY) == 0
    reminders.plan(course, [-7, 5], by=ORGANIZER, now=NOW)
    assert reminders.send_due(now=ON_THE_DAY - timedelta(days=1)) == 0
    assert reminders.send_due(now=ON_THE_DAY.replace(hour=12)) == 0
    seen = reminders.preview(course, today=ON_THE_DAY.date())
    assert ([one.id for one in seen.told], seen.unreached) == ([open_], 1)
    assert reminders.send_due(now=ON_THE_DAY) == 1
    assert reminders.send_due(now=ON_THE_DAY + timedelta(days=1)) == 0
    sent = db.session.scalars(sa.select(OutboundMessage).filter_by(kind="elearning.reminder")).all()
    assert [message.payload["member"] for message in sent] == [open_]
    with clock.fixed(ON_THE_DAY):
        assert f"/my/elearning/{course}/" in render("elearning.reminder", sent[0].payload).text
    assert is_wanted("elearning.reminder", sent[0].payload)
    complete(course, open_)
    assert not is_wanted("elearning.reminder", sent[0].payload)
    assert reminders.send(course, now=datetime(2026, 10, 20, 1, 0, tzinfo=UTC)) == 0


def test_who_has_no_try_left_is_let_off_from_the_list(site):
    with site.app_context():
        course = a_course(page(), check=True, most_tries=1)
        who = somebody()
        read_all(course, who)
    organizer = signed_in(site)
    here = f"/console/elearning/{course}/people/"
    assert "確認テストの回数が残っていません" not in organizer.get(here).text
    with site.app_context():
        assert answer(course, who, q1="a", q2=["a"]) is False
    assert "確認テストの回数が残っていません" in organizer.get(here).text
    assert post(organizer, here, f"{here}{who}/again/").status_code == 303
    assert "確認テストの回数が残っていません" not in organizer.get(here).text
