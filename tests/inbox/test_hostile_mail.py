"""Whatever strangers send: it is taken, logged and changes nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.inbox import reading, services
from app.inbox.types import MOST_BYTES, Outcome
from tests.factories import NOW
from tests.inbox.letters import Said, google, letter, outlook, report

SAID = Said("abcdefgh-1@127.0.0.1", "DECLINED")
DEEP = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(3000))


SOUND = [google(SAID), outlook(SAID), report("<a@b>"), letter()]
BROKEN = [
    b"",
    b"\x00\xff\xfe",
    b"\r\n\r\nno headers at all",
    b"From: a@example.jp\r\nContent-Type: multipart/mixed\r\n\r\n--\r\n",
    b"From: \xff\xfe@example.jp\r\nSubject: \x00\r\n\r\n\xff",
    b"From: a@b\r\nContent-Type: text/calendar; charset=idna\r\n\r\n\xff\xfeBEGIN:VCALENDAR\r\n",
    b"From: a@b\r\nContent-Type: text/calendar; charset*=x'y'%ff\r\n\r\nBEGIN:VCALENDAR\r\n",
    DEEP.encode(),
    outlook(SAID).replace(b"DTSTAMP:2026", b"DTSTAMP:x"),
    outlook(SAID).replace(b"SEQUENCE:0", b"SEQUENCE:99999999999999999999"),
    outlook(SAID).replace(b"UID:abc", b"UID:\x00bc"),
    outlook(SAID)[:900],
    google(SAID).replace(b"base64", b"x-unknown"),
    report("<a\x00b@example.jp>"),
    report("<>").replace(b"Content-Type: message/rfc822", b"Content-Type: message/rfc822; x"),
    report("<a@b>")[:700],
    letter().replace(b"text/plain", b"message/delivery-status"),
    letter().replace(b"text/plain", b"message/rfc822"),
]


def test_broken_mail_is_taken_in_and_changes_nothing(any_app):
    for number, raw in enumerate(BROKEN):
        taken = services.take(raw, now=NOW)
        assert taken.for_people or taken.outcome is Outcome.AUTOMATIC, number
        assert (taken.registration_id, taken.message_id) == (None, None)


@settings(max_examples=60)
@given(st.data())
def test_a_mail_with_any_byte_changed_can_be_read(data):
    raw = bytearray(data.draw(st.sampled_from(SOUND)))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert reading.read(bytes(raw)).key


def test_a_mail_that_is_too_large_is_only_named():
    large = reading.read(letter("x" * MOST_BYTES))
    assert (large.trouble, large.sender) == (Outcome.TOO_LARGE, "")


def test_a_calendar_of_any_size_costs_little():
    endless = outlook(SAID.but(more=";X-A=b" * 200_000))
    assert reading.read(endless).scheduling is None
