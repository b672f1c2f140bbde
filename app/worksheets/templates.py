"""What the organizer does to the worksheets of a year: from the first draft to the public extract."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

import sqlalchemy as sa

from app.events.copying import in_year, same_day_in
from app.infra import audit
from app.infra.db import db, rows_changed, transaction
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import Actor
from app.questions import codec
from app.questions.types import Definition
from app.worksheets import carrying, queries, steps
from app.worksheets.errors import CodeTaken, FormChanged, NotAgreed, WrongDay, WrongState
from app.worksheets.models import Worksheet, WorksheetForm, WorksheetRow, WorksheetTemplate
from app.worksheets.types import TemplateDetails, TemplateDraft


@transaction
def draft(wanted: TemplateDraft, *, by: Actor, now: datetime) -> int:
    """A new worksheet of a year, not yet seen by the sections; its id. Raises CodeTaken, WrongDay, BrokenDefinition."""
    return _draft(wanted, by=by, now=now)


@transaction
def edit(template_id: int, wanted: TemplateDetails, *, by: Actor, now: datetime) -> None:
    """Another title or date; whether the section's head confirms it, how many files it takes.

    Files that are there already stay. Raises NotFound, WrongDay.
    """
    row = steps.locked_template(template_id)
    _check_day(wanted.due_on, row.fiscal_year)
    row.title, row.due_on = wanted.title, wanted.due_on
    row.needs_approval, row.most_attachments = wanted.needs_approval, wanted.most_attachments
    audit.record("worksheet_template.edited", "worksheet_template", template_id, by=by, at=now)


@transaction
def ask(template_id: int, definition: Definition, *, seen: str, by: Actor, now: datetime) -> None:
    """Change what is asked; `seen`: codec.digest() of the form that the change was made to.

    Where somebody has begun to answer, the form gets its next number: what was handed in keeps the form of then.
    Raises NotFound, BrokenDefinition, FormChanged.
    """
    steps.locked_template(template_id)
    codec.verify(definition)
    form, asked = steps.latest_form(template_id), codec.to_json(definition)
    if codec.digest(codec.from_json(form.definition)) != seen:
        raise FormChanged("別の職員が先に設問を変えています。画面を読み込み直して、もう一度変更してください。")
    if form.definition == asked:
        return
    begun = sa.select(Worksheet.id).filter_by(form_id=form.id).limit(1)
    if db.session.scalar(begun) is None:
        form.definition = asked
    else:
        db.session.add(WorksheetForm(template_id=template_id, number=form.number + 1, definition=asked, created_at=now))
    audit.record("worksheet_template.asked", "worksheet_template", template_id, by=by, at=now)


@transaction
def open_(template_id: int, *, by: Actor, now: datetime) -> None:
    """The sections see it and can write, also again after it was closed. Raises NotFound."""
    row = steps.locked_template(template_id)
    row.opened_at, row.closed_at = row.opened_at or now, None
    audit.record("worksheet_template.opened", "worksheet_template", template_id, by=by, at=now)


@transaction
def close(template_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody writes any more; what was handed in can still be accepted or given back. Raises NotFound, WrongState."""
    row = steps.locked_template(template_id)
    if row.opened_at is None:
        raise WrongState("この様式は、まだ公開されていません。")
    if row.closed_at is None:
        row.closed_at = now
        audit.record("worksheet_template.closed", "worksheet_template", template_id, by=by, at=now)


@transaction
def carry(year: int, section: str, chosen: Collection[int], *, by: Actor, now: datetime) -> int:
    """Make drafts in `year` of those of a section's worksheets that are chosen; returns how many.

    The due date falls on the nearest same weekday. What carrying.plan() leaves out is left out here too, so that a
    second time makes nothing.
    """
    own = sa.select(WorksheetTemplate.id).filter_by(fiscal_year=year - 1, section=section)
    db.session.execute(own.order_by(WorksheetTemplate.id).with_for_update())
    moved = [template for template in carrying.plan(year, section).moved if template.id in chosen]
    for old in moved:
        due, title = same_day_in(year, old.due_on), in_year(old.title, old.fiscal_year, year)
        rules = (old.definition, old.needs_approval, old.most_attachments)
        _draft(TemplateDraft(year, old.code, title, section, due, *rules), by=by, now=now)
    return len(moved)


@transaction
def choose_rows(template_id: int, shown: Iterable[int], chosen: Iterable[int], *, by: Actor, now: datetime) -> None:
    """Of the rows `shown`, `chosen` are in the public extract and the others are not. Raises NotAgreed."""
    among, wanted = set(shown), set(chosen)
    own = sa.update(WorksheetRow).filter_by(template_id=template_id)
    picked = own.where(WorksheetRow.id.in_(wanted & among), WorksheetRow.agreed).values(chosen=True)
    if rows_changed(picked) != len(wanted & among):
        raise NotAgreed("公開に同意していない行は、抜粋に入れられません。画面を読み込み直してください。")
    db.session.execute(own.where(WorksheetRow.id.in_(among - wanted)).values(chosen=False))
    fields = [f"rows={len(wanted & among)}"]
    audit.record("worksheet_template.chosen", "worksheet_template", template_id, by=by, at=now, fields=fields)


@transaction
def publish_extract(template_id: int, *, shown: bool, by: Actor, now: datetime) -> None:
    """Let everybody see the rows that were chosen, or nobody any more. Raises NotFound."""
    row = steps.locked_template(template_id)
    row.extract_published_at = (row.extract_published_at or now) if shown else None
    step = "shown" if shown else "hidden"
    audit.record(f"worksheet_template.extract_{step}", "worksheet_template", template_id, by=by, at=now)


def _draft(wanted: TemplateDraft, *, by: Actor, now: datetime) -> int:
    _check(wanted)
    if queries.template_of_year(wanted.code, wanted.fiscal_year) is not None:
        raise CodeTaken("この年度には、同じ記号の様式がすでにあります。")
    row = WorksheetTemplate(
        fiscal_year=wanted.fiscal_year,
        code=wanted.code,
        title=wanted.title,
        section=wanted.section,
        due_on=wanted.due_on,
        needs_approval=wanted.needs_approval,
        most_attachments=wanted.most_attachments,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the rows below
    asked = codec.to_json(wanted.definition)
    db.session.add(WorksheetForm(template_id=row.id, number=1, definition=asked, created_at=now))
    audit.record("worksheet_template.made", "worksheet_template", row.id, by=by, at=now)
    return row.id


def _check(wanted: TemplateDraft) -> None:
    codec.verify(wanted.definition)
    _check_day(wanted.due_on, wanted.fiscal_year)


def _check_day(due_on: date, year: int) -> None:
    if fiscal_year(due_on) != year:
        raise WrongDay(f"提出期限は、{year}年度の日付にしてください。")
