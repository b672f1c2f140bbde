from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.org.types import UnitKind, UnitRow
from app.questions.states import State
from app.surveys import rules
from app.surveys.errors import NotCountable
from app.surveys.project_types import ProjectRow
from app.surveys.shipped import definition

UNITS = [UnitRow(n, 2026, f"{n:04}", UnitKind.SECTION, f"第{n}課", None, n) for n in range(1, 6)]


def told(number: int, unit: int = 1, name: str = "", partner: str = "", **answers: object) -> ProjectRow:
    said = {"name": name, "partner_names": partner, **answers}
    counted = rules.counts(said)
    return ProjectRow(number, unit, UNITS[unit - 1], State.ACCEPTED, "projects", said, name, counted, public=True)


@pytest.mark.parametrize(
    ("stage", "continuation", "counts"),
    [
        ("before_budget", "new", True),
        ("planning", "continued", True),
        ("planning", "ended", False),
        ("before_budget", "ended", False),
        ("doing", "continued", False),
        (None, "new", False),
        ("planning", None, True),
    ],
)
def test_a_project_counts_when_its_partner_was_there_in_planning_and_it_goes_on(stage, continuation, counts):
    assert rules.counts({"stage": stage, "continuation": continuation}) is counts


def test_a_form_without_what_the_count_stands_on_is_refused():
    form = definition()
    rules.check_countable(form)
    projects = form.section("projects")
    without = replace(projects, questions=tuple(q for q in projects.questions if q.key != "stage"))
    with pytest.raises(NotCountable):
        rules.check_countable(replace(form, sections=(without,)))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("花壇づくり", ""), ("花壇　ヅクリ", ""), "事業名が同じ"),
        (("ﾏﾙｼｪ", "NPO法人A"), ("マルシェ", ""), "事業名が同じ"),
        (("児童館まつり", "ＮＰＯ法人Ａ"), ("第10回児童館まつり", "NPO法人a"), "相手方が同じで、事業名が似ている"),
        (("児童館まつり", "NPO法人A"), ("第10回児童館まつり", "NPO法人B"), None),
        (("清掃", "町内会"), ("清掃と花壇", "町内会"), None),
        (("花壇づくり", "町内会"), ("防災訓練", "町内会"), None),
    ],
)
def test_projects_of_two_sections_that_look_alike(one, other, reason):
    rows = [told(1, 1, *one), told(2, 2, *other)]
    assert [why for _one, _other, why in rules.alike(rows)] == ([reason] if reason else [])
    assert rules.alike([rows[0], replace(rows[1], unit=rows[0].unit)]) == []


@given(
    counted=st.lists(st.booleans(), min_size=1, max_size=8),
    same=st.lists(st.tuples(st.integers(1, 10), st.integers(1, 10)), max_size=8),
)
def test_what_is_the_same_counts_once_and_no_row_is_lost(counted, same):
    rows = [told(n, stage="planning" if yes else "doing") for n, yes in enumerate(counted, 1)]
    projects = rules.joined(rows, same)
    assert sorted(row.id for project in projects for row in project.rows) == [row.id for row in rows]
    # The same by another way: neighbours are coloured until nothing changes.
    colour = {row.id: row.id for row in rows}
    for _ in rows:
        for one, other in same:
            if one in colour and other in colour:
                colour[one] = colour[other] = min(colour[one], colour[other])
    assert len(projects) == len(set(colour.values()))
    yes = {colour[row.id] for row in rows if row.counted}
    assert sum(project.counted for project in projects) == len(yes)


def test_a_project_of_two_sections_chose_what_either_did_once():
    rows = [told(1, 1, forms=["joint"], stage="planning"), told(2, 2, forms=["joint", "subsidy"], stage="doing")]
    forms = definition().section("projects").question("forms")
    (apart,) = rules.totals([forms], rules.joined(rows, []))
    (once,) = rules.totals([forms], rules.joined(rows, [(1, 2)]))

    def figures(total):
        return {tally.key: (tally.counted, tally.total) for tally in total.tallies if tally.total}

    assert (figures(apart), apart.base) == ({"joint": (1, 2), "subsidy": (0, 1)}, (1, 2))
    assert (figures(once), once.base) == ({"joint": (1, 1), "subsidy": (1, 1)}, (1, 1))
