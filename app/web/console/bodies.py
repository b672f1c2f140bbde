"""団体の枠: seats held for a body, which says by its own link who comes."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.qr import qr_svg
from app.events.types import EventRow
from app.infra import clock
from app.infra.links import links
from app.registrations import bodies as room
from app.registrations import party, queries
from app.registrations.bodies import BodyRow
from app.web.console import bp
from app.web.console.forms.bodies import HeldForm, NewBodyForm
from app.web.console.reach import own_event, own_registration
from app.web.parts.access import allow, current_actor, current_staff


@bp.get("/console/events/<int:event_id>/bodies/")
@allow(Permission.SEE_REGISTRATIONS)
def bodies(event_id: int) -> ResponseReturnValue:
    """Which bodies have seats, and how far they are."""
    event = own_event(event_id)
    may_edit = current_staff().can(Permission.EDIT_REGISTRATIONS)
    rows = room.of_event(event.id)
    return render_template("console/bodies/list.html", event=event, bodies=rows, may_edit=may_edit, now=clock.now())


@bp.get("/console/events/<int:event_id>/bodies/new/")
@allow(Permission.EDIT_REGISTRATIONS)
def body_new(event_id: int) -> ResponseReturnValue:
    """The form of a new one."""
    event = own_event(event_id)
    form = NewBodyForm.for_event(event, clock.now())
    return render_template("console/bodies/new.html", event=event, form=form)


@bp.post("/console/events/<int:event_id>/bodies/new/")
@allow(Permission.EDIT_REGISTRATIONS)
def body_new_post(event_id: int) -> ResponseReturnValue:
    """Hold the seats and send the body its link."""
    event, now = own_event(event_id), clock.now()
    form = NewBodyForm.for_event(event, now)
    if form.validate():
        with form.refusals():
            made = room.make(form.to_draft(), by=current_actor(), now=now)
            flash("席を確保しました。団体に専用ページのアドレス（URL）をお知らせします。", "success")
            return redirect(url_for("console.body", registration_id=made), 303)
    return render_template("console/bodies/new.html", event=event, form=form), 422


@bp.get("/console/bodies/<int:registration_id>/")
@allow(Permission.EDIT_REGISTRATIONS)
def body(registration_id: int) -> ResponseReturnValue:
    """One body: its link and code to hand over, whom it named, more or fewer seats, more time."""
    held, event = _own(registration_id)
    return _page(held, event, HeldForm.of(held))


@bp.post("/console/bodies/<int:registration_id>/")
@allow(Permission.EDIT_REGISTRATIONS)
def body_change(registration_id: int) -> ResponseReturnValue:
    """Hold more or fewer seats, or give more time."""
    held, event = _own(registration_id)
    form = HeldForm.of(held)
    if form.validate():
        with form.refusals():
            seats, until = form.held.data or 1, form.edit_until
            room.change(registration_id, seats, until, by=current_actor(), now=clock.now())
            flash("団体の枠を変更しました。団体にお知らせします。", "success")
            return redirect(url_for("console.body", registration_id=registration_id), 303)
    return _page(held, event, form), 422


def _own(registration_id: int) -> tuple[BodyRow, EventRow]:
    _row, event = own_registration(registration_id)
    return room.one(registration_id), event


def _page(held: BodyRow, event: EventRow, form: HeldForm) -> str:
    _row, token = queries.with_link(held.registration.id)
    link = links.absolute(url_for("public.body", token=token))
    return render_template(
        "console/bodies/body.html",
        event=event,
        body=held,
        form=form,
        link=link,
        qr=qr_svg(link, title=f"{held.registration.details.name}の専用ページのQRコード"),
        people=party.of_registration(held.registration.id),
        now=clock.now(),
    )
