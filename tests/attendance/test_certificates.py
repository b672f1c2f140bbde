"""Certificates: numbered without gaps, one for each who came, withdrawn when the attendance is corrected."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from app import create_app
from app.attendance import certificates, ledger, services
from app.attendance.types import Mark, Presence
from app.documents.pdf import certificates_pdf
from app.infra.db import db
from app.registrations import queries as registrations
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for
from tests.fresh import processes

AFTER = NOW + timedelta(days=11)
BY = {"by": ORGANIZER, "now": AFTER}


def held(*names: str) -> tuple[int, int, list[int]]:
    """An event whose sitting everybody named came to; ids of event, sitting and registrations."""
    event = an_event()
    sitting_id = a_sitting(event, starts_at=NOW + timedelta(days=10)).id
    for name in names:
        apply_for(sitting_id, name=name)
    ids = sorted(row.id for row in registrations.everyone(sitting_id))
    services.mark_many(sitting_id, [Mark(one, Presence.PRESENT) for one in ids], **BY)
    return event.id, sitting_id, ids


def issue(event_id: int) -> int:
    return certificates.issue(event_id, issuer="倉敷市長　見本　一郎", **BY)


def test_whoever_came_gets_one_and_a_second_press_gives_none(any_app):
    event_id, sitting_id, (first, *_others) = held("甲", "乙", "丙")
    services.mark(sitting_id, first, Presence.ABSENT, **BY)
    assert (issue(event_id), issue(event_id)) == (2, 0)
    assert [(row.name, row.number) for row in ledger.of_event(event_id)] == [("乙", 1), ("丙", 2)]


def test_a_correction_withdraws_it_keeps_its_number_and_a_new_one_follows(any_app):
    event_id, sitting_id, (first, _second) = held("甲", "乙")
    issue(event_id)
    services.undo(sitting_id, first, **BY)
    assert [(row.number, row.revoked_reason) for row in ledger.of_event(event_id)] == [(1, "出欠の訂正"), (2, "")]
    services.mark(sitting_id, first, Presence.LATE, **BY)
    issue(event_id)
    assert [(row.name, row.number, bool(row.revoked_reason)) for row in ledger.of_event(event_id)] == [
        ("甲", 1, True), ("乙", 2, False), ("甲", 3, False),
    ]  # fmt: skip


def test_a_failed_attempt_gives_its_numbers_back(any_app, monkeypatch):
    event_id, _sitting_id, _ids = held("甲", "乙")

    def fail(*_about: object, **_more: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as broken:
        broken.setattr(certificates.audit, "record", fail)
        with pytest.raises(RuntimeError):
            issue(event_id)
    issue(event_id)
    assert [row.number for row in ledger.of_event(event_id)] == [1, 2]


def press(folder: str, url: str, events: list[int], barrier) -> None:
    """What one process does: at the same moment as the others, issue the certificates of these events."""
    app = create_app(config_for(Path(folder), database_url=url))
    with app.app_context():
        for event_id in events:
            barrier.wait(60)
            issue(event_id)


@pytest.mark.slow
def test_many_at_once_leave_neither_gap_nor_double(any_app, database_url, tmp_path):
    events = [held(f"人{n}甲", f"人{n}乙")[0] for n in range(4)]
    db.session.remove()
    barrier = processes.Barrier(3)
    orders = (events, events, events[::-1])  # the same event twice, and another one, at each moment
    given = [(str(tmp_path), database_url, order, barrier) for order in orders]
    people = [processes.Process(target=press, args=one) for one in given]
    for person in people:
        person.start()
    for person in people:
        person.join(120)
    assert [person.exitcode for person in people] == [0, 0, 0]
    assert sorted(row.number for one in events for row in ledger.of_event(one)) == list(range(1, 9))


def test_the_paper_is_tagged_and_says_number_name_title_days_and_issuer(app):
    event_id, _sitting_id, _ids = held("𠮷田　髙子", "﨑山")
    issue(event_id)
    rows = ledger.of_event(event_id)
    paper = pypdf.PdfReader(BytesIO(certificates_pdf(certificates.sheets(rows))))
    assert len(paper.pages) == 2
    text = paper.pages[0].extract_text()
    for part in ("令和8年度", "第1号", rows[0].name, rows[0].title, "令和8年6月11日", "令和8年6月12日", "倉敷市長"):
        assert part in text
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert rows[0].attended_on == date(2026, 6, 11)
