"""Where a yearly report stands, and the steps to its publication: review, freezing, corrections."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.article import Heading
from app.infra import clock
from app.reports import chapters, freezing, queries, services
from app.reports.types import ReportRow, Status
from app.web.console import bp
from app.web.console.forms.reports import CorrectionForm
from app.web.console.reach import own_report
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/reports/<int:year>/")
@allow(Permission.SEE_REPORTS)
def report(year: int) -> ResponseReturnValue:
    """Its chapters and how far each has come; once frozen, its files, what has changed since, and corrections."""
    return _page(own_report(year), BaseForm(formdata=None), CorrectionForm(formdata=None))


@bp.post("/console/reports/<int:year>/review/")
@allow(Permission.REVIEW_REPORTS)
def report_review(year: int) -> ResponseReturnValue:
    """Say that it is right as it reads now."""
    row, form = own_report(year), BaseForm()
    with form.refusals():
        services.review(row.id, by=current_actor(), now=clock.now())
        flash("確認済にしました。このあと内容が変わると、もう一度確認が要ります。", "success")
        return redirect(url_for("console.report", year=year), 303)
    return _page(row, form, CorrectionForm(formdata=None)), 422


@bp.post("/console/reports/<int:year>/freeze/")
@allow(Permission.EDIT_REPORTS)
def report_freeze(year: int) -> ResponseReturnValue:
    """Make it public, for good."""
    row, form = own_report(year), BaseForm()
    with form.refusals():
        freezing.freeze(row.id, by=current_actor(), now=clock.now())
        flash("レポートを確定し、公開しました。", "success")
        return redirect(url_for("console.report", year=year), 303)
    return _page(row, form, CorrectionForm(formdata=None)), 422


@bp.post("/console/reports/<int:year>/corrections/")
@allow(Permission.EDIT_REPORTS)
def report_correct(year: int) -> ResponseReturnValue:
    """Publish what is wrong in it beside it."""
    row, form = own_report(year), CorrectionForm()
    if form.validate():
        with form.refusals():
            services.correct(row.id, form.text.data or "", by=current_actor(), now=clock.now())
            flash("正誤を公開しました。", "success")
            return redirect(url_for("console.report", year=year), 303)
    return _page(row, BaseForm(formdata=None), form), 422


def _page(row: ReportRow, form: BaseForm, correction: CorrectionForm) -> str:
    staff, now = current_staff(), clock.now()
    frozen = row.status is Status.FROZEN
    texts = queries.texts(row.id)
    document = queries.article(row, now=now)
    outdated = row.status is Status.REVIEWED and queries.digest(document) != row.reviewed_digest
    return render_template(
        "console/reports/report.html",
        report=row,
        form=form,
        correction=correction,
        chapters=chapters.CHAPTERS,
        told={block.anchor for block in document.blocks if isinstance(block, Heading)},
        texts=texts,
        carried=queries.carried(texts.values()),
        photos=[photo.chapter for photo in queries.photos(row.id)],
        editable=staff.can(Permission.EDIT_REPORTS) and not frozen,
        may_correct=staff.can(Permission.EDIT_REPORTS) and frozen,
        may_review=staff.can(Permission.REVIEW_REPORTS) and (row.status is Status.DRAFT or outdated),
        wrote_last=row.edited_by_id is not None and row.edited_by_id == current_actor().id,
        outdated=outdated,
        files=queries.files(row.id),
        differences=queries.differences(row, now=now) if frozen else [],
        corrections=queries.corrections(row.id),
    )
