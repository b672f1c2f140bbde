"""Writing a registration down: the steps that applying and registering staff share. They never commit."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.delivery import letters
from app.events import draws
from app.events.models import Event, Sitting
from app.events.rules import takes_applications
from app.events.types import Admission, Audience
from app.infra import audit, tokens
from app.infra.db import db, run
from app.infra.links import links
from app.kernel import text
from app.kernel.types import Actor, ActorKind
from app.registrations import answering, messages, party, places, queries
from app.registrations.errors import ApplicationsClosed
from app.registrations.models import Guest, Registration, RegistrationNeeds
from app.registrations.searching import search_text
from app.registrations.types import TOLD_ELSEWHERE, TOLD_TOGETHER, Application, Details, Needs, Place, Status

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
        Registration.status.not_in((Status.CANCELLED, Status.DECLINED)),
    )
    .label("known"),
)


def check_open(event: Event, sitting: Sitting, by: Actor, now: datetime) -> None:
    """A resident is bound by the sign-up window, staff only by the sitting's start. Raises ApplicationsClosed."""
    opens_at = event.opens_at if by.kind is ActorKind.RESIDENT else event.created_at
    closes_at = event.closes_at if by.kind is ActorKind.RESIDENT else None
    if takes_applications(event.status, opens_at, closes_at, sitting.starts_at, now):
        return
    if event.opens_at and now < event.opens_at:
        raise ApplicationsClosed("申込みの受付は、まだ始まっていません。")
    raise ApplicationsClosed("申込みの受付は終了しました。問合せ先へお電話ください。")


def check_takes_guests(event: Event) -> None:
    """An event for residents only takes no more guests. Raises ApplicationsClosed."""
    if event.audience is Audience.RESIDENTS:
        raise ApplicationsClosed("この研修会は、流域市町の職員の申込みを受け付けていません。")


def look(row: dict[str, Any]) -> int | None:
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


def admit(application: Application, row: dict[str, Any], sitting: Sitting, *, by: Actor, now: datetime) -> Registration:
    """Give the newcomer seats or the last place in the queue, or let them wait for an answer or a draw; tell them.

    The caller holds the sitting's lock and has checked everything else. Raises ApplicationsClosed once the list of a
    draw is closed, until it is drawn.
    """
    if awaits_answer(db.session.get_one(Event, row["event_id"]), now):
        return _enter(application, row, Status.PENDING, by=by, now=now)
    return seat(application, row, sitting, by=by, now=now)


def seat(application: Application, row: dict[str, Any], sitting: Sitting, *, by: Actor, now: datetime) -> Registration:
    """Give the newcomer seats or the last place in the queue, whatever the event's admission; see admit()."""
    queue_no = places.place(sitting, application.details.seats, application.details.category, now=now)
    status = Status.CONFIRMED if queue_no is None else Status.WAITLISTED
    registration = add(application, row | {"queue_no": queue_no}, status, now)
    action = "registration.confirmed" if queue_no is None else "registration.waitlisted"
    _tell(application, registration, action, by, now, position=sitting.waiting if queue_no is not None else None)
    return registration


def seat_from_held_back(
    application: Application, row: dict[str, Any], sitting: Sitting, *, by: Actor, now: datetime
) -> Registration:
    """Give somebody seats that the organizer kept in hand; who waits had no claim to these. Raises NotHeldBack."""
    places.claim_held_back(sitting, application.details.seats, application.details.category)
    registration = add(application, row, Status.CONFIRMED, now)
    audit.record("registration.confirmed", "registration", registration.id, by=by, at=now, reason="取り置きの席")
    messages.applied(registration, position=None, now=now)
    return registration


def ask(application: Application, row: dict[str, Any], sitting: Sitting, *, by: Actor, now: datetime) -> Registration:
    """Keep one of the places for guests for the newcomer, who then waits for the organizer's answer or has it already.

    The caller holds the sitting's lock and has checked everything else. Raises NoGuestPlacesLeft, NoSeatsLeft.
    """
    places.claim_guest_place(sitting)
    if application.approved:
        seats, category = application.details.seats, application.details.category
        places.claim_in_turn(sitting, seats, category, "承認しないで受け付けると、承認待ちになります。", now=now)
    status = Status.CONFIRMED if application.approved else Status.PENDING
    registration = _enter(application, row, status, by=by, now=now)
    db.session.add(Guest(registration_id=registration.id, municipality=application.municipality))
    return registration


