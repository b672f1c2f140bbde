"""How members of staff take part: details are known, so registering is one press, and so is another sitting.

Each verb is one transaction. Where two sittings are concerned both are locked, always the lower id first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events.audiences import Category
from app.events.models import Event, Sitting
from app.events.rules import takes_applications
from app.events.types import Admission, Audience
from app.infra import audit, tokens
from app.infra.db import db, transaction
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.org import queries as org
from app.org.types import MemberRow
from app.registrations import entering, moving, offering, places, standing_in
from app.registrations.errors import ApplicationsClosed, NoAddress, NoSeatsLeft, NotForStaff, NotSeated, WrongSitting
from app.registrations.models import Registration
from app.registrations.types import Application, Details, Place, Status


@transaction
def register_member(sitting_id: int, member_id: int, *, by: Actor, now: datetime) -> Place:
    """Give a member of staff a place, or a place in the queue; who has one of this event already keeps it as it is.

    Raises NotFound, WrongSitting, NotForStaff, ApplicationsClosed, NoAddress, TwoAtOnce.
    """
    sitting, event = places.lock(sitting_id)
    held = _place_of_event(event.id, member_id)
    if held is not None:
        return entering.place_of(held)
    _check_open(event, sitting, now)
    member = org.member(member_id, on=local_date(sitting.starts_at))
    return entering.place_of(_register(sitting, event, member, entering.admit, by=by, now=now))


@transaction
def assign(event_id: int, chosen: Sequence[tuple[int, int]], *, by: Actor, now: datetime) -> int:
    """Give each (member, sitting) of a plan a place and tell them; who got one meanwhile is left alone.

    All or nothing; returns how many were assigned. The organizer is not bound by the sign-up window, only by the
    sitting's start. Raises NotFound, WrongSitting, NotForStaff, ApplicationsClosed, NoAddress, NoSeatsLeft, TwoAtOnce.
    """
    locked = {number: places.lock(number)[0] for number in sorted({where for _who, where in chosen})}
    event = db.session.get_one(Event, event_id)
    if any(sitting.event_id != event_id for sitting in locked.values()):
        raise WrongSitting("この回は、別の研修会のものです。もう一度お選びください。")
    if event.audience is Audience.RESIDENTS or event.admission is Admission.LOTTERY:
        raise NotForStaff("この研修会には、職員を割り当てられません。")
    members = org.members_by_id([who for who, _where in chosen], on=local_date(now))
    held = set(
        db.session.scalars(
            sa.select(Registration.staff_member_id).where(
                Registration.event_id == event_id, Registration.status != Status.CANCELLED
            )
        )
    )
    assigned = 0
    for member_id, sitting_id in chosen:
        sitting = locked[sitting_id]
        if member_id in held:
            continue
        if not takes_applications(event.status, event.created_at, None, sitting.starts_at, now):
            raise ApplicationsClosed("公開していないか、すでに始まった回には割り当てられません。")
        given = _register(sitting, event, members[member_id], entering.seat, by=by, now=now)
        if given.status is not Status.CONFIRMED:
            raise NoSeatsLeft("空いている席が足りなくなりました。割当案を作り直してください。")
        assigned += 1
    audit.record("event.assigned", "event", event_id, by=by, at=now, reason=f"{assigned}件")
    return assigned


@transaction
def switch(registration_id: int, to_sitting_id: int, *, by: Actor, now: datetime) -> None:
    """Take a place at another sitting of the same event; the one that is held is given up only when the new one is
    theirs. The calendar entry moves along under the same UID.

    Raises NotFound, WrongSitting, ApplicationsClosed, AlreadyCancelled, AlreadyAttended, NotSeated, NoSeatsLeft,
    ChangedMeanwhile, TwoAtOnce.
    """
    registration, source, target, event = moving.locked(registration_id, to_sitting_id)
    if source.id == target.id:
        return
    moving.check_movable(registration, source, now)
    if registration.status is Status.PENDING:
        raise NotSeated("結果のお知らせを待っている間は、回を変えられません。")
    _check_open(event, target, now)
    seats, category = registration.seats, registration.category
    if not places.take_in_turn(target, seats, category, now=now):
        raise NoSeatsLeft("この回は満席になりました。いまの回の席は、そのまま取ってあります。")
    if registration.status is Status.CONFIRMED:
        places.release(source, seats, category)
    elif registration.status is Status.OFFERED:
        offering.take_back(registration, source, by=by, now=now)
    else:
        places.leave_queue(source)
    registration.status = Status.CONFIRMED
    registration.confirmed_at = registration.confirmed_at or now
    moving.move(registration, source, target, by=by, now=now)


def _register(
    sitting: Sitting, event: Event, member: MemberRow, give: Callable[..., Registration], *, by: Actor, now: datetime
) -> Registration:
    standing_in.check_free(member.id, member.name, sitting.id)
    application = Application(sitting.id, _details(member), tokens.random_id())
    row = entering.described(application.details, tokens.reference_number())
    row |= {"event_id": event.id, "staff_member_id": member.id}
    row["submission_key"] = row["submission_digest"] = hashlib.sha256(application.submission_id.encode()).hexdigest()
    entering.look(row)
    row["possible_duplicate"] = False
    return give(application, row, sitting, by=by, now=now)


def _place_of_event(event_id: int, member_id: int) -> Registration | None:
    held = sa.select(Registration).where(
        Registration.event_id == event_id,
        Registration.staff_member_id == member_id,
        Registration.status != Status.CANCELLED,
    )
    return db.session.scalar(held)


def _check_open(event: Event, sitting: Sitting, now: datetime) -> None:
    if event.audience is Audience.RESIDENTS:
        raise NotForStaff("この研修会は、職員としては申し込めません。")
    if not takes_applications(event.status, event.opens_at, event.closes_at, sitting.starts_at, now):
        raise ApplicationsClosed("申込みを受け付けている期間ではありません。担当課へお問い合わせください。")


def _details(member: MemberRow) -> Details:
    if member.email is None:
        raise NoAddress(f"{member.name}さんのメールアドレスが登録されていません。担当課へご連絡ください。")
    affiliation = member.unit.full_name if member.unit else ""
    return Details(member.name, member.kana, member.email, None, category=Category.STAFF, affiliation=affiliation[:100])
