"""Answering those who wait for an answer: everybody where an event asks for approval, guests everywhere."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.types import Admission, EventRow
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.registrations import deciding, queries
from app.registrations.types import Filters, RegistrationRow, Status
from app.web.console import bp
from app.web.console.forms.registrations import DeclineForm
from app.web.console.guests import decided, guests_page
from app.web.console.reach import own_event, own_registration
from app.web.console.registrations import SMALL_LIST
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm
from app.web.parts.pages import page_number, page_url


@bp.get("/console/events/<int:event_id>/approvals/")
@allow(Permission.SEE_REGISTRATIONS)
def approvals(event_id: int) -> ResponseReturnValue:
    """Who waits for an answer, in order of application."""
    event = own_event(event_id)
    if event.admission is not Admission.APPROVAL:
        raise NotFound
    return _approvals_page(event, BaseForm(formdata=None))


@bp.post("/console/registrations/<int:registration_id>/approve/")
@allow(Permission.EDIT_REGISTRATIONS)
def approve(registration_id: int) -> ResponseReturnValue:
    """Give the seat that was asked for, or a place in the queue; the applicant is told."""
    row, event = _asking(registration_id)
    form = BaseForm()
    with form.refusals():
        status = deciding.approve(row.id, by=current_actor(), now=clock.now())
        full = "席がないため、キャンセル待ちにしました。" if status is Status.WAITLISTED else ""
        return decided(row, f"{row.details.name}さんの参加を承認しました。{full}", _list_of(row))
    return (guests_page if row.municipality else _approvals_page)(event, form), 422


@bp.get("/console/registrations/<int:registration_id>/decline/")
@allow(Permission.EDIT_REGISTRATIONS)
def decline(registration_id: int) -> ResponseReturnValue:
    """Ask why before anybody is turned down."""
    row, event = _asking(registration_id)
    if row.status is not Status.PENDING:
        return redirect(url_for("console.registration", registration_id=row.id), 303)
    return _decline_page(row, event, DeclineForm())


@bp.post("/console/registrations/<int:registration_id>/decline/")
@allow(Permission.EDIT_REGISTRATIONS)
def decline_post(registration_id: int) -> ResponseReturnValue:
    """Turn the applicant down; the mail says why."""
    row, event = _asking(registration_id)
    form = DeclineForm()
    if form.validate():
        with form.refusals():
            deciding.decline(row.id, form.reason.data or "", by=current_actor(), now=clock.now())
            return decided(row, f"{row.details.name}さんの申込みを不承認にしました。", _list_of(row))
    return _decline_page(row, event, form), 422


def _asking(registration_id: int) -> tuple[RegistrationRow, EventRow]:
    row, event = own_registration(registration_id)
    if not row.municipality and event.admission is not Admission.APPROVAL:
        raise NotFound
    return row, event


def _approvals_page(event: EventRow, form: BaseForm) -> str:
    staff = current_staff()
    pending = Filters(event_id=event.id, status=Status.PENDING)
    page = queries.console_list(pending, number=page_number(), url=page_url)
    if len(page.rows) > SMALL_LIST:
        audit.note("registrations.listed", "event", event.id, by=staff.actor, at=clock.now())
    return render_template(
        "console/registrations/approvals.html",
        event=event,
        page=page,
        form=form,
        may_decide=staff.can(Permission.EDIT_REGISTRATIONS),
    )


def _decline_page(row: RegistrationRow, event: EventRow, form: DeclineForm) -> str:
    return render_template(
        "console/registrations/decline.html",
        row=row,
        event=event,
        form=form,
        list_url=_list_of(row),
        listed=_listed(row),
    )


def _listed(row: RegistrationRow) -> str:
    return "流域市町の職員" if row.municipality else "承認待ち"


def _list_of(row: RegistrationRow) -> str:
    return url_for("console.guests" if row.municipality else "console.approvals", event_id=row.event_id)
