"""Steps that verbs of this room share, each inside the caller's transaction. None commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.infra.db import db, run
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.questions.carrying import rows_of
from app.questions.states import Step
from app.questions.types import Definition
from app.worksheets import rules
from app.worksheets.models import (
    Worksheet,
    WorksheetAttachment,
    WorksheetChoice,
    WorksheetComment,
    WorksheetForm,
    WorksheetRevision,
    WorksheetRevisionAttachment,
    WorksheetRow,
    WorksheetTemplate,
)
from app.worksheets.types import CommentDraft


def locked(worksheet_id: int) -> Worksheet:
    """The worksheet, held until the transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(Worksheet).filter_by(id=worksheet_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def locked_template(template_id: int) -> WorksheetTemplate:
    """The template, held until the transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(WorksheetTemplate).filter_by(id=template_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def latest_form(template_id: int) -> WorksheetForm:
    """What the template asks now."""
    chosen = sa.select(WorksheetForm).filter_by(template_id=template_id).order_by(WorksheetForm.number.desc())
    return db.session.scalars(chosen.limit(1)).one()


def remember(row: Worksheet, step: Step, *, by: Actor, now: datetime) -> None:
    """Keep the worksheet as it is at this step, with the files it has."""
    number = sa.select(sa.func.count()).select_from(WorksheetRevision).filter_by(worksheet_id=row.id)
    kept = WorksheetRevision(
        worksheet_id=row.id,
        number=(db.session.scalar(number) or 0) + 1,
        step=step,
        form_id=row.form_id,
        answers=row.answers,
        at=now,
        by=by.label,
    )
    db.session.add(kept)
    db.session.flush()  # its id is part of the rows below
    there = sa.select(sa.literal(kept.id), WorksheetAttachment.id).filter_by(worksheet_id=row.id, removed_at=None)
    db.session.execute(sa.insert(WorksheetRevisionAttachment).from_select(["revision_id", "attachment_id"], there))


def comment(row: Worksheet, said: Iterable[CommentDraft], *, by: Actor, now: datetime) -> None:
    """Put down what was said of the worksheet."""
    db.session.add_all(
        WorksheetComment(
            worksheet_id=row.id,
            section_key=one.section,
            row_key=one.row,
            question_key=one.question,
            text=one.text,
            by=by.label,
            at=now,
        )
        for one in said
    )


def resolve_comments(row: Worksheet, *, now: datetime) -> None:
    """What was said before is answered by handing in again."""
    open_ones = sa.update(WorksheetComment).filter_by(worksheet_id=row.id, resolved_at=None)
    db.session.execute(open_ones.values(resolved_at=now))


def lay_out(row: Worksheet, definition: Definition) -> None:
    """Write the rows that overviews read anew from the answers; what was chosen stays so while it is agreed."""
    kept = sa.select(WorksheetRow.section_key, WorksheetRow.row_key).filter_by(worksheet_id=row.id, chosen=True)
    chosen = {(one.section_key, one.row_key) for one in db.session.execute(kept)}
    clear_rows(row)
    for section in definition.sections:
        for place, answers in enumerate(rows_of(section, row.answers) if section.repeats else []):
            key, agreed = str(answers["row"]), rules.agreed(section, answers)
            task = WorksheetRow(
                template_id=row.template_id,
                worksheet_id=row.id,
                section_key=section.key,
                row_key=key,
                place=place,
                answers=dict(answers),
                search=rules.search_text(section, answers),
                agreed=agreed,
                chosen=agreed and (section.key, key) in chosen,
            )
            db.session.add(task)
            db.session.flush()  # its id is part of the rows below
            picked = [
                {"row_id": task.id, "question_key": question, "option_key": option}
                for question, option in rules.choices(section, answers)
            ]
            if picked:
                run(sa.insert(WorksheetChoice).values(picked))


def clear_rows(row: Worksheet) -> None:
    """Take the rows out of the overviews."""
    own = sa.select(WorksheetRow.id).filter_by(worksheet_id=row.id)
    db.session.execute(sa.delete(WorksheetChoice).where(WorksheetChoice.row_id.in_(own)))
    db.session.execute(sa.delete(WorksheetRow).filter_by(worksheet_id=row.id))
