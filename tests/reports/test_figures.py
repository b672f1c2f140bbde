"""Each figure equals a query that knows nothing of how the room counts, whatever happens in a year."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.attendance import services as attendance
from app.attendance.types import WalkIn
from app.compliance import services as requirements
from app.compliance.types import RequirementDraft
from app.events.audiences import Category
from app.events.types import Audience, EventStatus
from app.infra.db import db
from app.model_projects import services as model_projects
from app.org.types import DutyKind, UnitKind
from app.registrations import meetings
from app.reports import figures, typed
from app.reports.definitions import DEFINITIONS
from app.reports.gathering import Year
from app.reports.types import TypedRow
from app.surveys import organizing
from app.worksheets import services as worksheets
from tests.factories import ORGANIZER, a_duty, a_member, a_series, a_sitting, a_template, a_unit, a_worksheet, an_event
from tests.public.door import statements

SECTION = "市民活動推進課"
_years = itertools.count(2003)
_keys = itertools.count(1)

# A model project is what has themes; of the others, those for staff alone are trainings.
KINDS = {
    "staff": "event.audience = 'staff' AND event.id NOT IN (SELECT event_id FROM model_project)",
    "open": "event.audience <> 'staff' AND event.id NOT IN (SELECT event_id FROM model_project)",
    "model": "event.id IN (SELECT event_id FROM model_project)",
}
HELD = """
    FROM sitting JOIN event ON event.id = sitting.event_id
    WHERE event.fiscal_year = :year AND event.section = '市民活動推進課' AND {kind}
    AND event.status IN ('published', 'finished') AND sitting.ends_at <= :now
"""
CAME = f"""
    SELECT SUM(people) FROM (
        SELECT headcount.people AS people, headcount.category AS category FROM headcount
        WHERE headcount.sitting_id IN (SELECT sitting.id {HELD})
        UNION ALL
        SELECT attendance.people, attendance.category FROM attendance
        WHERE attendance.sitting_id IN (SELECT sitting.id {HELD})
    ) AS came
"""
DUTIES = """
    SELECT COUNT(DISTINCT staff_member_id) FROM duty WHERE fiscal_year = :year AND kind = :kind
    AND starts_on <= :day AND (ends_on IS NULL OR ends_on >= :day)
"""
EXEMPTIONS = """
    SELECT COUNT(*) FROM exemption JOIN requirement ON requirement.id = exemption.requirement_id
    WHERE requirement.fiscal_year = :year
"""
ACCEPTED = """
    SELECT COUNT(*) FROM worksheet JOIN worksheet_template ON worksheet_template.id = worksheet.template_id
    WHERE worksheet_template.fiscal_year = :year AND worksheet.state = 'accepted'
"""
# Kind of event or duty, and the query; nothing found is no figure.
QUERIES = {
    "coordinators": ("coordinator", DUTIES),
    "promoters": ("promoter", DUTIES),
    **{
        f"{name}_{what}": (kind, query)
        for name, kind in (("training", "staff"), ("workshop", "open"), ("model", "model"))
        for what, query in (("sittings", f"SELECT COUNT(*) {HELD}"), ("attended", CAME))
    },
    "model_staff": ("model", f"{CAME} WHERE category = 'staff'"),
    "model_residents": ("model", f"{CAME} WHERE category <> 'staff'"),
    "mandated_done": ("", EXEMPTIONS),
    "worksheets": ("", ACCEPTED),
}
QUERIES["workshops"] = QUERIES.pop("workshop_sittings")

PEOPLE = st.integers(1, 300)
MEETINGS = st.fixed_dictionaries(
    {
        "audience": st.sampled_from(list(Audience)),
        "over": st.booleans(),
        "counted": st.dictionaries(st.sampled_from(list(Category)), PEOPLE, max_size=3),
        "named": st.lists(st.tuples(st.sampled_from(list(Category)), st.integers(1, 4)), max_size=2),
        "called_off": st.booleans(),
        "goes_on": st.booleans(),
        "themed": st.booleans(),
        "another_sections": st.booleans(),
    }
)


def told(year: int, now: datetime) -> dict[str, int | None]:
    known = figures.of_years([year], SECTION, now=now)
    return {key: figure.value for (_year, key), figure in known.items()}


def asked(year: int, now: datetime) -> dict[str, int | None]:
    """The same from the tables, without a word of the room's."""
    values = {"year": year, "now": now.astimezone(UTC).replace(tzinfo=None), "day": date(year, 12, 1)}
    found = {}
    for key, (word, asks) in QUERIES.items():
        own, query = {**values, "kind": word}, asks.format(kind=KINDS.get(word))
        bound = {name: value for name, value in own.items() if f":{name}" in query}
        typed_ = [sa.bindparam("now", type_=sa.DateTime()), sa.bindparam("day", type_=sa.Date())]
        statement = sa.text(query).bindparams(*(one for one in typed_ if one.key in bound))
        found[key] = db.session.scalar(statement, bound)
    return found


def _meeting(year: int, now: datetime, plan: dict) -> None:
    section = "別の課" if plan["another_sections"] else SECTION
    event = an_event(fiscal_year=year, audience=plan["audience"], section=section, status=EventStatus.PUBLISHED)
    starts_at = now + timedelta(days=-30 if plan["over"] else 30)
    sitting_id = a_sitting(event, starts_at=starts_at, venue_id=None).id
    if plan["over"] and plan["counted"]:
        for category, people in plan["counted"].items():
            attendance.set_headcount(sitting_id, category, people, by=ORGANIZER, now=now)
    elif plan["over"]:
        for category, people in plan["named"]:
            who = WalkIn("倉敷　花子", "クラシキ　ハナコ", category, people, f"entry-{next(_keys)}")
            attendance.add_walk_in(sitting_id, who, by=ORGANIZER, now=now)
    if plan["themed"]:
        model_projects.set_up(event.id, by=ORGANIZER, now=now)
    if plan["goes_on"]:
        a_sitting(event, starts_at=now + timedelta(days=60), venue_id=None)
    if plan["called_off"] and not plan["over"]:
        meetings.call_off(event.id, "雨", notify=False, by=ORGANIZER, now=now)


