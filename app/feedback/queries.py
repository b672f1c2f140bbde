"""Reading feedback: the form, by event or by its short address; whom to thank; whether a link is good."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.delivery import queries as outbox
from app.delivery.types import State as MailState
from app.events.models import Sitting
from app.feedback import rules
from app.feedback.models import (
    FeedbackBallot,
    FeedbackForm,
    FeedbackSpent,
    FeedbackThanked,
    FeedbackTicket,
)
from app.feedback.types import FormRow
from app.infra import tokens
from app.infra.db import db
from app.kernel.errors import NotFound
from app.org.models import StaffMember
from app.questions import codec
from app.registrations.models import Registration, Substitution

# What a link's token is derived for.
TICKET = "feedback-ticket"
_NAME = sa.func.coalesce(StaffMember.name, Registration.name)


def of_event(event_id: int, *, now: datetime) -> FormRow | None:
    """The form of an event, None where there is none."""
    return _one(FeedbackForm.event_id == event_id, now)


def by_code(code: str, *, now: datetime) -> FormRow:
    """The form with this short address. Raises NotFound."""
    found = _one(FeedbackForm.code == code, now)
    if found is None:
        raise NotFound
    return found


def is_ticket(event_id: int, token: str) -> bool:
    """Whether this is a link that was mailed to somebody who came to the event, used or not."""
    chosen = sa.select(FeedbackTicket.event_id).filter_by(link_hash=tokens.fingerprint(token), event_id=event_id)
    return db.session.scalar(chosen) is not None


def is_spent(event_id: int, key: str) -> bool:
    """Whether an answer came in with this link or one-time key."""
    chosen = sa.select(FeedbackSpent.event_id).filter_by(key_hash=tokens.fingerprint(key), event_id=event_id)
    return db.session.scalar(chosen) is not None


def to_thank(event_id: int) -> list[tuple[int, str, str]]:
    """Registration, name and address of each who came, was not written to yet, and gave an e-mail address.

    Where a colleague came in an officer's place, it is the colleague. Whoever came to several sittings is named once.
    """
    address = sa.case((StaffMember.id.is_not(None), StaffMember.email), else_=Registration.email)
    rows = db.session.execute(
        _who_came(Registration.id, _NAME, address, FeedbackThanked.registration_id)
        .outerjoin(FeedbackThanked, FeedbackThanked.registration_id == Registration.id)
        .where(Registration.event_id == event_id, Registration.attended, address != "")
        .order_by(FeedbackThanked.registration_id.is_(None), Registration.id)
    )
    found: dict[tuple[str, str], tuple[int, str, str] | None] = {}
    for registration_id, name, email, thanked in rows:
        found.setdefault((email.lower(), name), None if thanked else (registration_id, name, email))
    return [person for person in found.values() if person]


def name_of(registration_id: int) -> str:
    """Who came for a registration. Raises NotFound."""
    name: str | None = db.session.scalar(_who_came(_NAME).where(Registration.id == registration_id))
    if name is None:
        raise NotFound
    return name


def mails(event_id: int) -> dict[MailState, int]:
    """How many of the mails of thanks stand in each state."""
    return outbox.counts(f"feedback:{event_id}:")


def _who_came(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(Registration)
        .outerjoin(Substitution, Substitution.registration_id == Registration.id)
        .outerjoin(StaffMember, StaffMember.id == Substitution.staff_member_id)
    )


def _one(which: sa.ColumnElement[bool], now: datetime) -> FormRow | None:
    form_id = FeedbackForm.event_id
    ends = sa.select(sa.func.min(Sitting.ends_at)).where(Sitting.event_id == form_id).scalar_subquery()
    answers = sa.select(sa.func.count()).where(FeedbackBallot.event_id == form_id).scalar_subquery()
    row = db.session.execute(sa.select(FeedbackForm, ends.label("opens_at"), answers.label("answers")).where(which))
    found = row.one_or_none()
    if found is None:
        return None
    form, opens_at, number = found
    return FormRow(
        event_id=form.event_id,
        code=form.code,
        definition=codec.from_text(json.dumps(form.definition)),
        breakdown=form.breakdown,
        opens_at=opens_at,
        last_day=form.last_day,
        state=rules.state(opens_at, form.last_day, now),
        answers=number,
    )
