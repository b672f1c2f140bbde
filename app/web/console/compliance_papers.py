"""The board of a mandated training as a PDF for the directors' meeting."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.compliance import papers, queries
from app.documents import pdf
from app.infra import audit, clock
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_staff
from app.web.parts.downloads import attachment


@bp.get("/console/compliance/<int:requirement_id>/board.pdf")
@allow(Permission.SEE_COMPLIANCE)
def requirement_pdf(requirement_id: int) -> Response:
    """Departments with their figures, then who still owes."""
    own_event(queries.one(requirement_id).event_id)
    staff, now = current_staff(), clock.now()
    board = queries.board(requirement_id, today=local_date(now))
    fields = ["pdf", f"rows={len(board.open)}"]
    audit.note("requirement.exported", "requirement", requirement_id, by=staff.actor, at=now, fields=fields)
    content = pdf.board_pdf(papers.sheet(board, printed_by=staff.name, now=now))
    return attachment(content, "受講状況.pdf", "application/pdf", personal=True)
