"""The page of an event, for everybody and for the organizer's preview of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template

from app.events import admission, draws, rules
from app.events.types import Admission, EventRow


def render_event(row: EventRow, now: datetime, *, json_ld: Mapping[str, Any], preview: bool = False) -> str:
    """The page; how places are given stands there as soon as sign-up is planned."""
    return render_template(
        "public/event.html",
        event=row,
        phase=rules.phase(row, now),
        open_sittings={s.id for s in row.offered if rules.sitting_open(row, s, now)},
        admission_told=admission.sentences(row) if row.opens_at else [],
        draw=draws.of_event(row.id) if row.admission is Admission.LOTTERY else None,
        json_ld=json_ld,
        preview=preview,
    )
