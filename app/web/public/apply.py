"""Signing up: form, confirmation page, application."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.events import queries, rules
from app.events.types import EventRow
from app.infra import clock
from app.registrations import services
from app.web.parts.access import ANYONE, allow
from app.web.parts.guards import csrf
from app.web.parts.limits import APPLY, hit
from app.web.public import bp, submission
from app.web.public.forms import ApplyForm

EXPIRED = "ページを開いてから時間がたったため、もう一度「確認へ進む」を押してください。入力した内容は残っています。"

# int() refuses very long numbers with an error of its own, and no id is that long.
MOST_DIGITS = 10

Answer = str | tuple[str, int] | Response


@bp.get("/events/<slug>/apply/")
@allow(ANYONE)
def apply_form(slug: str) -> Answer:
    """The form, or a page that says why one cannot apply now."""
    now, event = clock.now(), queries.one(slug)
    if not rules.phase(event, now).takes_applications:
        return _closed(event, now)
    chosen = request.args.get("sitting", "")
    preset = {"sitting": int(chosen)} if chosen.isascii() and chosen.isdigit() and len(chosen) < MOST_DIGITS else {}
    return _form(event, ApplyForm.for_event(event, now, **preset))


@bp.post("/events/<slug>/apply/")
@csrf.exempt
@allow(ANYONE)
def apply_send(slug: str) -> Answer:
    """Without `confirmed` the confirmation page, with it the application itself.

    The form checks its own token, so that an expired one shows the form again with everything that was typed.
    """
    hit(APPLY)
    now, event = clock.now(), queries.one(slug)
    form = ApplyForm.for_event(event, now)
    if "back" in request.form:
        return _form(event, form)
    if form.confirmed.data == "1":
        return _apply(event, form, now)
    if not form.sitting.choices:
        return _closed(event, now)[0], 422
    if _is_valid(form, event):
        return _confirm(event, form)
    return _form(event, form), 422


def _apply(event: EventRow, form: ApplyForm, now: datetime) -> Answer:
    # All sittings, those closed by now too: whoever sends again because the answer was lost still gets that answer.
    form.offer(event.sittings)
    if _is_valid(form, event):
        with form.refusals():
            place = services.apply(form.to_application(event), now=now)
            return redirect(url_for("public.applied", token=place.token), 303)
    form.offer_open(event, now)
    if not form.sitting.choices:
        return _closed(event, now)[0], 422
    return _form(event, form), 422


def _is_valid(form: ApplyForm, event: EventRow) -> bool:
    valid = form.validate()
    token = form["csrf_token"]
    if not token.errors and submission.is_ours(form.submission_id.data or "", event.id):
        return valid
    token.errors = ()
    form.form_errors.append(EXPIRED)
    return False


def _form(event: EventRow, form: ApplyForm) -> str:
    if not submission.is_ours(form.submission_id.data or "", event.id):
        form.submission_id.data = submission.issue(event.id)
    return render_template("public/apply.html", event=event, form=form)


def _confirm(event: EventRow, form: ApplyForm) -> str:
    sitting = next(s for s in event.sittings if s.id == form.sitting.data)
    seats = 1 + (form.value("companions") or 0)
    waits = sitting.seats_left is not None and sitting.seats_left < seats
    return render_template("public/confirm.html", event=event, form=form, sitting=sitting, waits=waits)


def _closed(event: EventRow, now: datetime) -> tuple[str, int]:
    return render_template("public/closed.html", event=event, phase=rules.phase(event, now)), 200
