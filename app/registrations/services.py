"""What applicants and organizers do with a place. Each verb is one transaction; seats move only through places."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.events.models import Event, Sitting
from app.events.rules import takes_applications
from app.infra import audit, tokens
from app.infra.db import db, run, transaction
from app.infra.links import links
from app.kernel import text
from app.kernel.types import RESIDENT, Actor, ActorKind
from app.registrations import messages, places, queries
from app.registrations.errors import (
    AlreadyAttended,
    AlreadyCancelled,
    ApplicationsClosed,
    ChangedMeanwhile,
    NoSeatsLeft,
    SubmissionChanged,
    TooLateToChange,
    TooManyCompanions,
)
from app.registrations.models import Registration, RegistrationNeeds
from app.registrations.types import Application, Details, Needs, Place, Status

# Put together once: building a statement costs more than running it.
_ADD = sa.insert(Registration).returning(Registration.id)
_LOOK = sa.select(
    sa.select(Registration.id)
    .where(Registration.event_id == sa.bindparam("event"), Registration.submission_key == sa.bindparam("key"))
    .scalar_subquery()
    .label("earlier"),
    sa.exists(Registration.id).where(Registration.reference == sa.bindparam("reference")).label("taken"),
    sa.exists(Registration.id)
    .where(
        Registration.event_id == sa.bindparam("event"),
        sa.or_(
            Registration.email_mark == sa.bindparam("email", type_=sa.String),
            Registration.phone_mark == sa.bindparam("phone", type_=sa.String),
        ),
        Registration.status != Status.CANCELLED,
    )
    .label("known"),
)


@transaction
def apply(application: Application, *, by: Actor = RESIDENT, now: datetime) -> Place:
    """Give a place or a place in the queue; the same submission twice gets the first answer.

    A resident is bound by the sign-up window, staff entering for somebody only by the sitting's start.
    Raises WrongSitting, ApplicationsClosed, TooManyCompanions, SubmissionChanged.
    """
    sitting, event = places.lock(application.sitting_id)
    row = _described(application.details, tokens.reference_number())
    row |= {"event_id": event.id, "submission_key": hashlib.sha256(application.submission_id.encode()).hexdigest()}
    row["submission_digest"] = _digest(application)
    earlier = _look(row)
    if earlier is not None:
        return _same_answer(earlier, row["submission_digest"])
    _check_open(event, sitting, by, now)
    _check_party(event, sitting, application.details)
    queue_no = places.place(sitting, application.details.seats)
    registration = _add(application, row, queue_no, now)
    action = "registration.confirmed" if queue_no is None else "registration.waitlisted"
    audit.record(action, "registration", registration.id, by=by, at=now)
    position = sitting.waiting if queue_no is not None else None
    messages.applied(registration, position=position, now=now)
    return _place(registration)


@transaction
def cancel(registration_id: int, *, reason: str = "", by: Actor = RESIDENT, now: datetime) -> None:
    """Give the place up; freed seats go to those who wait. A second cancellation changes nothing.

    Raises NotFound, AlreadyAttended, TooLateToChange (a resident, once the sitting began).
    """
    registration, sitting = _locked(registration_id)
    if registration.status is Status.CANCELLED:
        return
    if registration.attended:
        raise AlreadyAttended("会場での受付が済んでいるため、取り消せません。")
    if by.kind is ActorKind.RESIDENT and sitting.starts_at <= now:
        raise TooLateToChange("開始時刻を過ぎたため、この画面では取り消せません。問合せ先へお電話ください。")
    was_confirmed = registration.status is Status.CONFIRMED
    _mark_cancelled(registration, reason, now)
    if was_confirmed:
        places.release(sitting, registration.seats)
    else:
        places.leave_queue(sitting)
    audit.record("registration.cancelled", "registration", registration.id, by=by, at=now, reason=reason or None)
    messages.cancelled(registration, held_a_seat=was_confirmed, now=now)
    _promote(sitting, now)


@transaction
def change_details(
    registration_id: int, details: Details, *, version: int, by: Actor = RESIDENT, now: datetime
) -> None:
    """Put right what was given; more companions need free seats, fewer free some for those who wait.

    Raises NotFound, AlreadyCancelled, TooLateToChange, ChangedMeanwhile, TooManyCompanions, NoSeatsLeft.
    """
    registration, sitting = _locked(registration_id)
    if registration.status is Status.CANCELLED:
        raise AlreadyCancelled("取消済みの申込みは変更できません。")
    if by.kind is ActorKind.RESIDENT and sitting.starts_at <= now:
        raise TooLateToChange("開始時刻を過ぎたため、この画面では変更できません。問合せ先へお電話ください。")
    if registration.version != version:
        raise ChangedMeanwhile("ほかの画面でこの申込みが変更されました。今の内容を確かめて、もう一度お願いします。")
    changed = _changed_fields(registration, details)
    if not changed:
        return
    if details.companions != registration.companions:
        _resize(registration, sitting, details)
    old_email = registration.email
    _write(registration, details)
    registration.version += 1
    registration.updated_at = now
    audit.record("registration.changed", "registration", registration.id, by=by, at=now, fields=changed)
    messages.changed(registration, changed, now=now)
    if old_email and "email" in changed:
        messages.address_changed(registration, old_email, now=now)
    _promote(sitting, now)


@transaction
def set_note(registration_id: int, note: str, *, by: Actor, now: datetime) -> None:
    """Keep the organizer's own note, which the applicant never sees. Raises NotFound."""
    registration, _sitting = _locked(registration_id)
    registration.note = note
    registration.version += 1
    audit.record("registration.noted", "registration", registration.id, by=by, at=now, fields=["note"])


