"""Several sittings of one event at once: each by its own seats, all or none, answered by one message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.events.choices import SittingsTaken
from app.events.models import Sitting
from app.infra import tokens
from app.infra.db import db, transaction
from app.kernel.types import RESIDENT, Actor, ActorKind
from app.registrations import applying, entering, messages, places, together
from app.registrations.cancelling import give_back
from app.registrations.errors import TooLateToChange, WrongSitting
from app.registrations.models import Registration
from app.registrations.types import Application, Place


@transaction
def sign_up(application: Application, sitting_ids: Collection[int], *, by: Actor = RESIDENT, now: datetime) -> Place:
    """Apply for each of the sittings as services.apply() does for one; returns what was got at the first of them.

    The same submission twice gets the first answer. Raises what services.apply() raises, for whichever sitting: then
    nothing is kept; WrongSitting also where the event lets one choose a single sitting, or has not all of them.
    """
    held = [places.lock(number) for number in sorted(set(sitting_ids))]
    event = held[0][1]
    if event.sittings_taken is not SittingsTaken.SOME or any(other.id != event.id for _sitting, other in held):
        raise WrongSitting("この研修会では、いくつかの回をまとめて申し込むことはできません。")
    digest = applying.digest_of(application, *(sitting.id for sitting, _event in held))
    tie, entered = tokens.random_id(), list[Registration]()
    for sitting, _event in sorted(held, key=lambda one: one[0].starts_at):
        key = f"{application.submission_id}/{sitting.id}"
        one = replace(application, sitting_id=sitting.id, submission_id=key, sign_up=tie)
        twice = entered[0].possible_duplicate if entered else None
        entered.append(applying.take(one, sitting, event, digest=digest, duplicate=twice, by=by, now=now))
    if entered[0].sign_up == tie:
        messages.signed_up(entered, now=now)
    return entering.place_of(entered[0])


@transaction
def cancel_all(registration_id: int, *, reason: str = "", by: Actor = RESIDENT, now: datetime) -> None:
    """Give up every place of a sign-up that has not begun; each is told by itself. A second time changes nothing.

    Raises NotFound, AlreadyAttended, TooLateToChange (a resident, where all have begun).
    """
    together.lock(registration_id)
    registration, _sitting = places.locked(registration_id)
    left = [one for one in (registration, *together.active(registration)) if not one.status.is_over]
    held = [(one, db.session.get_one(Sitting, one.sitting_id)) for one in left]
    ahead = [(one, sitting) for one, sitting in held if by.kind is not ActorKind.RESIDENT or sitting.starts_at > now]
    if left and not ahead:
        raise TooLateToChange("開始時刻を過ぎたため、この画面では取り消せません。問合せ先へお電話ください。")
    for one, sitting in ahead:
        give_back(one, sitting, reason, by=by, now=now)
