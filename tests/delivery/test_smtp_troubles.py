"""A mail server that is away, slow, full, rude or impostor: what happens to the messages, and who is blamed."""

from __future__ import annotations

import ssl
import time as real_time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app.delivery import queries, relay
from app.delivery.sending import send_due
from app.delivery.types import Outcome, State
from tests.delivery.kinds import a_message, write_down
from tests.delivery.servers import ScriptedServer, SinkServer, free_port

DROP = ScriptedServer.DROP
GREETING, EHLO = "220 mail.example.jp ESMTP", "250 mail.example.jp"
OK, GO_ON, BYE = "250 2.0.0 OK", "354 go on", "221 bye"
TAKES_ONE = [GREETING, EHLO, OK, OK, GO_ON, OK, BYE]
CERTIFICATE = Path(__file__).with_name("mail_server.pem")


def last(message_id):
    row, attempts = queries.one(message_id)
    return row.state, [attempt.outcome for attempt in attempts]


@pytest.mark.parametrize("code", [421, 450, 451, 452])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_not_now_is_tried_again_and_the_next_message_goes_on(sink, time, command, code):
    sink.answers[command] = [f"{code} 4.3.0 later"]
    refused, other = write_down(a_message(1), a_message(2))

    send_due(time)
    assert last(refused) == (State.RETRY, [Outcome.DEFERRED])
    assert str(code) in queries.one(refused)[0].last_error

    time.pass_(seconds=15)
    send_due(time)
    assert last(refused) == (State.SENT, [Outcome.DEFERRED, Outcome.SENT])
    assert last(other) == (State.SENT, [Outcome.SENT])
    assert len(sink.ids) == 2


@pytest.mark.parametrize("code", [550, 552, 553, 554])
@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_never_is_final_for_that_message_only(sink, time, command, code):
    sink.answers[command] = [f"{code} 5.1.1 no"]
    refused, other = write_down(a_message(1), a_message(2))

    send_due(time)

    assert last(refused) == (State.FAILED, [Outcome.REJECTED])
    assert last(other) == (State.SENT, [Outcome.SENT])


def test_a_message_too_large_for_the_server_is_final(sink, time):
    sink.answers["MAIL"] = ["552 5.3.4 message too big"]
    (row,) = write_down(a_message())

    send_due(time)

    assert last(row) == (State.FAILED, [Outcome.REJECTED])


@pytest.mark.parametrize("answer", ["550 5.7.1 sender not allowed", "554 no", "530 5.7.0 authenticate first"])
def test_a_server_that_refuses_the_sender_is_not_the_messages_fault(sink, time, answer):
    sink.answers["MAIL"] = [answer]
    (row,) = write_down(a_message())

    send_due(time)
    assert last(row) == (State.PENDING, [])
    assert answer[:3] in queries.health().relay_error

    time.pass_(seconds=15)
    send_due(time)
    assert last(row) == (State.SENT, [Outcome.SENT])
    assert queries.health().relay_down_since is None


@pytest.mark.parametrize("greeting", ["421 4.3.2 closing", "450 later", "554 5.7.1 go away"])
def test_a_server_that_refuses_the_connection_is_left_alone_for_a_while(office, time, greeting):
    with ScriptedServer([greeting, BYE], TAKES_ONE) as server, office(server.port):
        (row,) = write_down(a_message())

        for _ in range(5):
            send_due(time)
            time.pass_(seconds=1)
        assert server.connections == 1
        assert last(row) == (State.PENDING, [])

        time.pass_(seconds=10)
        send_due(time)
        assert last(row) == (State.SENT, [Outcome.SENT])


