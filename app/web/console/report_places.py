"""Where the figures of a yearly report, and the records behind them, are shown to whoever may see them there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for

from app.accounts.permissions import Permission
from app.reports import queries
from app.reports.definitions import BY_KEY
from app.reports.types import ReportRow
from app.web.parts.access import current_staff

# Kind of record → view, name of its number, permission.
PLACES = {
    "event": ("console.event", "event_id", Permission.SEE_REGISTRATIONS),
    "requirement": ("console.requirement", "requirement_id", Permission.SEE_COMPLIANCE),
    "course": ("console.elearning_board", "course_id", Permission.SEE_ELEARNING),
    "issue": ("console.issue", "issue_id", Permission.SEE_ISSUES),
    "programme": ("console.programme", "programme_id", Permission.SEE_PROPOSALS),
    "survey_answer": ("console.survey_review", "answer_id", Permission.SEE_SURVEYS),
    "worksheet": ("console.worksheet_review", "worksheet_id", Permission.SEE_WORKSHEETS),
}


def record(about: tuple[str, int] | None) -> str | None:
    """The address of a record, as (kind, number); None for whoever may not see it there."""
    kind, number = about or ("", 0)
    if kind not in PLACES:
        return None
    view, name, needed = PLACES[kind]
    values: dict[str, Any] = {name: number}
    return url_for(view, **values) if current_staff().can(needed) else None


def leading_from(report: ReportRow) -> Callable[[tuple[str, int]], str | None]:
    """How the figures of a report's preview lead to their records: those of a year that has a report of the section."""
    years = {row.fiscal_year for row in queries.listing(report.section)}

    def address(about: tuple[str, int]) -> str | None:
        kind, number = about
        if kind not in BY_KEY:
            return record(about)
        return url_for("console.report_figure", year=number, key=kind) if number in years else None

    return address
