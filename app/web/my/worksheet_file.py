"""A section's worksheet as a file: downloaded with its answers, filled in elsewhere, looked at before it is taken."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.documents.errors import UnreadableFile
from app.documents.reading import LIMITS
from app.org.types import UnitRow
from app.questions.carrying import differences
from app.web.my import bp
from app.web.my.worksheets import own_worksheet
from app.web.parts.access import SIGNED_IN, allow
from app.web.parts.downloads import XLSX, attachment
from app.web.parts.guards import takes_body
from app.web.parts.question_fields import controls
from app.worksheets import rules
from app.worksheets.errors import NotWritable
from app.worksheets.sheet_reading import CellProblem, SheetAnswers, read
from app.worksheets.sheets import write
from app.worksheets.types import WorksheetView

BODY = LIMITS.size + 64 * 1024


@bp.get("/my/worksheets/<int:template_id>/<int:unit_id>/sheet.xlsx")
@allow(SIGNED_IN)
def worksheet_file(template_id: int, unit_id: int) -> Response:
    """The workbook with what stands there now."""
    view, unit = own_worksheet(template_id, unit_id)
    return attachment(write(view, unit.name), f"{view.template.title}_{unit.name}.xlsx", XLSX, personal=True)


@bp.post("/my/worksheets/<int:template_id>/<int:unit_id>/sheet/")
@allow(SIGNED_IN)
@takes_body(BODY)
def worksheet_file_post(template_id: int, unit_id: int) -> ResponseReturnValue:
    """Show what the file would change; nothing is kept until the section says so."""
    view, unit = own_worksheet(template_id, unit_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(view, unit, refusal="記入したExcelファイルを選んでください。"), 422
    try:
        rules.check_writable(view.template, view.state)
        found = read(file.read(), file_name=file.filename, view=view)
    except (UnreadableFile, NotWritable) as refusal:
        return _page(view, unit, refusal=refusal.message), 422
    if found.problems:
        return _page(view, unit, problems=found.problems), 422
    return _page(view, unit, found=found)


def _page(
    view: WorksheetView,
    unit: UnitRow,
    *,
    refusal: str = "",
    problems: tuple[CellProblem, ...] = (),
    found: SheetAnswers | None = None,
) -> str:
    return render_template(
        "my/worksheets/file.html",
        view=view,
        unit=unit,
        refusal=refusal,
        problems=problems,
        changes=differences(view.definition, view.answers, found.answers) if found else [],
        controls=controls(view.definition, found.answers) if found else {},
        older=found is not None and found.version != view.version,
    )
