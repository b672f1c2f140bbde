"""Registrations of an event: the list, one registration with its story, putting right, cancelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.attendance import queries as attendance
from app.delivery.types import MessageRow
from app.events.types import EventRow, SittingRow
from app.infra import audit, clock
from app.kernel.errors import Refusal
from app.registrations import (
    answer_files,
    answering,
    correspondence,
    handing,
    party,
    queries,
    services,
    substituting,
    together,
    waiting_line,
)
from app.registrations.types import Channel, RegistrationRow, Status
from app.web.console import bp
from app.web.console.forms.registrations import CorrectionForm, NoteForm, ReasonForm, list_filters, statuses_of
from app.web.console.reach import own_event, own_registration
from app.web.console.story import READ, readings, story
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.asked_form import BODY
from app.web.parts.guards import takes_body
from app.web.parts.pages import id_of, page_number, page_url

# A list of more names than this leaves an entry in the audit log when it is looked at.
SMALL_LIST = 20


@dataclass(frozen=True, slots=True)
class SittingSummary:
    """One sitting above the list: registrations by status, and who came once that is known."""

    sitting: SittingRow
    registrations: Mapping[Status, int]


@bp.get("/console/events/<int:event_id>/registrations/")
@allow(Permission.SEE_REGISTRATIONS)
def registrations(event_id: int) -> ResponseReturnValue:
    """The list of an event, in order of application."""
    event, staff = own_event(event_id), current_staff()
    filters = list_filters(event, staff)
    page = queries.console_list(filters, number=page_number(), url=page_url)
    summaries = _summaries(event)
    if len(page.rows) > SMALL_LIST:
        audit.note("registrations.listed", "event", event.id, by=staff.actor, at=clock.now())
    return render_template(
        "console/registrations/list.html",
        event=event,
        page=page,
        filters=filters,
        summaries=summaries,
        statuses=statuses_of(event),
        staff=staff,
        why=waiting_line.reasons([sitting.id for sitting in event.sittings], now=clock.now()),
    )


@bp.get("/console/registrations/<int:registration_id>/")
@allow(Permission.SEE_REGISTRATIONS)
def registration(registration_id: int) -> ResponseReturnValue:
    """One registration: what the person said, where it stands, what happened."""
    row, event = own_registration(registration_id)
    return _page(row, event, NoteForm(note=row.note))


@bp.get("/console/registrations/<int:registration_id>/change/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_change(registration_id: int) -> ResponseReturnValue:
    """The form with what is known."""
    row, event = own_registration(registration_id)
    form = CorrectionForm.for_registration(row, event, answering.of_one(row.id))
    return render_template("console/registrations/change.html", row=row, event=event, form=form)


@bp.post("/console/registrations/<int:registration_id>/change/")
@allow(Permission.EDIT_REGISTRATIONS)
@takes_body(BODY)
def registration_change_post(registration_id: int) -> ResponseReturnValue:
    """Put the registration right; the applicant is told."""
    row, event = own_registration(registration_id)
    form = CorrectionForm.for_registration(row, event, answering.of_one(row.id))
    if form.validate():
        with form.refusals():
            details = form.to_changed(row, event)
            seen, note = form.seen_version, form.why.data or ""
            services.change_details(row.id, details, version=seen, note=note, by=current_actor(), now=clock.now())
            return _back(row, "変更を保存しました。")
    return render_template("console/registrations/change.html", row=row, event=event, form=form), 422


@bp.get("/console/registrations/<int:registration_id>/cancel/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_cancel(registration_id: int) -> ResponseReturnValue:
    """Ask why before a place is given up."""
    row, event = own_registration(registration_id)
    if row.status.is_over:
        return _back(row, f"この申込みは、すでに「{row.status.word}」です。")
    return render_template("console/registrations/cancel.html", row=row, event=event, form=ReasonForm())


@bp.post("/console/registrations/<int:registration_id>/cancel/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_cancel_post(registration_id: int) -> ResponseReturnValue:
    """Give the place up for somebody; a second time changes nothing."""
    row, event = own_registration(registration_id)
    form = ReasonForm()
    if form.validate():
        with form.refusals():
            services.cancel(row.id, reason=form.reason.data or "", by=current_actor(), now=clock.now())
            return _back(row, "申込みを取り消しました。")
    return render_template("console/registrations/cancel.html", row=row, event=event, form=form), 422


@bp.post("/console/registrations/<int:registration_id>/substitute/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_substitute(registration_id: int) -> ResponseReturnValue:
    """A colleague comes instead, or (nobody chosen) the officer after all."""
    row, event = own_registration(registration_id)
    chosen, by, now = request.form.get("substitute", ""), current_actor(), clock.now()
    try:
        if chosen == "":
            substituting.come_oneself(row.id, by=by, now=now)
        else:
            substituting.name_substitute(row.id, id_of(chosen), by=by, now=now)
    except Refusal as refusal:
        return _page(row, event, NoteForm(note=row.note), refusal.message), 422
    return _back(row, "代理の方を保存しました。")


@bp.post("/console/registrations/<int:registration_id>/note/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_note(registration_id: int) -> ResponseReturnValue:
    """Keep the organizer's note."""
    row, event = own_registration(registration_id)
    form = NoteForm()
    if form.validate():
        services.set_note(row.id, form.note.data or "", by=current_actor(), now=clock.now())
        return _back(row, "メモを保存しました。")
    return _page(row, event, form), 422


@bp.post("/console/registrations/<int:registration_id>/not-duplicate/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_not_duplicate(registration_id: int) -> ResponseReturnValue:
    """Somebody asked, and it is another person."""
    row, _event = own_registration(registration_id)
    services.not_a_duplicate(row.id, by=current_actor(), now=clock.now())
    return _back(row, "重複ではないものとして記録しました。")


def _summaries(event: EventRow) -> list[SittingSummary]:
    counts = queries.counts(event.id)
    return [
        SittingSummary(s, {c.status: c.registrations for c in counts if c.sitting_id == s.id}) for s in event.offered
    ]


def _page(row: RegistrationRow, event: EventRow, form: NoteForm, problem: str = "") -> str:
    """The page; whoever may see contacts and history leaves an entry by looking."""
    staff = current_staff()
    full = staff.can(Permission.SEE_CONTACTS)
    history = queries.history(row.id) if full else []
    messages: Sequence[MessageRow] = correspondence.of_registration(row.id) if full else ()
    page = render_template(
        "console/registrations/detail.html",
        row=row,
        event=event,
        form=form,
        staff=staff,
        full=full,
        problem=problem,
        colleagues=substituting.colleagues(row.id) if staff.can(Permission.EDIT_REGISTRATIONS) else [],
        marks=attendance.marks_of(row.id),
        meetings={one.id: one for one in event.sittings},
        together=together.others(row.id) if row.sign_up else [],
        reply=queries.reply_of(row.id),
        chapters=story(history, event),
        handed=handing.of_registration(row.id),
        people=party.of_registration(row.id) if row.details.seats > 1 or row.channel is Channel.BODY else (),
        readings=readings(history),
        why=waiting_line.reasons([row.sitting_id], now=clock.now()).get(row.id, ""),
        offer=waiting_line.offer_of(row.id),
        messages=messages,
        answers=answering.words(event.asked, answering.of_one(row.id)) if full and event.asked else [],
        files=answer_files.of_registration(row.id) if full and event.takes_files else [],
    )
    audit.note(READ, "registration", row.id, by=staff.actor, at=clock.now())
    return page


def _back(row: RegistrationRow, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("console.registration", registration_id=row.id), 303)
