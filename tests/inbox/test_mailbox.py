"""The mailbox over IMAP: each mail once, whatever breaks in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.inbox import looking, mailbox, queries, services
from app.inbox.looking import look
from app.inbox.types import MOST_BYTES, Outcome
from app.registrations.types import Status
from tests.inbox.conftest import SOON, clock, point_at
from tests.inbox.imap_server import CERTIFICATE, ImapServer, Store
from tests.inbox.letters import google, letter


def test_what_was_taken_in_moves_away_and_what_is_for_people_stays(imap, hasty_guest):
    imap.deliver(google(hasty_guest.said.but(partstat="DECLINED")), letter())
    assert look(clock) == 2
    assert hasty_guest.row.status is Status.CANCELLED
    assert imap.flags("INBOX") == [{r"\Flagged"}]
    assert imap.flags("Tsudoi") == [set()]
    assert look(clock) == 0
    assert queries.counts() == {Outcome.CANCELLED: 1, Outcome.LETTER: 1}
    assert queries.health().looked_at == SOON


def test_a_server_that_cannot_move_copies_and_deletes(imap, guest):
    imap.capabilities = "IMAP4rev1 STARTTLS UIDPLUS"
    imap.deliver(google(guest.said))
    assert look(clock) == 1
    assert (imap.folders["INBOX"], len(imap.folders["Tsudoi"])) == ([], 1)


def test_after_a_crash_between_commit_and_moving_nothing_happens_twice(imap, guest):
    imap.deliver(google(guest.said.but(partstat="DECLINED")))
    imap.hang_up_at = "MOVE"
    look(clock)
    assert len(imap.folders["INBOX"]) == 1
    assert queries.health().failing_since == SOON
    imap.hang_up_at = None
    assert look(clock) == 1
    assert imap.folders["INBOX"] == []
    assert queries.counts() == {Outcome.ASKED: 1}
    assert queries.health().failing_since is None


def test_a_mail_that_cannot_be_taken_in_stays_and_does_not_hold_up_the_others(imap, guest, monkeypatch):
    imap.deliver(letter("x"), google(guest.said))
    real = services.take
    monkeypatch.setattr(
        looking.services, "take", lambda raw, now: 1 / 0 if b"\r\n\r\nx\r\n" in raw else real(raw, now=now)
    )
    assert look(clock) == 1
    assert imap.flags("INBOX") == [set()]


def test_of_what_is_too_large_only_the_headers_are_fetched(imap):
    imap.deliver(letter("x" * MOST_BYTES))
    assert look(clock) == 1
    assert queries.counts() == {Outcome.TOO_LARGE: 1}
    assert imap.flags("INBOX") == [{r"\Flagged"}]
    assert [one for one in imap.commands if "BODY" in one] == ["UID FETCH 1 (BODY.PEEK[HEADER]<0.65536>)"]


def test_a_wrong_password_is_not_tried_again_for_minutes(imap):
    imap.password = "another"
    for minute in range(5):
        look(lambda minute=minute: SOON + timedelta(minutes=minute))
    assert sum(one.startswith("LOGIN") for one in imap.commands) == 1
    assert queries.health().error == "メールボックスを開けません（wrong password for […]）"
    look(lambda: SOON + timedelta(minutes=5))
    assert sum(one.startswith("LOGIN") for one in imap.commands) == 2


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 STARTTLS", "IMAP4rev1"])
def test_nothing_is_said_to_a_server_that_cannot_prove_who_it_is(app, tmp_path, capabilities):
    store = Store(capabilities=capabilities)
    with ImapServer(store) as server:
        point_at(server.port, tmp_path)
        assert look(clock) == 0
        mailbox.mailbox.host = None
    assert not any(one.startswith("LOGIN") for one in store.commands)
    assert queries.health().failing_since == SOON


def test_tls_from_the_first_byte_is_spoken_at_its_port(app, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    store = Store(capabilities="IMAP4rev1 MOVE")
    store.deliver(letter())
    with ImapServer(store, implicit=True) as server:
        monkeypatch.setattr(mailbox, "IMPLICIT_TLS", server.port)
        point_at(server.port, tmp_path)
        assert look(clock) == 1
        mailbox.mailbox.host = None


def test_without_a_mailbox_nobody_looks(app):
    assert look(clock) == 0
    assert queries.health().looked_at is None
