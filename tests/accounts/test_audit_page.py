from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.accounts.permissions import Role
from app.accounts.types import StaffRow
from app.infra import audit
from app.infra.db import db
from app.kernel.types import SYSTEM
from app.stewardship import audit_log
from app.stewardship.audit_log import LogFilters
from tests.factories import NOW, a_sitting, an_event, apply_for
from tests.staff import SECTION, at, signed_in


def reader(role: Role, section: str = "") -> StaffRow:
    return StaffRow(1, "読む人", "a@b.jp", role, section)


def seen(role: Role, section: str = "") -> set[str]:
    return {entry.action for entry in audit_log.entries(LogFilters(), seen_by=reader(role, section)).rows}


def test_each_role_reads_its_part_of_the_log(any_app: Flask) -> None:
    sitting = a_sitting(an_event(section=SECTION))
    apply_for(sitting)
    for action, kind, thing in (
        ("event.published", "event", sitting.event_id),
        ("sitting.moved", "sitting", sitting.id),
        ("user.created", "user", 7),
        ("message.resent", "message", db.session.scalar(sa.text("SELECT min(id) FROM outbound_message"))),
    ):
        audit.record(action, kind, thing, by=SYSTEM, at=NOW)
    db.session.commit()
    own = {"event.published", "sitting.moved", "message.resent", "registration.confirmed"}
    assert seen(Role.AUDITOR) == {*own, "user.created"}
    assert seen(Role.ADMIN) == {"user.created"}
    assert seen(Role.ORGANIZER, SECTION) == seen(Role.MANAGER, SECTION) == own
    assert seen(Role.ORGANIZER, "生涯学習課") == set()
    assert seen(Role.HELPER, SECTION) == set()


def test_the_page_filters_by_day_in_japan_and_says_what_it_cannot_read(site: Flask) -> None:
    with at(NOW):
        client = signed_in(site, Role.AUDITOR)
        with site.app_context():
            apply_for(a_sitting(an_event()))
        assert "申込み（確定）" in client.get("/console/audit/?day=令和8年6月1日").text
        assert "申込み（確定）" not in client.get("/console/audit/?day=2026-06-02").text
        assert "例：令和8年6月2日" in client.get("/console/audit/?day=きのう").text


def test_the_log_is_read_with_the_same_number_of_statements_however_long_it_is(app: Flask) -> None:
    def statements() -> int:
        found: list[str] = []
        listener = lambda _c, _cursor, statement, *_: found.append(statement)  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listener)
        audit_log.entries(LogFilters(), seen_by=reader(Role.ORGANIZER, SECTION))
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        return len(found)

    few = statements()
    for _ in range(30):
        audit.record("venue.saved", "venue", 1, by=SYSTEM, at=NOW)
    db.session.commit()
    assert statements() == few
