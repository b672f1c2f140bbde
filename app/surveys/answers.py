"""Reading one section's answer: its parts, who may write there, what they could take over, its story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year as fiscal_year_of
from app.kernel.japanese_dates import fiscal_year_text
from app.org import queries as org
from app.org.rules import is_head
from app.org.types import DutyKind, MemberRow, UnitRow
from app.questions.carrying import with_changes
from app.questions.states import State
from app.questions.types import Difference, Section
from app.surveys import queries, rules, taking
from app.surveys.models import SurveyAnswer, SurveyHanded, SurveyPart, SurveyStep
from app.surveys.types import AnswerView, Candidate, HandedRow, OwedRow, PartView, Reach, StoryRow, SurveyRow


def of_unit(survey_id: int, unit_id: int) -> AnswerView:
    """A section's answer, or the empty form where nobody has begun. Raises NotFound for no such survey or unit."""
    found = queries.survey(survey_id)
    if not org.is_there(unit_id, found.fiscal_year, kinds=DutyKind.PROMOTER.held_at):
        raise NotFound
    row = db.session.scalar(sa.select(SurveyAnswer).filter_by(survey_id=survey_id, unit_id=unit_id))
    return _view(found, unit_id, row)


def one(answer_id: int) -> AnswerView:
    """One section's answer. Raises NotFound."""
    row = db.session.get(SurveyAnswer, answer_id)
    if row is None:
        raise NotFound
    return _view(queries.survey(row.survey_id), row.unit_id, row)


def unit_of(view: AnswerView) -> UnitRow:
    """The section whose answer it is, also one that left the chart afterwards, by its last name."""
    chart = {unit.id: unit for unit in org.units(view.survey.fiscal_year)}
    return chart.get(view.unit_id) or org.last_known([view.unit_id])[view.unit_id]


def story(view: AnswerView) -> list[tuple[StoryRow, list[Difference]]]:
    """The story of an answer, the newest first, each step with what changed since the one before."""
    chosen = sa.select(SurveyStep).filter_by(answer_id=view.id).order_by(SurveyStep.number.desc())
    asked = view.survey.definition
    return with_changes(
        [
            StoryRow(row.number, row.step, row.by, row.at, asked, row.answers, row.remark, row.nothing)
            for row in db.session.scalars(chosen)
        ]
    )


def reach(member_id: int, found: SurveyRow, unit_id: int, *, on: date) -> Reach | None:
    """What a member of staff may do with a section's answer; None where it does not concern them.

    Its promoters and its head answer for the section; whoever works there sees what was handed to them.
    """
    member = org.member(member_id, on=on)
    works = member.unit is not None and member.unit.id == unit_id
    leads = works and is_head(member.position)
    whole = leads or unit_id in _promoted(member_id, found.fiscal_year, on)
    handed: frozenset[tuple[str, str, str]] = frozenset()
    if works and not whole:
        chosen = _handed_to(member_id).where(SurveyAnswer.survey_id == found.id, SurveyAnswer.unit_id == unit_id)
        handed = frozenset((row.section_key, row.row_key, row.question_key) for row in db.session.execute(chosen))
    return Reach(whole, leads, handed) if whole or handed else None


def owed(member_id: int, *, today: date) -> list[OwedRow]:
    """The surveys that concern a member of staff this year: for a section of theirs, or for parts handed to them."""
    year = fiscal_year_of(today)
    found = queries.of_year(year)
    if found is None or found.opened_at is None:
        return []
    member = org.member(member_id, on=today)
    answers_for = _promoted(member_id, year, today)
    if member.unit is not None and is_head(member.position):
        answers_for.add(member.unit.id)
    given = db.session.execute(_handed_to(member_id).where(SurveyAnswer.survey_id == found.id, ~_done())).all()
    handed = [row.unit_id for row in given if member.unit is not None and row.unit_id == member.unit.id]
    units = [unit for unit in queries.who_must(year) if unit.id in answers_for or unit.id in handed]
    begun = {
        row.unit_id: row
        for row in db.session.scalars(
            sa.select(SurveyAnswer)
            .filter_by(survey_id=found.id)
            .where(SurveyAnswer.unit_id.in_([unit.id for unit in units]))
        )
    }
    return [
        _owed(found, unit, begun.get(unit.id), whole=unit.id in answers_for, handed=handed.count(unit.id))
        for unit in units
    ]


def handed_in_before(found: SurveyRow, unit_id: int) -> list[AnswerView]:
    """The answers of the year before: of the same section, and of those whose work it took over."""
    before = queries.of_year(found.fiscal_year - 1)
    if before is None:
        return []
    units = {unit_id, *(old for old, new in org.successors(found.fiscal_year) if new == unit_id)}
    chosen = sa.select(SurveyAnswer).where(SurveyAnswer.survey_id == before.id, SurveyAnswer.unit_id.in_(units))
    return [_view(before, row.unit_id, row) for row in db.session.scalars(chosen.order_by(SurveyAnswer.unit_id))]


