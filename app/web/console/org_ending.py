"""Ending many duties at once: first who would lose which duty and who would not, then all in one transaction."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.org import ending, services
from app.web.console import bp
from app.web.console.forms.org import EndDutiesForm
from app.web.console.org import day_in, known_year, note_list
from app.web.parts.access import allow, current_actor


@bp.get("/console/org/<int:year>/end/")
@allow(Permission.MANAGE_ORG)
def org_end_duties(year: int) -> ResponseReturnValue:
    """What is asked, and what it would do. Nothing is written."""
    known_year(year)
    if "last" not in request.args:
        return _page(year, EndDutiesForm(None, last=day_in(year)))
    form = EndDutiesForm(request.args, meta={"csrf": False})
    return _page(year, form, _plan(year, form) if form.validate() else None)


@bp.post("/console/org/<int:year>/end/")
@allow(Permission.MANAGE_ORG)
def org_end_duties_post(year: int) -> ResponseReturnValue:
    """End them, as the page said; where it would be others by now, show the page again."""
    known_year(year)
    form = EndDutiesForm()
    if not form.validate():
        return _page(year, form), 422
    with form.refusals():
        wanted = form.to_wanted(year)
        count = services.end_duties(wanted, seen=form.seen.data or "", by=current_actor(), now=clock.now())
        flash(f"{count}件の担当を終えました。後任が決まるまで、担当者のいない組織の一覧に載ります。", "success")
        return redirect(url_for("console.org_year", year=year, missing=1), 303)
    return _page(year, form, _plan(year, form)), 422


def _plan(year: int, form: EndDutiesForm) -> ending.Plan | None:
    with form.refusals():
        return ending.plan(form.to_wanted(year))
    return None


def _page(year: int, form: EndDutiesForm, plan: ending.Plan | None = None) -> str:
    if plan is not None:
        form.seen.data = plan.digest
        note_list("fiscal_year", year, len(plan.ended) + len(plan.left_out))
    return render_template("console/org/end.html", year=year, form=form, plan=plan)
