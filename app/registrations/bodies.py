"""Seats held for a body (a neighbouring municipality, a コミュニティ協議会): it names or counts its people by itself.

The seats stand in the same ledger as everybody's, as one registration of the body. What nobody was named or counted
for is given back at the deadline by the worker.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.events.models import Sitting
from app.infra import audit, tokens
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import SYSTEM, Actor
from app.registrations import entering, messages, party, places, queries
from app.registrations.cancelling import give_back
from app.registrations.errors import (
    AlreadyCancelled,
    ChangedMeanwhile,
    PlacesBelowNamed,
    TooLateToChange,
    TooManyNames,
    WrongDeadline,
)
from app.registrations.group_models import BodyPlace
from app.registrations.models import Registration
from app.registrations.promoting import promote
from app.registrations.searching import search_of
from app.registrations.types import Application, Channel, Details, Member, RegistrationRow, Status

UNUSED = "期限までに、お名前も人数も入力されませんでした。"


@dataclass(frozen=True, slots=True)
class BodyDraft:
    """What the organizer says of the seats of a body: it stands as the name in `details`, its seats as companions."""

    sitting_id: int
    details: Details
    contact: str
    edit_until: datetime
    submission_id: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """Seats of a body: `held` for it, as many as `used` named or counted so far. `settled`: the rest was given back."""

    registration: RegistrationRow
    contact: str
    held: int
    head_count: int | None
    named: int
    edit_until: datetime
    settled: bool

    @property
    def used(self) -> int:
        """Seats that somebody is named or counted for."""
        return max(self.named, self.head_count or 0)

    def is_open(self, now: datetime) -> bool:
        """Whether the body may still change its people."""
        return self.registration.status is Status.CONFIRMED and not self.settled and now < self.edit_until


def of_event(event_id: int) -> list[BodyRow]:
    """The bodies of an event in order of making; three statements, however many."""
    chosen = sa.select(BodyPlace.registration_id).join(Registration, Registration.id == BodyPlace.registration_id)
    return _read(chosen.where(Registration.event_id == event_id))[::-1]


def by_token(token: str, *, now: datetime) -> BodyRow:
    """The seats that a body's secret link opens, until a month after the sitting. Raises NotFound."""
    return one(queries.by_token(token, now=now).id)


def one(registration_id: int) -> BodyRow:
    """The seats of one body. Raises NotFound, also for a registration that is no body's."""
    found = _read(sa.select(BodyPlace.registration_id).where(BodyPlace.registration_id == registration_id))
    if not found:
        raise NotFound
    return found[0]


def due(*, now: datetime) -> list[int]:
    """The bodies whose deadline is over and whose unused seats are not given back yet."""
    chosen = (
        sa.select(BodyPlace.registration_id)
        .join(Registration, Registration.id == BodyPlace.registration_id)
        .where(BodyPlace.edit_until <= now, BodyPlace.settled_at.is_(None), Registration.status == Status.CONFIRMED)
    )
    return list(db.session.scalars(chosen.order_by(BodyPlace.registration_id)))


@transaction
def make(draft: BodyDraft, *, by: Actor, now: datetime) -> int:
    """Hold the seats, before the sign-up opens too, and send the body its link; the same form twice is once.

    Returns the registration's id. Raises WrongSitting, ApplicationsClosed, WrongDeadline, NoSeatsLeft (also while
    somebody waits).
    """
    sitting, event = places.lock(draft.sitting_id)
    details, held = draft.details, draft.details.seats
    row = entering.described(details, tokens.reference_number()) | {"event_id": event.id}
    key = hashlib.sha256(f"body:{draft.submission_id}".encode()).hexdigest()
    row["submission_key"] = row["submission_digest"] = key
    earlier = entering.look(row)
    if earlier is not None:
        return earlier
    entering.check_open(event, sitting, by, now)
    _check_deadline(draft.edit_until, sitting, now)
    otherwise = "席数を減らすか、定員を増やしてください。お待ちの方がいるときは、確保できません。"
    places.claim_in_turn(sitting, held, details.category, otherwise, now=now)
    row["possible_duplicate"] = False
    application = Application(sitting.id, details, draft.submission_id, Channel.BODY)
    registration = entering.add(application, row, Status.CONFIRMED, now)
    db.session.add(
        BodyPlace(registration_id=registration.id, contact=draft.contact, held=held, edit_until=draft.edit_until)
    )
    fields = [f"seats={held}"]
    audit.record("registration.body_made", "registration", registration.id, by=by, at=now, fields=fields)
    messages.body_made(registration, draft.edit_until, now=now)
    return registration.id


