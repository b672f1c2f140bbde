"""Tables of the registrations room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.events.audiences import Category
from app.events.models import EventQuestion
from app.infra.db import Base, UtcDateTime, words
from app.kernel.types import JSON
from app.org.models import StaffMember
from app.registrations.types import Answer, CallOutcome, Channel, Lot, OfferState, SeatOfferState, Status

_OPEN = sa.text("state = 'open'")
_HELD = sa.text("staff_member_id IS NOT NULL AND status <> 'cancelled'")


class Registration(Base):
    """One person's (or family's) place at one sitting, or their place in its queue.

    `queue_no` orders the waiting list and is kept after promotion. `sequence` is the SEQUENCE of its calendar object
    (RFC 5546). `link_hash` is the SHA-256 of the secret link; `link_nonce` lets the link be made again.
    `attended` is set by the attendance room for those who were seen at the sitting, or at a meeting of its course.
    `staff_member_id` is set where a member of staff takes part as such. Registrations for several sittings of one
    event that were made together share a `sign_up`.
    """

    __tablename__ = "registration"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("link_hash"),
        sa.UniqueConstraint("event_id", "submission_key"),
        sa.UniqueConstraint("sitting_id", "queue_no"),
        sa.CheckConstraint("companions >= 0", name="companions"),
        sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL OR status = 'cancelled'", name="contact"),
        sa.CheckConstraint("postcode = '' OR (length(postcode) = 7 AND address <> '')", name="postcode"),
        sa.CheckConstraint("status <> 'waitlisted' OR queue_no IS NOT NULL", name="queue"),
        sa.CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        # Nobody is both cancelled and attended, whichever of the two came first.
        sa.CheckConstraint("status = 'confirmed' OR NOT attended", name="attended"),
        # A member of staff takes one place of an event at a time, whoever registers them.
        sa.Index("uq_registration_staff_member", "event_id", "staff_member_id", unique=True,
                 sqlite_where=_HELD, postgresql_where=_HELD),
        sa.Index(None, "event_id", "status", "id"),
        sa.Index(None, "sitting_id", "status", "queue_no"),
        sa.Index(None, "email_mark"),
        sa.Index(None, "phone_mark"),
        sa.Index(None, "sign_up"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    staff_member_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StaffMember.id))
    reference: Mapped[str] = mapped_column(sa.String(8))
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[Status] = mapped_column(words(Status, "status"))
    channel: Mapped[Channel] = mapped_column(words(Channel, "channel"))
    category: Mapped[Category] = mapped_column(words(Category, "category"))
    name: Mapped[str] = mapped_column(sa.String(80))
    kana: Mapped[str] = mapped_column(sa.String(80))
    kana_order: Mapped[str] = mapped_column(sa.String(240))
    search: Mapped[str] = mapped_column(sa.Text)
    email_mark: Mapped[str | None] = mapped_column(sa.String(64))
    phone_mark: Mapped[str | None] = mapped_column(sa.String(64))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    postcode: Mapped[str] = mapped_column(sa.String(7), default="", server_default="")
    address: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    companions: Mapped[int]
    district: Mapped[str] = mapped_column(sa.String(60))
    affiliation: Mapped[str] = mapped_column(sa.String(100))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    submission_key: Mapped[str] = mapped_column(sa.String(64))
    submission_digest: Mapped[str] = mapped_column(sa.String(64))
    possible_duplicate: Mapped[bool] = mapped_column(default=False)
    first_time: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    in_city: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    attended: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    sign_up: Mapped[str | None] = mapped_column(sa.String(24))
    queue_no: Mapped[int | None]
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    reminded_for: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def seats(self) -> int:
        """Seats this registration takes or waits for."""
        return 1 + self.companions


class RegistrationNeeds(Base):
    """What somebody needs to take part: its own table, so that few queries ever read it and it can be deleted first."""

    __tablename__ = "registration_needs"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), primary_key=True)
    sign_language: Mapped[bool]
    captioning: Mapped[bool]
    wheelchair: Mapped[bool]
    childcare: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(400))


class RegistrationAnswer(Base):
    """The answer of one person to one question of the event. `person` 0 is the applicant, 1 the first companion.

    `value` is what app.questions stores, `lines` what was typed beside options, by their keys. It goes with its
    registration; a question that somebody answered cannot be deleted.
    """

    __tablename__ = "registration_answer"
    __table_args__ = (sa.CheckConstraint("person >= 0", name="person"), sa.Index(None, "question_id"))

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(EventQuestion.id), primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[Any] = mapped_column(sa.JSON)
    lines: Mapped[dict[str, str]] = mapped_column(sa.JSON)


class AnswerFile(Base):
    """A file that answers a question. `key` names it in the answer and in the form; `file_key` in the storage.

    Without a registration nobody has it yet or any more: answering.sweep() deletes it after a day.
    """

    __tablename__ = "answer_file"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("file_key"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index(None, "registration_id", "uploaded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(EventQuestion.id))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(sa.String(40))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Guest(Base):
    """Somebody of another municipality's staff, who counts against the sitting's guest quota. Goes with its
    registration."""

    __tablename__ = "guest"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    municipality: Mapped[str] = mapped_column(sa.String(40))


class BulkMessage(Base):
    """A message of an organizer to many who registered for an event: a draft until it is sent, once.

    `recipients` says who gets it, as recipients.Group writes it. A test mail of just this text comes first: a change
    of text or files takes `tested_at` back. `version` grows with each change.
    """

    __tablename__ = "bulk_message"
    __table_args__ = (
        sa.CheckConstraint("(sent_at IS NULL) = (sent_by = '')", name="sent"),
        sa.CheckConstraint("sent_at IS NULL OR tested_at IS NOT NULL", name="tested"),
        sa.CheckConstraint("subject <> '' AND body <> ''", name="said"),
        sa.Index(None, "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    subject: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    recipients: Mapped[dict[str, JSON]] = mapped_column(sa.JSON)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(100))
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by: Mapped[str] = mapped_column(sa.String(100), default="")


class BulkAttachment(Base):
    """A file that goes along with a message to many; `file_key` is its random name in the storage."""

    __tablename__ = "bulk_attachment"
    __table_args__ = (sa.UniqueConstraint("file_key"), sa.Index(None, "bulk_message_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_message_id: Mapped[int] = mapped_column(sa.ForeignKey("bulk_message.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(sa.String(40))


class BulkRecipient(Base):
    """Somebody who was told by a message to many, and the outbox row that tells them: each person once.

    The row goes with the registration.
    """

    __tablename__ = "bulk_recipient"
    __table_args__ = (sa.UniqueConstraint("outbound_message_id"), sa.Index(None, "registration_id"))

    bulk_message_id: Mapped[int] = mapped_column(
        sa.ForeignKey("bulk_message.id"), primary_key=True, autoincrement=False
    )
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    outbound_message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbound_message.id", ondelete="CASCADE"))


class DrawEntry(Base):
    """One application as it stood at the closing time of a draw, and what the draw brought it.

    `reference`, `sitting_id`, `seats` and `tickets` are copies that never change: their list was hashed and published.
    `rank` counts from 1 in the order of the draw within the sitting. It goes with its registration.
    """

    __tablename__ = "draw_entry"
    __table_args__ = (
        sa.CheckConstraint("seats >= 1 AND tickets >= 1", name="counts"),
        sa.CheckConstraint("(rank IS NULL) = (lot IS NULL)", name="drawn"),
        sa.UniqueConstraint("sitting_id", "rank"),
        sa.Index(None, "event_id"),
    )

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    reference: Mapped[str] = mapped_column(sa.String(8))
    seats: Mapped[int]
    tickets: Mapped[int]
    rank: Mapped[int | None]
    lot: Mapped[Lot | None] = mapped_column(words(Lot, "lot"))


class DrawSeats(Base):
    """How many seats of a sitting were drawn; without a number: as many as asked."""

    __tablename__ = "draw_seats"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    seats: Mapped[int | None]


class SeatOffer(Base):
    """Seats that are held for somebody who waited, until they answer or `answer_by` is over.

    `seats` may be fewer than the party, where the event allows that. `settled_by` is who answered, as the audit log
    names them. It goes with its registration.
    """

    __tablename__ = "seat_offer"
    __table_args__ = (
        sa.CheckConstraint("seats >= 1", name="seats"),
        sa.CheckConstraint("answer_by > made_at", name="window"),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("(state = 'open') = (settled_by = '')", name="settled_by"),
        # Nobody holds seats twice.
        sa.Index("uq_seat_offer_open", "registration_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_seat_offer_due", "answer_by", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index(None, "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    seats: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[SeatOfferState] = mapped_column(words(SeatOfferState, "state"), default=SeatOfferState.OPEN)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(sa.String(100), default="")


class WaitingCall(Base):
    """A call to somebody who waits for a seat or was offered one, and what came of it; goes with its registration."""

    __tablename__ = "waiting_call"
    __table_args__ = (sa.Index(None, "registration_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_by: Mapped[str] = mapped_column(sa.String(100))
    outcome: Mapped[CallOutcome] = mapped_column(words(CallOutcome, "outcome"))


class SwapOffer(Base):
    """Somebody asks a colleague to swap sittings of one event, one for one.

    The sittings are those of the time it was made: it can be answered only while both still have just these. It goes
    with the registrations it names.
    """

    __tablename__ = "swap_offer"
    __table_args__ = (
        sa.CheckConstraint("giver_id <> taker_id", name="two"),
        sa.CheckConstraint("giver_sitting_id <> taker_sitting_id", name="sittings"),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        # Nobody asks two colleagues at the same time: both could say yes.
        sa.Index("uq_swap_offer_open", "giver_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index(None, "taker_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    taker_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    giver_sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    taker_sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    state: Mapped[OfferState] = mapped_column(words(OfferState, "state"), default=OfferState.OPEN)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Substitution(Base):
    """A colleague of the same section comes in the place of the officer, whose registration stays as it is (代理出席).

    A mark on the sheet then says that the colleague came. The row goes with the registration.
    """

    __tablename__ = "substitution"
    __table_args__ = (sa.Index(None, "staff_member_id"),)

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey(StaffMember.id))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def calendar_name(self) -> str:
        """What the UID of the colleague's calendar entry begins with: another one for each time somebody is named."""
        return f"substitute-{self.registration_id}-{self.staff_member_id}-{self.named_at:%Y%m%d%H%M%S%f}"


class CalendarReply(Base):
    """The last answer of somebody's calendar to their invitation: what it said, about which revision, and when.

    `sequence` and `stamp_at` are the answer's SEQUENCE and DTSTAMP (RFC 5546, 2.1.5): an older one that arrives later
    is passed over. The row goes with the registration.
    """

    __tablename__ = "calendar_reply"
    __table_args__ = (sa.CheckConstraint("sequence >= 0", name="sequence"),)

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    answer: Mapped[Answer] = mapped_column(words(Answer, "answer"))
    sequence: Mapped[int]
    stamp_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
