"""Upload of people and duties: what the file would change is shown first; the yes takes that very file."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.reading import LIMITS, read_table
from app.imports import people, previews
from app.imports.previews import Kept
from app.imports.rows import COLUMNS
from app.imports.types import ImportPlan
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.web.console import bp
from app.web.console.forms.org import ConfirmForm, PeopleFileForm
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.guards import takes_body

BODY = LIMITS.size + 64 * 1024


@bp.get("/console/org/import/")
@allow(Permission.MANAGE_ORG)
def org_import() -> ResponseReturnValue:
    """The form for the file."""
    return _form_page(PeopleFileForm(year=fiscal_year(clock.now())))


@bp.post("/console/org/import/")
@allow(Permission.MANAGE_ORG)
@takes_body(BODY)
def org_import_post() -> ResponseReturnValue:
    """Look at the file, keep it and show what it would change."""
    form = PeopleFileForm()
    if form.validate_on_submit():
        with form.refusals():
            sent = form.to_kept()
            _plan(sent)
            key = previews.keep(sent, owner=_owner(), now=clock.now())
            return redirect(url_for("console.org_import_preview", key=key), 303)
    return _form_page(form), 422


@bp.get("/console/org/import/<key>/")
@allow(Permission.MANAGE_ORG)
def org_import_preview(key: str) -> ResponseReturnValue:
    """What would be added, changed and ended, and each row that is wrong."""
    return _preview_page(key, previews.kept(key, owner=_owner(), now=clock.now()), None)


@bp.post("/console/org/import/<key>/")
@allow(Permission.MANAGE_ORG)
def org_import_take(key: str) -> ResponseReturnValue:
    """Write what was shown, in one transaction."""
    sent, form = previews.kept(key, owner=_owner(), now=clock.now()), ConfirmForm()
    rows = read_table(sent.content, file_name=sent.file_name).rows
    if form.validate_on_submit():
        with form.refusals():
            seen = form.seen.data or ""
            people.take(rows, sent.fiscal_year, seen=seen, by=current_actor(), now=clock.now())
            previews.forget(key)
            flash(f"{sent.fiscal_year}年度の組織と担当に取り込みました。", "success")
            return redirect(url_for("console.org_year", year=sent.fiscal_year), 303)
    return _preview_page(key, sent, form), 422


def _owner() -> str:
    return str(current_staff().id)


def _plan(sent: Kept) -> ImportPlan:
    rows = read_table(sent.content, file_name=sent.file_name).rows
    return people.preview(rows, sent.fiscal_year, now=clock.now())


def _form_page(form: PeopleFileForm) -> str:
    return render_template("console/org/import.html", form=form, columns=COLUMNS)


def _preview_page(key: str, sent: Kept, form: ConfirmForm | None) -> str:
    plan = _plan(sent)
    form = form or ConfirmForm()
    form.seen.data = people.fingerprint(plan)
    return render_template("console/org/preview.html", key=key, sent=sent, plan=plan, form=form)