@transaction
def not_a_duplicate(registration_id: int, *, by: Actor, now: datetime) -> None:
    """The organizer asked, and it is another person (or meant so). Raises NotFound."""
    registration, _sitting = _locked(registration_id)
    registration.possible_duplicate = False
    audit.record("registration.not_duplicate", "registration", registration.id, by=by, at=now)


def _locked(registration_id: int) -> tuple[Registration, Sitting]:
    sitting_id = queries.sitting_of(registration_id)
    sitting, _event = places.lock(sitting_id)
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    return registration, sitting


def _check_open(event: Event, sitting: Sitting, by: Actor, now: datetime) -> None:
    opens_at = event.opens_at if by.kind is ActorKind.RESIDENT else event.created_at
    closes_at = event.closes_at if by.kind is ActorKind.RESIDENT else None
    if takes_applications(event.status, opens_at, closes_at, sitting.starts_at, now):
        return
    if event.opens_at and now < event.opens_at:
        raise ApplicationsClosed("申込みの受付は、まだ始まっていません。")
    raise ApplicationsClosed("申込みの受付は終了しました。問合せ先へお電話ください。")


def _check_party(event: Event, sitting: Sitting, details: Details) -> None:
    if details.companions > event.max_companions:
        raise TooManyCompanions(f"同伴者は{event.max_companions}人までにしてください。")
    if sitting.capacity is not None and details.seats > sitting.capacity:
        raise TooManyCompanions("定員を超える人数では申し込めません。")


def _look(row: dict[str, Any]) -> int | None:
    """The id of an earlier answer to the same submission; else `row` gets a free reference number and its flag.

    Flagged is who has the same reading and the same address or number as somebody who already applied to the event.
    """
    while True:
        marks = {"email": row["email_mark"], "phone": row["phone_mark"], "reference": row["reference"]}
        found = run(_LOOK, {"event": row["event_id"], "key": row["submission_key"], **marks}).one()
        if found.earlier is not None or not found.taken:
            row["possible_duplicate"] = found.known
            earlier: int | None = found.earlier
            return earlier
        row["reference"] = tokens.reference_number()


def _same_answer(registration_id: int, digest: str) -> Place:
    earlier = db.session.get_one(Registration, registration_id)
    if earlier.submission_digest != digest:
        raise SubmissionChanged("この申込みは受付済みです。内容の変更は、お知らせしたページからお願いします。")
    return _place(earlier)


