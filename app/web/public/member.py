"""The page of one named person of a party, by their own link: their place, their calendar, giving up their seat."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.delivery import ics
from app.delivery.types import Method
from app.events import queries as events
from app.events.types import EventRow
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT
from app.registrations import party
from app.registrations.invitation import calendar_entry
from app.registrations.party import MemberRow
from app.registrations.types import Channel, RegistrationRow, Status
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.forms import BaseForm
from app.web.parts.limits import counted_misses
from app.web.public import bp
from app.web.public.my_registration import Answer, asked_meeting


@bp.get("/p/<token>/")
@allow(ANYONE)
def member(token: str) -> Answer:
    """When and where, and nothing about the others."""
    return _shown("public/member.html", token, BaseForm(formdata=None))


@bp.get("/p/<token>/invitation.ics")
@allow(ANYONE)
def member_calendar(token: str) -> Response:
    """Their own calendar entry; only a place that is held has one."""
    person, registration, event = _opened(token)
    if registration.status is not Status.CONFIRMED:
        raise NotFound
    sitting = asked_meeting(registration, event)
    suffix = f"-{sitting.meeting_no}" if sitting.meeting_no > 1 else ""
    entry = replace(
        calendar_entry(registration, event, sitting, token=token, cancelled=False, now=clock.now()),
        uid=f"{registration.public_id}-m{person.id}{suffix}@{links.host}",
        method=Method.PUBLISH,
        attendee_name=None,
        attendee_email=None,
        partstat=None,
        url=links.absolute(f"/p/{token}/"),
    )
    return attachment(ics.invitation(entry), "invite.ics", "text/calendar; charset=utf-8", personal=True)


@bp.get("/p/<token>/leave/")
@allow(ANYONE)
def member_leave(token: str) -> Answer:
    """Ask before the seat is given up."""
    return _shown("public/member_leave.html", token, BaseForm(formdata=None))


@bp.post("/p/<token>/leave/")
@allow(ANYONE)
def member_leave_post(token: str) -> Answer:
    """Give one's own seat up; from then on the link opens nothing."""
    _person, _registration, event = _opened(token)
    form = BaseForm()
    if form.validate():
        with form.refusals():
            party.leave(token, by=RESIDENT, now=clock.now())
            return redirect(url_for("public.member_left", slug=event.slug), 303)
    return _shown("public/member_leave.html", token, form), 422


@bp.get("/events/<slug>/left/")
@allow(ANYONE)
def member_left(slug: str) -> Answer:
    """That it is done; about nobody."""
    return render_template("public/member_left.html", event=events.one(slug))


def _opened(token: str) -> tuple[MemberRow, RegistrationRow, EventRow]:
    with counted_misses():
        person, registration = party.by_token(token, now=clock.now())
        if registration.channel is Channel.BODY:
            raise NotFound
    return person, registration, events.one(registration.event_slug)


def _shown(template: str, token: str, form: BaseForm) -> str:
    person, registration, event = _opened(token)
    sitting = next(s for s in event.sittings if s.id == registration.sitting_id)
    begun = registration.starts_at <= clock.now()
    return render_template(
        template,
        person=person.member,
        registration=registration,
        event=event,
        sitting=sitting,
        token=token,
        form=form,
        begun=begun,
    )
