"""What applicants and organizers do with a place. Each verb is one transaction; seats move only through places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.events.models import Event, Sitting
from app.events.types import Admission
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import RESIDENT, Actor, ActorKind
from app.registrations import (
    answering,
    applying,
    drawing,
    entering,
    messages,
    offering,
    party,
    places,
    queries,
    together,
)
from app.registrations.cancelling import give_back
from app.registrations.errors import (
    AlreadyCancelled,
    ChangedMeanwhile,
    NoReason,
    NoSeatsLeft,
    NotTransferable,
    TooLateToChange,
)
from app.registrations.models import Guest, Registration
from app.registrations.promoting import promote
from app.registrations.types import Application, Details, Place, Status

# What a person can put right.
DETAILS = (
    "name", "kana", "email", "phone", "postcode", "address", "companions", "district", "affiliation", "category",
    "needs", "first_time", "in_city",
)  # fmt: skip
# What only staff see is changed without telling the applicant.
UNTOLD = ["internal_answers"]


@transaction
def apply(application: Application, *, by: Actor = RESIDENT, now: datetime) -> Place:
    """Give a place or a place in the queue; the same submission twice gets the first answer.

    Who comes from another municipality's staff gets one of the places for guests and waits for the organizer's answer,
    or has it where the organizer enters it as approved. A resident is bound by the sign-up window, staff entering for
    somebody only by the sitting's start.
    Raises WrongSitting, ApplicationsClosed, TooManyCompanions, SubmissionChanged, GuestsAskElsewhere,
    QuestionsChanged, FileGone, NoGuestPlacesLeft, NoSeatsLeft (approved at once, and no seat is free), NotHeldBack.
    """
    sitting, event = places.lock(application.sitting_id)
    digest = applying.digest_of(application)
    return entering.place_of(applying.take(application, sitting, event, digest=digest, by=by, now=now))


@transaction
def give_up(registration_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """A member of staff gives their own place up and says why.

    Raises NotFound, NoReason, AlreadyAttended, TooLateToChange (once the sitting began).
    """
    if not reason:
        raise NoReason("取り消す理由を入力してください。")
    registration, sitting = places.locked(registration_id)
    if sitting.starts_at <= now:
        raise TooLateToChange("開始時刻を過ぎたため、取り消せません。担当課へご連絡ください。")
    give_back(registration, sitting, reason, by=by, now=now)


@transaction
def cancel(registration_id: int, *, reason: str = "", by: Actor = RESIDENT, now: datetime) -> None:
    """Give the place up; freed seats go to those who wait. A second cancellation changes nothing.

    Raises NotFound, AlreadyAttended, TooLateToChange (a resident, once the sitting began).
    """
    registration, sitting = places.locked(registration_id)
    if by.kind is ActorKind.RESIDENT and sitting.starts_at <= now and not registration.status.is_over:
        raise TooLateToChange("開始時刻を過ぎたため、この画面では取り消せません。問合せ先へお電話ください。")
    give_back(registration, sitting, reason, by=by, now=now)


@transaction
def change_details(
    registration_id: int, details: Details, *, version: int, note: str = "", by: Actor = RESIDENT, now: datetime
) -> None:
    """Put right what was given; more companions need free seats, fewer free some for those who wait.

    The history keeps the `note` of who does it for somebody. What is said of the person holds for all registrations
    of the sign-up, how many come only for this one.

    Raises NotFound, AlreadyCancelled, TooLateToChange, ChangedMeanwhile, TooManyCompanions, NoSeatsLeft, DrawClosed,
    GuestsAskElsewhere, NotTransferable (a drawn place by its name to somebody else), QuestionsChanged, FileGone.
    """
    together.lock(registration_id)
    registration, sitting = places.locked(registration_id)
    if registration.status.is_over:
        raise AlreadyCancelled("取消し、または不承認となった申込みは変更できません。")
    if by.kind is ActorKind.RESIDENT and sitting.starts_at <= now:
        raise TooLateToChange("開始時刻を過ぎたため、この画面では変更できません。問合せ先へお電話ください。")
    if registration.version != version:
        raise ChangedMeanwhile("ほかの画面でこの申込みが変更されました。今の内容を確かめて、もう一度お願いします。")
    changed = _changed_fields(registration, details)
    changed += answering.rewrite(registration, details)
    if not changed:
        return
    others = together.active(registration)
    _check_changed((registration, *others), details, changed, by, now)
    fields = [_from_to(registration, details, name) for name in changed]
    if not {"companions", "category"}.isdisjoint(changed):
        _resize(registration, sitting, details, now)
    old_email = registration.email
    entering.rewrite(registration, details)
    together.follow(others, details, changed, by=by, now=now)
    registration.version += 1
    registration.updated_at = now
    action = "registration.annotated" if changed == UNTOLD else "registration.changed"
    audit.record(action, "registration", registration.id, by=by, at=now, fields=fields, reason=note or None)
    if changed != UNTOLD:
        messages.changed(registration, [name for name in changed if name not in UNTOLD], now=now)
    if old_email and "email" in changed:
        messages.address_changed(registration, old_email, now=now)
    promote(sitting, now)


@transaction
def set_note(registration_id: int, note: str, *, by: Actor, now: datetime) -> None:
    """Keep the organizer's own note, which the applicant never sees. Raises NotFound."""
    registration, _sitting = places.locked(registration_id)
    registration.note = note
    registration.version += 1
    audit.record("registration.noted", "registration", registration.id, by=by, at=now, fields=["note"])


