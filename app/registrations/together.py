"""Registrations for several sittings of one event that were made together: each has its own seat and its own number,
the person is the same in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db
from app.kernel.types import Actor
from app.registrations import entering, places, queries
from app.registrations.errors import ChangedMeanwhile, WrongSitting
from app.registrations.models import Registration
from app.registrations.types import TOLD_TOGETHER, Details, RegistrationRow

# What is said of the person, and not of one sitting.
OF_THE_PERSON = frozenset({
    "name", "kana", "email", "phone", "postcode", "address", "district", "affiliation", "needs", "first_time",
    "in_city",
})  # fmt: skip


def rows(registration_id: int) -> list[tuple[RegistrationRow, str]]:
    """All registrations of a sign-up with the secrets of their links, by date; nothing where it is one alone."""
    ids = _ids(registration_id)
    found = queries.with_links(ids) if len(ids) > 1 else {}
    return sorted(found.values(), key=lambda one: (one[0].starts_at, one[0].id))


def others(registration_id: int) -> list[tuple[RegistrationRow, str]]:
    """The same without the one that is looked at."""
    return [one for one in rows(registration_id) if one[0].id != registration_id]


def lock(registration_id: int) -> None:
    """Lock the sittings of the whole sign-up, always the lower id first. Raises ChangedMeanwhile."""
    wanted = _of_sign_up(registration_id, Registration.sitting_id)
    found = set(db.session.scalars(wanted))
    for sitting_id in sorted(found):
        places.lock(sitting_id)
    if len(found) > 1 and set(db.session.scalars(wanted)) != found:
        raise ChangedMeanwhile("ちょうど回の変更がありました。今の内容を確かめて、もう一度お願いします。")


def active(registration: Registration) -> Sequence[Registration]:
    """The other registrations of the sign-up that are not over; their sittings are locked."""
    if registration.sign_up is None:
        return ()
    others = sa.select(Registration).where(
        Registration.sign_up == registration.sign_up, Registration.id != registration.id
    )
    found = db.session.scalars(others.order_by(Registration.id).execution_options(populate_existing=True))
    return [one for one in found if not one.status.is_over]


def follow(
    others: Sequence[Registration], details: Details, changed: Sequence[str], *, by: Actor, now: datetime
) -> None:
    """Put right in `others` what `changed` about the person. The message about the first one says so."""
    said = {name: getattr(details, name) for name in changed if name in OF_THE_PERSON}
    for other in others if said else ():
        entering.rewrite(other, replace(queries.details_of(other), **said))
        other.version += 1
        other.updated_at = now
        fields = list(said)
        audit.record(
            "registration.changed", "registration", other.id, by=by, at=now, fields=fields, reason=TOLD_TOGETHER
        )


def check_not_there(registration: Registration, sitting_id: int) -> None:
    """Nobody moves to where the same sign-up has a place already. Raises WrongSitting."""
    if any(other.sitting_id == sitting_id for other in active(registration)):
        raise WrongSitting("この回には、すでに同じお申込みの席があります。別の回をお選びください。")


def _ids(registration_id: int) -> list[int]:
    return list(db.session.scalars(_of_sign_up(registration_id, Registration.id)))


def _of_sign_up(registration_id: int, column: sa.SQLColumnExpression[int]) -> sa.Select[int]:
    sign_up = sa.select(Registration.sign_up).where(Registration.id == registration_id).scalar_subquery()
    return sa.select(column).where(sa.or_(Registration.id == registration_id, Registration.sign_up == sign_up))