def awaits_answer(event: Event, now: datetime) -> bool:
    """Whether who applies now waits for the organizer's answer or for the draw. After a draw newcomers stand behind it.

    Raises ApplicationsClosed between the closing time of a draw and the draw.
    """
    if event.admission is not Admission.LOTTERY:
        return event.admission is Admission.APPROVAL
    draw = draws.of_event(event.id)
    if draw is None or draw.drawn_at is not None:
        return False
    if draw.frozen_at is not None or (event.closes_at is not None and event.closes_at <= now):
        raise ApplicationsClosed("抽選の申込みは締め切りました。抽選が終わると、キャンセル待ちなどとして入力できます。")
    return True


def _enter(application: Application, row: dict[str, Any], status: Status, *, by: Actor, now: datetime) -> Registration:
    registration = add(application, row, status, now)
    _tell(application, registration, f"registration.{status.value}", by, now)
    return registration


def _tell(
    application: Application,
    registration: Registration,
    action: str,
    by: Actor,
    now: datetime,
    *,
    position: int | None = None,
) -> None:
    """Write the answer down, in the audit log and for the applicant.

    Another service may have told them already; applications for several sittings are answered by one message.
    """
    reason = TOLD_ELSEWHERE if application.told_elsewhere else TOLD_TOGETHER if application.sign_up else None
    audit.record(action, "registration", registration.id, by=by, at=now, reason=reason)
    if reason is None:
        messages.applied(registration, position=position, now=now)


def add(application: Application, row: dict[str, Any], status: Status, now: datetime) -> Registration:
    """Write the registration down; `row` names the place in the queue of who waits.

    What is returned only describes it: the session does not know of it.
    """
    nonce = tokens.random_id()
    row |= {
        "public_id": tokens.random_id(),
        "sitting_id": application.sitting_id,
        "link_nonce": nonce,
        "link_hash": tokens.fingerprint(links.token("registration", nonce)),
        "status": status,
        "channel": application.channel,
        "queue_no": row.get("queue_no"),
        "sequence": 0,
        "applied_at": now,
        "updated_at": now,
        "confirmed_at": now if status is Status.CONFIRMED else None,
    }
    row["search"] = search_text(row, application.details.party or ())
    registration = Registration(id=run(_ADD, row).scalar_one(), **row)
    if application.details.party:
        party.write(registration.id, application.details.party)
    if application.details.needs:
        _write_needs(registration.id, application.details.needs)
    answering.write(registration.id, row["event_id"], application.details.answered)
    return registration


def described(details: Details, reference: str) -> dict[str, Any]:
    """The columns that hold what a person said of themselves, and what is found by it."""
    return {
        "reference": reference,
        "name": details.name,
        "kana": details.kana,
        "kana_order": text.kana_order(details.kana),
        "email": details.email,
        "phone": details.phone,
        "postcode": details.postcode,
        "address": details.address,
        "companions": details.companions,
        "district": details.district,
        "affiliation": details.affiliation,
        "category": details.category,
        "first_time": details.first_time,
        "in_city": details.in_city,
        "email_mark": _mark(details.kana, details.email),
        "phone_mark": _mark(details.kana, details.phone),
    }


def rewrite(registration: Registration, details: Details) -> None:
    """Put down what a person says of themselves now; who takes the postal address away is called from now on."""
    if registration.address and not details.address:
        letters.hand_to_callers(f"registration:{registration.id}")
    known = party.of_registration(registration.id)[: details.companions]
    members = known if details.party is None else details.party
    row = described(details, registration.reference)
    for name, value in row.items():
        setattr(registration, name, value)
    party.write(registration.id, members)
    registration.search = search_text(row, members)
    _write_needs(registration.id, details.needs)


def place_of(registration: Registration) -> Place:
    """What the applicant got, with the secret of the link made again."""
    token = links.token_again("registration", registration.link_nonce, registration.link_hash)
    position = queries.position(registration) if registration.status is Status.WAITLISTED else None
    return Place(registration.reference, registration.status, token, position)


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
