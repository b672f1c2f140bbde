"""Sections by fiscal year: what is renamed, merged or split in April leaves the years before as they were."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.infra.db import db
from app.org import queries, services
from app.org.drafts import UnitDraft
from app.org.errors import CodeTaken, WrongParent, YearBegun
from app.org.types import UnitKind
from tests.factories import NOW, ORGANIZER, a_unit

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}


def names(year: int) -> list[str]:
    return [unit.name for unit in queries.units(year)]


def a_city() -> tuple[int, int, int]:
    """市民局 ＞ 市民協働部 ＞ 市民活動推進課; the three ids."""
    bureau = a_unit(UnitKind.BUREAU, name="市民局")
    department = a_unit(UnitKind.DEPARTMENT, bureau, name="市民協働部")
    return bureau, department, a_unit(UnitKind.SECTION, department, name="市民活動推進課")


def test_the_chart_goes_from_the_top_down_in_its_own_order():
    _bureau, department, _section = a_city()
    a_unit(UnitKind.SECTION, department, name="市民課", position=-1)
    chart = queries.units(2026)
    assert [unit.name for unit in chart] == ["市民局", "市民協働部", "市民課", "市民活動推進課"]
    assert chart[-1].full_name == "市民局　市民協働部　市民活動推進課"


def test_a_new_name_is_true_from_its_year_on():
    _bureau, department, section = a_city()
    assert services.begin_year(2027, **BY) == 3
    kept = queries.unit(section, 2027)
    renamed = UnitDraft(kept.code, kept.kind, "協働推進課", department)
    services.save_unit(renamed, 2027, unit_id=section, **BY)
    assert names(2026)[-1] == "市民活動推進課"
    assert names(2027)[-1] == "協働推進課"


def test_a_merged_section_leaves_the_chart_and_stays_in_the_years_before():
    _bureau, department, one = a_city()
    other = a_unit(UnitKind.SECTION, department, name="市民相談室")
    services.begin_year(2027, **BY)
    services.succeed([other], [one], 2027, **BY)
    assert names(2027) == ["市民局", "市民協働部", "市民活動推進課"]
    assert "市民相談室" in names(2026)
    assert queries.successors(2027) == [(other, one)]


def test_nothing_is_left_hanging_below_a_unit_that_goes():
    _bureau, department, section = a_city()
    services.begin_year(2027, **BY)
    with pytest.raises(WrongParent):
        services.succeed([department], [section], 2027, **BY)
    assert len(names(2027)) == 3


def test_a_unit_cannot_stand_below_itself():
    bureau, _department, section = a_city()
    kept = queries.unit(bureau, 2026)
    with pytest.raises(WrongParent):
        services.save_unit(UnitDraft(kept.code, kept.kind, kept.name, section), 2026, unit_id=bureau, **BY)


def test_a_code_stands_for_one_unit_of_a_year():
    a_unit(code="0101")
    with pytest.raises(CodeTaken):
        a_unit(code="0101")
    assert a_unit(code="0101", year=2027)


def test_a_year_begins_once():
    a_city()
    services.begin_year(2027, **BY)
    with pytest.raises(YearBegun):
        services.begin_year(2027, **BY)


@pytest.mark.parametrize("sections", [3, 60])
def test_the_chart_is_one_question_whatever_its_size(sections):
    _bureau, department, _section = a_city()
    for _ in range(sections):
        a_unit(UnitKind.SECTION, department)
    seen = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    queries.units(2026)
    assert len([statement for statement in seen if "org_unit_year" in statement]) == 1
