"""Import of people: shown first, written at once or not at all, and safe to repeat."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.imports import export, people
from app.imports.errors import ChangedSincePreview, WrongColumns, WrongRows
from app.infra.db import db
from app.org import queries, services
from app.org.models import Duty, OrgUnit, Posting, StaffMember
from app.org.types import DutyKind
from tests.factories import NOW, ORGANIZER
from tests.imports.staff_file import changed, everybody, row

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}
SECTION = ("第0局", "第0部", "第0室")
FIRST_PROMOTER = 23


def take(rows, **more):
    return people.take(rows, 2026, **{**BY, **more})


def counts() -> list[int]:
    return [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (OrgUnit, StaffMember, Posting, Duty)]


def test_161_people_come_in_with_their_sections_and_duties():
    plan = people.preview(everybody(), 2026, now=NOW)
    assert (len(plan.problems), plan.unchanged, plan.changed, plan.ended) == (0, 0, (), ())
    assert counts() == [0, 0, 0, 0]
    take(everybody(), seen=people.fingerprint(plan))
    assert counts() == [5 + 21 + 140, 161, 161, 161]
    assert queries.units_without(DutyKind.PROMOTER, 2026, on=date(2026, 6, 1)) == []
    assert queries.units_without(DutyKind.COORDINATOR, 2026, on=date(2026, 6, 1)) == []
    first = queries.duties(2026, kind=DutyKind.PROMOTER)[0]
    assert (first.unit.path, first.member.unit) == (SECTION, first.unit)


def test_the_same_file_again_changes_nothing():
    take(everybody())
    before = counts()
    plan = take(everybody(), now=datetime(2026, 11, 1, tzinfo=UTC))
    assert (plan.empty, plan.unchanged, plan.added) == (True, 161, ())
    assert counts() == before


BROKEN = {
    30: ({"所属コード": ""}, "所属コード"),
    31: ({"所属コード": "9999", "局": "", "部": "", "課": ""}, "この年度の組織にありません"),
    32: ({"職員番号": "12 34"}, "職員番号"),
    33: ({"氏名": ""}, "氏名"),
    34: ({"フリガナ": "高橋"}, "カタカナ"),
    35: ({"メールアドレス": "p1.city.example.jp"}, "メールアドレス"),
    36: ({"採用年度": "平成"}, "採用年度"),
    37: ({"役割": "推進係"}, "役割"),
    38: ({"開始日": "2026/4/31"}, "開始日"),
    39: ({"終了日": "2027-04-01"}, "2026年度"),
    40: ({"開始日": "2026-10-01", "終了日": "2026-09-30"}, "より前"),
    41: ({"役割": "協働調整員"}, "協働調整員を置くのは部"),
    42: ({"職員番号": "000101"}, "行目にもあります"),
    43: ({"メールアドレス": "p101@city.example.jp"}, "別の職員と同じ"),
}


def test_each_wrong_row_is_named_with_its_reason_and_nothing_is_written():
    rows = everybody()
    for line, (changes, _word) in BROKEN.items():
        changed(rows, line, **changes)
    plan = people.preview(rows, 2026, now=NOW)
    assert [problem.line for problem in plan.problems] == list(BROKEN)
    for problem in plan.problems:
        assert BROKEN[problem.line][1] in problem.reason
    with pytest.raises(WrongRows):
        take(rows)
    assert counts() == [0, 0, 0, 0]


def test_two_promoters_of_one_section_at_the_same_time_are_refused():
    rows = [*everybody(), row("00000", SECTION, 900, "協働推進員")]
    [problem] = people.preview(rows, 2026, now=NOW).problems
    assert (problem.line, "重なっています" in problem.reason) == (163, True)


@pytest.mark.parametrize(
    ("code", "path", "said"),
    [
        ("00000", ("第0局", "第0部", "広報課"), "所属コード「00000」は"),
        ("77777", SECTION, "の所属コードは「00000」です"),
    ],
)
def test_names_that_contradict_the_chart_are_refused(code, path, said):
    take(everybody())
    rows = everybody()
    changed(rows, FIRST_PROMOTER, 所属コード=code, **dict(zip(("局", "部", "課"), path, strict=True)))
    [problem] = people.preview(rows, 2026, now=NOW).problems
    assert (problem.line, said in problem.reason) == (FIRST_PROMOTER, True)


def test_who_is_no_longer_in_the_file_ends_and_stays_on_record():
    take(everybody())
    rows = everybody()
    gone = rows.pop()
    plan = take(rows)
    assert [entry.who for entry in plan.ended] == [f"{gone[5]}（{gone[4]}）"]
    assert counts()[1:] == [161, 161, 161]
    assert len(queries.duties(2026, on=date(2026, 6, 1))) == 161
    assert len(queries.duties(2026, on=date(2026, 6, 2))) == 160
    assert take(rows).empty


def test_a_successor_in_the_file_ends_the_duty_the_day_before():
    take(everybody())
    rows = everybody()
    changed(rows, FIRST_PROMOTER, 職員番号="000900", 氏名="後任", メールアドレス="n@city.example.jp", 開始日="R8.10.1")
    assert not people.preview(rows, 2026, now=NOW).problems
    take(rows)
    held = [(d.member.name, d.starts_on, d.ends_on) for d in queries.duties(2026, kind=DutyKind.PROMOTER)][:2]
    assert held == [
        ("髙橋　100", date(2026, 4, 1), date(2026, 9, 30)),
        ("後任", date(2026, 10, 1), None),
    ]
    assert take(rows).empty


def test_another_name_address_and_section_are_changes():
    take(everybody())
    rows = [*everybody(), row("00021", ("第0局", "第0部", "第21課"), 900, "")]
    take(rows)
    changed(rows, FIRST_PROMOTER, 氏名="﨑山　花子", メールアドレス="SAKI@city.example.jp")
    changed(rows, 163, 所属コード="00042", 課="第42課")
    plan = take(rows)
    assert [entry.line for entry in plan.changed] == [FIRST_PROMOTER, 163]
    assert "氏名を「﨑山　花子」に変更" in plan.changed[0].what
    assert take(rows).empty


def test_what_changed_after_the_preview_is_shown_again():
    plan = people.preview(everybody(), 2026, now=NOW)
    take(everybody()[:30])
    with pytest.raises(ChangedSincePreview):
        take(everybody(), seen=people.fingerprint(plan))
    assert counts()[1] == 29


def test_the_export_comes_back_as_nothing_changes():
    take(everybody())
    first = queries.duties(2026, kind=DutyKind.PROMOTER)[0]
    successor = row("00021", ("第0局", "第0部", "第21課"), 900, "")
    take([*everybody(), successor])
    [found] = queries.everybody(queries.MemberFilters(word="000900"), on=date(2026, 6, 1))
    services.hand_over(first.id, found.id, date(2026, 10, 1), **BY)
    plan = take([export.HEADING, *export.table(2026)])
    assert (plan.empty, plan.problems) == (True, ())


def test_a_file_without_the_heading_is_refused():
    with pytest.raises(WrongColumns, match="職員番号"):
        people.preview([["氏名"], ["髙橋"]], 2026, now=NOW)
    with pytest.raises(WrongColumns):
        people.preview([], 2026, now=NOW)
