"""What organizers can do with a message, and what they see."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.delivery import queries, rendering, services
from app.delivery.errors import CannotResend, NobodyToCall, NothingToRetry
from app.delivery.sending import send_due
from app.delivery.types import MessageFilters, Outcome, State
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import SYSTEM
from tests.delivery.kinds import NOW, a_message, write_down


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_message_sent_again_is_a_new_one_that_answers_the_first(sink, time):
    (first,) = write_down(a_message())
    send_due(time)

    copy = services.resend(first, to_email="new@example.jp", by=SYSTEM, now=time.now)
    send_due(time)

    original, again = sink.received
    assert again.recipients == ["new@example.jp"]
    assert again.message["Message-ID"] != original.message["Message-ID"]
    assert again.message["In-Reply-To"] == original.message["Message-ID"]
    assert queries.one(copy)[0].state is State.SENT
    assert actions() == ["message.resent"]


def test_a_message_that_failed_is_answered_too(sink, time):
    sink.answers["RCPT"] = ["550 no"]
    (first,) = write_down(a_message())
    send_due(time)

    services.resend(first, to_email="right@example.jp", by=SYSTEM, now=time.now)
    send_due(time)

    assert sink.received[0].message["In-Reply-To"] is not None


def test_what_is_still_on_its_way_is_not_sent_twice(app, time):
    (row,) = write_down(a_message())
    with pytest.raises(CannotResend):
        services.resend(row, by=SYSTEM, now=time.now)


def test_without_an_address_nothing_is_sent_again_but_somebody_can_call(app, time):
    (row,) = write_down(a_message(to_email=None))
    with pytest.raises(CannotResend):
        services.resend(row, by=SYSTEM, now=time.now)

    services.record_call([row], Outcome.ABSENT, by=SYSTEM, now=time.now)
    assert queries.one(row)[0].state is State.CALL
    services.record_call([row], Outcome.REACHED, by=SYSTEM, now=time.now)
    services.record_call([row], Outcome.REACHED, by=SYSTEM, now=time.now)

    message, calls = queries.one(row)
    assert message.state is State.CALLED
    assert [(call.outcome, call.by) for call in calls] == [
        (Outcome.ABSENT, SYSTEM.label),
        (Outcome.REACHED, SYSTEM.label),
    ]
    assert actions() == ["message.absent", "message.called"]


def test_only_what_failed_is_retried_and_only_who_has_no_address_is_called(app, time):
    (row,) = write_down(a_message())
    with pytest.raises(NothingToRetry):
        services.retry(row, by=SYSTEM, now=time.now)
    with pytest.raises(NobodyToCall):
        services.record_call([row], Outcome.REACHED, by=SYSTEM, now=time.now)
    with pytest.raises(NotFound):
        services.retry(row + 1, by=SYSTEM, now=time.now)


def test_all_failed_messages_are_retried_together(sink, time):
    sink.answers["RCPT"] = ["550 no", "550 no"]
    write_down(a_message(1), a_message(2), a_message(3))
    send_due(time)

    assert services.retry_failed(by=SYSTEM, now=time.now) == 2
    assert services.retry_failed(by=SYSTEM, now=time.now) == 0
    assert send_due(time) == 2


def test_the_list_shows_titles_states_and_one_threads_messages(app, time):
    write_down(a_message(1, kind="test.invitation"), a_message(2), a_message(10), a_message(3, to_email=None))

    page = queries.listing(MessageFilters(thread="registration:1"))
    assert [(row.thread, row.title, row.state.word) for row in page.rows] == [
        ("registration:10", "お知らせ", "待機"),
        ("registration:1", "申込確定", "待機"),
    ]
    assert queries.listing(MessageFilters(state=State.CALL)).total == 1
    assert queries.counts()[State.PENDING] == 3
    assert [row.thread for row in queries.of_threads(["registration:2", "registration:3"])] == [
        "registration:3",
        "registration:2",
    ]


def test_a_wildcard_in_the_filter_is_no_wildcard(app, time):
    write_down(a_message(1))
    assert queries.listing(MessageFilters(thread="%")).total == 0


def test_health_tells_what_waits_and_since_when(sink, time):
    assert queries.health().waiting == 0
    write_down(a_message(1), a_message(2, to_email=None))
    health = queries.health()
    assert (health.waiting, health.oldest_waiting_at, health.to_call) == (1, time.now, 1)

    send_due(time)
    health = queries.health()
    assert (health.waiting, health.last_sent_at, health.failed) == (0, time.now, 0)


def test_a_persons_text_is_never_read_as_a_template():
    context = {"server": "{{ 7*7 }}{% raw %}<b>", "base_url": "javascript:alert(1)", "now": NOW}
    _, plain, html = rendering.mail_text("delivery", "specimen", context)

    assert "{{ 7*7 }}{% raw %}<b>" in plain
    assert "{{ 7*7 }}{% raw %}&lt;b&gt;" in html


def test_the_commands_tell_and_retry(app, time):
    run = app.test_cli_runner().invoke
    write_down(a_message())

    status = run(args=["mail", "status"])
    assert status.exit_code == 0
    assert "待機\t1" in status.output
    assert run(args=["mail", "retry", "--all"]).output == "0件を再送待ちにしました。\n"
    for wrong in (
        ["retry"],
        ["retry", "--id", "1", "--all"],
        ["retry", "--id", "1"],
        ["retry", "--id", "99"],
        ["check", "x"],
    ):
        result = run(args=["mail", *wrong])
        assert result.exit_code == 1
        assert len(result.output.strip().splitlines()) == 1


def test_the_check_command_shows_a_message_and_sends_none(sink, app, time):
    result = app.test_cli_runner().invoke(args=["mail", "check", "a..b@docomo.ne.jp"])

    assert result.exit_code == 0
    assert 'RCPT TO:<"a..b"@docomo.ne.jp>' in result.output
    assert "METHOD:REQUEST" in result.output
    assert sink.received == []
