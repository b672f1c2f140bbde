from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.compliance import queries, reminders, services
from app.compliance.errors import CodeTaken, NoReason, SubstituteRefused, WrongDay
from app.compliance.types import SubstituteRule
from app.delivery.models import OutboundMessage
from app.delivery.rendering import is_wanted, render
from app.infra.db import db
from tests.compliance import city
from tests.conftest import config_for
from tests.factories import NOW, ORGANIZER
from tests.fresh import processes
from tests.staff import at

MORNING = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)  # 9:30 in Japan, 14 working days before the due date


def told(kind="compliance.reminder"):
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboundMessage).filter_by(kind=kind).order_by(OutboundMessage.id)))


def schedule(folder: str, url: str, mornings: list[datetime], barrier) -> None:
    """What one scheduler does: each morning, at the same moment as the other, send what is due."""
    site = create_app(config_for(Path(folder), database_url=url))
    with site.app_context():
        for now in mornings:
            barrier.wait(60)
            reminders.send_due(now=now)
            db.session.remove()
            barrier.wait(60)


@contextmanager
def two_schedulers(folder: Path, url: str, mornings: list[datetime]):
    """Two processes, each with its own application; the block meets them before and after each day."""
    barrier = processes.Barrier(3)
    given = (str(folder), url, mornings, barrier)
    schedulers = [processes.Process(target=schedule, args=given) for _ in range(2)]
    for process in schedulers:
        process.start()
    yield lambda: barrier.wait(60)
    for process in schedulers:
        process.join(60)
    assert [process.exitcode for process in schedulers] == [0, 0]


@pytest.mark.slow
def test_140_people_are_told_once_a_step_by_two_schedulers_and_never_after_completion(any_app, database_url, tmp_path):
    _sections, promoters, _coordinators = city.build(140, departments=21)
    event_id, _sittings = city.training()
    requirement = city.required(event_id)
    done: set[int] = set()
    seen = 0
    every = [MORNING + timedelta(days=day) for day in range(0, 45, 2)]
    for mornings in (every[:12], every[12:]):  # both schedulers are ended and started anew in between
        db.session.remove()
        with two_schedulers(tmp_path, database_url, mornings) as meet:
            for now in mornings:
                meet()
                meet()
                fresh = {m.payload["member"] for m in told()[seen:]}
                seen += len(told()[seen:])
                assert not fresh & done
                if fresh:
                    leaving = promoters[len(done) : len(done) + 20]
                    for who in leaving:
                        services.exempt(requirement, who, "長期研修", by=ORGANIZER, now=now)
                    done.update(leaving)
                db.session.remove()
        reminders.send_due(now=mornings[-1] + timedelta(minutes=30))
    assert done
    counted = Counter(m.payload["member"] for m in told())
    assert sorted(Counter(counted.values()).items()) == [(1, 20), (2, 20), (3, 20), (4, 20), (5, 60)]
    assert len(queries.reminded(requirement)) == 20 * (1 + 2 + 3 + 4) + 60 * 5


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 29, 1, 0, tzinfo=UTC),  # Sunday
        datetime(2026, 11, 30, 15, 30, tzinfo=UTC),  # half past midnight in Japan
        datetime(2026, 11, 27, 1, 0, tzinfo=UTC),  # a working day too early
    ],
)
def test_nobody_is_told_at_night_on_holidays_or_too_early(app, now):
    city.build(1)
    event_id, _sittings = city.training()
    city.required(event_id)
    assert reminders.send_due(now=now) == 0


def test_what_would_be_sent_is_shown_with_who_is_left_out_and_why(app):
    _sections, promoters, _coordinators = city.build(3)
    event_id, _sittings = city.training()
    requirement = city.required(event_id)
    services.exempt(requirement, promoters[0], "育児休業", by=ORGANIZER, now=NOW)
    early = reminders.preview(requirement, today=date(2026, 11, 1))
    assert (early.step, early.told) == (None, ())
    found = reminders.preview(requirement, today=date(2026, 11, 30))
    assert [line.person.id for line in found.told] == promoters[1:]
    assert [(one.line.person.id, one.reason) for one in found.left_out] == [
        (promoters[0], "免除のため、お知らせしません。")
    ]
    assert told() == []
    assert reminders.send(requirement, by=ORGANIZER, now=MORNING) == 2
    again = reminders.preview(requirement, today=date(2026, 11, 30))
    assert again.told == ()
    services.end(requirement, by=ORGANIZER, now=MORNING)
    assert reminders.send_due(now=MORNING + timedelta(days=9)) == 0


def test_after_the_due_date_the_head_hears_and_then_the_coordinator(app):
    sections, promoters, coordinators = city.build(2)
    head = city.colleague(sections[0], "K1", "課長")
    event_id, _sittings = city.training()
    city.required(event_id)
    reminders.send_due(now=datetime(2026, 12, 25, 1, 0, tzinfo=UTC))
    assert [(m.payload["member"], m.payload["missing"]) for m in told("compliance.copy")] == [(head, promoters[:1])]
    reminders.send_due(now=datetime(2027, 1, 7, 1, 0, tzinfo=UTC))
    copies = [(m.payload["member"], m.payload["missing"]) for m in told("compliance.copy")[1:]]
    assert sorted(copies) == sorted([(head, promoters[:1]), (coordinators[0], promoters)])


def test_the_mails_read_well_and_stay_behind_when_they_come_too_late(app):
    sections, promoters, _coordinators = city.build(1)
    city.colleague(sections[0], "K1", "課長")
    event_id, _sittings = city.training()
    requirement = city.required(event_id)
    now = datetime(2026, 12, 25, 1, 0, tzinfo=UTC)
    reminders.send_due(now=now)
    with at(now):
        message, copy = told()[0], told("compliance.copy")[0]
        mail = render(message.kind, message.payload)
        assert mail.subject.startswith("【受講のお願い】協働推進員研修")
        assert "期限　　　令和8年12月18日" in mail.text
        assert "課0　職員　P20260（未申込）" in render(copy.kind, copy.payload).text
        assert is_wanted(message.kind, message.payload)
        assert is_wanted(copy.kind, copy.payload)
        services.exempt(requirement, promoters[0], "育児休業", by=ORGANIZER, now=now)
        assert not is_wanted(message.kind, message.payload)
        assert not is_wanted(copy.kind, copy.payload)


def test_what_the_rules_refuse(app):
    sections, promoters, _coordinators = city.build(2)
    event_id, _sittings = city.training()
    requirement = city.required(event_id)
    with pytest.raises(CodeTaken):
        city.required(event_id)
    with pytest.raises(WrongDay):
        city.required(event_id, code="other", due_on=date(2027, 4, 1))
    with pytest.raises(NoReason):
        services.exempt(requirement, promoters[0], "", by=ORGANIZER, now=NOW)
    day, mate = date(2026, 6, 11), city.colleague(sections[0], "M1")
    with pytest.raises(SubstituteRefused):
        services.record_substitute(requirement, promoters[0], mate, day, by=ORGANIZER, now=NOW)
    open_to = city.required(event_id, code="open", substitutes=SubstituteRule.COUNTS)
    with pytest.raises(SubstituteRefused):
        services.record_substitute(open_to, promoters[1], mate, day, by=ORGANIZER, now=NOW)
