"""Reading model projects: themes, people and tables, cards, next steps, and a year's figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.attendance import queries as attendance
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra.db import db
from app.kernel.errors import NotFound
from app.model_projects.models import ModelProject, ModelTheme, NextStep, TableCard, TableSeat, ThemeChoice
from app.model_projects.rules import audience_of
from app.model_projects.types import CardRow, HeldRow, Key, MineRow, PersonRow, ProjectRow, StepRow, TableRow, ThemeRow
from app.org.models import StaffMember
from app.registrations import party
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status

_NAME = sa.func.coalesce(StaffMember.name, Registration.name)


def of_event(event_id: int) -> ProjectRow | None:
    """An event's themes, None where it has none to choose from."""
    row = db.session.execute(
        sa.select(ModelProject.table_size, ModelProject.formed_at).where(ModelProject.event_id == event_id)
    ).one_or_none()
    return None if row is None else ProjectRow(event_id, row.table_size, row.formed_at, _themes([event_id])[event_id])


def people(event_id: int) -> list[PersonRow]:
    """Everybody with a confirmed place, in the order of application; three statements."""
    rows = db.session.execute(
        _placed(
            Registration.id, Registration.sitting_id, _NAME.label("name"), Registration.companions,
            Registration.category, Registration.affiliation, ThemeChoice.first_id, ThemeChoice.second_id,
        )
        .outerjoin(ThemeChoice, ThemeChoice.registration_id == Registration.id)
        .where(Registration.event_id == event_id)
        .order_by(Registration.applied_at, Registration.id)
    ).all()  # fmt: skip
    taken = _seats(event_id)
    named = party.of_sitting(rows[0].sitting_id) if rows else {}
    found: list[PersonRow] = []
    for row in rows:
        audience = audience_of(row.category, row.affiliation)
        names = [row.name, *(member.name for member in named.get(row.id, ()))]
        for number in range(1 + row.companions):
            name = names[number] if number < len(names) else f"{row.name}さんの同伴者{number}"
            theme_id, table = taken.get((row.id, number), (None, None))
            found.append(PersonRow((row.id, number), name, audience, row.first_id, row.second_id, theme_id, table))
    return found


def tables(project: ProjectRow, seated: Sequence[PersonRow]) -> list[TableRow]:
    """Every table of every theme, also an empty one."""
    found: dict[tuple[int | None, int | None], list[PersonRow]] = defaultdict(list)
    for person in seated:
        found[person.theme_id, person.table].append(person)
    return [
        TableRow(theme, number, tuple(found[theme.id, number]))
        for theme in project.themes
        for number in range(1, theme.tables + 1)
    ]


def cards(event_id: int) -> list[CardRow]:
    """All cards, in the order in which they were written."""
    rows = db.session.execute(
        sa.select(TableCard.id, TableCard.theme_id, TableCard.number, TableCard.text, TableCard.quadrant)
        .where(TableCard.event_id == event_id)
        .order_by(TableCard.id)
    )
    return [CardRow(*row) for row in rows]


def steps(event_id: int) -> list[StepRow]:
    """What those who came want to do next, by name."""
    rows = db.session.execute(
        _placed(_NAME, Registration.category, Registration.affiliation, NextStep.text)
        .join(NextStep, NextStep.registration_id == Registration.id)
        .where(Registration.event_id == event_id)
        .order_by(Registration.kana_order, Registration.id)
    )
    return [StepRow(name, audience_of(category, affiliation), text) for name, category, affiliation, text in rows]


def mine(project: ProjectRow, registration_id: int) -> MineRow:
    """What one registration chose, got and wrote."""
    choice = db.session.get(ThemeChoice, registration_id)
    step = db.session.scalar(sa.select(NextStep.text).where(NextStep.registration_id == registration_id))
    taken = db.session.execute(
        sa.select(TableSeat.theme_id, TableSeat.number)
        .where(TableSeat.registration_id == registration_id)
        .order_by(TableSeat.person)
    )
    seats = [(theme, number) for theme_id, number in taken if (theme := project.theme(theme_id))]
    first, second = (choice.first_id, choice.second_id) if choice else (None, None)
    return MineRow(first, second, tuple(seats), step or "")


def held(fiscal_year: int) -> list[HeldRow]:
    """The model projects of a fiscal year that are over, by date, with how many of each audience came."""
    rows = db.session.execute(
        sa.select(Event.id, Event.title, Sitting.id.label("sitting_id"), Sitting.starts_at)
        .join(ModelProject, ModelProject.event_id == Event.id)
        .join(Sitting, Sitting.event_id == Event.id)
        .where(Event.fiscal_year == fiscal_year, Event.status == EventStatus.FINISHED)
        .order_by(Sitting.starts_at, Event.id)
    ).all()
    came, themes = attendance.totals_of([row.sitting_id for row in rows]), _themes([row.id for row in rows])
    return [HeldRow(row.id, row.title, row.starts_at, themes[row.id], came[row.sitting_id].by_category) for row in rows]


def theme(event_id: int, theme_id: int, number: int) -> ThemeRow:
    """A theme that has a table of this number. Raises NotFound."""
    project = of_event(event_id)
    found = project.theme(theme_id) if project else None
    if found is None or not 1 <= number <= found.tables:
        raise NotFound
    return found


def _themes(event_ids: Sequence[int]) -> dict[int, tuple[ThemeRow, ...]]:
    found: dict[int, list[ThemeRow]] = {event_id: [] for event_id in event_ids}
    rows = db.session.execute(
        sa.select(
            ModelTheme.event_id,
            ModelTheme.id,
            ModelTheme.title,
            ModelTheme.reporter,
            ModelTheme.sections,
            ModelTheme.tables,
        )
        .where(ModelTheme.event_id.in_(event_ids))
        .order_by(ModelTheme.place, ModelTheme.id)
    )
    for row in rows:
        found[row.event_id].append(ThemeRow(*row[1:]))
    return {event_id: tuple(themes) for event_id, themes in found.items()}


def _seats(event_id: int) -> dict[Key, tuple[int, int]]:
    rows = db.session.execute(
        sa.select(TableSeat.registration_id, TableSeat.person, TableSeat.theme_id, TableSeat.number).where(
            TableSeat.event_id == event_id
        )
    )
    return {(registration_id, person): (theme_id, number) for registration_id, person, theme_id, number in rows}


def _placed(*columns: Any) -> sa.Select[Any]:
    """Those with a confirmed place; where a colleague comes instead, the colleague."""
    return (
        sa.select(*columns)
        .select_from(Registration)
        .outerjoin(Substitution, Substitution.registration_id == Registration.id)
        .outerjoin(StaffMember, StaffMember.id == Substitution.staff_member_id)
        .where(Registration.status == Status.CONFIRMED)
    )
