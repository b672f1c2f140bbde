"""The bytes that leave: structure, headers, and that nobody's text can become a header or a second recipient."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.delivery import headers
from app.delivery.errors import BadAddress
from app.delivery.mime import Letter
from app.delivery.rendering import columns, one_line_subject
from app.delivery.sender import sender
from app.delivery.sending import send_due
from app.delivery.types import Attachment, Rendered
from tests.delivery.kinds import NOW, a_message, an_entry, write_down
from tests.delivery.servers import ScriptedServer

HEADERS = {
    "content-type", "mime-version", "date", "from", "to", "reply-to", "message-id", "subject", "auto-submitted",
    "in-reply-to", "references",
}  # fmt: skip
nasty = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "a\r\nBcc: evil@example.com",
            "a\nBcc: evil@example.com\n\nbody",
            "%0d%0aBcc: x@y",
            "a\x85Bcc: x@y",
            "a\u2028Bcc: x@y",
            "x <evil@example.com>, y",
            '"x" <evil@example.com>',
            "=?utf-8?q?=0d=0aBcc:_x?=",
            "=?utf-8?b?DQpCY2M6IHhAeQ==?=",
            "𠮷﨑髙󠄀" * 20,
        ]
    ),
)


def a_letter(rendered: Rendered, name: str = "𠮷田　花子", email: str = "hanako@example.jp") -> Letter:
    return Letter(rendered, to_name=name, to_email=email, message_id="<m@x>", earlier=["<a@x>"], written_at=NOW, at=NOW)


@given(name=st.one_of(nasty, st.just("a.pdf"), st.just("地図" * 60 + ".pdf")))
@settings(max_examples=40)
def test_files_go_along_under_their_own_name_whatever_it_is(name):
    file = Attachment(f"{name}.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")
    raw = a_letter(Rendered("件名", "本文\n", "<p>本文</p>", attachments=(file,))).as_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    body, sent = message.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert (sent.get_content_type(), sent.get_content()) == ("application/pdf", file.content)
    assert sent.get_filename() == headers.flat(file.file_name)
    assert {name.lower() for name in message} <= HEADERS
    assert {name.lower() for name in sent} <= {
        "content-type",
        "content-disposition",
        "content-transfer-encoding",
        "mime-version",
    }
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_an_invitation_has_the_parts_that_every_mail_program_understands(sink, time):
    write_down(a_message(kind="test.invitation"))
    send_due(time)

    (received,) = sink.received
    mixed = received.message
    assert mixed.get_content_type() == "multipart/mixed"
    alternatives, attached = mixed.iter_parts()
    assert [p.get_content_type() for p in alternatives.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternatives.iter_parts())[2]
    assert b"\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n" in received.raw
    assert calendar["Content-Disposition"] is None
    assert attached.get_content_type() == "application/ics"
    assert attached.get_filename() == "invite.ics"
    assert attached.get_payload(decode=True) == calendar.get_payload(decode=True)
    assert b"\r\nMETHOD:REQUEST\r\n" in attached.get_payload(decode=True)


def test_a_message_without_calendar_entry_is_text_and_html_only(sink, time):
    write_down(a_message())
    send_due(time)

    message = sink.received[0].message
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content() for p in message.iter_parts()] == ["本文です。\r\n", "<p>本文です。</p>"]


def test_the_headers_of_an_automatic_message(sink, time):
    write_down(a_message(kind="test.invitation"))
    send_due(time)

    received = sink.received[0]
    message = received.message
    assert message["From"] == "倉敷市 市民活動推進課 <tsudoi@example.jp>"
    assert message["To"] == "𠮷田　花子 <p1@example.jp>"
    assert message["Reply-To"] == "kyodo@city.example.jp"
    assert message["Subject"] == "【申込確定】第1回 地域づくり研修会"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@tsudoi.example.jp>")
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert received.sender == "tsudoi@example.jp"
    assert received.recipients == ["p1@example.jp"]
    assert received.raw.isascii()
    assert max(len(line) for line in received.raw.split(b"\r\n")) <= 78
    assert b"\n" not in received.raw.replace(b"\r\n", b"")


def test_a_carriers_odd_address_is_quoted_in_envelope_and_header(office, time):
    answers = ["220 hello", "250 hello", "250 OK", "250 OK", "354 go on", "250 OK", "221 bye"]
    with ScriptedServer(answers) as server, office(server.port):
        write_down(a_message(to_email="a..b.@docomo.ne.jp"))
        assert send_due(time) == 1

    assert [c for c in server.commands if c.startswith(b"RCPT")] == [b'RCPT TO:<"a..b."@docomo.ne.jp>']
    assert b'<"a..b."@docomo.ne.jp>' in server.contents[0]


@pytest.mark.parametrize(
    ("address", "spec"),
    [
        ("hanako@example.jp", "hanako@example.jp"),
        (".x@ezweb.ne.jp", '".x"@ezweb.ne.jp'),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ("h@日本語.jp", "h@xn--wgv71a119e.jp"),
        ("user+tag@localhost", "user+tag@localhost"),
    ],
)
def test_addresses_that_exist(address, spec):
    assert headers.addr_spec(address) == spec


@pytest.mark.parametrize(
    "address",
    ["", "x", "x@", "@y.jp", "a b@y.jp", "a@y.jp,b@z.jp", "<a@y.jp>", "a@y.jp>", "a,b@y.jp", "a@b@c.jp", "山@x.jp",
     "a@b..jp", "a@-b.jp", "a\r\nRCPT TO:<e@x>@y.jp", "a@y.jp\r\n", "a@y.jp\r\nDATA", "a" * 65 + "@y.jp"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(BadAddress):
        headers.addr_spec(address)


@settings(max_examples=80, deadline=None)
@given(name=nasty, subject=nasty, office=nasty)
def test_no_text_becomes_a_header_or_a_recipient(name, subject, office):
    sender.name, sender.address = "つどい", "tsudoi@example.jp"
    raw = a_letter(Rendered(subject, "本文", "<p></p>", an_entry(), "k@x.jp", office), name=name).as_bytes()
    message = message_from_bytes(raw, policy=policy.compat32)

    assert {key.lower() for key in message} <= HEADERS
    assert len(message.keys()) == len(set(message.keys()))
    parsed = message_from_bytes(raw, policy=policy.default)
    assert [a.addr_spec for a in parsed["To"].addresses] == ["hanako@example.jp"]
    assert [a.addr_spec for a in parsed["From"].addresses] == ["tsudoi@example.jp"]
    assert raw.isascii()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="𠮷﨑髙あア漢字abc　,.<>@\"'\\()", max_size=60))
def test_a_name_arrives_as_it_was_typed(name):
    # The older decoder: policy.default puts a space between two encoded words of a name (RFC 2047, 6.2 says none).
    assert str(make_header(decode_header(headers.encoded(headers.flat(name))))) == headers.flat(name)
    assert all(len(line) <= 76 for line in headers.encoded(name).split("\r\n"))


@given(nasty)
def test_a_subject_is_one_line_of_at_most_forty_wide_characters(subject):
    line = one_line_subject(subject)
    assert len(line.splitlines()) <= 1
    assert columns(line) <= 80
