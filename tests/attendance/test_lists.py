"""Lists for paper and for files."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.attendance import lists, queries, services
from app.attendance.types import Order, Presence, WalkIn
from app.infra.db import db
from app.registrations.models import Registration
from app.registrations.types import Category, Needs
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for

THE_DAY = NOW + timedelta(days=10)

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("order", Order)
def test_paper_and_entry_screen_number_the_same_people_alike(order):
    sitting = a_sitting(capacity=50).id
    for n in range(12):
        apply_for(sitting, kana=f"{'タナカサ'[n % 4]}ヤマ", affiliation=["児島", "", "玉島"][n % 3])
    paper = [(row.number, row.reference) for row in lists.roster_rows(sitting, order)]
    assert paper == [(line.number, line.reference_text) for line in queries.sheet(sitting, order).lines]


def test_groups_of_the_paper_are_blocks_that_follow_one_another():
    sitting = a_sitting().id
    for kana, place in (("アオキ", "玉島"), ("イトウ", ""), ("カトウ", "玉島")):
        apply_for(sitting, kana=kana, affiliation=place)
    assert [row.group for row in lists.roster_rows(sitting, Order.KANA)] == ["ア行", "ア行", "カ行"]
    assert [row.group for row in lists.roster_rows(sitting, Order.AFFILIATION)] == ["玉島", "玉島", "所属の記入なし"]


def test_needs_are_a_symbol_and_never_words():
    sitting = a_sitting().id
    apply_for(sitting, needs=Needs(wheelchair=True, note="付添いの者と参ります"))
    paper, cells = lists.roster_rows(sitting, Order.KANA), lists.export_rows(sitting, Order.KANA)
    assert paper[0].note_symbol == "●"
    assert "車いす" not in str(paper) + str(cells)
    assert "付添い" not in str(paper) + str(cells)


def test_the_export_has_everybody_with_marks_and_the_walk_ins_at_the_end():
    sitting = a_sitting().id
    apply_for(sitting, name="𠮷田　髙志", kana="ヨシダ　タカシ", phone="+81864263107", companions=1)
    person = db.session.scalar(sa.select(Registration.id))
    services.mark(sitting, person, Presence.LATE, people=1, by=ORGANIZER, now=THE_DAY)
    services.add_walk_in(sitting, WalkIn("=1+1", "", Category.STAFF, 2, "k"), by=ORGANIZER, now=THE_DAY)
    first, last = (dict(zip(lists.EXPORT_HEADER, row, strict=True)) for row in lists.export_rows(sitting, Order.KANA))
    assert (first["氏名"], first["電話番号"], first["出欠"], first["来場人数"]) == (
        "𠮷田　髙志",
        "086-426-3107",
        "遅刻",
        1,
    )
    assert (last["番号"], last["受付番号"], last["氏名"], last["来場人数"]) == (2, "当日受付", "=1+1", 2)


def test_the_number_of_statements_does_not_grow_with_the_sheet():
    assert statements_for(3) == statements_for(30)


def statements_for(size):
    sitting = a_sitting(capacity=None).id
    for _ in range(size):
        apply_for(sitting, needs=Needs(childcare=True))
    seen = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    queries.sheet(sitting)
    lists.roster_rows(sitting, Order.AFFILIATION)
    lists.export_rows(sitting, Order.KANA)
    return len(seen)
