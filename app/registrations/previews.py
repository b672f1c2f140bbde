"""How a message of an event would read for somebody: before it is saved, and before it is sent to many.

The secret link is never shown: whoever sees a preview may not act for the person, so a specimen stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.events.types import EventRow
from app.events.wordings import Wording
from app.infra.db import db
from app.kernel.errors import Refusal
from app.kernel.japanese_dates import iso
from app.kernel.types import JSON
from app.registrations import queries
from app.registrations.models import Registration
from app.registrations.renderings import composed, on_paper
from app.registrations.types import Channel, Details, RegistrationRow, Status

# As many as can be looked at without an entry in the audit log.
MOST_PEOPLE = 20
SPECIMEN_TOKEN = "mihon"  # noqa: S105 it opens nothing
_SPECIMEN = Details("見本　花子", "ミホン　ハナコ", email="mihon@example.jp", phone=None)


class NothingToShow(Refusal):
    """A message names a sitting, and there is none yet."""

    code = "nothing_to_show"


@dataclass(frozen=True, slots=True)
class Preview:
    """One message as `name` would get it; `paper` are the sentences of the letter and of the call."""

    name: str
    subject: str
    text: str
    html: str
    paper: tuple[str, ...]


def people(event_id: int) -> dict[int, str]:
    """Up to twenty people of an event to try a text with, the latest first: name by registration."""
    wanted = sa.select(Registration.id, Registration.name).where(Registration.event_id == event_id)
    rows = db.session.execute(wanted.order_by(Registration.id.desc()).limit(MOST_PEOPLE))
    return {row.id: row.name for row in rows}


def preview(event: EventRow, kind: str, wording: Wording, person: RegistrationRow) -> Preview:
    """The message of `kind` (confirmed, reminder …) in the words of `wording`."""
    payload: dict[str, JSON] = {
        "registration": person.id,
        "position": person.position or 1,
        "seats": person.details.seats,
        "until": iso(person.starts_at),
        "fields": ["phone"],
        "words": ["持ち物"],
        "deadline": iso(person.starts_at),
        "was_start": iso(person.starts_at),
        "was_end": iso(person.ends_at),
    }
    subject, text, html = composed(kind, payload, person, event, wording, SPECIMEN_TOKEN)
    paper = on_paper(kind, payload, person, event, wording)
    return Preview(person.details.name, subject, text, html, tuple(paper))


def somebody(event: EventRow, registration_id: int, *, now: datetime) -> RegistrationRow:
    """The registration of that event, or an invented one where there is none of that id. Raises NothingToShow."""
    found = {row.id: row for row in queries.among(_one(event.id, registration_id))}
    return found.get(registration_id) or specimen(event, now=now)


def specimen(event: EventRow, *, now: datetime) -> RegistrationRow:
    """An invented person with a seat at the first sitting. Raises NothingToShow where there is no sitting."""
    if not event.sittings:
        raise NothingToShow("日時がまだ登録されていないため、プレビューを表示できません。")
    sitting = event.sittings[0]
    return RegistrationRow(
        id=0,
        public_id="",
        event_id=event.id,
        event_slug=event.slug,
        event_title=event.title,
        sitting_id=sitting.id,
        sitting_label=sitting.label,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        reference="00000000",
        status=Status.CONFIRMED,
        channel=Channel.WEB,
        details=_SPECIMEN,
        position=None,
        possible_duplicate=False,
        applied_at=now,
        cancelled_at=None,
        cancel_reason="",
        note="",
        sequence=0,
        updated_at=now,
        version=1,
        admission=event.admission,
    )


def _one(event_id: int, registration_id: int) -> sa.Select[int]:
    return sa.select(Registration.id).where(Registration.event_id == event_id, Registration.id == registration_id)
