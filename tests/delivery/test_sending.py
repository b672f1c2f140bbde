"""What is due goes out once, in order, and each attempt is on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.delivery import outbox, queries, services
from app.delivery.rules import MAX_ATTEMPTS
from app.delivery.sending import send_due
from app.delivery.types import MessageFilters, Outcome, State
from app.infra.db import transaction
from app.kernel.types import SYSTEM
from tests.delivery.kinds import NOW, a_message, write_down


def state(message_id: int) -> State:
    return queries.one(message_id)[0].state


def outcomes(message_id: int) -> list[Outcome]:
    return [attempt.outcome for attempt in queries.one(message_id)[1]]


def test_a_message_is_sent_once_and_recorded(sink, time):
    (row,) = write_down(a_message())

    assert send_due(time) == 1
    assert send_due(time) == 0

    assert len(sink.received) == 1
    assert state(row) is State.SENT
    assert outcomes(row) == [Outcome.SENT]


def test_many_messages_share_one_connection(sink, time):
    write_down(*(a_message(n) for n in range(120)))

    assert send_due(time) == 120
    assert sink.connections == 1
    assert len(set(sink.ids)) == 120


def test_nothing_is_sent_when_the_transaction_is_rolled_back(sink, time):
    @transaction
    def apply_and_fail():
        outbox.enqueue(a_message(), now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        apply_and_fail()

    assert send_due(time) == 0


def test_the_same_occasion_is_written_down_once(sink, time):
    first = write_down(a_message(once="reminder:1"))
    again = write_down(a_message(once="reminder:1"))

    assert first == again
    assert send_due(time) == 1


def test_nothing_leaves_before_it_is_due(sink, time):
    write_down(a_message(due_at=NOW + timedelta(hours=1)))

    assert send_due(time) == 0
    time.pass_(hours=1)
    assert send_due(time) == 1


def test_messages_of_one_thread_leave_in_order_and_answer_one_another(sink, time):
    write_down(*(a_message(1, payload={"n": n}) for n in range(3)))

    assert send_due(time) == 3

    first, second, third = (one.message for one in sink.received)
    assert [m["Subject"] for m in (first, second, third)] == ["【お知らせ】0", "【お知らせ】1", "【お知らせ】2"]
    assert first["In-Reply-To"] is None
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]


def test_a_message_waits_for_the_older_one_of_its_thread_but_not_for_others(sink, time):
    sink.answers["RCPT"] = ["450 4.2.0 greylisted"]
    confirmed, cancelled, other = write_down(a_message(1), a_message(1), a_message(2))

    send_due(time)
    assert [state(confirmed), state(cancelled), state(other)] == [State.RETRY, State.PENDING, State.SENT]

    time.pass_(seconds=12)
    send_due(time)
    assert [state(confirmed), state(cancelled)] == [State.SENT, State.SENT]
    assert [one.recipients[0] for one in sink.received] == ["p2@example.jp", "p1@example.jp", "p1@example.jp"]


def test_a_failed_message_does_not_hold_up_the_next(sink, time):
    sink.answers["RCPT"] = ["550 5.1.1 no such user"]
    failed, after = write_down(a_message(1), a_message(1))

    send_due(time)

    assert [state(failed), state(after)] == [State.FAILED, State.SENT]
    assert sink.received[0].message["In-Reply-To"] is None


def test_a_message_planned_for_later_does_not_hold_up_the_next(sink, time):
    planned, now = write_down(a_message(1, due_at=NOW + timedelta(days=3)), a_message(1))

    send_due(time)

    assert [state(planned), state(now)] == [State.PENDING, State.SENT]


def test_waiting_for_an_older_message_makes_no_connection(sink, time):
    sink.answers["RCPT"] = ["450 4.2.0 greylisted"]
    write_down(a_message(1), a_message(1))
    send_due(time)

    send_due(time)

    assert sink.connections == 1


def test_without_an_address_somebody_has_to_be_called(sink, time):
    (row,) = write_down(a_message(to_email=None))

    assert send_due(time) == 0
    assert state(row) is State.CALL


def test_a_reminder_that_came_too_late_is_withdrawn(sink, time):
    gone, coming = write_down(
        a_message(1, kind="test.reminder", payload={"coming": False}),
        a_message(2, kind="test.reminder", payload={"coming": True}),
    )

    assert send_due(time) == 1
    assert [state(gone), state(coming)] == [State.WITHDRAWN, State.SENT]


def test_a_message_that_cannot_be_rendered_does_not_stop_the_others(sink, time):
    broken, unknown, fine = write_down(a_message(1, kind="test.broken"), a_message(2, kind="no.such"), a_message(3))

    assert send_due(time) == 1
    assert [state(broken), state(unknown), state(fine)] == [State.RETRY, State.RETRY, State.SENT]
    assert "ValueError" in queries.one(broken)[0].last_error


def test_an_address_that_is_none_fails_at_once(sink, time):
    (row,) = write_down(a_message(to_email="p1@example.jp,evil@example.com"))

    send_due(time)

    assert state(row) is State.FAILED
    assert sink.received == []


def test_after_a_day_of_refusals_the_message_fails_visibly(sink, time):
    (row,) = write_down(a_message())
    sink.answers["RCPT"] = ["451 4.3.0 later"] * 100
    began = time.now
    while state(row) is not State.FAILED:
        send_due(time)
        time.now = max(time.now, queries.one(row)[0].due_at)

    assert time.now - began >= timedelta(hours=24)
    assert len(outcomes(row)) == MAX_ATTEMPTS


def test_a_failed_message_gets_a_new_day_when_somebody_asks(sink, time):
    (row,) = write_down(a_message())
    sink.answers["RCPT"] = ["550 no"]
    send_due(time)
    services.retry(row, by=SYSTEM, now=time.now)

    sink.answers["RCPT"] = ["451 later"]
    send_due(time)
    assert state(row) is State.RETRY

    time.pass_(minutes=1)
    send_due(time)
    assert state(row) is State.SENT
    assert outcomes(row) == [Outcome.REJECTED, Outcome.DEFERRED, Outcome.SENT]


def test_one_wrong_address_of_many_fails_alone(sink, time):
    sink.answers["RCPT"] = ["250 OK"] * 20 + ["550 5.1.1 <p20@example.jp>: user unknown"]
    write_down(*(a_message(n) for n in range(60)))

    assert send_due(time) == 59

    (failed,) = queries.listing(MessageFilters(state=State.FAILED)).rows
    assert failed.attempts == 1
    assert "550" in failed.last_error
    assert "p20@example.jp" not in failed.last_error


def test_a_worker_asked_to_stop_gives_back_what_it_did_not_send(sink, time):
    write_down(*(a_message(n) for n in range(10)))

    assert send_due(time, stopping=lambda: len(sink.received) >= 3) == 3
    assert queries.counts()[State.PENDING] == 7
    assert send_due(time) == 7


def test_the_rules_hold_on_both_databases(any_app, time):
    first, second = write_down(a_message(1, once="x"), a_message(1))
    assert write_down(a_message(1, once="x")) == [first]

    assert send_due(time) == 2

    assert [state(first), state(second)] == [State.SENT, State.SENT]
    names = [path.name for path in sorted((any_app.config["TSUDOI"].instance / "outbox").iterdir())]
    assert len(names) == 2
    assert all(name.endswith(".eml") for name in names)
