"""Answering an offer of seats by the secret link. Opening the page answers nothing: mail scanners open it, too."""

from __future__ import annotations

from flask import redirect, render_template, url_for

from app.infra import clock
from app.kernel.errors import Refusal
from app.registrations import offers, waiting_line
from app.registrations.types import Status
from app.web.parts.access import ANYONE, allow
from app.web.public import bp
from app.web.public.my_registration import Answer, both, own_page


@bp.post("/r/<token>/offer/accept/")
@allow(ANYONE)
def accept_offer(token: str) -> Answer:
    """Take the seats; a second press changes nothing."""
    registration, _event = both(token)
    try:
        offers.accept(registration.id, now=clock.now())
    except Refusal as refusal:
        return own_page("public/mine.html", token, refusal.message), 409
    return redirect(url_for("public.mine", token=token), 303)


@bp.get("/r/<token>/offer/decline/")
@allow(ANYONE)
def decline_form(token: str) -> Answer:
    """Ask before the seats and the place in line are given up."""
    registration, event = both(token)
    offer = waiting_line.offer_of(registration.id)
    if registration.status is not Status.OFFERED or offer is None:
        return redirect(url_for("public.mine", token=token), 303)
    return render_template("public/decline.html", registration=registration, event=event, token=token, offer=offer)


@bp.post("/r/<token>/offer/decline/")
@allow(ANYONE)
def decline_offer(token: str) -> Answer:
    """Give them up; a second press changes nothing."""
    registration, _event = both(token)
    try:
        offers.decline(registration.id, now=clock.now())
    except Refusal as refusal:
        return own_page("public/mine.html", token, refusal.message), 409
    return redirect(url_for("public.mine", token=token), 303)
