"""Signing up: form, confirmation page, application."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from flask import g, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.events import queries, rules
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.registrations import services, signing_up
from app.web.parts.access import ANYONE, allow
from app.web.parts.asked_form import BODY
from app.web.parts.guards import csrf, takes_body
from app.web.parts.limits import APPLY, hit
from app.web.parts.page_cache import gap, kept_while
from app.web.parts.person_form import seats_label, when_label
from app.web.public import bp, submission
from app.web.public.forms import ApplyForm, apply_form_of
from app.web.public.guest_form import GuestForm

EXPIRED = "ページを開いてから時間がたったため、もう一度「確認へ進む」を押してください。入力した内容は残っています。"

Answer = str | tuple[str, int] | Response


def _event(slug: str) -> EventRow:
    """The event as this request found it: what is asked, offered and decided rests on one look."""
    if "event" not in g:
        g.event = queries.one(slug)
    event: EventRow = g.event
    return event


def _without_seats(slug: str) -> Hashable:
    """What the form shows, except for the seats that are left: while people sign up, those change all the time."""
    event = _event(slug)
    return event.revision, *((s.id, s.label, s.starts_at, s.ends_at, s.sequence) for s in event.sittings)


def _filling(slug: str) -> dict[str, str]:
    seats = {f"seats-{s.id}": seats_label(s) for s in _event(slug).sittings}
    return {"csrf_token": generate_csrf(), "submission_id": submission.issue(slug), **seats}


def _chosen(slug: str) -> int | None:
    """The sitting that the address asks for, if it is one of this event."""
    asked = request.args.get("sitting", "")
    return next((s.id for s in _event(slug).sittings if str(s.id) == asked), None)


@bp.get("/events/<slug>/apply/")
@allow(ANYONE)
@kept_while(_without_seats, _filling, _chosen)
def apply_form(slug: str) -> tuple[str, datetime | None]:
    """The form, or a page that says why one cannot apply now."""
    now, event = clock.now(), _event(slug)
    until = rules.next_change(event, now)
    if not rules.phase(event, now).takes_applications:
        return _closed(event, now), until
    # Flask-WTF keeps the token of the request here, and so writes the gap into the form instead of making one.
    g.csrf_token = gap("csrf_token")
    form = apply_form_of(event).for_event(event, now, sitting=_chosen(slug), submission_id=gap("submission_id"))
    offered = [s for s in event.offered if rules.sitting_open(event, s, now)]
    form.sitting.choices = {str(s.id): when_label(s) + gap(f"seats-{s.id}") for s in offered}
    page = render_template("public/apply.html", event=event, form=form)
    del g.csrf_token
    return page, until


@bp.post("/events/<slug>/apply/")
@csrf.exempt
@allow(ANYONE)
@takes_body(BODY)
def apply_send(slug: str) -> Answer:
    """Without `confirmed` the confirmation page, with it the application itself.

    The form checks its own token, so that an expired one shows the form again with everything that was typed.
    """
    hit(APPLY)
    now, event = clock.now(), _event(slug)
    return _sent(event, apply_form_of(event).for_event(event, now), now)


@bp.get("/events/<slug>/apply/guest/")
@allow(ANYONE)
def guest_form(slug: str) -> Answer:
    """The form for staff of other municipalities, or a page that says why they cannot apply now."""
    now, event = clock.now(), _event(slug)
    if not event.keeps_guest_places:
        raise NotFound
    form = GuestForm.for_event(event, now, sitting=_chosen(slug))
    return _form(event, form) if form.sitting.choices else _closed(event, now)


@bp.post("/events/<slug>/apply/guest/")
@csrf.exempt
@allow(ANYONE)
@takes_body(BODY)
def guest_send(slug: str) -> Answer:
    """As apply_send."""
    hit(APPLY)
    now, event = clock.now(), _event(slug)
    return _sent(event, GuestForm.for_event(event, now), now)


def _sent(event: EventRow, form: ApplyForm, now: datetime) -> Answer:
    if "back" in request.form:
        form.keep_files()
        return _form(event, form)
    if form.confirmed.data == "1":
        return _apply(event, form, now)
    if not form.sitting.choices:
        return _closed(event, now), 422
    if _is_valid(form, event):
        return _confirm(event, form)
    return _form(event, form), 422


def _apply(event: EventRow, form: ApplyForm, now: datetime) -> Answer:
    # All sittings, those closed by now too: whoever sends again because the answer was lost still gets that answer.
    form.offer(event.offered)
    if _is_valid(form, event):
        with form.refusals():
            application, several = form.to_application(event), form.chosen
            one = len(several) == 1
            place = services.apply(application, now=now) if one else signing_up.sign_up(application, several, now=now)
            return redirect(url_for("public.applied", token=place.token), 303)
    form.offer_open(event, now)
    if not form.sitting.choices:
        return _closed(event, now), 422
    return _form(event, form), 422


def _is_valid(form: ApplyForm, event: EventRow) -> bool:
    valid = form.validate()
    token = form["csrf_token"]
    if not token.errors and submission.is_ours(form.submission_id.data or "", event.slug):
        return valid
    token.errors = ()
    form.form_errors.append(EXPIRED)
    return False


def _form(event: EventRow, form: ApplyForm) -> str:
    if not submission.is_ours(form.submission_id.data or "", event.slug):
        form.submission_id.data = submission.issue(event.slug)
    return render_template("public/apply.html", event=event, form=form)


def _confirm(event: EventRow, form: ApplyForm) -> str:
    return render_template("public/confirm.html", event=event, form=form)


def _closed(event: EventRow, now: datetime) -> str:
    return render_template("public/closed.html", event=event, phase=rules.phase(event, now))
