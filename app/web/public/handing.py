"""Handing one's own place to another person, by the secret link."""

from __future__ import annotations

from flask import redirect, render_template, url_for

from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT
from app.registrations import handing
from app.registrations.types import RegistrationRow
from app.web.parts.access import ANYONE, allow
from app.web.parts.asked_form import BODY
from app.web.parts.guards import takes_body
from app.web.parts.successor_form import SuccessorForm
from app.web.public import bp
from app.web.public.my_registration import Answer, both


@bp.get("/r/<token>/hand-over/")
@allow(ANYONE)
def hand_over_form(token: str) -> Answer:
    """Who comes instead."""
    registration, event = both(token)
    if registration.status.is_over:
        return redirect(url_for("public.mine", token=token), 303)
    if not handing.may_hand_on(registration, event):
        raise NotFound
    return _page(registration, event, token, SuccessorForm.for_place(registration, event))


@bp.post("/r/<token>/hand-over/")
@allow(ANYONE)
@takes_body(BODY)
def hand_over(token: str) -> Answer:
    """The place is theirs from now on; this link only says so."""
    registration, event = both(token)
    form = SuccessorForm.for_place(registration, event)
    if form.validate():
        with form.refusals():
            handing.hand_over(registration.id, form.to_successor(event), by=RESIDENT, now=clock.now())
            return redirect(url_for("public.mine", token=token), 303)
    return _page(registration, event, token, form), 422


def _page(registration: RegistrationRow, event: EventRow, token: str, form: SuccessorForm) -> str:
    return render_template("public/hand_over.html", registration=registration, event=event, token=token, form=form)
