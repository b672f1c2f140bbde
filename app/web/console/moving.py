"""Doing for somebody what they can do by themselves: another sitting, and the place handed to another person."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.types import EventRow
from app.infra import clock
from app.kernel.types import Actor
from app.registrations import guests, handing, switching
from app.registrations.types import RegistrationRow
from app.web.console import bp
from app.web.console.forms.registrations import not_begun
from app.web.console.guests import decided
from app.web.console.reach import own_registration
from app.web.parts.access import allow, current_actor
from app.web.parts.asked_form import BODY
from app.web.parts.forms import BaseForm
from app.web.parts.guards import takes_body
from app.web.parts.guest_form import GuestSittingForm
from app.web.parts.other_sitting import NotedSittingForm, beside
from app.web.parts.person_form import SittingForm
from app.web.parts.successor_form import NotedSuccessorForm


@bp.get("/console/registrations/<int:registration_id>/sitting/")
@allow(Permission.EDIT_REGISTRATIONS)
def other_sitting(registration_id: int) -> ResponseReturnValue:
    """Another sitting of the same event."""
    row, event = own_registration(registration_id)
    if row.status.is_over:
        return _over(row)
    return _page("other_sitting", row, event, _sittings(row, event))


@bp.post("/console/registrations/<int:registration_id>/sitting/")
@allow(Permission.EDIT_REGISTRATIONS)
def other_sitting_post(registration_id: int) -> ResponseReturnValue:
    """Move somebody there; where it is full, what is held stays."""
    row, event = own_registration(registration_id)
    form = _sittings(row, event)
    if form.validate():
        with form.refusals():
            _move(row, form, current_actor())
            return decided(row, f"{row.details.name}さんの回を変更しました。", _own(row))
    return _page("other_sitting", row, event, form), 422


@bp.get("/console/registrations/<int:registration_id>/hand-over/")
@allow(Permission.EDIT_REGISTRATIONS)
def hand_over(registration_id: int) -> ResponseReturnValue:
    """Who comes instead."""
    row, event = own_registration(registration_id)
    if row.status.is_over:
        return _over(row)
    return _page("hand_over", row, event, NotedSuccessorForm.for_place(row, event))


@bp.post("/console/registrations/<int:registration_id>/hand-over/")
@allow(Permission.EDIT_REGISTRATIONS)
@takes_body(BODY)
def hand_over_post(registration_id: int) -> ResponseReturnValue:
    """Give the place to another person; both are told."""
    row, event = own_registration(registration_id)
    form = NotedSuccessorForm.for_place(row, event)
    if form.validate():
        with form.refusals():
            by, now, note = current_actor(), clock.now(), form.why.data or ""
            handing.hand_over(row.id, form.to_successor(event), note=note, by=by, now=now)
            flash("席を、ほかの方に引き継ぎました。お二人にお知らせします。", "success")
            return redirect(_own(row), 303)
    return _page("hand_over", row, event, form), 422


def _sittings(row: RegistrationRow, event: EventRow) -> SittingForm:
    form = GuestSittingForm() if row.municipality else NotedSittingForm()
    return beside(row, not_begun(event, clock.now()), form)


def _move(row: RegistrationRow, form: SittingForm, by: Actor) -> None:
    to, now = form.sitting.data, clock.now()
    if isinstance(form, NotedSittingForm):
        switching.change_sitting(row.id, to, note=form.why.data or "", by=by, now=now)
    else:
        guests.change_sitting(row.id, to, by=by, now=now)


def _page(name: str, row: RegistrationRow, event: EventRow, form: BaseForm) -> str:
    return render_template(f"console/registrations/{name}.html", row=row, event=event, form=form)


def _over(row: RegistrationRow) -> ResponseReturnValue:
    flash(f"この申込みは、すでに「{row.word}」です。", "info")
    return redirect(_own(row), 303)


def _own(row: RegistrationRow) -> str:
    return url_for("console.registration", registration_id=row.id)
