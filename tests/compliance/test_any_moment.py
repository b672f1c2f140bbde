"""Whatever happens in a year, the board says what a plain count of the rows says."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.attendance.types import Presence
from app.compliance import queries, services
from app.compliance.types import Audience
from app.infra.db import db
from app.org import services as org
from tests.compliance import city
from tests.factories import NOW, ORGANIZER

KINDS = ["assign", "attend", "miss", "exempt", "hand", "merge", "move"]
ACTS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 4)))
DAY = date(2026, 7, 1)
HOLDERS = """SELECT d.staff_member_id, d.unit_id FROM duty d JOIN org_unit_year u ON u.unit_id = d.unit_id
 AND u.fiscal_year = 2026 WHERE d.fiscal_year = 2026 AND d.kind = 'promoter' AND d.starts_on <= '2026-07-01'
 AND (d.ends_on IS NULL OR d.ends_on >= '2026-07-01') AND d.unit_id IN ({units})"""
OPEN = (
    HOLDERS
    + """ AND NOT EXISTS (SELECT 1 FROM exemption e WHERE e.staff_member_id = d.staff_member_id
 AND e.requirement_id = :requirement) AND NOT EXISTS (SELECT 1 FROM registration r JOIN attendance a
 ON a.registration_id = r.id WHERE r.staff_member_id = d.staff_member_id AND r.event_id = :event
 AND r.status <> 'cancelled' AND a.status IN ('present', 'late', 'left_early'))"""
)
# Where people work on the due date, in words of the chart: whose unit has left it stands where its work is done now.
WORKING = """WITH RECURSIVE heir(unit, present) AS (SELECT id, id FROM org_unit
 UNION SELECT h.unit, s.new_id FROM heir h JOIN org_succession s ON s.old_id = h.present)
 SELECT p.staff_member_id, u.unit_id FROM posting p JOIN heir h ON h.unit = p.unit_id
 JOIN org_unit_year u ON u.unit_id = h.present AND u.fiscal_year = 2026
 WHERE p.starts_on <= '2026-12-18' AND (p.ends_on IS NULL OR p.ends_on >= '2026-12-18') AND """
IN_UNITS = WORKING + "(p.unit_id IN ({0}) OR u.unit_id IN ({0}) OR u.parent_id IN ({0}))"
NAMED = WORKING + "p.staff_member_id IN ({0})"


def bound(requirement: int) -> set[tuple[int, int | None]]:
    return {(line.person.id, line.unit_id) for line in queries.board(requirement, today=DAY).lines}


def counted(statement: str, ids: list[int]) -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in db.session.execute(sa.text(statement.format(",".join(map(str, ids)))))}


@given(acts=ACTS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_board_equals_a_plain_count_at_any_moment(app, acts):
    db.session.remove()
    db.drop_all()
    db.create_all()
    sections, promoters, coordinators = city.build(5, departments=2)
    event_id, (morning, _afternoon) = city.training()
    requirement = city.required(event_id)
    chosen, named = [sections[0], sections[3], 2], [*promoters[:3], coordinators[0]]  # 2: the second department
    in_units = city.required(event_id, code="units", audience=Audience.SECTIONS, units=tuple(chosen))
    listed = city.required(event_id, code="list", audience=Audience.LIST, members=tuple(named))
    alive, units = list(sections), ",".join(map(str, sections))
    for number, (act, where) in enumerate(acts):
        unit = alive[where % len(alive)]
        line = next(one for one in queries.board(requirement, today=DAY).lines if one.unit_id == unit)
        who = line.person.id
        if act in {"assign", "attend", "miss"}:
            city.assign(event_id, morning, [who])
        if act in {"attend", "miss"} and line.standing.value not in {"attended", "absent"}:
            city.come(event_id, morning, [who], Presence.PRESENT if act == "attend" else Presence.ABSENT)
        if act == "exempt":
            services.exempt(requirement, who, "休職", by=ORGANIZER, now=NOW)
        if act == "hand" and number < 60:
            duty = db.session.execute(
                sa.text("SELECT id FROM duty WHERE unit_id = :unit AND ends_on IS NULL"), {"unit": unit}
            ).scalar_one()
            first = date(2026, 4, 2) + timedelta(days=number)
            org.hand_over(duty, city.colleague(unit, f"X{number}"), first, by=ORGANIZER, now=NOW)
        if act == "merge" and len(alive) > 1:
            alive.remove(unit)
            org.succeed([unit], [alive[0]], 2026, by=ORGANIZER, now=NOW)
        if act == "move":
            first = date(2026, 5, 1) + timedelta(days=number)
            org.post(who, alive[(where + 1) % len(alive)], first, by=ORGANIZER, now=NOW)
        assert bound(in_units) == counted(IN_UNITS, chosen)
        assert bound(listed) == counted(NAMED, named)
        board = queries.board(requirement, today=DAY)
        given_ = {"requirement": requirement, "event": event_id}
        every = db.session.execute(sa.text(HOLDERS.format(units=units))).all()
        left = db.session.execute(sa.text(OPEN.format(units=units)), given_).all()
        assert {(one.person.id, one.unit_id) for one in board.lines} == {(row[0], row[1]) for row in every}
        assert {one.person.id for one in board.open} == {row[0] for row in left}
