"""Entering for somebody who telephoned, wrote or came by, and the slip that answers them.

Made for the telephone: who is known is found by reading or number and fills the form, the way it arrived is remembered
from one form to the next, and everything can be done with the keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import overview
from app.events.types import EventRow
from app.infra import audit, clock
from app.kernel.text import clean_line
from app.registrations import correspondence, known, queries, services, signing_up, together
from app.registrations.known import Sought
from app.registrations.types import Application, RegistrationRow
from app.web.console import bp
from app.web.console.forms.registrations import IntakeForm, asked_channel, intake_form_of, not_begun
from app.web.console.reach import own_event, own_registration, own_scope
from app.web.parts.access import allow, current_actor
from app.web.parts.asked_form import BODY
from app.web.parts.guards import takes_body
from app.web.parts.pages import id_of


@bp.get("/console/intake/")
@allow(Permission.EDIT_REGISTRATIONS)
def intake_start() -> ResponseReturnValue:
    """Which event the call is about: those that staff can enter somebody for, the next first."""
    now = clock.now()
    offered = [event for event in overview.open_work(own_scope()) if not_begun(event, now)]
    return render_template("console/registrations/intake_start.html", events=offered, now=now)


@bp.get("/console/events/<int:event_id>/intake/")
@allow(Permission.EDIT_REGISTRATIONS)
def intake(event_id: int) -> ResponseReturnValue:
    """First who it is, then the questions of the public form, filled with what is known."""
    event, typed = own_event(event_id), clean_line(request.args.get("q", ""))[:60]
    sought = known.sought(typed)
    found = _found(event, sought) if sought else []
    filling = _filling(sought, found)
    form = intake_form_of(event).for_event(event, clock.now(), channel=asked_channel(), **filling)
    focus = "found" if found else "form" if filling else "search"
    if focus == "form":
        form.sitting.render_kw = {"autofocus": True}
    return _page(event, form, typed=typed, found=found, focus=focus, understood=sought is not None)


@bp.post("/console/events/<int:event_id>/intake/")
@allow(Permission.EDIT_REGISTRATIONS)
@takes_body(BODY)
def intake_post(event_id: int) -> ResponseReturnValue:
    """Apply for somebody; the same form sent twice is one application."""
    now, event = clock.now(), own_event(event_id)
    form = intake_form_of(event).for_event(event, now)
    if form.validate():
        with form.refusals():
            return entered(form.to_application(event), form.chosen, now)
    return _page(event, form), 422


def entered(application: Application, sittings: Sequence[int], now: datetime) -> ResponseReturnValue:
    """Apply for somebody and show the slip that answers them; the same form sent twice is one application."""
    by = current_actor()
    if len(sittings) > 1:
        place = signing_up.sign_up(application, sittings, by=by, now=now)
    else:
        place = services.apply(application, by=by, now=now)
    registered = queries.by_token(place.token, now=now)
    return redirect(url_for("console.registration_slip", registration_id=registered.id), 303)


@bp.get("/console/registrations/<int:registration_id>/slip/")
@allow(Permission.EDIT_REGISTRATIONS)
def registration_slip(registration_id: int) -> ResponseReturnValue:
    """受付票: what to read out, or to print and hand over; and how the answer reaches the person otherwise."""
    row, event = own_registration(registration_id)
    sitting = next(s for s in event.sittings if s.id == row.sitting_id)
    message = next(iter(correspondence.of_registration(row.id)), None)
    return render_template(
        "console/registrations/slip.html",
        row=row,
        event=event,
        sitting=sitting,
        message=message,
        together=together.others(row.id),
    )


def _found(event: EventRow, sought: Sought) -> Sequence[RegistrationRow]:
    """Who was found; looking leaves an entry, as opening a list of people does."""
    found = known.look_up(sought, own_scope())
    fields = [f"rows={len(found)}"]
    audit.note("registrations.searched", "event", event.id, by=current_actor(), at=clock.now(), fields=fields)
    return found


def _filling(sought: Sought | None, found: Sequence[RegistrationRow]) -> dict[str, Any]:
    """What fills the form: the person who was picked, or what was typed in vain; nothing is typed twice."""
    picked = id_of(request.args.get("from", ""))
    if picked:
        row, _event = own_registration(picked)
        audit.note("registration.reused", "registration", row.id, by=current_actor(), at=clock.now())
        return IntakeForm.of_person(row)
    if sought and sought.whole and not found:
        return {sought.by.value: sought.whole}
    return {}


def _page(event: EventRow, form: IntakeForm, **search: Any) -> str:
    asked = {"typed": "", "found": (), "focus": "", "understood": False, **search}
    return render_template("console/registrations/intake.html", event=event, form=form, most=known.MOST, **asked)
