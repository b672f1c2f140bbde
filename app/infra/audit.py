"""The audit log: who did what to which thing, and which fields changed. Values and names of people stay out."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, run, transaction
from app.kernel.types import Actor

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class AuditEntry(Base):
    """One act. Rows are only ever added: the database refuses to change or delete them (migration 0001)."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index(None, "object_type", "object_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[str | None] = mapped_column(sa.String(40))
    actor_label: Mapped[str] = mapped_column(sa.String(100))
    action: Mapped[str] = mapped_column(sa.String(60))
    object_type: Mapped[str] = mapped_column(sa.String(30))
    object_id: Mapped[str] = mapped_column(sa.String(40))
    fields: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str | None] = mapped_column(sa.Text)
    request_id: Mapped[str | None] = mapped_column(sa.String(40))


# Put together once: building a statement costs more than running it.
_ADD = sa.insert(AuditEntry)


def record(  # noqa: PLR0913 one column an argument
    action: str,
    object_type: str,
    object_id: object,
    *,
    by: Actor,
    at: datetime,
    fields: Iterable[str] = (),
    reason: str | None = None,
) -> None:
    """Add an entry to the caller's transaction. `action` reads `registration.cancelled`; `fields` are names only."""
    entry = {
        "at": at,
        "actor_kind": by.kind.value,
        "actor_id": by.id,
        "actor_label": by.label,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "fields": " ".join(fields),
        "reason": reason,
        "request_id": request_id.get(),
    }
    run(_ADD, entry)


@transaction
def note(
    action: str, object_type: str, object_id: object, *, by: Actor, at: datetime, fields: Iterable[str] = ()
) -> None:
    """record() in a transaction of its own: for acts that change nothing else, such as looking at a person's page."""
    record(action, object_type, object_id, by=by, at=at, fields=fields)
