"""Tables of the events room. `sitting` carries the seat ledger: the database itself forbids overselling."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.audiences import Category
from app.events.checklist import Counting
from app.events.choices import LargeParties, Naming, SittingsTaken, WaitingMode
from app.events.types import Admission, Audience, EventStatus
from app.infra.db import Base, UtcDateTime, words


class Series(Base):
    """A named line of events that runs year after year."""

    __tablename__ = "series"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(100))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    position: Mapped[int] = mapped_column(default=0)


class Venue(Base):
    """A place with what people need to get there."""

    __tablename__ = "venue"
    __table_args__ = (sa.UniqueConstraint("name", "room"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    room: Mapped[str] = mapped_column(sa.String(100), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    access: Mapped[str] = mapped_column(sa.Text, default="")
    parking: Mapped[str] = mapped_column(sa.Text, default="")
    barrier_free: Mapped[str] = mapped_column(sa.Text, default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Event(Base):
    """One event of a series in a fiscal year. `revision` grows with each edit: caches and forms compare it.

    Where places are drawn, an application has one ticket, multiplied by `tickets_first_time` and `tickets_in_city` for
    whom that is true; who is not drawn waits where `draw_waits`, and is declined elsewhere.

    `declines_cancel`: whoever declines in their calendar gives the place up at once, without being asked by mail.
    `hands_on`: a place that was drawn or approved may be handed to another person, as one that was first come may.
    `announces`: subscribers hear of it by mail once it is published; events for staff are never announced so.
    `completed_after`: so many meetings of a course make it complete; None: all of them.
    """

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="window"),
        sa.CheckConstraint("max_companions BETWEEN 0 AND 20", name="max_companions"),
        # Only an offer asks whether fewer seats will do.
        sa.CheckConstraint("large_parties <> 'partial' OR waiting_mode = 'offer'", name="partial"),
        sa.CheckConstraint("tickets_first_time BETWEEN 1 AND 9 AND tickets_in_city BETWEEN 1 AND 9", name="tickets"),
        sa.CheckConstraint(
            "completed_after IS NULL OR (sittings_taken = 'all' AND completed_after >= 1)", name="completed_after"
        ),
        sa.Index(None, "status", "fiscal_year"),
        sa.Index(None, "series_id", "fiscal_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("series.id"))
    fiscal_year: Mapped[int]
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(120))
    title_kana: Mapped[str] = mapped_column(sa.String(240), default="", server_default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[EventStatus] = mapped_column(words(EventStatus, "status"), default=EventStatus.DRAFT)
    audience: Mapped[Audience] = mapped_column(words(Audience, "audience"), default=Audience.RESIDENTS)
    audience_note: Mapped[str] = mapped_column(sa.Text, default="")
    admission: Mapped[Admission] = mapped_column(words(Admission, "admission"), default=Admission.FIRST_COME)
    section: Mapped[str] = mapped_column(sa.String(60))
    organizer: Mapped[str] = mapped_column(sa.String(100), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    contact_fax: Mapped[str] = mapped_column(sa.String(30), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fee: Mapped[str] = mapped_column(sa.String(100), default="")
    bring: Mapped[str] = mapped_column(sa.String(200), default="")
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    max_companions: Mapped[int] = mapped_column(default=0)
    names_companions: Mapped[Naming] = mapped_column(
        words(Naming, "names_companions"), default=Naming.NONE, server_default=Naming.NONE.value
    )
    asks_district: Mapped[bool] = mapped_column(default=False)
    asks_affiliation: Mapped[bool] = mapped_column(default=False)
    asks_needs: Mapped[bool] = mapped_column(default=True)
    asks_address: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    needs_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draw_waits: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    tickets_first_time: Mapped[int] = mapped_column(default=1, server_default="1")
    tickets_in_city: Mapped[int] = mapped_column(default=1, server_default="1")
    waiting_mode: Mapped[WaitingMode] = mapped_column(
        words(WaitingMode, "waiting_mode"), default=WaitingMode.AUTOMATIC, server_default="automatic"
    )
    large_parties: Mapped[LargeParties] = mapped_column(
        words(LargeParties, "large_parties"), default=LargeParties.SKIP, server_default="skip"
    )
    declines_cancel: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    hands_on: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    announces: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    sittings_taken: Mapped[SittingsTaken] = mapped_column(
        words(SittingsTaken, "sittings_taken"), default=SittingsTaken.ONE, server_default=SittingsTaken.ONE.value
    )
    completed_after: Mapped[int | None]
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    series: Mapped[Series] = relationship(lazy="raise_on_sql")
    sittings: Mapped[list[Sitting]] = relationship(
        back_populates="event", lazy="raise_on_sql", order_by="Sitting.starts_at, Sitting.id"
    )


class Sitting(Base):
    """One dated meeting with its seat ledger.

    `seats_taken` counts seats (companions too) of confirmed registrations and those of open offers, `waiting` counts
    registrations in the queue, `queue_counter` numbers them in order of arrival; all three change only through
    registrations.places.
    `revision` grows with each such change, `sequence` with each change of time or place (RFC 5545 SEQUENCE).

    Not everybody may take the seats `kept`: `held_back`, which the organizer gives out, and what allotments keep for
    their audiences. `allotted` says whether there are any, so that nobody asks for them in vain.

    The meetings of a course have one ledger, that of the first, which `lead_id` of the others names: who has a place
    there comes to all of them. `meeting_no` numbers them in the order they were planned and stays.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        sa.CheckConstraint("seats_taken >= 0 AND (capacity IS NULL OR seats_taken + kept <= capacity)", name="seats"),
        sa.CheckConstraint("held_back >= 0 AND kept >= held_back", name="kept"),
        sa.CheckConstraint("capacity IS NOT NULL OR kept = 0", name="kept_of_something"),
        sa.CheckConstraint("waiting >= 0", name="waiting"),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        sa.CheckConstraint("starts_at < ends_at", name="period"),
        sa.CheckConstraint(
            "lead_id IS NULL OR (lead_id <> id AND capacity IS NULL AND seats_taken = 0 AND waiting = 0)", name="lead"
        ),
        sa.CheckConstraint("meeting_no >= 1", name="meeting_no"),
        sa.Index(None, "event_id"),
        sa.Index(None, "starts_at"),
        sa.Index(None, "lead_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    label: Mapped[str] = mapped_column(sa.String(60), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"))
    capacity: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    held_back: Mapped[int] = mapped_column(default=0, server_default="0")
    kept: Mapped[int] = mapped_column(default=0, server_default="0")
    allotted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sitting.id"))
    meeting_no: Mapped[int] = mapped_column(default=1, server_default="1")
    waiting: Mapped[int] = mapped_column(default=0)
    queue_counter: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="sittings", lazy="raise_on_sql")
    venue: Mapped[Venue | None] = relationship(lazy="raise_on_sql")


