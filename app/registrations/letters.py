"""Reading what is told without e-mail: letters to print, calls to make, and what a letter says.

Whether one still makes sense is decided when it is looked at: people cancel while it waits for the printer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts.types import Scope
from app.delivery import letters
from app.delivery.types import AttemptRow, BatchRow, PaperRow
from app.documents.qr import qr_svg
from app.documents.types import LetterSheet, PostcardSheet
from app.events import queries as events
from app.events.models import Event, Sitting
from app.events.types import EventRow
from app.infra.db import db
from app.kernel.japanese_dates import date_text, period_text
from app.kernel.text import postcode_text
from app.registrations import queries
from app.registrations.correspondence import reached, registration_of, threads_of
from app.registrations.models import Registration
from app.registrations.renderings import on_paper, own_page
from app.registrations.rules import paper_wanted
from app.registrations.said import Said
from app.registrations.types import RegistrationRow, Status

TOPIC = "event:"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message without e-mail and whom it is about; `wanted` is False once it was overtaken."""

    message: PaperRow
    person: RegistrationRow
    token: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One person to telephone: every message that waits for it, what to say, and the calls that were tried."""

    person: RegistrationRow
    message_ids: tuple[int, ...]
    titles: tuple[str, ...]
    words: tuple[str, ...]
    tried: tuple[AttemptRow, ...]


@dataclass(frozen=True, slots=True)
class PaperWork:
    """What waits of one event: letters without a batch, batches that are not posted, calls."""

    event_id: int
    title: str
    starts_at: datetime | None
    letters: int
    batches: int
    calls: int


def waiting(event_id: int, *, now: datetime) -> list[Letter]:
    """The letters of an event that no batch holds, oldest first."""
    return _with_people(letters.waiting(threads_of(event_id)), now)


def of_batch(batch_id: int, *, now: datetime) -> list[Letter]:
    """The letters of a batch, oldest first."""
    return _with_people(letters.in_batch(batch_id), now)


def batches(event_id: int) -> list[BatchRow]:
    """The batches of an event, newest first."""
    return letters.batches([topic_of(event_id)])


def batch(batch_id: int) -> BatchRow:
    """One batch. Raises NotFound."""
    return letters.batch(batch_id)


def event_of(held: BatchRow) -> int:
    """The event whose letters a batch holds."""
    return int(held.topic.removeprefix(TOPIC))


def topic_of(event_id: int) -> str:
    """How batches name their event."""
    return f"{TOPIC}{event_id}"


def sheets(batch_id: int, *, now: datetime) -> list[LetterSheet]:
    """The letters of a batch as they are printed now, in order of reading; what was overtaken is left out."""
    held, found = batch(batch_id), of_batch(batch_id, now=now)
    event = events.by_id(event_of(held))
    printed = sorted((one for one in found if one.wanted), key=lambda one: one.person.details.kana)
    said = Said(event.id)
    return [_sheet(one, event, held.made_at, said) for one in printed]


def postcards(batch_id: int, *, now: datetime) -> list[PostcardSheet]:
    """The same letters as postcards: what anybody may read, and neither the words of the message nor the link."""
    held, found = batch(batch_id), of_batch(batch_id, now=now)
    event = events.by_id(event_of(held))
    printed = sorted((one for one in found if one.wanted), key=lambda one: one.person.details.kana)
    return [_postcard(one, event) for one in printed]


def calls(event: EventRow, *, now: datetime) -> tuple[list[Call], list[int]]:
    """Whom to telephone about an event, by sitting and reading; and the messages that no longer make sense."""
    found = _with_people(letters.to_call(threads_of(event.id)), now)
    tried = letters.calls_of([one.message.id for one in found])
    people: dict[int, list[Letter]] = {}
    for one in found:
        if one.wanted:
            people.setdefault(one.person.id, []).append(one)
    said = Said(event.id)
    by_person = [_call(own, event, tried, said) for own in people.values()]
    by_person.sort(key=lambda call: (call.person.starts_at, call.person.details.kana))
    return by_person, [one.message.id for one in found if not one.wanted]


def paper_work(scope: Scope) -> list[PaperWork]:
    """The events in `scope` of which something waits to be printed, posted or said; the next ones first."""
    threads = reached(scope)
    to_print, to_say = (_by_event(found) for found in (letters.waiting(threads), letters.to_call(threads)))
    held = letters.unposted()
    unposted = {int(topic.removeprefix(TOPIC)): number for topic, number in held.items()}
    rows = db.session.execute(
        sa.select(Event.id, Event.title, sa.func.min(Sitting.starts_at).label("starts_at"))
        .outerjoin(Sitting, Sitting.event_id == Event.id)
        .where(Event.id.in_({*to_print, *to_say, *unposted}), _in_scope(scope))
        .group_by(Event.id, Event.title)
        .order_by(sa.literal_column("starts_at"), Event.id)
    )
    return [PaperWork(*row, to_print.get(row.id, 0), unposted.get(row.id, 0), to_say.get(row.id, 0)) for row in rows]


def _in_scope(scope: Scope) -> sa.ColumnElement[bool]:
    return Event.section == scope.section if scope.event_ids is None else Event.id.in_(scope.event_ids)


def _by_event(found: Sequence[PaperRow]) -> dict[int, int]:
    ids = [registration_of(one.thread) for one in found]
    wanted = sa.select(Registration.id, Registration.event_id).where(Registration.id.in_(ids))
    owner = {row.id: row.event_id for row in db.session.execute(wanted)}
    numbers: dict[int, int] = {}
    for registration_id in ids:
        numbers[owner[registration_id]] = numbers.get(owner[registration_id], 0) + 1
    return numbers


def _with_people(found: Sequence[PaperRow], now: datetime) -> list[Letter]:
    people = queries.with_links([registration_of(one.thread) for one in found])
    rows = []
    for one in found:
        person, token = people[registration_of(one.thread)]
        kind = one.kind.removeprefix("registration.")
        rows.append(Letter(one, person, token, paper_wanted(kind, person.status, person.starts_at, now)))
    return rows


def _call(own: Sequence[Letter], event: EventRow, tried: dict[int, list[AttemptRow]], said: Said) -> Call:
    """What to say is what the newest message says: it is written from what is known now."""
    newest, person = own[-1].message, own[-1].person
    attempts = sorted((a for one in own for a in tried.get(one.message.id, ())), key=lambda a: a.at)
    # One call about several messages stands with each of them.
    calls_made = {(a.at, a.outcome): a for a in attempts}
    return Call(
        person,
        tuple(one.message.id for one in own),
        tuple(one.message.title for one in own),
        tuple(on_paper(newest.kind, newest.payload, person, event, said.of(newest))),
        tuple(calls_made.values()),
    )


def _sheet(letter: Letter, event: EventRow, made_at: datetime, said: Said) -> LetterSheet:
    person, details, message = letter.person, letter.person.details, letter.message
    facts = [("研修会名", event.full_title), ("受付番号", person.reference_text), *_when_and_where(person, event)]
    facts.append(("人数", f"{details.seats}人"))
    if person.status is Status.CONFIRMED and event.bring:
        facts.append(("持ち物", event.bring))
    return LetterSheet(
        postcode=postcode_text(details.postcode) if details.postcode else "",
        address=tuple(details.address.splitlines()),
        name=details.name,
        sender=_sender(event),
        contact=_contact(event),
        date=date_text(made_at),
        number=person.reference_text,
        title=said.title_of(message, person, event),
        paragraphs=tuple(on_paper(message.kind, message.payload, person, event, said.of(message))),
        facts=tuple(facts),
        qr="" if person.status.is_over else qr_svg(own_page(letter.token), title="申込みのページ"),
    )


def _postcard(letter: Letter, event: EventRow) -> PostcardSheet:
    person, details = letter.person, letter.person.details
    sitting = next(s for s in event.sittings if s.id == person.sitting_id)
    meetings = event.meetings_of(person.sitting_id)
    facts = [("研修会名", event.full_title), ("受付番号", person.reference_text)]
    facts += [("日時", f"{one.label}　{period_text(one.starts_at, one.ends_at)}".strip()) for one in meetings]
    if sitting.venue:
        facts.append(("会場", sitting.venue.full_name))
    return PostcardSheet(
        postcode=details.postcode,
        address=tuple(details.address.splitlines()),
        name=details.name,
        sender=_sender(event),
        title=letter.message.title,
        facts=tuple(facts),
        contact=_contact(event),
    )


def _when_and_where(person: RegistrationRow, event: EventRow) -> list[tuple[str, str]]:
    """Each meeting that they come to, and where it is if not where the one before was."""
    facts, before = [], None
    for sitting in event.meetings_of(person.sitting_id):
        if sitting.label:
            facts.append(("回", sitting.label))
        facts.append(("日時", period_text(sitting.starts_at, sitting.ends_at)))
        if sitting.venue and sitting.venue != before:
            facts.append(("会場", "　".join(filter(None, (sitting.venue.full_name, sitting.venue.address)))))
        before = sitting.venue
    return facts


def _contact(event: EventRow) -> str:
    ways = (("電話", event.contact_phone), ("FAX", event.contact_fax))
    return "　".join([event.section, *(f"{word} {value}" for word, value in ways if value)])


def _sender(event: EventRow) -> tuple[str, ...]:
    organizer = event.organizer or "倉敷市"
    return (organizer,) if event.section in organizer else (organizer, event.section)
