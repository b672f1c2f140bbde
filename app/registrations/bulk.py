"""Reading messages to many: an event's history of them, one with its files and what became of it, and its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.delivery.models import DeliveryReport, OutboundMessage
from app.delivery.types import Attachment, ReportKind, State
from app.events.wordings import Wording
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.types import Page
from app.registrations.models import BulkAttachment, BulkMessage, BulkRecipient
from app.registrations.recipients import Group

PER_PAGE = 50
# In every mail to every person: larger files belong on the event's page.
MOST_FILES, LARGEST_FILES = 5, 3 * 1024 * 1024
_COLUMNS = [
    getattr(BulkMessage, name)
    for name in (
        "id", "event_id", "subject", "body", "recipients", "version", "made_at", "made_by", "tested_at", "sent_at",
        "sent_by",
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that goes along."""

    id: int
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A message to many. `states` says how many of its messages stand where, `returned` how many came back."""

    id: int
    event_id: int
    subject: str
    body: str
    group: Group
    version: int
    made_at: datetime
    made_by: str
    tested_at: datetime | None
    sent_at: datetime | None
    sent_by: str
    files: tuple[FileRow, ...]
    states: Mapping[State, int]
    returned: int

    @property
    def people(self) -> int:
        """How many people were told."""
        return sum(self.states.values())

    @property
    def wording(self) -> Wording:
        """Its text, as the mail's templates take it."""
        return Wording(self.subject, self.body)

    @property
    def note(self) -> str:
        """What letters and calls say of the files."""
        return paper_note([file.file_name for file in self.files])


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One person who was told, and how that went."""

    registration_id: int
    message_id: int
    name: str
    state: State
    error: str


def listing(event_id: int, *, number: int = 1, url: Callable[[int], str] = str) -> Page[BulkRow]:
    """One page of an event's messages to many, the newest first; five statements, whatever the size."""
    total = db.session.scalar(sa.select(sa.func.count(BulkMessage.id)).filter_by(event_id=event_id)) or 0
    wanted = sa.select(*_COLUMNS).where(BulkMessage.event_id == event_id).order_by(BulkMessage.id.desc())
    rows = db.session.execute(wanted.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(_assembled(rows), number, PER_PAGE, total, url)


def one(bulk_id: int) -> BulkRow:
    """One message to many. Raises NotFound."""
    rows = db.session.execute(sa.select(*_COLUMNS).where(BulkMessage.id == bulk_id)).all()
    if not rows:
        raise NotFound
    return _assembled(rows)[0]


def recipients(bulk_id: int, *, number: int = 1, url: Callable[[int], str] = str) -> Page[RecipientRow]:
    """One page of those who were told, whom it did not reach first."""
    message = OutboundMessage
    total = db.session.scalar(
        sa.select(sa.func.count(BulkRecipient.registration_id)).filter_by(bulk_message_id=bulk_id)
    )
    trouble = sa.case((message.state == State.FAILED, 0), (message.state == State.CALL, 1), else_=2)
    rows = db.session.execute(
        sa.select(BulkRecipient.registration_id, message.id, message.to_name, message.state, message.last_error)
        .join(message, message.id == BulkRecipient.outbound_message_id)
        .where(BulkRecipient.bulk_message_id == bulk_id)
        .order_by(trouble, message.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Page([RecipientRow(*row) for row in rows], number, PER_PAGE, total or 0, url)


def texts_of(event_id: int) -> dict[int, Wording]:
    """The texts of an event's messages to many, for paper; two statements."""
    rows = db.session.execute(sa.select(*_COLUMNS).where(BulkMessage.event_id == event_id)).all()
    files = _files([row.id for row in rows])
    return {
        row.id: Wording(row.subject, row.body, paper_note([file.file_name for file in files.get(row.id, ())]))
        for row in rows
    }


def content(bulk_id: int) -> tuple[Wording, tuple[Attachment, ...]]:
    """Text and files of one message to many, as its mails carry them. Raises NotFound, FileNotFoundError."""
    row = db.session.execute(
        sa.select(BulkMessage.subject, BulkMessage.body).where(BulkMessage.id == bulk_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    file = BulkAttachment
    kept = sa.select(file.file_name, file.media_type, file.file_key).filter_by(bulk_message_id=bulk_id)
    files = [(one.file_name, one.media_type, one.file_key) for one in db.session.execute(kept.order_by(file.id))]
    return Wording(row.subject, row.body), tuple(Attachment(name, kind, storage.load(key)) for name, kind, key in files)


def file_content(bulk_id: int, file_id: int) -> tuple[FileRow, bytes]:
    """One file of a message to many. Raises NotFound."""
    file = BulkAttachment
    columns = (file.id, file.file_name, file.media_type, file.size, file.file_key)
    row = db.session.execute(sa.select(*columns).filter_by(id=file_id, bulk_message_id=bulk_id)).one_or_none()
    if row is None:
        raise NotFound
    return FileRow(row.id, row.file_name, row.media_type, row.size), storage.load(row.file_key)


def paper_note(file_names: Sequence[str]) -> str:
    """What a letter says of files that only a mail carries; empty where there are none."""
    names = "、".join(f"「{name}」" for name in file_names)
    return f"このお知らせには資料{names}があります。必要な方は、問合せ先へご連絡ください。" if names else ""


def _assembled(rows: Sequence[sa.Row[tuple[object, ...]]]) -> list[BulkRow]:
    ids = [row.id for row in rows]
    files, states, returned = _files(ids), _states(ids), _returned(ids)
    return [_bulk(row, files.get(row.id, ()), states.get(row.id, {}), returned.get(row.id, 0)) for row in rows]


def _bulk(
    row: sa.Row[tuple[object, ...]], files: Sequence[FileRow], states: Mapping[State, int], returned: int
) -> BulkRow:
    values = dict(row._mapping)
    group = Group.read(values.pop("recipients"))
    return BulkRow(**values, group=group, files=tuple(files), states=states, returned=returned)


def _files(bulk_ids: Sequence[int]) -> dict[int, list[FileRow]]:
    file = BulkAttachment
    found: dict[int, list[FileRow]] = {}
    chosen = sa.select(file.bulk_message_id, file.id, file.file_name, file.media_type, file.size)
    for row in db.session.execute(chosen.where(file.bulk_message_id.in_(bulk_ids)).order_by(file.id)):
        found.setdefault(row.bulk_message_id, []).append(FileRow(row.id, row.file_name, row.media_type, row.size))
    return found


def _states(bulk_ids: Sequence[int]) -> dict[int, dict[State, int]]:
    found: dict[int, dict[State, int]] = {}
    counted = (
        sa.select(BulkRecipient.bulk_message_id, OutboundMessage.state, sa.func.count())
        .join(OutboundMessage, OutboundMessage.id == BulkRecipient.outbound_message_id)
        .where(BulkRecipient.bulk_message_id.in_(bulk_ids))
        .group_by(BulkRecipient.bulk_message_id, OutboundMessage.state)
    )
    for bulk_id, state, number in db.session.execute(counted):
        found.setdefault(bulk_id, {})[state] = number
    return found


def _returned(bulk_ids: Sequence[int]) -> dict[int, int]:
    report = DeliveryReport
    counted = (
        sa.select(BulkRecipient.bulk_message_id, sa.func.count(report.outbound_message_id.distinct()).label("number"))
        .join(report, report.outbound_message_id == BulkRecipient.outbound_message_id)
        .where(BulkRecipient.bulk_message_id.in_(bulk_ids), report.kind == ReportKind.RETURNED)
        .group_by(BulkRecipient.bulk_message_id)
    )
    return {row.bulk_message_id: row.number for row in db.session.execute(counted)}
