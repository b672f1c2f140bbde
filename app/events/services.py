"""What organizers do with an event until it is over. Each verb is one transaction and leaves an audit entry.

What concerns people who registered (another time or place, fewer seats, calling off) stands in registrations.meetings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.events import (
    admission,
    asking,
    carrying,
    checklist,
    copying,
    courses,
    draws,
    editing,
    mailing,
    preparing,
    queries,
    readiness,
    steps,
)
from app.events.copying import EVERYTHING, Part
from app.events.drafts import Basics
from app.events.errors import NotEditable, NotReady, SlugTaken
from app.events.models import (
    AgendaItem,
    Allotment,
    ChecklistStep,
    Event,
    EventCopy,
    EventQuestion,
    GuestQuota,
    Handout,
    Series,
    Sitting,
    Speaker,
)
from app.events.types import Admission, AgendaRow, EventRow, EventStatus, SpeakerRow
from app.infra import audit
from app.infra.db import after_commit, db, transaction
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor


@transaction
def create_draft(basics: Basics, *, section: str, by: Actor, now: datetime) -> int:
    """A new draft of `section`; returns its id. Raises SlugTaken, WrongWindow, NotFound for an unknown series."""
    event = _new(basics, section, now)
    audit.record("event.created", "event", event.id, by=by, at=now)
    return event.id


@transaction
def edit(event_id: int, basics: Basics, *, revision: int, by: Actor, now: datetime) -> None:
    """Say it otherwise. `revision` is the one the form was opened with. Raises what editing.change() raises."""
    editing.change(event_id, basics, revision=revision, by=by, now=now)


@transaction
def set_agenda(
    event_id: int,
    agenda: Sequence[AgendaRow],
    speakers: Sequence[SpeakerRow],
    *,
    revision: int,
    by: Actor,
    now: datetime,
) -> None:
    """Replace programme and speakers; `speakers` are those of the whole event. Raises NotFound, ChangedMeanwhile."""
    editing.locked(event_id, revision)
    _forget_programme(event_id)
    _add_programme(event_id, agenda, speakers)
    steps.touch(event_id, now=now)
    audit.record("event.edited", "event", event_id, by=by, at=now, fields=["agenda", "speakers"])


@transaction
def publish(event_id: int, *, by: Actor, now: datetime) -> None:
    """Show a draft to everybody; what is left to prepare is listed from then on, unless it was before.

    Raises NotFound, NotEditable, NotReady naming what is missing.
    """
    event = editing.locked(event_id)
    if event.status is not EventStatus.DRAFT:
        raise NotEditable("公開できるのは下書きだけです。")
    row = queries.by_id(event_id)
    lacking = readiness.missing(row, now)
    if lacking:
        raise NotReady(f"公開する前に、次の項目を入力してください：{'、'.join(lacking)}。")
    event.status, event.published_at = EventStatus.PUBLISHED, now
    if event.admission is Admission.LOTTERY:
        draws.commit(event_id, now=now)
    if not preparing.begun(event_id):
        preparing.lay(event_id, checklist.left(row, local_date(now)))
    preparing.mark_done(event_id, checklist.PUBLISH, by=by, now=now)
    steps.touch(event_id, now=now)
    audit.record("event.published", "event", event_id, by=by, at=now)


@transaction
def finish(event_id: int, *, by: Actor, now: datetime) -> None:
    """Put a past event away. Raises NotFound, NotEditable, NotReady before its last sitting is over."""
    event = editing.locked(event_id)
    if event.status is not EventStatus.PUBLISHED:
        raise NotEditable("終了にできるのは、公開中の研修会・講座だけです。")
    last = db.session.scalar(sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.event_id == event_id))
    if last is not None and last > now:
        raise NotReady("まだ終わっていない回があります。すべての回が終わってから、終了にしてください。")
    event.status = EventStatus.FINISHED
    steps.touch(event_id, now=now)
    audit.record("event.finished", "event", event_id, by=by, at=now)


@transaction
def copy_from_last_year(
    event_id: int,
    *,
    first_date: date | None = None,
    parts: frozenset[Part] = EVERYTHING,
    by: Actor,
    now: datetime,
) -> int:
    """A draft like another event, a year later; returns its id. Registrations and handouts never come along, the
    checklist does, with nothing ticked, and so do the questions, and the words and the sender of its messages.

    The first sitting falls on `first_date`, or on the nearest day with the same weekday in the coming fiscal year; all
    other times keep their distance to it. Raises NotFound.
    """
    old = queries.by_id(event_id)
    year, shift = copying.when(old, first_date, now=now)
    return _copy(old, year, shift, parts, by=by, now=now)


@transaction
def carry(year: int, section: str, chosen: Collection[int], *, by: Actor, now: datetime) -> int:
    """Make drafts in `year` of those of a section's trainings that are chosen; returns how many.

    What carrying.plan() leaves out is left out here too, so that a second time makes nothing.
    """
    db.session.execute(sa.select(Event.id).filter_by(fiscal_year=year - 1, section=section).with_for_update())
    moves = [move for move in carrying.plan(year, section).moved if move.event.id in chosen]
    for move in moves:
        _copy(move.event, year, move.shift, EVERYTHING, by=by, now=now)
    return len(moves)


@transaction
def delete_draft(event_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a draft away with all that hangs on it.

    Raises NotFound, NotEditable for anything but a draft, and for one that something else rests on.
    """
    event = editing.locked(event_id)
    if event.status is not EventStatus.DRAFT:
        raise NotEditable("削除できるのは下書きだけです。公開したものは「中止」にしてください。")
    keys = list(db.session.scalars(sa.select(Handout.file_key).where(Handout.event_id == event_id)))
    _forget_programme(event_id)
    mailing.forget(event_id)
    of_event = sa.select(Sitting.id).where(Sitting.event_id == event_id)
    for of_sitting in (GuestQuota, Allotment):
        db.session.execute(sa.delete(of_sitting).where(of_sitting.sitting_id.in_(of_event)))
    for table in (Handout, Sitting, ChecklistStep, EventQuestion, EventCopy):
        db.session.execute(sa.delete(table).where(table.event_id == event_id))
    db.session.execute(sa.delete(EventCopy).where(EventCopy.source_id == event_id))
    try:
        db.session.execute(sa.delete(Event).where(Event.id == event_id))
    except IntegrityError as error:  # higher rooms point to events, and the database knows which
        raise NotEditable("必修研修の対象になっているため、削除できません。先に、その登録を変えてください。") from error
    audit.record("event.deleted", "event", event_id, by=by, at=now)
    after_commit(lambda: _forget_files(keys))


