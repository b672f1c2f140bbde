"""The organizer's events: the list, one event at a glance, its basic facts, the preview of its page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import checklist, draws, overview, queries, readiness, rules, services
from app.events.overview import Filters
from app.events.types import EventRow, EventStatus
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.kernel.text import clean_line, clean_text
from app.registrations import meetings
from app.registrations import queries as registrations
from app.registrations.concerned import concerned_by
from app.registrations.types import Status
from app.web.console import bp
from app.web.console.forms.events import BasicsForm, EditForm
from app.web.console.reach import own_event, own_scope
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.event_page import render_event
from app.web.parts.pages import page_number, page_url

# What another page may say of a new event in the address of its form, and how much of it.
KNOWN_BEFORE = {"title": 80, "about": 400}


@bp.get("/console/events/")
@allow(Permission.SEE_REGISTRATIONS)
def events() -> ResponseReturnValue:
    """The list with its filters."""
    scope, filters, now = own_scope(), _filters(), clock.now()
    page = overview.listing(filters, scope, number=page_number(), url=page_url)
    return render_template(
        "console/events/list.html",
        page=page,
        phases={event.id: rules.phase(event, now) for event in page.rows},
        filters=filters,
        series=queries.all_series(),
        years=overview.fiscal_years(scope),
        statuses=list(EventStatus),
        may_edit=current_staff().can(Permission.EDIT_EVENTS),
    )


@bp.get("/console/events/new/")
@allow(Permission.EDIT_EVENTS)
def event_new() -> ResponseReturnValue:
    """The form of a new event."""
    return _new_page(_blank())


@bp.post("/console/events/new/")
@allow(Permission.EDIT_EVENTS)
def event_new_post() -> ResponseReturnValue:
    """Make the draft; its dates come next."""
    form = _blank()
    if form.validate():
        with form.refusals():
            event_id = services.create_draft(
                form.to_basics(), section=current_staff().section, by=current_actor(), now=clock.now()
            )
            flash("下書きを作りました。続けて、日時と会場を入力してください。", "success")
            return redirect(url_for("console.sitting_new", event_id=event_id), 303)
    return _new_page(form), 422


@bp.get("/console/events/<int:event_id>/")
@allow(Permission.SEE_REGISTRATIONS)
def event(event_id: int) -> ResponseReturnValue:
    """One event at a glance: where it stands, what is missing, who comes."""
    row, now = own_event(event_id), clock.now()
    counts = _counts(row)
    return render_template(
        "console/events/event.html",
        event=row,
        phase=rules.phase(row, now),
        missing=readiness.missing(row, now),
        cautions=readiness.cautions(row, now),
        counts=counts,
        asking=sum(counts.get((sitting.id, Status.PENDING), (0, 0))[0] for sitting in row.offered),
        guests_asking=registrations.guests_asking(event_id),
        draw=draws.of_event(event_id),
        steps=(steps := overview.checklist_of(event_id)),
        following=checklist.next_step(steps),
        today=local_date(now),
        over=row.ends_at is not None and row.ends_at <= now,
        may_edit=current_staff().can(Permission.EDIT_EVENTS),
    )


@bp.get("/console/events/<int:event_id>/edit/")
@allow(Permission.EDIT_EVENTS)
def event_edit(event_id: int) -> ResponseReturnValue:
    """The form of the basic facts."""
    row = own_event(event_id)
    return _edit_page(row, _form_of(row))


@bp.post("/console/events/<int:event_id>/edit/")
@allow(Permission.EDIT_EVENTS)
def event_edit_post(event_id: int) -> ResponseReturnValue:
    """Save them, unless somebody else was faster."""
    row = own_event(event_id)
    form = _form_of(row)
    if form.validate():
        with form.refusals():
            told = _save(event_id, form)
            flash("基本情報を保存しました。" + (f"{told}件のお知らせを送ります。" if told else ""), "success")
            return redirect(url_for("console.event", event_id=event_id), 303)
    return _edit_page(row, form), 422


@bp.get("/console/events/<int:event_id>/preview/")
@allow(Permission.SEE_REGISTRATIONS)
def event_preview(event_id: int) -> ResponseReturnValue:
    """The public page as it is or will be."""
    row = own_event(event_id)
    return render_event(row, clock.now(), json_ld={}, preview=row.status is EventStatus.DRAFT)


def _filters() -> Filters:
    year, status = request.args.get("year", ""), request.args.get("status", "")
    return Filters(
        word=clean_line(request.args.get("q", ""))[:60],
        series=request.args.get("series", "")[:60],
        fiscal_year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        status=EventStatus(status) if status in set(EventStatus) else None,
    )


def _blank() -> BasicsForm:
    known = {name: clean_text(request.args.get(name, ""))[:most] for name, most in KNOWN_BEFORE.items()}
    return BasicsForm.blank(queries.all_series(), section=current_staff().section, now=clock.now(), **known)


def _save(event_id: int, form: EditForm) -> int:
    """Returns how many people are told."""
    basics, actor, now = form.to_basics(), current_actor(), clock.now()
    if form.published is None:
        services.edit(event_id, basics, revision=form.seen_revision, by=actor, now=now)
        return 0
    notify = form.notify.data == "yes"
    return meetings.edit(event_id, basics, revision=form.seen_revision, notify=notify, by=actor, now=now)


def _form_of(row: EventRow) -> EditForm:
    return EditForm.of(row, queries.all_series(), now=clock.now())


def _new_page(form: BasicsForm) -> str:
    return render_template("console/events/new.html", form=form, fixed_slug=False)


def _edit_page(row: EventRow, form: EditForm) -> str:
    fixed = row.status is not EventStatus.DRAFT
    concerned = concerned_by([sitting.id for sitting in row.sittings])
    return render_template("console/events/edit.html", event=row, form=form, fixed_slug=fixed, concerned=concerned)


def _counts(row: EventRow) -> dict[tuple[int, Status], tuple[int, int]]:
    """Registrations and seats by sitting and status."""
    return {(c.sitting_id, c.status): (c.registrations, c.seats) for c in registrations.counts(row.id)}