def _add(application: Application, row: dict[str, Any], queue_no: int | None, now: datetime) -> Registration:
    """Write the registration down. What is returned only describes it: the session does not know of it."""
    nonce = tokens.random_id()
    row |= {
        "public_id": tokens.random_id(),
        "sitting_id": application.sitting_id,
        "link_nonce": nonce,
        "link_hash": tokens.fingerprint(links.token("registration", nonce)),
        "status": Status.CONFIRMED if queue_no is None else Status.WAITLISTED,
        "channel": application.channel,
        "queue_no": queue_no,
        "sequence": 0,
        "applied_at": now,
        "updated_at": now,
        "confirmed_at": now if queue_no is None else None,
    }
    row["search"] = _search(row)
    registration = Registration(id=run(_ADD, row).scalar_one(), **row)
    if application.details.needs:
        _write_needs(registration.id, application.details.needs)
    return registration


def _described(details: Details, reference: str) -> dict[str, Any]:
    """The columns that hold what a person said of themselves, and what is found by it."""
    return {
        "reference": reference,
        "name": details.name,
        "kana": details.kana,
        "kana_order": text.kana_order(details.kana),
        "email": details.email,
        "phone": details.phone,
        "companions": details.companions,
        "district": details.district,
        "affiliation": details.affiliation,
        "category": details.category,
        "email_mark": _mark(details.kana, details.email),
        "phone_mark": _mark(details.kana, details.phone),
    }


def _search(row: dict[str, Any]) -> str:
    """The text that the organizer's search looks in."""
    searched = (row[name] for name in ("name", "kana", "affiliation", "email", "phone", "reference"))
    return " ".join(text.folded(part) for part in searched if part)


def _write(registration: Registration, details: Details) -> None:
    row = _described(details, registration.reference)
    for name, value in row.items():
        setattr(registration, name, value)
    registration.search = _search(row)
    _write_needs(registration.id, details.needs)


def _write_needs(registration_id: int, needs: Needs) -> None:
    db.session.execute(sa.delete(RegistrationNeeds).where(RegistrationNeeds.registration_id == registration_id))
    if needs:
        db.session.add(
            RegistrationNeeds(
                registration_id=registration_id,
                sign_language=needs.sign_language,
                captioning=needs.captioning,
                wheelchair=needs.wheelchair,
                childcare=needs.childcare,
                note=needs.note,
            )
        )


def _mark(kana: str, contact: str | None) -> str | None:
    """Who shares reading and contact shares this mark; nothing can be read from it."""
    if contact is None:
        return None
    return hashlib.sha256(f"{text.folded(kana)} {contact.casefold()}".encode()).hexdigest()


def _resize(registration: Registration, sitting: Sitting, details: Details) -> None:
    event = db.session.get_one(Event, registration.event_id)
    _check_party(event, sitting, details)
    if registration.status is not Status.CONFIRMED:
        return
    more = details.companions - registration.companions
    if more < 0:
        places.release(sitting, -more)
    elif sitting.waiting:
        raise NoSeatsLeft("お待ちの方がいるため、人数を増やせません。問合せ先へご相談ください。")
    else:
        places.claim(sitting, more)


def _changed_fields(registration: Registration, details: Details) -> list[str]:
    before = queries.details_of(registration)
    names = ("name", "kana", "email", "phone", "companions", "district", "affiliation", "category", "needs")
    return [n for n in names if getattr(before, n) != getattr(details, n)]


def _mark_cancelled(registration: Registration, reason: str, now: datetime) -> None:
    registration.status = Status.CANCELLED
    registration.cancelled_at = registration.updated_at = now
    registration.cancel_reason = reason
    registration.sequence += 1
    registration.version += 1


def _promote(sitting: Sitting, now: datetime) -> None:
    for registration in places.promote(sitting, now=now):
        messages.promoted(registration, now=now)


def _place(registration: Registration) -> Place:
    token = links.token_again("registration", registration.link_nonce, registration.link_hash)
    position = queries.position(registration) if registration.status is Status.WAITLISTED else None
    return Place(registration.reference, registration.status, token, position)


def _digest(application: Application) -> str:
    plain = replace(application, submission_id="")
    return hashlib.sha256(repr(plain).encode()).hexdigest()
