"""Each figure is the sum of the records behind it, and of nothing else.

A year of which there are no records has no figure, not a zero: somebody may type it, with a source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from app.attendance.types import Totals
from app.events.audiences import Category
from app.events.types import EventRow, SittingRow
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import date_text, period_text
from app.org.types import DutyKind
from app.proposals.types import CourseKind
from app.questions.states import State
from app.reports import typed
from app.reports.definitions import BY_KEY, DEFINITIONS
from app.reports.gathering import Year
from app.reports.types import Definition, Events, Figure, Line, TypedRow
from app.surveys import queries as surveys
from app.surveys.project_types import Project, TrendRow

Count = Callable[[Year], list[Line]]
Figures = Mapping[tuple[int, str], Figure]


def _holders(kind: DutyKind) -> Count:
    """One a person; who holds the duty at two units stands at the first."""

    def count(year: Year) -> list[Line]:
        held = {duty.member.id: duty for duty in reversed(year.duties(kind))}
        return [Line(d.unit.full_name, d.member.name, 1, ("unit", d.unit.id)) for d in reversed(held.values())]

    return count


def _held(which: Events) -> Count:
    def count(year: Year) -> list[Line]:
        return [_sitting(event, sitting, 1) for event, sitting in year.sittings(which)]

    return count


def _came(which: Events, people: Callable[[Totals], int]) -> Count:
    def count(year: Year) -> list[Line]:
        came = year.attended
        held = ((event, sitting) for event, sitting in year.sittings(which) if sitting.id in came)
        return [_sitting(event, sitting, people(came[sitting.id])) for event, sitting in held]

    return count


def _sitting(event: EventRow, sitting: SittingRow, amount: int) -> Line:
    when = period_text(sitting.starts_at, sitting.ends_at)
    return Line(event.full_title, f"{sitting.label}　{when}" if sitting.label else when, amount, ("event", event.id))


def _bound(year: Year) -> list[Line]:
    return [Line(b.requirement.title, "対象", len(b.lines), ("requirement", b.requirement.id)) for b in year.boards]


def _completed(year: Year) -> list[Line]:
    return [Line(b.requirement.title, "修了", b.done, ("requirement", b.requirement.id)) for b in year.boards]


def _accepted(year: Year) -> list[Line]:
    return [
        Line(row.unit.full_name, template.title, 1, ("worksheet", row.worksheet_id or 0))
        for template, rows in year.worksheets
        for row in rows
        if row.state is State.ACCEPTED
    ]


def _everybody(totals: Totals) -> int:
    return totals.people


def _from_outside(totals: Totals) -> int:
    """Everybody but the city's own staff."""
    return totals.people - totals.of(Category.STAFF)


def _own_staff(totals: Totals) -> int:
    return totals.of(Category.STAFF)


def _units(year: Year) -> list[Line]:
    return [Line(u.title, c.title, 1, ("course", c.id)) for c, version in year.courses for u in version.units]


def _learned(year: Year) -> list[Line]:
    return [Line(c.title, "終えた職員", year.completed.get(c.id, 0), ("course", c.id)) for c, _version in year.courses]


def _issues(year: Year) -> list[Line]:
    known = year.issues_typed
    if known.source:
        return [Line("入力した件数", known.source, known.number, source=known.source)]
    return [Line(title, date_text(day), 1, ("issue", number)) for number, title, day in year.issues]


def _applications(kind: CourseKind) -> Count:
    def count(year: Year) -> list[Line]:
        return [
            Line(
                one.course,
                one.source or "応募",
                one.applications,
                ("programme", called) if called else None,
                one.source,
            )
            for one, called in year.applications
            if one.kind is kind
        ]

    return count


def _collaborations(year: Year) -> list[Line]:
    if year.projects:
        return [_project(one) for one in year.projects]
    known = year.projects_typed
    return [Line("入力した数", known.source, known.count, source=known.source)] if known else []


def _project(project: Project) -> Line:
    told = "、".join(dict.fromkeys(row.unit.name for row in project.rows))
    return Line(project.rows[0].name, told, 1, ("survey_answer", project.rows[0].answer_id))


COUNTS: Mapping[str, Count] = {
    "collaborations": _collaborations,
    "coordinators": _holders(DutyKind.COORDINATOR),
    "promoters": _holders(DutyKind.PROMOTER),
    "training_sittings": _held(Events.STAFF),
    "training_attended": _came(Events.STAFF, _everybody),
    "mandated_bound": _bound,
    "mandated_done": _completed,
    "elearning_units": _units,
    "elearning_done": _learned,
    "worksheets": _accepted,
    "issues": _issues,
    "workshops": _held(Events.OPEN),
    "workshop_attended": _came(Events.OPEN, _everybody),
    "proposals_city": _applications(CourseKind.CITY_THEME),
    "proposals_citizen": _applications(CourseKind.CITIZEN_THEME),
    "proposals_other": _applications(CourseKind.OTHER),
    "model_sittings": _held(Events.MODEL),
    "model_attended": _came(Events.MODEL, _everybody),
    "model_residents": _came(Events.MODEL, _from_outside),
    "model_staff": _came(Events.MODEL, _own_staff),
}


def definition(key: str) -> Definition:
    """What a figure is. Raises NotFound."""
    if key not in BY_KEY:
        raise NotFound
    return BY_KEY[key]


def lines(key: str, year: Year) -> list[Line]:
    """The records behind a figure; none where no room keeps any. Raises NotFound."""
    definition(key)
    return COUNTS[key](year) if key in COUNTS else []


def of_years(years: Iterable[int], section: str, *, now: datetime) -> dict[tuple[int, str], Figure]:
    """Every figure of several years, known or not, by year and key."""
    written = typed.by_year_and_key(section)
    return {
        (year.fiscal_year, one.key): _figure(one, lines(one.key, year), year.fiscal_year, written)
        for year in (Year(number, section, now) for number in sorted(set(years)))
        for one in DEFINITIONS
    }


def trend(key: str, figures: Figures, section: str, *, until: int) -> list[Figure]:
    """A figure through the years up to `until`: those of `figures`, and before them what was typed, here or there."""
    what = BY_KEY[key]
    written = [row for (_year, name), row in typed.by_year_and_key(section).items() if name == key]
    told = HISTORIES[key]() if key in HISTORIES else []
    known = {row.fiscal_year: Figure(what, row.fiscal_year, None, row) for row in written}
    known |= {row.fiscal_year: Figure(what, row.fiscal_year, row.count, None, row.source) for row in told}
    known |= {year: one for (year, name), one in figures.items() if name == key and one.value is not None}
    return [known[year] for year in sorted(known) if year <= until]


# Rooms that know a figure of all years at once.
HISTORIES: Mapping[str, Callable[[], Sequence[TrendRow]]] = {"collaborations": surveys.trend}


def _figure(one: Definition, found: Sequence[Line], year: int, written: Mapping[tuple[int, str], TypedRow]) -> Figure:
    counted = sum(line.amount for line in found) if found else None
    read_in = "、".join(dict.fromkeys(line.source for line in found if line.source))
    return Figure(one, year, counted, written.get((year, one.key)), read_in)
