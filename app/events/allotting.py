"""Steps that keep seats of a sitting for an audience or for the organizer; they decide nothing and never commit.

`sitting.kept` is worked out by the database from the allotments, in the statement that changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from app.events.audiences import Category
from app.events.drafts import AllotmentPlan
from app.events.models import Allotment, Sitting
from app.infra.db import db

_UNUSED = (
    sa.select(
        sa.func.coalesce(
            sa.func.sum(sa.case((Allotment.places > Allotment.taken, Allotment.places - Allotment.taken), else_=0)), 0
        )
    )
    .where(Allotment.sitting_id == Sitting.id, Allotment.released_at.is_(None))
    .correlate(Sitting)
    .scalar_subquery()
)
# What of a sitting not everybody may take.
KEPT = Sitting.held_back + _UNUSED


def plan(
    sitting_id: int, held_back: int, plans: Iterable[AllotmentPlan], taken: Mapping[Category, int] | None = None
) -> None:
    """Keep seats as planned. `taken` are the seats that each audience has already; the database refuses too many.

    What was released already stays as it is where nothing new is planned for its audience. The caller holds the lock.
    """
    known = {one.category: one for one in _rows(sitting_id)}
    planned = {one.category: one for one in plans}
    for category, row in known.items():
        if category not in planned and row.released_at is None:
            db.session.delete(row)
    for category, one in planned.items():
        row = known.get(category) or Allotment(
            sitting_id=sitting_id, category=category, taken=(taken or {}).get(category, 0)
        )
        row.places, row.releases_at, row.released_at = one.places, one.releases_at, None
        db.session.add(row)
    db.session.flush()  # what is kept is worked out from these rows
    some = sa.exists().where(Allotment.sitting_id == Sitting.id)
    count(sitting_id, held_back=sa.literal(held_back), kept=held_back + _UNUSED, allotted=some)


def release(sitting_id: int, category: Category, *, now: datetime) -> bool:
    """Whatever is unused of an audience's seats is for everybody; False where that was so already."""
    released = db.session.execute(
        sa.update(Allotment)
        .where(Allotment.sitting_id == sitting_id, Allotment.category == category, Allotment.released_at.is_(None))
        .values(released_at=now)
        .returning(Allotment.sitting_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if released is not None:
        count(sitting_id, kept=KEPT)
    return released is not None


def count(sitting_id: int, **values: sa.SQLColumnExpression[int] | sa.Exists) -> None:
    """Write counters of a sitting anew."""
    db.session.execute(
        sa.update(Sitting)
        .where(Sitting.id == sitting_id)
        .values(revision=Sitting.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def _rows(sitting_id: int) -> list[Allotment]:
    kept = sa.select(Allotment).where(Allotment.sitting_id == sitting_id)
    return list(db.session.scalars(kept.execution_options(populate_existing=True)))
