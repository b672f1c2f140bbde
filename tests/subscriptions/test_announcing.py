"""An event that is published is announced once, to those who asked for it, as long as there is something to say."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts.types import Scope
from app.delivery.models import OutboundMessage
from app.delivery.sending import send_due
from app.delivery.types import State
from app.events import queries as events
from app.events import services as organizing
from app.events.models import Event
from app.events.types import Audience
from app.inbox import services as inbox
from app.inbox.types import Outcome
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations import meetings
from app.subscriptions import queries, services
from app.subscriptions.messages import ANNOUNCE
from app.subscriptions.models import Subscription
from app.subscriptions.types import Choice
from app.worker import announce
from tests.conftest import config_for
from tests.databases import make_tables
from tests.delivery.servers import SinkServer
from tests.factories import NOW, ORGANIZER, a_draft, a_series, a_sitting, an_event
from tests.inbox.letters import report
from tests.staff import at
from tests.subscriptions.conftest import a_subscriber, outbox

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def later():
    with at(LATER):
        yield


def published(**changes):
    """An event with a sitting to come, published just now."""
    event = an_event(**{"published_at": NOW, **changes})
    a_sitting(event)
    return event


def announced() -> list[str]:
    """To whom mails about events were written that would still be sent."""
    return [mail.to for mail in outbox() if mail.kind == ANNOUNCE and mail.text]


def test_the_verb_that_publishes_leads_to_one_mail_a_subscriber(any_app):
    one, other = a_series(), a_series()
    a_subscriber("every@example.jp")
    a_subscriber("one@example.jp", Choice(every=False, series=frozenset({one.id})))
    a_subscriber("other@example.jp", Choice(every=False, series=frozenset({other.id})))
    draft = a_draft(series_id=one.id)
    a_sitting(db.session.get_one(Event, draft.id), starts_at=NOW + timedelta(days=20))
    organizing.publish(draft.id, by=ORGANIZER, now=NOW)
    for _ in range(2):
        announce(LATER)
    assert announced() == ["every@example.jp", "one@example.jp"]
    (row,) = queries.announcements(Scope(section="市民活動推進課"))
    assert (row.people, row.finished_at) == (2, LATER)
    assert queries.announcements(Scope(section="広報課")) == []
    assert queries.figures().every == 1


def test_a_worker_that_dies_half_way_leaves_the_rest_to_the_next_one(any_app, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    people = [f"p{n}@example.jp" for n in range(5)]
    for email in people:
        a_subscriber(email)
    published()
    services.announce_some(now=LATER)
    with monkeypatch.context() as death:
        death.setattr(services.audit, "record", lambda *_about, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            announce(LATER)
    announce(LATER)
    assert announced() == people


@pytest.mark.parametrize(
    "quiet",
    [
        {"announces": False},
        {"audience": Audience.STAFF},
        {"closes_at": NOW + timedelta(minutes=30)},
        {"published_at": NOW - timedelta(days=60)},
    ],
    ids=["not wanted", "for staff", "closed", "published before anybody subscribed"],
)
def test_there_is_nothing_to_announce(app, quiet):
    a_subscriber()
    published(**quiet)
    announce(LATER)
    assert announced() == []


def test_what_was_called_off_or_unsubscribed_before_it_left_is_not_sent(app):
    gone = a_subscriber("gone@example.jp")
    a_subscriber("stays@example.jp")
    off = published()
    published()
    announce(LATER)
    services.unsubscribe(gone, now=LATER)
    meetings.call_off(off.id, "台風のため", notify=False, by=ORGANIZER, now=LATER)
    assert announced() == ["stays@example.jp"]
    send_due(lambda: LATER)
    states = db.session.scalars(sa.select(OutboundMessage.state).filter_by(kind=ANNOUNCE).order_by(OutboundMessage.id))
    assert list(states) == [State.WITHDRAWN, State.WITHDRAWN, State.WITHDRAWN, State.SENT]


def test_after_a_hard_bounce_an_address_rests_until_its_owner_comes_back(any_app):
    token = a_subscriber()
    published()
    announce(LATER)
    send_due(lambda: LATER)
    message_id = db.session.scalar(sa.select(OutboundMessage.message_id).filter_by(kind=ANNOUNCE))
    assert inbox.take(report(message_id, status="4.4.7"), now=LATER).outcome is Outcome.RETURNED
    assert queries.subscription(token).resting_since is None
    assert inbox.take(report(message_id, status="5.1.1"), now=LATER).outcome is Outcome.RETURNED
    assert queries.subscription(token).resting_since == LATER
    published(published_at=LATER)
    announce(LATER)
    assert announced() == []
    assert queries.figures().resting == 1
    services.change(token, Choice(every=True), now=LATER)
    assert queries.subscription(token).resting_since is None


def test_a_mail_with_the_subject_of_the_header_ends_it(any_app):
    token = a_subscriber()
    mail = (
        f"From: Hanako <other@example.jp>\r\nTo: henshin@example.jp\r\nSubject: unsubscribe {token}\r\n"
        "Message-ID: <1@mail.example.jp>\r\n\r\n\r\n"
    ).encode()
    assert inbox.take(mail, now=LATER).outcome is Outcome.UNSUBSCRIBED
    assert db.session.scalars(sa.select(Subscription)).all() == []


def test_what_is_over_is_forgotten(any_app):
    a_subscriber()
    published()
    announce(LATER)
    send_due(lambda: LATER)
    row = db.session.scalars(sa.select(Subscription)).one()
    row.resting_since = LATER
    db.session.commit()
    services.sweep(now=LATER + timedelta(days=29))
    assert [mail.kind for mail in outbox()].count(ANNOUNCE) == 1
    services.sweep(now=LATER + timedelta(days=90))
    assert outbox() == []
    assert db.session.scalars(sa.select(Subscription)).all() == []
    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"event.announced", "subscription.confirmed"} <= actions


def test_only_announcements_carry_the_ways_out_of_a_list(tmp_path):
    with SinkServer() as server:
        settings = {"mail_server": "127.0.0.1", "mail_port": server.port, "base_url": "https://tsudoi.example.jp"}
        app = create_app(config_for(tmp_path, reply_address="henshin@example.jp", **settings))
        with app.app_context():
            make_tables()
            token = a_subscriber()
            published()
            announce(LATER)
            services.ask("taro@example.jp", Choice(every=True), now=LATER)
            send_due(lambda: LATER)
            about, confirm = (one.message for one in server.sink.received)
            db.session.remove()
            db.engine.dispose()
    assert "List-Unsubscribe" not in confirm
    url = f"https://tsudoi.example.jp/announcements/{token}/unsubscribe/"
    assert about["List-Unsubscribe"] == f"<{url}>, <mailto:henshin@example.jp?subject=unsubscribe%20{token}>"
    assert about["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert about["List-Id"] == "<announcements.tsudoi.example.jp>"
    assert about["In-Reply-To"] is None
    assert url in about.get_body(("plain",)).get_content()


def test_the_copy_of_an_event_that_stays_quiet_stays_quiet(app):
    event = published(announces=False)
    copy = organizing.copy_from_last_year(event.id, by=ORGANIZER, now=NOW)
    assert events.by_id(copy).announces is False
