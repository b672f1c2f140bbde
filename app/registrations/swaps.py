"""Reading offers to swap: only those that can still be answered, so nothing has to be closed in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.events.models import Event, Sitting
from app.infra.db import db
from app.kernel.errors import NotFound
from app.registrations.models import Registration, SwapOffer
from app.registrations.types import OfferState, Status, SwapRow, SwapSide

_GIVER, _TAKER = aliased(Registration), aliased(Registration)
_HERE, _THERE = aliased(Sitting), aliased(Sitting)


def live(offer_id: int, *, now: datetime) -> SwapRow:
    """One offer that can still be answered. Raises NotFound."""
    row = db.session.execute(_live(now).where(SwapOffer.id == offer_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def of_member(member_id: int, *, now: datetime) -> tuple[list[SwapRow], list[SwapRow]]:
    """What a member of staff is asked, and what they have asked, oldest first."""
    mine = (_GIVER.staff_member_id == member_id) | (_TAKER.staff_member_id == member_id)
    asker = (_live(now).add_columns(_GIVER.staff_member_id.label("asker"))).where(mine).order_by(SwapOffer.id)
    rows = db.session.execute(asker).all()
    asked = [_row(row) for row in rows if row.asker != member_id]
    return asked, [_row(row) for row in rows if row.asker == member_id]


def _live(now: datetime) -> sa.Select[*tuple[Any, ...]]:
    columns: list[Any] = [SwapOffer.id, Event.slug, SwapOffer.expires_at]
    for one, where in ((_GIVER, _HERE), (_TAKER, _THERE)):
        columns += [one.id, one.name, one.affiliation, where.id, where.label, where.starts_at, where.ends_at]
    return (
        sa.select(*columns)
        .join(_GIVER, _GIVER.id == SwapOffer.giver_id)
        .join(_TAKER, _TAKER.id == SwapOffer.taker_id)
        .join(_HERE, _HERE.id == SwapOffer.giver_sitting_id)
        .join(_THERE, _THERE.id == SwapOffer.taker_sitting_id)
        .join(Event, Event.id == _HERE.event_id)
        .where(
            SwapOffer.state == OfferState.OPEN,
            SwapOffer.expires_at > now,
            *(one.status == Status.CONFIRMED for one in (_GIVER, _TAKER)),
            *(one.sitting_id == where.id for one, where in ((_GIVER, _HERE), (_TAKER, _THERE))),
        )
    )


def _row(row: sa.Row[*tuple[Any, ...]]) -> SwapRow:
    giver, taker = (SwapSide(*row[start : start + 7]) for start in (3, 10))
    return SwapRow(row[0], row[1], giver, taker, row[2])
