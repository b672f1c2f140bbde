"""Taking registrations from another service's file: the file, what its columns say, what would happen, the yes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.accounts.permissions import Permission
from app.documents.reading import Row, read_table
from app.events.types import EventRow
from app.imports import columns, previews, registrations
from app.imports.applicants import LIMITS
from app.imports.previews import Kept
from app.imports.registrations import Plan, Taken
from app.infra import clock
from app.kernel.errors import NotFound
from app.web.console import bp
from app.web.console.forms.imports import ColumnsForm, RegistrationsFileForm
from app.web.console.forms.registrations import not_begun
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.guards import takes_body

BODY = LIMITS.size + 64 * 1024
FIRST_ROWS = 3
MOST_SHOWN = 200
# At one press: a proxy waits a minute for an answer, and a busy machine takes some thirty a second.
MOST_TAKEN = 500


@bp.get("/console/events/<int:event_id>/import/")
@allow(Permission.EDIT_REGISTRATIONS)
def registrations_import(event_id: int) -> ResponseReturnValue:
    """The form for the file."""
    return _file_page(own_event(event_id), RegistrationsFileForm())


@bp.post("/console/events/<int:event_id>/import/")
@allow(Permission.EDIT_REGISTRATIONS)
@takes_body(BODY)
def registrations_import_post(event_id: int) -> ResponseReturnValue:
    """Look whether the file can be read, and keep it."""
    event, form = own_event(event_id), RegistrationsFileForm()
    if form.validate_on_submit():
        with form.refusals():
            sent = form.to_kept(event_id)
            read_table(sent.content, file_name=sent.file_name, limits=LIMITS)
            key = previews.keep(sent, owner=_owner(), now=clock.now())
            where = {"event_id": event_id, "key": key, "service": form.service.data}
            return redirect(url_for("console.registrations_columns", **where), 303)
    return _file_page(event, form), 422


@bp.get("/console/events/<int:event_id>/import/<key>/")
@allow(Permission.EDIT_REGISTRATIONS)
def registrations_columns(event_id: int, key: str) -> ResponseReturnValue:
    """What the columns say, as far as the headings tell, with the first rows of the file."""
    event, rows, _sent = _kept(event_id, key)
    return _columns_page(event, key, rows, _form(event, rows, None))


@bp.get("/console/events/<int:event_id>/import/<key>/check/")
@allow(Permission.EDIT_REGISTRATIONS)
def registrations_check(event_id: int, key: str) -> ResponseReturnValue:
    """What would be taken, and what is left out and why."""
    event, rows, sent = _kept(event_id, key)
    form = _form(event, rows, request.args)
    if form.validate():
        with form.refusals():
            return _check_page(event, key, sent, form, _plan(form, rows, event))
    return _columns_page(event, key, rows, form), 422


@bp.post("/console/events/<int:event_id>/import/<key>/check/")
@allow(Permission.EDIT_REGISTRATIONS)
def registrations_take(event_id: int, key: str) -> ResponseReturnValue:
    """Take what was shown; what a rule refuses is shown with its line."""
    event, rows, sent = _kept(event_id, key)
    form = _form(event, rows, request.form)
    if not form.validate():
        return _columns_page(event, key, rows, form), 422
    taken = None
    with form.refusals():
        plan, seen = _plan(form, rows, event), form.seen.data or ""
        taken = registrations.take(plan, event_id, seen=seen, most=MOST_TAKEN, by=current_actor(), now=clock.now())
        if not taken.refused:
            flash(_sentence(taken), "success")
            return redirect(_onwards(event_id, key, form, plan), 303)
    return _check_page(event, key, sent, form, _plan(form, rows, event), taken), 422


def _onwards(event_id: int, key: str, form: ColumnsForm, plan: Plan) -> str:
    """To the list of people; where not all were taken yet, back to what is left of the file."""
    if len(plan.new) > MOST_TAKEN:
        where: dict[str, Any] = {"event_id": event_id, "key": key, **dict(form.answers())}
        return url_for("console.registrations_check", **where)
    previews.forget(key)
    return url_for("console.registrations", event_id=event_id)


def _kept(event_id: int, key: str) -> tuple[EventRow, tuple[Row, ...], Kept]:
    event = own_event(event_id)
    sent = previews.kept(key, owner=_owner(), now=clock.now())
    if sent.event_id != event_id:
        raise NotFound
    return event, read_table(sent.content, file_name=sent.file_name, limits=LIMITS).rows, sent


def _form(event: EventRow, rows: tuple[Row, ...], sent: MultiDict[str, str] | None) -> ColumnsForm:
    """With the answers that were sent; without any, guessed from the headings. Only what is posted has a token."""
    named = columns.headings(rows)
    asked_of = request.args.get("service", "")
    service = columns.Service(asked_of) if asked_of in set(columns.Service) else columns.Service.GENERIC
    more: dict[str, Any] = {} if request.method == "POST" else {"meta": {"csrf": False}, "formdata": sent}
    form = ColumnsForm.offering(named, not_begun(event, clock.now()), columns.guess(service, named), **more)
    if sent is None:
        form.service.data = service.value
    return form


def _plan(form: ColumnsForm, rows: tuple[Row, ...], event: EventRow) -> Plan:
    return registrations.preview(rows, form.to_asked(), event)


def _owner() -> str:
    return str(current_staff().id)


def _sentence(taken: Taken) -> str:
    counts = "、".join(f"{status.word}{number}件" for status, number in taken.by_status.items())
    return f"{taken.total}件を取り込みました（{counts}）。" if taken.total else "新しい申込みはありませんでした。"


def _file_page(event: EventRow, form: RegistrationsFileForm) -> str:
    return render_template("console/import/file.html", event=event, form=form, tab="申込者")


def _columns_page(event: EventRow, key: str, rows: tuple[Row, ...], form: ColumnsForm) -> str:
    named, first = columns.headings(rows), rows[1 : 1 + FIRST_ROWS]
    return render_template(
        "console/import/columns.html", event=event, key=key, form=form, headings=named, rows=first, tab="申込者"
    )


def _check_page(
    event: EventRow, key: str, sent: Kept, form: ColumnsForm, plan: Plan, taken: Taken | None = None
) -> str:
    form.seen.data = registrations.fingerprint(plan)
    return render_template(
        "console/import/check.html",
        event=event,
        key=key,
        sent=sent,
        form=form,
        plan=plan,
        taken=taken,
        most=MOST_SHOWN,
        at_once=MOST_TAKEN,
        tab="申込者",
    )