def last_years(view: AnswerView) -> list[Candidate]:
    """The projects of the year before that the section could take into its answer."""
    source = f"{fiscal_year_text(view.survey.fiscal_year - 1)}の回答"
    return [
        candidate
        for earlier in handed_in_before(view.survey, view.unit_id)
        for candidate in taking.from_last_year(view.survey.definition, source, earlier)
    ]


def _promoted(member_id: int, year: int, on: date) -> set[int]:
    """The units whose promoter they are on that day."""
    duties = org.duties_of(member_id, year)
    return {duty.unit.id for duty in duties if duty.kind is DutyKind.PROMOTER and duty.held_on(on)}


def _handed_to(member_id: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(SurveyPart.section_key, SurveyPart.row_key, SurveyHanded.question_key, SurveyAnswer.unit_id)
        .join(SurveyPart, SurveyPart.id == SurveyHanded.part_id)
        .join(SurveyAnswer, SurveyAnswer.id == SurveyPart.answer_id)
        .where(SurveyHanded.staff_member_id == member_id)
    )


def _done() -> sa.ColumnElement[bool]:
    return sa.or_(SurveyHanded.done_at.is_not(None), SurveyAnswer.state.in_(queries.HANDED_IN))


def _owed(found: SurveyRow, unit: UnitRow, begun: SurveyAnswer | None, *, whole: bool, handed: int) -> OwedRow:
    if begun is None:
        return OwedRow(found, unit, None, awaits_approval=False, whole=whole, handed=handed)
    waits = begun.state is State.SUBMITTED and begun.approved_at is None
    return OwedRow(found, unit, begun.state, waits, whole, handed)


def _view(found: SurveyRow, unit_id: int, row: SurveyAnswer | None) -> AnswerView:
    if row is None:
        return AnswerView(None, found, unit_id, State.DRAFT, nothing=False, version=0, parts=_parts(found, []))
    return AnswerView(
        id=row.id,
        survey=found,
        unit_id=unit_id,
        state=row.state,
        nothing=row.nothing,
        version=row.version,
        parts=_parts(found, db.session.scalars(sa.select(SurveyPart).filter_by(answer_id=row.id)).all()),
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by or "",
        accepted_at=row.accepted_at,
        remark=_remark(row),
    )


def _remark(row: SurveyAnswer) -> str:
    """What was said when it was given back last; nothing once it was handed in again."""
    if row.state not in {State.RETURNED, State.DRAFT}:
        return ""
    last = sa.select(SurveyStep.remark).filter_by(answer_id=row.id).order_by(SurveyStep.number.desc()).limit(1)
    return db.session.scalar(last) or ""


def _parts(found: SurveyRow, rows: Collection[SurveyPart]) -> tuple[PartView, ...]:
    """Every section that is asked once, written or not, and the rows of the others, in the order of the form."""
    handed = _handed(rows)
    by_section: dict[str, list[SurveyPart]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        by_section[row.section_key].append(row)
    parts = []
    for section in found.definition.sections:
        there = by_section[section.key]
        if not section.repeats and not there:
            parts.append(_with_problems(PartView(0, section, "", {})))
        parts += [_with_problems(_part(section, row, handed)) for row in there]
    return tuple(parts)


def _part(section: Section, row: SurveyPart, handed: dict[int, list[HandedRow]]) -> PartView:
    return PartView(
        row.id, section, row.row_key, dict(row.answers), row.updated_by, row.updated_at, handed=tuple(handed[row.id])
    )


def _with_problems(part: PartView) -> PartView:
    problems = rules.check_part(part.section, part.answers, complete=True).problems
    return replace(part, problems=problems)


def _handed(rows: Collection[SurveyPart]) -> dict[int, list[HandedRow]]:
    """What colleagues have, by part."""
    places = {row.id: row for row in rows}
    found: dict[int, list[HandedRow]] = defaultdict(list)
    chosen = sa.select(SurveyHanded).where(SurveyHanded.part_id.in_(places)).order_by(SurveyHanded.id)
    given = list(db.session.scalars(chosen)) if places else []
    people: dict[int, MemberRow] = (
        org.members_by_id({one.staff_member_id for one in given}, on=max(one.at for one in given).date())
        if given
        else {}
    )
    for one in given:
        part = places[one.part_id]
        row = HandedRow(
            one.id, part.section_key, part.row_key, one.question_key, people[one.staff_member_id], one.done_at
        )
        found[one.part_id].append(row)
    return found
