"""What sections and organizers do to worksheets. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import JSON, Actor
from app.questions.carrying import carry
from app.questions.internal import for_everybody, together
from app.questions.states import State, Step
from app.questions.types import Answers
from app.questions.validate import check
from app.worksheets import messages, queries, rules, steps
from app.worksheets.errors import ChangedMeanwhile, Incomplete, NoComment, NothingToCopy
from app.worksheets.models import Worksheet
from app.worksheets.types import CommentDraft, Saved, WorksheetView


@transaction
def save(template_id: int, unit_id: int, answers: object, *, version: int, by: Actor, now: datetime) -> Saved:
    """Keep what a section has typed, whatever is still wrong with it; the first saving begins the worksheet.

    `version` is the one that was read, 0 for an empty form. Raises NotFound, NotWritable, ChangedMeanwhile.
    """
    return _keep(_writable(template_id, unit_id, version), answers, by=by, now=now)


@transaction
def copy_from_last_year(template_id: int, unit_id: int, *, version: int, by: Actor, now: datetime) -> Saved:
    """Add what the section, or those whose work it took over, wrote last year. A second time adds nothing.

    Raises NotFound, NotWritable, ChangedMeanwhile, NothingToCopy.
    """
    view = _writable(template_id, unit_id, version)
    earlier = queries.handed_in_before(view.template.code, view.template.fiscal_year, unit_id)
    if not earlier:
        raise NothingToCopy("前年度の棚卸シートはありません。")
    return _keep(view, rules.joined(view.answers, earlier, view.definition), by=by, now=now)


@transaction
def submit(worksheet_id: int, *, version: int, by: Actor, now: datetime, member_id: int | None = None) -> None:
    """Hand it in; `member_id`: who does, to be told what becomes of it.

    Raises NotFound, NotWritable, ChangedMeanwhile, Incomplete.
    """
    found = queries.one(worksheet_id)
    view = _writable(found.template.id, found.unit_id, version)
    row = steps.locked(worksheet_id)
    checked = check(for_everybody(view.definition), view.answers, complete=True)
    if checked.problems:
        raise Incomplete(checked.problems)
    row.answers, row.form_id = _with_the_organizers(view, checked.answers), steps.latest_form(row.template_id).id
    row.version += 1
    row.state, row.submitted_at, row.submitted_by = State.SUBMITTED, now, by.label
    row.updated_at, row.updated_by, row.submitted_member_id = now, by.label, member_id
    steps.resolve_comments(row, now=now)
    steps.lay_out(row, view.definition)
    _record(row, Step.SUBMITTED, by=by, now=now)
    if view.template.needs_approval:
        messages.approval_wanted(row, now=now)


@transaction
def withdraw(worksheet_id: int, *, by: Actor, now: datetime) -> None:
    """The section takes it back to put something right. Raises NotFound, NotWritable, WrongState."""
    row = steps.locked(worksheet_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="取下げ")
    rules.check_writable(queries.template(row.template_id), State.DRAFT)
    _reopen(row, State.DRAFT)
    steps.clear_rows(row)
    _record(row, Step.WITHDRAWN, by=by, now=now)


@transaction
def approve(worksheet_id: int, *, by: Actor, now: datetime) -> None:
    """The head of the section confirms it; a second time changes nothing. Raises NotFound, WrongState."""
    row = steps.locked(worksheet_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="確認")
    if row.approved_at is None:
        row.approved_at, row.approved_by = now, by.label
        _record(row, Step.APPROVED, by=by, now=now)


@transaction
def send_back(worksheet_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """The head of the section wants something put right first. Raises NotFound, WrongState, NoComment."""
    row = steps.locked(worksheet_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="差戻し")
    _give_back(row, [CommentDraft(text)] if text else [], Step.SENT_BACK, by=by, now=now)


@transaction
def return_(worksheet_id: int, comments: Iterable[CommentDraft], *, by: Actor, now: datetime) -> None:
    """The organizer gives it back with what to put right, also after it was accepted.

    Raises NotFound, WrongState, NoComment.
    """
    row = steps.locked(worksheet_id)
    rules.check_step(row.state, among=[State.SUBMITTED, State.ACCEPTED], doing="差戻し")
    _give_back(row, list(comments), Step.RETURNED, by=by, now=now)


@transaction
def accept(worksheet_id: int, *, by: Actor, now: datetime) -> None:
    """It is as it should be. Raises NotFound, WrongState."""
    row = steps.locked(worksheet_id)
    rules.check_accept(queries.one(worksheet_id))
    row.state, row.accepted_at = State.ACCEPTED, now
    _record(row, Step.ACCEPTED, by=by, now=now)
    messages.accepted(row, now=now)


def _writable(template_id: int, unit_id: int, version: int) -> WorksheetView:
    """The worksheet as it stands, held. Raises NotFound, NotWritable, ChangedMeanwhile."""
    # Who begins a worksheet first is decided at its template: there is no row of its own to hold yet.
    steps.locked_template(template_id)
    view = queries.of_unit(template_id, unit_id)
    rules.check_writable(view.template, view.state)
    if view.version != version:
        raise ChangedMeanwhile(rules.as_the_section_sees(view))
    return view


def _keep(view: WorksheetView, answers: object, *, by: Actor, now: datetime) -> Saved:
    asked = for_everybody(view.definition)
    kept = _with_the_organizers(view, check(asked, answers, complete=False).answers)
    problems = check(asked, kept, complete=True).problems
    form_id = steps.latest_form(view.template.id).id
    if view.id is None:
        row = _begin(view, kept, form_id, by=by, now=now)
        return Saved(row.version, problems)
    row = steps.locked(view.id)
    if row.answers != kept or row.form_id != form_id:
        row.answers, row.form_id = kept, form_id
        row.version += 1
        row.updated_at, row.updated_by = now, by.label
    return Saved(row.version, problems)


def _with_the_organizers(view: WorksheetView, answers: Answers) -> dict[str, JSON]:
    """What the organizer wrote survives whatever the section does, short of removing the row it is about."""
    return carry(together(view.definition, answers, view.answers), view.definition)


def _begin(view: WorksheetView, answers: dict[str, JSON], form_id: int, *, by: Actor, now: datetime) -> Worksheet:
    row = Worksheet(
        template_id=view.template.id,
        form_id=form_id,
        unit_id=view.unit_id,
        state=State.DRAFT,
        answers=answers,
        version=1,
        created_at=now,
        updated_at=now,
        updated_by=by.label,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the entry below
    audit.record("worksheet.begun", "worksheet", row.id, by=by, at=now)
    return row


def _give_back(row: Worksheet, comments: list[CommentDraft], step: Step, *, by: Actor, now: datetime) -> None:
    said = [one for one in comments if one.text]
    if not said:
        raise NoComment("直してほしいことを、1か所以上に入力してください。")
    _check_places(row, said)
    _reopen(row, State.RETURNED)
    steps.comment(row, said, by=by, now=now)
    _record(row, step, by=by, now=now)
    messages.returned(row, now=now)


def _check_places(row: Worksheet, said: Iterable[CommentDraft]) -> None:
    view = queries.one(row.id)
    for one in said:
        try:
            section = view.definition.section(one.section) if one.section is not None else None
        except LookupError:
            raise NotFound from None
        if one.row is not None and (section is None or not rules.has_row(section, one.row, view.answers)):
            raise NotFound


def _reopen(row: Worksheet, state: State) -> None:
    row.state, row.version = state, row.version + 1
    row.approved_at = row.approved_by = row.accepted_at = None


def _record(row: Worksheet, step: Step, *, by: Actor, now: datetime) -> None:
    steps.remember(row, step, by=by, now=now)
    audit.record(f"worksheet.{step}", "worksheet", row.id, by=by, at=now)
