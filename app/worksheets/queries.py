"""Reading worksheets: what one section filled in, how far all have come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import JSON
from app.org import queries as org
from app.org.rules import first_day, last_day
from app.org.types import DutyKind, UnitRow
from app.questions import codec
from app.questions.carrying import carry, with_changes
from app.questions.states import State
from app.questions.types import Answers, Definition, Difference
from app.worksheets import rules
from app.worksheets.models import (
    Worksheet,
    WorksheetAttachment,
    WorksheetComment,
    WorksheetForm,
    WorksheetRevision,
    WorksheetRevisionAttachment,
    WorksheetRow,
    WorksheetTemplate,
)
from app.worksheets.types import (
    AttachmentRow,
    BoardRow,
    CommentRow,
    OwedRow,
    RevisionRow,
    TemplateRow,
    WorksheetView,
)

_T = WorksheetTemplate
_A = WorksheetAttachment
_WRITTEN = sa.cast(WorksheetForm.definition, sa.Text).label("definition")
_NEWER = aliased(WorksheetForm)
_LATEST = sa.select(sa.func.max(_NEWER.number)).where(_NEWER.template_id == _T.id).scalar_subquery()
_TEMPLATE = (
    sa.select(
        _T.id, _T.fiscal_year, _T.code, _T.title, _T.section, _T.due_on, _T.needs_approval, _T.most_attachments,
        _T.opened_at, _T.closed_at, _T.extract_published_at, WorksheetForm.number, _WRITTEN,
    )
    .join(WorksheetForm, sa.and_(WorksheetForm.template_id == _T.id, WorksheetForm.number == _LATEST))
)  # fmt: skip


def template(template_id: int) -> TemplateRow:
    """One worksheet of a year. Raises NotFound."""
    found = _templates(_T.id == template_id)
    if not found:
        raise NotFound
    return found[0]


def templates(fiscal_year: int, *, section: str | None = None) -> list[TemplateRow]:
    """The worksheets of a year, by due date: all, or those that a section of the city hall owns."""
    return _templates(_T.fiscal_year == fiscal_year, *([] if section is None else [_T.section == section]))


def years(section: str) -> list[int]:
    """The fiscal years in which a section of the city hall has worksheets, newest first."""
    chosen = sa.select(_T.fiscal_year).filter_by(section=section).distinct()
    return list(db.session.scalars(chosen.order_by(_T.fiscal_year.desc())))


def open_templates(fiscal_year: int) -> list[TemplateRow]:
    """The worksheets of a year that the sections see, by due date."""
    return _templates(_T.fiscal_year == fiscal_year, _T.opened_at.is_not(None))


def published_extracts(fiscal_year: int) -> list[TemplateRow]:
    """The worksheets of a year of which everybody sees an extract."""
    return _templates(_T.fiscal_year == fiscal_year, _T.extract_published_at.is_not(None))


def years_of_extracts() -> list[int]:
    """The fiscal years of which everybody sees an extract, newest first."""
    chosen = sa.select(_T.fiscal_year).where(_T.extract_published_at.is_not(None)).distinct()
    return list(db.session.scalars(chosen.order_by(_T.fiscal_year.desc())))


def template_of_year(code: str, fiscal_year: int) -> TemplateRow | None:
    """The same worksheet in another year."""
    found = _templates(_T.code == code, _T.fiscal_year == fiscal_year)
    return found[0] if found else None


def one(worksheet_id: int) -> WorksheetView:
    """One section's worksheet. Raises NotFound."""
    row = db.session.get(Worksheet, worksheet_id)
    if row is None:
        raise NotFound
    return _view(template(row.template_id), row.unit_id, row)


def of_unit(template_id: int, unit_id: int) -> WorksheetView:
    """A section's worksheet, or the empty form where nobody has begun. Raises NotFound for no such template or unit."""
    found = template(template_id)
    if not org.is_there(unit_id, found.fiscal_year, kinds=DutyKind.PROMOTER.held_at):
        raise NotFound
    return _view(found, unit_id, db.session.scalar(_of_unit(template_id, unit_id)))


def for_section(template_id: int, unit_id: int) -> WorksheetView:
    """The same as the section sees it. Raises NotFound."""
    return rules.as_the_section_sees(of_unit(template_id, unit_id))


def who_must(fiscal_year: int) -> list[UnitRow]:
    """The units that fill in worksheets: those that name a promoter, in the order of the organisation chart."""
    return [unit for unit in org.units(fiscal_year) if unit.kind in DutyKind.PROMOTER.held_at]


