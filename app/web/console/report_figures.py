"""The figures of a yearly report, each down to its records; and figures that are typed or imported."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents.csv_text import csv_bytes
from app.documents.sniffing import LARGEST
from app.documents.types import Encoding
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.reports import chapters, figures, typed
from app.reports.definitions import BY_KEY, DEFINITIONS
from app.reports.gathering import Year
from app.reports.types import FileKind
from app.web.console import bp, report_places
from app.web.console.forms.reports import ImportForm, TypedForm
from app.web.console.reach import own_report
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.guards import takes_body

BODY = LARGEST + 64 * 1024


@bp.get("/console/reports/<int:year>/figures/")
@allow(Permission.SEE_REPORTS)
def report_figures(year: int) -> ResponseReturnValue:
    """Every figure over three years, and where what was typed differs from the records."""
    report = own_report(year)
    years = chapters.years_of(year)
    known = figures.of_years(years, report.section, now=clock.now())
    deviating = [one for one in known.values() if one.deviates]
    return render_template(
        "console/reports/figures.html",
        report=report,
        years=years,
        definitions=DEFINITIONS,
        figures=known,
        deviating=deviating,
        editable=current_staff().can(Permission.EDIT_REPORTS),
    )


@bp.get("/console/reports/<int:year>/figures/<key>/")
@allow(Permission.SEE_REPORTS)
def report_figure(year: int, key: str) -> ResponseReturnValue:
    """One figure: how it is counted, and the records that it is the sum of."""
    report, now = own_report(year), clock.now()
    one = figures.of_years([year], report.section, now=now)[year, figures.definition(key).key]
    found = figures.lines(key, Year(year, report.section, now))
    lines = [(line, report_places.record(line.about)) for line in found]
    return render_template("console/reports/figure.html", report=report, figure=one, lines=lines)


@bp.get("/console/reports/typed/")
@allow(Permission.EDIT_REPORTS)
def typed_figures() -> ResponseReturnValue:
    """What was typed, and the forms to type and to import."""
    return _page(TypedForm.until(_this_year()), ImportForm())


@bp.post("/console/reports/typed/")
@allow(Permission.EDIT_REPORTS)
def typed_figures_post() -> ResponseReturnValue:
    """Keep one."""
    form = TypedForm.until(_this_year())
    if form.validate():
        typed.save([form.to_row()], section=current_staff().section, by=current_actor(), now=clock.now())
        flash("数字を保存しました。", "success")
        return redirect(url_for("console.typed_figures"), 303)
    return _page(form, ImportForm(formdata=None)), 422


@bp.post("/console/reports/typed/import/")
@allow(Permission.EDIT_REPORTS)
@takes_body(BODY)
def typed_figures_import() -> ResponseReturnValue:
    """Keep those of a file, all or none."""
    form = ImportForm()
    if form.validate():
        with form.refusals():
            rows = typed.read(*form.to_content(), this_year=_this_year())
            typed.save(rows, section=current_staff().section, by=current_actor(), now=clock.now())
            flash(f"{len(rows)}件の数字を取り込みました。", "success")
            return redirect(url_for("console.typed_figures"), 303)
    blank = TypedForm.until(_this_year())
    return _page(blank, form), 422


@bp.post("/console/reports/typed/<int:year>/<key>/remove/")
@allow(Permission.EDIT_REPORTS)
def typed_figure_remove(year: int, key: str) -> ResponseReturnValue:
    """Take one away."""
    typed.forget(year, key, section=current_staff().section, by=current_actor(), now=clock.now())
    flash("数字を削除しました。", "success")
    return redirect(url_for("console.typed_figures"), 303)


@bp.get("/console/reports/typed.csv")
@allow(Permission.EDIT_REPORTS)
def typed_figures_csv() -> Response:
    """What was typed, in the form in which it is imported."""
    rows = [
        (one.fiscal_year, one.key, one.value, one.source)
        for one in typed.by_year_and_key(current_staff().section).values()
    ]
    content = csv_bytes(typed.HEADER, rows, encoding=Encoding.UTF8).content
    return attachment(content, "typed-figures.csv", FileKind.CSV.media_type, personal=True)


def _this_year() -> int:
    return fiscal_year(clock.now())


def _page(form: TypedForm, import_form: ImportForm) -> str:
    rows = list(typed.by_year_and_key(current_staff().section).values())
    return render_template(
        "console/reports/typed.html",
        rows=rows,
        form=form,
        import_form=import_form,
        definitions=DEFINITIONS,
        by_key=BY_KEY,
        header=typed.HEADER,
    )
