"""Entering for staff of another municipality who telephoned or wrote."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.web.console import bp
from app.web.console.forms.registrations import GuestIntakeForm
from app.web.console.intake import entered
from app.web.console.reach import own_event
from app.web.parts.access import allow
from app.web.parts.asked_form import BODY
from app.web.parts.guards import takes_body


@bp.get("/console/events/<int:event_id>/guests/new/")
@allow(Permission.EDIT_REGISTRATIONS)
def guest_intake(event_id: int) -> ResponseReturnValue:
    """The questions of the guests' form."""
    event = _taking_guests(event_id)
    return _page(event, GuestIntakeForm.for_event(event, clock.now()))


@bp.post("/console/events/<int:event_id>/guests/new/")
@allow(Permission.EDIT_REGISTRATIONS)
@takes_body(BODY)
def guest_intake_post(event_id: int) -> ResponseReturnValue:
    """Apply for a guest, approved at once or not; the same form sent twice is one application."""
    now, event = clock.now(), _taking_guests(event_id)
    form = GuestIntakeForm.for_event(event, now)
    if form.validate():
        with form.refusals():
            return entered(form.to_application(event), form.chosen, now)
    return _page(event, form), 422


def _taking_guests(event_id: int) -> EventRow:
    event = own_event(event_id)
    if not event.takes_guests:
        raise NotFound
    return event


def _page(event: EventRow, form: GuestIntakeForm) -> str:
    return render_template("console/registrations/guest_intake.html", event=event, form=form)
