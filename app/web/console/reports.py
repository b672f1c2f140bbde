"""The yearly report: its chapters, what is written in them, their photos, and how it will read."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.design.jinja import Service
from app.documents.article_html import article_html
from app.documents.pictures import ACCEPT
from app.documents.sniffing import LARGEST
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.reports import chapters, freezing, photos, queries, services
from app.reports.types import FileKind, ReportRow, TextRow
from app.web.console import bp
from app.web.console.forms.reports import BeginForm, PhotoForm, TextForm
from app.web.console.reach import own_report
from app.web.console.report_places import leading_from
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.guards import takes_body

# The photo and the few words beside it.
BODY = LARGEST + 64 * 1024
# How far back a report can be begun: figures of earlier years are typed.
YEARS_BACK = 15


@bp.get("/console/reports/")
@allow(Permission.SEE_REPORTS)
def reports() -> ResponseReturnValue:
    """The reports there are, and the form to begin one."""
    return _list(BeginForm.offering(_years()))


@bp.post("/console/reports/")
@allow(Permission.EDIT_REPORTS)
def reports_post() -> ResponseReturnValue:
    """Begin one, with last year's texts."""
    form = BeginForm.offering(_years())
    if form.validate():
        with form.refusals():
            year, section = form.fiscal_year.data, current_staff().section
            said = {"section": section, "publisher": f"{Service().city} {section}"}
            services.begin(year, **said, by=current_actor(), now=clock.now())
            flash("レポートの下書きを作りました。数字は、記録から入っています。", "success")
            return redirect(url_for("console.report", year=year), 303)
    return _list(form), 422


@bp.get("/console/reports/<int:year>/chapters/<chapter>/")
@allow(Permission.EDIT_REPORTS)
def report_chapter(year: int, chapter: str) -> ResponseReturnValue:
    """What is written in a chapter, and its photos."""
    report = own_report(year)
    return _chapter(report, chapter, TextForm.of(_text(report, chapter)), PhotoForm())


@bp.post("/console/reports/<int:year>/chapters/<chapter>/")
@allow(Permission.EDIT_REPORTS)
def report_chapter_post(year: int, chapter: str) -> ResponseReturnValue:
    """Save the text."""
    report = own_report(year)
    form = TextForm.of(_text(report, chapter))
    if form.validate():
        with form.refusals():
            version = form.version.data or 0
            services.write(
                report.id, chapter, form.text.data or "", version=version, by=current_actor(), now=clock.now()
            )
            flash("文章を保存しました。", "success")
            return redirect(url_for("console.report", year=year), 303)
    return _chapter(report, chapter, form, PhotoForm(formdata=None)), 422


@bp.post("/console/reports/<int:year>/chapters/<chapter>/photos/")
@allow(Permission.EDIT_REPORTS)
@takes_body(BODY)
def report_photos_post(year: int, chapter: str) -> ResponseReturnValue:
    """Add a photo."""
    report, form = own_report(year), PhotoForm()
    row = _text(report, chapter)
    if form.validate():
        with form.refusals():
            photos.add(report.id, chapter, form.to_draft(), by=current_actor(), now=clock.now())
            flash("写真を追加しました。", "success")
            return redirect(url_for("console.report_chapter", year=year, chapter=chapter), 303)
    text = TextForm(formdata=None, data={"text": row.text, "version": row.version})
    return _chapter(report, chapter, text, form), 422


@bp.post("/console/reports/<int:year>/photos/<int:photo_id>/remove/")
@allow(Permission.EDIT_REPORTS)
def report_photo_remove(year: int, photo_id: int) -> ResponseReturnValue:
    """Take a photo away."""
    report = own_report(year)
    row = queries.photo(report.id, photo_id)
    photos.remove(report.id, photo_id, by=current_actor(), now=clock.now())
    flash("写真を外しました。", "success")
    return redirect(url_for("console.report_chapter", year=year, chapter=row.chapter), 303)


@bp.get("/console/reports/<int:year>/preview/photos/<file>")
@allow(Permission.SEE_REPORTS)
def report_photo(year: int, file: str) -> Response:
    """A photo, as the preview and the chapter's page show it."""
    for row in queries.photos(own_report(year).id):
        if row.file == file:
            return attachment(queries.photo_content(row), row.file, row.media_type, personal=True)
    raise NotFound


@bp.get("/console/reports/<int:year>/preview/")
@allow(Permission.SEE_REPORTS)
def report_preview(year: int) -> ResponseReturnValue:
    """How it would read if it were frozen now, each figure with the way to its records."""
    report = own_report(year)
    shown = article_html(queries.article(report, now=clock.now()), leading_from(report))
    return render_template("console/reports/preview.html", report=report, article=shown, kinds=_DRAFTS)


@bp.get("/console/reports/<int:year>/preview.<any(pdf,docx,csv):kind>")
@allow(Permission.SEE_REPORTS)
def report_draft(year: int, kind: str) -> Response:
    """The same as a file."""
    report, now = own_report(year), clock.now()
    content = freezing.draft_of(queries.contents(report, now=now, whole=True), FileKind(kind), now=now)
    return attachment(content, f"report-{year}-draft.{kind}", FileKind(kind).media_type, personal=True)


_DRAFTS = (FileKind.PDF, FileKind.DOCX, FileKind.CSV)


def _years() -> list[int]:
    """The years of which the section could begin a report, the newest first."""
    this_year, there = fiscal_year(clock.now()), {row.fiscal_year for row in queries.listing()}
    return [year for year in range(this_year, this_year - YEARS_BACK, -1) if year not in there]


def _list(form: BeginForm) -> str:
    staff = current_staff()
    found, editable = queries.listing(staff.section), staff.can(Permission.EDIT_REPORTS)
    return render_template("console/reports/list.html", reports=found, form=form, editable=editable)


def _text(report: ReportRow, chapter: str) -> TextRow:
    """Raises NotFound for a chapter in which nothing is written."""
    if chapter not in {one.key for one in chapters.WRITTEN}:
        raise NotFound
    return queries.texts(report.id).get(chapter) or TextRow(chapter, "", 0, carried=False)


def _chapter(report: ReportRow, chapter: str, form: TextForm, photo_form: PhotoForm) -> str:
    row = _text(report, chapter)
    shown = [photo for photo in queries.photos(report.id) if photo.chapter == chapter]
    return render_template(
        "console/reports/chapter.html",
        report=report,
        chapter=chapters.BY_KEY[chapter],
        row=row,
        form=form,
        photo_form=photo_form,
        photos=shown,
        accept=ACCEPT,
    )
