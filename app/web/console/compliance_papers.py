"""Mandated training on paper and by person: the board for the directors' meeting, one person's record."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.compliance import papers, queries, records
from app.documents import pdf
from app.infra import audit, clock
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.web.console import bp
from app.web.console.reach import own_requirement
from app.web.parts.access import allow, current_staff
from app.web.parts.downloads import attachment


@bp.get("/console/compliance/<int:requirement_id>/board.pdf")
@allow(Permission.SEE_COMPLIANCE)
def requirement_pdf(requirement_id: int) -> Response:
    """Departments with their figures, then who still owes."""
    own_requirement(requirement_id)
    staff, now = current_staff(), clock.now()
    board = queries.board(requirement_id, today=local_date(now))
    fields = ["pdf", f"rows={len(board.open)}"]
    audit.note("requirement.exported", "requirement", requirement_id, by=staff.actor, at=now, fields=fields)
    content = pdf.board_pdf(papers.sheet(board, printed_by=staff.name, now=now))
    return attachment(content, "受講状況.pdf", "application/pdf", personal=True)


@bp.get("/console/compliance/people/<int:member_id>/")
@allow(Permission.SEE_COMPLIANCE)
def learning_record(member_id: int) -> str:
    """One person's years, as far as the own section held the trainings; who looked is written down."""
    staff, now = current_staff(), clock.now()
    today = local_date(now)
    person = org.member(member_id, on=today)
    audit.note("record.read", "staff_member", member_id, by=staff.actor, at=now)
    years = records.record(member_id, today=today, section=staff.section)
    return render_template("console/compliance/person.html", person=person, years=years)
