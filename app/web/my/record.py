"""One's own learning record over the years."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.compliance import records
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts.access import SIGNED_IN, allow


@bp.get("/my/record/")
@allow(SIGNED_IN)
def record() -> ResponseReturnValue:
    """Trainings, requirements and certificates by fiscal year."""
    years = records.record(own_member_id(), today=local_date(clock.now()))
    return render_template("my/record.html", years=years)