def _copy(old: EventRow, year: int, shift: timedelta, parts: frozenset[Part], *, by: Actor, now: datetime) -> int:
    series_id = db.session.scalars(sa.select(Event.series_id).where(Event.id == old.id)).one()
    event = _new(copying.basics(old, series_id=series_id, year=year, shift=shift), old.section, now)
    for plan in copying.plans(old, shift, parts):
        steps.add_sitting(event.id, plan)
    courses.settle(event)
    _add_programme(event.id, *copying.programme(old.agenda, old.speakers, parts))
    preparing.carry(old.id, event.id)
    mailing.carry(old, event.id, year)
    asking.carry(old.asked, event.id)
    if db.session.get(EventCopy, (old.id, year)) is None:
        db.session.add(EventCopy(source_id=old.id, fiscal_year=year, event_id=event.id))
    audit.record("event.copied", "event", event.id, by=by, at=now, fields=sorted(parts), reason=f"event:{old.id}")
    return event.id


def _new(basics: Basics, section: str, now: datetime) -> Event:
    editing.check_window(basics)
    admission.check_waiting(basics)
    series = db.session.get(Series, basics.series_id)
    if series is None:
        raise NotFound
    values = asdict(basics)
    if basics.slug:
        editing.check_slug(basics.slug, None)
    else:
        values["slug"] = _free_slug(series.slug, basics)
    event = Event(**values, section=section, created_at=now, updated_at=now)
    db.session.add(event)
    db.session.flush()  # sittings, programme and the audit entry need the id
    return event


def _free_slug(series_slug: str, basics: Basics) -> str:
    """2026-chiiki-1; a letter is added where that is taken."""
    stem = f"{basics.fiscal_year}-{series_slug}" + (f"-{basics.number}" if basics.number else "")
    taken = set(db.session.scalars(sa.select(Event.slug).where(Event.slug.startswith(stem, autoescape=True))))
    candidates = (stem, *(f"{stem}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
    free = next((slug for slug in candidates if slug not in taken), None)
    if free is None:
        raise SlugTaken("自動で付けられるアドレスが足りません。ページのアドレスを入力してください。")
    return free


def _forget_programme(event_id: int) -> None:
    db.session.execute(sa.delete(Speaker).where(Speaker.event_id == event_id))
    # Children point to their parents: SQLite checks each row as it goes, so the links go first.
    db.session.execute(sa.update(AgendaItem).where(AgendaItem.event_id == event_id).values(parent_id=None))
    db.session.execute(sa.delete(AgendaItem).where(AgendaItem.event_id == event_id))


def _add_programme(event_id: int, agenda: Sequence[AgendaRow], speakers: Sequence[SpeakerRow]) -> None:
    _add_items(event_id, None, agenda)
    _add_speakers(event_id, None, speakers)


def _add_items(event_id: int, parent_id: int | None, items: Sequence[AgendaRow]) -> None:
    for position, row in enumerate(items):
        item = AgendaItem(event_id=event_id, parent_id=parent_id, position=position, kind=row.kind, title=row.title)
        db.session.add(item)
        db.session.flush()  # what stands below the entry needs its id
        _add_speakers(event_id, item.id, row.speakers)
        _add_items(event_id, item.id, row.items)


def _add_speakers(event_id: int, item_id: int | None, speakers: Sequence[SpeakerRow]) -> None:
    for position, row in enumerate(speakers):
        db.session.add(
            Speaker(
                event_id=event_id,
                agenda_item_id=item_id,
                position=position,
                name=row.name,
                affiliation=row.affiliation,
                title=row.title,
            )
        )


def _forget_files(keys: Sequence[str]) -> None:
    for key in keys:
        storage.delete(key)
