"""What the tests of the console's desk do again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations.models import Registration
from tests.factories import NOW, apply_for
from tests.staff import sign_in

THE_DAY = NOW + timedelta(days=10, hours=1)


@dataclass(frozen=True)
class Desk:
    """An event with one sitting."""

    site: Flask
    event_id: int
    sitting_id: int

    @property
    def sheet(self) -> str:
        return f"/console/sittings/{self.sitting_id}/attendance/"

    @property
    def roster(self) -> str:
        return f"/console/sittings/{self.sitting_id}/roster"

    @property
    def list(self) -> str:
        return f"/console/events/{self.event_id}/registrations/"

    def somebody(self, **changes: Any) -> int:
        """Somebody with a place; the registration's id."""
        with self.site.app_context():
            reference = apply_for(self.sitting_id, **changes).reference
            return db.session.scalar(sa.select(Registration.id).filter_by(reference=reference))

    def ask(self, question: Any) -> Any:
        """What `question` answers inside the application."""
        with self.site.app_context():
            return question()

    def acts(self, prefix: str) -> list[AuditEntry]:
        """What the audit log holds."""
        wanted = sa.select(AuditEntry).where(AuditEntry.action.startswith(prefix)).order_by(AuditEntry.id)
        return self.ask(lambda: list(db.session.scalars(wanted)))


def browser_of(site: Flask, email: str) -> FlaskClient:
    """A browser in which the person is signed in."""
    client = site.test_client()
    assert sign_in(client, email).status_code == 303
    return client


def statements(site: Flask, client: FlaskClient, address: str) -> int:
    """How many statements the page needs."""
    seen: list[str] = []

    def count(*call: Any) -> None:
        seen.append(call[2])

    with site.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", count)
        assert client.get(address).status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)