def test_a_refused_connection_burns_no_attempts_and_is_tried_at_most_every_ten_seconds(office, time, monkeypatch):
    with office(free_port()):
        rows = write_down(*(a_message(n) for n in range(30)))
        began, knocks = time.now, []
        went_down = relay.went_down
        monkeypatch.setattr(relay, "went_down", lambda *a, **k: knocks.append(k["now"]) or went_down(*a, **k))
        for _ in range(10 * 60 // 2):
            send_due(time)
            time.pass_(seconds=2)

        gaps = [later - earlier for earlier, later in pairwise(knocks)]
        assert min(gaps) >= timedelta(seconds=10)
        assert max(gaps) <= timedelta(seconds=60)
        assert {last(row)[0] for row in rows} == {State.PENDING}
        assert all(last(row)[1] == [] for row in rows)
        health = queries.health()
        assert health.relay_down_since == began
        assert "接続できません" in health.relay_error


def test_the_connection_lost_after_the_content_brings_the_same_message_id_again(office, time):
    with ScriptedServer([GREETING, EHLO, OK, OK, GO_ON, DROP], TAKES_ONE) as server, office(server.port):
        (row,) = write_down(a_message())

        send_due(time)
        assert last(row) == (State.RETRY, [Outcome.DEFERRED])
        time.pass_(seconds=15)
        send_due(time)

        assert last(row) == (State.SENT, [Outcome.DEFERRED, Outcome.SENT])
        first, second = (content.partition(b"Message-ID:")[2].partition(b"\r\n")[0] for content in server.contents)
        assert first == second != b""


def test_a_connection_that_breaks_after_a_success_is_made_anew_at_once(office, time):
    breaks_at_second = [*TAKES_ONE[:-1], DROP]
    with ScriptedServer(breaks_at_second, TAKES_ONE) as server, office(server.port):
        rows = write_down(a_message(1), a_message(2), a_message(3))

        assert send_due(time) == 2
        assert server.connections == 2
        assert [last(row)[0] for row in rows] == [State.SENT, State.RETRY, State.SENT]


def test_what_was_sent_stays_sent_when_the_server_hangs_up_before_the_goodbye(office, time):
    with ScriptedServer([GREETING, EHLO, OK, OK, GO_ON, OK, DROP]) as server, office(server.port):
        (row,) = write_down(a_message())

        assert send_due(time) == 1
        assert last(row) == (State.SENT, [Outcome.SENT])


@pytest.mark.parametrize("answered", range(len(TAKES_ONE) - 1))
def test_a_server_that_stops_answering_holds_nobody_longer_than_the_limit(office, time, answered):
    with ScriptedServer([*TAKES_ONE[:answered], None]) as server, office(server.port, mail_timeout=0.2):
        (row,) = write_down(a_message())

        began = real_time.monotonic()
        assert send_due(time) == 0
        assert real_time.monotonic() - began < 2

        connected = answered >= 2
        assert last(row) == ((State.RETRY, [Outcome.DEFERRED]) if connected else (State.PENDING, []))


def test_a_server_that_drips_its_answer_is_cut_off_too(office, time):
    slow_reply = "250-" + "\r\n250-".join("x" * 20 for _ in range(3))

    class Dripping(ScriptedServer):
        def _talk(self, connection, script):
            with connection:
                connection.sendall(b"220 hello\r\n")
                for letter in slow_reply * 50:
                    try:
                        connection.sendall(letter.encode())
                    except OSError:
                        return
                    real_time.sleep(0.05)

    with Dripping([]) as server, office(server.port, mail_timeout=0.3):
        write_down(a_message())

        began = real_time.monotonic()
        assert send_due(time) == 0
        assert real_time.monotonic() - began < 2
        assert "接続できません" in queries.health().relay_error


def tls(trusted: bool, monkeypatch) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return context


def test_with_tls_a_verified_server_gets_the_message(office, time, monkeypatch):
    context = tls(True, monkeypatch)
    with (
        SinkServer(tls_context=context, require_starttls=True) as server,
        office(server.port, mail_use_tls=True),
    ):
        write_down(a_message())
        assert send_due(time) == 1


def test_with_tls_an_unknown_certificate_gets_nothing(office, time, monkeypatch):
    with SinkServer(tls_context=tls(False, monkeypatch)) as server, office(server.port, mail_use_tls=True):
        (row,) = write_down(a_message())

        assert send_due(time) == 0
        assert last(row) == (State.PENDING, [])
        assert "安全に接続できません" in queries.health().relay_error
        assert server.sink.received == []


def test_with_tls_a_server_without_starttls_gets_nothing(office, time):
    with SinkServer() as server, office(server.port, mail_use_tls=True):
        (row,) = write_down(a_message())

        assert send_due(time) == 0
        assert last(row) == (State.PENDING, [])
        assert server.sink.received == []


def test_a_wrong_password_is_not_tried_again_for_minutes(office, time):
    script = [GREETING, "250-mail.example.jp\r\n250 AUTH PLAIN", "535 5.7.8 wrong", BYE]
    with (
        ScriptedServer(script) as server,
        office(server.port, mail_username="tsudoi", mail_password="wrong"),
    ):
        (row,) = write_down(a_message())
        for _ in range(28):
            send_due(time)
            time.pass_(seconds=10)

        assert server.connections == 1
        assert last(row) == (State.PENDING, [])
        assert "サインイン" in queries.health().relay_error


def test_a_folder_that_cannot_be_written_is_reported_and_nothing_is_lost(office, time, tmp_path):
    (tmp_path / "outbox").write_text("in the way")
    with office(None):
        (row,) = write_down(a_message())

        assert send_due(time) == 0
        assert last(row) == (State.PENDING, [])
        (tmp_path / "outbox").unlink()
        time.pass_(seconds=15)
        assert send_due(time) == 1
