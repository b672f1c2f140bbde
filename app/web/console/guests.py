"""Staff of other municipalities: who asks for a place, and who got one."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.audiences import Category
from app.events.types import EventRow
from app.infra import audit, clock
from app.registrations import queries
from app.registrations.types import RegistrationRow, Status
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.console.registrations import SMALL_LIST
from app.web.parts.access import allow, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/events/<int:event_id>/guests/")
@allow(Permission.SEE_REGISTRATIONS)
def guests(event_id: int) -> ResponseReturnValue:
    """Who waits for an answer, and who got which."""
    return guests_page(own_event(event_id), BaseForm(formdata=None))


def guests_page(event: EventRow, form: BaseForm) -> str:
    """The page, with what was refused on top."""
    staff, rows = current_staff(), queries.guests(event.id)
    if len(rows) > SMALL_LIST:
        audit.note("registrations.listed", "event", event.id, by=staff.actor, at=clock.now())
    return render_template(
        "console/registrations/guests.html",
        event=event,
        counted=Category.NEIGHBOUR,
        pending=[row for row in rows if row.status is Status.PENDING],
        decided=[row for row in rows if row.status is not Status.PENDING],
        form=form,
        may_edit=staff.can(Permission.EDIT_EVENTS),
        may_decide=staff.can(Permission.EDIT_REGISTRATIONS),
    )


def decided(row: RegistrationRow, sentence: str, back: str) -> ResponseReturnValue:
    """Back to the list at `back`, where the sentence is followed by how the person hears of it."""
    by_hand = "メールアドレスがないため、「郵送・電話で知らせるもの」からお知らせください。"
    flash(sentence + ("メールでお知らせします。" if row.details.email else by_hand), "success")
    return redirect(back, 303)
