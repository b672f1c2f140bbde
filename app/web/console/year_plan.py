"""The calendar of the year: what the section must do when, how far it has come, on paper and in calendar programs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import fiscal_year_text, local_date
from app.web.console import bp
from app.web.console.forms.year_plan import EntryForm
from app.web.console.reach import own_entry
from app.web.console.year_watch import Item, Year, items, watchable
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.forms import BaseForm
from app.year_plan import ics, queries, rules, services
from app.year_plan.types import EntryRow, State

DONE = {
    "done": "「済み」にしました。",
    "undone": "「済み」を取り消しました。",
    "remove": "年間の予定から削除しました。",
}


@bp.get("/console/calendar/")
@allow(Permission.SEE_YEAR_PLAN)
def year_plan_now() -> ResponseReturnValue:
    """The present year's."""
    return redirect(url_for("console.year_plan", year=fiscal_year(clock.now())), 303)


@bp.get("/console/calendar/<int:year>/")
@allow(Permission.SEE_YEAR_PLAN)
def year_plan(year: int) -> ResponseReturnValue:
    """Everything that is to be done in a year."""
    return _page(year)


@bp.post("/console/calendar/<int:year>/begin/")
@allow(Permission.MANAGE_YEAR_PLAN)
def year_plan_begin(year: int) -> ResponseReturnValue:
    """Begin with last year's, or with the shipped list."""
    _check_year(year)
    form = BaseForm()
    with form.refusals():
        count = services.begin(year, current_staff().section, by=current_actor(), now=clock.now())
        flash(f"年間の予定を作りました（{count}件）。", "success")
        return redirect(url_for("console.year_plan", year=year), 303)
    return _page(year, form), 422


@bp.get("/console/calendar/<int:year>/new/")
@allow(Permission.MANAGE_YEAR_PLAN)
def year_plan_new(year: int) -> ResponseReturnValue:
    """The form of an entry of one's own."""
    _check_begun(year)
    return _entry_page(year, EntryForm.offering(watchable()))


@bp.post("/console/calendar/<int:year>/new/")
@allow(Permission.MANAGE_YEAR_PLAN)
def year_plan_new_post(year: int) -> ResponseReturnValue:
    """Add it."""
    _check_begun(year)
    form = EntryForm.offering(watchable())
    if form.validate():
        with form.refusals():
            services.add(year, current_staff().section, form.to_draft(), by=current_actor(), now=clock.now())
            flash("年間の予定に追加しました。", "success")
            return redirect(url_for("console.year_plan", year=year), 303)
    return _entry_page(year, form), 422


@bp.get("/console/calendar/entries/<int:entry_id>/")
@allow(Permission.MANAGE_YEAR_PLAN)
def year_plan_entry(entry_id: int) -> ResponseReturnValue:
    """An entry as a form."""
    entry = own_entry(entry_id)
    return _entry_page(entry.fiscal_year, EntryForm.offering(watchable(), entry), entry)


@bp.post("/console/calendar/entries/<int:entry_id>/")
@allow(Permission.MANAGE_YEAR_PLAN)
def year_plan_entry_post(entry_id: int) -> ResponseReturnValue:
    """Say it otherwise."""
    entry = own_entry(entry_id)
    form = EntryForm.offering(watchable(), entry)
    if form.validate():
        with form.refusals():
            services.change(entry_id, form.to_draft(), by=current_actor(), now=clock.now())
            flash("保存しました。", "success")
            return redirect(url_for("console.year_plan", year=entry.fiscal_year), 303)
    return _entry_page(entry.fiscal_year, form, entry), 422


@bp.post("/console/calendar/entries/<int:entry_id>/<any(done,undone,remove):step>/")
@allow(Permission.MANAGE_YEAR_PLAN)
def year_plan_step(entry_id: int, step: str) -> ResponseReturnValue:
    """Tick it, take the tick back, or take it off the plan."""
    entry, by, now = own_entry(entry_id), current_actor(), clock.now()
    if step == "remove":
        services.remove(entry_id, by=by, now=now)
    else:
        services.tick(entry_id, done=step == "done", by=by, now=now)
    flash(DONE[step], "success")
    anchor = None if step == "remove" else f"entry-{entry_id}"
    return redirect(url_for("console.year_plan", year=entry.fiscal_year, _anchor=anchor), 303)


@bp.get("/console/calendar/<int:year>/calendar.ics")
@allow(Permission.SEE_YEAR_PLAN)
def year_plan_ics(year: int) -> ResponseReturnValue:
    """The plan for a calendar program."""
    found = _items(year, queries.entries(year, current_staff().section))
    if not found:
        raise NotFound
    name = f"{current_staff().section} {fiscal_year_text(year)}の予定"
    entries = ((one.entry, links.absolute(one.href) if one.href else "") for one in found)
    file = ics.calendar(entries, name=name, host=links.host, now=clock.now())
    return attachment(file, f"{name}.ics", "text/calendar; charset=utf-8", personal=True)


def this_month() -> list[Item]:
    """What is to be done this month or was to be done before, and is not, for the first page of the console."""
    staff, now = current_staff(), clock.now()
    if not staff.can(Permission.SEE_YEAR_PLAN):
        return []
    today = local_date(now)
    found = [e for e in queries.entries(fiscal_year(today), staff.section) if rules.concerns(e, today)]
    return [one for one in _items(fiscal_year(today), found) if one.state is not State.DONE]


def _items(year: int, entries: list[EntryRow]) -> list[Item]:
    staff, now = current_staff(), clock.now()
    return items(Year(year, staff.section, local_date(now), now), entries, staff.can)


def _page(year: int, refused: BaseForm | None = None) -> str:
    staff, present = current_staff(), fiscal_year(clock.now())
    years = sorted({*queries.years(staff.section), present, present + 1}, reverse=True)
    if year not in years:
        raise NotFound
    today = local_date(clock.now())
    return render_template(
        "console/year/plan.html",
        year=year,
        years=years,
        items=_items(year, queries.entries(year, staff.section)),
        begun=queries.begun(year, staff.section),
        from_last_year=queries.begun(year - 1, staff.section),
        states=list(State),
        this_month=(today.year, today.month),
        refused=refused,
        may_edit=staff.can(Permission.MANAGE_YEAR_PLAN),
    )


def _entry_page(year: int, form: EntryForm, entry: EntryRow | None = None) -> str:
    return render_template("console/year/entry.html", year=year, form=form, entry=entry)


def _check_year(year: int) -> None:
    """A plan is begun for the present year or for the next. Raises NotFound."""
    if year - fiscal_year(clock.now()) not in {0, 1}:
        raise NotFound


def _check_begun(year: int) -> None:
    if not queries.begun(year, current_staff().section):
        raise NotFound
