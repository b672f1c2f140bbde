"""The turns in an event's life: publish, finish, call off, copy, delete, each behind a page that says what happens."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import copying, readiness, services
from app.events.types import EventRow
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.registrations import meetings
from app.registrations.concerned import concerned_by
from app.web.console import bp
from app.web.console.forms.events import CallOffForm, CopyForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor
from app.web.parts.forms import BaseForm


@bp.get("/console/events/<int:event_id>/publish/")
@allow(Permission.EDIT_EVENTS)
def event_publish(event_id: int) -> ResponseReturnValue:
    """What is missing, what to look at once more."""
    return _publish_page(own_event(event_id), BaseForm())


@bp.post("/console/events/<int:event_id>/publish/")
@allow(Permission.EDIT_EVENTS)
def event_publish_post(event_id: int) -> ResponseReturnValue:
    """Show it to everybody."""
    row, form = own_event(event_id), BaseForm()
    with form.refusals():
        services.publish(event_id, by=current_actor(), now=clock.now())
        flash("公開しました。市民向けのページから見られます。", "success")
        return redirect(url_for("console.event", event_id=event_id), 303)
    return _publish_page(row, form), 422


@bp.get("/console/events/<int:event_id>/finish/")
@allow(Permission.EDIT_EVENTS)
def event_finish(event_id: int) -> ResponseReturnValue:
    """What finishing means."""
    return render_template("console/events/finish.html", event=own_event(event_id), form=BaseForm())


@bp.post("/console/events/<int:event_id>/finish/")
@allow(Permission.EDIT_EVENTS)
def event_finish_post(event_id: int) -> ResponseReturnValue:
    """Put it away."""
    row, form = own_event(event_id), BaseForm()
    with form.refusals():
        services.finish(event_id, by=current_actor(), now=clock.now())
        flash("終了にしました。", "success")
        return redirect(url_for("console.event", event_id=event_id), 303)
    return render_template("console/events/finish.html", event=row, form=form), 422


@bp.get("/console/events/<int:event_id>/call-off/")
@allow(Permission.EDIT_EVENTS)
def event_call_off(event_id: int) -> ResponseReturnValue:
    """How many people are concerned, and what they will be told."""
    return _call_off_page(own_event(event_id), CallOffForm())


@bp.post("/console/events/<int:event_id>/call-off/")
@allow(Permission.EDIT_EVENTS)
def event_call_off_post(event_id: int) -> ResponseReturnValue:
    """Cancel the event and every place in it."""
    row, form = own_event(event_id), CallOffForm()
    if form.validate():
        with form.refusals():
            told = meetings.call_off(
                event_id,
                form.reason.data or "",
                notify=form.notify.data == "yes",
                by=current_actor(),
                now=clock.now(),
            )
            flash(f"中止にしました。{told}件のお知らせを送ります。" if told else "中止にしました。", "success")
            return redirect(url_for("console.event", event_id=event_id), 303)
    return _call_off_page(row, form), 422


@bp.get("/console/events/<int:event_id>/copy/")
@allow(Permission.EDIT_EVENTS)
def event_copy(event_id: int) -> ResponseReturnValue:
    """On which day, and what comes along."""
    row = own_event(event_id)
    return render_template("console/events/copy.html", event=row, form=CopyForm.proposing(_proposed_day(row)))


@bp.post("/console/events/<int:event_id>/copy/")
@allow(Permission.EDIT_EVENTS)
def event_copy_post(event_id: int) -> ResponseReturnValue:
    """Make the draft."""
    row, form = own_event(event_id), CopyForm.proposing(None)
    if form.validate():
        new_id = services.copy_from_last_year(
            event_id, first_date=form.first_on.data, parts=form.chosen_parts, by=current_actor(), now=clock.now()
        )
        flash("複製して下書きを作りました。日時と申込期間を確かめてください。", "success")
        return redirect(url_for("console.event", event_id=new_id), 303)
    return render_template("console/events/copy.html", event=row, form=form), 422


@bp.get("/console/events/<int:event_id>/delete/")
@allow(Permission.EDIT_EVENTS)
def event_delete(event_id: int) -> ResponseReturnValue:
    """What goes for good."""
    return render_template("console/events/delete.html", event=own_event(event_id), form=BaseForm())


@bp.post("/console/events/<int:event_id>/delete/")
@allow(Permission.EDIT_EVENTS)
def event_delete_post(event_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    row, form = own_event(event_id), BaseForm()
    with form.refusals():
        services.delete_draft(event_id, by=current_actor(), now=clock.now())
        flash(f"下書き「{row.title}」を削除しました。", "success")
        return redirect(url_for("console.events"), 303)
    return render_template("console/events/delete.html", event=row, form=form), 422


def _publish_page(row: EventRow, form: BaseForm) -> str:
    now = clock.now()
    return render_template(
        "console/events/publish.html",
        event=row,
        form=form,
        missing=readiness.missing(row, now),
        cautions=readiness.cautions(row, now),
    )


def _call_off_page(row: EventRow, form: CallOffForm) -> str:
    concerned = concerned_by([sitting.id for sitting in row.sittings])
    return render_template("console/events/call_off.html", event=row, form=form, concerned=concerned)


def _proposed_day(row: EventRow) -> date | None:
    if row.starts_at is None:
        return None
    year = copying.next_year(row.fiscal_year, now=clock.now())
    return copying.same_day_in(year, local_date(row.starts_at))
