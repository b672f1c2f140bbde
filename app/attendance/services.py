"""What is done with the sheet of a sitting. Each verb is one transaction under the lock of the sitting's row: marking
and cancelling the same registration wait for each other, so nobody is both cancelled and attended.

After the sheet was closed each change gives a reason. All verbs may be repeated: what is there already is not written
again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.attendance import ledger, queries, rules
from app.attendance.errors import NamesOrNumbers, NotHeld, NotOnTheList, PartyTooLarge, ReasonNeeded, TooEarly
from app.attendance.models import Attendance, AttendanceSheet, Headcount
from app.attendance.types import Mark, Marked, Presence, WalkIn
from app.events.audiences import Category
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.registrations import places
from app.registrations.models import Registration
from app.registrations.types import Status


@transaction
def mark(  # noqa: PLR0913 one line of the sheet, spelled out
    sitting_id: int,
    registration_id: int,
    status: Presence,
    *,
    people: int | None = None,
    reason: str | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Say whether somebody came, and how many of their party (None: all).

    Raises NotFound, TooEarly, NotHeld, NotOnTheList, PartyTooLarge, ReasonNeeded, NamesOrNumbers.
    """
    sitting, closed = _open_sheet(sitting_id, now)
    registration = _registration(sitting, registration_id)
    if registration.status is not Status.CONFIRMED:
        raise NotOnTheList("この申込みは確定していないため、出欠を入力できません。")
    _check_counted_by_names(sitting_id)
    kept = _marks(sitting_id, [registration_id]).get(registration_id)
    _write(
        sitting,
        registration,
        kept,
        Mark(registration_id, status, people),
        reason=_reason(closed, reason),
        by=by,
        now=now,
    )


@transaction
def undo(sitting_id: int, registration_id: int, *, reason: str | None = None, by: Actor, now: datetime) -> None:
    """Take a mark back; nothing happens where there is none. Raises NotFound, TooEarly, NotHeld, ReasonNeeded."""
    sitting, closed = _open_sheet(sitting_id, now)
    registration = _registration(sitting, registration_id)
    kept = _marks(sitting_id, [registration_id]).get(registration_id)
    _write(sitting, registration, kept, Mark(registration_id, None), reason=_reason(closed, reason), by=by, now=now)


@transaction
def mark_many(sitting_id: int, marks: Sequence[Mark], *, reason: str | None = None, by: Actor, now: datetime) -> Marked:
    """Write a whole sheet at once. A line that somebody else changed since `Mark.seen` is left as it is and reported.

    Raises NotFound, TooEarly, NotHeld, PartyTooLarge, ReasonNeeded, NamesOrNumbers.
    """
    sitting, closed = _open_sheet(sitting_id, now)
    _check_counted_by_names(sitting_id)
    ids = [one.registration_id for one in marks]
    listed = sa.select(Registration).where(Registration.id.in_(ids), Registration.sitting_id == _ledger(sitting))
    registrations = {row.id: row for row in db.session.scalars(listed)}
    kept = _marks(sitting_id, ids)
    changed, stale, gone = [], [], []
    for one in marks:
        registration, before = registrations.get(one.registration_id), kept.get(one.registration_id)
        if registration is None or registration.status is not Status.CONFIRMED:
            gone.append(one.registration_id)
        elif _says(before, one, registration.seats):
            continue
        elif one.seen is not None and one.seen != (before.version if before else 0):
            stale.append(one.registration_id)
        else:
            _write(sitting, registration, before, one, reason=_reason(closed, reason), by=by, now=now)
            changed.append(one.registration_id)
    return Marked(tuple(changed), tuple(stale), tuple(gone))