class Allotment(Base):
    """Seats of a sitting that are kept for an audience until `releases_at`; what is unused then is for everybody.

    `taken` counts the seats that its registrations have or are offered, also past `places` and after the release; it
    changes only through registrations.places.
    """

    __tablename__ = "allotment"
    __table_args__ = (
        sa.CheckConstraint("places >= 1", name="places"),
        sa.CheckConstraint("taken >= 0", name="taken"),
        sa.Index(None, "released_at", "releases_at"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    category: Mapped[Category] = mapped_column(words(Category, "category"), primary_key=True)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    releases_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GuestQuota(Base):
    """How many staff of other municipalities a sitting takes, inside its capacity; no row: none.

    `taken` counts those who asked and were neither turned down nor gave up; it changes only through
    registrations.places.
    """

    __tablename__ = "guest_quota"
    __table_args__ = (sa.CheckConstraint("taken >= 0 AND taken <= places", name="places"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class Draw(Base):
    """The draw of an event whose places are drawn (抽選): one, from the day it is published.

    `seed` stays secret until the draw; `commitment`, its SHA-256, is public from the start. `list_hash` is the SHA-256
    of the list of entries at closing time. What is set once is never set again.
    """

    __tablename__ = "draw"
    __table_args__ = (
        sa.CheckConstraint("(frozen_at IS NULL) = (list_hash = '')", name="frozen"),
        sa.CheckConstraint("(drawn_at IS NULL) = (drawn_by = '')", name="drawn"),
        sa.CheckConstraint("drawn_at IS NULL OR drawn_at >= frozen_at", name="times"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True, autoincrement=False)
    seed: Mapped[str] = mapped_column(sa.String(64))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    committed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    list_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str] = mapped_column(sa.String(100), default="")


class AgendaItem(Base):
    """An entry of the programme; entries nest."""

    __tablename__ = "agenda_item"
    __table_args__ = (sa.Index(None, "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(40), default="")
    title: Mapped[str] = mapped_column(sa.String(200))


class Speaker(Base):
    """Who speaks, at one entry of the programme or (no entry) at the whole event."""

    __tablename__ = "speaker"
    __table_args__ = (sa.Index(None, "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    agenda_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    affiliation: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(60), default="")


class Handout(Base):
    """A file that belongs to an event; `file_key` is its random name in the storage."""

    __tablename__ = "handout"
    __table_args__ = (sa.UniqueConstraint("file_key"), sa.Index(None, "event_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    title: Mapped[str] = mapped_column(sa.String(120))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(sa.String(40))


class EventWording(Base):
    """What an event says otherwise in one kind of message; without a row it reads as the standard text does."""

    __tablename__ = "event_wording"
    __table_args__ = (
        sa.CheckConstraint("subject <> '' OR opening <> '' OR closing <> ''", name="said"),
        # Where the standard sentences go, something stands in their place.
        sa.CheckConstraint("standard OR opening <> ''", name="standard"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(80))
    opening: Mapped[str] = mapped_column(sa.Text)
    closing: Mapped[str] = mapped_column(sa.Text)
    standard: Mapped[bool]


class EventSender(Base):
    """In whose name an event's messages are sent and where answers go; empty: as for every event of the section."""

    __tablename__ = "event_sender"
    __table_args__ = (sa.CheckConstraint("name <> '' OR reply_to <> ''", name="chosen"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(40))
    reply_to: Mapped[str] = mapped_column(sa.String(254))


class EventQuestion(Base):
    """What an event asks of whoever applies, beside name and contact. `definition` is a questions.types.Question.

    `retired_at`: it is no longer asked, but there are answers to it, which stay. `key` never changes and names the
    control of the public form.
    """

    __tablename__ = "event_question"
    __table_args__ = (sa.UniqueConstraint("event_id", "key"), sa.CheckConstraint("place >= 0", name="place"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    place: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedQuestion(Base):
    """A question that a section keeps to ask it again at other events."""

    __tablename__ = "saved_question"
    __table_args__ = (sa.UniqueConstraint("section", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(sa.String(60))
    label: Mapped[str] = mapped_column(sa.String(100))
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChecklistStep(Base):
    """Something the organizer does for an event. Its day is counted from the sittings and moves with them.

    `done_by` is the name that the audit log shows; it goes with the event.
    """

    __tablename__ = "checklist_step"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "key"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("days BETWEEN -365 AND 365", name="days"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by = '')", name="done"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    key: Mapped[str | None] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    days: Mapped[int]
    counting: Mapped[Counting] = mapped_column(words(Counting, "counting"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str] = mapped_column(sa.String(100), default="")


class EventCopy(Base):
    """The first copy of an event in a fiscal year, so that moving into the year twice makes no second one."""

    __tablename__ = "event_copy"
    __table_args__ = (sa.UniqueConstraint("event_id"),)

    source_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
