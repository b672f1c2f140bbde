"""What was sent to those who registered, what waits, what failed, and whom to telephone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.accounts.rules import scope_of
from app.delivery import queries as outbox
from app.delivery import services
from app.delivery.types import Outcome, State
from app.infra import clock
from app.kernel.errors import Refusal
from app.registrations import correspondence
from app.registrations.types import RegistrationRow
from app.web.console import bp
from app.web.console.forms.registrations import whole_number
from app.web.console.reach import own_event, own_message, own_registration
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import page_number, page_url

# In the order in which they need somebody.
SHOWN = (
    State.FAILED, State.CALL, State.LETTER, State.RETRY, State.PENDING, State.SENT, State.POSTED, State.CALLED,
)  # fmt: skip


@bp.get("/console/messages/")
@allow(Permission.SEND_MESSAGES)
def messages() -> ResponseReturnValue:
    """The outbox, newest first; of one event where `?event=` says so."""
    scope, event_id = scope_of(current_staff()), whole_number(request.args.get("event", ""))
    event = own_event(event_id) if event_id else None
    state = next((state for state in SHOWN if state.value == request.args.get("state")), None)
    page = correspondence.listing(scope, event_id=event_id, state=state, number=page_number(), url=page_url)
    numbers = {row.id: correspondence.registration_of(row.thread) for row in page.rows}
    to_call = [numbers[row.id] for row in page.rows if row.state is State.CALL]
    return render_template(
        "console/messages/list.html",
        event=event,
        page=page,
        state=state,
        states=SHOWN,
        counts=correspondence.counts(scope, event_id=event_id),
        health=outbox.health(),
        registrations=numbers,
        phones=correspondence.phone_of(to_call),
    )


@bp.get("/console/messages/<int:message_id>/")
@allow(Permission.SEND_MESSAGES)
def message(message_id: int) -> ResponseReturnValue:
    """One message with each attempt to send it."""
    row, attempts, registration_id = correspondence.one(message_id)
    registration, event = own_registration(registration_id)
    return render_template(
        "console/messages/detail.html",
        message=row,
        attempts=attempts,
        reports=outbox.reports(message_id),
        registration=registration,
        event=event,
    )


@bp.post("/console/messages/<int:message_id>/resend/")
@allow(Permission.SEND_MESSAGES)
def message_resend(message_id: int) -> ResponseReturnValue:
    """Send it once more, to the address that the registration has now."""
    registration = own_message(message_id)
    try:
        address = registration.details.email
        services.resend(message_id, to_email=address, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _back(registration, refusal.message, "error")
    return _back(registration, "もう一度送ります。結果はこの画面で確かめられます。")


@bp.post("/console/messages/<int:message_id>/retry/")
@allow(Permission.SEND_MESSAGES)
def message_retry(message_id: int) -> ResponseReturnValue:
    """Try a failed message again."""
    registration = own_message(message_id)
    try:
        services.retry(message_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _back(registration, refusal.message, "error")
    return _back(registration, "送信をやり直します。")


@bp.post("/console/messages/<int:message_id>/called/")
@allow(Permission.SEND_MESSAGES)
def message_called(message_id: int) -> ResponseReturnValue:
    """Somebody telephoned."""
    registration = own_message(message_id)
    try:
        services.record_call([message_id], Outcome.REACHED, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _back(registration, refusal.message, "error")
    return _back(registration, "電話連絡済にしました。")


def _back(registration: RegistrationRow, sentence: str, kind: str = "success") -> ResponseReturnValue:
    """To the registration when the button stood there, else to the list with its filters."""
    flash(sentence, kind)
    if request.form.get("from") == "registration":
        return redirect(url_for("console.registration", registration_id=registration.id, _anchor="messages"), 303)
    if request.form.get("from") == "slip":
        return redirect(url_for("console.registration_slip", registration_id=registration.id), 303)
    state, event_id = request.form.get("state") or None, request.form.get("event") or None
    return redirect(url_for("console.messages", state=state, event=event_id), 303)
