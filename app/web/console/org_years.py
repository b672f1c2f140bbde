"""April: the new year's chart, what its sections are called, and last year's duties carried forward. And the export."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.csv_text import csv_bytes
from app.documents.sheets import xlsx
from app.documents.types import Encoding
from app.imports import export
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.org import carrying, queries, services
from app.org.types import UnitRow
from app.web.console import bp
from app.web.console.forms.org import ConfirmForm, SuccessorsForm, UnitForm
from app.web.console.org import known_year, note_list
from app.web.parts.access import allow, current_actor
from app.web.parts.downloads import XLSX, attachment
from app.web.parts.forms import BaseForm

SAMPLE = 10


@bp.get("/console/org/<int:year>/april/")
@allow(Permission.MANAGE_ORG)
def org_april(year: int) -> ResponseReturnValue:
    """What begins with the year, before it is done: how many, a sample, who is left out and why."""
    return _april_page(year, BaseForm())


@bp.post("/console/org/<int:year>/april/begin/")
@allow(Permission.MANAGE_ORG)
def org_begin(year: int) -> ResponseReturnValue:
    """Copy last year's chart."""
    known_year(year - 1)
    form = BaseForm()
    with form.refusals():
        count = services.begin_year(year, by=current_actor(), now=clock.now())
        flash(f"{year}年度の組織を{count}件作りました。", "success")
        return redirect(url_for("console.org_april", year=year), 303)
    return _april_page(year, form), 422


@bp.post("/console/org/<int:year>/april/carry/")
@allow(Permission.MANAGE_ORG)
def org_carry(year: int) -> ResponseReturnValue:
    """Give last year's duties again to those who stayed."""
    known_year(year)
    form = ConfirmForm()
    with form.refusals():
        count = services.carry_duties(year, seen=form.seen.data or "", by=current_actor(), now=clock.now())
        flash(f"{count}件の担当を{year}年度に引き継ぎました。", "success")
        return redirect(url_for("console.org_year", year=year, missing=1), 303)
    return _april_page(year, form), 422


@bp.get("/console/org/<int:year>/units/new/")
@allow(Permission.MANAGE_ORG)
def org_unit_new(year: int) -> ResponseReturnValue:
    """The form for a new unit."""
    return _edit_page(year, None, UnitForm.of(None, queries.units(known_year(year))))


@bp.post("/console/org/<int:year>/units/new/")
@allow(Permission.MANAGE_ORG)
def org_unit_create(year: int) -> ResponseReturnValue:
    """Add a unit to the year."""
    return _save(known_year(year), None)


@bp.get("/console/org/<int:year>/units/<int:unit_id>/edit/")
@allow(Permission.MANAGE_ORG)
def org_unit_edit(year: int, unit_id: int) -> ResponseReturnValue:
    """Another name, code or place in this year; or the end of the unit."""
    chart = queries.units(known_year(year))
    unit = queries.unit(unit_id, year)
    return _edit_page(year, unit, UnitForm.of(unit, chart), SuccessorsForm.of(unit, chart))


@bp.post("/console/org/<int:year>/units/<int:unit_id>/edit/")
@allow(Permission.MANAGE_ORG)
def org_unit_save(year: int, unit_id: int) -> ResponseReturnValue:
    """Say a unit otherwise in this year; other years stay."""
    return _save(known_year(year), queries.unit(unit_id, year))


@bp.post("/console/org/<int:year>/units/<int:unit_id>/succeed/")
@allow(Permission.MANAGE_ORG)
def org_unit_succeed(year: int, unit_id: int) -> ResponseReturnValue:
    """Merge a unit into another, or split it."""
    chart = queries.units(known_year(year))
    unit = queries.unit(unit_id, year)
    form = SuccessorsForm.of(unit, chart)
    if form.validate_on_submit():
        with form.refusals():
            services.succeed([unit_id], form.new_ids.data or [], year, by=current_actor(), now=clock.now())
            flash(f"{unit.name}を{year}年度の組織から外し、引き継ぐ組織を記録しました。", "success")
            return redirect(url_for("console.org_year", year=year), 303)
    return _edit_page(year, unit, UnitForm.of(unit, chart), form), 422


@bp.get("/console/org/<int:year>/export.<any(xlsx, csv):ending>")
@allow(Permission.MANAGE_ORG)
def org_export(year: int, ending: str) -> ResponseReturnValue:
    """Everybody and their duties, in the shape that the import takes."""
    rows = export.listed(known_year(year), by=current_actor(), now=clock.now())
    name = f"組織と担当_{year}年度.{ending}"
    if ending == "xlsx":
        return attachment(xlsx(f"{year}年度", export.HEADING, rows), name, XLSX, personal=True)
    file = csv_bytes(export.HEADING, rows, encoding=Encoding.UTF8)
    return attachment(file.content, name, "text/csv; charset=utf-8", personal=True)


def _save(year: int, unit: UnitRow | None) -> ResponseReturnValue:
    form = UnitForm.of(unit, queries.units(year))
    if form.validate_on_submit():
        with form.refusals():
            own = unit.id if unit else None
            unit_id = services.save_unit(form.to_draft(), year, unit_id=own, by=current_actor(), now=clock.now())
            flash(f"{year}年度の組織を保存しました。", "success")
            return redirect(url_for("console.org_unit", year=year, unit_id=unit_id), 303)
    return _edit_page(year, unit, form), 422


def _edit_page(year: int, unit: UnitRow | None, form: UnitForm, ending: SuccessorsForm | None = None) -> str:
    return render_template("console/org/edit.html", year=year, unit=unit, form=form, ending=ending)


def _april_page(year: int, form: BaseForm) -> str:
    years = queries.years()
    if year not in years and year - 1 not in years:
        raise NotFound
    begun = year in years
    plan = carrying.plan(year) if begun else None
    units = queries.units(year if begun else year - 1)
    if plan is not None:
        note_list("fiscal_year", year, min(SAMPLE, len(plan.carried)) + len(plan.left_out))
    return render_template(
        "console/org/april.html",
        year=year, form=form, begun=begun, units=units, plan=plan, sample=SAMPLE,
        prepared=abs(year - fiscal_year(clock.now())) <= 1,
    )  # fmt: skip
