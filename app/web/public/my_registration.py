"""One's own registration, opened by its secret link. Looking changes nothing: mail scanners look too."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.delivery import ics
from app.events import queries as events
from app.events.types import Audience, EventRow, SittingRow
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT
from app.model_projects import queries as model_projects
from app.registrations import (
    answering,
    guests,
    handing,
    party,
    queries,
    services,
    signing_up,
    switching,
    together,
    waiting_line,
)
from app.registrations.invitation import calendar_entry
from app.registrations.types import Channel, RegistrationRow, Status
from app.web.parts.access import ANYONE, allow
from app.web.parts.asked_form import BODY
from app.web.parts.downloads import attachment
from app.web.parts.guards import takes_body
from app.web.parts.limits import counted_misses
from app.web.parts.other_sitting import other_sitting_form
from app.web.parts.person_form import SittingForm
from app.web.public import bp
from app.web.public.forms import CancelForm, ChangeForm

Answer = str | tuple[str, int] | Response


@bp.get("/r/<token>/")
@allow(ANYONE)
def mine(token: str) -> Answer:
    """Status, place in line, calendar file, change, cancel. A body has a page of its own."""
    registration, _event = _found(token)
    if registration.channel is Channel.BODY:
        return redirect(url_for("public.body", token=token), 303)
    return own_page("public/mine.html", token)


@bp.get("/r/<token>/done/")
@allow(ANYONE)
def applied(token: str) -> Answer:
    """What one got, right after applying."""
    return own_page("public/done.html", token)


@bp.get("/r/<token>/invitation.ics")
@allow(ANYONE)
def my_calendar(token: str) -> Response:
    """The same calendar object that the mail carried, only of a place that is held; a course has one a meeting."""
    registration, event = both(token)
    if registration.status not in {Status.CONFIRMED, Status.CANCELLED}:
        raise NotFound
    cancelled = registration.status is Status.CANCELLED
    sitting = asked_meeting(registration, event)
    entry = calendar_entry(registration, event, sitting, token=token, cancelled=cancelled, now=clock.now())
    return attachment(ics.invitation(entry), "invite.ics", "text/calendar; charset=utf-8", personal=True)


@bp.get("/r/<token>/change/")
@allow(ANYONE)
def change_form(token: str) -> Answer:
    """The form with what is known."""
    registration, event = both(token)
    if registration.status.is_over:
        return redirect(url_for("public.mine", token=token), 303)
    form = ChangeForm.for_registration(registration, event, answering.of_one(registration.id))
    return render_template("public/change.html", registration=registration, event=event, token=token, form=form)


@bp.post("/r/<token>/change/")
@allow(ANYONE)
@takes_body(BODY)
def change(token: str) -> Answer:
    """Put the registration right."""
    registration, event = both(token)
    form = ChangeForm.for_registration(registration, event, answering.of_one(registration.id))
    if form.validate():
        with form.refusals():
            details = form.to_changed(registration, event)
            services.change_details(registration.id, details, version=form.seen_version, now=clock.now())
            return redirect(url_for("public.mine", token=token), 303)
    page = render_template("public/change.html", registration=registration, event=event, token=token, form=form)
    return page, 422


@bp.get("/r/<token>/cancel/")
@allow(ANYONE)
def cancel_form(token: str) -> Answer:
    """Ask before anything is given up. A body, whose mails lead here too, changes its people on its own page."""
    registration, event = _found(token)
    if registration.channel is Channel.BODY:
        return redirect(url_for("public.body", token=token), 303)
    if registration.status.is_over:
        return redirect(url_for("public.mine", token=token), 303)
    return render_template(
        "public/cancel.html", registration=registration, event=event, token=token, form=CancelForm.of(registration)
    )


@bp.post("/r/<token>/cancel/")
@allow(ANYONE)
def cancel(token: str) -> Answer:
    """Give the place up, or all of the sign-up; a second time changes nothing."""
    registration, event = both(token)
    form = CancelForm.of(registration)
    if form.validate():
        with form.refusals():
            verb = signing_up.cancel_all if form.everything else services.cancel
            verb(registration.id, reason=form.reason.data or "", now=clock.now())
            return redirect(url_for("public.mine", token=token), 303)
    page = render_template("public/cancel.html", registration=registration, event=event, token=token, form=form)
    return page, 422


@bp.get("/r/<token>/sitting/")
@allow(ANYONE)
def other_sitting(token: str) -> Answer:
    """Another sitting of the same event."""
    registration, event = both(token)
    if registration.status.is_over:
        return redirect(url_for("public.mine", token=token), 303)
    return _sittings(registration, event, token)


@bp.post("/r/<token>/sitting/")
@allow(ANYONE)
def other_sitting_post(token: str) -> Answer:
    """Move there; what is held stays where the other sitting is full."""
    registration, event = both(token)
    form = other_sitting_form(registration, event, clock.now())
    if form.validate():
        with form.refusals():
            verb = guests.change_sitting if registration.municipality else switching.change_sitting
            verb(registration.id, form.sitting.data, by=RESIDENT, now=clock.now())
            return redirect(url_for("public.mine", token=token), 303)
    return _sittings(*both(token), token, form), 422


def _sittings(registration: RegistrationRow, event: EventRow, token: str, form: SittingForm | None = None) -> str:
    return render_template(
        "public/other_sitting.html",
        registration=registration,
        event=event,
        token=token,
        form=form or other_sitting_form(registration, event, clock.now()),
    )


def both(token: str) -> tuple[RegistrationRow, EventRow]:
    """A person's registration that a secret link opens, and its event.

    Raises NotFound, also for the seats of a body; too many misses close the door.
    """
    registration, event = _found(token)
    if registration.channel is Channel.BODY:
        raise NotFound
    return registration, event


def asked_meeting(registration: RegistrationRow, event: EventRow) -> SittingRow:
    """The meeting of a course that the address asks for, else the first. Raises NotFound."""
    asked = request.args.get("meeting", "1")
    for one in event.meetings_of(registration.sitting_id):
        if str(one.meeting_no) == asked:
            return one
    raise NotFound


def _found(token: str) -> tuple[RegistrationRow, EventRow]:
    with counted_misses():
        registration = queries.by_token(token, now=clock.now())
    return registration, events.one(registration.event_slug)


def own_page(template: str, token: str, problem: str = "") -> str:
    """A page about one's own registration; `problem` says why something could not be done."""
    (registration, event), now = both(token), clock.now()
    waits = registration.status is Status.WAITLISTED
    return render_template(
        template,
        registration=registration,
        event=event,
        sitting=_sitting(event, registration),
        meetings=event.meetings_of(registration.sitting_id),
        together=together.others(registration.id) if registration.sign_up else [],
        token=token,
        begun=registration.starts_at <= now,
        offer=waiting_line.offer_of(registration.id) if registration.status is Status.OFFERED else None,
        why=waiting_line.reasons([registration.sitting_id], now=now).get(registration.id, "") if waits else "",
        answers=answering.words(event.public_asked, answering.of_one(registration.id)) if event.asked else [],
        people=party.rows_of(registration.id) if registration.details.companions else [],
        links=links,
        may_hand_on=handing.may_hand_on(registration, event),
        themed=registration.status is Status.CONFIRMED and _has_themes(event),
        problem=problem,
    )


def _has_themes(event: EventRow) -> bool:
    """Whether one chooses a theme: only where residents and staff meet."""
    project = model_projects.of_event(event.id) if event.audience is Audience.BOTH else None
    return project is not None and bool(project.themes)


def _sitting(event: EventRow, registration: RegistrationRow) -> SittingRow:
    return next(s for s in event.sittings if s.id == registration.sitting_id)