@transaction
def fill(
    registration_id: int, members: Sequence[Member], head_count: int | None, *, version: int, by: Actor, now: datetime
) -> None:
    """Put down who comes, or how many. Raises NotFound, AlreadyCancelled, TooLateToChange, TooManyNames,
    ChangedMeanwhile (somebody else saved since `version` was looked at)."""
    registration, _sitting, held = _locked(registration_id)
    if held.settled_at is not None or held.edit_until <= now:
        raise TooLateToChange("入力の期限を過ぎました。変更したいときは、問合せ先へご連絡ください。")
    if registration.version != version:
        raise ChangedMeanwhile(
            "ほかの方が、ちょうどこの名簿を保存しました。下の「いま保存されている内容」と見比べて、もう一度保存してください。"
        )
    _check_people(held.held, members, head_count)
    changed = party.write(registration_id, members)
    if not changed and held.head_count == head_count:
        return
    held.head_count = head_count
    registration.search = search_of(registration, members)
    registration.version += 1
    registration.updated_at = now
    fields = [f"named={len(members)}", *([] if head_count is None else [f"head_count={head_count}"])]
    audit.record("registration.body_filled", "registration", registration_id, by=by, at=now, fields=fields)


@transaction
def change(registration_id: int, held: int, edit_until: datetime, *, by: Actor, now: datetime) -> None:
    """Hold more or fewer seats, or give more time; the body is told. More seats have to be free.

    Raises NotFound, AlreadyCancelled, WrongDeadline, PlacesBelowNamed, NoSeatsLeft.
    """
    registration, sitting, place = _locked(registration_id)
    _check_deadline(edit_until, sitting, now)
    used = max(len(party.of_registration(registration_id)), place.head_count or 0)
    if held < used:
        raise PlacesBelowNamed(f"すでに{used}人分が入力されているため、{held}席には減らせません。")
    was = registration.seats
    if (was, place.held, place.edit_until) == (held, held, edit_until):
        return
    if held > was:
        places.claim_in_turn(sitting, held - was, registration.category, "いまの枠は、そのままです。", now=now)
    elif held < was:
        places.release(sitting, was - held, registration.category)
    place.held, place.edit_until, place.settled_at = held, edit_until, None
    _resize(registration, held, now)
    fields = [f"seats={was}→{held}", "edit_until"]
    audit.record("registration.body_changed", "registration", registration_id, by=by, at=now, fields=fields)
    messages.body_changed(registration, edit_until, now=now)
    promote(sitting, now)


@transaction
def settle(registration_id: int, *, now: datetime) -> None:
    """The deadline is over: seats that nobody was named or counted for are free again, and the body is told once.

    Where nobody was named at all, the body's place is over. A second time changes nothing.
    """
    registration, sitting = places.locked(registration_id)
    place = db.session.get_one(BodyPlace, registration_id, populate_existing=True)
    over = registration.status is not Status.CONFIRMED or registration.attended
    if over or place.settled_at is not None or place.edit_until > now:
        return
    place.settled_at = now
    used = max(len(party.of_registration(registration_id)), place.head_count or 0)
    if used == 0:
        give_back(registration, sitting, UNUSED, by=SYSTEM, now=now)
        return
    was = registration.seats
    if used < was:
        places.release(sitting, was - used, registration.category)
    _resize(registration, used, now)
    fields = [f"seats={was}→{used}"]
    audit.record("registration.body_settled", "registration", registration_id, by=SYSTEM, at=now, fields=fields)
    messages.body_settled(registration, now=now)
    promote(sitting, now)


def _locked(registration_id: int) -> tuple[Registration, Sitting, BodyPlace]:
    registration, sitting = places.locked(registration_id)
    place = db.session.get(BodyPlace, registration_id, populate_existing=True)
    if place is None:
        raise NotFound
    if registration.status.is_over:
        raise AlreadyCancelled("この枠は、すでに取り消されています。")
    return registration, sitting, place


def _resize(registration: Registration, seats: int, now: datetime) -> None:
    registration.companions = seats - 1
    registration.version += 1
    registration.updated_at = now


def _check_deadline(edit_until: datetime, sitting: Sitting, now: datetime) -> None:
    if not now < edit_until <= sitting.starts_at:
        raise WrongDeadline("入力の期限は、今より後で、この回が始まるまでの日時にしてください。")


def _check_people(held: int, members: Sequence[Member], head_count: int | None) -> None:
    if len(members) > held:
        raise TooManyNames(f"枠は{held}席ですが、お名前が{len(members)}人分あります。", "names")
    if head_count is not None and not len(members) <= head_count <= held:
        raise TooManyNames(
            f"人数は、お名前の数（{len(members)}人）以上、枠の{held}席までにしてください。", "head_count"
        )


def _read(ids: sa.Select[int]) -> list[BodyRow]:
    rows = {row.id: row for row in queries.among(ids)}
    held = {
        one.registration_id: one
        for one in db.session.scalars(sa.select(BodyPlace).where(BodyPlace.registration_id.in_(rows)))
    }
    named = party.counts(list(rows))
    return [
        BodyRow(
            registration=row,
            contact=held[number].contact,
            held=held[number].held,
            head_count=held[number].head_count,
            named=named.get(number, 0),
            edit_until=held[number].edit_until,
            settled=held[number].settled_at is not None,
        )
        for number, row in rows.items()
    ]
