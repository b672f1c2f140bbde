"""When somebody has completed what they registered for: by coming once, or to so many meetings of a course.

SQL expressions about the Registration of the statement they stand in.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.attendance.models import Attendance
from app.attendance.types import CAME
from app.events.choices import SittingsTaken
from app.events.models import Event, Sitting
from app.registrations.models import Registration

_seen = sa.and_(Attendance.registration_id == Registration.id, Attendance.status.in_(CAME))
_meetings = sa.select(sa.func.count(Sitting.id)).where(Sitting.event_id == Event.id).correlate(Event).scalar_subquery()

# To how many meetings they came, when the last of these began, and how many it takes.
TIMES = sa.select(sa.func.count(Attendance.id)).where(_seen).correlate(Registration).scalar_subquery()
LAST = (
    sa.select(sa.func.max(Sitting.starts_at))
    .join(Attendance, Attendance.sitting_id == Sitting.id)
    .where(_seen)
    .correlate(Registration)
    .scalar_subquery()
)
NEEDED = (
    sa.select(
        sa.case(
            (Event.sittings_taken == SittingsTaken.ALL, sa.func.coalesce(Event.completed_after, _meetings)), else_=1
        )
    )
    .where(Event.id == Registration.event_id)
    .correlate(Registration)
    .scalar_subquery()
)
COMPLETE = sa.and_(Registration.attended, TIMES >= NEEDED)
