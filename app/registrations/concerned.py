"""Whom a change of a sitting or an event concerns, counted before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.infra.db import db
from app.registrations.models import Registration
from app.registrations.queries import ACTIVE
from app.registrations.types import Status


@dataclass(frozen=True, slots=True)
class Concerned:
    """Registrations that a change of their sitting concerns. Who gave no e-mail address has to be called."""

    confirmed: int = 0
    offered: int = 0
    waitlisted: int = 0
    pending: int = 0
    by_mail: int = 0
    by_phone: int = 0

    def __bool__(self) -> bool:
        return bool(self.confirmed or self.offered or self.waitlisted or self.pending)

    @property
    def text(self) -> str:
        """確定12件・キャンセル待ち3件, and how many are offered a seat or asked for approval, where there are any."""
        words = f"確定{self.confirmed:,}件・キャンセル待ち{self.waitlisted:,}件"
        more = [(self.offered, Status.OFFERED), (self.pending, Status.PENDING)]
        return words + "".join(f"・{status.word}{number:,}件" for number, status in more if number)


def concerned_by(sitting_ids: Sequence[int]) -> Concerned:
    """How many registrations hold a place in these sittings, are offered one, wait for one or for an answer."""
    has_mail = sa.and_(Registration.email.is_not(None), Registration.email != "")
    row = db.session.execute(
        sa.select(
            *(sa.func.count().filter(Registration.status == status) for status in ACTIVE),
            sa.func.count().filter(has_mail),
            sa.func.count().filter(sa.not_(has_mail)),
        ).where(Registration.sitting_id.in_(sitting_ids), Registration.status.in_(ACTIVE))
    ).one()
    return Concerned(*tuple(row))
