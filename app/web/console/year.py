"""The new year step by step: what is done, what is next, and what each step would do before it is done."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.forms.year import MoveForm
from app.web.console.year_steps import PARTS, steps_of
from app.web.parts.access import allow, current_actor, current_staff

# From then on one prepares the coming year; before, whoever came in April still works on the present one.
AUTUMN = 10


@bp.get("/console/year/")
@allow(Permission.EDIT_EVENTS)
def year() -> ResponseReturnValue:
    """The year that is being prepared at this time of the year."""
    today = local_date(clock.now())
    coming = today.month >= AUTUMN or today.month < 4
    return redirect(url_for("console.year_steps", year=fiscal_year(today) + coming), 303)


@bp.get("/console/year/<int:year>/")
@allow(Permission.EDIT_EVENTS)
def year_steps(year: int) -> ResponseReturnValue:
    """Every step with where it stands."""
    _check_year(year)
    steps = steps_of(year, current_staff().section)
    following = next((step for step in steps if not step.done), None)
    now_is = fiscal_year(clock.now())
    return render_template("console/year/steps.html", year=year, steps=steps, following=following, now_is=now_is)


@bp.get("/console/year/<int:year>/<any(events, requirements, worksheets, elearning):part>/")
@allow(Permission.EDIT_EVENTS)
def year_part(year: int, part: str) -> ResponseReturnValue:
    """What would go on, as what, and what would not and why. Nothing is written."""
    _check_year(year)
    plan = PARTS[part].plan(year, current_staff().section)
    return _page(year, part, MoveForm.offering(plan.rows))


@bp.post("/console/year/<int:year>/<any(events, requirements, worksheets, elearning):part>/")
@allow(Permission.EDIT_EVENTS)
def year_part_post(year: int, part: str) -> ResponseReturnValue:
    """Move what is ticked; what was moved meanwhile is not moved twice."""
    _check_year(year)
    section = current_staff().section
    form = MoveForm.offering(PARTS[part].plan(year, section).rows)
    if form.validate():
        with form.refusals():
            count = PARTS[part].carry(year, section, form.ids, by=current_actor(), now=clock.now())
            flash(f"{count}件を{year}年度に引き継ぎました。", "success")
            return redirect(url_for("console.year_steps", year=year), 303)
    return _page(year, part, form), 422


def _page(year: int, part: str, form: MoveForm) -> str:
    plan = PARTS[part].plan(year, current_staff().section)
    return render_template("console/year/part.html", year=year, part=PARTS[part], plan=plan, form=form)


def _check_year(year: int) -> None:
    """Only years that somebody can still prepare have a page. Raises NotFound."""
    if abs(year - fiscal_year(clock.now())) > 1:
        raise NotFound