@transaction
def not_a_duplicate(registration_id: int, *, by: Actor, now: datetime) -> None:
    """The organizer asked, and it is another person (or meant so). Raises NotFound."""
    registration, _sitting = places.locked(registration_id)
    registration.possible_duplicate = False
    audit.record("registration.not_duplicate", "registration", registration.id, by=by, at=now)


def _check_changed(
    together: Sequence[Registration], details: Details, changed: list[str], by: Actor, now: datetime
) -> None:
    event = db.session.get_one(Event, together[0].event_id)
    if {"names", "companions"} & set(changed):
        party.check(event, details, by)
    if "category" in changed:
        applying.check_category(event, details)
    for registration in together:
        if by.kind is ActorKind.RESIDENT:
            _check_same_person(registration, changed)
        if any(name in changed for name in drawing.DRAWN_BY):
            drawing.check_still_open(registration, now)


def _check_same_person(registration: Registration, changed: list[str]) -> None:
    """A drawn place does not go to somebody else under the name of a correction."""
    event = db.session.get_one(Event, registration.event_id)
    drawn = event.admission is Admission.LOTTERY and registration.status is not Status.PENDING
    if drawn and not event.hands_on and {"name", "kana"} <= set(changed):
        raise NotTransferable(
            "抽選で決まった席は、ほかの方に譲れません。お名前を正しく直すときは、問合せ先へご連絡ください。"
        )


def _from_to(registration: Registration, details: Details, name: str) -> str:
    """The name of a changed field; what is not private stands beside it."""
    return f"companions={registration.companions}→{details.companions}" if name == "companions" else name


def _resize(registration: Registration, sitting: Sitting, details: Details, now: datetime) -> None:
    more = details.companions - registration.companions
    if more:
        if db.session.get(Guest, registration.id) is not None:
            applying.check_alone(details)
        applying.check_party(db.session.get_one(Event, registration.event_id), sitting, details)
    held = offering.held(registration)
    if not places.recount(sitting, held, registration.category, details.category, now=now):
        counted = f"「{details.category.word}」の方が使える席が空いていないため、参加区分を変えられません。"
        raise NoSeatsLeft(counted, "category")
    if registration.status is Status.OFFERED:
        offering.resize(registration, sitting, details)
    if registration.status is not Status.CONFIRMED:
        return
    if more < 0:
        places.release(sitting, -more, details.category)
    elif more and not places.take_in_turn(sitting, more, details.category, now=now):
        raise NoSeatsLeft("空いている席が足りないか、先にお待ちの方がいるため、人数を増やせません。")


def _changed_fields(registration: Registration, details: Details) -> list[str]:
    before = queries.details_of(registration)
    changed = [n for n in DETAILS if getattr(before, n) != getattr(details, n)]
    named = details.party is not None and details.party != party.of_registration(registration.id)
    return [*changed, "names"] if named else changed
