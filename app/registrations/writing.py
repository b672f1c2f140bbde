"""What organizers do with a message to many: write it, put files beside it, try it on themselves, send it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.delivery import outbox, placeholders
from app.delivery.models import OutboundMessage
from app.delivery.types import Message
from app.documents import sniffing
from app.events import queries as events
from app.events.drafts import Upload
from app.events.types import EventRow, EventStatus
from app.events.wordings import PLACEHOLDERS
from app.infra import audit
from app.infra.db import after_commit, db, transaction
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.registrations.bulk import LARGEST_FILES, MOST_FILES
from app.registrations.errors import BulkChanged, BulkSent, GroupChanged, NobodyToWriteTo, NotTried, TooManyFiles
from app.registrations.models import BulkAttachment, BulkMessage, BulkRecipient, Registration
from app.registrations.recipients import Group, matching, posted_to, reachable

KIND, TEST_KIND = "registration.bulk", "registration.bulk_test"


@dataclass(frozen=True, slots=True)
class BulkDraft:
    """What an organizer writes, and to whom."""

    subject: str
    body: str
    group: Group


@transaction
def begin(event_id: int, draft: BulkDraft, *, by: Actor, now: datetime) -> int:
    """A draft that nobody gets yet; returns its id.

    Raises NotFound, NobodyToWriteTo, WrongPlaceholder, PersonalLink.
    """
    check(draft)
    if events.by_id(event_id).status is EventStatus.DRAFT:
        raise NobodyToWriteTo("下書きの研修会・講座には、申込者がいません。公開してから作成してください。")
    row = BulkMessage(event_id=event_id, subject=draft.subject, body=draft.body, recipients=draft.group.stored())
    row.made_at, row.made_by, row.sent_by = now, by.label[:100], ""
    db.session.add(row)
    db.session.flush()  # the caller wants the id
    _record("written", row, by, now)
    return row.id


@transaction
def rewrite(bulk_id: int, draft: BulkDraft, *, version: int, by: Actor, now: datetime) -> None:
    """Say it otherwise, or to others; another text must be tried again.

    Raises NotFound, BulkSent, BulkChanged, WrongPlaceholder, PersonalLink.
    """
    check(draft)
    row = _open(bulk_id, version)
    if (row.subject, row.body) != (draft.subject, draft.body):
        row.tested_at = None
    row.subject, row.body, row.recipients = draft.subject, draft.body, draft.group.stored()
    row.version += 1
    _record("written", row, by, now)


def attach(bulk_id: int, upload: Upload, *, by: Actor, now: datetime) -> None:
    """Put a file beside it. Raises NotFound, BulkSent, WrongFile, TooManyFiles.

    The file is stored before the transaction begins, so that a slow store holds no lock, and taken away again when the
    transaction fails.
    """
    kind = sniffing.kind_of(upload.content)
    key = storage.save(upload.content)
    file = BulkAttachment(
        bulk_message_id=bulk_id,
        file_name=sniffing.safe_name(upload.file_name, kind),
        media_type=kind.media_type,
        size=len(upload.content),
        file_key=key,
    )
    try:
        _attach(file, by=by, now=now)
    except BaseException:
        storage.delete(key)
        raise


@transaction
def detach(bulk_id: int, file_id: int, *, by: Actor, now: datetime) -> None:
    """Take a file away. Raises NotFound, BulkSent."""
    row = _open(bulk_id)
    file = db.session.scalar(sa.select(BulkAttachment).filter_by(id=file_id, bulk_message_id=bulk_id))
    if file is None:
        raise NotFound
    key = file.file_key
    db.session.delete(file)
    _changed(row)
    _record("written", row, by, now)
    after_commit(lambda: storage.delete(key))


@transaction
def try_out(bulk_id: int, *, to_name: str, to_email: str, by: Actor, now: datetime) -> None:
    """Mail it to its author, with an invented person's values. Raises NotFound, BulkSent."""
    row = _open(bulk_id)
    outbox.enqueue(
        Message(
            kind=TEST_KIND,
            thread=f"bulk:{bulk_id}",
            to_name=to_name,
            to_email=to_email,
            payload={"bulk": bulk_id, "event": row.event_id},
        ),
        now=now,
    )
    row.tested_at = now
    _record("tested", row, by, now)


