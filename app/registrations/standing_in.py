"""The colleague who comes in somebody's place (代理出席): the steps that verbs share. They never commit.

Nobody is two people at once: whoever comes for a colleague has no place of their own at that sitting, and comes for
nobody else there. The caller holds the sitting's lock, so that both directions are decided one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.org import queries as org
from app.org.types import MemberRow
from app.registrations import messages
from app.registrations.errors import TwoAtOnce
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status


def clash(member_id: int, sitting_id: int, *, beside: int) -> str:
    """Why somebody cannot come for a colleague at a sitting, as the end of a sentence; "" where they can.

    `beside` is the registration they would come for.
    """
    if db.session.scalar(sa.select(sa.exists().where(*_own_place(member_id, sitting_id)))):
        return "この回に自分の席を持っています。"
    if _comes_for(member_id, sitting_id, beside) is not None:
        return "この回に、ほかの方の代理で出席することになっています。"
    return ""


def check_free(member_id: int, name: str, sitting_id: int) -> None:
    """Who comes for a colleague takes no place of their own at that sitting. Raises TwoAtOnce."""
    officer = _comes_for(member_id, sitting_id, None)
    if officer is not None:
        raise TwoAtOnce(
            f"{name}さんは、この回に{officer}さんの代理で出席することになっています。"
            "代理を取りやめてもらってから、申し込んでください。"
        )


def follow(registration: Registration, now: datetime) -> None:
    """Somebody has another sitting now: so has the colleague who comes for them, who is told. Raises TwoAtOnce."""
    if registration.staff_member_id is None:
        return
    check_free(registration.staff_member_id, registration.name, registration.sitting_id)
    row = db.session.get(Substitution, registration.id)
    if row is None:
        return
    problem = clash(row.staff_member_id, registration.sitting_id, beside=registration.id)
    if problem:
        name = org.member(row.staff_member_id, on=local_date(now)).name
        raise TwoAtOnce(f"代理の{name}さんは、{problem}代理を取りやめるか、別の方に替えてから、回を変更してください。")
    tell_changed([registration], now=now)


def tell_changed(registrations: Sequence[Registration], *, now: datetime) -> None:
    """What these registrations are for reads otherwise: whoever comes for somebody gets the new entry."""
    for registration, row, colleague in _named(registrations, now):
        messages.substitute_changed(registration, row, colleague, now=now)


def drop(registration: Registration, *, by: Actor, now: datetime) -> None:
    """Nobody comes instead any more, and who was named is told; nothing happens where nobody was named."""
    for _registration, row, colleague in _named([registration], now):
        db.session.delete(row)
        audit.record("registration.substitute_dropped", "registration", registration.id, by=by, at=now)
        messages.substitute_dropped(registration, row, colleague, now=now)


def drop_all(registrations: Sequence[Registration], *, notify: bool, now: datetime) -> None:
    """The same where a whole event is called off, which has its own entry in the log."""
    for registration, row, colleague in _named(registrations, now):
        db.session.delete(row)
        if notify:
            messages.substitute_dropped(registration, row, colleague, now=now)


def _named(registrations: Sequence[Registration], now: datetime) -> list[tuple[Registration, Substitution, MemberRow]]:
    by_id = {one.id: one for one in registrations}
    chosen = sa.select(Substitution).where(Substitution.registration_id.in_(by_id))
    rows = db.session.scalars(chosen.order_by(Substitution.registration_id)).all()
    members = org.members_by_id([row.staff_member_id for row in rows], on=local_date(now)) if rows else {}
    return [(by_id[row.registration_id], row, members[row.staff_member_id]) for row in rows]


def _own_place(member_id: int, sitting_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Registration.sitting_id == sitting_id,
        Registration.staff_member_id == member_id,
        Registration.status != Status.CANCELLED,
    )


def _comes_for(member_id: int, sitting_id: int, beside: int | None) -> str | None:
    """The name of the officer in whose place somebody comes to a sitting, other than by the registration `beside`."""
    held = sa.select(Registration.name).join(Substitution, Substitution.registration_id == Registration.id)
    held = held.where(
        Registration.sitting_id == sitting_id,
        Registration.status == Status.CONFIRMED,
        Substitution.staff_member_id == member_id,
    )
    return db.session.scalar(held if beside is None else held.where(Registration.id != beside))
