"""Staff of other municipalities: who asks for a place, and who got one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.types import EventRow
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.registrations import guests as room
from app.registrations import queries
from app.registrations.types import RegistrationRow, Status
from app.web.console import bp
from app.web.console.forms.registrations import not_begun
from app.web.console.reach import own_event, own_registration
from app.web.console.registrations import SMALL_LIST
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm
from app.web.parts.guest_form import OtherSittingForm


@bp.get("/console/events/<int:event_id>/guests/")
@allow(Permission.SEE_REGISTRATIONS)
def guests(event_id: int) -> ResponseReturnValue:
    """Who waits for an answer, and who got which."""
    return guests_page(own_event(event_id), BaseForm(formdata=None))


@bp.get("/console/registrations/<int:registration_id>/sitting/")
@allow(Permission.EDIT_REGISTRATIONS)
def guest_sitting(registration_id: int) -> ResponseReturnValue:
    """Another sitting for a guest."""
    row, event = _guest(registration_id)
    if row.status.is_over:
        return redirect(url_for("console.registration", registration_id=row.id), 303)
    form = OtherSittingForm.beside(row, not_begun(event, clock.now()))
    return render_template("console/registrations/other_sitting.html", row=row, event=event, form=form)


@bp.post("/console/registrations/<int:registration_id>/sitting/")
@allow(Permission.EDIT_REGISTRATIONS)
def guest_sitting_post(registration_id: int) -> ResponseReturnValue:
    """Move the guest there; where it is full, what is held stays."""
    row, event = _guest(registration_id)
    form = OtherSittingForm.beside(row, not_begun(event, clock.now()))
    if form.validate():
        with form.refusals():
            room.change_sitting(row.id, form.sitting.data, by=current_actor(), now=clock.now())
            return _back(row, f"{row.details.name}さんの回を変更しました。")
    return render_template("console/registrations/other_sitting.html", row=row, event=event, form=form), 422


def _guest(registration_id: int) -> tuple[RegistrationRow, EventRow]:
    row, event = own_registration(registration_id)
    if not row.municipality:
        raise NotFound
    return row, event


def guests_page(event: EventRow, form: BaseForm) -> str:
    """The page, with what was refused on top."""
    staff, rows = current_staff(), queries.guests(event.id)
    if len(rows) > SMALL_LIST:
        audit.note("registrations.listed", "event", event.id, by=staff.actor, at=clock.now())
    return render_template(
        "console/registrations/guests.html",
        event=event,
        pending=[row for row in rows if row.status is Status.PENDING],
        decided=[row for row in rows if row.status is not Status.PENDING],
        form=form,
        may_edit=staff.can(Permission.EDIT_EVENTS),
        may_decide=staff.can(Permission.EDIT_REGISTRATIONS),
    )


def _back(row: RegistrationRow, sentence: str) -> ResponseReturnValue:
    return decided(row, sentence, url_for("console.guests", event_id=row.event_id))


def decided(row: RegistrationRow, sentence: str, back: str) -> ResponseReturnValue:
    """Back to the list at `back`, where the sentence is followed by how the person hears of it."""
    by_hand = "メールアドレスがないため、「郵送・電話で知らせるもの」からお知らせください。"
    flash(sentence + ("メールでお知らせします。" if row.details.email else by_hand), "success")
    return redirect(back, 303)