def _duties(year: int, promoters: int, coordinators: int) -> list[int]:
    department = a_unit(UnitKind.DEPARTMENT, year=year)
    sections = [a_unit(parent_id=department, year=year) for _ in range(promoters)]
    members = [a_member().id for _ in sections]
    for unit_id, member_id in zip(sections, members, strict=True):
        a_duty(unit_id, member_id, year=year)
    for _ in range(coordinators):
        a_duty(a_unit(UnitKind.DEPARTMENT, year=year), kind=DutyKind.COORDINATOR, year=year)
    return [*sections, *members]


def _requirement(year: int, now: datetime, members: list[int], let_off: int) -> None:
    event = an_event(fiscal_year=year, audience=Audience.STAFF, section=SECTION)
    a_sitting(event, starts_at=now + timedelta(days=40), venue_id=None)
    draft = RequirementDraft(year, f"r{year}", "必修研修", event.id, date(year, 12, 20))
    made = requirements.make(draft, by=ORGANIZER, now=now)
    for member_id in members[:let_off]:
        requirements.exempt(made, member_id, "休職中", by=ORGANIZER, now=now)


def _sheets(year: int, now: datetime, units: list[int], accepted: int) -> None:
    template = a_template(year=year, due_on=date(year, 7, 31), needs_approval=False)
    for place, unit_id in enumerate(units):
        sheet = a_worksheet(template, unit_id, "窓口", submitted=True)
        if place < accepted:
            worksheets.accept(sheet, by=ORGANIZER, now=now)


# No shrinking: a failing year is short enough to be read.
@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plans=st.lists(MEETINGS, max_size=5),
    promoters=st.integers(0, 3),
    coordinators=st.integers(0, 2),
    done=st.integers(0, 3),
)
def test_every_figure_equals_an_independent_query(app, plans, promoters, coordinators, done):
    """Each example has a fiscal year of its own, so that all of them share one database."""
    year = next(_years)
    now = datetime(year, 12, 1, 3, 0, tzinfo=UTC)
    people = _duties(year, promoters, coordinators)
    for plan in plans:
        _meeting(year, now, plan)
    _requirement(year, now, people[promoters:], done)
    _sheets(year, now, people[:promoters], done)
    found, wanted = told(year, now), asked(year, now)
    assert {key: found[key] or 0 for key in wanted} == {key: wanted[key] or 0 for key in wanted}
    assert found["mandated_bound"] == promoters
    for plan in plans:  # a year goes on: what is typed fills only what no record says
        _meeting(year, now, {**plan, "over": True})
    source = [TypedRow(year, one.key, 9_999, "紙の記録") for one in DEFINITIONS]
    typed.save(source, section=SECTION, by=ORGANIZER, now=now)
    found, wanted = told(year, now), asked(year, now)
    known = {key: figures.lines(key, Year(year, SECTION, now)) for key in wanted}
    assert found == {key: (wanted.get(key) or 0) if known.get(key) else 9_999 for key in found} | {
        "mandated_bound": promoters
    }


def test_a_figure_is_the_sum_of_records_that_name_their_event(app):
    now = datetime(2026, 12, 1, tzinfo=UTC)
    event = an_event(audience=Audience.BOTH, title="話し合い", series_id=a_series(title="モデル事業").id)
    sitting = a_sitting(event, starts_at=now - timedelta(days=9), label="午後の部", venue_id=None)
    model_projects.set_up(event.id, by=ORGANIZER, now=now)
    attendance.set_headcount(sitting.id, Category.RESIDENT, 37, by=ORGANIZER, now=now)
    attendance.set_headcount(sitting.id, Category.STAFF, 7, by=ORGANIZER, now=now)
    (line,) = figures.lines("model_attended", Year(2026, SECTION, now))
    assert (line.label, line.amount, line.about) == ("第1回 モデル事業「話し合い」", 44, ("event", event.id))
    assert line.note.startswith("午後の部　令和8年11月22日")


def test_ten_events_are_read_with_as_many_statements_as_one(app):
    now = datetime(2026, 12, 1, tzinfo=UTC)

    def held(count):
        for _ in range(count):
            sitting = a_sitting(an_event(audience=Audience.STAFF), starts_at=now - timedelta(days=9))
            attendance.set_headcount(sitting.id, Category.STAFF, 5, by=ORGANIZER, now=now)
        with statements(app) as seen:
            figures.of_years([2026], SECTION, now=now)
        return len(seen)

    assert held(1) == held(9)


def test_a_trend_goes_back_to_what_was_typed(app):
    now = datetime(2026, 12, 1, tzinfo=UTC)
    rows = [TypedRow(year, "collaborations", value, "報告書") for year, value in ((2011, 143), (2015, 202), (2030, 9))]
    typed.save(rows, section=SECTION, by=ORGANIZER, now=now)
    organizing.set_figures([(2015, 203, "調査の記録")], by=ORGANIZER, now=now)
    told = figures.trend("collaborations", {}, SECTION, until=2016)
    assert [(one.fiscal_year, one.value, one.source) for one in told] == [
        (2011, 143, "報告書"),
        (2015, 203, "調査の記録"),
    ]
    assert [one.fiscal_year for one in figures.trend("collaborations", {}, "別の課", until=2016)] == [2015]