def units_of_member(member_id: int, *, on: date, fiscal_year: int) -> list[UnitRow]:
    """The units whose worksheets a member of staff may write: where they work, and where they are the promoter."""
    working = org.member(member_id, on=on).unit
    held = {
        duty.unit.id
        for duty in org.duties_of(member_id, fiscal_year)
        if duty.kind is DutyKind.PROMOTER and duty.held_on(on)
    }
    mine = held | ({working.id} if working else set())
    return [unit for unit in who_must(fiscal_year) if unit.id in mine]


def forms(template_id: int) -> dict[int, Definition]:
    """All that a worksheet asked at one time or another, by the form's id."""
    chosen = sa.select(WorksheetForm.id, _WRITTEN).where(WorksheetForm.template_id == template_id)
    return {row.id: codec.from_text(row.definition) for row in db.session.execute(chosen)}


def owed(member_id: int, *, today: date) -> list[OwedRow]:
    """The worksheets that the sections of a member of staff fill in this year."""
    year = fiscal_year(today)
    units, opened = units_of_member(member_id, on=today, fiscal_year=year), open_templates(year)
    chosen = sa.select(Worksheet.template_id, Worksheet.unit_id, Worksheet.state, Worksheet.approved_at)
    among = chosen.where(Worksheet.template_id.in_([one.id for one in opened]))
    rows = db.session.execute(among.where(Worksheet.unit_id.in_([unit.id for unit in units])))
    begun = {(row.template_id, row.unit_id): row for row in rows}
    return [_owed(template, unit, begun.get((template.id, unit.id))) for template in opened for unit in units]


def states(template_ids: Iterable[int]) -> dict[tuple[int, int], State]:
    """How far each section has come: (template, unit) → state; who has not begun is missing."""
    chosen = sa.select(Worksheet.template_id, Worksheet.unit_id, Worksheet.state)
    rows = db.session.execute(chosen.where(Worksheet.template_id.in_(list(template_ids))))
    return {(row.template_id, row.unit_id): row.state for row in rows}


def board(template_id: int, *, today: date) -> list[BoardRow]:
    """Every section that must, in the order of the organisation chart, with how far it has come. Raises NotFound."""
    found = template(template_id)
    begun = {row.unit_id: row for row in db.session.scalars(sa.select(Worksheet).filter_by(template_id=template_id))}
    counted = sa.select(WorksheetRow.worksheet_id, sa.func.count()).filter_by(template_id=template_id)
    rows: dict[int, int] = {one[0]: one[1] for one in db.session.execute(counted.group_by(WorksheetRow.worksheet_id))}
    day = min(max(today, first_day(found.fiscal_year)), last_day(found.fiscal_year))
    held = org.duties(found.fiscal_year, kind=DutyKind.PROMOTER, on=day)
    promoters = {duty.unit.id: duty.member.name for duty in held}
    return [
        _board_row(unit, promoters.get(unit.id, ""), begun.get(unit.id), found, rows)
        for unit in who_must(found.fiscal_year)
    ]


def revisions(worksheet_id: int) -> list[RevisionRow]:
    """The story of a worksheet, the newest first."""
    chosen = (
        sa.select(WorksheetRevision, _WRITTEN)
        .join(WorksheetForm, WorksheetForm.id == WorksheetRevision.form_id)
        .where(WorksheetRevision.worksheet_id == worksheet_id)
        .order_by(WorksheetRevision.number.desc())
    )
    files: dict[int, list[AttachmentRow]] = defaultdict(list)
    kept = sa.select(WorksheetRevisionAttachment.revision_id, WorksheetAttachment).join(
        WorksheetAttachment, WorksheetAttachment.id == WorksheetRevisionAttachment.attachment_id
    )
    for revision_id, file in db.session.execute(kept.where(_A.worksheet_id == worksheet_id).order_by(_A.id)):
        files[revision_id].append(_attachment(file))
    return [
        RevisionRow(
            row.number, row.step, row.by, row.at, codec.from_text(definition), row.answers, tuple(files[row.id])
        )
        for row, definition in db.session.execute(chosen)
    ]  # fmt: skip


def story(worksheet_id: int) -> list[tuple[RevisionRow, list[Difference]]]:
    """The story of a worksheet, the newest first, each step with what changed since the one before.

    One that was never handed in has none.
    """
    return with_changes(revisions(worksheet_id))


def story_for_section(worksheet_id: int) -> list[tuple[RevisionRow, list[Difference]]]:
    """The same as the section sees it."""
    return with_changes([rules.step_as_the_section_sees(step) for step in revisions(worksheet_id)])


