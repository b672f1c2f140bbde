"""The yearly reports that were published: as a page, a PDF, a Word file, and their figures."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from app.kernel.errors import NotFound
from app.reports import chapters, queries
from app.reports.types import FileKind
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.public import bp

FILES = (FileKind.PDF, FileKind.DOCX, FileKind.CSV)


@bp.get("/reports/")
@allow(ANYONE)
def reports() -> str:
    """The years."""
    return render_template("public/reports.html", reports=queries.published(), title_of=chapters.title_of)


@bp.get("/reports/<int:year>/")
@allow(ANYONE)
def report(year: int) -> str:
    """The page as it was frozen, with what was corrected since."""
    row = queries.frozen(year)
    return render_template(
        "public/report.html",
        report=row,
        title=chapters.title_of(year),
        article=queries.content(row.id, FileKind.PAGE).decode(),
        files={kind: file for kind, file in queries.files(row.id).items() if kind in FILES},
        corrections=queries.corrections(row.id),
    )


@bp.get("/reports/<int:year>/report.<any(pdf,docx,csv):kind>")
@allow(ANYONE)
def report_file(year: int, kind: str) -> Response:
    """One of its files, as it was frozen."""
    content = queries.content(queries.frozen(year).id, FileKind(kind))
    return attachment(content, f"{chapters.title_of(year)}.{kind}", FileKind(kind).media_type)


@bp.get("/reports/<int:year>/photos/<file>")
@allow(ANYONE)
def report_photo(year: int, file: str) -> Response:
    """A photo that the page shows."""
    for row in queries.photos(queries.frozen(year).id):
        if row.file == file:
            return attachment(queries.photo_content(row), row.file, row.media_type)
    raise NotFound