@transaction
def add_walk_in(sitting_id: int, walk_in: WalkIn, *, reason: str | None = None, by: Actor, now: datetime) -> int:
    """Count somebody who came without registration; the same form sent twice counts once. Returns the line's id.

    Raises NotFound, TooEarly, NotHeld, PartyTooLarge, ReasonNeeded, NamesOrNumbers.
    """
    _sitting, closed = _open_sheet(sitting_id, now)
    if not 1 <= walk_in.people <= rules.LARGEST_WALK_IN:
        raise PartyTooLarge(f"人数は1人から{rules.LARGEST_WALK_IN}人までで入力してください。")
    key = hashlib.sha256(walk_in.entry_key.encode()).hexdigest()
    earlier = db.session.scalar(sa.select(Attendance.id).filter_by(sitting_id=sitting_id, entry_key=key))
    if earlier is not None:
        return earlier
    _check_counted_by_names(sitting_id)
    why = _reason(closed, reason)
    row = Attendance(
        sitting_id=sitting_id,
        name=walk_in.name,
        kana=walk_in.kana,
        category=walk_in.category,
        people=walk_in.people,
        entry_key=key,
        status=Presence.PRESENT,
        marked_at=now,
        marked_by=by.label,
        reason=why or "",
        version=1,
    )
    db.session.add(row)
    db.session.flush()  # the id is the answer
    audit.record("attendance.walk_in_added", "sitting", sitting_id, by=by, at=now, fields=[str(row.id)], reason=why)
    return row.id


@transaction
def remove_walk_in(sitting_id: int, line_id: int, *, reason: str | None = None, by: Actor, now: datetime) -> None:
    """Take a walk-in off the sheet; nothing happens when it is gone.

    Raises NotFound, TooEarly, NotHeld, ReasonNeeded.
    """
    _sitting, closed = _open_sheet(sitting_id, now)
    row = db.session.scalar(sa.select(Attendance).filter_by(id=line_id, sitting_id=sitting_id, registration_id=None))
    if row is None:
        return
    why = _reason(closed, reason)
    db.session.delete(row)
    audit.record("attendance.walk_in_removed", "sitting", sitting_id, by=by, at=now, fields=[str(line_id)], reason=why)


@transaction
def set_headcount(
    sitting_id: int, category: Category, people: int, *, reason: str | None = None, by: Actor, now: datetime
) -> None:
    """Keep how many people of one category came where no names were taken; 0 takes the number back.

    Raises NotFound, TooEarly, NotHeld, ReasonNeeded, NamesOrNumbers.
    """
    _sitting, closed = _open_sheet(sitting_id, now)
    if people and db.session.scalar(sa.select(Attendance.id).filter_by(sitting_id=sitting_id).limit(1)) is not None:
        raise NamesOrNumbers("お名前ごとの出欠が入力されているため、人数だけの記録はできません。")
    row = db.session.get(Headcount, (sitting_id, category))
    if people == (row.people if row else 0):
        return
    why = _reason(closed, reason)
    if row is None:
        db.session.add(Headcount(sitting_id=sitting_id, category=category, people=people))
    elif people:
        row.people = people
    else:
        db.session.delete(row)
    audit.record("attendance.headcount", "sitting", sitting_id, by=by, at=now, fields=[category.value], reason=why)


@transaction
def set_sheet_count(
    sitting_id: int, people: int | None, *, reason: str | None = None, by: Actor, now: datetime
) -> None:
    """Keep how many people were counted on the paper sheet. Raises NotFound, TooEarly, NotHeld, ReasonNeeded."""
    _sitting, closed = _open_sheet(sitting_id, now)
    sheet = _sheet(sitting_id)
    if sheet.sheet_count == people:
        return
    why = _reason(closed, reason)
    sheet.sheet_count = people
    audit.record("attendance.sheet_count", "sitting", sitting_id, by=by, at=now, fields=["sheet_count"], reason=why)


@transaction
def close(sitting_id: int, *, rest: Presence | None = None, by: Actor, now: datetime) -> None:
    """出席確定. Everybody without mark becomes `rest` first, where that was said. A second time changes nothing.

    Raises NotFound, TooEarly, NotHeld, SomeUnmarked, CountDiffers.
    """
    sitting, closed = _open_sheet(sitting_id, now)
    if closed:
        return
    if sitting.starts_at > now:
        raise TooEarly("開始時刻になるまでは、出席を確定できません。")
    if rest is not None:
        for registration in _unmarked(sitting):
            _write(sitting, registration, None, Mark(registration.id, rest), reason=None, by=by, now=now)
        db.session.flush()  # the totals below count these marks
    sheet = _sheet(sitting_id)
    rules.check_complete(queries.totals(sitting_id), sheet.sheet_count)
    sheet.closed_at, sheet.closed_by = now, by.label
    audit.record("attendance.closed", "sitting", sitting_id, by=by, at=now)