def attachment(worksheet_id: int, attachment_id: int) -> tuple[AttachmentRow, bytes]:
    """A file of that worksheet, also one that only its story has, and its content. Raises NotFound."""
    file = db.session.scalar(sa.select(_A).filter_by(id=attachment_id, worksheet_id=worksheet_id))
    if file is None:
        raise NotFound
    return _attachment(file), storage.load(file.file_key)


def unit_of(view: WorksheetView) -> UnitRow:
    """The section whose worksheet it is, also one that left the chart afterwards, by its last name."""
    chart = {unit.id: unit for unit in org.units(view.template.fiscal_year)}
    return chart.get(view.unit_id) or org.last_known([view.unit_id])[view.unit_id]


def handed_in_before(code: str, fiscal_year: int, unit_id: int) -> list[Answers]:
    """The answers of the year before: of the same section, and of those whose work it took over."""
    before = template_of_year(code, fiscal_year - 1)
    if before is None:
        return []
    units = {unit_id, *(old for old, new in org.successors(fiscal_year) if new == unit_id)}
    chosen = sa.select(Worksheet.answers).where(Worksheet.template_id == before.id, Worksheet.unit_id.in_(units))
    return list(db.session.scalars(chosen.order_by(Worksheet.unit_id)))


def _of_unit(template_id: int, unit_id: int) -> sa.Select[Worksheet]:
    return sa.select(Worksheet).filter_by(template_id=template_id, unit_id=unit_id)


def _templates(*wanted: sa.ColumnElement[bool]) -> list[TemplateRow]:
    rows = db.session.execute(_TEMPLATE.where(*wanted).order_by(_T.due_on, _T.id))
    return [_template(row) for row in rows]


def _template(row: Any) -> TemplateRow:
    facts = list(row)
    facts[-1] = codec.from_text(row.definition)
    return TemplateRow(*facts)


def _view(found: TemplateRow, unit_id: int, row: Worksheet | None) -> WorksheetView:
    if row is None:
        return WorksheetView(None, found, unit_id, State.DRAFT, found.definition, {}, 0)
    definition, answers = _as_asked(found, row)
    return WorksheetView(
        id=row.id,
        template=found,
        unit_id=unit_id,
        state=row.state,
        definition=definition,
        answers=answers,
        version=row.version,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by or "",
        accepted_at=row.accepted_at,
        comments=tuple(_comments(row.id)),
        attachments=tuple(_attachments(row.id)),
    )


def _as_asked(found: TemplateRow, row: Worksheet) -> tuple[Definition, dict[str, JSON]]:
    """What can still be edited is asked as the form is now; what was handed in stays as it was asked then."""
    form = db.session.get_one(WorksheetForm, row.form_id)
    if form.number == found.form:
        return found.definition, dict(row.answers)
    if row.state.editable:
        return found.definition, carry(row.answers, found.definition)
    return codec.from_json(form.definition), dict(row.answers)


def _comments(worksheet_id: int) -> Sequence[CommentRow]:
    chosen = sa.select(WorksheetComment).filter_by(worksheet_id=worksheet_id).order_by(WorksheetComment.id)
    return [
        CommentRow(
            said.id, said.section_key, said.row_key, said.question_key, said.text, said.by, said.at,
            said.resolved_at is not None,
        )
        for said in db.session.scalars(chosen)
    ]  # fmt: skip


def _owed(template: TemplateRow, unit: UnitRow, begun: Any) -> OwedRow:
    if begun is None:
        return OwedRow(template, unit, None, awaits_approval=False)
    waits = begun.state is State.SUBMITTED and template.needs_approval and begun.approved_at is None
    return OwedRow(template, unit, begun.state, waits)


def _attachments(worksheet_id: int) -> list[AttachmentRow]:
    chosen = sa.select(_A).filter_by(worksheet_id=worksheet_id, removed_at=None).order_by(_A.id)
    return [_attachment(file) for file in db.session.scalars(chosen)]


def _attachment(file: WorksheetAttachment) -> AttachmentRow:
    return AttachmentRow(file.id, file.file_name, file.media_type, file.size, file.added_at, file.added_by)


def _board_row(
    unit: UnitRow, promoter: str, begun: Worksheet | None, found: TemplateRow, rows: dict[int, Any]
) -> BoardRow:
    if begun is None:
        return BoardRow(unit, promoter, None)
    return BoardRow(
        unit=unit,
        promoter=promoter,
        state=begun.state,
        worksheet_id=begun.id,
        awaits_approval=begun.state is State.SUBMITTED and found.needs_approval and begun.approved_at is None,
        rows=rows.get(begun.id, 0),
        updated_at=begun.updated_at,
        submitted_at=begun.submitted_at,
        accepted_at=begun.accepted_at,
    )
