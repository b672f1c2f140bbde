"""The application with the guards of a place taken away, for granian: it shows that these races can be lost.

No lock on the sitting, no condition on the seats, and on SQLite no writer's lock at BEGIN: what is left counts first
and takes afterwards, as most sign-up systems do.
"""

from __future__ import annotations

from contextlib import nullcontext

import sqlalchemy as sa

from app import create_app
from app.events.audiences import Category
from app.events.models import Event, Sitting
from app.infra import db as database
from app.infra.db import db
from app.registrations import places


def _look(sitting_id: int) -> tuple[Sitting, Event]:
    together = sa.select(Sitting, Event).join(Event, Event.id == Sitting.event_id)
    sitting, event = db.session.execute(together.where(Sitting.id == sitting_id)).one()
    return sitting, event


def _take(sitting: Sitting, seats: int, _category: Category) -> None:
    places._move(sitting, seats_taken=Sitting.seats_taken + seats)


places.lock = _look
places.claim = _take
database._turn_to_write = lambda _url: nullcontext()
database._begin_sqlite = lambda _connection: None

app = create_app()
