"""Venues and series, which all sections share."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import catalogue, overview, queries
from app.events.types import SeriesRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.web.console import bp
from app.web.console.forms.catalogue import SeriesForm, VenueForm
from app.web.parts.access import allow, current_actor


@bp.get("/console/venues/")
@allow(Permission.EDIT_EVENTS)
def venues() -> ResponseReturnValue:
    """All venues, with how many sittings are to come there."""
    coming = overview.sittings_at(now=clock.now())
    return render_template("console/events/venues.html", venues=overview.venues(), coming=coming)


@bp.route("/console/venues/new/", methods=["GET", "POST"])
@allow(Permission.EDIT_EVENTS)
def venue_new() -> ResponseReturnValue:
    """A new venue."""
    return _venue(None)


@bp.route("/console/venues/<int:venue_id>/", methods=["GET", "POST"])
@allow(Permission.EDIT_EVENTS)
def venue(venue_id: int) -> ResponseReturnValue:
    """A venue, described anew for every page that shows it."""
    return _venue(venue_id)


@bp.get("/console/series/")
@allow(Permission.EDIT_EVENTS)
def series() -> ResponseReturnValue:
    """All series."""
    return render_template("console/events/series.html", series=queries.all_series())


@bp.route("/console/series/new/", methods=["GET", "POST"])
@allow(Permission.EDIT_EVENTS)
def series_new() -> ResponseReturnValue:
    """A new series."""
    return _series(None)


@bp.route("/console/series/<int:series_id>/", methods=["GET", "POST"])
@allow(Permission.EDIT_EVENTS)
def series_one(series_id: int) -> ResponseReturnValue:
    """A series, named anew."""
    return _series(series_id)


def _venue(venue_id: int | None) -> ResponseReturnValue:
    row = overview.venue(venue_id) if venue_id is not None else None
    form = VenueForm.of(row)
    if form.validate_on_submit():
        with form.refusals():
            catalogue.save_venue(form.to_details(), venue_id=venue_id, by=current_actor(), now=clock.now())
            flash("会場を保存しました。", "success")
            return redirect(url_for("console.venues"), 303)
    page = render_template("console/events/venue.html", venue=row, form=form)
    return page, 422 if request.method == "POST" else 200


def _series(series_id: int | None) -> ResponseReturnValue:
    row = _one_series(series_id) if series_id is not None else None
    form = SeriesForm.of(row)
    if form.validate_on_submit():
        with form.refusals():
            catalogue.save_series(form.to_details(), series_id=series_id, by=current_actor(), now=clock.now())
            flash("事業・シリーズを保存しました。", "success")
            return redirect(url_for("console.series"), 303)
    page = render_template("console/events/series_one.html", series=row, form=form)
    return page, 422 if request.method == "POST" else 200


def _one_series(series_id: int) -> SeriesRow:
    found = next((s for s in queries.all_series() if s.id == series_id), None)
    if found is None:
        raise NotFound
    return found
