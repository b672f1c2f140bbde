"""The audit log on the screen."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.kernel.text import clean_line
from app.kernel.typed_dates import parse_date
from app.stewardship import audit_log
from app.stewardship.audit_log import LogFilters
from app.web.console import bp
from app.web.console.audit_words import ACTIONS, OBJECTS, fields_text
from app.web.parts.access import allow, current_staff
from app.web.parts.pages import page_number, page_url


@bp.get("/console/audit/")
@allow(Permission.SEE_AUDIT)
def audit() -> ResponseReturnValue:
    """Who did what to which thing, the newest first."""
    filters, problem = _filters()
    page = audit_log.entries(filters, seen_by=current_staff(), number=page_number(), url=page_url)
    return render_template(
        "console/audit.html",
        page=page,
        filters=filters,
        day=request.args.get("day", ""),
        problem=problem,
        objects=OBJECTS,
        actions=ACTIONS,
        fields=fields_text,
    )


def _filters() -> tuple[LogFilters, str]:
    """What the address asks for, and a sentence about a day that cannot be read."""
    kind, typed, day, problem = request.args.get("object", ""), clean_line(request.args.get("day", "")), None, ""
    if typed:
        try:
            day = parse_date(typed)
        except ValueError as error:
            problem = f"「日付」{error}"
    found = LogFilters(
        object_type=kind if kind in OBJECTS else "",
        object_id=clean_line(request.args.get("id", ""))[:40],
        actor=clean_line(request.args.get("who", ""))[:80],
        day=day,
    )
    return found, problem