@transaction
def send(bulk_id: int, *, version: int, expected: int, by: Actor, now: datetime) -> None:
    """Tell everybody of the group, each once; a second time changes nothing. All rows are written in one transaction.

    `expected` is the number of people that was confirmed. Raises NotFound, BulkChanged, NotTried, GroupChanged,
    NobodyToWriteTo.
    """
    row = _locked(bulk_id)
    if row.sent_at is not None:
        return
    _check_version(row, version)
    if row.tested_at is None:
        raise NotTried("先に、自分あての試し送りをしてください。")
    messages = _messages(row, events.by_id(row.event_id), now)
    if not messages:
        raise NobodyToWriteTo("送る相手がいません。対象を選び直してください。")
    if len(messages) != expected:
        raise GroupChanged(
            f"確認の画面を開いたあとに、対象の方が{expected:,}人から{len(messages):,}人に変わりました。"
            "人数を確かめて、もう一度押してください。"
        )
    outbox.enqueue_all(messages, now=now)
    _note_recipients(row)
    row.sent_at, row.sent_by = now, by.label[:100]
    _record("sent", row, by, now, people=len(messages))


@transaction
def discard(bulk_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a draft away with its files. Raises NotFound, BulkSent."""
    row = _open(bulk_id)
    keys = list(db.session.scalars(sa.select(BulkAttachment.file_key).filter_by(bulk_message_id=bulk_id)))
    db.session.execute(sa.delete(BulkAttachment).filter_by(bulk_message_id=bulk_id))
    _record("discarded", row, by, now)
    db.session.delete(row)
    after_commit(lambda: _forget_files(keys))


def check(draft: BulkDraft) -> None:
    """Raises WrongPlaceholder, PersonalLink at the field that is wrong."""
    placeholders.check(draft.subject, PLACEHOLDERS, field="subject")
    placeholders.check(draft.body, PLACEHOLDERS, field="body")


@transaction
def _attach(file: BulkAttachment, *, by: Actor, now: datetime) -> None:
    row = _open(file.bulk_message_id)
    sizes = list(db.session.scalars(sa.select(BulkAttachment.size).filter_by(bulk_message_id=row.id)))
    if len(sizes) >= MOST_FILES or sum(sizes) + file.size > LARGEST_FILES:
        raise TooManyFiles(
            f"添付できるのは{MOST_FILES}個まで、合わせて{LARGEST_FILES >> 20}MBまでです。"
            "大きい資料は「資料」の画面から公開ページに載せて、そのことを本文に書いてください。"
        )
    db.session.add(file)
    _changed(row)
    _record("written", row, by, now)


def _messages(row: BulkMessage, event: EventRow, now: datetime) -> list[Message]:
    posted = posted_to(event, now=now)
    columns = (Registration.id, Registration.name, Registration.email, Registration.address, Registration.sitting_id)
    people = sa.select(*columns, Registration.sequence).where(
        *matching(event.id, Group.read(row.recipients)), reachable()
    )
    return [
        Message(
            kind=KIND,
            thread=f"registration:{one.id}",
            to_name=one.name,
            to_email=one.email,
            payload={"registration": one.id, "sequence": one.sequence, "held_a_seat": False, "bulk": row.id},
            once=_once(row.id, one.id),
            by_post=bool(one.address) and one.sitting_id in posted,
        )
        for one in db.session.execute(people.order_by(Registration.id))
    ]


def _once(bulk_id: int, registration_id: int) -> str:
    return f"bulk:{bulk_id}:{registration_id}"


def _note_recipients(row: BulkMessage) -> None:
    """Who was told, by the names that make each of their messages the only one."""
    registration, message = Registration, OutboundMessage
    once = sa.literal(_once(row.id, 0)[:-1]) + sa.cast(registration.id, sa.String(20))
    told = sa.select(sa.literal(row.id), registration.id, message.id).join(message, message.once == once)
    chosen = told.where(registration.event_id == row.event_id)
    columns = ("bulk_message_id", "registration_id", "outbound_message_id")
    db.session.execute(sa.insert(BulkRecipient).from_select(columns, chosen))


def _open(bulk_id: int, version: int | None = None) -> BulkMessage:
    row = _locked(bulk_id)
    if row.sent_at is not None:
        raise BulkSent("このお知らせは、すでに送りました。内容は変えられません。")
    if version is not None:
        _check_version(row, version)
    return row


def _locked(bulk_id: int) -> BulkMessage:
    row = db.session.scalar(sa.select(BulkMessage).where(BulkMessage.id == bulk_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _check_version(row: BulkMessage, version: int) -> None:
    if row.version != version:
        raise BulkChanged(
            "この画面を開いたあとに、内容が変わりました。お知らせの画面を開き直して、今の内容を確かめてください。"
        )


def _changed(row: BulkMessage) -> None:
    row.tested_at = None
    row.version += 1


def _record(action: str, row: BulkMessage, by: Actor, now: datetime, *, people: int | None = None) -> None:
    fields = () if people is None else (f"rows={people}",)
    audit.record(f"bulk.{action}", "event", row.event_id, by=by, at=now, fields=fields, reason=f"bulk={row.id}")


def _forget_files(keys: Sequence[str]) -> None:
    for key in keys:
        storage.delete(key)
