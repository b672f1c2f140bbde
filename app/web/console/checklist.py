"""The checklist of an event: what is done, what is next, and steps of one's own."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import checklist, overview, preparing
from app.events.types import EventRow
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.forms.checklist import StepForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm

# Where a shipped step is done: at a page of the event's own, or at one for all events.
PAGES = {
    "publish": "console.event_publish",
    "assign": "console.assignment",
    "needs": "console.registrations",
    "roster": "console.registrations",
    "attendance": "console.registrations",
    "absentees": "console.registrations",
}
GENERAL_PAGES = {"promoters": "console.org", "helpers": "console.people", "unsent": "console.messages"}


@bp.get("/console/events/<int:event_id>/checklist/")
@allow(Permission.SEE_REGISTRATIONS)
def event_checklist(event_id: int) -> ResponseReturnValue:
    """The steps by day, and the form for one more."""
    return _page(own_event(event_id), StepForm())


@bp.post("/console/events/<int:event_id>/checklist/begin/")
@allow(Permission.EDIT_EVENTS)
def checklist_begin(event_id: int) -> ResponseReturnValue:
    """Begin with the shipped steps."""
    row, form = own_event(event_id), BaseForm()
    with form.refusals():
        count = preparing.begin(event_id, by=current_actor(), now=clock.now())
        flash(f"準備の一覧を作りました（{count}件）。", "success")
        return redirect(url_for("console.event_checklist", event_id=event_id), 303)
    return _page(row, StepForm(formdata=None), form), 422


@bp.post("/console/events/<int:event_id>/checklist/")
@allow(Permission.EDIT_EVENTS)
def checklist_add(event_id: int) -> ResponseReturnValue:
    """Add a step of one's own."""
    row, form = own_event(event_id), StepForm()
    if form.validate():
        preparing.add(event_id, form.to_draft(), by=current_actor(), now=clock.now())
        flash("準備の一覧に追加しました。", "success")
        return redirect(url_for("console.event_checklist", event_id=event_id), 303)
    return _page(row, form), 422


@bp.post("/console/events/<int:event_id>/checklist/<int:step_id>/")
@allow(Permission.EDIT_EVENTS)
def checklist_tick(event_id: int, step_id: int) -> ResponseReturnValue:
    """Tick a step, or take the tick back."""
    done = request.form.get("done") == "yes"
    preparing.tick(own_event(event_id).id, step_id, done=done, by=current_actor(), now=clock.now())
    flash("「済み」にしました。" if done else "「済み」を取り消しました。", "success")
    return redirect(url_for("console.event_checklist", event_id=event_id), 303)


@bp.post("/console/events/<int:event_id>/checklist/<int:step_id>/remove/")
@allow(Permission.EDIT_EVENTS)
def checklist_remove(event_id: int, step_id: int) -> ResponseReturnValue:
    """Take a step off the list."""
    preparing.remove(own_event(event_id).id, step_id, by=current_actor(), now=clock.now())
    flash("準備の一覧から削除しました。", "success")
    return redirect(url_for("console.event_checklist", event_id=event_id), 303)


def _page(row: EventRow, form: StepForm, refused: BaseForm | None = None) -> str:
    steps = overview.checklist_of(row.id)
    staff = current_staff()
    pages = {key: url_for(view, event_id=row.id) for key, view in PAGES.items()}
    pages |= {key: url_for(view) for key, view in GENERAL_PAGES.items()}
    return render_template(
        "console/events/checklist.html",
        event=row,
        steps=steps,
        following=checklist.next_step(steps),
        today=local_date(clock.now()),
        may_edit=staff.can(Permission.EDIT_EVENTS),
        pages=pages if staff.can(Permission.EDIT_EVENTS) else {},
        form=form,
        refused=refused,
    )
