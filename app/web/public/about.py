"""Standing pages: how it works, calendars, personal data, accessibility."""

from __future__ import annotations

from flask import render_template

from app.events import queries
from app.infra.links import links
from app.web.parts.access import ANYONE, allow
from app.web.public import bp


@bp.get("/about/help/")
@allow(ANYONE)
def about_help() -> str:
    """How to apply, change and cancel."""
    return render_template("public/about/help.html")


@bp.get("/about/calendar/")
@allow(ANYONE)
def about_calendar() -> str:
    """The calendars one can subscribe to."""
    return render_template("public/about/calendar.html", series=queries.all_series(), links=links)


@bp.get("/about/privacy/")
@allow(ANYONE)
def about_privacy() -> str:
    """What personal data is for, and when it is deleted."""
    return render_template("public/about/privacy.html")


@bp.get("/about/accessibility/")
@allow(ANYONE)
def about_accessibility() -> str:
    """What this service aims at, and where to write when something is in the way."""
    return render_template("public/about/accessibility.html")
