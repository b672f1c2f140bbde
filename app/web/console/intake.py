"""Entering for somebody who telephoned, wrote or came by, and the slip that answers them."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.registrations import queries, services
from app.web.console import bp
from app.web.console.forms.registrations import IntakeForm
from app.web.console.reach import own_event, own_registration
from app.web.parts.access import allow, current_actor


@bp.get("/console/events/<int:event_id>/intake/")
@allow(Permission.EDIT_REGISTRATIONS)
def intake(event_id: int) -> ResponseReturnValue:
    """The questions of the public form."""
    event = own_event(event_id)
    form = IntakeForm.for_event(event, clock.now())
    return render_template("console/registrations/intake.html", event=event, form=form)


@bp.post("/console/events/<int:event_id>/intake/")
@allow(Permission.EDIT_REGISTRATIONS)
def intake_post(event_id: int) -> ResponseReturnValue:
    """Apply for somebody; the same form sent twice is one application."""
    now, event = clock.now(), own_event(event_id)
    form = IntakeForm.for_event(event, now)
    if form.validate():
        with form.refusals():
            place = services.apply(form.to_application(event), by=current_actor(), now=now)
            registered = queries.by_token(place.token, now=now)
            return redirect(url_for("console.registration_slip", registration_id=registered.id), 303)
    return render_template("console/registrations/intake.html", event=event, form=form), 422


@bp.get("/console/registrations/<int:registration_id>/slip/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_slip(registration_id: int) -> ResponseReturnValue:
    """受付票: what to read out, or to print and hand over."""
    row, event = own_registration(registration_id)
    sitting = next(s for s in event.sittings if s.id == row.sitting_id)
    return render_template("console/registrations/slip.html", row=row, event=event, sitting=sitting)
