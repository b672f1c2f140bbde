"""Mails as calendars and mail servers send them: Google, Outlook, Apple, Postfix, Exim. Every name is invented."""

from __future__ import annotations

import base64
import itertools
import quopri
from dataclasses import dataclass, replace

INVITED = "hanako@example.jp"
REPLIES = "henshin@tsudoi.example.jp"
_numbers = itertools.count(1)

# As Outlook writes it: a name that is in no time zone database.
WINDOWS_ZONE = """BEGIN:VTIMEZONE
TZID:Tokyo Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Said:
    """What somebody's calendar says. `attendee` as it stands in the object, `sender` in From."""

    uid: str
    partstat: str = "ACCEPTED"
    sender: str = INVITED
    attendee: str = f"mailto:{INVITED}"
    sequence: int = 0
    stamp: str = "20260602T000000Z"
    method: str = "REPLY"
    more: str = ""

    def but(self, **changes) -> Said:
        return replace(self, **changes)


def vcalendar(said: Said, *, zone: str = "", start: str = "DTSTART;TZID=Asia/Tokyo:20260611T100000") -> str:
    lines = f"""BEGIN:VCALENDAR
PRODID:-//Some//Calendar//EN
VERSION:2.0
METHOD:{said.method}
{zone}BEGIN:VEVENT
{start}
DTSTAMP:{said.stamp}
ORGANIZER;CN=市民活動推進課:mailto:{REPLIES}
UID:{said.uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said.partstat}{said.more};CN=倉
 敷花子:{said.attendee}
SEQUENCE:{said.sequence}
SUMMARY;LANGUAGE=ja:地域づくり研修会
BEGIN:VALARM
ACTION:DISPLAY
UID:of-the-alarm
TRIGGER;RELATED=START:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""
    return lines.replace("\n", "\r\n")


def head(said: Said, subject: str = "Re: 研修会", *more: str, number: int | None = None) -> str:
    lines = [
        f"Return-Path: <{said.sender}>",
        *more,
        f"From: =?UTF-8?B?5YCJ5pW36Iqx5a2Q?= <{said.sender}>",
        f"To: {REPLIES}",
        f"Subject: {subject}",
        "Date: Tue, 02 Jun 2026 09:00:00 +0900",
        f"Message-ID: <letter-{number or next(_numbers)}@mail.example.jp>",
        "MIME-Version: 1.0",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def google(said: Said) -> bytes:
    """The object twice, in the alternative and as invite.ics, in base64; "automatic", though somebody pressed."""
    encoded = base64.encodebytes(vcalendar(said, start="DTSTART:20260611T010000Z").encode()).decode()
    encoded = encoded.replace("\n", "\r\n")
    return (
        head(said, "Accepted", "Auto-Submitted: auto-generated", "Sender: Calendar <calendar@mail.example>")
        + 'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n'
        + 'Content-Type: multipart/alternative; boundary="a"\r\n\r\n--a\r\n'
        + 'Content-Type: text/plain; charset="UTF-8"; format=flowed\r\n\r\n'
        + "Hanako has replied to this invitation.\r\n--a\r\n"
        + f'Content-Type: text/calendar; charset="UTF-8"; method={said.method}\r\n'
        + f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}--a--\r\n--m\r\n"
        + 'Content-Type: application/ics; name="invite.ics"\r\n'
        + 'Content-Disposition: attachment; filename="invite.ics"\r\n'
        + f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}--m--\r\n"
    ).encode()


def outlook(said: Said) -> bytes:
    """Quoted-printable, one alternative only, a Windows zone, and neither ORGANIZER nor what it does not know."""
    text = vcalendar(said, zone=WINDOWS_ZONE, start="DTSTART;TZID=Tokyo Standard Time:20260611T100000")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("ORGANIZER"))
    encoded = quopri.encodestring(text.replace("\r\n", "\n").encode()).decode().replace("\n", "\r\n")
    return (
        head(said, "=?iso-2022-jp?B?GyRCPlVCeiEnGyhC?=", "X-MS-Has-Attach:", "Auto-Submitted: no")
        + 'Content-Type: multipart/alternative; boundary="_000_x_"\r\n\r\n--_000_x_\r\n'
        + 'Content-Type: text/plain; charset="iso-2022-jp"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\r\n'
        + f'--_000_x_\r\nContent-Type: text/calendar; charset="utf-8"; method={said.method}\r\n'
        + f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{encoded}\r\n--_000_x_--\r\n"
    ).encode()


def apple(said: Said) -> bytes:
    """A text/calendar attachment, 8bit; letter case and even the address itself are as the phone likes them."""
    return (
        head(said, "Accepted")
        + 'Content-Type: multipart/mixed; boundary="Apple-Mail=_1"\r\n\r\n--Apple-Mail=_1\r\n'
        + "Content-Type: text/plain; charset=us-ascii\r\n\r\nHanako accepted.\r\n--Apple-Mail=_1\r\n"
        + f"Content-Type: text/calendar; method={said.method}; charset=utf-8; name=reply.ics\r\n"
        + "Content-Disposition: attachment; filename=reply.ics\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + f"{vcalendar(said)}\r\n--Apple-Mail=_1--\r\n"
    ).encode()


def letter(text: str = "行けなくなりました。", *more: str, sender: str = INVITED) -> bytes:
    """What a person writes, or a responder where `more` headers say so."""
    return (
        head(Said("", sender=sender), "研修会のこと", *more)
        + f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def report(message_id: str, *, action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 unknown") -> bytes:
    """A report by the standard (RFC 3464), with the whole returned message."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.jp (Mail Delivery System)\r\n"
        f"To: {REPLIES}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        f"Date: Tue, 02 Jun 2026 09:00:00 +0900\r\nMessage-ID: <report-{next(_numbers)}@mx.example.jp>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\n'
        "Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you.\r\n--r\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\n"
        f"Final-Recipient: rfc822; {INVITED}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said} <{INVITED}>\r\n\r\n--r\r\n"
        f"Content-Type: message/rfc822\r\n\r\nFrom: x@example.jp\r\nMessage-ID: {message_id}\r\nSubject: y\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        "\r\n--r--\r\n"
    ).encode()


def plain_report(message_id: str, words: str = "550 5.2.2 mailbox full", subject: str = "failure notice") -> bytes:
    """A report that keeps to no standard: everything is text, the original's headers too."""
    return (
        f"From: postmaster@old.example.jp\r\nTo: {REPLIES}\r\nSubject: {subject}\r\n"
        f"Message-ID: <plain-{next(_numbers)}@old.example.jp>\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        f"Hi. This is the mail program at old.example.jp.\r\n<{INVITED}>:\r\n{words}\r\n\r\n"
        f"--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <x@example.jp>\r\n"
        f"Message-ID: {message_id}\r\nSubject: y\r\n"
    ).encode()