def _open_sheet(sitting_id: int, now: datetime) -> tuple[Sitting, bool]:
    """The locked sitting, and whether its sheet was closed."""
    if db.session.scalar(sa.select(Sitting.id).where(Sitting.id == sitting_id)) is None:
        raise NotFound
    sitting, event = places.lock_meeting(sitting_id)
    _check_held(sitting, event, now)
    closed_at = db.session.scalar(sa.select(AttendanceSheet.closed_at).where(AttendanceSheet.sitting_id == sitting_id))
    return sitting, closed_at is not None


def _check_held(sitting: Sitting, event: Event, now: datetime) -> None:
    if event.status not in {EventStatus.PUBLISHED, EventStatus.FINISHED}:
        raise NotHeld("公開していない研修会や中止した研修会では、出欠を入力できません。")
    if not rules.day_has_come(sitting.starts_at, now):
        raise TooEarly("出欠は、開催日になってから入力できます。")


def _check_counted_by_names(sitting_id: int) -> None:
    if db.session.scalar(sa.select(Headcount.people).filter_by(sitting_id=sitting_id).limit(1)) is not None:
        raise NamesOrNumbers(
            "人数だけの記録があるため、お名前ごとの入力はできません。先に人数の記録を0にしてください。"
        )


def _registration(sitting: Sitting, registration_id: int) -> Registration:
    row = db.session.get(Registration, registration_id, populate_existing=True)
    if row is None or row.sitting_id != _ledger(sitting):
        raise NotFound
    return row


def _ledger(sitting: Sitting) -> int:
    """The sitting whose registrations come to this one."""
    return sitting.lead_id or sitting.id


def _marks(sitting_id: int, registration_ids: Sequence[int]) -> dict[int | None, Attendance]:
    kept = sa.select(Attendance).where(
        Attendance.sitting_id == sitting_id, Attendance.registration_id.in_(registration_ids)
    )
    return {row.registration_id: row for row in db.session.scalars(kept)}


def _unmarked(sitting: Sitting) -> Sequence[Registration]:
    marked = sa.select(Attendance.registration_id).where(
        Attendance.registration_id == Registration.id, Attendance.sitting_id == sitting.id
    )
    unmarked = sa.select(Registration).where(
        Registration.sitting_id == _ledger(sitting), Registration.status == Status.CONFIRMED, ~marked.exists()
    )
    return db.session.scalars(unmarked.order_by(Registration.id)).all()


def _sheet(sitting_id: int) -> AttendanceSheet:
    sheet = db.session.get(AttendanceSheet, sitting_id)
    if sheet is None:
        sheet = AttendanceSheet(sitting_id=sitting_id)
        db.session.add(sheet)
    return sheet


def _reason(closed: bool, reason: str | None) -> str | None:
    """The reason to be kept, None while the sheet is open. Raises ReasonNeeded."""
    if closed and not reason:
        raise ReasonNeeded("出席を確定したあとの変更には、理由を入力してください。")
    return reason if closed else None


def _says(row: Attendance | None, wanted: Mark, seats: int) -> bool:
    if row is None or wanted.presence is None:
        return row is None and wanted.presence is None
    return row.status is wanted.presence and row.people == rules.people_who_came(wanted.presence, wanted.people, seats)


def _write(  # noqa: PLR0913 one line of one sheet, spelled out
    sitting: Sitting,
    registration: Registration,
    row: Attendance | None,
    wanted: Mark,
    *,
    reason: str | None,
    by: Actor,
    now: datetime,
) -> None:
    if _says(row, wanted, registration.seats):
        return
    times = ledger.times_elsewhere(registration, sitting) + (wanted.presence is not None and wanted.presence.came)
    registration.attended = times > 0
    if times < ledger.times_needed(places.event_of(sitting)):
        ledger.withdraw(registration.id, reason or "出欠の訂正", by=by, now=now)
    if wanted.presence is None:
        db.session.delete(row)
        audit.record("attendance.undone", "registration", registration.id, by=by, at=now, reason=reason)
        return
    if row is None:
        # Versions start from the clock: a line taken back and written again is not mistaken for the old one.
        start = int(now.timestamp())
        row = Attendance(sitting_id=sitting.id, registration_id=registration.id, version=start)
        db.session.add(row)
    row.status = wanted.presence
    row.people = rules.people_who_came(wanted.presence, wanted.people, registration.seats)
    row.marked_at, row.marked_by, row.reason = now, by.label, reason or ""
    row.version += 1
    audit.record(f"attendance.{wanted.presence.value}", "registration", registration.id, by=by, at=now, reason=reason)
