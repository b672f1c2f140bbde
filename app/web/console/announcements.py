"""Announcements by mail: how many subscribe to what, and what was sent. No address is shown to anybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.subscriptions import queries
from app.web.console import bp
from app.web.console.reach import own_scope
from app.web.parts.access import allow


@bp.get("/console/announcements/")
@allow(Permission.SEND_MESSAGES)
def announcements() -> ResponseReturnValue:
    """Subscribers by series, and the own section's events that were announced."""
    return render_template(
        "console/messages/announcements.html", figures=queries.figures(), rows=queries.announcements(own_scope())
    )
