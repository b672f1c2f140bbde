"""What mail servers send back: the message failed, and somebody calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery import queries as outbox
from app.delivery import services as delivery
from app.delivery.models import OutboundMessage
from app.delivery.sending import send_due
from app.delivery.types import Outcome as AttemptOutcome
from app.delivery.types import ReportKind, State
from app.inbox import services
from app.inbox.types import Outcome
from app.infra.db import db
from app.registrations import services as registrations
from app.stewardship.doctor import examine
from tests.factories import NOW, ORGANIZER
from tests.inbox.conftest import Guest
from tests.inbox.letters import letter, plain_report, report

LATER = NOW + timedelta(hours=1)
OLD = "old@example.jp"


@pytest.fixture
def app(any_app):
    """Both databases, in all tests of this file."""
    return any_app


def take(raw: bytes) -> Outcome:
    return services.take(raw, now=LATER).outcome


def sent_to(address: str) -> tuple[int, str]:
    """The number and the Message-ID of what went out to `address` last."""
    send_due(lambda: NOW)
    columns = sa.select(OutboundMessage.id, OutboundMessage.message_id).filter_by(to_email=address)
    row = db.session.execute(columns.order_by(OutboundMessage.id.desc())).first()
    return row.id, row.message_id


@pytest.fixture
def sent(guest):
    return sent_to(guest.row.details.email)


def state(row: int) -> tuple[State, str]:
    message = outbox.one(row)[0]
    return message.state, message.last_error


def test_whoever_a_message_did_not_reach_is_called(sent):
    row, message_id = sent
    assert take(report(message_id)) is Outcome.RETURNED
    assert state(row) == (State.CALL, "届かずに戻りました。宛先のメールアドレスがありません。")
    (noted,) = outbox.reports(row)
    assert (noted.kind, noted.status, noted.detail) == (ReportKind.RETURNED, "5.1.1", "550 5.1.1 unknown […]")
    assert outbox.health().to_call == 1
    assert examine(now=LATER) == []
    delivery.record_call([row], AttemptOutcome.REACHED, by=ORGANIZER, now=LATER)
    assert take(report(message_id)) is Outcome.RETURNED
    assert state(row)[0] is State.CALLED


def test_who_gave_no_number_has_a_failed_message(app):
    guest = Guest(phone=None)
    row, message_id = sent_to(guest.row.details.email)
    assert take(report(message_id, status="5.2.2")) is Outcome.RETURNED
    assert state(row) == (State.FAILED, "届かずに戻りました。宛先のメールボックスがいっぱいです。")
    delivery.retry(row, by=ORGANIZER, now=LATER)
    send_due(lambda: LATER)
    assert state(row)[0] is State.SENT


def test_nobody_is_called_because_an_earlier_address_is_gone(app):
    guest = Guest(email=OLD)
    changed = replace(guest.row.details, email="new@example.jp")
    registrations.change_details(guest.row.id, changed, version=guest.row.version, now=NOW)
    row, message_id = sent_to(OLD)
    assert take(report(message_id)) is Outcome.RETURNED
    assert state(row)[0] is State.FAILED


def test_a_delay_is_only_noted(sent):
    row, message_id = sent
    for raw in (
        report(message_id, action="delayed", status="4.4.1", said="connection timed out"),
        plain_report(message_id, "451 4.4.1 will try again", "Warning: message delayed"),
        plain_report(message_id, "", "Mail delivery delayed"),
    ):
        assert take(raw) is Outcome.DELAYED
    assert state(row) == (State.SENT, "")
    assert {one.kind for one in outbox.reports(row)} == {ReportKind.DELAYED}


def test_a_report_that_keeps_to_no_standard_is_understood_by_the_message_it_returns(sent):
    row, message_id = sent
    for words in ("Sorry, no mailbox here by that name.", "552 quota", "550 5.2.2 mailbox full"):
        assert take(plain_report(message_id, words)) is Outcome.RETURNED
    assert state(row)[0] is State.CALL
    assert [one.status for one in outbox.reports(row)] == ["", "", "5.2.2"]


def test_an_empty_envelope_and_the_headers_alone_are_enough(sent):
    row, message_id = sent
    headers = f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n".encode()
    raw = report(message_id).replace(b"message/delivery-status", b"text/plain")
    raw = raw[: raw.index(b"Content-Type: message/rfc822")] + headers + b"\r\n--r--\r\n"
    assert take(raw) is Outcome.RETURNED
    assert state(row)[0] is State.CALL


def test_what_was_delivered_or_is_nobody_of_ours_changes_nothing(sent):
    row, message_id = sent
    assert take(report(message_id, action="relayed", status="2.0.0")) is Outcome.AUTOMATIC
    assert take(report("<somebody-elses@example.com>")) is Outcome.UNKNOWN_RETURN
    assert state(row) == (State.SENT, "")


def test_a_person_who_quotes_our_message_returns_nothing(sent):
    row, message_id = sent
    assert take(letter(f"> Message-ID: {message_id}\r\n550 5.1.1")) is Outcome.LETTER
    assert state(row) == (State.SENT, "")
