"""Taking an application: the steps that applying for one sitting and for several share. They never commit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from app.events.audiences import Category
from app.events.models import Event, Sitting
from app.events.types import Audience
from app.infra import tokens
from app.infra.db import db
from app.kernel.types import Actor
from app.registrations import entering, party, places
from app.registrations.errors import GuestsAskElsewhere, SubmissionChanged, TooManyCompanions
from app.registrations.models import Registration
from app.registrations.promoting import promote
from app.registrations.types import Application, Details


def take(  # noqa: PLR0913 what an application is told from another by, spelled out
    application: Application,
    sitting: Sitting,
    event: Event,
    *,
    digest: str,
    duplicate: bool | None = None,
    by: Actor,
    now: datetime,
) -> Registration:
    """Enter the application, or find the answer that the same submission got before; the sitting's lock is held.

    `duplicate` says whether it looks like another one, where that is known. Raises what services.apply() raises.
    """
    row = entering.described(application.details, tokens.reference_number())
    row |= {"event_id": event.id, "submission_key": hashlib.sha256(application.submission_id.encode()).hexdigest()}
    row |= {"submission_digest": digest, "sign_up": application.sign_up or None}
    earlier = entering.look(row)
    if earlier is not None:
        return _same_answer(earlier, digest)
    if duplicate is not None:
        row["possible_duplicate"] = duplicate
    entering.check_open(event, sitting, by, now)
    if application.municipality:
        check_alone(application.details)
        entering.check_takes_guests(event)
        return entering.ask(application, row, sitting, by=by, now=now)
    check_category(event, application.details)
    check_party(event, sitting, application.details)
    party.check(event, application.details, by)
    if application.from_held_back:
        seated = entering.seat_from_held_back(application, row, sitting, by=by, now=now)
        promote(sitting, now)  # an audience's own seats may have been taken instead
        return seated
    return entering.admit(application, row, sitting, by=by, now=now)


def digest_of(application: Application, *more: int) -> str:
    """What tells one submission from another under the same key; `more` sittings are part of it."""
    plain = replace(application, submission_id="")
    return hashlib.sha256(repr((plain, *more) if more else plain).encode()).hexdigest()


def check_category(event: Event, details: Details) -> None:
    """Raises GuestsAskElsewhere."""
    asked = details.category is Category.NEIGHBOUR and event.audience is not Audience.RESIDENTS
    if asked and places.kept_for_guests(event.id):
        raise GuestsAskElsewhere("流域市町の職員の方は、「流域市町の職員として申し込む」からお申し込みください。")


def check_party(event: Event, sitting: Sitting, details: Details) -> None:
    """Raises TooManyCompanions."""
    if details.companions > event.max_companions:
        raise TooManyCompanions(f"同伴者は{event.max_companions}人までにしてください。")
    if sitting.capacity is not None and details.seats > sitting.capacity:
        raise TooManyCompanions("定員を超える人数では申し込めません。")


def check_alone(details: Details) -> None:
    """Raises TooManyCompanions."""
    if details.companions:
        raise TooManyCompanions("流域市町の職員の方は、お一人ずつ申し込んでください。")


def _same_answer(registration_id: int, digest: str) -> Registration:
    earlier = db.session.get_one(Registration, registration_id)
    if earlier.submission_digest != digest:
        raise SubmissionChanged("この申込みは受付済みです。内容の変更は、お知らせしたページからお願いします。")
    return earlier
