"""A colleague of the same section comes in somebody's place (代理出席).

The place stays the officer's, and so does what they owe: what a substitute is worth, each requirement says itself.
"""

from __future__ import annotations

from datetime import date, datetime

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.org import queries as org
from app.org.types import MemberRow
from app.registrations import messages, places, queries, standing_in
from app.registrations.errors import AlreadyAttended, NotASubstitute, TooLateToChange
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status


def colleagues(registration_id: int) -> list[MemberRow]:
    """Who may come in the place of a registration's holder: the section as it is on the day. Raises NotFound."""
    row = queries.by_id(registration_id)
    member_id = queries.member_of(registration_id)
    return _colleagues(member_id, local_date(row.starts_at)) if member_id is not None else []


@transaction
def name_substitute(registration_id: int, substitute_id: int, *, by: Actor, now: datetime) -> None:
    """That colleague comes instead, in place of one who was named before; both are told by mail. Twice is once.

    Raises NotFound, NotASubstitute, TooLateToChange, AlreadyAttended.
    """
    registration, day = _before_the_end(registration_id, now)
    member_id = registration.staff_member_id
    known = _colleagues(member_id, day) if member_id is not None else []
    colleague = next((one for one in known if one.id == substitute_id), None)
    if colleague is None or registration.status is not Status.CONFIRMED:
        raise NotASubstitute("代理で出席できるのは、同じ課の職員です。参加が確定してから選んでください。")
    problem = standing_in.clash(substitute_id, registration.sitting_id, beside=registration_id)
    if problem:
        raise NotASubstitute(f"{colleague.name}さんは、{problem}別の方を選んでください。")
    row = db.session.get(Substitution, registration_id)
    if row is not None and row.staff_member_id == substitute_id:
        return
    standing_in.drop(registration, by=by, now=now)
    db.session.flush()  # who was named before is gone before the next stands there
    row = Substitution(registration_id=registration_id, staff_member_id=substitute_id, named_at=now)
    db.session.add(row)
    fields = [f"member={substitute_id}"]
    audit.record("registration.substitute_named", "registration", registration_id, by=by, at=now, fields=fields)
    messages.substitute_named(registration, row, colleague, now=now)


@transaction
def come_oneself(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody comes instead any more, and who was named is told. Twice is once.

    Raises NotFound, TooLateToChange, AlreadyAttended.
    """
    registration, _day = _before_the_end(registration_id, now)
    standing_in.drop(registration, by=by, now=now)


def _before_the_end(registration_id: int, now: datetime) -> tuple[Registration, date]:
    sitting, _event = places.lock(queries.sitting_of(registration_id))
    registration = db.session.get(Registration, registration_id, populate_existing=True)
    if registration is None:
        raise NotFound
    if registration.attended:
        raise AlreadyAttended("会場での受付が済んでいるため、代理を変えられません。")
    if sitting.ends_at <= now:
        raise TooLateToChange("終了時刻を過ぎたため、代理を変えられません。担当課へご連絡ください。")
    return registration, local_date(sitting.starts_at)


def _colleagues(member_id: int, day: date) -> list[MemberRow]:
    unit = org.member(member_id, on=day).unit
    known = org.members_of([unit.id], on=day) if unit else []
    return [one for one in known if one.id != member_id]
